//! Ranked partners of a city, each with the reasons for its rank.

use std::collections::HashSet;
use std::sync::Arc;

use shared::history::Judgement;
use shared::history::precedents::{NamedCity, Near, Precedent, PrecedentView};
use shared::ids::{CityId, NetworkId};
use shared::matches::{PairScore, Suggestion, SuggestionPage};
use shared::networks::NetworkView;
use shared::scoring::raise::raises;
use shared::scoring::{Outline, Weights, score_with_history};

use super::history::in_use;
use super::history::memory::History;
use super::index::columns::{Asked, Belonging, Best, Teaching};
use super::index::{Position, Wanted};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::page;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// What a ranking is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuggestionFilter {
    /// Which cities may be suggested at all; the own country is left out here already where it should be.
    pub wanted: Wanted,
    /// Whether cities of the own country may be suggested; where nothing is said, only if the country is named.
    pub include_own_country: Option<bool>,
    /// Only members of this network.
    pub network: Option<NetworkId>,
    /// How much each criterion counts.
    pub weights: Weights,
    /// Where the page before ended.
    pub after: Option<Position>,
    /// How many to give.
    pub limit: usize,
}

/// Ranks the directory for a city.
///
/// # Errors
/// `NotFound` without such a city, `Denied` for who does not look for its partners.
pub async fn suggest(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    mut filter: SuggestionFilter,
) -> Result<SuggestionPage, Error> {
    let profile = platform.directory.profile(&platform.db, city).await?;
    policy::require(
        &caller.actor,
        &Action::FindPartners {
            city,
            network: profile.network_id,
        },
    )?;
    let index = &platform.matches;
    let member = index.member(city).ok_or(Error::Busy)?;
    let us = member.outline.clone();
    let is_named = filter.wanted.countries.contains(&us.country());
    if !filter.include_own_country.unwrap_or(is_named) {
        filter.wanted.but_country = Some(us.country());
    }
    if let Some(network) = filter.network {
        filter.wanted.belongings = Some(belongings(platform.directory.cities().networks(), network));
    }
    let weights = filter.weights;
    let known = index.history().await?;
    let snapshot = index.snapshot();
    let barred = index.barred(city, caller.now);
    let asking = Arc::clone(index);
    // A ranking is some work, what history says for the first time is more: other requests of this worker need not wait.
    let (best, judgements) = tokio::task::spawn_blocking(move || {
        let learned = asking.learned(member.slot, &known, &snapshot);
        let asked = Asked {
            wanted: &filter.wanted,
            barred: &barred,
            after: filter.after,
            limit: filter.limit,
        };
        let history = learned
            .as_ref()
            .map(|learned| known.asked_again(member.slot as usize, Arc::clone(&learned.walks)));
        let both = learned.as_ref().zip(history.as_ref());
        let lessons = both.map(|(learned, history)| (learned.lessons(history), &learned.taught));
        let teaching = lessons.as_ref().map(|(teacher, taught)| Teaching { teacher, taught });
        let best = snapshot.best(&member.outline, &weights, teaching, asked);
        let telling = history.as_ref().map(History::telling);
        let of = |slot: usize| {
            let history = history.as_ref()?;
            let precedents = telling.as_ref().map(|telling| history.precedents(telling, slot));
            Some((history.judgement(slot)?, precedents.unwrap_or_default()))
        };
        let judgements: Vec<Option<Told>> = best.found.iter().map(|found| of(found.slot as usize)).collect();
        (best, judgements)
    })
    .await
    .map_err(Error::internal)?;
    let next = next_of(&best)?;
    let items = best
        .found
        .into_iter()
        .zip(judgements)
        .filter_map(|(found, told)| suggestion(platform, (city, &us), (found.id, &found.outline), &weights, told))
        .collect();
    Ok(SuggestionPage {
        items,
        next,
        total: best.total,
        facts: us.facts(),
        weights,
        history_learned_on: in_use().about().learned_on.clone(),
        computed_at: caller.now,
    })
}

