//! The digest: what waits for a person, by mail, each morning or each Monday morning, and only where it is not what the last mail told.
//!
//! It tells what the person would see in the web app and no more: it asks in the person's name. Cities that begin to fit a
//! watched search, interests that wait for an answer, partners that a round proposes, and what is on the city's radar.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;
use shared::accounts::Digest;
use shared::cities::CitySummary;
use shared::ids::{CityId, SessionId};
use shared::language::{Language, label_for};
use shared::matches::{MatchBox, MatchState};
use shared::radar::RadarList;
use shared::rounds::{RoundPairAction, RoundPairSort, RoundPairState, RoundPairView};
use uuid::Uuid;

use super::words::{self, Texts};
use super::{Letter, store};
use crate::accounts::store::{self as accounts, Account};
use crate::caller::Caller;
use crate::error::Error;
use crate::hash::sha256;
use crate::matches::searches::service as searches;
use crate::matches::service as matches;
use crate::matches::store::MatchFilter;
use crate::platform::Platform;
use crate::policy::Actor;
use crate::radar;
use crate::rounds::pairs::service::{self as pairs, PairFilter, PairPaging};

/// The hour of the morning from which digests are written, UTC: early in Paris, breakfast in Kyiv.
const HOUR: u32 = 5;
/// Accounts that are looked at in one go.
const AT_ONCE: u64 = 200;
/// Names that are told of one search or of interests; the rest is a number.
const NAMES_MAX: usize = 5;
/// Interests that are counted.
const WAITING_MAX: u32 = 100;

/// The words in each language.
const TEXTS: Texts = [
    (Language::Fr, include_str!("texts/digest.fr.txt")),
    (Language::En, include_str!("texts/digest.en.txt")),
    (Language::Uk, include_str!("texts/digest.uk.txt")),
];

/// What waits in one city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct OfCity {
    id: CityId,
    name: String,
    searches: Vec<OfSearch>,
    waiting: Names,
    /// Partners that a round proposes.
    proposed: Names,
    /// What of its partnerships and its grants needs attention.
    radar: OfRadar,
}

/// What needs attention: how many things, and the most pressing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct OfRadar {
    count: usize,
    first: Vec<OnRadar>,
}

/// One thing that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct OnRadar {
    reason: &'static str,
    /// The partnership or the project; empty where it concerns the city itself.
    name: String,
    day: NaiveDate,
}

/// What is new in one search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct OfSearch {
    name: String,
    new: Names,
}

/// Cities: how many, and the names of the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Names {
    count: usize,
    names: String,
}

/// Writes the digests that are due; says how many letters that were.
///
/// # Errors
/// Those of the database.
pub async fn write_due(platform: &Platform, public_url: &str) -> Result<usize, Error> {
    let now = platform.clock.now();
    let mut written = 0;
    loop {
        let (daily, weekly) = mornings(now);
        let waiting = store::who_waits(platform.db.read(), daily, weekly, AT_ONCE).await?;
        let all = waiting.len() as u64;
        for account in waiting {
            written += usize::from(write(platform, &account, public_url).await?);
        }
        if all < AT_ONCE {
            return Ok(written);
        }
    }
}

/// The last morning, and the last Monday morning.
fn mornings(now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let hour = NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default();
    let today = now.date_naive().and_time(hour).and_utc();
    let daily = if today > now { today - TimeDelta::days(1) } else { today };
    let weekly = daily - TimeDelta::days(i64::from(daily.weekday().num_days_from_monday()));
    (daily, weekly)
}

/// Looks at what waits for one person, and writes where there is something new.
async fn write(platform: &Platform, account: &Account, public_url: &str) -> Result<bool, Error> {
    let language = Language::from_tag(&account.language).unwrap_or_default();
    let found = waiting(platform, account, language).await?;
    let told = (!found.is_empty()).then(|| fingerprint(&found)).transpose()?;
    let is_new = told.is_some() && told != account.digest_told;
    let letter = match is_new {
        true => Some(letter(account, language, &found, public_url)?),
        false => None,
    };
    platform
        .db
        .write(&Caller::system(platform.clock.now()), async |tx| {
            let now = accounts::account_for_update(tx, account.id).await?;
            // Another process may have been quicker, or the person may want none any more.
            if now.digest_at != account.digest_at || now.digest != account.digest {
                return Ok(false);
            }
            store::note_digest(tx, account.id, told.as_deref()).await?;
            if let Some(letter) = &letter {
                store::put(tx, letter).await?;
            }
            Ok(letter.is_some())
        })
        .await
}

