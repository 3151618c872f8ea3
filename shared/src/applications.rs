//! Joint applications: one file that several cities write, sign off and submit.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::budget::{Assessment, Budget};
use crate::cities::{CitySummary, codes};
use crate::forms::{FormSection, PrefillSource};
use crate::ids::{AccountId, ApplicationId, CallId, CityId, CohortId, PartnershipId};
use crate::language::Texts;
use crate::partnerships::PartyRole;
use crate::programmes::{CallWindow, Question};
use crate::themes::Theme;

mod attachments;
mod comments;
mod correction;
mod faults;
mod letter;
mod presence;
mod reopening;
mod states;
mod versions;

pub use attachments::{
    ATTACHMENT_BYTES_MAX, ATTACHMENT_NAME_MAX, ATTACHMENTS_MAX, AttachmentKind, AttachmentPurpose, AttachmentView,
    plain_name,
};
pub use comments::{
    COMMENT_MAX, COMMENT_PLACE_MAX, CommentAction, CommentDraft, CommentPage, CommentPatch, CommentView,
};
pub use correction::{CORRECTION_DAYS_MAX, CorrectionDraft, CorrectionView};
pub use letter::DecisionLetter;
pub use presence::{PRESENT_SECONDS, PresenceDraft, PresenceView, Present};
pub use reopening::{ReopeningDraft, ReopeningView};
pub use states::{ApplicationAction, ApplicationState, Outcome};
pub use versions::{
    FileVersionPage, FileVersionParty, FileVersionSummary, FileVersionView, RESTORED_PLACES_MAX, VERSIONS_MAX,
    VersionRestoreDraft,
};

/// Longest title, in characters.
pub const TITLE_MAX: u64 = 200;
/// Longest reason of a decision, in characters.
pub const REASON_MAX: u64 = 4_000;
/// Most parties of a file.
pub const PARTIES_MAX: u64 = 50;

/// A city in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplicationPartyView {
    /// The city.
    pub city: CitySummary,
    /// Lead, partner or associated.
    pub role: PartyRole,
    /// When it agreed to what the file says now; null while it has not.
    #[serde(default, with = "crate::time::option")]
    pub signed_off_at: Option<DateTime<Utc>>,
}

/// A city to be in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApplicationPartyDraft {
    /// The city.
    pub city_id: CityId,
    /// Lead, partner or associated.
    pub role: PartyRole,
}

/// All cities of the file, in place of the former ones; exactly one leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ApplicationPartiesDraft {
    /// The cities.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 50))]
    pub items: Vec<ApplicationPartyDraft>,
}

codes!(
    /// A part of the file.
    Section {
        /// Title, themes and answers.
        Project = "project",
        /// Who takes part.
        Parties = "parties",
        /// Costs and resources.
        Budget = "budget",
        /// Each party's agreement.
        SignOff = "sign_off",
    }
);

/// What is still missing in a part of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SectionStatus {
    /// The part.
    pub section: Section,
    /// Whether nothing is missing.
    pub complete: bool,
    /// What is missing: keys of questions, ids of cities, names of broken rules.
    pub missing: Vec<String>,
}

/// Proof that the file was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The application.
    pub application_id: ApplicationId,
    /// The server's time at which it was handed in.
    #[serde(with = "crate::time")]
    pub submitted_at: DateTime<Utc>,
    /// SHA-256 of the content, in hexadecimal: of the bytes of `content`.
    #[cfg_attr(feature = "openapi", schema(min_length = 64, max_length = 64))]
    pub sha256: String,
    /// The content that was hashed, as canonical JSON text.
    pub content: String,
    /// What is signed, as canonical JSON text: `application_id`, `sha256` and `submitted_at`.
    pub statement: String,
    /// The Ed25519 signature of the bytes of `statement`, in base64url without padding.
    #[cfg_attr(feature = "openapi", schema(min_length = 86, max_length = 86))]
    pub signature: String,
    /// Which of the published keys signed it.
    pub key_id: String,
}

/// A public key of receipts, as a JSON Web Key (RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptKey {
    /// Which key: a receipt's `key_id`.
    pub kid: String,
    /// The kind of key.
    #[cfg_attr(feature = "openapi", schema(example = "OKP"))]
    pub kty: String,
    /// Its curve.
    #[cfg_attr(feature = "openapi", schema(example = "Ed25519"))]
    pub crv: String,
    /// The algorithm that it signs with.
    #[cfg_attr(feature = "openapi", schema(example = "EdDSA"))]
    pub alg: String,
    /// What it is for.
    #[serde(rename = "use")]
    #[cfg_attr(feature = "openapi", schema(example = "sig"))]
    pub purpose: String,
    /// Its 32 bytes, in base64url without padding.
    #[cfg_attr(feature = "openapi", schema(min_length = 43, max_length = 43))]
    pub x: String,
}

/// The public keys of receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptKeySet {
    /// The keys, oldest first; the latest one signs.
    pub keys: Vec<ReceiptKey>,
}

/// A decision with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionView {
    /// Accepted, on the waiting list, or rejected.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// What was granted, in minor units of the rules' currency; null for what is not accepted.
    pub granted_minor: Option<i64>,
    /// Its place on the waiting list now, by the committee's ranking; null for what is not on it, or was never ranked.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub waitlist_place: Option<u32>,
    /// When.
    #[serde(with = "crate::time")]
    pub decided_at: DateTime<Utc>,
    /// By whom; only the funder sees it.
    pub decided_by: Option<AccountId>,
    /// Whether its letter can be read: the call's results are published.
    #[serde(default)]
    pub has_letter: bool,
}

