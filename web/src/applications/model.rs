//! What a file says, as the browser holds it while somebody writes: what differs from the server's, and how two people's changes meet.

use crate::merge::{self, Outcome};
use serde::{Deserialize, Serialize};
use shared::applications::{
    ApplicationPartiesDraft, ApplicationPartyDraft, ApplicationPartyView, ApplicationPatch, ApplicationView,
    BudgetView, Section, SectionStatus,
};
use shared::budget::{Budget, BudgetLine, Contribution};
use shared::ids::CityId;
use shared::partnerships::PartyRole;
use shared::problem::FieldError;
use shared::themes::Theme;
use std::collections::{BTreeMap, BTreeSet};

pub use talk::{Conversation, conversations};

/// The filters of the list of files, with the names that they have in the page's address and in the API's query.
pub const FILTERS: [&str; 3] = ["q", "call_id", "state"];

/// What people write in a file. Who takes part is not in it: that is sent at once, change by change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The project's title.
    pub title: String,
    /// Its themes.
    pub themes: Vec<Theme>,
    /// Answers by the key of their question; none is blank.
    pub answers: BTreeMap<String, String>,
    /// Costs and resources.
    pub budget: Budget,
}

/// A part of a file that can be changed on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The title.
    Title,
    /// The themes.
    Themes,
    /// The answer to a question.
    Answer(String),
    /// The costs.
    Costs,
    /// What others pay.
    Contributions,
    /// The grant asked for.
    Grant,
}

/// What a merge found in a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The part.
    pub part: Part,
    /// Taken over, or kept against another's.
    pub outcome: Outcome,
}

impl Content {
    /// What the server holds.
    pub fn of(view: &ApplicationView, budget: &BudgetView) -> Content {
        Content {
            title: view.summary.title.clone(),
            themes: view.themes.clone(),
            answers: view.answers.clone(),
            budget: budget.budget.clone(),
        }
    }

    /// What has to be written to make `base` say this, apart from the budget; nothing where it does.
    pub fn patch(&self, base: &Content) -> Option<ApplicationPatch> {
        let mut answers: BTreeMap<String, Option<String>> = self
            .answers
            .iter()
            .filter(|(key, answer)| base.answers.get(*key) != Some(answer))
            .map(|(key, answer)| (key.clone(), Some(answer.clone())))
            .collect();
        let cleared = base.answers.keys().filter(|key| !self.answers.contains_key(*key));
        answers.extend(cleared.map(|key| (key.clone(), None)));
        let patch = ApplicationPatch {
            title: (self.title != base.title).then(|| self.title.clone()),
            answers: (!answers.is_empty()).then_some(answers),
            themes: (self.themes != base.themes).then(|| self.themes.clone()),
        };
        (patch != ApplicationPatch::default()).then_some(patch)
    }

    /// Merges what one wrote (`mine`, which began from `base`) with what the server has now. What only others changed is taken over, what only
    /// oneself changed is kept; where both changed the same, one's own stays and is told.
    pub fn merge(base: &Content, mine: &Content, theirs: &Content) -> (Content, Vec<Change>) {
        let mut changes = Vec::new();
        let mut note = |part: Part, outcome: Outcome| {
            if outcome != Outcome::Same {
                changes.push(Change { part, outcome });
            }
        };
        let (title, outcome) = merge::value(&base.title, &mine.title, &theirs.title);
        note(Part::Title, outcome);
        let (themes, outcome) = merge::list(&base.themes, &mine.themes, &theirs.themes, |theme| *theme);
        note(Part::Themes, outcome);
        let keys: BTreeSet<&String> = [base, mine, theirs]
            .iter()
            .flat_map(|content| content.answers.keys())
            .collect();
        let mut answers = BTreeMap::new();
        for key in keys {
            let of = |content: &Content| content.answers.get(key).cloned();
            let (answer, outcome) = merge::value(&of(base), &of(mine), &of(theirs));
            note(Part::Answer(key.clone()), outcome);
            answers.extend(answer.map(|answer| (key.clone(), answer)));
        }
        let (lines, outcome) = merge_lines(&base.budget.lines, &mine.budget.lines, &theirs.budget.lines);
        note(Part::Costs, outcome);
        let (contributions, outcome) = merge_contributions(
            &base.budget.contributions,
            &mine.budget.contributions,
            &theirs.budget.contributions,
        );
        note(Part::Contributions, outcome);
        let (grant_asked_minor, outcome) = merge::value(
            &base.budget.grant_asked_minor,
            &mine.budget.grant_asked_minor,
            &theirs.budget.grant_asked_minor,
        );
        note(Part::Grant, outcome);
        let budget = Budget {
            lines,
            contributions,
            grant_asked_minor,
        };
        let merged = Content {
            title,
            themes,
            answers,
            budget,
        };
        (merged, changes)
    }
}

