//! Existing partnerships that speak for a pair, to be told beside the points: who is whose partner near the two.

use serde::{Deserialize, Serialize};

use crate::cities::codes;

use super::columns::{Columns, Sphere};
use super::field::Grid;
use super::surroundings::{NEXT_KM, Surroundings};

codes!(
    /// How a partnership speaks for a pair.
    PrecedentKind {
        /// The city is a partner of both.
        CommonPartner = "common_partner",
        /// The city lies near the asking city and is a partner of the candidate.
        Neighbour = "neighbour",
        /// The city lies near the candidate and is a partner of the asking city.
        OurPartner = "our_partner",
        /// The city lies near the asking city; its partner lies near the candidate.
        Neighbours = "neighbours",
    }
);

/// A partnership that speaks for a pair, by places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Precedent {
    /// How.
    pub kind: PrecedentKind,
    /// Which city.
    pub city: Near,
    /// Its partner near the candidate, for [`PrecedentKind::Neighbours`].
    pub partner: Option<Near>,
}

/// A place, and how far from the side that it lies near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// Which place.
    pub place: u32,
    /// Whole kilometres; none where nearness does not matter.
    pub km: Option<u32>,
}

/// The towns around the asking city that have partners, nearest first.
#[derive(Debug)]
pub(super) struct Neighbours(Vec<(u32, u32)>);

impl Neighbours {
    pub(super) fn of(columns: &Columns, around: &Surroundings, us: u32) -> Self {
        let mut near = Vec::new();
        if let Some(here) = columns.sphere[us as usize] {
            within(&around.grid, here, |cell| {
                for &at in around.linked_in_cell[cell as usize].iter().filter(|at| **at != us) {
                    if let Some(km) = km(columns, here, at) {
                        near.push((km, at));
                    }
                }
            });
        }
        near.sort_unstable();
        Self(near)
    }
}

/// What speaks for the pair: at most one of each kind, in the order of [`PrecedentKind`].
pub(super) fn precedents(columns: &Columns, neighbours: &Neighbours, us: u32, them: u32) -> Vec<Precedent> {
    let mut found = Vec::new();
    let (ours, theirs) = (columns.partners(us), columns.partners(them));
    // Of several common partners the one with the fewest others says most.
    let common = ours.iter().copied().filter(|at| theirs.binary_search(at).is_ok());
    if let Some(place) = common.min_by_key(|&at| (columns.degree(at), at)) {
        found.push(Precedent {
            kind: PrecedentKind::CommonPartner,
            city: Near { place, km: None },
            partner: None,
        });
    }
    let of_theirs = neighbours.0.iter().find(|(_, at)| theirs.binary_search(at).is_ok());
    if let Some(&(km, place)) = of_theirs {
        found.push(Precedent {
            kind: PrecedentKind::Neighbour,
            city: Near { place, km: Some(km) },
            partner: None,
        });
    }
    let Some(there) = columns.sphere[them as usize] else {
        return found;
    };
    let near_them = |&at: &u32| Some((km(columns, there, at)?, at)).filter(|_| at != them);
    if let Some((km, place)) = ours.iter().filter_map(near_them).min() {
        found.push(Precedent {
            kind: PrecedentKind::OurPartner,
            city: Near { place, km: Some(km) },
            partner: None,
        });
    }
    let mut nearest: Option<(u32, u32, u32, u32, u32)> = None;
    for &(here, city) in &neighbours.0 {
        if nearest.is_some_and(|(both, ..)| both <= here) {
            break;
        }
        let partners = columns.partners(city).iter().filter(|at| **at != us);
        if let Some((far, partner)) = partners.filter_map(near_them).min() {
            let tie = (here + far, here, city, far, partner);
            nearest = Some(nearest.map_or(tie, |known| known.min(tie)));
        }
    }
    if let Some((_, here, city, far, partner)) = nearest {
        found.push(Precedent {
            kind: PrecedentKind::Neighbours,
            city: Near {
                place: city,
                km: Some(here),
            },
            partner: Some(Near {
                place: partner,
                km: Some(far),
            }),
        });
    }
    found
}

fn within(grid: &Grid, here: Sphere, mut each: impl FnMut(u32)) {
    grid.around(here.cell, NEXT_KM + 30, |cell, _| each(cell));
}

/// Kilometres to a place, where it is near.
fn km(columns: &Columns, here: Sphere, at: u32) -> Option<u32> {
    let km = here.direction.chord_km(columns.sphere[at as usize]?.direction);
    (km < NEXT_KM).then_some(km)
}

/// A city that a precedent names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedCity {
    /// Which city.
    pub id: crate::ids::CityId,
    /// Its official name.
    pub name: String,
    /// Its name for readers of `fr`, `en`, `uk`, where it differs.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub labels: crate::language::Texts,
    /// Whole kilometres to the side that it lies near; none for a common partner.
    pub km: Option<u32>,
}

/// An existing partnership that speaks for the pair. Told for the reader: the points are in the parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrecedentView {
    /// How it speaks for the pair.
    pub kind: PrecedentKind,
    /// The city.
    pub city: NamedCity,
    /// Its partner near the candidate, for `neighbours`.
    pub partner: Option<NamedCity>,
}
