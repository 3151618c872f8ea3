//! A file as the caller sees it: with what is missing, and with what may be done now.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use shared::applications::{
    ApplicationAction, ApplicationPartyView, ApplicationState, ApplicationSummary, ApplicationView, CorrectionView,
    DecisionView, Outcome, ReopeningView,
};
use shared::cities::CitySummary;
use shared::forms::shown_answers;
use shared::ids::CityId;
use shared::partnerships::PartyRole;
use shared::programmes::CallWindow;

use super::attachments::store::AttachmentRecord;
use super::content::content;
use super::gaps::{gaps, sections};
use super::store::ApplicationRecord;
use crate::caller::Caller;
use crate::directory::Directory;
use crate::error::Error;
use crate::hash::sha256;
use crate::policy::{self, Action, Actor, FileFacts};
use crate::programmes::CallRecord;

/// What the file is judged on.
#[must_use]
pub fn facts(record: &ApplicationRecord, call: &CallRecord, now: DateTime<Utc>) -> FileFacts {
    FileFacts {
        programme: record.programme_id,
        // Sealed until the deadline, with its grace, is over.
        handed_in: record.state.is_handed_in() && call.window.is_over(now),
        blind: call.plan.blind,
        published: call.state.has_public_results(),
        parties: record.roles(),
    }
}

/// The name of the lead, the names of the others, and the countries of all.
#[must_use]
pub fn names(directory: &Directory, parties: &[(CityId, PartyRole)]) -> (String, Vec<String>, Vec<String>) {
    let known: Vec<(Arc<CitySummary>, PartyRole)> = parties
        .iter()
        .filter_map(|&(city, role)| Some((directory.summary(city)?, role)))
        .collect();
    let lead = known.iter().find(|(_, role)| *role == PartyRole::Lead);
    let others = known.iter().filter(|(_, role)| *role != PartyRole::Lead);
    let mut countries: Vec<String> = Vec::new();
    for (city, _) in &known {
        if !countries.contains(&city.country) {
            countries.push(city.country.clone());
        }
    }
    (
        lead.map(|(city, _)| city.name.clone()).unwrap_or_default(),
        others.map(|(city, _)| city.name.clone()).collect(),
        countries,
    )
}

/// The file as the caller sees it now.
///
/// # Errors
/// Internal, where its content cannot be written.
pub fn view(
    directory: &Directory,
    record: &ApplicationRecord,
    call: &CallRecord,
    caller: &Caller,
) -> Result<ApplicationView, Error> {
    let sha256 = sha256(&content(record, call)?);
    let facts = facts(record, call, caller.now);
    let (lead_name, partner_names, countries) = names(directory, &facts.parties);
    let state = told_state(record, &facts, &caller.actor);
    let is_told = state == record.state;
    // What was decided and taken back before it was public stays within the funder's house.
    let unpublished = FileFacts {
        published: false,
        ..facts.clone()
    };
    let knows_all = policy::allows(&caller.actor, &Action::ReadDecision { file: &unpublished });
    let judges = policy::allows(
        &caller.actor,
        &Action::JudgeApplications {
            programme: record.programme_id,
        },
    );
    Ok(ApplicationView {
        summary: ApplicationSummary {
            id: record.id,
            version: record.version,
            call_id: record.call_id,
            call_title: call.title.clone(),
            title: record.title.clone(),
            state,
            lead_name,
            partner_names,
            countries,
            cost_minor: record.budget.cost_minor(),
            grant_asked_minor: record.budget.grant_asked_minor,
            currency: record.currency.clone(),
            submitted_at: record.submitted_at,
            updated_at: record.updated_at,
        },
        window: window(record, call),
        server_time: caller.now,
        form_sections: call.sections.clone(),
        questions: call.questions.clone(),
        answers: if record.state.is_written() || record.is_correction {
            record.answers.clone()
        } else {
            shown_answers(&call.questions, &record.answers)
        },
        prefilled: record.prefilled.clone(),
        themes: record.themes.clone(),
        partnership_id: record.partnership_id,
        parties: record
            .parties
            .iter()
            .filter_map(|party| {
                Some(ApplicationPartyView {
                    city: CitySummary::clone(&*directory.summary(party.city_id)?),
                    role: party.role,
                    signed_off_at: party.signed_off_at.filter(|_| party.has_signed(&sha256)),
                })
            })
            .collect(),
        attachments: record.attachments.iter().map(AttachmentRecord::view).collect(),
        sections: sections(&gaps(record, call, &sha256)),
        receipt_sha256: record.receipt_sha256.clone(),
        decision: record
            .decision
            .as_ref()
            .filter(|_| is_told)
            .map(|decision| DecisionView {
                outcome: decision.outcome,
                reason: decision.reason.clone(),
                granted_minor: decision.granted_minor,
                waitlist_place: decision.waitlist_place,
                decided_at: decision.decided_at,
                decided_by: decision.decided_by.filter(|_| judges),
                has_letter: call.state.has_public_results(),
            }),
        correction: record.correction.as_ref().map(|correction| CorrectionView {
            asked_at: correction.asked_at,
            asked_by: correction.asked_by.filter(|_| judges),
            reason: correction.reason.clone(),
            until: correction.until,
            handed_in_at: correction.handed_in_at,
        }),
        reopenings: record
            .reopenings
            .iter()
            .filter(|reopening| knows_all || reopening.after_publication)
            .map(|reopening| ReopeningView {
                reopened_by: reopening.reopened_by.filter(|_| judges),
                ..reopening.clone()
            })
            .collect(),
        allowed: allowed((record, state), call, &facts, &sha256, &caller.actor, caller.now),
    })
}

/// The window in which the version on the desk is handed in.
fn window(record: &ApplicationRecord, call: &CallRecord) -> CallWindow {
    match &record.correction {
        Some(correction) if record.is_correction => CallWindow {
            opens_at: correction.asked_at,
            closes_at: correction.until,
            zone: call.window.zone.clone(),
            grace_s: 0,
        },
        _ => call.window.clone(),
    }
}

/// Where a file stands, for this actor: who may not know of a judgement yet is told that it is being judged.
pub(super) fn told_state(record: &ApplicationRecord, file: &FileFacts, actor: &Actor) -> ApplicationState {
    if policy::allows(actor, &Action::ReadDecision { file }) {
        record.state
    } else {
        record.state.before_decision()
    }
}

fn allowed(
    (record, state): (&ApplicationRecord, ApplicationState),
    call: &CallRecord,
    facts: &FileFacts,
    sha256: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Vec<ApplicationAction> {
    let has_to_sign = || {
        record.parties.iter().any(|party| {
            party.role != PartyRole::Associated && actor.is_staff_of(party.city_id) && !party.has_signed(sha256)
        })
    };
    ApplicationAction::ALL
        .iter()
        .copied()
        .filter(|&action| state_allows(state, action))
        .filter(|&action| policy::allows(actor, &Action::ActOnApplication { action, file: facts }))
        .filter(|&action| match action {
            ApplicationAction::Submit => record.is_correction || call.takes(now),
            ApplicationAction::SignOff => has_to_sign(),
            _ => true,
        })
        .collect()
}

/// Whether the state allows the action.
#[must_use]
pub fn state_allows(state: ApplicationState, action: ApplicationAction) -> bool {
    match action {
        ApplicationAction::Decide => state.decided(Outcome::Accepted).is_some(),
        other => state.after(other).is_some(),
    }
}
