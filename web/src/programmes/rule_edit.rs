//! The editor of funding rules: the next version of what is there, tried on a sample budget while one types.

use super::rule_sheet::{
    code_for, country_rates, in_percent, rate_of, read_parts, read_percent, without_heads, write_parts, write_percent,
};
use super::trial::Trial;
use super::versions::version_name;
use crate::applications::amount;
use crate::client::Failure;
use crate::form::{Field, Form, lasting};
use crate::rounds::model::{Coded, coded};
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::budget::{CostHead, CountryGroup, CountryGroupMembers, InKindRate, InKindUnit, RuleSet, RuleSetDraft};
use shared::cities::Level;
use shared::ids::{ProgrammeId, RuleSetId};
use shared::language::Texts;
use shared::problem::{FieldCode, FieldError};
use shared::programmes::RuleSetPage;
use shared::rounds::Priority;
use std::collections::BTreeSet;
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

/// A head of costs in the form.
#[derive(Clone, Copy)]
struct HeadRow {
    key: u32,
    known: Kept<Option<CostHead>>,
    name: Field,
    rate: Field,
}

/// A value of time in the form.
#[derive(Clone, Copy)]
struct TimeRow {
    key: u32,
    known: Kept<Option<InKindRate>>,
    name: Field,
    unit: Field,
    amount: Field,
}

/// The whole form. Cheap to copy.
#[derive(Clone, Copy)]
struct Sheet {
    form: Form,
    base: Kept<RuleSetDraft>,
    name: Field,
    valid_from: Field,
    valid_to: Field,
    source: Field,
    heads: State<Vec<HeadRow>>,
    rates: [(CountryGroup, Field); 3],
    several: Field,
    own_share: Field,
    in_kind: Field,
    times: State<Vec<TimeRow>>,
    instalments: Field,
    blocks: State<bool>,
    cities: Field,
    levels: (Field, State<Vec<String>>),
    countries: (Field, State<Vec<String>>),
    goals: (Field, State<Vec<String>>),
    regions: (Field, State<Vec<Coded>>),
    ldc: (Field, State<Vec<String>>),
    oda: (Field, State<Vec<String>>),
    next: State<u32>,
}

impl Sheet {
    fn new(form: Form, base: RuleSetDraft, valid_from: String) -> Sheet {
        let language = i18n::language_now();
        let percent = |bp: Option<u32>| bp.map(|bp| write_percent(bp, language)).unwrap_or_default();
        let picked = |id, pointer, chosen: Vec<String>| (form.field(id, pointer, ""), State::new(chosen));
        let members = |group: CountryGroup| {
            let found = base.country_groups.iter().find(|members| members.group == group);
            found.map(|members| members.countries.clone()).unwrap_or_default()
        };
        let rate = |id, group| {
            (
                group,
                form.field(id, lasting(format!("/rate/{id}")), percent(rate_of(&base, group))),
            )
        };
        let sheet = Sheet {
            form,
            name: form.field("rules-name", "/name", base.name.clone()),
            valid_from: form.field("rules-from", "/valid_from", valid_from),
            valid_to: form.field("rules-to", "/valid_to", ""),
            source: form.field("rules-source", "/source", base.source.clone()),
            heads: State::new(Vec::new()),
            rates: [
                rate("rules-ldc", CountryGroup::Ldc),
                rate("rules-oda", CountryGroup::OtherOda),
                rate("rules-other", CountryGroup::Other),
            ],
            several: form.field(
                "rules-several",
                "/several_countries_rate_bp",
                percent(base.several_countries_rate_bp),
            ),
            own_share: form.field(
                "rules-own-share",
                "/own_share_min_bp",
                percent(Some(base.own_share_min_bp)),
            ),
            in_kind: form.field("rules-in-kind", "/in_kind_max_bp", percent(base.in_kind_max_bp)),
            times: State::new(Vec::new()),
            instalments: form.field(
                "rules-instalments",
                "/instalments_bp",
                write_parts(&base.instalments_bp, language),
            ),
            blocks: State::new(base.overdue_report_blocks),
            cities: form.field("rules-cities", "/cities_min", base.cities_min.to_string()),
            levels: picked(
                "rules-levels",
                "/levels",
                base.levels.iter().map(|level| level.code().to_owned()).collect(),
            ),
            countries: picked("rules-countries", "/countries", base.countries.clone()),
            goals: picked(
                "rules-goals",
                "/required_sdgs",
                base.required_sdgs.iter().map(ToString::to_string).collect(),
            ),
            regions: (
                form.field("rules-regions", "/priority_regions", ""),
                State::new(
                    base.priority_regions
                        .iter()
                        .map(|priority| Coded {
                            code: priority.region.clone(),
                            number: priority.points,
                        })
                        .collect(),
                ),
            ),
            ldc: picked("rules-ldc-members", "/country_groups/0", members(CountryGroup::Ldc)),
            oda: picked(
                "rules-oda-members",
                "/country_groups/1",
                members(CountryGroup::OtherOda),
            ),
            next: State::new(0),
            base: Kept::new(base.clone()),
        };
        for head in &base.heads {
            sheet.add_head(Some(head.clone()));
        }
        for time in &base.in_kind_rates {
            sheet.add_time(Some(time.clone()));
        }
        sheet
    }

