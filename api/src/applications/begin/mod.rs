//! Beginning a file: its cities, what it takes over from a former one, and the answers that need not be typed again.

mod store;

use std::collections::BTreeMap;

use serde_json::json;
use shared::applications::{ApplicationDraft, ApplicationView, PARTIES_MAX};
use shared::audit::Resource;
use shared::forms::{Prefill, PrefillSource, Question};
use shared::ids::CityId;
use shared::language::text_for;
use shared::partnerships::{PartyRef, PartyRole};
use shared::problem::{FieldCode, FieldError, ProblemCode};

use self::store::CityFacts;
use super::content::content;
use super::ready::settle;
use super::service::{unsigned, words_of, wrong_level};
use super::store::{ApplicationRecord, application, insert_application};
use super::versions;
use super::view::view;
use crate::caller::Caller;
use crate::cohorts;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::partnerships;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::{self, CallRecord};

/// Begins a file that one's own city leads.
///
/// # Errors
/// Not the city's staff, invalid fields, a call that takes no applications, and those of the database.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    draft: ApplicationDraft,
) -> Result<Answer<ApplicationView>, Error> {
    let lead = draft.lead_city_id;
    policy::require(&caller.actor, &Action::CreateApplication { city: lead })?;
    refuse(draft.faults())?;
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let call = programmes::calls::store::call_for_share(tx, draft.call_id).await?;
            let call = call
                .filter(|call| !call.state.is_hidden())
                .ok_or_else(|| reference("/call_id"))?;
            if !call.can_be_prepared(tx.now()) {
                return Err(Error::conflict(if call.window.is_over(tx.now()) {
                    ProblemCode::DeadlinePassed
                } else {
                    ProblemCode::CallNotOpen
                }));
            }
            refuse(
                wrong_level(platform, &call, lead, "/lead_city_id".to_owned())
                    .into_iter()
                    .collect(),
            )?;
            let former = former(tx, &draft).await?;
            let mut cities = vec![(lead, PartyRole::Lead)];
            cities.extend(invited(tx, &draft).await?);
            for city in engaged(tx, &draft, &call).await? {
                if cities.iter().all(|&(known, _)| known != city) && cities.len() < PARTIES_MAX as usize {
                    cities.push((city, PartyRole::Partner));
                }
            }
            for (city, role) in former.iter().flat_map(ApplicationRecord::roles) {
                if cities.iter().all(|&(known, _)| known != city) && cities.len() < PARTIES_MAX as usize {
                    cities.push((city, role.max(PartyRole::Partner)));
                }
            }
            cities.sort_by_key(|&(_, role)| role);
            cities.retain(|&(city, role)| {
                role == PartyRole::Associated || wrong_level(platform, &call, city, String::new()).is_none()
            });
            let (answers, prefilled) = prefilled(tx, &call, lead, former.as_ref()).await?;
            let parties = cities.into_iter().map(|(city, role)| unsigned(city, role)).collect();
            let mut record = ApplicationRecord {
                partnership_id: draft.partnership_id,
                answers,
                prefilled,
                themes: former.map(|former| former.themes).unwrap_or_default(),
                ..ApplicationRecord::empty(&call, draft.title.trim(), parties, tx.now())
            };
            settle(&mut record, &call);
            insert_application(tx, &record, words_of(&platform.directory, &record)).await?;
            versions::begin(tx, &record, &content(&record, &call)?).await?;
            tx.record(
                "create",
                Resource::Application,
                record.id.0,
                1,
                json!({
                    "call_id": record.call_id,
                    "lead_city_id": lead,
                    "cities": record.parties.len(),
                    "from": draft.from_application_id,
                    "cohort_id": draft.cohort_id,
                    "prefilled": record.prefilled,
                }),
            )
            .await?;
            view(&platform.directory, &record, &call, caller)
        })
        .await
}

