//! Which partnerships are likely one: the same authorities, the same kind of bond. Pure.

use std::collections::HashMap;

use chrono::NaiveDate;
use shared::doubles::{DoubleHint, DoubleHintKind as Kind};
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::{PartnershipKind, PartyRole};

use super::spelling::{Likeness, Spelling};
use crate::partnerships::atlas::Bond;

/// What tells a partnership from another of the same authorities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) started_on: Option<NaiveDate>,
}

/// Two partnerships that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) low: PartnershipId,
    pub(super) high: PartnershipId,
    pub(super) score: u8,
    pub(super) hints: Vec<DoubleHint>,
}

/// More partnerships of the same authorities than these are projects of their own.
const GROUP: usize = 8;

/// Groups of partnerships between the same authorities.
pub(super) fn groups(bonds: &[std::sync::Arc<Bond>]) -> Vec<Vec<&Bond>> {
    let mut groups: HashMap<Vec<CityId>, Vec<&Bond>> = HashMap::new();
    for bond in bonds {
        let taking_part = bond.cities.iter().filter(|(_, role)| *role != PartyRole::Associated);
        let mut cities: Vec<CityId> = taking_part.map(|(city, _)| *city).collect();
        cities.sort_unstable();
        cities.dedup();
        if cities.len() >= 2 && !bond.state.is_over() {
            groups.entry(cities).or_default().push(bond);
        }
    }
    groups
        .into_values()
        .filter(|group| (2..=GROUP).contains(&group.len()))
        .collect()
}

/// What of a group may be one.
pub(super) fn pairs(group: &[&Bond], named: &HashMap<PartnershipId, Named>) -> Vec<Link> {
    let mut found = Vec::new();
    for (at, a) in group.iter().enumerate() {
        for b in &group[at + 1..] {
            let (low, high) = if a.id < b.id { (a, b) } else { (b, a) };
            if let (Some(first), Some(second)) = (named.get(&low.id), named.get(&high.id)) {
                found.extend(weigh((low, first), (high, second)));
            }
        }
    }
    found
}

fn weigh((low, first): (&Bond, &Named), (high, second): (&Bond, &Named)) -> Option<Link> {
    use PartnershipKind as P;
    let hint = |kind, value| DoubleHint {
        kind,
        speaks_for: true,
        value,
    };
    let mut hints = vec![hint(Kind::PartiesSame, Some(low.cities.len().to_string()))];
    let likeness = Spelling::of(&first.name).likeness(&Spelling::of(&second.name));
    let is_named_alike = matches!(likeness, Likeness::Same | Likeness::Spelling);
    let score = match (low.kind, high.kind) {
        (P::Twinning, P::Twinning) => 97,
        (P::Twinning, P::Friendship) | (P::Friendship, P::Twinning) => 60,
        (a, b) if a == b && is_named_alike => 90,
        (P::Friendship, P::Friendship) => 80,
        // Two projects of one pair are two, unless their names say otherwise.
        _ => return None,
    };
    hints.push(hint(
        if low.kind == high.kind {
            Kind::KindSame
        } else {
            Kind::KindNear
        },
        None,
    ));
    if is_named_alike {
        hints.push(hint(Kind::NameSame, None));
    }
    if first.started_on.is_some() && first.started_on == second.started_on {
        hints.push(hint(Kind::StartSame, None));
    }
    Some(Link {
        low: low.id,
        high: high.id,
        score,
        hints,
    })
}
