//! The committee's sheet: every file of a call with its place, how far its reviewers are apart, and what the envelope says.
//!
//! Places and amounts are made of all files of the call; filters and pages only choose what is shown of them. A call has
//! some hundreds: they are read in one statement and worked on in memory.

mod formats;
mod order;

use std::collections::HashMap;

use shared::applications::ApplicationState;
use shared::ids::{ApplicationId, CallId, CityId};
use shared::partnerships::PartyRole;
use shared::reviews::envelope::{Claim, Place, places};
use shared::reviews::ranking::{Standing, standings_with};
use shared::reviews::{Affordability, CommitteePage, CommitteeReview, CommitteeRow, ReviewState, envelope};
use shared::rounds::priority_of;
use shared::themes::Theme;

pub use self::order::CommitteeSort;
use self::order::{Key, Position, key_of};
use super::store::{self, FileRow, ReviewRecord};
use crate::applications::view::names;
use crate::caller::Caller;
use crate::db::Tx;
use crate::directory::Directory;
use crate::directory::fold::fold;
use crate::error::Error;
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::{CallRecord, calls};

/// Which files are shown, and in which order.
#[derive(Debug, Clone, Default)]
pub struct CommitteeFilter {
    /// In this state.
    pub state: Option<ApplicationState>,
    /// With this theme.
    pub theme: Option<Theme>,
    /// With a city of this country.
    pub country: Option<String>,
    /// Of which the envelope says this.
    pub affordability: Option<Affordability>,
    /// Asking for at least this.
    pub asked_min: Option<i64>,
    /// Asking for at most this.
    pub asked_max: Option<i64>,
    /// With these words in the title or in the names of cities.
    pub q: Option<String>,
    /// In this order.
    pub sort: CommitteeSort,
}

/// A file with all that is told of it.
struct Entry {
    file: FileRow,
    reviews: Vec<ReviewRecord>,
    standing: Standing,
    priority: u32,
    place: Place,
    countries: Vec<String>,
    lead_name: String,
    partner_names: Vec<String>,
}

/// A page of the sheet. Before the deadline it tells how many files there are, and nothing of them.
///
/// # Errors
/// `NotFound`, not an officer, a cursor of another list, and those of the database.
pub async fn read(
    platform: &Platform,
    caller: &Caller,
    id: CallId,
    filter: &CommitteeFilter,
    paging: &Paging,
) -> Result<CommitteePage, Error> {
    let conn = platform.db.read();
    let call = calls::visible(caller, calls::store::call(conn, id).await?)?;
    let programme = call.programme_id;
    policy::require(&caller.actor, &Action::ReadCommittee { programme })?;
    let after: Option<Position> = paging.cursor.as_deref().map(page::position).transpose()?;
    if after.as_ref().is_some_and(|after| after.sort != filter.sort) {
        return Err(page::foreign_cursor());
    }
    let files = store::files_of(conn, id).await?;
    if !call.window.is_over(caller.now) {
        return Ok(sealed(&call, files.len(), paging));
    }
    let mut entries = entries(&platform.directory, &call, files, store::of_call(conn, id).await?);
    let now = caller.now.timestamp_millis();
    for entry in &mut entries {
        let corrected = entry.file.correction_until_ms.is_some_and(|until| until >= now);
        if corrected && entry.file.state == ApplicationState::InReview {
            entry.file.state = ApplicationState::CorrectionRequested;
        }
    }
    let mut sheet = summary(&call, caller, &entries);
    let words = filter.q.as_deref().map(fold).filter(|words| !words.is_empty());
    let mut shown: Vec<(Key, &Entry)> = entries
        .iter()
        .filter(|entry| fits(entry, filter, words.as_deref()))
        .map(|entry| (key_of(entry, filter.sort), entry))
        .collect();
    shown.sort_by(|one, other| one.0.cmp(&other.0));
    sheet.total = paging.count.then_some(shown.len() as u64);
    let limit = paging.limit.0 as usize;
    let mut rest = shown
        .into_iter()
        .filter(|(key, _)| after.as_ref().is_none_or(|after| *key > after.key))
        .peekable();
    let mut last = None;
    while sheet.items.len() < limit
        && let Some((key, entry)) = rest.next()
    {
        sheet.items.push(row(entry));
        last = Some(key);
    }
    if let Some(key) = last.filter(|_| rest.peek().is_some()) {
        sheet.next = Some(page::cursor(&Position { sort: filter.sort, key })?);
    }
    Ok(sheet)
}

