//! Mandates: the contacts of a city with those to be confirmed, the page that a mail's link opens, and the elections.

pub mod confirm;
pub mod contacts;
pub mod election;
pub mod elections;

use crate::ui::prelude::*;
use crate::{text, textf};
use shared::mandates::ElectionView;

/// Where an election is held, in words; a city's own is told by the page that it stands on.
fn place(of: &ElectionView) -> String {
    let country = intl::country(&of.country);
    match (of.city_id, of.kind) {
        (Some(_), _) => text!("elections.of_city"),
        (None, Some(kind)) => text!(
            "elections.of_kind",
            kind = textf!("city_kind.", kind.code()),
            country = country
        ),
        (None, None) => text!("elections.of_country", country = country),
    }
}
