//! Forms: what a call asks of an application, in sections of questions.
//!
//! An answer is text on the wire and in the file, whatever the kind of question: so it is merged, signed, hashed and printed as
//! one. [`Question::fault`] says how each kind is written, [`shown`] which questions are asked at all, [`CallForm::faults`]
//! what a form needs, and [`eased`] what may still change once applicants rely on it.

use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::CallId;
use crate::language::Texts;

mod answers;
mod eased;
mod faults;

pub use answers::{chosen, shown, shown_answers};
pub use eased::eased;
pub use faults::question_faults;

/// Most questions of a call.
pub const QUESTIONS_MAX: usize = 100;
/// Most sections of a form.
pub const SECTIONS_MAX: usize = 20;
/// Most choices of a question.
pub const OPTIONS_MAX: usize = 30;
/// Longest label of a section, a question or a choice in one language, in characters.
pub const LABEL_MAX: u64 = 500;
/// Longest answer that a question may allow, in characters.
pub const ANSWER_MAX: u32 = 20_000;
/// Longest answer that a question of one line may allow, in characters.
pub const SHORT_ANSWER_MAX: u32 = 500;
/// The largest whole number that an answer can be, and the smallest one below zero.
pub const NUMBER_MAX: i64 = 1_000_000_000_000;
/// What "yes" is on the wire.
pub const YES: &str = "yes";
/// What "no" is on the wire.
pub const NO: &str = "no";

codes!(
    /// What kind of answer a question asks for, and how it is written.
    QuestionKind {
        /// Text of one line.
        ShortText = "short_text",
        /// Text of several paragraphs.
        LongText = "long_text",
        /// A whole number, in plain digits: `12`.
        Number = "number",
        /// An amount in the currency of the funding rules, in minor units: `125000`.
        Money = "money",
        /// A day: `2026-03-01`.
        Date = "date",
        /// `yes` or `no`.
        YesNo = "yes_no",
        /// The key of one choice.
        OneChoice = "one_choice",
        /// The keys of the chosen ones, in the order in which they stand, with commas between them: `music,theatre`.
        SeveralChoices = "several_choices",
    }
);

impl QuestionKind {
    /// Whether it is answered with choices that the question gives.
    #[must_use]
    pub const fn has_options(self) -> bool {
        matches!(self, Self::OneChoice | Self::SeveralChoices)
    }

    /// Whether a longest answer can be told.
    #[must_use]
    pub const fn has_length(self) -> bool {
        matches!(self, Self::ShortText | Self::LongText)
    }

    /// Whether a smallest and a largest answer can be told.
    #[must_use]
    pub const fn has_bounds(self) -> bool {
        matches!(self, Self::Number | Self::Money | Self::SeveralChoices)
    }

    /// Whether other questions can depend on its answer.
    #[must_use]
    pub const fn can_lead(self) -> bool {
        matches!(self, Self::YesNo | Self::OneChoice | Self::SeveralChoices)
    }
}

codes!(
    /// Where an answer can come from before anybody writes it.
    Prefill {
        /// The lead city's latest file that answers a question of the same key.
        FormerFile = "former_file",
        /// How the lead city describes itself.
        CityDescription = "city_description",
        /// How many inhabitants the lead city has.
        CityPopulation = "city_population",
        /// The lead city's web site.
        CityWebsite = "city_website",
    }
);

impl Prefill {
    /// Whether an answer of this kind can come from there.
    #[must_use]
    pub const fn fits(self, kind: QuestionKind) -> bool {
        match self {
            Self::FormerFile => true,
            Self::CityDescription | Self::CityWebsite => kind.has_length(),
            Self::CityPopulation => matches!(kind, QuestionKind::Number),
        }
    }
}

codes!(
    /// Where an answer came from that nobody has written or looked at yet.
    PrefillSource {
        /// A former file.
        FormerFile = "former_file",
        /// The city's profile.
        CityProfile = "city_profile",
    }
);

/// A choice of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct QuestionOption {
    /// What stands for it in the answer.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40, example = "strengthen"))]
    pub key: String,
    /// Its words by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub label: Texts,
}

/// When a question is asked: another one, which stands before it, has one of these answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ShownWhen {
    /// The key of the other question: one of yes or no, of one choice, or of several.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub question: String,
    /// The answers: `yes`, `no`, or keys of its choices.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 30))]
    pub answers: Vec<String>,
}

const fn usual_kind() -> QuestionKind {
    QuestionKind::LongText
}

const fn usual_length() -> u32 {
    2_000
}

/// A question that an application answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The key of the answer.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40, example = "objectives"))]
    pub key: String,
    /// The section that it is in; null where the form has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub section: Option<String>,
    /// What kind of answer it asks for.
    #[serde(default = "usual_kind")]
    pub kind: QuestionKind,
    /// The question by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub label: Texts,
    /// A hint by language.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub hint: Texts,
    /// Whether an application without an answer is incomplete, where the question is asked.
    pub required: bool,
    /// Longest answer, in characters; of texts only.
    #[serde(default = "usual_length")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 20000, required = true))]
    pub max_length: u32,
    /// The smallest number, the smallest amount in minor units, or the fewest choices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The largest number, the largest amount in minor units, or the most choices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// What can be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub options: Vec<QuestionOption>,
    /// When it is asked; always where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_when: Option<ShownWhen>,
    /// Where its answer can come from before anybody writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<Prefill>,
}

impl Question {
    /// A question of several paragraphs, which stands alone.
    #[must_use]
    pub const fn long_text(key: String, label: Texts, hint: Texts, required: bool, max_length: u32) -> Self {
        Self {
            key,
            section: None,
            kind: QuestionKind::LongText,
            label,
            hint,
            required,
            max_length,
            min: None,
            max: None,
            options: Vec::new(),
            shown_when: None,
            prefill: None,
        }
    }
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FormSection {
    /// What its questions name it by.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40, example = "project"))]
    pub key: String,
    /// Its title by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub title: Texts,
    /// What it is about, by language.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub about: Texts,
}

/// The whole form of a call, in place of the former one. Questions stand in the order of their sections; each text is there
/// in French and in English at least.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CallForm {
    /// Its parts, in their order.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub sections: Vec<FormSection>,
    /// Its questions, in their order.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub questions: Vec<Question>,
}

codes!(
    /// How far a form may still be changed.
    FormFreedom {
        /// As one likes: the call is not open yet. Agreements to drafts are taken back by a change.
        Free = "free",
        /// Only so that it asks less: applicants rely on it.
        Eased = "eased",
        /// Not at all: the call takes no more applications.
        Fixed = "fixed",
    }
);

/// The form of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallFormView {
    /// The call.
    pub call_id: CallId,
    /// The call's version, for `If-Match`.
    pub version: i64,
    /// Its title by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub call_title: Texts,
    /// The currency of amounts, ISO 4217.
    pub currency: String,
    /// Its parts, in their order.
    pub sections: Vec<FormSection>,
    /// Its questions, in their order.
    pub questions: Vec<Question>,
    /// How far it may still be changed.
    pub freedom: FormFreedom,
    /// Whether you may change it now.
    pub can_update: bool,
}

#[cfg(test)]
mod tests;
