//! Cities: local and regional authorities of any kind, with their profile.

pub mod kin;
pub mod registers;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::geo::Point;
use crate::ids::{CityId, ContactId, NetworkId};
use crate::language::Texts;
use crate::mandates::ToConfirm;
use crate::themes::Theme;

/// Longest description, in characters.
pub const DESCRIPTION_MAX: u64 = 4_000;
/// Longest sentence of a need or an offer.
pub const SENTENCE_MAX: u64 = 300;
/// Most needs, and most offers, that a city states.
pub const STATEMENTS_MAX: u64 = 16;
/// Most contact persons of a city.
pub const CONTACTS_MAX: u64 = 20;
/// Most languages, countries or levels in one list.
pub const LIST_MAX: u64 = 30;
/// Longest name of a city.
pub const NAME_MAX: u64 = 200;
/// Longest place of a need or an offer, in words.
pub const PLACE_MAX: u64 = 120;
/// Longest address of a web site.
pub const WEBSITE_MAX: u64 = 300;
/// Longest code of a subdivision.
pub const SUBDIVISION_MAX: u64 = 10;
/// Most inhabitants of a city that somebody adds.
pub const POPULATION_MAX: i64 = 100_000_000;
/// Longest name and function of a contact person, and longest e-mail address.
pub const CONTACT_TEXT_MAX: u64 = 120;
/// Longest telephone number.
pub const PHONE_MAX: u64 = 40;
/// Longest search.
pub const SEARCH_MAX: u64 = 100;

macro_rules! codes {
    ($(#[$doc:meta])* $type:ident { $($(#[$vdoc:meta])* $name:ident = $code:tt),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $type {
            $($(#[$vdoc])* #[serde(rename = $code)] $name,)+
        }

        impl $type {
            /// Every one, in the order in which lists show them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code on the wire and in the database.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The one with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|item| item.code() == code)
            }
        }
    };
}
pub(crate) use codes;

codes!(
    /// What kind of authority it is.
    CityKind {
        /// A town or commune.
        Municipality = "municipality",
        /// A Ukrainian territorial community.
        Hromada = "hromada",
        /// An intercommunality (in France: EPCI).
        Intercommunality = "intercommunality",
        /// A department, province or county.
        Department = "department",
        /// A district (in Ukraine: raion).
        District = "district",
        /// A region or oblast.
        Region = "region",
        /// A federation of municipalities.
        Federation = "federation",
        /// A park authority.
        Park = "park",
    }
);

codes!(
    /// The level at which an authority works, to pair like with like.
    Level {
        /// One town.
        Local = "local",
        /// Several towns together.
        Intermunicipal = "intermunicipal",
        /// Between the towns and the region.
        Intermediate = "intermediate",
        /// A region.
        Regional = "regional",
    }
);

impl CityKind {
    /// The level at which this kind works.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::Municipality => Level::Local,
            Self::Hromada | Self::Intercommunality | Self::Federation | Self::Park => Level::Intermunicipal,
            Self::Department | Self::District => Level::Intermediate,
            Self::Region => Level::Regional,
        }
    }
}

codes!(
    /// How pressing a need is, or how ready an offer.
    Urgency {
        /// Some day.
        Low = "low",
        /// This year or next.
        Medium = "medium",
        /// Now.
        High = "high",
    }
);

codes!(
    /// Whether a city wants to start a partnership or to strengthen one that it has.
    Engagement {
        /// Start (amorcer): leads to matching.
        Start = "start",
        /// Strengthen (renforcer): begins from an existing partnership.
        Strengthen = "strengthen",
    }
);

codes!(
    /// In which order a list of cities comes.
    CitySort {
        /// By name, whatever its accents and its script.
        Name = "name",
        /// By name, backwards.
        NameDescending = "-name",
        /// The smallest population first; those without one come first.
        Population = "population",
        /// The largest population first.
        PopulationDescending = "-population",
    }
);

codes!(
    /// What kind of name it is.
    NameKind {
        /// The official name.
        Official = "official",
        /// Another name in use, for example in another language.
        Alternate = "alternate",
        /// A name of the past.
        Former = "former",
    }
);

/// A name of a city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityName {
    /// The name.
    #[cfg_attr(feature = "openapi", schema(example = "Кременчук"))]
    pub text: String,
    /// Its language, BCP 47; null where the source does not say.
    pub language: Option<String>,
    /// What kind of name it is.
    pub kind: NameKind,
}

