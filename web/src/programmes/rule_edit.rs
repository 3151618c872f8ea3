//! The editor of funding rules: the next version of what is there, tried on a sample budget while one types.

use super::rule_form::{HeadRow, Sheet, TimeRow, blank};
use super::rule_sheet::read_parts;
use super::trial::Trial;
use super::versions::version_name;
use crate::client::Failure;
use crate::form::{Field, Form};
use crate::rounds::model::coded;
use crate::ui::prelude::*;
use crate::{app, browser, client, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::budget::{InKindUnit, RuleSet};
use shared::cities::Level;
use shared::ids::{ProgrammeId, RuleSetId};
use shared::problem::{FieldCode, FieldError};
use shared::programmes::RuleSetPage;
use wasm_bindgen_futures::spawn_local;

/// The next version of a programme's rules, or its first.
#[component]
pub fn RuleNewPage() -> impl IntoView {
    let id = app::param("id");
    let from = app::query("from");
    let known = memo(session::is_known);
    let versions = load(move || {
        known.track();
        client::get::<RuleSetPage>(format!("/programmes/{}/rule-sets?limit=100", id.get()))
    });
    view! {
        <Loaded
            of=versions
            lines=12
            view=move |page: RuleSetPage| {
                let programme = id.get_untracked().parse::<ProgrammeId>();
                let Some(programme) = programme.ok().filter(|&programme| untrack(|| session::is_officer_of(programme))) else {
                    return view! {
                        <PageHeader title=t!("rules.write")/>
                        <EmptyState title=t!("rule_edit.not_allowed")>
                            {(!untrack(session::is_signed_in)).then(|| view! { <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/> })}
                        </EmptyState>
                    }
                        .into_any();
                };
                let wanted = from.get_untracked();
                let found = page.items.iter().find(|rules| rules.id.to_string() == wanted);
                let former = found.or(page.items.first()).cloned();
                view! { <Editor programme=programme former=former versions=page.items/> }.into_any()
            }
        />
    }
    .into_any()
}

#[component]
fn Editor(programme: ProgrammeId, former: Option<RuleSet>, versions: Vec<RuleSet>) -> impl IntoView {
    let base = former.as_ref().map_or_else(blank, RuleSet::draft);
    let form = Form::new("rules");
    let year = browser::now_ms() / 1_000.0 / 86_400.0 / 365.2425 + 1_970.0;
    let sheet = Sheet::new(form, base.clone(), format!("{:.0}-01-01", year.floor() + 1.0));
    let is_next = former.is_some();
    let draft = memo(move || sheet.read().0);
    let versions = Kept::new(versions);
    // The last version of the name that is typed, which the new one follows.
    let before = memo(move || {
        let name = draft.with(|draft| draft.name.clone());
        versions.with_value(|versions| {
            versions
                .iter()
                .filter(|rules| rules.name == name)
                .max_by_key(|rules| rules.version)
                .cloned()
        })
    });
    let go = app::navigator();
    let back = format!("/programmes/{programme}/rules");
    let save = move || {
        form.clear();
        let (draft, wrong) = untrack(move || sheet.read());
        let mut faults: Vec<FieldError> = wrong
            .iter()
            .map(|(field, code)| FieldError::new(field.pointer, *code))
            .collect();
        faults.extend(draft.faults());
        faults.extend(before.get_untracked().and_then(|before| draft.overlap(&before)));
        let mut faults = faults.into_iter().map(|fault| sheet.placed(fault));
        if let Some(first) = faults.next() {
            let mut failure = Failure::of_field(first);
            failure.errors.extend(faults);
            return form.fail(failure);
        }
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::post::<_, RuleSet>(format!("/programmes/{programme}/rule-sets"), &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(rules) => {
                    toast::say(text!("rule_edit.saved", name = version_name(&rules)));
                    go.try_run(format!("/programmes/{programme}/rules?of={}", rules.id));
                }
                Err(mut failure) => {
                    failure.errors = failure.errors.into_iter().map(|fault| sheet.placed(fault)).collect();
                    form.fail(failure);
                }
            }
        });
    };
    let trial_base = former
        .clone()
        .unwrap_or_else(|| base.into_rules(RuleSetId(Default::default()), 0));
    let lead = former.map(|rules| Signal::derive(move || text!("rule_edit.lead", name = version_name(&rules))));
    let title = if is_next {
        t!("rules.next_version")
    } else {
        t!("rules.write")
    };
    let crumbs = vec![
        Crumb::new("/calls", t!("nav.calls")),
        Crumb::new(back.clone(), t!("rules.all_versions")),
    ];
    view! {
        <PageHeader title=title crumbs=crumbs lead=Signal::derive(move || lead.map(|lead| lead.get()).unwrap_or_default())/>
        <div class="rule-editor">
            <form class="stack stack-l edit-form" novalidate on:submit=submit(form.busy, save)>
                <ErrorSummary form=form/>
                {validity(sheet, before)}
                {payments(sheet)}
                {contributions(sheet)}
                {eligibility(sheet)}
                <div class="savebar">
                    <Button label=t!("rule_edit.publish") submit=true icon=Icon::Check busy=form.busy/>
                    <a href=back>{t!("action.cancel")}</a>
                </div>
            </form>
            <Trial former=trial_base is_next=is_next draft=draft/>
        </div>
    }
    .into_any()
}