/// What waits for a person in each of its cities; cities in which nothing does are left out.
async fn waiting(platform: &Platform, account: &Account, language: Language) -> Result<Vec<OfCity>, Error> {
    let grants = accounts::grants(platform.db.read(), account.id).await?;
    let mut caller = Caller::system(platform.clock.now());
    caller.language = language;
    caller.actor = Actor::Account {
        id: account.id,
        // Nobody is signed in: no session is of this number.
        session_id: SessionId(Uuid::nil()),
        grants: grants.iter().map(|named| named.grant).collect(),
    };
    let mut all = Vec::new();
    let cities: Vec<CityId> = caller.actor.cities().collect();
    for id in cities {
        let Some(city) = platform.directory.summary(id) else {
            continue;
        };
        let mut of_searches = Vec::new();
        for search in searches::list(platform, &caller, id).await?.items {
            if !search.new_cities.is_empty() {
                of_searches.push(OfSearch {
                    new: Names::of(search.new_cities.iter(), language),
                    name: search.name,
                });
            }
        }
        let unanswered = MatchFilter {
            cities: None,
            side: Some(MatchBox::Incoming),
            states: vec![MatchState::Interested],
        };
        let interests = matches::list(platform, &caller, Some(id), unanswered, None, WAITING_MAX, false).await?;
        let proposals = PairFilter {
            city: Some(id),
            states: vec![RoundPairState::Proposed, RoundPairState::Accepted],
            ..PairFilter::default()
        };
        let paging = PairPaging {
            sort: RoundPairSort::First,
            cursor: None,
            limit: WAITING_MAX,
            count: false,
        };
        let proposals = pairs::list_own(platform, &caller, proposals, &paging).await?;
        let unanswered = proposals.items.iter();
        let unanswered = unanswered.filter(|pair| pair.allowed.contains(&RoundPairAction::Accept));
        let partner = |pair| partner_of(pair, id);
        let found = OfCity {
            id,
            name: name_of(&city, language),
            searches: of_searches,
            waiting: Names::of(interests.items.iter().map(|one| &one.initiator), language),
            proposed: Names::of(unanswered.map(partner), language),
            radar: OfRadar::of(radar::service::read(platform, &caller, id).await?),
        };
        if found.waiting.count + found.proposed.count + found.radar.count > 0 || !found.searches.is_empty() {
            all.push(found);
        }
    }
    Ok(all)
}

impl OfRadar {
    fn of(list: RadarList) -> Self {
        let count = list.items.len();
        let first = list.items.into_iter().take(NAMES_MAX).map(|item| OnRadar {
            reason: item.reason.code(),
            name: item
                .partnership
                .map(|of| of.name)
                .or(item.grant.map(|of| of.title))
                .or(item.application.map(|of| of.title))
                .unwrap_or_default(),
            day: item.day,
        });
        Self {
            count,
            first: first.collect(),
        }
    }
}

impl Names {
    fn of<'a>(cities: impl Iterator<Item = &'a CitySummary>, language: Language) -> Self {
        let cities: Vec<&CitySummary> = cities.collect();
        let count = cities.len();
        let first: Vec<String> = cities
            .iter()
            .take(NAMES_MAX)
            .map(|city| name_of(city, language))
            .collect();
        let more = if count > NAMES_MAX { " …" } else { "" };
        Self {
            count,
            names: format!("{}{more}", first.join(", ")),
        }
    }
}

fn partner_of(pair: &RoundPairView, city: CityId) -> &CitySummary {
    if pair.first.id == city {
        &pair.second
    } else {
        &pair.first
    }
}

fn name_of(city: &CitySummary, language: Language) -> String {
    label_for(&city.name, &city.labels, language).to_owned()
}

fn fingerprint(found: &[OfCity]) -> Result<String, Error> {
    Ok(sha256(serde_json::to_vec(found)?))
}

