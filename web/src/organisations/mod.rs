//! Organisations: who funds and accompanies, what they were called before, and what went into what.

pub mod detail;
pub mod edit;
pub mod funders;
pub mod list;

use crate::ui::prelude::*;
use crate::{text, textf};
use leptos::prelude::*;
use shared::organisations::{Names, OrganisationChangeView, OrganisationStep, OrganisationView};

/// A name with its short form: "Délégation … (DCTCIV)".
pub fn full((name, short_name): Names<'_>) -> String {
    match short_name {
        Some(short_name) => format!("{name} ({short_name})"),
        None => name.to_owned(),
    }
}

/// The names of an organisation.
pub fn names(of: &OrganisationView) -> Names<'_> {
    (&of.name, of.short_name.as_deref())
}

/// What it was called until its latest new name, in a sentence; tracked.
pub fn formerly(of: &OrganisationView) -> Option<String> {
    let latest = of
        .changes
        .iter()
        .find(|change| change.step == OrganisationStep::Renamed)?;
    let last = latest.on.pred_opt().unwrap_or(latest.on);
    Some(text!(
        "organisations.formerly",
        name = full(latest.names()),
        day = intl::date(last)
    ))
}

/// What kind it is and where: "Associated actor · Hospital, France"; tracked.
pub fn kind_and_country(of: &OrganisationView) -> String {
    let more = of
        .actor_kind
        .map(|kind| textf!("actor_kind.", kind.code()))
        .or_else(|| of.network_kind.map(|kind| textf!("network_kind.", kind.code())));
    let kind = textf!("organisation_kind.", of.kind.code());
    let kinds = more.map_or_else(|| kind.clone(), |more| format!("{kind} · {more}"));
    format!("{kinds}, {}", intl::country(&of.country))
}

/// Changes as a line through time, the latest first.
pub fn timeline(changes: Vec<OrganisationChangeView>, words: fn(&OrganisationChangeView) -> String) -> AnyView {
    let entries = changes.into_iter().map(move |change| {
        let (day, reason, source) = (change.on, change.reason.clone(), change.source.clone());
        let into = change.into.as_ref().map(|into| {
            let label = full((&into.name, into.short_name.as_deref()));
            view! { <p><a href=format!("/organisations/{}", into.id)>{label}</a></p> }
        });
        view! {
            <li class="agenda-entry agenda-past">
                <p class="agenda-days small">{live(move || intl::date(day))}</p>
                <div class="agenda-words">
                    <p class="agenda-title">{live(move || words(&change))}</p>
                    {into}
                    <p>{reason}</p>
                    <p class="small soft">{live(move || text!("organisations.source", source = source.clone()))}</p>
                </div>
            </li>
        }
    });
    view! { <ol class="agenda">{entries.collect_any()}</ol> }.into_any()
}