/// A decision to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct DecisionDraft {
    /// Accepted, on the waiting list, or rejected.
    pub outcome: Outcome,
    /// Why.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub reason: String,
    /// What is granted, in minor units; the sum asked for where it is absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100_000_000_000_000_i64))]
    pub granted_minor: Option<i64>,
}

/// An application in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplicationSummary {
    /// The application's id.
    pub id: ApplicationId,
    /// Grows by one with each change.
    pub version: i64,
    /// The call.
    pub call_id: CallId,
    /// The call's title by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub call_title: Texts,
    /// The project's title.
    pub title: String,
    /// Where it stands; for its cities a decided one is `in_review` until the results of its call are published.
    pub state: ApplicationState,
    /// The lead's name.
    pub lead_name: String,
    /// Names of the other cities.
    pub partner_names: Vec<String>,
    /// Countries of all cities.
    pub countries: Vec<String>,
    /// All costs, in minor units.
    pub cost_minor: i64,
    /// The grant asked for, in minor units.
    pub grant_asked_minor: i64,
    /// The currency, ISO 4217.
    pub currency: String,
    /// When it was handed in.
    #[serde(default, with = "crate::time::option")]
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

crate::page!(
    /// A page of applications, latest change first unless asked otherwise.
    ApplicationPage of ApplicationSummary
);

/// An application, as its parties and (once handed in) its funder see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplicationView {
    /// What stands in lists.
    #[serde(flatten)]
    pub summary: ApplicationSummary,
    /// The window in which it is handed in, with its time zone: the call's, or that of a correction for its cities while they make
    /// one.
    pub window: CallWindow,
    /// The server's time, for a countdown.
    #[serde(with = "crate::time")]
    pub server_time: DateTime<Utc>,
    /// The parts that the call's questions are in, in their order.
    #[serde(default)]
    pub form_sections: Vec<FormSection>,
    /// The call's questions.
    pub questions: Vec<Question>,
    /// Answers by the key of their question, as the kind of question tells. Once the file is handed in, those to questions
    /// that were not shown are not in it.
    pub answers: BTreeMap<String, String>,
    /// Where the answers come from that nobody has written or looked at yet, by the key of their question.
    #[serde(default)]
    pub prefilled: BTreeMap<String, PrefillSource>,
    /// Themes.
    pub themes: Vec<Theme>,
    /// The partnership that it comes from.
    pub partnership_id: Option<PartnershipId>,
    /// The cities: the lead first.
    pub parties: Vec<ApplicationPartyView>,
    /// Its documents, oldest first.
    pub attachments: Vec<AttachmentView>,
    /// What is missing, part by part.
    pub sections: Vec<SectionStatus>,
    /// The proof that it was handed in.
    pub receipt_sha256: Option<String>,
    /// The decision; its cities read it once the results of its call are published.
    pub decision: Option<DecisionView>,
    /// The correction that its funder asked for last.
    #[serde(default)]
    pub correction: Option<CorrectionView>,
    /// Decisions that were taken back to be made again, latest first; its cities read of those that were public.
    pub reopenings: Vec<ReopeningView>,
    /// What you may do now.
    pub allowed: Vec<ApplicationAction>,
}

/// An application to be: it begins as a draft led by your city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ApplicationDraft {
    /// The call.
    pub call_id: CallId,
    /// Your city, which leads.
    pub lead_city_id: CityId,
    /// The project's title.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: String,
    /// The partnership that it comes from; its cities are invited to the file.
    #[serde(default)]
    pub partnership_id: Option<PartnershipId>,
    /// A former file of your city, to start from: its themes, its cities, and its answers to questions of the same key.
    #[serde(default)]
    pub from_application_id: Option<ApplicationId>,
    /// A cohort in which your city has signed its letter of engagement; the other cities that signed theirs are invited to the
    /// file.
    #[serde(default)]
    pub cohort_id: Option<CohortId>,
}

/// Changes to a draft: an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ApplicationPatch {
    /// The project's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: Option<String>,
    /// Answers by key; null clears one, other answers stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, Option<String>>>))]
    pub answers: Option<BTreeMap<String, Option<String>>>,
    /// All themes, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 16))]
    pub themes: Option<Vec<Theme>>,
}

/// Agreement of a city to what the file says now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct SignOffDraft {
    /// Your city.
    pub city_id: CityId,
}

/// The budget of an application with what the rules make of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetView {
    /// The version of the application, for `If-Match`.
    pub version: i64,
    /// The currency, ISO 4217.
    pub currency: String,
    /// Costs, contributions and the grant asked for.
    pub budget: Budget,
    /// What the rules make of it.
    pub assessment: Assessment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_grants_nothing_and_needs_a_reason() {
        let draft = |outcome, reason: &str, granted_minor| DecisionDraft {
            outcome,
            reason: reason.into(),
            granted_minor,
        };
        let pointers =
            |draft: DecisionDraft| -> Vec<String> { draft.faults().into_iter().map(|fault| fault.pointer).collect() };
        assert_eq!(pointers(draft(Outcome::Rejected, " ", None)), ["/reason"]);
        assert_eq!(pointers(draft(Outcome::Rejected, "No.", Some(1))), ["/granted_minor"]);
        assert_eq!(pointers(draft(Outcome::Accepted, "Yes.", Some(-1))), ["/granted_minor"]);
        assert_eq!(
            pointers(draft(Outcome::Accepted, "Yes.", Some(1))),
            Vec::<String>::new()
        );
    }
}
