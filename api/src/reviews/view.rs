//! A review as the caller sees it: of a blind call without the names of the file's cities.

use std::collections::BTreeMap;

use shared::budget::Budget;
use shared::forms::shown_answers;
use shared::ids::CityId;
use shared::partnerships::PartyRole;
use shared::programmes::Question;
use shared::reviews::{FiledSheet, ReviewAction, ReviewState, ReviewSummary, ReviewView, ScoreSheet};

use super::blind::Names;
use super::own::store::OwnRow;
use super::store::ReviewRecord;
use crate::applications::store::ApplicationRecord;
use crate::applications::view::names;
use crate::caller::Caller;
use crate::directory::Directory;
use crate::error::Error;
use crate::policy::{self, Action, ReviewFacts};
use crate::programmes::CallRecord;

/// What a review is judged on.
#[must_use]
pub fn facts(review: &ReviewRecord, file: &ApplicationRecord, call: &CallRecord, caller: &Caller) -> ReviewFacts {
    ReviewFacts {
        programme: review.programme_id,
        reviewer: review.reviewer_id,
        filed: review.state == ReviewState::Filed,
        unsealed: file.deleted_at.is_none() && file.state.is_handed_in() && call.window.is_over(caller.now),
    }
}

/// All names of the cities, to be taken out.
#[must_use]
pub fn names_of(directory: &Directory, cities: impl IntoIterator<Item = CityId>) -> Names {
    Names::new(
        cities
            .into_iter()
            .filter_map(|city| directory.summary(city))
            .flat_map(|city| {
                let labels: Vec<String> = city.labels.values().cloned().collect();
                std::iter::once(city.name.clone()).chain(labels)
            }),
    )
}

/// Names of the cities, the lead first, and the countries of all.
fn cities(directory: &Directory, parties: &[(CityId, PartyRole)]) -> (Vec<String>, Vec<String>) {
    let (lead, others, countries) = names(directory, parties);
    (std::iter::once(lead).chain(others).collect(), countries)
}

/// A review in its reviewer's list.
///
/// # Errors
/// Internal, where the row cannot be read.
pub fn own(directory: &Directory, row: OwnRow, parties: &[(CityId, PartyRole)]) -> Result<ReviewSummary, Error> {
    let (call_title, plan) = row.call()?;
    let (total, scored) = row.scores();
    let (city_names, countries) = cities(directory, parties);
    let hidden = plan
        .blind
        .then(|| names_of(directory, parties.iter().map(|&(city, _)| city)));
    Ok(ReviewSummary {
        state: row.state()?,
        application_state: row.application_state()?,
        id: row.id,
        version: row.version,
        application_id: row.application_id,
        title: hidden
            .as_ref()
            .map_or_else(|| row.title.clone(), |names| names.taken_out_of(&row.title)),
        call_id: row.call_id,
        call_title,
        blind: plan.blind,
        city_names: if plan.blind { Vec::new() } else { city_names },
        countries,
        grant_asked_minor: row.grant_asked_minor,
        currency: row.currency,
        scored,
        criteria: u32::try_from(plan.criteria.len()).unwrap_or(u32::MAX),
        total,
        filed_at: row.filed_at,
        updated_at: row.updated_at,
    })
}

/// What a review is shown with.
pub struct Shown<'a> {
    /// The review.
    pub review: &'a ReviewRecord,
    /// The file.
    pub file: &'a ApplicationRecord,
    /// The file's call.
    pub call: &'a CallRecord,
    /// All reviews of the file that the caller may see with it.
    pub others: Vec<ReviewRecord>,
}

/// The review as the caller sees it now.
#[must_use]
pub fn view(directory: &Directory, shown: Shown<'_>, caller: &Caller) -> ReviewView {
    let Shown {
        review,
        file,
        call,
        others,
    } = shown;
    let parties: Vec<(CityId, PartyRole)> = file.parties.iter().map(|party| (party.city_id, party.role)).collect();
    let programme = review.programme_id;
    let is_officer = policy::allows(&caller.actor, &Action::ReadCommittee { programme });
    let blind = call.plan.blind && !is_officer;
    let hidden = if blind {
        names_of(directory, parties.iter().map(|&(city, _)| city))
    } else {
        Names::default()
    };
    // Who is not free to judge need not read it either.
    let is_told = review.state != ReviewState::Conflict;
    let (city_names, countries) = cities(directory, &parties);
    let answers: BTreeMap<String, String> = shown_answers(&call.questions, &file.answers)
        .into_iter()
        .filter(|_| is_told)
        .map(|(key, answer)| {
            let is_text = |question: &Question| question.key == key && question.kind.has_length();
            let words = if call.questions.iter().any(is_text) {
                hidden.taken_out_of(&answer)
            } else {
                answer
            };
            (key, words)
        })
        .collect();
    let budget = match (is_told, blind) {
        (false, _) => Budget::default(),
        (true, false) => file.budget.clone(),
        (true, true) => hidden.taken_out_of_budget(file.budget.clone()),
    };
    ReviewView {
        summary: ReviewSummary {
            id: review.id,
            version: review.version,
            state: review.state,
            application_id: review.application_id,
            title: hidden.taken_out_of(&file.title),
            application_state: file.state,
            call_id: review.call_id,
            call_title: call.title.clone(),
            blind: call.plan.blind,
            city_names: if blind { Vec::new() } else { city_names },
            countries,
            grant_asked_minor: file.budget.grant_asked_minor,
            currency: file.currency.clone(),
            scored: review.scored,
            criteria: u32::try_from(call.plan.criteria.len()).unwrap_or(u32::MAX),
            total: review.total,
            filed_at: review.filed_at,
            updated_at: review.updated_at,
        },
        reviewer_id: review.reviewer_id,
        reviewer_name: review.reviewer_name.clone(),
        plan: call.plan.clone(),
        form_sections: call.sections.clone(),
        questions: call.questions.clone(),
        answers,
        themes: file.themes.clone(),
        budget,
        sheet: review.sheet.clone(),
        others: others.into_iter().filter_map(filed).collect(),
        conflict: review.conflict.clone(),
        allowed: allowed(review, file, call, caller),
    }
}

fn filed(review: ReviewRecord) -> Option<FiledSheet> {
    Some(FiledSheet {
        id: review.id,
        reviewer_name: review.reviewer_name,
        sheet: ScoreSheet::clone(&review.sheet),
        total: review.total?,
        filed_at: review.filed_at?,
    })
}

fn allowed(review: &ReviewRecord, file: &ApplicationRecord, call: &CallRecord, caller: &Caller) -> Vec<ReviewAction> {
    let facts = facts(review, file, call, caller);
    ReviewAction::ALL
        .iter()
        .copied()
        .filter(|&action| review.state.after(action).is_some() && super::service::is_judged(file, call))
        .filter(|&action| policy::allows(&caller.actor, &Action::ActOnReview { action, review: facts }))
        .collect()
}
