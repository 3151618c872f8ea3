//! What a partnership must be. Pure.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use shared::ids::CityId;
use shared::organisations::ActorKind;
use shared::partnerships::{PairingDraft, PartyDraft, PartyRef, PartyRole, TERRITORY_MAX};
use shared::problem::{FieldCode, FieldError};
use shared::themes::Theme;

/// What is known of those who may take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: String,
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// What an associated actor is.
    pub actor_kind: Option<ActorKind>,
    /// All its names, folded for search.
    pub search_keys: String,
}

/// Everybody that a draft names, as far as they exist.
pub type Parties = HashMap<PartyRef, Known>;

/// What is wrong with the parties: each exists and stands once; one leads, an authority or a network; associated actors
/// are associated; authorities of at least two countries take part.
#[must_use]
pub fn parties(parties: &[PartyDraft], known: &Parties) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (index, PartyDraft { party, role }) in parties.iter().enumerate() {
        if !known.contains_key(party) {
            faults.push(FieldError::new(format!("/parties/{index}/party"), FieldCode::Reference));
        } else if !seen.insert(*party) {
            faults.push(FieldError::new(format!("/parties/{index}/party"), FieldCode::Duplicate));
        }
        if matches!(party, PartyRef::Actor { .. }) && *role != PartyRole::Associated {
            faults.push(FieldError::new(
                format!("/parties/{index}/role"),
                FieldCode::Inconsistent,
            ));
        }
    }
    if parties.iter().filter(|party| party.role == PartyRole::Lead).count() != 1 {
        faults.push(FieldError::new("/parties", FieldCode::Inconsistent).with("leads", 1));
    }
    let countries: HashSet<&str> = authorities(parties)
        .filter_map(|city_id| Some(known.get(&PartyRef::City { city_id })?.country.as_str()))
        .collect();
    if faults.is_empty() && countries.len() < 2 {
        faults.push(FieldError::new("/parties", FieldCode::Inconsistent).with("countries", 2));
    }
    faults
}

/// The authorities that take part, without those that are associated.
pub fn authorities(parties: &[PartyDraft]) -> impl Iterator<Item = CityId> + '_ {
    parties.iter().filter_map(|draft| match draft.party {
        PartyRef::City { city_id } if draft.role != PartyRole::Associated => Some(city_id),
        _ => None,
    })
}

/// What is wrong with the pairs: each is of two authorities that take part, and stands once.
#[must_use]
pub fn pairings(pairings: &[PairingDraft], parties: &[PartyDraft]) -> Vec<FieldError> {
    let cities: HashSet<CityId> = authorities(parties).collect();
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for (index, &PairingDraft { a, b }) in pairings.iter().enumerate() {
        for (side, city) in [("a", a), ("b", b)] {
            if !cities.contains(&city) {
                faults.push(FieldError::new(
                    format!("/pairings/{index}/{side}"),
                    FieldCode::Reference,
                ));
            }
        }
        if a == b {
            faults.push(FieldError::new(format!("/pairings/{index}/b"), FieldCode::Inconsistent));
        } else if !seen.insert((a.min(b), a.max(b))) {
            faults.push(FieldError::new(format!("/pairings/{index}"), FieldCode::Duplicate));
        }
    }
    faults
}

/// What is wrong with the themes: each stands once.
#[must_use]
pub fn themes(themes: &[Theme]) -> Vec<FieldError> {
    let mut seen = HashSet::new();
    themes
        .iter()
        .enumerate()
        .filter(|(_, theme)| !seen.insert(**theme))
        .map(|(index, _)| FieldError::new(format!("/themes/{index}"), FieldCode::Duplicate))
        .collect()
}

/// What is wrong with the territories: each is named, and not at length.
#[must_use]
pub fn territories(territories: &[String]) -> Vec<FieldError> {
    territories
        .iter()
        .enumerate()
        .filter(|(_, name)| name.trim().is_empty() || name.chars().count() as u64 > TERRITORY_MAX)
        .map(|(index, _)| {
            FieldError::new(format!("/territories/{index}"), FieldCode::Length)
                .with("min", 1)
                .with("max", TERRITORY_MAX)
        })
        .collect()
}

/// A term does not end before it begins.
#[must_use]
pub fn term(started_on: Option<NaiveDate>, ends_on: Option<NaiveDate>) -> Option<FieldError> {
    let (start, end) = started_on.zip(ends_on)?;
    (end < start).then(|| FieldError::new("/ends_on", FieldCode::Range).with("min", start))
}

