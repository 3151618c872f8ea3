//! Partnerships: who works with whom, in which pairs, and where it stands.

pub mod advance;
mod before;
mod bodies;
pub mod detail;
pub mod edit;
pub mod list;
pub mod model;
mod onward;
pub mod past;

use crate::map::{MapArc, MapPoint};
use crate::ui::prelude::*;
use crate::{t, text, tf};
use leptos::prelude::*;
use shared::partnerships::{PartnershipMap, PartnershipState, PartnershipSummary};

/// Points and arcs of the API as those of the map.
pub fn drawn(map: PartnershipMap) -> (Vec<MapPoint>, Vec<MapArc>) {
    let points = map
        .points
        .into_iter()
        .map(|point| MapPoint {
            name: point.name,
            country: point.country,
            href: format!("/cities/{}", point.city_id),
            at: point.location,
            is_own: false,
        })
        .collect();
    let arcs = map
        .arcs
        .into_iter()
        .map(|arc| MapArc {
            a: arc.a as usize,
            b: arc.b as usize,
            href: format!("/partnerships/{}", arc.partnership_id),
        })
        .collect();
    (points, arcs)
}

/// The state in words, coloured by what it means.
pub fn state_badge(state: PartnershipState) -> AnyView {
    let tone = match state {
        PartnershipState::Active | PartnershipState::Signed => BadgeTone::Success,
        PartnershipState::Suspended => BadgeTone::Danger,
        PartnershipState::Dormant | PartnershipState::Expired => BadgeTone::Warning,
        PartnershipState::Idea | PartnershipState::LetterOfIntent | PartnershipState::AgreementDrafted => {
            BadgeTone::Accent
        }
        PartnershipState::Terminated | PartnershipState::Ended | PartnershipState::Abandoned => BadgeTone::Plain,
    };
    view! { <Badge label=tf!("partnership_state.", state.code()) tone=tone/> }.into_any()
}

/// A partnership among others: what kind, its name, who takes part, where, what about.
pub fn card(partnership: PartnershipSummary, level: u8) -> AnyView {
    let PartnershipSummary {
        id,
        name,
        kind,
        state,
        platform,
        countries,
        party_names,
        city_count,
        themes,
        started_on,
        ..
    } = partnership;
    let over = Signal::derive(move || {
        let kind = crate::textf!("partnership_kind.", kind.code());
        match &platform {
            Some(platform) => format!("{kind} · {platform}"),
            None => kind,
        }
    });
    let more = (city_count as usize).saturating_sub(party_names.len());
    let who = party_names.join(" · ");
    view! {
        <Card title=Signal::stored(name) href=format!("/partnerships/{id}") over=over level=level>
            <p class="small">
                {who} {(more > 0).then(|| view! { " " {t!("partnerships.and_more", count = more)} })}
            </p>
            <p class="small soft">
                {live(move || {
                    let countries = intl::list(&countries.iter().map(|code| intl::country(code)).collect::<Vec<_>>());
                    match started_on {
                        Some(day) => text!("partnerships.where_since", countries = countries, day = intl::date(day)),
                        None => countries,
                    }
                })}
            </p>
            <ul class="badges">
                <li>{state_badge(state)}</li>
                {themes
                    .into_iter()
                    .take(3)
                    .map(|theme| view! { <li><Badge label=tf!("theme.", theme.slug())/></li> })
                    .collect_any()}
            </ul>
        </Card>
    }
    .into_any()
}
