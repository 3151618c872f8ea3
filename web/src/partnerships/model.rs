//! What the screens about partnerships think, without a browser.

use crate::merge::{self, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::{
    PairingDraft, PartnershipDraft, PartnershipKind, PartnershipPatch, PartnershipState, PartnershipSummary,
    PartnershipView, PartyDraft, PartyRef, PartyRole, PartyView,
};
use shared::themes::Theme;

/// The filters of the list, as they stand in the address.
pub const FILTERS: [&str; 5] = ["q", "country", "kind", "state", "theme"];
/// The filters that the map knows too.
pub const MAP_FILTERS: [&str; 3] = ["country", "kind", "state"];
/// The orders of the list, besides the usual one (latest change first).
pub const SORTS: [&str; 1] = ["name"];

/// A party in the form: who, with its name to be shown, and what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Who it is.
    pub party: PartyRef,
    /// Its name.
    pub name: String,
    /// What it is in the partnership.
    pub role: PartyRole,
}

/// A partnership as somebody writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// What kind of bond it is.
    pub kind: PartnershipKind,
    /// The named platform; empty for none.
    pub platform: String,
    /// What it is about.
    pub about: String,
    /// Who takes part.
    pub parties: Vec<Party>,
    /// Pairs inside it.
    pub pairs: Vec<(CityId, CityId)>,
    /// Themes, by slug.
    pub themes: Vec<String>,
    /// Where it works, one a line.
    pub territories: String,
    /// Since when; told when it is made.
    pub started_on: Option<NaiveDate>,
    /// The phase before this one.
    #[serde(default)]
    pub predecessor_id: Option<PartnershipId>,
}

impl Default for Sheet {
    fn default() -> Self {
        Sheet {
            name: String::new(),
            kind: PartnershipKind::DecentralisedCooperation,
            platform: String::new(),
            about: String::new(),
            parties: Vec::new(),
            pairs: Vec::new(),
            themes: Vec::new(),
            territories: String::new(),
            started_on: None,
            predecessor_id: None,
        }
    }
}

impl Sheet {
    /// The sheet of an answer.
    pub fn of(view: &PartnershipView) -> Sheet {
        Sheet {
            name: view.summary.name.clone(),
            kind: view.summary.kind,
            platform: view.summary.platform.clone().unwrap_or_default(),
            about: view.about.clone(),
            parties: view
                .parties
                .iter()
                .map(|party| Party {
                    party: party.party,
                    name: party.name.clone(),
                    role: party.role,
                })
                .collect(),
            pairs: view.pairings.iter().map(|pair| (pair.a, pair.b)).collect(),
            themes: view
                .summary
                .themes
                .iter()
                .map(|theme| theme.slug().to_owned())
                .collect(),
            territories: view.territories.join("\n"),
            started_on: view.summary.started_on,
            predecessor_id: view.predecessor_id,
        }
    }

    fn parties(&self) -> Vec<PartyDraft> {
        self.parties
            .iter()
            .map(|party| PartyDraft {
                party: party.party,
                role: party.role,
            })
            .collect()
    }

    fn pairings(&self) -> Vec<PairingDraft> {
        self.pairs.iter().map(|&(a, b)| PairingDraft { a, b }).collect()
    }

    fn themes(&self) -> Vec<Theme> {
        self.themes.iter().filter_map(|slug| Theme::from_slug(slug)).collect()
    }

