//! Organisations: bodies that fund programmes, networks and associated actors, with what they were called and what became of
//! them.
//!
//! A ministry's directorate takes another name, two associations become one: what was signed then names the one of then. So
//! a name is never overwritten: each change says on which day, why and who says so, and any past day has its name
//! ([`name_on`]).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::cities::registers::CityScheme;
use crate::ids::{OrganisationId, ProgrammeId};
use crate::language::Texts;
use crate::networks::NetworkKind;
use crate::problem::{FieldCode, FieldError};

/// Longest name, in characters.
pub const NAME_MAX: u64 = 200;
/// Longest short name, in characters.
pub const SHORT_NAME_MAX: u64 = 30;
/// Longest reason, and longest source, in characters.
pub const WORDS_MAX: u64 = 500;
/// Most subdivisions that a network covers by name.
pub const SUBDIVISIONS_MAX: u64 = 60;
/// Longest words that are searched for, in characters.
pub const SEARCH_MAX: usize = 100;

codes!(
    /// What kind of organisation it is.
    OrganisationKind {
        /// A ministry, an agency, a foundation: a body that funds or accompanies.
        Body = "body",
        /// A network of authorities, which is also read at `/networks`.
        Network = "network",
        /// An associated actor of partnerships: an association, a hospital, a university, a firm.
        Actor = "actor",
    }
);

codes!(
    /// What an associated actor is.
    ActorKind {
        /// An association.
        Association = "association",
        /// A non-governmental organisation that carries projects out.
        Ngo = "ngo",
        /// A hospital.
        Hospital = "hospital",
        /// A university or a school.
        University = "university",
        /// A museum, a theatre, a library.
        CulturalCentre = "cultural_centre",
        /// A firm.
        Company = "company",
        /// A water agency or board.
        WaterAgency = "water_agency",
        /// A diaspora's organisation.
        Diaspora = "diaspora",
        /// The authority of a park.
        Park = "park",
        /// Another one.
        Other = "other",
    }
);

codes!(
    /// What became of an organisation.
    OrganisationStep {
        /// It took another name.
        Renamed = "renamed",
        /// It went into another one.
        Merged = "merged",
    }
);

codes!(
    /// What the caller may do with an organisation.
    OrganisationAction {
        /// Enter that it took another name.
        Rename = "rename",
        /// Enter that it went into another one.
        Merge = "merge",
        /// Take the latest of these back.
        Undo = "undo",
    }
);

/// An organisation as others name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganisationRef {
    /// Which one.
    pub id: OrganisationId,
    /// Its name of today.
    pub name: String,
    /// Its short name of today.
    pub short_name: Option<String>,
}

/// A new name, or a merger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganisationChangeView {
    /// Whose.
    pub organisation_id: OrganisationId,
    /// What became of it.
    pub step: OrganisationStep,
    /// The first day on which it was so.
    #[serde(with = "crate::time::day")]
    pub on: NaiveDate,
    /// What it was called until then.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "Délégation pour l'action extérieure des collectivités territoriales")
    )]
    pub name: String,
    /// Its short name until then.
    #[cfg_attr(feature = "openapi", schema(example = "DAECT"))]
    pub short_name: Option<String>,
    /// What it went into, where it was merged.
    pub into: Option<OrganisationRef>,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub source: String,
    /// When it was entered here.
    #[serde(with = "crate::time")]
    pub entered_at: DateTime<Utc>,
}

impl OrganisationChangeView {
    /// What it was called until then.
    #[must_use]
    pub fn names(&self) -> Names<'_> {
        (&self.name, self.short_name.as_deref())
    }
}

/// A programme that an organisation funds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FundedProgramme {
    /// Which one.
    pub id: ProgrammeId,
    /// Its name, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
}

/// An organisation, as anybody may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganisationView {
    /// The organisation's id: a network's, or an actor's, where it is one.
    pub id: OrganisationId,
    /// Grows by one with each change.
    pub version: i64,
    /// What kind of organisation it is.
    pub kind: OrganisationKind,
    /// Its name; with `as_of`, that of the day.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "Délégation pour les collectivités territoriales et la société civile")
    )]
    pub name: String,
    /// Its short name; with `as_of`, that of the day.
    #[cfg_attr(feature = "openapi", schema(example = "DCTCIV"))]
    pub short_name: Option<String>,
    /// Country of its seat, ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "openapi", schema(example = "FR"))]
    pub country: String,
    /// What it belongs to, in words.
    pub part_of: Option<String>,
    /// Its web site.
    pub website: Option<String>,
    /// What kind of network it is, where it is one.
    #[serde(default)]
    pub network_kind: Option<NetworkKind>,
    /// What an associated actor is, where it is one.
    #[serde(default)]
    pub actor_kind: Option<ActorKind>,
    /// What became of it, the latest first; with `as_of`, until that day.
    pub changes: Vec<OrganisationChangeView>,
    /// What went into it, the latest first; with `as_of`, until that day.
    pub absorbed: Vec<OrganisationChangeView>,
    /// The programmes that it funds.
    pub programmes: Vec<FundedProgramme>,
    /// The day that was asked for, where a past one was.
    #[serde(default, with = "crate::time::day_option")]
    pub as_of: Option<NaiveDate>,
    /// What you may do with it.
    pub allowed: Vec<OrganisationAction>,
}

