//! Applications: written together, signed off, submitted, decided.

pub mod amount;
pub mod assessment;
pub mod budget;
pub mod check;
pub mod correction;
pub mod decision;
pub mod desk;
pub mod detail;
pub mod documents;
mod earlier;
pub mod list;
pub mod model;
pub mod officer;
pub mod parties;
pub mod rows;
pub mod sign_off;
pub mod talk;
pub mod time;

use crate::cities;
use crate::ui::prelude::*;
use crate::{browser, i18n, text, textf, tf};
use leptos::prelude::*;
use shared::applications::{ApplicationState, ApplicationView, Section};
use wasm_bindgen_futures::spawn_local;

/// A file's state in words.
pub fn state_badge(state: ApplicationState) -> AnyView {
    let tone = match state {
        ApplicationState::Draft => BadgeTone::Plain,
        ApplicationState::Ready
        | ApplicationState::Submitted
        | ApplicationState::InReview
        | ApplicationState::Shortlisted => BadgeTone::Accent,
        ApplicationState::Accepted => BadgeTone::Success,
        ApplicationState::Rejected => BadgeTone::Danger,
        ApplicationState::CorrectionRequested | ApplicationState::Waitlisted | ApplicationState::Withdrawn => {
            BadgeTone::Warning
        }
    };
    view! { <Badge label=tf!("application_state.", state.code()) tone=tone/> }.into_any()
}

/// The states of files that are handed in, to choose from; tracked.
pub fn handed_in_states() -> Vec<(String, String)> {
    ApplicationState::ALL
        .iter()
        .filter(|state| state.is_handed_in())
        .map(|state| (state.code().to_owned(), textf!("application_state.", state.code())))
        .collect()
}

/// What is missing in a part of a file, in words; tracked. `name` is as the server tells it: a question's key, a city's id, a rule's code.
fn missing_words(view: &ApplicationView, section: Section, name: &str) -> String {
    let city = || {
        view.parties
            .iter()
            .find(|party| party.city.id.to_string() == name)
            .map(|party| cities::name(&party.city))
            .unwrap_or_default()
    };
    match section {
        Section::Project if name == "themes" => text!("file.missing_themes"),
        Section::Project => match name.strip_prefix("sdg:") {
            Some(goal) => text!("file.missing_goal", goal = textf!("sdg.", goal)),
            None => {
                let question = view.questions.iter().find(|question| question.key == name);
                let label = question.map_or_else(|| name.to_owned(), |question| i18n::own_text(&question.label));
                text!("file.missing_answer", question = label)
            }
        },
        Section::SignOff => text!("file.missing_sign_off", city = city()),
        Section::Parties | Section::Budget if i18n::has("rule_short.", name) => textf!("rule_short.", name),
        Section::Parties | Section::Budget => text!("file.missing_party"),
    }
}

/// Where on its step a missing thing is mended.
fn missing_place(section: Section, name: &str) -> String {
    match section {
        Section::Project if name == "themes" || name.starts_with("sdg:") => "file-themes".to_owned(),
        Section::Project => format!("answer-{name}"),
        Section::Parties => "party-search".to_owned(),
        Section::Budget => "rules-title".to_owned(),
        Section::SignOff => "step-title".to_owned(),
    }
}

/// Looks for a place of a step before it is given up: the step's code may still be on its way.
const LOOKS: u8 = 100;

/// Puts the focus on a place of a step once the step is drawn.
fn focus_place(id: String) {
    spawn_local(async move {
        for _ in 0..LOOKS {
            browser::rest(60).await;
            if browser::has_focused(&id) {
                return;
            }
        }
    });
}