/// Name, days and source.
fn validity(sheet: Sheet, before: Derived<Option<RuleSet>>) -> AnyView {
    let hint = Signal::derive(move || {
        before.get().map_or_else(
            || text!("rule_edit.from_hint"),
            |before| {
                let version = before.version;
                match before.valid_to {
                    Some(to) => text!("rule_edit.after_end", version = version, day = intl::date(to)),
                    None => text!(
                        "rule_edit.ends_before",
                        version = version,
                        day = intl::date(before.valid_from)
                    ),
                }
            },
        )
    });
    view! {
        <fieldset class="stack">
            <legend class="legend-title">{t!("rule_edit.validity")}</legend>
            <TextField field=sheet.name label=t!("rule_edit.name") hint=t!("rule_edit.name_hint")/>
            <div class="trial-fields">
                <TextField field=sheet.valid_from label=t!("rule_edit.from") hint=hint kind=Kind::Date/>
                <TextField field=sheet.valid_to label=t!("rule_edit.to") hint=t!("rule_edit.to_hint") kind=Kind::Date optional=true/>
            </div>
            <TextArea field=sheet.source label=t!("rules.source") hint=t!("rule_edit.source_hint") rows=4/>
        </fieldset>
    }
    .into_any()
}

/// Heads with their rates, ceilings by group of countries, the single rate.
fn payments(sheet: Sheet) -> AnyView {
    let row = move |row: HeadRow| {
        view! {
            <li class="rule-row">
                <TextField field=row.name label=t!("budget.head")/>
                <TextField field=row.rate label=t!("rules.rate") kind=Kind::Amount unit=Signal::stored("%".to_owned())/>
                <IconButton
                    icon=Icon::Close
                    label=Signal::derive(move || text!("budget.remove", row = row.name.text.get()))
                    on_press=move |()| sheet.heads.update(|rows| rows.retain(|known| known.key != row.key))
                />
            </li>
        }
        .into_any()
    };
    let add = move |()| browser::focus_soon(sheet.add_head(None));
    let ceilings = sheet
        .rates
        .into_iter()
        .map(|(group, field)| {
            view! { <TextField field=field label=tf!("country_group.", group.code()) kind=Kind::Amount unit=Signal::stored("%".to_owned()) optional=true/> }
        })
        .collect_any();
    view! {
        <fieldset class="stack">
            <legend class="legend-title">{t!("rules.pays")}</legend>
            <h2 class="minor">{t!("rules.heads")}</h2>
            <p class="field-hint">{t!("rule_edit.heads_hint")}</p>
            <ul class="rule-rows">{each(move || sheet.heads.get(), |row| row.key, row)}</ul>
            <div class="row"><Button label=t!("rule_edit.add_head") look=Look::Secondary icon=Icon::Plus on_press=add/></div>
            <h2 class="minor">{t!("rule_edit.ceilings")}</h2>
            <p class="field-hint">{t!("rule_edit.ceilings_hint")}</p>
            <div class="trial-fields">{ceilings}</div>
            <TextField field=sheet.several label=t!("rule_edit.several") hint=t!("rule_edit.several_hint") kind=Kind::Amount unit=Signal::stored("%".to_owned()) optional=true/>
            <details>
                <summary>{t!("rule_edit.groups")}</summary>
                <div class="stack">
                    {picks(sheet.ldc, tf!("country_group.", "ldc"), t!("rule_edit.groups_hint"))}
                    {picks(sheet.oda, tf!("country_group.", "other_oda"), t!("rule_edit.groups_hint"))}
                </div>
            </details>
        </fieldset>
    }
    .into_any()
}

fn picks((field, chosen): (Field, State<Vec<String>>), label: Signal<String>, hint: Signal<String>) -> AnyView {
    view! { <Picks field=field label=label hint=hint options=Signal::derive(intl::countries) chosen=chosen/> }
        .into_any()
}