fn sealed(call: &CallRecord, files: usize, paging: &Paging) -> CommitteePage {
    CommitteePage {
        items: Vec::new(),
        next: None,
        total: paging.count.then_some(0),
        call_state: call.state,
        sealed: true,
        handed_in: u32::try_from(files).unwrap_or(u32::MAX),
        undecided: u32::try_from(files).unwrap_or(u32::MAX),
        accepted: 0,
        waitlisted: 0,
        envelope_minor: call.envelope_minor,
        committed_minor: 0,
        affordable_minor: 0,
        asked_minor: 0,
        currency: call.rules.currency.clone(),
        can_decide: false,
    }
}

fn is_undecided(file: &FileRow) -> bool {
    file.state.is_judged() || file.state == ApplicationState::CorrectionRequested
}

fn claim_of(file: &FileRow) -> Claim {
    if is_undecided(file) {
        Claim::Asks(file.grant_asked_minor)
    } else if file.state == ApplicationState::Waitlisted {
        Claim::Waits(file.grant_asked_minor)
    } else {
        file.granted_minor.map_or(Claim::None, Claim::Granted)
    }
}

/// The files in the order of the ranking; those without a sheet last, the first to be handed in first.
fn entries(directory: &Directory, call: &CallRecord, files: Vec<FileRow>, reviews: Vec<ReviewRecord>) -> Vec<Entry> {
    let mut by_file = store::by_file(reviews);
    let reviews: Vec<Vec<ReviewRecord>> = files
        .iter()
        .map(|file| by_file.remove(&file.id).unwrap_or_default())
        .collect();
    let totals: Vec<Vec<u32>> = reviews
        .iter()
        .map(|reviews| {
            let filed = reviews.iter().filter(|review| review.state == ReviewState::Filed);
            filed.filter_map(|review| review.total).collect()
        })
        .collect();
    let priorities: Vec<u32> = files
        .iter()
        .map(|file| priority_points(directory, call, &file.parties))
        .collect();
    let standings = standings_with(&totals, &priorities);
    let mut ranked: Vec<(FileRow, Vec<ReviewRecord>, Standing, u32)> = files
        .into_iter()
        .zip(reviews)
        .zip(standings.into_iter().zip(priorities))
        .map(|((file, reviews), (standing, priority))| (file, reviews, standing, priority))
        .collect();
    ranked.sort_by_key(|(file, _, standing, _)| (standing.rank.unwrap_or(u32::MAX), file.submitted_at, file.id));
    let claims: Vec<Claim> = ranked.iter().map(|(file, ..)| claim_of(file)).collect();
    ranked
        .into_iter()
        .zip(places(call.envelope_minor, &claims))
        .map(|((file, reviews, standing, priority), place)| {
            let (lead_name, partner_names, countries) = names(directory, &file.parties as &[(_, PartyRole)]);
            Entry {
                file,
                reviews,
                standing,
                priority,
                place,
                countries,
                lead_name,
                partner_names,
            }
        })
        .collect()
}

/// The places of the files of a call that have a sheet, as the committee sees them now.
///
/// # Errors
/// Those of the database.
pub async fn ranks(
    tx: &Tx<'_>,
    directory: &Directory,
    call: &CallRecord,
) -> Result<HashMap<ApplicationId, u32>, Error> {
    let conn = tx.conn();
    let (files, reviews) = (
        store::files_of(conn, call.id).await?,
        store::of_call(conn, call.id).await?,
    );
    let entries = entries(directory, call, files, reviews);
    let ranked = entries.into_iter();
    Ok(ranked
        .filter_map(|entry| Some((entry.file.id, entry.standing.rank?)))
        .collect())
}