impl OrganisationView {
    /// What it went into, where it is there no more.
    #[must_use]
    pub fn successor(&self) -> Option<&OrganisationChangeView> {
        self.changes
            .iter()
            .find(|change| change.step == OrganisationStep::Merged)
    }

    /// The organisation as it was called and stood on a past day: nothing can be done with the past.
    #[must_use]
    pub fn on(mut self, day: NaiveDate) -> Self {
        let until = self.changes.iter().map(|change| (change.on, change.names()));
        let (name, short_name) = name_on((&self.name, self.short_name.as_deref()), until, day);
        (self.name, self.short_name) = (name.to_owned(), short_name.map(str::to_owned));
        self.changes.retain(|change| change.on <= day);
        self.absorbed.retain(|change| change.on <= day);
        self.allowed.clear();
        self.as_of = Some(day);
        self
    }
}

/// What an organisation was called before its name of today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerName {
    /// The name.
    pub name: String,
    /// The last day on which it was called so.
    #[serde(with = "crate::time::day")]
    pub until: NaiveDate,
}

/// A name with its short form.
pub type Names<'a> = (&'a str, Option<&'a str>);

/// What an organisation was called on a day: what the first change after that day says it was called until then; where none
/// came after, its name of today. Changes are told with their first day, in any order.
#[must_use]
pub fn name_on<'a>(
    today: Names<'a>,
    changes: impl Iterator<Item = (NaiveDate, Names<'a>)>,
    day: NaiveDate,
) -> Names<'a> {
    let later = changes.filter(|(first, _)| *first > day);
    later.min_by_key(|(first, _)| *first).map_or(today, |(_, names)| names)
}

crate::page!(
    /// A page of organisations, by name.
    OrganisationPage of OrganisationView
);

/// The organisations that fund a programme, in the order in which it names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FunderList {
    /// The organisations.
    pub items: Vec<OrganisationView>,
}

/// An organisation that the register lacks: a body, a network or an associated actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct OrganisationDraft {
    /// What kind of organisation it is.
    #[serde(default = "body", skip_serializing_if = "is_body")]
    #[cfg_attr(feature = "openapi", schema(default = "body"))]
    pub kind: OrganisationKind,
    /// Its name of today.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = NAME_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// Its short name; only of a body.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = SHORT_NAME_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 30))]
    pub short_name: Option<String>,
    /// Country of its seat, ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "openapi", schema(example = "FR", pattern = "^[A-Z]{2}$"))]
    pub country: String,
    /// What it belongs to, in words; only of a body.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = NAME_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub part_of: Option<String>,
    /// What kind of network it is; of each network, and of no others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_kind: Option<NetworkKind>,
    /// The ISO 3166-2 subdivisions that a network covers, whose cities it accompanies; empty for all of its country or beyond.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "validate", validate(length(max = SUBDIVISIONS_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 60, example = json!(["FR-38", "FR-73"])))]
    pub subdivisions: Vec<String>,
    /// What an associated actor is; of each actor, and of no others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_kind: Option<ActorKind>,
}

const fn body() -> OrganisationKind {
    OrganisationKind::Body
}

fn is_body(kind: &OrganisationKind) -> bool {
    *kind == OrganisationKind::Body
}