/// A name of blanks only is none.
#[must_use]
pub fn name(name: &str) -> Vec<FieldError> {
    if name.trim().is_empty() {
        vec![FieldError::new("/name", FieldCode::Required)]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use shared::ids::{ActorId, NetworkId};
    use uuid::Uuid;

    use super::*;

    fn city(n: u128) -> PartyRef {
        PartyRef::City {
            city_id: CityId(Uuid::from_u128(n)),
        }
    }

    fn known() -> Parties {
        let network = PartyRef::Network {
            network_id: NetworkId(Uuid::from_u128(8)),
        };
        let actor = PartyRef::Actor {
            actor_id: ActorId(Uuid::from_u128(9)),
        };
        [
            (city(1), "FR"),
            (city(2), "AM"),
            (city(3), "FR"),
            (network, "FR"),
            (actor, "FR"),
        ]
        .into_iter()
        .map(|(party, country)| {
            (
                party,
                Known {
                    name: String::new(),
                    country: country.to_owned(),
                    actor_kind: None,
                    search_keys: String::new(),
                },
            )
        })
        .collect()
    }

    fn faults(drafts: &[(PartyRef, PartyRole)]) -> Vec<String> {
        let drafts: Vec<PartyDraft> = drafts.iter().map(|&(party, role)| PartyDraft { party, role }).collect();
        parties(&drafts, &known())
            .into_iter()
            .map(|fault| format!("{} {}", fault.pointer, fault.code.code()))
            .collect()
    }

    #[test]
    fn one_leads_and_two_countries_take_part() {
        use PartyRole::{Associated, Lead, Partner};
        let network = PartyRef::Network {
            network_id: NetworkId(Uuid::from_u128(8)),
        };
        let actor = PartyRef::Actor {
            actor_id: ActorId(Uuid::from_u128(9)),
        };
        assert!(faults(&[(city(1), Lead), (city(2), Partner)]).is_empty());
        assert!(
            faults(&[
                (network, Lead),
                (city(1), Partner),
                (city(2), Partner),
                (actor, Associated)
            ])
            .is_empty()
        );
        assert_eq!(
            faults(&[(city(1), Lead), (city(3), Partner)]),
            ["/parties inconsistent"]
        );
        assert_eq!(
            faults(&[(city(1), Lead), (city(2), Associated)]),
            ["/parties inconsistent"]
        );
        assert_eq!(faults(&[(city(1), Lead), (city(2), Lead)]), ["/parties inconsistent"]);
        assert_eq!(
            faults(&[(city(1), Partner), (city(2), Partner)]),
            ["/parties inconsistent"]
        );
        assert_eq!(
            faults(&[(city(1), Lead), (city(2), Partner), (city(2), Partner)]),
            ["/parties/2/party duplicate"]
        );
        assert_eq!(
            faults(&[(city(1), Lead), (city(7), Partner)]),
            ["/parties/1/party reference"]
        );
        assert_eq!(
            faults(&[(city(1), Lead), (city(2), Partner), (actor, Partner)]),
            ["/parties/2/role inconsistent"]
        );
    }

    #[test]
    fn a_pair_is_of_two_who_take_part_and_stands_once() {
        let id = |n| CityId(Uuid::from_u128(n));
        let drafts = [
            (city(1), PartyRole::Lead),
            (city(2), PartyRole::Partner),
            (city(3), PartyRole::Associated),
        ]
        .map(|(party, role)| PartyDraft { party, role });
        let faults = |pairs: &[(u128, u128)]| -> Vec<String> {
            let pairs: Vec<PairingDraft> = pairs
                .iter()
                .map(|&(a, b)| PairingDraft { a: id(a), b: id(b) })
                .collect();
            pairings(&pairs, &drafts)
                .into_iter()
                .map(|fault| format!("{} {}", fault.pointer, fault.code.code()))
                .collect()
        };
        assert!(faults(&[(1, 2)]).is_empty());
        assert_eq!(faults(&[(1, 2), (2, 1)]), ["/pairings/1 duplicate"]);
        assert_eq!(faults(&[(1, 3)]), ["/pairings/0/b reference"]);
        assert_eq!(faults(&[(1, 1)]), ["/pairings/0/b inconsistent"]);
    }
}
