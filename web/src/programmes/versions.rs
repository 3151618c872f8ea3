//! The versions of a programme's funding rules: which hold when, and what changed from one to another, in words.

use super::rules::{RulesView, WhoCanApply};
use crate::form::Field;
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text};
use leptos::prelude::*;
use shared::budget::RuleSet;
use shared::budget::difference::RuleSetDifference;
use shared::ids::ProgrammeId;
use shared::programmes::{ProgrammeView, RuleSetPage};

/// The versions, the latest first; two of them compared.
#[component]
pub fn VersionsPage() -> impl IntoView {
    let id = app::param("id");
    let found = load(move || {
        let id = id.get();
        async move {
            let programme = client::get::<ProgrammeView>(format!("/programmes/{id}")).await?;
            let page = client::get::<RuleSetPage>(format!("/programmes/{id}/rule-sets?limit=100")).await?;
            Ok((programme, page.items))
        }
    });
    view! {
        <Loaded
            of=found
            lines=10
            view=|(programme, versions): (ProgrammeView, Vec<RuleSet>)| view! { <Sheet programme=programme versions=versions/> }.into_any()
        />
    }
    .into_any()
}

/// The name of a version: `MEAE 2025, version 2`.
pub fn version_name(rules: &RuleSet) -> String {
    text!("rules.version_name", name = rules.name.clone(), version = rules.version)
}

/// When rules hold, in words.
fn validity(rules: &RuleSet) -> String {
    let from = intl::date(rules.valid_from);
    match rules.valid_to {
        Some(to) => text!("rules.from_to", from = from, to = intl::date(to)),
        None => text!("rules.from_on", from = from),
    }
}

#[component]
fn Sheet(programme: ProgrammeView, versions: Vec<RuleSet>) -> impl IntoView {
    let id = programme.id;
    let name = programme.name;
    let title = Signal::derive(move || text!("rules.of_programme", name = i18n::own_text(&name)));
    let crumbs = vec![Crumb::new("/calls", t!("nav.calls"))];
    if versions.is_empty() {
        return view! {
            <PageHeader title=title crumbs=crumbs/>
            <EmptyState title=t!("rules.none")>
                {live(move || session::is_officer_of(id).then(|| view! { <LinkButton href=format!("/programmes/{id}/rules/new") label=t!("rules.write")/> }))}
            </EmptyState>
        }
        .into_any();
    }
    let wanted = app::query("of");
    let versions = Kept::new(versions);
    let shown = Signal::derive(move || {
        let wanted = wanted.get();
        versions.with_value(|versions| {
            let found = versions.iter().find(|rules| rules.id.to_string() == wanted);
            found.or(versions.first()).cloned()
        })
    });
    view! {
        <PageHeader title=title crumbs=crumbs lead=t!("rules.versions_lead")/>
        <div class="split split-filters">
            <nav class="stack" aria-labelledby="versions-title">
                <h2 id="versions-title" class="h3">{t!("rules.all_versions")}</h2>
                <ol class="version-list">{live(move || version_list(id, versions, shown))}</ol>
            </nav>
            {live(move || shown.get().map(|rules| version(id, versions, rules)))}
        </div>
    }
    .into_any()
}

fn version_list(programme: ProgrammeId, versions: Kept<Vec<RuleSet>>, shown: Signal<Option<RuleSet>>) -> AnyView {
    let open = shown.with(|shown| shown.as_ref().map(|rules| rules.id));
    versions.with_value(|versions| {
        versions
            .iter()
            .map(|rules| {
                let current = (open == Some(rules.id)).then_some("true");
                view! {
                    <li>
                        <a href=format!("/programmes/{programme}/rules?of={}", rules.id) aria-current=current>
                            <strong>{version_name(rules)}</strong>
                            <span class="small soft">{validity(rules)}</span>
                        </a>
                    </li>
                }
            })
            .collect_any()
    })
}

/// One version: what changed, then what it says.
fn version(programme: ProgrammeId, versions: Kept<Vec<RuleSet>>, rules: RuleSet) -> AnyView {
    let id = rules.id;
    let name = {
        let rules = rules.clone();
        Signal::derive(move || version_name(&rules))
    };
    let own = rules.clone();
    view! {
        <div class="stack stack-l">
            <header class="stack">
                <h2 id="version-title">{name}</h2>
                <p class="soft">{live(move || validity(&own))}</p>
                {live(move || {
                    session::is_officer_of(programme)
                        .then(|| {
                            view! {
                                <div class="row">
                                    <LinkButton href=format!("/programmes/{programme}/rules/new?from={id}") label=t!("rules.next_version") look=Look::Secondary/>
                                </div>
                            }
                        })
                })}
            </header>
            {comparison(programme, versions, id)}
            <section class="stack" aria-labelledby="version-who">
                <h3 id="version-who">{t!("call.who")}</h3>
                <WhoCanApply rules=rules.clone()/>
            </section>
            <RulesView rules=rules/>
        </div>
    }
    .into_any()
}

/// What changed from a former version, which one may choose.
fn comparison(programme: ProgrammeId, versions: Kept<Vec<RuleSet>>, id: shared::ids::RuleSetId) -> AnyView {
    // Ids grow with time: what was added before stands behind in the list.
    let others: Vec<(String, RuleSet)> = versions.with_value(|versions| {
        let before = versions.iter().skip_while(|rules| rules.id != id).skip(1);
        let after = versions.iter().take_while(|rules| rules.id != id);
        before
            .chain(after)
            .map(|rules| (rules.id.to_string(), rules.clone()))
            .collect()
    });
    let Some((first, _)) = others.first().cloned() else {
        return view! { <p class="soft">{t!("rules.first_version")}</p> }.into_any();
    };
    let from = Field::alone("compare-with", first);
    let others = Kept::new(others);
    let options = Signal::derive(move || {
        others.with_value(|others| {
            let named = others.iter().map(|(id, rules)| (id.clone(), version_name(rules)));
            named.collect::<Vec<_>>()
        })
    });
    let difference = load(move || {
        let from = from.text.get();
        client::get::<RuleSetDifference>(format!("/programmes/{programme}/rule-sets/{id}/difference?from={from}"))
    });
    view! {
        <section class="sheet stack" aria-labelledby="version-changes">
            <h3 id="version-changes">{t!("rules.changes")}</h3>
            <Select field=from label=t!("rules.compare_with") options=options/>
            <Loaded of=difference lines=4 view=changes/>
        </section>
    }
    .into_any()
}

fn changes(difference: RuleSetDifference) -> AnyView {
    if difference.changes.is_empty() {
        return view! { <p>{t!("rules.no_change")}</p> }.into_any();
    }
    view! {
        <ul class="change-list">
            {difference
                .changes
                .into_iter()
                .map(|change| view! { <li>{live(move || i18n::own_text(&change.words))}</li> })
                .collect_any()}
        </ul>
    }
    .into_any()
}
