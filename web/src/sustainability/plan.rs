//! The plan as it now is, or as a former edition had it.

use super::model;
use crate::ui::prelude::*;
use crate::{app, cities, client, session, t, text, tf};
use leptos::prelude::*;
use shared::ids::PartnershipId;
use shared::partnerships::{PartnershipAction, PartnershipView};
use shared::sustainability::{PlanPart, PlanPartName, SustainabilityPlanEdition, SustainabilityPlanPage};

/// The sustainability plan of a partnership.
#[component]
pub fn PlanPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let whole = load(move || {
        // Who asks decides what may be done.
        known.track();
        let id = id.get();
        async move {
            let partnership = client::get::<PartnershipView>(format!("/partnerships/{id}")).await?;
            let editions =
                client::get::<SustainabilityPlanPage>(format!("/partnerships/{id}/plan/editions?limit=100")).await?;
            Ok((partnership, editions.items))
        }
    });
    view! { <Loaded of=whole lines=10 view=page/> }.into_any()
}

fn page((partnership, editions): (PartnershipView, Vec<SustainabilityPlanEdition>)) -> AnyView {
    let id = partnership.summary.id;
    let may = partnership.allowed.contains(&PartnershipAction::Update);
    let href = format!("/partnerships/{id}/plan/edit");
    let is_there = !editions.is_empty();
    let body = if is_there {
        shown(id, editions)
    } else {
        let begin = may.then(|| view! { <LinkButton href=href.clone() label=t!("plan.begin") icon=Icon::Plus/> });
        view! { <EmptyState title=t!("plan.none") words=t!("plan.none_words")>{begin}</EmptyState> }.into_any()
    };
    view! {
        <PageHeader
            title=t!("plan.title")
            crumbs=vec![
                Crumb::new("/partnerships", t!("nav.partnerships")),
                Crumb::new(format!("/partnerships/{id}"), Signal::stored(partnership.summary.name)),
                Crumb::new(format!("/partnerships/{id}/life"), t!("life.title")),
            ]
            lead=t!("plan.lead")
        >
            {(may && is_there).then(|| view! { <LinkButton href=href label=t!("plan.edit") look=Look::Secondary icon=Icon::Edit/> })}
        </PageHeader>
        {body}
    }
    .into_any()
}

fn shown(id: PartnershipId, editions: Vec<SustainabilityPlanEdition>) -> AnyView {
    let wanted = app::query("edition");
    let all = Kept::new(editions);
    let chosen = memo(move || {
        let wanted = wanted.get().parse::<i64>().ok();
        all.with_value(|all| {
            let asked = all.iter().find(|one| Some(one.version) == wanted);
            asked.or(all.first()).map(|one| one.version)
        })
    });
    let sheet = move || {
        let version = chosen.get()?;
        all.with_value(|all| {
            let is_latest = all.first().map(|one| one.version) == Some(version);
            all.iter()
                .find(|one| one.version == version)
                .map(|one| edition(one, is_latest))
        })
    };
    let links = all.with_value(|all| {
        let items = all.iter().cloned().map(|one| {
            let version = one.version;
            let current = by(move || if chosen.get() == Some(version) { "page" } else { "false" });
            let number = version.to_string();
            view! {
                <li>
                    <a href=format!("/partnerships/{id}/plan?edition={version}") aria-current=current>{t!("plan.edition", number = number.clone())}</a>
                    " "
                    <span class="small soft">{live(move || written(&one))}</span>
                </li>
            }
        });
        items.collect_any()
    });
    view! {
        <div class="stack stack-l">
            {live(sheet)}
            <section class="stack" aria-labelledby="editions">
                <h2 id="editions">{t!("plan.editions")}</h2>
                <ol class="plan-editions" reversed>{links}</ol>
            </section>
        </div>
    }
    .into_any()
}

/// When an edition was written, and for whom; tracked.
fn written(of: &SustainabilityPlanEdition) -> String {
    let day = intl::date(of.written_at.date_naive());
    match &of.city_name {
        Some(official) => text!(
            "plan.written",
            day = day,
            name = cities::name_of(official, &of.city_labels)
        ),
        None => day,
    }
}

fn edition(of: &SustainabilityPlanEdition, is_latest: bool) -> AnyView {
    let about = of.clone();
    let missing = of.missing.len();
    let parts = PlanPartName::ALL
        .iter()
        .map(|&name| part(name, model::of(&of.plan, name)));
    view! {
        {(!is_latest).then(|| view! { <Notice tone=Tone::Warning><p>{t!("plan.former")}</p></Notice> })}
        <p class="row">
            {if missing == 0 {
                view! { <Badge label=t!("plan.whole") tone=BadgeTone::Success/> }.into_any()
            } else {
                view! { <Badge label=t!("plan.missing", count = missing) tone=BadgeTone::Warning/> }.into_any()
            }}
            <span class="small soft">{live(move || written(&about))}</span>
        </p>
        <div class="plan-parts">{parts.collect_any()}</div>
    }
    .into_any()
}

fn part(name: PlanPartName, of: &PlanPart) -> AnyView {
    let heading = format!("part-{}", name.code());
    let named = heading.clone();
    let body = if of.is_empty() {
        view! { <p class="soft">{t!("plan.empty_part")}</p> }.into_any()
    } else {
        let words = of.text.split('\n').filter(|line| !line.is_empty());
        let words = words.map(|line| view! { <p>{line.to_owned()}</p> }).collect_any();
        let commitments = of.commitments.iter().cloned().map(|commitment| {
            let due = commitment.due_on;
            view! {
                <li>
                    <p><strong>{commitment.what}</strong></p>
                    <p class="small soft">
                        {commitment.who}
                        {due.map(|day| view! { " · " {live(move || text!("plan.by", day = intl::date(day)))} })}
                    </p>
                </li>
            }
        });
        let listed = (!of.commitments.is_empty()).then(|| {
            view! {
                <h3 class="minor">{t!("plan.commitments")}</h3>
                <ul class="plan-commitments">{commitments.collect_any()}</ul>
            }
        });
        view! { {words} {listed} }.into_any()
    };
    view! {
        <section class="sheet stack plan-part" aria-labelledby=named>
            <h2 id=heading>{tf!("plan_part.", name.code())}</h2>
            {body}
        </section>
    }
    .into_any()
}
