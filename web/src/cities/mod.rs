//! Cities: finding one, reading about it, completing its profile.

pub mod detail;
pub mod edit;
pub mod kin;
pub mod list;
pub mod model;
pub mod profile;
pub mod steps;

use crate::app::address;
use crate::i18n;
use crate::ui::combobox::{Choice, Proposals, source};
use crate::ui::intl;
use crate::{client, text, textf};
use leptos::prelude::*;
use shared::cities::{CitySuggestions, CitySummary};
use shared::language::{Texts, label_for};

/// A city's name for this reader; tracked.
pub fn name(city: &CitySummary) -> String {
    model::name_for(city, i18n::language())
}

/// A name in the language that is shown, out of an official one and those for readers; tracked.
pub fn name_of(official: &str, labels: &Texts) -> String {
    label_for(official, labels, i18n::language()).to_owned()
}

/// The official name where it differs from the one shown; tracked.
pub fn official_name(city: &CitySummary) -> Option<String> {
    (name(city) != city.name).then(|| city.name.clone())
}

/// A city's name as a signal that follows the language: for titles.
pub fn label(city: &CitySummary) -> Signal<String> {
    let city = city.clone();
    Signal::derive(move || name(&city))
}

/// Kind and country in words: "Municipality, Ukraine"; tracked.
pub fn kind_and_country(city: &CitySummary) -> String {
    format!(
        "{}, {}",
        textf!("city_kind.", city.kind.code()),
        intl::country(&city.country)
    )
}

/// The directory as the source of a combobox; the value taken is the city's id.
pub fn search_source() -> Callback<String, Proposals> {
    source(|words: String| async move {
        let found =
            client::get::<CitySuggestions>(address("/cities/search", &[("q", words.trim()), ("limit", "8")])).await;
        found
            .map(|found| {
                found
                    .items
                    .into_iter()
                    .map(|suggestion| Choice {
                        value: suggestion.city.id.to_string(),
                        label: name(&suggestion.city),
                        detail: suggestion_detail(&suggestion.city, &suggestion.matched),
                    })
                    .collect()
            })
            .unwrap_or_default()
    })
}

/// What tells a city from its namesakes: what else it is called, what it is, where, how large.
fn suggestion_detail(city: &CitySummary, matched: &str) -> String {
    let shown = name(city);
    let mut parts = Vec::new();
    if shown != city.name {
        parts.push(city.name.clone());
    }
    if !matched.is_empty() && !model::same_letters(matched, &shown) && matched != city.name {
        parts.push(text!("cities.known_as", name = matched));
    }
    parts.push(kind_and_country(city));
    if let Some(population) = city.population {
        parts.push(text!("cities.population", count = population));
    }
    parts.join(" · ")
}