    fn territories(&self) -> Vec<String> {
        self.territories
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn platform(&self) -> Option<String> {
        Some(self.platform.clone()).filter(|platform| !platform.is_empty())
    }

    /// What makes it.
    pub fn draft(&self) -> PartnershipDraft {
        PartnershipDraft {
            name: self.name.clone(),
            kind: self.kind,
            platform: self.platform(),
            about: self.about.clone(),
            parties: self.parties(),
            pairings: self.pairings(),
            themes: self.themes(),
            territories: self.territories(),
            started_on: self.started_on,
            ends_on: None,
            parent_id: None,
            predecessor_id: self.predecessor_id,
            source: None,
        }
    }

    /// What makes `base` this; nothing where nothing differs.
    pub fn patch(&self, base: &Sheet) -> Option<PartnershipPatch> {
        let patch = PartnershipPatch {
            name: (self.name != base.name).then(|| self.name.clone()),
            kind: (self.kind != base.kind).then_some(self.kind),
            platform: (self.platform != base.platform).then(|| self.platform()),
            about: (self.about != base.about).then(|| self.about.clone()),
            parties: (self.parties() != base.parties()).then(|| self.parties()),
            pairings: (self.pairs != base.pairs).then(|| self.pairings()),
            themes: (self.themes != base.themes).then(|| self.themes()),
            territories: (self.territories() != base.territories()).then(|| self.territories()),
            predecessor_id: (self.predecessor_id != base.predecessor_id).then_some(self.predecessor_id),
            ..PartnershipPatch::default()
        };
        (patch != PartnershipPatch::default()).then_some(patch)
    }

    /// Merges what is written with what the server has now; says which parts somebody else changed, and how that ended.
    pub fn merge(base: &Sheet, mine: &Sheet, theirs: &Sheet) -> (Sheet, Vec<(&'static str, Outcome)>) {
        let (name, of_name) = merge::value(&base.name, &mine.name, &theirs.name);
        let (kind, of_kind) = merge::value(&base.kind, &mine.kind, &theirs.kind);
        let (platform, of_platform) = merge::value(&base.platform, &mine.platform, &theirs.platform);
        let (about, of_about) = merge::value(&base.about, &mine.about, &theirs.about);
        let (parties, of_parties) = merge::list(&base.parties, &mine.parties, &theirs.parties, |party| party.party);
        let (pairs, of_pairs) = merge::list(&base.pairs, &mine.pairs, &theirs.pairs, |pair| *pair);
        let (themes, of_themes) = merge::list(&base.themes, &mine.themes, &theirs.themes, String::clone);
        let (territories, of_territories) = merge::value(&base.territories, &mine.territories, &theirs.territories);
        let (predecessor_id, of_predecessor) =
            merge::value(&base.predecessor_id, &mine.predecessor_id, &theirs.predecessor_id);
        let outcomes = [
            ("name", of_name),
            ("kind", of_kind),
            ("platform", of_platform),
            ("about", of_about),
            ("parties", of_parties),
            ("pairs", of_pairs),
            ("themes", of_themes),
            ("territories", of_territories),
            ("predecessor", of_predecessor),
        ];
        let changed = outcomes
            .into_iter()
            .filter(|(_, outcome)| *outcome != Outcome::Same)
            .collect();
        let merged = Sheet {
            name,
            kind,
            platform,
            about,
            parties,
            pairs,
            themes,
            territories,
            started_on: mine.started_on,
            predecessor_id,
        };
        (merged, changed)
    }

    /// Takes a party out, and the pairs that it was in.
    pub fn remove_party(&mut self, party: PartyRef) {
        self.parties.retain(|known| known.party != party);
        if let PartyRef::City { city_id } = party {
            self.pairs.retain(|(a, b)| *a != city_id && *b != city_id);
        }
    }

    /// Gives a party a role; a new lead makes the former one a partner, since only one leads.
    pub fn set_role(&mut self, party: PartyRef, role: PartyRole) {
        for known in &mut self.parties {
            if known.party == party {
                known.role = role;
            } else if role == PartyRole::Lead && known.role == PartyRole::Lead {
                known.role = PartyRole::Partner;
            }
        }
    }

    /// The authorities among the parties, with their names.
    pub fn cities(&self) -> Vec<(CityId, String)> {
        self.parties
            .iter()
            .filter_map(|party| match party.party {
                PartyRef::City { city_id } => Some((city_id, party.name.clone())),
                _ => None,
            })
            .collect()
    }
}

/// Parties of one role, in the order of the answer.
pub fn of_role(parties: &[PartyView], role: PartyRole) -> Vec<PartyView> {
    parties.iter().filter(|party| party.role == role).cloned().collect()
}

/// The way that a partnership usually goes, with how far this one is; one that left the way (dormant, suspended, …) stands after the last step.
pub fn milestones(state: PartnershipState) -> Vec<(PartnershipState, bool)> {
    let way = [
        PartnershipState::Idea,
        PartnershipState::LetterOfIntent,
        PartnershipState::AgreementDrafted,
        PartnershipState::Signed,
        PartnershipState::Active,
    ];
    let at = way.iter().position(|step| *step == state).unwrap_or(way.len());
    way.into_iter()
        .enumerate()
        .map(|(step, state)| (state, step < at))
        .collect()
}

/// The partnerships to tell as stories: the ones with most parties first, each with a set of countries of its own, so that one does not read the same twice.
pub fn stories(mut all: Vec<PartnershipSummary>, count: usize) -> Vec<PartnershipSummary> {
    all.sort_by_key(|partnership| std::cmp::Reverse(partnership.city_count));
    let mut told: Vec<PartnershipSummary> = Vec::new();
    for partnership in all {
        let known = told.iter().any(|other| other.countries == partnership.countries);
        if !known && told.len() < count {
            told.push(partnership);
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    fn partnership(name: &str, cities: u32, countries: &[&str]) -> PartnershipSummary {
        PartnershipSummary {
            id: "01980a5c-7c00-7000-8000-000000000001".parse().unwrap(),
            version: 1,
            name: name.to_owned(),
            kind: PartnershipKind::Project,
            state: PartnershipState::Active,
            platform: None,
            countries: countries.iter().map(|code| (*code).to_owned()).collect(),
            party_names: Vec::new(),
            city_count: cities,
            themes: Vec::new(),
            started_on: None,
            ends_on: None,
            iati_activity_status: 2,
            updated_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn stories_are_large_and_differ_in_countries() {
        let all = vec![
            partnership("a", 2, &["FR", "UA"]),
            partnership("b", 6, &["AM", "FR"]),
            partnership("c", 4, &["AM", "FR"]),
            partnership("d", 3, &["AL", "FR", "XK"]),
        ];
        let names: Vec<_> = stories(all, 3).into_iter().map(|story| story.name).collect();
        assert_eq!(names, ["b", "d", "a"]);
    }

    fn city(last: u8) -> CityId {
        format!("01980a5c-7c00-7000-8000-0000000000{last:02}").parse().unwrap()
    }

    fn party(last: u8, role: PartyRole) -> Party {
        Party {
            party: PartyRef::City { city_id: city(last) },
            name: format!("city {last}"),
            role,
        }
    }

    #[test]
    fn a_phase_before_is_sent_where_it_changed_and_can_be_taken_out() {
        let before: PartnershipId = "01980a5c-7c00-7000-8000-000000000009".parse().unwrap();
        let (base, with) = (
            Sheet::default(),
            Sheet {
                predecessor_id: Some(before),
                ..Sheet::default()
            },
        );
        assert_eq!(with.patch(&base).unwrap().predecessor_id, Some(Some(before)));
        assert_eq!(base.patch(&with).unwrap().predecessor_id, Some(None));
        assert_eq!(with.patch(&with), None);
        assert_eq!(with.draft().predecessor_id, Some(before));
        let (merged, changes) = Sheet::merge(&base, &base, &with);
        assert_eq!(merged.predecessor_id, Some(before));
        assert_eq!(changes, [("predecessor", Outcome::Taken)]);
        // What a tab kept before the field was there is still read.
        let mut kept = serde_json::to_value(&base).unwrap();
        kept.as_object_mut().unwrap().remove("predecessor_id");
        assert_eq!(serde_json::from_value::<Sheet>(kept).unwrap(), base);
    }

    #[test]
    fn only_one_leads_and_a_party_leaves_with_its_pairs() {
        let mut sheet = Sheet {
            parties: vec![
                party(1, PartyRole::Lead),
                party(2, PartyRole::Partner),
                party(3, PartyRole::Partner),
            ],
            pairs: vec![(city(1), city(2)), (city(1), city(3))],
            ..Sheet::default()
        };
        sheet.set_role(PartyRef::City { city_id: city(2) }, PartyRole::Lead);
        let roles: Vec<_> = sheet.parties.iter().map(|party| party.role).collect();
        assert_eq!(roles, [PartyRole::Partner, PartyRole::Lead, PartyRole::Partner]);
        sheet.remove_party(PartyRef::City { city_id: city(2) });
        assert_eq!(sheet.pairs, [(city(1), city(3))]);
        assert_eq!(sheet.cities().len(), 2);
    }

    #[test]
    fn only_what_changed_is_sent_and_blank_lines_are_no_territories() {
        let base = Sheet {
            platform: "IRAPA".into(),
            territories: "Syunik".into(),
            ..Sheet::default()
        };
        assert_eq!(base.patch(&base), None);
        let mine = Sheet {
            platform: String::new(),
            territories: " Syunik \n\n".into(),
            ..base.clone()
        };
        let patch = mine.patch(&base).unwrap();
        assert_eq!(
            patch,
            PartnershipPatch {
                platform: Some(None),
                ..PartnershipPatch::default()
            }
        );
    }

    #[test]
    fn two_people_add_different_parties_and_both_stay() {
        let base = Sheet {
            parties: vec![party(1, PartyRole::Lead), party(2, PartyRole::Partner)],
            ..Sheet::default()
        };
        let mut mine = base.clone();
        mine.parties.push(party(3, PartyRole::Partner));
        let mut theirs = base.clone();
        theirs.parties.push(party(4, PartyRole::Associated));
        theirs.name = "IRAPA".into();
        let (merged, changed) = Sheet::merge(&base, &mine, &theirs);
        assert_eq!(merged.parties.len(), 4);
        assert_eq!(merged.name, "IRAPA");
        assert_eq!(changed, [("name", Outcome::Taken), ("parties", Outcome::Taken)]);
    }

    #[test]
    fn the_way_shows_how_far_a_partnership_is() {
        let done = |state| milestones(state).iter().filter(|(_, done)| *done).count();
        assert_eq!(done(PartnershipState::Idea), 0);
        assert_eq!(done(PartnershipState::Signed), 3);
        assert_eq!(done(PartnershipState::Dormant), 5);
    }
}