    fn key(self) -> u32 {
        let next = self.next.try_update(|next| {
            *next += 1;
            *next
        });
        next.unwrap_or_default()
    }

    fn row_field(self, kind: &str, key: u32, column: &str, text: String) -> Field {
        let id = lasting(format!("{kind}-{key}-{column}"));
        self.form
            .field(id, lasting(format!("/row/{kind}/{key}/{column}")), text)
    }

    fn add_head(self, known: Option<CostHead>) -> &'static str {
        let key = self.key();
        let language = i18n::language_now();
        let name = known.as_ref().map(|head| i18n::own_text(&head.label));
        let rate = known.as_ref().and_then(|head| head.rate_bp);
        let row = HeadRow {
            key,
            name: self.row_field("head", key, "label", name.unwrap_or_default()),
            rate: self.row_field(
                "head",
                key,
                "rate_bp",
                rate.map(|bp| write_percent(bp, language)).unwrap_or_default(),
            ),
            known: Kept::new(known),
        };
        self.heads.update(|rows| rows.push(row));
        row.name.id
    }

    fn add_time(self, known: Option<InKindRate>) -> &'static str {
        let key = self.key();
        let digits = self.digits();
        let name = known.as_ref().map(|time| i18n::own_text(&time.label));
        let unit = known.as_ref().map_or(InKindUnit::Day, |time| time.unit);
        let worth = known
            .as_ref()
            .map(|time| amount::write(time.amount_minor, digits, i18n::language_now()));
        let row = TimeRow {
            key,
            name: self.row_field("time", key, "label", name.unwrap_or_default()),
            unit: self.row_field("time", key, "unit", unit.code().to_owned()),
            amount: self.row_field("time", key, "amount_minor", worth.unwrap_or_default()),
            known: Kept::new(known),
        };
        self.times.update(|rows| rows.push(row));
        row.name.id
    }

    fn digits(self) -> u32 {
        self.base.with_value(|base| shared::money::exponent(&base.currency))
    }

    /// The rules that are typed, and the fields that cannot be read. Tracked.
    fn read(self) -> (RuleSetDraft, Vec<(Field, FieldCode)>) {
        let mut draft = self.base.get_value();
        let mut wrong = Vec::new();
        let mut percent = |field: Field| -> Option<u32> {
            field.text.with(|text| read_percent(text)).unwrap_or_else(|| {
                wrong.push((field, FieldCode::Format));
                None
            })
        };
        let rates = self.rates.map(|(group, field)| (group, percent(field)));
        draft.country_rates = country_rates(&rates);
        draft.several_countries_rate_bp = percent(self.several);
        draft.own_share_min_bp = percent(self.own_share).unwrap_or(0);
        draft.in_kind_max_bp = percent(self.in_kind);
        let language = i18n::language_now();
        let labelled = |known: Option<Texts>, name: Field| -> Texts {
            let mut label = known.unwrap_or_default();
            let typed = name.text.with(|text| text.trim().to_owned());
            if i18n::own_text(&label) != typed {
                label.insert(language.tag().to_owned(), typed);
            }
            label
        };
        let mut taken = BTreeSet::new();
        draft.heads = self
            .heads
            .get()
            .into_iter()
            .map(|row| {
                let known = row.known.get_value();
                let code = match &known {
                    Some(head) => head.code.clone(),
                    None => row.name.text.with(|name| code_for(name, row.key, &taken)),
                };
                taken.insert(code.clone());
                CostHead {
                    code,
                    label: labelled(known.map(|head| head.label), row.name),
                    rate_bp: percent(row.rate),
                }
            })
            .collect();
        without_heads(&mut draft);
        let digits = self.digits();
        draft.in_kind_rates = self
            .times
            .get()
            .into_iter()
            .map(|row| {
                let known = row.known.get_value();
                let code = match &known {
                    Some(time) => time.code.clone(),
                    None => row.name.text.with(|name| code_for(name, row.key, &BTreeSet::new())),
                };
                InKindRate {
                    code,
                    label: labelled(known.map(|time| time.label), row.name),
                    unit: row
                        .unit
                        .text
                        .with(|unit| InKindUnit::from_code(unit))
                        .unwrap_or(InKindUnit::Day),
                    amount_minor: row
                        .amount
                        .text
                        .with(|text| amount::parse(text, digits))
                        .unwrap_or_else(|| {
                            wrong.push((row.amount, FieldCode::Format));
                            0
                        }),
                }
            })
            .collect();
        match self.instalments.text.with(|text| read_parts(text)) {
            Some(parts) => draft.instalments_bp = parts,
            None => wrong.push((self.instalments, FieldCode::Format)),
        }
        match self.cities.text.with(|text| text.trim().parse()) {
            Ok(cities) => draft.cities_min = cities,
            Err(_) => wrong.push((self.cities, FieldCode::Format)),
        }
        match self.valid_from.text.with(|text| shared::time::parse_day(text.trim())) {
            Some(day) => draft.valid_from = day,
            None => wrong.push((self.valid_from, FieldCode::Required)),
        }
        draft.valid_to = self.valid_to.text.with(|text| {
            let text = text.trim();
            let day = shared::time::parse_day(text);
            if day.is_none() && !text.is_empty() {
                wrong.push((self.valid_to, FieldCode::Format));
            }
            day
        });
        draft.name = self.name.text.with(|text| text.trim().to_owned());
        draft.source = self.source.text.with(|text| text.trim().to_owned());
        draft.overdue_report_blocks = self.blocks.get();
        draft.levels = self
            .levels
            .1
            .with(|codes| codes.iter().filter_map(|code| Level::from_code(code)).collect());
        draft.countries = self.countries.1.get();
        draft.required_sdgs = self
            .goals
            .1
            .with(|goals| goals.iter().filter_map(|goal| goal.parse().ok()).collect());
        draft.priority_regions = self.regions.1.with(|regions| {
            let priority = |region: &Coded| Priority {
                region: region.code.clone(),
                points: region.number,
            };
            regions.iter().map(priority).collect()
        });
        let group = |group, countries: Vec<String>| CountryGroupMembers { group, countries };
        draft.country_groups = vec![
            group(CountryGroup::Ldc, self.ldc.1.get()),
            group(CountryGroup::OtherOda, self.oda.1.get()),
        ];
        draft.country_groups.retain(|members| !members.countries.is_empty());
        (draft, wrong)
    }

    /// The same fault with the pointer of the row's own field.
    fn placed(self, mut fault: FieldError) -> FieldError {
        let parts: Vec<String> = fault.pointer.split('/').skip(1).map(str::to_owned).collect();
        let [list, at, rest @ ..] = parts.as_slice() else {
            return in_percent(fault);
        };
        let at = at.parse::<usize>().unwrap_or(usize::MAX);
        fault = in_percent(fault);
        // A row's code is made of its name, and the name is what is told of it.
        let column = rest
            .first()
            .map(|column| if column == "code" { "label" } else { column.as_str() })
            .unwrap_or("label");
        let row = match list.as_str() {
            "heads" => self
                .heads
                .with_untracked(|rows| rows.get(at).map(|row| ("head", row.key))),
            "in_kind_rates" => self
                .times
                .with_untracked(|rows| rows.get(at).map(|row| ("time", row.key))),
            "country_rates" => {
                let typed = self.rates.iter().filter(|(_, field)| !field.trimmed().is_empty());
                if let Some((_, field)) = typed.into_iter().nth(at) {
                    fault.pointer = field.pointer.to_owned();
                }
                None
            }
            "country_groups" => {
                let named = [self.ldc, self.oda]
                    .into_iter()
                    .filter(|(_, chosen)| chosen.with_untracked(|chosen| !chosen.is_empty()));
                if let Some((field, _)) = named.into_iter().nth(at) {
                    fault.pointer = field.pointer.to_owned();
                }
                None
            }
            _ => None,
        };
        if let Some((kind, key)) = row {
            fault.pointer = format!("/row/{kind}/{key}/{column}");
        }
        fault
    }
}

