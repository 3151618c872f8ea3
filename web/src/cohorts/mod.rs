//! Turnkey cohorts: which there are, who joined, and each city's letter of engagement.

pub mod detail;
pub mod edit;
pub mod letter;
pub mod list;
pub mod members;
pub mod model;
mod on_map;
pub mod place;

use crate::form::{Field, Form};
use crate::ui::prelude::*;
use crate::{cities, i18n, session, text, textf, tf};
use leptos::prelude::*;
use shared::accounts::Grant;
use shared::cities::kin::CityRef;
use shared::cohorts::{CohortLevel, CohortMemberView, CohortState, CohortView, LetterCounts, LetterState};
use shared::ids::CityId;

/// Whether it is open, in words.
pub fn state_badge(state: CohortState) -> AnyView {
    let tone = match state {
        CohortState::Open => BadgeTone::Success,
        CohortState::Closed => BadgeTone::Plain,
    };
    view! { <Badge label=tf!("cohort_state.", state.code()) tone=tone/> }.into_any()
}

/// Where a letter stands, in words, with what is late.
pub fn letter_badge(state: LetterState, late: bool) -> AnyView {
    let tone = match state {
        LetterState::Drafted => BadgeTone::Plain,
        LetterState::Sent => BadgeTone::Warning,
        LetterState::Signed => BadgeTone::Accent,
        LetterState::Filed => BadgeTone::Success,
        LetterState::Refused => BadgeTone::Warning,
    };
    view! {
        <Badge label=tf!("engagement_state.", state.code()) tone=tone/>
        {late.then(|| view! { " " <Badge label=tf!("engagement_state.", "late") tone=BadgeTone::Warning/> })}
    }
    .into_any()
}

/// A city's name for this reader; tracked.
pub fn city_name(of: &CityRef) -> String {
    cities::name_of(&of.name, &of.labels)
}

/// How many have signed, and how many are missing: "2 of 3 cities have signed"; tracked.
pub fn signed_words(of: &CohortView) -> String {
    text!(
        "cohorts.signed",
        count = of.counts.signatures(),
        minimum = of.minimum_cities
    )
}

/// The names of a city's levels; tracked.
pub fn level_words(levels: &[CohortLevel], chosen: &[String]) -> String {
    let named = levels.iter().filter(|level| chosen.contains(&level.key));
    let names: Vec<String> = named.map(|level| i18n::own_text(&level.name)).collect();
    intl::list(&names)
}

/// The way in and the partner: "Starts a new partnership, without a partner"; tracked.
pub fn way_words(of: &CohortMemberView) -> String {
    let way = textf!("cohort_way.", of.way.code());
    match &of.partner {
        Some(partner) => text!("cohorts.with", way = way, partner = city_name(partner)),
        None => text!("cohorts.without", way = way),
    }
}

/// The letters of a cohort as the parts of a bar; tracked.
pub fn letter_parts(counts: LetterCounts) -> Vec<Part> {
    let series = |state: LetterState| match state {
        LetterState::Filed => "a",
        LetterState::Signed => "b",
        LetterState::Sent => "c",
        LetterState::Drafted | LetterState::Refused => "rest",
    };
    let states = [
        LetterState::Filed,
        LetterState::Signed,
        LetterState::Sent,
        LetterState::Drafted,
        LetterState::Refused,
    ];
    let there = states.into_iter().filter(|&state| counts.of(state) > 0);
    there
        .map(|state| Part {
            label: textf!("engagement_state.", state.code()),
            value: f64::from(counts.of(state)),
            words: intl::number(f64::from(counts.of(state))),
            series: series(state),
        })
        .collect()
}

/// Whether the reader may make cohorts: coordinators, officers and administrators; tracked.
pub fn may_lead() -> bool {
    session::account().is_some_and(|account| {
        account.grants.iter().any(|held| {
            matches!(
                held.grant,
                Grant::NetworkCoordinator { .. } | Grant::ProgrammeOfficer { .. } | Grant::Admin
            )
        })
    })
}

/// A city that is looked for as one types: the one taken counts as long as its name stands in the field.
#[derive(Clone, Copy)]
pub struct CityPick {
    /// What is typed.
    pub field: Field,
    taken: State<Option<(CityId, String)>>,
}

impl CityPick {
    /// An empty one, or one that holds a city.
    pub fn new(form: Form, id: &'static str, pointer: &'static str, known: Option<&CityRef>) -> CityPick {
        let label = known.map(city_name);
        CityPick {
            field: form.field(id, pointer, label.clone().unwrap_or_default()),
            taken: State::new(known.map(|city| city.id).zip(label)),
        }
    }

    /// The city that was taken.
    pub fn city(self) -> Option<CityId> {
        let words = self.field.text.get_untracked();
        let taken = self.taken.get_untracked();
        taken.filter(|(_, label)| *label == words).map(|(city, _)| city)
    }

    /// Whether something stands there that is no city.
    pub fn is_unclear(self) -> bool {
        !self.field.trimmed().is_empty() && self.city().is_none()
    }

    /// The field.
    pub fn view(self, label: Signal<String>, hint: Signal<String>) -> AnyView {
        let (field, taken) = (self.field, self.taken);
        field.is_called(label);
        let pick = move |choice: Choice| {
            field.error.set(None);
            taken.set(choice.value.parse().ok().map(|city| (city, choice.label)));
        };
        view! {
            <Combobox id=field.id label=label hint=hint text=field.text source=cities::search_source() on_pick=pick/>
            {live(move || field.error_text().map(|words| view! { <p class="field-error">{words}</p> }))}
        }
        .into_any()
    }
}
