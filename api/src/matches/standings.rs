//! How each pair that ever had a match stands now, and which pairs are banned: kept in memory beside the outlines.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use shared::ids::{CityId, MatchId};
use shared::matches::{DECLINE_DAYS, MatchState};

/// How a pair stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The match.
    pub id: MatchId,
    /// Its version; a later one replaces it.
    pub version: i64,
    /// The two cities.
    pub cities: [CityId; 2],
    /// Where the match stands in the database.
    pub state: MatchState,
    /// When an unanswered interest ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last declined.
    pub declined_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// Whether the two are not suggested to each other: something is open or agreed, or was declined not long ago.
    fn bars(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            MatchState::Interested => now < self.expires_at,
            MatchState::ContactOpened => true,
            // The partnership that came of it says whether they are partners still.
            MatchState::Agreed | MatchState::Withdrawn | MatchState::Expired => false,
            MatchState::Declined => self.declined_at.is_some_and(|at| is_final(at, now)),
        }
    }

    fn other(&self, city: CityId) -> CityId {
        let [a, b] = self.cities;
        if a == city { b } else { a }
    }
}

/// Whether a decline still holds.
#[must_use]
pub fn is_final(declined_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < declined_at + TimeDelta::days(DECLINE_DAYS)
}

/// All standings.
#[derive(Debug, Default)]
pub struct Standings(RwLock<Tables>);

#[derive(Debug, Default)]
struct Tables {
    by_id: HashMap<MatchId, Standing>,
    by_city: HashMap<CityId, HashSet<MatchId>>,
    banned: HashMap<CityId, HashSet<CityId>>,
}

impl Standings {
    /// Takes in matches as they are in the database.
    pub fn put_matches(&self, fresh: Vec<Standing>) {
        let mut tables = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for standing in fresh {
            if tables
                .by_id
                .get(&standing.id)
                .is_some_and(|known| known.version > standing.version)
            {
                continue;
            }
            for city in standing.cities {
                tables.by_city.entry(city).or_default().insert(standing.id);
            }
            tables.by_id.insert(standing.id, standing);
        }
    }

    /// Takes in all bans, in place of those known before.
    pub fn put_bans(&self, fresh: Vec<(CityId, CityId)>) {
        let mut tables = self.0.write().unwrap_or_else(PoisonError::into_inner);
        tables.banned.clear();
        for (a, b) in fresh {
            tables.banned.entry(a).or_default().insert(b);
            tables.banned.entry(b).or_default().insert(a);
        }
    }

    /// The cities that are not suggested to this one.
    #[must_use]
    pub fn barred(&self, city: CityId, now: DateTime<Utc>) -> HashSet<CityId> {
        let tables = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let matched = tables
            .by_city
            .get(&city)
            .into_iter()
            .flatten()
            .filter_map(|id| tables.by_id.get(id))
            .filter(|standing| standing.bars(now))
            .map(|standing| standing.other(city));
        let banned = tables.banned.get(&city).into_iter().flatten().copied();
        matched.chain(banned).collect()
    }

    /// The match that two cities have, if any.
    #[must_use]
    pub fn match_of(&self, a: CityId, b: CityId) -> Option<MatchId> {
        let tables = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let ids = tables.by_city.get(&a)?;
        ids.iter().copied().find(|id| {
            tables
                .by_id
                .get(id)
                .is_some_and(|standing| standing.cities.contains(&b))
        })
    }
}