/// The other cities of the partnership that the file comes from, which the lead has to be in itself.
async fn invited(tx: &Tx<'_>, draft: &ApplicationDraft) -> Result<Vec<(CityId, PartyRole)>, Error> {
    let Some(partnership) = draft.partnership_id else {
        return Ok(Vec::new());
    };
    let found = partnerships::store::find(tx.conn(), partnership).await?;
    let found = found
        .filter(|found| found.deleted_at.is_none())
        .ok_or_else(|| reference("/partnership_id"))?;
    let mut cities: Vec<(CityId, PartyRole)> = found
        .parties
        .iter()
        .filter_map(|party| match party.party {
            PartyRef::City { city_id } if party.role == PartyRole::Associated => Some((city_id, PartyRole::Associated)),
            PartyRef::City { city_id } => Some((city_id, PartyRole::Partner)),
            PartyRef::Network { .. } | PartyRef::Actor { .. } => None,
        })
        .collect();
    let lead = draft.lead_city_id;
    if !cities.contains(&(lead, PartyRole::Partner)) {
        return Err(Error::field(FieldError::new(
            "/partnership_id",
            FieldCode::Inconsistent,
        )));
    }
    cities.sort_by_key(|&(_, role)| role);
    let others = cities.into_iter().filter(|&(city, _)| city != lead);
    Ok(others.take(PARTIES_MAX as usize - 1).collect())
}

/// The cities of the cohort that signed their letter of engagement: the lead has to be one of them, and the call has to be of
/// the cohort's programme.
async fn engaged(tx: &Tx<'_>, draft: &ApplicationDraft, call: &CallRecord) -> Result<Vec<CityId>, Error> {
    let Some(cohort) = draft.cohort_id else {
        return Ok(Vec::new());
    };
    let (cohort, cities) = cohorts::signed_cities(tx, cohort)
        .await?
        .ok_or_else(|| reference("/cohort_id"))?;
    if cohort.programme_id != call.programme_id || !cities.contains(&draft.lead_city_id) {
        return Err(Error::field(FieldError::new("/cohort_id", FieldCode::Inconsistent)));
    }
    Ok(cities)
}

/// The file to start from: one that the lead city is in.
async fn former(tx: &Tx<'_>, draft: &ApplicationDraft) -> Result<Option<ApplicationRecord>, Error> {
    let Some(id) = draft.from_application_id else {
        return Ok(None);
    };
    let found = application(tx.conn(), id)
        .await?
        .filter(|file| file.deleted_at.is_none() && file.party(draft.lead_city_id).is_some());
    found.map(Some).ok_or_else(|| reference("/from_application_id"))
}

type Answers = BTreeMap<String, String>;
type Sources = BTreeMap<String, PrefillSource>;

/// The answers that need not be typed again, and where each comes from. Those of the file to start from go first; then
/// each question looks where its call says. What does not fit the question is left out.
async fn prefilled(
    tx: &Tx<'_>,
    call: &CallRecord,
    lead: CityId,
    former: Option<&ApplicationRecord>,
) -> Result<(Answers, Sources), Error> {
    let (mut answers, mut sources) = (Answers::new(), Sources::new());
    let mut put = |question: &Question, answer: &str, source| {
        let is_new = !answer.trim().is_empty() && !answers.contains_key(&question.key);
        if is_new && question.fault(answer, "").is_none() {
            answers.insert(question.key.clone(), answer.to_owned());
            sources.insert(question.key.clone(), source);
        }
    };
    for question in &call.questions {
        if let Some(answer) = former.and_then(|former| former.answers.get(&question.key)) {
            put(question, answer, PrefillSource::FormerFile);
        }
    }
    let asks = |about_city: bool| {
        call.questions.iter().any(|question| {
            question
                .prefill
                .is_some_and(|from| about_city == (from != Prefill::FormerFile))
        })
    };
    let facts = if asks(true) {
        store::city_facts(tx.conn(), lead).await?
    } else {
        None
    };
    let files = if asks(false) {
        store::former_answers(tx.conn(), lead).await?
    } else {
        Vec::new()
    };
    for question in &call.questions {
        match question.prefill {
            None => {}
            Some(Prefill::FormerFile) => {
                for answer in files.iter().filter_map(|answers| answers.get(&question.key)) {
                    put(question, answer, PrefillSource::FormerFile);
                }
            }
            Some(about_city) => {
                if let Some(answer) = facts
                    .as_ref()
                    .and_then(|facts| of_profile(about_city, facts, tx.caller()))
                {
                    put(question, &answer, PrefillSource::CityProfile);
                }
            }
        }
    }
    Ok((answers, sources))
}

fn of_profile(what: Prefill, facts: &CityFacts, caller: &Caller) -> Option<String> {
    match what {
        Prefill::FormerFile => None,
        Prefill::CityDescription => text_for(&facts.descriptions, caller.language).map(str::to_owned),
        Prefill::CityPopulation => facts.population.map(|count| count.to_string()),
        Prefill::CityWebsite => facts.website.clone(),
    }
}

fn reference(pointer: &str) -> Error {
    Error::field(FieldError::new(pointer, FieldCode::Reference))
}