impl OrganisationDraft {
    /// What is wrong with it, lengths apart.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        use OrganisationKind::{Actor, Body, Network};
        let mut faults = said("/name", &self.name);
        if !crate::countries::is_country(&self.country) {
            faults.push(FieldError::new("/country", FieldCode::Choice));
        }
        for (at, told, of) in [
            ("/short_name", self.short_name.is_some(), Body),
            ("/part_of", self.part_of.is_some(), Body),
            ("/network_kind", self.network_kind.is_some(), Network),
            ("/subdivisions", !self.subdivisions.is_empty(), Network),
            ("/actor_kind", self.actor_kind.is_some(), Actor),
        ] {
            let required = matches!(at, "/network_kind" | "/actor_kind");
            if told && self.kind != of {
                faults.push(FieldError::new(at, FieldCode::Inconsistent));
            } else if !told && required && self.kind == of {
                faults.push(FieldError::new(at, FieldCode::Required));
            }
        }
        for (index, part) in self.subdivisions.iter().enumerate() {
            let at = format!("/subdivisions/{index}");
            if !CityScheme::Iso31662.has_form(part) {
                faults.push(FieldError::new(at, FieldCode::Format));
            } else if self.subdivisions[..index].contains(part) {
                faults.push(FieldError::new(at, FieldCode::Duplicate));
            }
        }
        faults
    }
}

/// An organisation took another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct OrganisationRenaming {
    /// The first day of the new name: after its latest change, and not after today.
    #[serde(with = "crate::time::day")]
    pub on: NaiveDate,
    /// The new name.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = NAME_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// The new short name, of a body; networks and actors have none.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = SHORT_NAME_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 30))]
    pub short_name: Option<String>,
    /// Why.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = WORDS_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: String,
    /// Who says so: a document, a page.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = WORDS_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub source: String,
}

impl OrganisationRenaming {
    /// What is wrong with it, lengths and the day apart.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let words = [
            ("/name", &self.name),
            ("/reason", &self.reason),
            ("/source", &self.source),
        ];
        words.into_iter().flat_map(|(at, words)| said(at, words)).collect()
    }
}

/// An organisation went into another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct OrganisationMerger {
    /// The first day on which it was there no more: after its latest change, and not after today.
    #[serde(with = "crate::time::day")]
    pub on: NaiveDate,
    /// What it went into: another one, which is still there.
    pub into_id: OrganisationId,
    /// Why.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = WORDS_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: String,
    /// Who says so: a document, a page.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = WORDS_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub source: String,
}

impl OrganisationMerger {
    /// What is wrong with it, lengths, the day and the other one apart.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let words = [("/reason", &self.reason), ("/source", &self.source)];
        words.into_iter().flat_map(|(at, words)| said(at, words)).collect()
    }
}

fn said(at: &str, words: &str) -> Vec<FieldError> {
    let missing = words.trim().is_empty();
    missing
        .then(|| FieldError::new(at, FieldCode::Required))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn each_kind_of_organisation_tells_its_own() {
        let draft = |kind| OrganisationDraft {
            kind,
            name: "RESACOOP".to_owned(),
            short_name: None,
            country: "FR".to_owned(),
            part_of: None,
            network_kind: None,
            subdivisions: Vec::new(),
            actor_kind: None,
        };
        let faults = |draft: &OrganisationDraft| -> Vec<String> {
            let told = draft.faults().into_iter();
            told.map(|fault| format!("{} {}", fault.pointer, fault.code.code()))
                .collect()
        };
        assert!(faults(&draft(OrganisationKind::Body)).is_empty());
        assert_eq!(faults(&draft(OrganisationKind::Actor)), ["/actor_kind required"]);
        let mut network = OrganisationDraft {
            network_kind: Some(NetworkKind::RegionalMultiActor),
            subdivisions: vec!["FR-38".to_owned(), "FR-38".to_owned(), "Isère".to_owned()],
            short_name: Some("R".to_owned()),
            ..draft(OrganisationKind::Network)
        };
        assert_eq!(
            faults(&network),
            [
                "/short_name inconsistent",
                "/subdivisions/1 duplicate",
                "/subdivisions/2 format"
            ]
        );
        network.kind = OrganisationKind::Actor;
        network.subdivisions.truncate(1);
        assert_eq!(
            faults(&network),
            [
                "/short_name inconsistent",
                "/network_kind inconsistent",
                "/subdivisions inconsistent",
                "/actor_kind required"
            ]
        );
    }

    #[test]
    fn each_day_has_its_name_in_whichever_order_the_changes_stand() {
        let mut changes = [
            (day("2023-12-29"), ("DAECT", None)),
            (day("2006-01-01"), ("DAECL", None)),
        ];
        for _ in 0..2 {
            let on = |text: &str| name_on(("DCTCIV", None), changes.into_iter(), day(text)).0;
            assert_eq!(on("2005-12-31"), "DAECL");
            assert_eq!(on("2006-01-01"), "DAECT", "the first day of the new name");
            assert_eq!(on("2023-12-28"), "DAECT");
            assert_eq!(on("2023-12-29"), "DCTCIV");
            changes.reverse();
        }
    }
}
