//! The story of a partnership: what it is, told to anybody, in three languages and with a picture whose people agreed to be
//! shown. Whoever may change the partnership writes it as a draft, publishes it, and withdraws it when that has to be.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{PartnershipId, StoryPictureId};
use crate::language::{Language, Texts};
use crate::problem::{FieldCode, FieldError};

/// Longest title, in characters.
pub const STORY_TITLE_MAX: u64 = 140;
/// Longest lead, in characters.
pub const STORY_LEAD_MAX: u64 = 400;
/// Longest text, in characters.
pub const STORY_TEXT_MAX: u64 = 8_000;
/// Longest words that stand for the picture, in characters.
pub const STORY_ALT_MAX: u64 = 300;
/// Longest word on who made the picture, and on who agreed to it, in characters.
pub const STORY_CREDIT_MAX: u64 = 200;
/// Longest reason of a withdrawal, in characters.
pub const STORY_REASON_MAX: u64 = 500;
/// Most bytes of a picture.
pub const STORY_PICTURE_BYTES_MAX: u64 = 5 * 1024 * 1024;
/// Longest side of a picture, in pixels.
pub const STORY_PICTURE_SIDE_MAX: u64 = 8_000;

codes!(
    /// Where a story stands.
    StoryState {
        /// It is being written.
        Draft = "draft",
        /// Anybody reads it.
        Published = "published",
        /// It is shown no more.
        Withdrawn = "withdrawn",
    }
);

impl StoryState {
    /// The states that can follow.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Published],
            Self::Published => &[Self::Withdrawn],
            Self::Withdrawn => &[Self::Draft],
        }
    }

    /// Whether moving here needs a reason.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Withdrawn)
    }
}

codes!(
    /// What the caller may do with a story.
    StoryAction {
        /// Change what it says.
        Update = "update",
        /// Send its picture.
        AddPicture = "add_picture",
        /// Take its picture away.
        RemovePicture = "remove_picture",
        /// Move it to its next state.
        Advance = "advance",
    }
);

codes!(
    /// What a picture is, as its content shows.
    StoryPictureKind {
        /// PNG.
        Png = "png",
        /// JPEG.
        Jpeg = "jpeg",
    }
);

impl StoryPictureKind {
    /// The media type that it is sent with.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// The picture of a story; its bytes are at `/story-pictures/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoryPicture {
    /// The picture's id: another one for each picture that is sent.
    pub id: StoryPictureId,
    /// What it is.
    pub kind: StoryPictureKind,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Its width in pixels.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 8000))]
    pub width: u32,
    /// Its height in pixels.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 8000))]
    pub height: u32,
    /// SHA-256 of its bytes, in hexadecimal.
    #[cfg_attr(feature = "openapi", schema(min_length = 64, max_length = 64))]
    pub sha256: String,
}

/// What a story says. A draft may still lack some of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct StoryDraft {
    /// Its title in `fr`, `en`, `uk`; at most 140 characters each.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub title: Texts,
    /// What it is about, in a sentence or two, in `fr`, `en`, `uk`; at most 400 characters each.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub lead: Texts,
    /// The story in `fr`, `en`, `uk`, with an empty line between paragraphs; at most 8,000 characters each.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub text: Texts,
    /// What the picture shows, for whoever does not see it, in `fr`, `en`, `uk`; at most 300 characters each.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub alt: Texts,
    /// Who made the picture.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub credit: String,
    /// Who agreed that the picture is shown: those in it or who speaks for them, or that nobody can be recognised. Read only
    /// by who may change the story; empty for others.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub consent_by: String,
    /// The day on which they agreed.
    #[serde(default, with = "crate::time::day_option")]
    pub consent_on: Option<NaiveDate>,
}