/// What a programme without rules begins with.
fn blank() -> RuleSetDraft {
    RuleSetDraft {
        name: String::new(),
        valid_from: Default::default(),
        valid_to: None,
        source: String::new(),
        currency: "EUR".to_owned(),
        heads: Vec::new(),
        country_rates: Vec::new(),
        country_groups: Vec::new(),
        groups_source: String::new(),
        several_countries_rate_bp: None,
        own_share_min_bp: 0,
        in_kind_max_bp: None,
        cities_min: 2,
        own_country: "FR".to_owned(),
        countries: Vec::new(),
        required_sdgs: Vec::new(),
        instalments_bp: vec![shared::money::FULL_BP],
        overdue_report_blocks: false,
        resource_lines: Vec::new(),
        levels: Vec::new(),
        priority_regions: Vec::new(),
        in_kind_rates: Vec::new(),
    }
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
            <h3>{t!("rules.heads")}</h3>
            <p class="field-hint">{t!("rule_edit.heads_hint")}</p>
            <ul class="rule-rows">{each(move || sheet.heads.get(), |row| row.key, row)}</ul>
            <div class="row"><Button label=t!("rule_edit.add_head") look=Look::Secondary icon=Icon::Plus on_press=add/></div>
            <h3>{t!("rule_edit.ceilings")}</h3>
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
            <h3>{t!("rule_edit.values")}</h3>
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
