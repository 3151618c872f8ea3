//! The profile of a city as somebody edits it: read from the server's answer, compared, merged, sent.

use crate::merge::{self, Outcome};
use serde::{Deserialize, Serialize};
use shared::cities::{
    CityPatch, CityView, Contact, ContactList, ContactsDraft, Engagement, Level, LookingFor, Statement,
};
use shared::language::Texts;
use std::collections::BTreeMap;

/// What can be edited.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Description by language; an empty one is none.
    pub descriptions: Texts,
    /// Needs.
    pub needs: Vec<Statement>,
    /// Offers.
    pub offers: Vec<Statement>,
    /// Languages of the staff.
    pub languages: Vec<String>,
    /// Whether it looks for partners.
    pub open: bool,
    /// Countries looked for.
    pub countries: Vec<String>,
    /// Levels looked for.
    pub levels: Vec<Level>,
    /// Start or strengthen.
    pub engagement: Option<Engagement>,
    /// Web site; empty for none.
    pub website: String,
    /// Contact persons; none where they are not ours to see.
    pub contacts: Vec<Contact>,
}

/// A part of the profile that somebody else can have changed meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which part: the key of its words.
    pub part: &'static str,
    /// The language, for a description.
    pub language: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What this tab keeps of an edit: enough to merge it with whatever the server has when it is opened again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The profile as it was when the edit began.
    pub base: Profile,
    /// The profile as it stands in the form.
    pub mine: Profile,
}

impl Profile {
    /// The profile of an answer.
    pub fn of(view: &CityView, contacts: Option<&ContactList>) -> Profile {
        Profile {
            descriptions: view.descriptions.clone(),
            needs: view.need_statements.clone(),
            offers: view.offer_statements.clone(),
            languages: view.languages.clone(),
            open: view.summary.open_to_partners,
            countries: view.looking_for.countries.clone(),
            levels: view.looking_for.levels.clone(),
            engagement: view.looking_for.engagement,
            website: view.website.clone().unwrap_or_default(),
            contacts: contacts
                .map(|list| list.items.iter().map(|item| item.contact.clone()).collect())
                .unwrap_or_default(),
        }
    }

    /// What has to be sent so that `base` becomes this; nothing where only contacts differ, or nothing at all.
    pub fn patch(&self, base: &Profile) -> Option<CityPatch> {
        let mut descriptions = BTreeMap::new();
        for language in base.descriptions.keys().chain(self.descriptions.keys()) {
            let text = |of: &Profile| {
                of.descriptions
                    .get(language)
                    .filter(|text| !text.trim().is_empty())
                    .cloned()
            };
            if text(self) != text(base) {
                descriptions.insert(language.clone(), text(self));
            }
        }
        let looking_for = |of: &Profile| LookingFor {
            countries: of.countries.clone(),
            levels: of.levels.clone(),
            engagement: of.engagement,
        };
        let patch = CityPatch {
            descriptions: (!descriptions.is_empty()).then_some(descriptions),
            languages: (self.languages != base.languages).then(|| self.languages.clone()),
            need_statements: (self.needs != base.needs).then(|| self.needs.clone()),
            offer_statements: (self.offers != base.offers).then(|| self.offers.clone()),
            looking_for: (looking_for(self) != looking_for(base)).then(|| looking_for(self)),
            open_to_partners: (self.open != base.open).then_some(self.open),
            website: (self.website != base.website)
                .then(|| Some(self.website.clone()).filter(|website| !website.is_empty())),
            // What the city lies in is changed on its page.
            parent_id: None,
        };
        (patch != CityPatch::default()).then_some(patch)
    }

    /// The contact persons to be sent, where they differ.
    pub fn contacts_draft(&self, base: &Profile) -> Option<ContactsDraft> {
        (self.contacts != base.contacts).then(|| ContactsDraft {
            items: self.contacts.clone(),
        })
    }