/// A code of a city in an official list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityCode {
    /// The list: `fr:insee`, `fr:siren`, `fr:departement`, `fr:region`, `ua:katottg`, `geonames`, `wikidata`, `iso3166-2`.
    #[cfg_attr(feature = "openapi", schema(example = "fr:insee"))]
    pub scheme: String,
    /// The code in that list.
    #[cfg_attr(feature = "openapi", schema(example = "38185"))]
    pub value: String,
    /// Since when it holds, where known.
    #[serde(default, with = "crate::time::day_option")]
    pub valid_from: Option<NaiveDate>,
    /// Until when it held; null while it does.
    #[serde(default, with = "crate::time::day_option")]
    pub valid_to: Option<NaiveDate>,
}

/// A need or an offer: a theme, how pressing, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The theme.
    pub theme: Theme,
    /// How pressing a need, or how ready an offer.
    pub urgency: Urgency,
    /// One sentence.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 300))]
    pub sentence: String,
    /// Where, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 120))]
    pub place: Option<String>,
}

/// What a city looks for in a partner; an empty list means that any will do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LookingFor {
    /// Countries, ISO 3166-1 alpha-2.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub countries: Vec<String>,
    /// Levels of authority.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// Start or strengthen.
    #[serde(default)]
    pub engagement: Option<Engagement>,
}

/// A step towards a complete profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProfileStep {
    /// A description in one language.
    Description,
    /// A description in a second language.
    SecondLanguage,
    /// A need.
    Needs,
    /// An offer.
    Offers,
    /// The languages that the staff works in.
    Languages,
    /// What the city looks for.
    LookingFor,
    /// A contact person.
    Contact,
}

impl ProfileStep {
    /// Every step, in the order in which one would take them, with its share of the whole in percent.
    pub const ALL: [(Self, u8); 7] = [
        (Self::Needs, 20),
        (Self::Offers, 20),
        (Self::Description, 20),
        (Self::Contact, 15),
        (Self::Languages, 10),
        (Self::LookingFor, 10),
        (Self::SecondLanguage, 5),
    ];
}

/// How complete a profile is, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Completeness {
    /// 0 to 100.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub percent: u8,
    /// What is missing, the most useful first.
    pub missing: Vec<ProfileStep>,
}

impl Completeness {
    /// The completeness of a profile; `done` says for each step whether it is taken.
    #[must_use]
    pub fn of(done: impl Fn(ProfileStep) -> bool) -> Self {
        let mut percent = 0;
        let mut missing = Vec::new();
        for (step, share) in ProfileStep::ALL {
            if done(step) {
                percent += share;
            } else {
                missing.push(step);
            }
        }
        Self { percent, missing }
    }
}

/// What the caller may do with a city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CityAction {
    /// Change the profile.
    Update,
    /// See and change the contact persons.
    ManageContacts,
    /// See ranked partners and tell interest in the city's name.
    FindPartners,
    /// See and change what the city keeps to itself: bans, weights, searches.
    ManagePrivate,
}

/// A city in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CitySummary {
    /// The city's id.
    pub id: CityId,
    /// Grows by one with each change.
    pub version: i64,
    /// What kind of authority it is.
    pub kind: CityKind,
    /// Its official name.
    #[cfg_attr(feature = "openapi", schema(example = "Grenoble"))]
    pub name: String,
    /// Its name for readers of `fr`, `en`, `uk`, where it differs from the official one.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub labels: Texts,
    /// Country, ISO 3166-1 alpha-2 (and `XK`).
    #[cfg_attr(feature = "openapi", schema(example = "FR"))]
    pub country: String,
    /// Subdivision, ISO 3166-2 or the country's own code, where known.
    pub subdivision: Option<String>,
    /// Inhabitants, where known.
    pub population: Option<i64>,
    /// Where it is, where known.
    pub location: Option<Point>,
    /// Whether it looks for partners.
    pub open_to_partners: bool,
    /// Themes of its needs.
    pub needs: Vec<Theme>,
    /// Themes of its offers.
    pub offers: Vec<Theme>,
}

crate::page!(
    /// A page of cities.
    CityPage of CitySummary
);

/// A city found while typing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CitySuggestion {
    /// The city.
    #[serde(flatten)]
    pub city: CitySummary,
    /// The name or code that matched.
    pub matched: String,
}

/// Cities found while typing, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CitySuggestions {
    /// At most `limit` cities.
    pub items: Vec<CitySuggestion>,
}

