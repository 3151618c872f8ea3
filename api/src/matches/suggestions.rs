//! Ranked partners of a city, each with the reasons for its rank.

use std::collections::HashSet;
use std::sync::Arc;

use shared::history::Judgement;
use shared::history::precedents::{NamedCity, Near, Precedent, PrecedentView};
use shared::ids::{CityId, NetworkId};
use shared::matches::{Suggestion, SuggestionPage};
use shared::networks::NetworkView;
use shared::scoring::{Weights, score_with_history};

use super::history::in_use;
use super::history::memory::History;
use super::index::columns::{Asked, Belonging, Best};
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
    /// Whether cities of the own country may be suggested.
    pub include_own_country: bool,
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
    if !filter.include_own_country {
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
        let taught = learned.as_ref().map(|learned| &learned.taught);
        let best = snapshot.best(&member.outline, &weights, taught, asked);
        let history = learned.map(|learned| known.asked_again(member.slot as usize, Arc::clone(&learned.walks)));
        let telling = history.as_ref().map(History::telling);
        let of = |slot: usize| {
            let history = history.as_ref()?;
            let precedents = telling.as_ref().map(|telling| history.precedents(telling, slot));
            Some((history.judgement(slot)?, precedents.unwrap_or_default()))
        };
        let judgements: Vec<Option<(Judgement, Vec<Precedent>)>> =
            best.found.iter().map(|found| of(found.slot as usize)).collect();
        (best, judgements)
    })
    .await
    .map_err(Error::internal)?;
    let next = next_of(&best)?;
    let items = best
        .found
        .into_iter()
        .zip(judgements)
        .filter_map(|(found, history)| {
            let (history, precedents) = history.unzip();
            let value = history.as_ref().map_or(0, |history| history.value);
            let precedents = precedents.unwrap_or_default();
            Some(Suggestion {
                city: (*platform.directory.summary(found.id)?).clone(),
                score: score_with_history(&us, &found.outline, &weights, value),
                history,
                precedents: precedents.iter().filter_map(|told| view_of(platform, told)).collect(),
                facts: found.outline.facts(),
                distance_km: us.distance_km(&found.outline),
                match_id: index.match_of(city, found.id),
            })
        })
        .collect();
    Ok(SuggestionPage {
        items,
        next,
        total: best.total,
        facts: us.facts(),
        weights,
        history_learned_on: in_use().about.learned_on.clone(),
        computed_at: caller.now,
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
