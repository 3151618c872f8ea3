//! What partnerships do: the timeline in a partnership's page, the page of an activity, its form, and the bookings of an exhibition.

pub mod bookings;
pub mod detail;
pub mod edit;
pub mod model;
pub mod work;

use crate::client::Failure;
use crate::ui::prelude::*;
use crate::{text, textf, tf};
use leptos::prelude::*;
use shared::activities::{ActivityState, ActivityView};
use shared::problem::{FieldCode, FieldError};

/// The state in words, coloured by what it means.
pub fn state_badge(state: ActivityState) -> AnyView {
    let tone = match state {
        ActivityState::Planned => BadgeTone::Accent,
        ActivityState::Held => BadgeTone::Success,
        ActivityState::Cancelled => BadgeTone::Danger,
    };
    view! { <Badge label=tf!("activity_state.", state.code()) tone=tone/> }.into_any()
}

/// One day, or the first and the last one.
pub fn days(starts_on: chrono::NaiveDate, ends_on: chrono::NaiveDate) -> String {
    if starts_on == ends_on {
        intl::date(starts_on)
    } else {
        text!(
            "activity.from_until",
            from = intl::date(starts_on),
            until = intl::date(ends_on)
        )
    }
}

/// Where, how many people, how much: what is known of it, in one line.
pub fn figures(activity: &ActivityView) -> String {
    let mut known = Vec::new();
    if !activity.place.is_empty() {
        known.push(activity.place.clone());
    }
    if let Some(people) = activity.people {
        known.push(text!("activity.people_count", count = people));
    }
    if let Some(cost) = &activity.cost {
        known.push(intl::money_short(cost.amount_minor, &cost.currency));
    }
    known.join(" · ")
}

/// What kind, in words.
pub fn kind_words(activity: &ActivityView) -> String {
    textf!("activity_kind.", activity.kind.code())
}

/// Fields that are known to be wrong before anything is sent.
pub fn faulty(errors: Vec<FieldError>) -> Failure {
    let mut failure = Failure::of_field(FieldError::new("", FieldCode::Format));
    failure.errors = errors;
    failure
}