impl StoryDraft {
    /// Its texts by language, each with its field and how long it may be.
    fn texts(&self) -> [(&'static str, &Texts, u64); 4] {
        [
            ("/title", &self.title, STORY_TITLE_MAX),
            ("/lead", &self.lead, STORY_LEAD_MAX),
            ("/text", &self.text, STORY_TEXT_MAX),
            ("/alt", &self.alt, STORY_ALT_MAX),
        ]
    }

    /// The same without white space around it, and without texts that say nothing.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        for texts in [&mut self.title, &mut self.lead, &mut self.text, &mut self.alt] {
            texts.retain(|_, text| !text.trim().is_empty());
            for text in texts.values_mut() {
                *text = text.trim().to_owned();
            }
        }
        self.credit = self.credit.trim().to_owned();
        self.consent_by = self.consent_by.trim().to_owned();
        self
    }

    /// What is wrong with it, also as a draft.
    #[must_use]
    pub fn faults(&self, today: NaiveDate) -> Vec<FieldError> {
        let mut faults = Vec::new();
        for (field, texts, max) in self.texts() {
            for (tag, text) in texts {
                // A language becomes part of the pointer only where it is one.
                if !Language::ALL.iter().any(|language| language.tag() == tag) {
                    faults.push(FieldError::new(field, FieldCode::Choice));
                } else if text.chars().count() as u64 > max {
                    faults.push(FieldError::new(format!("{field}/{tag}"), FieldCode::Length).with("max", max));
                }
            }
        }
        for (field, words) in [("/credit", &self.credit), ("/consent_by", &self.consent_by)] {
            if words.chars().count() as u64 > STORY_CREDIT_MAX {
                faults.push(FieldError::new(field, FieldCode::Length).with("max", STORY_CREDIT_MAX));
            }
        }
        if self.consent_on.is_some_and(|day| day > today) {
            faults.push(FieldError::new("/consent_on", FieldCode::Range).with("max", today));
        }
        faults
    }

    /// What it lacks to be published, as JSON pointers: each text in each language, and for a picture who agreed to it.
    #[must_use]
    pub fn missing(&self, has_picture: bool) -> Vec<String> {
        let mut missing = Vec::new();
        for (field, texts, _) in self.texts() {
            if field == "/alt" && !has_picture {
                continue;
            }
            for language in Language::ALL {
                if texts.get(language.tag()).is_none_or(|text| text.trim().is_empty()) {
                    missing.push(format!("{field}/{}", language.tag()));
                }
            }
        }
        if has_picture {
            let said = [
                ("/credit", !self.credit.trim().is_empty()),
                ("/consent_by", !self.consent_by.trim().is_empty()),
                ("/consent_on", self.consent_on.is_some()),
            ];
            missing.extend(
                said.iter()
                    .filter(|(_, said)| !said)
                    .map(|(field, _)| (*field).to_owned()),
            );
        }
        missing
    }

    /// Without what is said of a picture that is there no more.
    pub fn forget_picture(&mut self) {
        self.alt.clear();
        self.credit.clear();
        self.consent_by.clear();
        self.consent_on = None;
    }
}

/// A story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoryView {
    /// Whose story it is.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// Grows by one with each change.
    pub version: i64,
    /// Where it stands.
    pub state: StoryState,
    /// Why it was withdrawn.
    pub state_reason: Option<String>,
    /// When it was last published.
    #[serde(with = "crate::time::option")]
    pub published_at: Option<DateTime<Utc>>,
    /// What it says.
    pub words: StoryDraft,
    /// Its picture.
    pub picture: Option<StoryPicture>,
    /// JSON pointers into `words`: what it lacks to be published.
    pub missing: Vec<String>,
    /// The states that can follow.
    pub next_states: Vec<StoryState>,
    /// What you may do with it.
    pub allowed: Vec<StoryAction>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

/// A story in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StorySummary {
    /// Whose story it is.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// Where it stands.
    pub state: StoryState,
    /// When it was last published.
    #[serde(with = "crate::time::option")]
    pub published_at: Option<DateTime<Utc>>,
    /// Its title, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub title: Texts,
    /// What it is about, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub lead: Texts,
    /// Its picture.
    pub picture: Option<StoryPicture>,
    /// What the picture shows, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub alt: Texts,
}

crate::page!(
    /// A page of stories.
    StoryPage of StorySummary
);

/// A step of a story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct StoryAdvance {
    /// Where to.
    pub to: StoryState,
    /// Why; needed to withdraw it.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = STORY_REASON_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_all(text: &str) -> Texts {
        Language::ALL
            .iter()
            .map(|language| (language.tag().to_owned(), text.to_owned()))
            .collect()
    }

    #[test]
    fn only_the_drawn_steps_are_there() {
        use StoryState as S;
        let drawn: Vec<(S, S)> = S::ALL
            .iter()
            .flat_map(|&from| from.next().iter().map(move |&to| (from, to)))
            .collect();
        assert_eq!(
            drawn,
            [
                (S::Draft, S::Published),
                (S::Published, S::Withdrawn),
                (S::Withdrawn, S::Draft)
            ]
        );
        assert!(S::ALL.iter().filter(|state| state.needs_reason()).eq([&S::Withdrawn]));
    }

    #[test]
    fn a_story_lacks_each_language_and_the_consent_of_who_is_shown() {
        let mut story = StoryDraft {
            title: in_all("A"),
            lead: in_all("B"),
            text: in_all("C"),
            ..StoryDraft::default()
        };
        assert!(story.missing(false).is_empty());
        assert_eq!(
            story.missing(true),
            ["/alt/fr", "/alt/en", "/alt/uk", "/credit", "/consent_by", "/consent_on"]
        );
        story.text.insert("uk".to_owned(), " ".to_owned());
        assert_eq!(story.missing(false), ["/text/uk"]);
        assert_eq!(story.tidied().text.len(), 2);
    }

    #[test]
    fn a_draft_is_short_enough_in_languages_of_the_interface_and_nobody_agreed_tomorrow() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        let mut story = StoryDraft::default();
        assert!(story.faults(today).is_empty());
        story.title = in_all(&"x".repeat(141));
        story.alt.insert("de".to_owned(), "Ein Bild".to_owned());
        story.credit = "x".repeat(201);
        story.consent_on = today.succ_opt();
        let pointers: Vec<String> = story.faults(today).into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(
            pointers,
            ["/title/en", "/title/fr", "/title/uk", "/alt", "/credit", "/consent_on"]
        );
    }
}