/// What the rules add to a file for where its cities are; associated ones count for nothing.
fn priority_points(directory: &Directory, call: &CallRecord, parties: &[(CityId, PartyRole)]) -> u32 {
    let priorities = &call.rules.priority_regions;
    if priorities.is_empty() {
        return 0;
    }
    let counted = parties.iter().filter(|(_, role)| *role != PartyRole::Associated);
    let cities = counted.filter_map(|&(city, _)| directory.summary(city));
    cities
        .map(|city| priority_of(priorities, &city.country, city.subdivision.as_deref()))
        .max()
        .unwrap_or(0)
}

/// What is told of all files together.
fn summary(call: &CallRecord, caller: &Caller, entries: &[Entry]) -> CommitteePage {
    let claims: Vec<Claim> = entries.iter().map(|entry| claim_of(&entry.file)).collect();
    let asked = |wanted: &dyn Fn(&Entry) -> bool| {
        let undecided = entries
            .iter()
            .filter(|entry| is_undecided(&entry.file) && wanted(entry));
        undecided.fold(0_i64, |sum, entry| sum.saturating_add(entry.file.grant_asked_minor))
    };
    let count = |wanted: &dyn Fn(&Entry) -> bool| {
        u32::try_from(entries.iter().filter(|entry| wanted(entry)).count()).unwrap_or(u32::MAX)
    };
    let programme = call.programme_id;
    CommitteePage {
        items: Vec::new(),
        next: None,
        total: None,
        call_state: call.state,
        sealed: false,
        handed_in: count(&|_| true),
        undecided: count(&|entry| is_undecided(&entry.file)),
        accepted: count(&|entry| matches!(claim_of(&entry.file), Claim::Granted(_))),
        waitlisted: count(&|entry| entry.file.state == ApplicationState::Waitlisted),
        envelope_minor: call.envelope_minor,
        committed_minor: envelope::committed(&claims),
        affordable_minor: asked(&|entry| {
            matches!(
                entry.place.affordability,
                Affordability::Within | Affordability::FitsTheRest
            )
        }),
        asked_minor: asked(&|_| true),
        currency: call.rules.currency.clone(),
        can_decide: policy::allows(&caller.actor, &Action::DecideApplications { programme }),
    }
}

fn fits(entry: &Entry, filter: &CommitteeFilter, words: Option<&str>) -> bool {
    let file = &entry.file;
    let asked = file.grant_asked_minor;
    filter.state.is_none_or(|state| file.state == state)
        && filter.theme.is_none_or(|theme| file.themes.contains(&theme))
        && filter
            .country
            .as_ref()
            .is_none_or(|country| entry.countries.contains(country))
        && filter
            .affordability
            .is_none_or(|affordability| entry.place.affordability == affordability)
        && filter.asked_min.is_none_or(|min| asked >= min)
        && filter.asked_max.is_none_or(|max| asked <= max)
        && words.is_none_or(|words| file.search_key.contains(words))
}

fn row(entry: &Entry) -> CommitteeRow {
    let Entry {
        file,
        reviews,
        standing,
        place,
        ..
    } = entry;
    CommitteeRow {
        application_id: ApplicationId::clone(&file.id),
        version: file.version,
        state: file.state,
        title: file.title.clone(),
        lead_name: entry.lead_name.clone(),
        partner_names: entry.partner_names.clone(),
        countries: entry.countries.clone(),
        themes: file.themes.clone(),
        cost_minor: file.cost_minor,
        grant_asked_minor: file.grant_asked_minor,
        granted_minor: file.granted_minor,
        priority_points: entry.priority,
        rank: standing.rank,
        tied: standing.tied,
        mean: standing.mean,
        spread: standing.spread,
        filed: standing.sheets,
        reviews: reviews.iter().map(told).collect(),
        cumulated_minor: place.cumulated,
        affordability: place.affordability,
        submitted_at: file.submitted_at,
    }
}

fn told(review: &ReviewRecord) -> CommitteeReview {
    CommitteeReview {
        id: review.id,
        version: review.version,
        reviewer_id: review.reviewer_id,
        reviewer_name: review.reviewer_name.clone(),
        state: review.state,
        // What is not filed is its reviewer's alone.
        total: review.total.filter(|_| review.state == ReviewState::Filed),
        conflict: review.conflict.clone(),
    }
}