    /// Merges what is typed with what the server has now; says what somebody else changed.
    pub fn merge(base: &Profile, mine: &Profile, theirs: &Profile) -> (Profile, Vec<Change>) {
        let mut changes = Vec::new();
        let mut note = |part: &'static str, language: Option<String>, outcome: Outcome| {
            if outcome != Outcome::Same {
                changes.push(Change {
                    part,
                    language,
                    outcome,
                });
            }
        };
        let mut descriptions = Texts::new();
        let all: std::collections::BTreeSet<&String> = [base, mine, theirs]
            .into_iter()
            .flat_map(|of| of.descriptions.keys())
            .collect();
        for language in all {
            let of = |profile: &Profile| profile.descriptions.get(language).cloned();
            let (text, outcome) = merge::value(&of(base), &of(mine), &of(theirs));
            note("description", Some(language.clone()), outcome);
            if let Some(text) = text {
                descriptions.insert(language.clone(), text);
            }
        }
        let (needs, outcome) = merge::list(&base.needs, &mine.needs, &theirs.needs, |item| item.theme);
        note("needs", None, outcome);
        let (offers, outcome) = merge::list(&base.offers, &mine.offers, &theirs.offers, |item| item.theme);
        note("offers", None, outcome);
        let (languages, outcome) = merge::list(&base.languages, &mine.languages, &theirs.languages, String::clone);
        note("languages", None, outcome);
        let (open, outcome) = merge::value(&base.open, &mine.open, &theirs.open);
        note("open", None, outcome);
        let (countries, outcome) = merge::list(&base.countries, &mine.countries, &theirs.countries, String::clone);
        note("countries", None, outcome);
        let (levels, outcome) = merge::list(&base.levels, &mine.levels, &theirs.levels, |level| *level);
        note("levels", None, outcome);
        let (engagement, outcome) = merge::value(&base.engagement, &mine.engagement, &theirs.engagement);
        note("engagement", None, outcome);
        let (website, outcome) = merge::value(&base.website, &mine.website, &theirs.website);
        note("website", None, outcome);
        let (contacts, outcome) = merge::list(&base.contacts, &mine.contacts, &theirs.contacts, |contact| {
            contact.email.clone()
        });
        note("contacts", None, outcome);
        let merged = Profile {
            descriptions,
            needs,
            offers,
            languages,
            open,
            countries,
            levels,
            engagement,
            website,
            contacts,
        };
        (merged, changes)
    }

    /// Puts somebody else's value in the place of one's own, for one part.
    pub fn take(&mut self, change: &Change, theirs: &Profile) {
        match change.part {
            "description" => {
                let Some(language) = &change.language else { return };
                match theirs.descriptions.get(language) {
                    Some(text) => self.descriptions.insert(language.clone(), text.clone()),
                    None => self.descriptions.remove(language),
                };
            }
            "needs" => self.needs.clone_from(&theirs.needs),
            "offers" => self.offers.clone_from(&theirs.offers),
            "languages" => self.languages.clone_from(&theirs.languages),
            "open" => self.open = theirs.open,
            "countries" => self.countries.clone_from(&theirs.countries),
            "levels" => self.levels.clone_from(&theirs.levels),
            "engagement" => self.engagement = theirs.engagement,
            "website" => self.website.clone_from(&theirs.website),
            "contacts" => self.contacts.clone_from(&theirs.contacts),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::cities::Urgency;
    use shared::themes::Theme;

    fn need(theme: Theme, sentence: &str) -> Statement {
        Statement {
            theme,
            urgency: Urgency::High,
            sentence: sentence.to_owned(),
            place: None,
        }
    }

    #[test]
    fn only_what_changed_is_sent_and_an_emptied_text_is_cleared() {
        let base = Profile {
            descriptions: Texts::from([("fr".into(), "Ville".into()), ("en".into(), "Town".into())]),
            website: "https://grenoble.example".into(),
            ..Profile::default()
        };
        assert_eq!(base.patch(&base), None);
        let mut mine = base.clone();
        mine.descriptions.insert("en".into(), "  ".into());
        mine.descriptions.insert("uk".into(), "Місто".into());
        mine.website.clear();
        let patch = mine.patch(&base).unwrap();
        let sent = patch.descriptions.unwrap();
        assert_eq!(
            sent,
            BTreeMap::from([("en".into(), None), ("uk".into(), Some("Місто".into()))])
        );
        assert_eq!(patch.website, Some(None));
        assert_eq!(patch.languages, None);
    }

    #[test]
    fn two_people_edit_different_needs_and_both_stay() {
        let base = Profile {
            needs: vec![need(Theme::Climate, "a")],
            ..Profile::default()
        };
        let mut mine = base.clone();
        mine.needs.push(need(Theme::Housing, "mine"));
        let mut theirs = base.clone();
        theirs.needs[0].sentence = "theirs".into();
        theirs.website = "https://new.example".into();
        let (merged, changes) = Profile::merge(&base, &mine, &theirs);
        assert_eq!(
            merged.needs,
            vec![need(Theme::Climate, "theirs"), need(Theme::Housing, "mine")]
        );
        assert_eq!(merged.website, "https://new.example");
        let parts: Vec<_> = changes.iter().map(|change| (change.part, change.outcome)).collect();
        assert_eq!(parts, [("needs", Outcome::Taken), ("website", Outcome::Taken)]);
    }

    #[test]
    fn a_clash_keeps_mine_until_theirs_is_asked_for() {
        let base = Profile {
            website: "https://a.example".into(),
            ..Profile::default()
        };
        let mine = Profile {
            website: "https://b.example".into(),
            ..Profile::default()
        };
        let theirs = Profile {
            website: "https://c.example".into(),
            ..Profile::default()
        };
        let (mut merged, changes) = Profile::merge(&base, &mine, &theirs);
        assert_eq!(merged.website, "https://b.example");
        merged.take(&changes[0], &theirs);
        assert_eq!(merged.website, "https://c.example");
    }
}