/// Lines of the server's are known by their ids; lines that have none yet are one's own and follow.
fn merge_lines(base: &[BudgetLine], mine: &[BudgetLine], theirs: &[BudgetLine]) -> (Vec<BudgetLine>, Outcome) {
    let (known, new): (Vec<BudgetLine>, Vec<BudgetLine>) = mine.iter().cloned().partition(|line| line.id.is_some());
    let (mut merged, outcome) = merge::list(base, &known, theirs, |line| line.id);
    merged.extend(new);
    (merged, outcome)
}

/// Contributions have no ids: who pays, what kind (and whose time) and what it is called tell them apart; where that is not enough, the list is one thing.
fn merge_contributions(
    base: &[Contribution],
    mine: &[Contribution],
    theirs: &[Contribution],
) -> (Vec<Contribution>, Outcome) {
    type Key = (Option<CityId>, &'static str, Option<String>, Option<String>, String);
    let key = |item: &Contribution| -> Key {
        let time = item.time.as_ref().map(|time| time.rate.clone());
        (
            item.city_id,
            item.kind.code(),
            time,
            item.head.clone(),
            item.label.clone(),
        )
    };
    let told_apart = |list: &[Contribution]| {
        let keys: BTreeSet<Key> = list.iter().map(key).collect();
        keys.len() == list.len()
    };
    if [base, mine, theirs].into_iter().all(told_apart) {
        merge::list(base, mine, theirs, key)
    } else {
        let (merged, outcome) = merge::value(&base.to_vec(), &mine.to_vec(), &theirs.to_vec());
        (merged, outcome)
    }
}

/// The same patch without what the server refused, so that one wrong field does not keep the others from being saved.
pub fn without_refused(mut patch: ApplicationPatch, errors: &[FieldError]) -> Option<ApplicationPatch> {
    let before = patch.clone();
    for error in errors {
        if error.pointer.starts_with("/title") {
            patch.title = None;
        } else if error.pointer.starts_with("/themes") {
            patch.themes = None;
        } else if let Some(key) = error.pointer.strip_prefix("/answers/") {
            let key = key.replace("~1", "/").replace("~0", "~");
            if let Some(answers) = &mut patch.answers {
                answers.remove(&key);
            }
        }
    }
    patch.answers = patch.answers.filter(|answers| !answers.is_empty());
    (patch != before && patch != ApplicationPatch::default()).then_some(patch)
}

/// A change of who takes part. It is applied to whoever takes part by now, so that two people can do it at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyChange {
    /// A city comes in.
    Add(CityId),
    /// A city goes.
    Remove(CityId),
    /// A city takes another role.
    Become(CityId, PartyRole),
}

impl PartyChange {
    /// All parties after the change; nothing where it changes nothing.
    pub fn apply(self, parties: &[ApplicationPartyView]) -> Option<ApplicationPartiesDraft> {
        let before: Vec<ApplicationPartyDraft> = parties
            .iter()
            .map(|party| ApplicationPartyDraft {
                city_id: party.city.id,
                role: party.role,
            })
            .collect();
        let mut items = before.clone();
        match self {
            PartyChange::Add(city_id) => {
                if items.iter().all(|party| party.city_id != city_id) {
                    items.push(ApplicationPartyDraft {
                        city_id,
                        role: PartyRole::Partner,
                    });
                }
            }
            PartyChange::Remove(city_id) => items.retain(|party| party.city_id != city_id),
            PartyChange::Become(city_id, role) => {
                for party in &mut items {
                    if party.city_id == city_id {
                        party.role = role;
                    } else if role == PartyRole::Lead && party.role == PartyRole::Lead {
                        party.role = PartyRole::Partner;
                    }
                }
            }
        }
        (items != before).then_some(ApplicationPartiesDraft { items })
    }
}

/// The steps of a file, in their order; their codes stand in the address.
pub const STEPS: [&str; 6] = ["project", "parties", "budget", "documents", "sign_off", "check"];

/// The step of an address: the first one where it names none.
pub fn step_of(wanted: &str) -> &'static str {
    STEPS.into_iter().find(|step| *step == wanted).unwrap_or(STEPS[0])
}

/// How many parts of a file are complete.
pub fn complete_count(sections: &[SectionStatus]) -> usize {
    sections.iter().filter(|section| section.complete).count()
}

/// The status of a part.
pub fn status(sections: &[SectionStatus], section: Section) -> Option<&SectionStatus> {
    sections.iter().find(|status| status.section == section)
}

mod talk;
#[cfg(test)]
mod tests;
