//! Languages of the interface and texts that exist in several languages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A language of the interface, as a BCP 47 tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French.
    #[default]
    Fr,
    /// English.
    En,
    /// Ukrainian.
    Uk,
}

impl Language {
    /// Every language of the interface, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Fr, Self::En, Self::Uk];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
            Self::Uk => "uk",
        }
    }

    /// The language of a tag such as `fr`, `fr-FR` or `uk_UA`; none for any other language.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }
}

/// Texts by BCP 47 tag, for example `{"fr": "Krementchouk", "uk": "Кременчук"}`.
pub type Texts = BTreeMap<String, String>;

/// The text for `language`, else in French, English, or whichever is there.
#[must_use]
pub fn text_for(texts: &Texts, language: Language) -> Option<&str> {
    [language, Language::Fr, Language::En]
        .iter()
        .find_map(|wanted| texts.get(wanted.tag()))
        .or_else(|| texts.values().next())
        .map(String::as_str)
}

/// The label for readers of `language`, or the official name of what bears it.
#[must_use]
pub fn label_for<'a>(official: &'a str, labels: &'a Texts, language: Language) -> &'a str {
    let label = labels.get(language.tag()).filter(|label| !label.is_empty());
    label.map_or(official, String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regional_tag_gives_its_language() {
        assert_eq!(Language::from_tag("uk-UA"), Some(Language::Uk));
        assert_eq!(Language::from_tag("FR_be"), Some(Language::Fr));
        assert_eq!(Language::from_tag("de"), None);
    }

    #[test]
    fn a_missing_language_falls_back_to_french() {
        let texts = Texts::from([("de".into(), "Lyon (de)".into()), ("fr".into(), "Lyon".into())]);
        assert_eq!(text_for(&texts, Language::Uk), Some("Lyon"));
    }
}