/// The mail.
fn letter(account: &Account, language: Language, found: &[OfCity], public_url: &str) -> Result<Letter, Error> {
    let facts = context! {
        name => account.name.clone(),
        cities => Serde(found),
        daily => account.digest == Digest::Daily.code(),
        url => public_url.trim_end_matches('/'),
    };
    words::letter(account.id, &TEXTS, language, facts)
}

#[cfg(test)]
mod tests {
    use shared::ids::AccountId;

    use super::*;

    fn account(language: &str, digest: Digest) -> Account {
        Account {
            id: AccountId(Uuid::from_u128(1)),
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            email: "olena@kremenchuk.example".to_owned(),
            name: "Олена Коваль".to_owned(),
            password_hash: String::new(),
            language: language.to_owned(),
            active: true,
            digest: digest.code().to_owned(),
            digest_at: None,
            digest_told: None,
        }
    }

    fn found() -> Vec<OfCity> {
        let names = |count: usize, names: &str| Names {
            count,
            names: names.to_owned(),
        };
        vec![OfCity {
            id: CityId(Uuid::from_u128(2)),
            name: "Kremenchuk".to_owned(),
            searches: vec![OfSearch {
                name: "Water & <heat>".to_owned(),
                new: names(7, "Grenoble, Annecy, Lyon, Vienne, Thiers …"),
            }],
            waiting: names(1, "Clermont-Ferrand"),
            proposed: names(2, "Annecy, Thiers"),
            radar: OfRadar {
                count: 9,
                first: shared::radar::RadarReason::ALL
                    .iter()
                    .map(|reason| OnRadar {
                        reason: reason.code(),
                        name: format!("<{}>", reason.code()),
                        day: NaiveDate::default(),
                    })
                    .collect(),
            },
        }]
    }

    #[test]
    fn a_letter_tells_all_that_waits_in_every_language() {
        for (language, _) in TEXTS {
            let letter = letter(
                &account(language.tag(), Digest::Weekly),
                language,
                &found(),
                "https://passerelle.example/",
            )
            .unwrap();
            assert!(
                !letter.subject.is_empty() && !letter.subject.contains("{{"),
                "{letter:?}"
            );
            for part in [
                "Олена Коваль",
                "Water & <heat>",
                "7",
                "Thiers …",
                "Clermont-Ferrand",
                "Annecy, Thiers",
                "https://passerelle.example/rounds",
                "https://passerelle.example/matches",
                "https://passerelle.example/cities/00000000-0000-0000-0000-000000000002/partners",
                "https://passerelle.example/account",
                "https://passerelle.example/cities/00000000-0000-0000-0000-000000000002/radar",
            ] {
                assert!(letter.text.contains(part), "{part} in {}", letter.text);
            }
            // Every reason has its words.
            for reason in shared::radar::RadarReason::ALL {
                let line = letter
                    .text
                    .lines()
                    .find(|line| line.contains(&format!("<{}>", reason.code())));
                assert!(
                    line.is_some_and(|line| line.contains("1970-01-01:") && !line.ends_with(": ")),
                    "{line:?}"
                );
            }
            assert!(!letter.text.contains("\n\n\n"), "{}", letter.text);
        }
    }

    #[test]
    fn how_often_is_told_as_it_is() {
        let text = |digest| letter(&account("en", digest), Language::En, &found(), "").unwrap().text;
        assert!(text(Digest::Daily).contains("morning") && !text(Digest::Daily).contains("Monday"));
        assert!(text(Digest::Weekly).contains("Monday"));
    }

    #[test]
    fn mornings_are_the_last_ones() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        // A Friday evening, and an early Monday.
        let monday = at("2026-11-16T05:00:00Z");
        assert_eq!(
            mornings(at("2026-11-20T17:30:00Z")),
            (at("2026-11-20T05:00:00Z"), monday)
        );
        assert_eq!(
            mornings(at("2026-11-23T04:59:59Z")),
            (at("2026-11-22T05:00:00Z"), monday)
        );
        let next = at("2026-11-23T05:00:00Z");
        assert_eq!(mornings(next), (next, next));
    }

    #[test]
    fn the_same_is_known_again() {
        assert_eq!(fingerprint(&found()).unwrap(), fingerprint(&found()).unwrap());
        let mut other = found();
        other[0].waiting.count = 2;
        assert_ne!(fingerprint(&found()).unwrap(), fingerprint(&other).unwrap());
    }
}