/// Own share, in kind, instalments.
fn contributions(sheet: Sheet) -> AnyView {
    let percent = || Signal::stored("%".to_owned());
    let units = Signal::derive(|| {
        let units = InKindUnit::ALL.iter();
        units
            .map(|unit| (unit.code().to_owned(), textf!("in_kind_unit.", unit.code())))
            .collect::<Vec<_>>()
    });
    let row = move |row: TimeRow| {
        view! {
            <li class="rule-row rule-row-wide">
                <TextField field=row.name label=t!("rule_edit.whose_time")/>
                <Select field=row.unit label=t!("rule_edit.unit") options=units/>
                <TextField field=row.amount label=t!("rule_edit.worth") kind=Kind::Amount/>
                <IconButton
                    icon=Icon::Close
                    label=Signal::derive(move || text!("budget.remove", row = row.name.text.get()))
                    on_press=move |()| sheet.times.update(|rows| rows.retain(|known| known.key != row.key))
                />
            </li>
        }
        .into_any()
    };
    let add = move |()| browser::focus_soon(sheet.add_time(None));
    let sum = move || {
        let parts = sheet.instalments.text.with(|text| read_parts(text));
        parts.map(|parts| {
            let sum: u64 = parts.iter().map(|&bp| u64::from(bp)).sum();
            let words = intl::rate(i64::try_from(sum).unwrap_or(i64::MAX));
            if sum == u64::from(shared::money::FULL_BP) {
                view! { <p class="small soft">{text!("rule_edit.whole")}</p> }.into_any()
            } else {
                view! { <p class="small rule-warning">{text!("rule_edit.not_whole", sum = words)}</p> }.into_any()
            }
        })
    };
    view! {
        <fieldset class="stack">
            <legend class="legend-title">{t!("rule_edit.brings")}</legend>
            <div class="trial-fields">
                <TextField field=sheet.own_share label=t!("rule_edit.own_share") hint=t!("rule_edit.own_share_hint") kind=Kind::Amount unit=percent()/>
                <TextField field=sheet.in_kind label=t!("rule_edit.in_kind") hint=t!("rule_edit.in_kind_hint") kind=Kind::Amount unit=percent() optional=true/>
            </div>
            <h2 class="minor">{t!("rule_edit.values")}</h2>
            <p class="field-hint">{t!("rule_edit.values_hint")}</p>
            <ul class="rule-rows">{each(move || sheet.times.get(), |row| row.key, row)}</ul>
            <div class="row"><Button label=t!("rule_edit.add_value") look=Look::Secondary icon=Icon::Plus on_press=add/></div>
            <TextField field=sheet.instalments label=t!("rule_edit.instalments") hint=t!("rule_edit.instalments_hint") unit=percent()/>
            {live(sum)}
            <Checkbox id="rules-blocks" label=t!("rule_edit.blocks") checked=sheet.blocks/>
        </fieldset>
    }
    .into_any()
}

/// Cities, levels, countries, goals, regions.
fn eligibility(sheet: Sheet) -> AnyView {
    let levels = Signal::derive(|| {
        let levels = Level::ALL.iter();
        levels
            .map(|level| (level.code().to_owned(), textf!("level.", level.code())))
            .collect::<Vec<_>>()
    });
    let goals = Signal::derive(|| {
        (1..=17)
            .map(|goal: u8| (goal.to_string(), textf!("sdg.", &goal.to_string())))
            .collect::<Vec<_>>()
    });
    let (region, regions) = sheet.regions;
    let add = move |()| match coded(&region.trimmed()) {
        Some(row) => {
            region.type_text(String::new());
            regions.update(|rows| {
                rows.retain(|known| known.code != row.code);
                rows.push(row);
            });
        }
        None => region.error.set(Some(FieldError::new("", FieldCode::Format))),
    };
    view! {
        <fieldset class="stack">
            <legend class="legend-title">{t!("call.who")}</legend>
            <TextField field=sheet.cities label=t!("rule_edit.cities") kind=Kind::Number/>
            <CheckboxGroup field=sheet.levels.0 label=t!("rule_edit.levels") hint=t!("rule_edit.levels_hint") options=levels chosen=sheet.levels.1/>
            {picks(sheet.countries, t!("rule_edit.countries"), t!("rule_edit.countries_hint"))}
            <Picks field=sheet.goals.0 label=t!("rule_edit.goals") hint=t!("rule_edit.goals_hint") options=goals chosen=sheet.goals.1/>
            <TextField field=region label=t!("rule_edit.regions") hint=t!("rule_edit.regions_hint") optional=true/>
            <div class="row"><Button label=t!("round_edit.add") about=t!("rule_edit.regions") look=Look::Secondary icon=Icon::Plus on_press=add/></div>
            <ul class="plain-list" aria-label=t!("rule_edit.regions")>
                {each(
                    move || regions.get(),
                    |row| (row.code.clone(), row.number),
                    move |row| {
                        let shown = text!("rule_edit.region", region = row.code.clone(), points = row.number);
                        let code = row.code;
                        let take = move |()| regions.update(|rows| rows.retain(|known| known.code != code));
                        view! { <li><Tag label=Signal::stored(shown) on_remove=take/></li> }
                    },
                )}
            </ul>
        </fieldset>
    }
    .into_any()
}
