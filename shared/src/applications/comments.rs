//! What the cities of a file say to each other while they write it: seen by them alone, never by the funder, and no part of
//! what they sign.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{ApplicationId, CityId, CommentId};

/// Longest comment, in characters.
pub const COMMENT_MAX: u64 = 2_000;
/// Longest name of a place, in characters.
pub const COMMENT_PLACE_MAX: u64 = 80;

codes!(
    /// What the caller may do with a comment.
    CommentAction {
        /// Change what one's own says.
        Update = "update",
        /// Delete one's own.
        Delete = "delete",
        /// Say that a conversation is settled.
        Settle = "settle",
        /// Take that back.
        Reopen = "reopen",
        /// Answer.
        Reply = "reply",
    }
);

/// A comment on a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentView {
    /// The comment's id.
    pub id: CommentId,
    /// Grows by one with each change.
    pub version: i64,
    /// The file.
    pub application_id: ApplicationId,
    /// The comment that it answers, which begins a conversation.
    pub reply_to: Option<CommentId>,
    /// What it is about: `title`, `themes`, `parties`, `budget`, `documents`, or the key of a question; null for the whole file.
    pub place: Option<String>,
    /// What it says.
    pub text: String,
    /// For which city.
    pub city_id: CityId,
    /// The city's name.
    pub city_name: String,
    /// Who wrote it; null where the account is no more, or was a program.
    pub author_name: Option<String>,
    /// When it was written.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
    /// When its text last changed.
    #[serde(with = "crate::time::option")]
    pub edited_at: Option<DateTime<Utc>>,
    /// Since when the conversation that it begins is settled.
    #[serde(with = "crate::time::option")]
    pub settled_at: Option<DateTime<Utc>>,
    /// Who settled it.
    pub settled_by_name: Option<String>,
    /// What you may do with it.
    pub allowed: Vec<CommentAction>,
}

crate::page!(
    /// A page of comments.
    CommentPage of CommentView
);

/// A comment to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CommentDraft {
    /// What it says.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = COMMENT_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000))]
    pub text: String,
    /// What it is about: `title`, `themes`, `parties`, `budget`, `documents`, or the key of a question; absent for the whole
    /// file. An answer is about what its conversation is about.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = COMMENT_PLACE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80, example = "budget"))]
    pub place: Option<String>,
    /// The comment that it answers: one that begins a conversation.
    #[serde(default)]
    pub reply_to: Option<CommentId>,
}

/// What a comment shall say instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CommentPatch {
    /// What it says.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = COMMENT_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000))]
    pub text: String,
}
