//! The letter that tells the cities of a file what was decided, once the call's results are published.

use serde::{Deserialize, Serialize};

use crate::ids::ApplicationId;
use crate::language::Language;

/// The letter about a decision, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionLetter {
    /// The application.
    pub application_id: ApplicationId,
    /// Its language.
    pub language: Language,
    /// Its subject.
    pub subject: String,
    /// Its words: plain text, paragraphs apart by an empty line.
    pub text: String,
}