/// A city with its whole public profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityView {
    /// What stands in lists.
    #[serde(flatten)]
    pub summary: CitySummary,
    /// All its names.
    pub names: Vec<CityName>,
    /// All its codes.
    pub codes: Vec<CityCode>,
    /// The authority above it, for example the commune's department.
    pub parent_id: Option<CityId>,
    /// The network of its region.
    pub network_id: Option<NetworkId>,
    /// Description by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub descriptions: Texts,
    /// Languages that the staff works in, BCP 47.
    pub languages: Vec<String>,
    /// What it needs.
    pub need_statements: Vec<Statement>,
    /// What it offers.
    pub offer_statements: Vec<Statement>,
    /// What it looks for.
    pub looking_for: LookingFor,
    /// Its web site.
    pub website: Option<String>,
    /// How complete the profile is.
    pub completeness: Completeness,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
    /// What you may do with it.
    pub allowed: Vec<CityAction>,
}

/// Changes to a city's profile: an absent field stays as it is, null clears it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CityPatch {
    /// Description by language; null as a value removes that language, other languages stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, Option<String>>>))]
    pub descriptions: Option<std::collections::BTreeMap<String, Option<String>>>,
    /// Languages that the staff works in, BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub languages: Option<Vec<String>>,
    /// All needs, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 16))]
    pub need_statements: Option<Vec<Statement>>,
    /// All offers, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 16))]
    pub offer_statements: Option<Vec<Statement>>,
    /// What it looks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looking_for: Option<LookingFor>,
    /// Whether it looks for partners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_to_partners: Option<bool>,
    /// Its web site (`https://…`); null clears it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::patch::nullable"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 300))]
    pub website: Option<Option<String>>,
    /// The authority that it lies in, of the same country; null clears it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::patch::nullable"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<CityId>))]
    pub parent_id: Option<Option<CityId>>,
}

/// A city that the directory lacks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CityDraft {
    /// What kind of authority it is.
    pub kind: CityKind,
    /// Its official name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// Country, ISO 3166-1 alpha-2 (and `XK`).
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 2, example = "AR"))]
    pub country: String,
    /// Subdivision, ISO 3166-2.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub subdivision: Option<String>,
    /// Inhabitants.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100_000_000))]
    pub population: Option<i64>,
    /// Where it is.
    #[serde(default)]
    pub location: Option<Point>,
    /// Other names by language.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub labels: Texts,
    /// Its codes in official lists, one of each list at most. No other city has or had them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 8))]
    pub codes: Vec<registers::CityCodeDraft>,
}

/// Whom to talk to in a city. Only the city's staff and those in contact with it through a match see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactView {
    /// The contact's id.
    pub id: ContactId,
    /// Name, function and how to reach the person.
    #[serde(flatten)]
    pub contact: Contact,
    /// The day on which the city last entered or confirmed the person; none where it was before this was kept.
    #[serde(default, with = "crate::time::day_option")]
    pub confirmed_on: Option<NaiveDate>,
    /// Why nobody knows whether it is still the right person; none where somebody said so since.
    pub to_confirm: Option<ToConfirm>,
}

/// A contact person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The person's name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 120))]
    pub name: String,
    /// What the person does there.
    #[cfg_attr(feature = "openapi", schema(max_length = 120))]
    pub function: String,
    /// E-mail address.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 120))]
    pub email: String,
    /// Telephone number.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub phone: Option<String>,
    /// When the mandate or the post ends, where it does.
    #[serde(default, with = "crate::time::day_option")]
    pub mandate_ends_on: Option<NaiveDate>,
    /// Whether voters, or those whom they elected, gave the person the function: an election asks for it anew.
    #[serde(default)]
    pub elected: bool,
}

/// The contact persons of a city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactList {
    /// The version of the city, for `If-Match`.
    pub version: i64,
    /// The contact persons.
    pub items: Vec<ContactView>,
}

/// All contact persons of a city, in place of the former ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ContactsDraft {
    /// The contact persons.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub items: Vec<Contact>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_make_a_whole_profile() {
        assert_eq!(ProfileStep::ALL.iter().map(|(_, share)| share).sum::<u8>(), 100);
        assert_eq!(
            Completeness::of(|_| true),
            Completeness {
                percent: 100,
                missing: vec![]
            }
        );
        assert_eq!(Completeness::of(|_| false).missing.len(), 7);
    }

    #[test]
    fn an_absent_field_is_not_a_null_one() -> Result<(), serde_json::Error> {
        let absent: CityPatch = serde_json::from_str("{}")?;
        let null: CityPatch = serde_json::from_str(r#"{"website": null}"#)?;
        assert_eq!(absent.website, None);
        assert_eq!(null.website, Some(None));
        Ok(())
    }
}
