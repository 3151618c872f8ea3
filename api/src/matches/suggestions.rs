//! Ranked partners of a city, each with the reasons for its rank.

use shared::history::Judgement;
use shared::history::precedents::{NamedCity, Near, Precedent, PrecedentView};
use shared::ids::CityId;
use shared::matches::{PairScore, Suggestion, SuggestionPage};
use shared::scoring::raise::raises;
use shared::scoring::{Outline, Weights, score_with_history};

use super::history::in_use;
use super::history::memory::History;
use super::index::{Judged, Position, Ranking, Wanted};
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
    let (us, place) = index.outline(city).zip(index.place(city)).ok_or(Error::Busy)?;
    if !filter.include_own_country {
        filter.wanted.but_country = Some(us.country());
    }
    let weights = filter.weights;
    // The places of barred cities are those of the snapshot: new cities only ever come after the others.
    let known = index.history().await?;
    let snapshot = index.snapshot();
    let barred = index.barred(city, caller.now);
    let ours = us.clone();
    // A ranking is a few milliseconds of work: other requests of this worker need not wait for it.
    let (ranking, judgements) = tokio::task::spawn_blocking(move || {
        let wanted = &filter.wanted;
        let within = match wanted.countries[..] {
            [only] => Some(only),
            _ => None,
        };
        let history = known.asked(place, within);
        let value = |at: usize| history.as_ref().map_or(0, |history| history.value(at));
        let judged = Judged {
            weights: &weights,
            history: &value,
        };
        let ranking = snapshot.rank(&ours, &judged, wanted, &barred, filter.after, filter.limit);
        let telling = history.as_ref().map(History::telling);
        let of = |at: usize| {
            let history = history.as_ref()?;
            let precedents = telling.as_ref().map(|telling| history.precedents(telling, at));
            Some((history.judgement(at)?, precedents.unwrap_or_default()))
        };
        let judgements: Vec<Option<Told>> = ranking.best.iter().map(|found| of(found.place)).collect();
        (ranking, judgements)
    })
    .await
    .map_err(Error::internal)?;
    let next = next_of(&ranking)?;
    let items = ranking
        .best
        .into_iter()
        .zip(judgements)
        .filter_map(|(found, told)| suggestion(platform, (city, &us), (found.id, &found.outline), &weights, told))
        .collect();
    Ok(SuggestionPage {
        items,
        next,
        total: ranking.total,
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
    let sides = index.outline(city).zip(index.outline(other));
    let places = index.place(city).zip(index.place(other));
    let ((us, them), (place, place_of_them)) = sides.zip(places).ok_or(Error::Busy)?;
    let within = them.country();
    let known = index.history().await?;
    let told = tokio::task::spawn_blocking(move || told(&known.asked(place, Some(within))?, place_of_them))
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
        let id = platform.matches.city_at(near.place as usize)?;
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

fn next_of(ranking: &Ranking) -> Result<Option<String>, Error> {
    let last = ranking.best.last().filter(|_| ranking.more);
    last.map(|last| page::cursor(&(last.total, last.id))).transpose()
}
