//! The orders of the committee's sheet.

use serde::{Deserialize, Serialize};
use shared::ids::ApplicationId;

use super::Entry;

/// The order of the committee's sheet; `-` puts the largest or latest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub enum CommitteeSort {
    /// By place, the best first; without a sheet last.
    #[default]
    #[serde(rename = "rank")]
    Rank,
    /// The last place first.
    #[serde(rename = "-rank")]
    RankFromEnd,
    /// Whose reviewers agree first.
    #[serde(rename = "spread")]
    SmallestSpread,
    /// Whose reviewers lie farthest apart first.
    #[serde(rename = "-spread")]
    LargestSpread,
    /// By title.
    #[serde(rename = "title")]
    Title,
    /// By title from the end.
    #[serde(rename = "-title")]
    TitleFromEnd,
    /// Smallest grant first.
    #[serde(rename = "grant_asked_minor")]
    SmallestGrant,
    /// Largest grant first.
    #[serde(rename = "-grant_asked_minor")]
    LargestGrant,
    /// Handed in first first.
    #[serde(rename = "submitted_at")]
    EarliestSubmission,
    /// Handed in last first.
    #[serde(rename = "-submitted_at")]
    LatestSubmission,
}

/// What a file is ordered by: as a number, then as a text, whose end is compared backwards where the order is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Key {
    number: i64,
    /// Of files on the same place, the first to be handed in comes first: in this order the money is counted.
    then: i64,
    text: Text,
    id: ApplicationId,
}

/// A folded text, from its beginning or from the end of the alphabet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Text {
    Forwards(String),
    Backwards(std::cmp::Reverse<String>),
}

/// Where a page of the sheet ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    pub(super) sort: CommitteeSort,
    pub(super) key: Key,
}

pub(super) fn key_of(entry: &Entry, sort: CommitteeSort) -> Key {
    let file = &entry.file;
    let place = entry.standing.rank.map_or(i64::MAX, i64::from);
    let spread = entry.standing.spread.map(i64::from);
    let submitted = file.submitted_at.map_or(0, |at| at.timestamp_millis());
    let number = match sort {
        CommitteeSort::Rank => place,
        CommitteeSort::RankFromEnd => place.saturating_neg(),
        CommitteeSort::SmallestSpread => spread.unwrap_or(i64::MAX),
        // Without a sheet last here, too.
        CommitteeSort::LargestSpread => spread.map_or(i64::MAX, i64::saturating_neg),
        CommitteeSort::Title | CommitteeSort::TitleFromEnd => 0,
        CommitteeSort::SmallestGrant => file.grant_asked_minor,
        CommitteeSort::LargestGrant => file.grant_asked_minor.saturating_neg(),
        CommitteeSort::EarliestSubmission => submitted,
        CommitteeSort::LatestSubmission => submitted.saturating_neg(),
    };
    let text = match sort {
        CommitteeSort::Title => Text::Forwards(file.title_key.clone()),
        CommitteeSort::TitleFromEnd => Text::Backwards(std::cmp::Reverse(file.title_key.clone())),
        _ => Text::Forwards(String::new()),
    };
    let then = match sort {
        CommitteeSort::Rank => submitted,
        CommitteeSort::RankFromEnd => submitted.saturating_neg(),
        _ => 0,
    };
    Key {
        number,
        then,
        text,
        id: file.id,
    }
}
