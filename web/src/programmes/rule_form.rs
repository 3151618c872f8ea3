//! The fields of the editor of funding rules, and the exact rules that they mean.

use super::rule_sheet::{
    code_for, country_rates, in_percent, rate_of, read_parts, read_percent, without_heads, write_parts, write_percent,
};
use crate::applications::amount;
use crate::form::{Field, Form, lasting};
use crate::i18n;
use crate::rounds::model::Coded;
use crate::ui::prelude::*;
use shared::budget::{CostHead, CountryGroup, CountryGroupMembers, InKindRate, InKindUnit, RuleSetDraft};
use shared::cities::Level;
use shared::language::Texts;
use shared::problem::{FieldCode, FieldError};
use shared::rounds::Priority;
use std::collections::BTreeSet;

/// A head of costs in the form.
#[derive(Clone, Copy)]
pub(super) struct HeadRow {
    pub(super) key: u32,
    pub(super) known: Kept<Option<CostHead>>,
    pub(super) name: Field,
    pub(super) rate: Field,
}

/// A value of time in the form.
#[derive(Clone, Copy)]
pub(super) struct TimeRow {
    pub(super) key: u32,
    pub(super) known: Kept<Option<InKindRate>>,
    pub(super) name: Field,
    pub(super) unit: Field,
    pub(super) amount: Field,
}

/// The whole form. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    pub(super) form: Form,
    pub(super) base: Kept<RuleSetDraft>,
    pub(super) name: Field,
    pub(super) valid_from: Field,
    pub(super) valid_to: Field,
    pub(super) source: Field,
    pub(super) heads: State<Vec<HeadRow>>,
    pub(super) rates: [(CountryGroup, Field); 3],
    pub(super) several: Field,
    pub(super) own_share: Field,
    pub(super) in_kind: Field,
    pub(super) times: State<Vec<TimeRow>>,
    pub(super) instalments: Field,
    pub(super) blocks: State<bool>,
    pub(super) cities: Field,
    pub(super) levels: (Field, State<Vec<String>>),
    pub(super) countries: (Field, State<Vec<String>>),
    pub(super) goals: (Field, State<Vec<String>>),
    pub(super) regions: (Field, State<Vec<Coded>>),
    pub(super) ldc: (Field, State<Vec<String>>),
    pub(super) oda: (Field, State<Vec<String>>),
    pub(super) next: State<u32>,
}

impl Sheet {
    pub(super) fn new(form: Form, base: RuleSetDraft, valid_from: String) -> Sheet {
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

    pub(super) fn add_head(self, known: Option<CostHead>) -> &'static str {
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

    pub(super) fn add_time(self, known: Option<InKindRate>) -> &'static str {
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
    pub(super) fn read(self) -> (RuleSetDraft, Vec<(Field, FieldCode)>) {
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
    pub(super) fn placed(self, mut fault: FieldError) -> FieldError {
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
pub(super) fn blank() -> RuleSetDraft {
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