/// How well two cities fit, whether or not they may be suggested to each other: who asks does not learn what keeps them
/// apart.
///
/// # Errors
/// `NotFound` without such cities, or for one and the same; `Denied` for who does not look for the first one's partners.
pub async fn pair(platform: &Platform, caller: &Caller, city: CityId, other: CityId) -> Result<PairScore, Error> {
    let profile = platform.directory.profile(&platform.db, city).await?;
    policy::require(
        &caller.actor,
        &Action::FindPartners {
            city,
            network: profile.network_id,
        },
    )?;
    if city == other {
        return Err(Error::NotFound);
    }
    platform.directory.profile(&platform.db, other).await?;
    let index = &platform.matches;
    let (ours, theirs) = index.member(city).zip(index.member(other)).ok_or(Error::Busy)?;
    let (us, them) = (ours.outline.clone(), theirs.outline.clone());
    let within = them.country();
    let known = index.history().await?;
    let slots = (ours.slot as usize, theirs.slot as usize);
    let told = tokio::task::spawn_blocking(move || told(&known.asked(slots.0, Some(within))?, slots.1))
        .await
        .map_err(Error::internal)?;
    let weights = Weights::default();
    Ok(PairScore {
        suggestion: suggestion(platform, (city, &us), (other, &them), &weights, told).ok_or(Error::Busy)?,
        our_facts: us.facts(),
        weights,
        history_learned_on: in_use().about().learned_on.clone(),
        computed_at: caller.now,
    })
}

/// What history says of one candidate, with the partnerships that speak for it.
type Told = (Judgement, Vec<Precedent>);

fn told(history: &History<'_>, at: usize) -> Option<Told> {
    Some((history.judgement(at)?, history.precedents(&history.telling(), at)))
}

fn suggestion(
    platform: &Platform,
    (city, us): (CityId, &Outline),
    (other, them): (CityId, &Outline),
    weights: &Weights,
    told: Option<Told>,
) -> Option<Suggestion> {
    let (history, precedents) = told.unzip();
    let value = history.as_ref().map_or(0, |history| history.value);
    Some(Suggestion {
        city: (*platform.directory.summary(other)?).clone(),
        score: score_with_history(us, them, weights, value),
        history,
        raise: raises(us, them, weights),
        precedents: precedents
            .iter()
            .flatten()
            .filter_map(|told| view_of(platform, told))
            .collect(),
        facts: them.facts(),
        distance_km: us.distance_km(them),
        match_id: platform.matches.match_of(city, other),
    })
}

fn view_of(platform: &Platform, told: &Precedent) -> Option<PrecedentView> {
    let named = |near: Near| {
        let id = platform.matches.city_at(near.place)?;
        let city = platform.directory.summary(id)?;
        Some(NamedCity {
            id,
            name: city.name.clone(),
            labels: city.labels.clone(),
            km: near.km,
        })
    };
    Some(PrecedentView {
        kind: told.kind,
        city: named(told.city)?,
        partner: match told.partner {
            Some(partner) => Some(named(partner)?),
            None => None,
        },
    })
}

/// Through what a city belongs to a network: by its own word, or by its region where no other network comes first.
fn belongings(networks: &[NetworkView], wanted: NetworkId) -> Vec<Belonging> {
    let mut belongings = vec![Belonging::Own(wanted)];
    let mut seen: HashSet<(&str, &str)> = HashSet::new();
    for network in networks {
        for subdivision in &network.subdivisions {
            if seen.insert((&network.country, subdivision)) && network.id == wanted {
                belongings.push(Belonging::Region(format!("{}/{subdivision}", network.country).into()));
            }
        }
    }
    belongings
}

fn next_of(best: &Best) -> Result<Option<String>, Error> {
    let last = best.found.last().filter(|_| best.more);
    last.map(|last| page::cursor(&(last.total, last.id))).transpose()
}
