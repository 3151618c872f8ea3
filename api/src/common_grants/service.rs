//! What the protocol's objects are made of. Who may read what is as it is with calls, applications and grants themselves.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::forms::shown_answers;
use shared::ids::{ApplicationId, CallId, FundingId};
use shared::language::{Texts, text_for};
use shared::programmes::CallState;

use super::model::{
    Application, ApplicationRef, Award, AwardDates, AwardFunding, Competition, CompetitionForms, Event, Form,
    FormResponse, Funding, KeyDates, Money, OneApplication, OneAward, OneOpportunity, Opportunities, Opportunity,
    OpportunityRef, Pagination, SUCCESS, Status, Timeline, Times,
};
use super::status;
use crate::applications;
use crate::caller::Caller;
use crate::error::Error;
use crate::grants;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::calls::{self, store::CallScope, store::DatedCall};

/// The name of the one form of a call.
const FORM: &str = "application";

/// A text in the caller's language, where there is one.
pub(super) fn words(texts: &Texts, caller: &Caller) -> String {
    text_for(texts, caller.language).unwrap_or_default().to_owned()
}

/// The public calls, the last changed first.
///
/// # Errors
/// Those of the database.
pub async fn opportunities(
    platform: &Platform,
    caller: &Caller,
    page: u32,
    page_size: u32,
) -> Result<Opportunities, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let scope = CallScope {
        drafts_of: Some(Vec::new()),
        ..CallScope::default()
    };
    let (size, before) = (u64::from(page_size), u64::from(page.saturating_sub(1)));
    let total_items = calls::store::count_calls(&platform.db, &scope, caller.now).await?;
    let found = calls::store::last_changed(&platform.db, &scope, caller.now, before * size, size).await?;
    Ok(Opportunities {
        status: 200,
        message: SUCCESS.to_owned(),
        items: found.iter().map(|call| opportunity(call, caller)).collect(),
        pagination_info: Pagination {
            page,
            page_size,
            total_items,
            total_pages: total_items.div_ceil(size),
        },
    })
}

/// A call, with the way in.
///
/// # Errors
/// `NotFound`, also for a draft of others, and those of the database.
pub async fn read_opportunity(platform: &Platform, caller: &Caller, id: CallId) -> Result<OneOpportunity, Error> {
    let found = calls::store::dated_call(platform.db.read(), id).await?;
    let found = found.ok_or(Error::NotFound)?;
    calls::visible(caller, Some(found.call.clone()))?;
    Ok(OneOpportunity::of(Opportunity {
        competitions: Some(vec![competition(&found, caller)]),
        ..opportunity(&found, caller)
    }))
}

/// A call as an opportunity, without the way in.
pub(super) fn opportunity(found: &DatedCall, caller: &Caller) -> Opportunity {
    let call = &found.call;
    let Timeline { open_date, close_date } = timeline(found);
    Opportunity {
        id: call.id,
        title: words(&call.title, caller),
        status: status::of_call(call.state),
        description: words(&call.about, caller),
        funding: Funding {
            details: format!("{} ({})", call.rules.name, call.rules.version),
            total_amount_available: call.envelope_minor.map(|minor| Money::of(minor, &call.rules.currency)),
        },
        key_dates: KeyDates {
            post_date: open_date,
            close_date,
        },
        competitions: None,
        times: times(found),
    }
}

fn times(found: &DatedCall) -> Times {
    Times {
        created_at: found.created_at,
        last_modified_at: found.updated_at,
    }
}

fn timeline(found: &DatedCall) -> Timeline {
    let window = &found.call.window;
    Timeline {
        open_date: Event::at("Applications open", window.opens_at, &window.zone),
        close_date: Event::at("Applications close", window.closes_at, &window.zone),
    }
}

fn competition(found: &DatedCall, caller: &Caller) -> Competition {
    let call = &found.call;
    let form = Form {
        id: call.id,
        name: FORM.to_owned(),
        json_schema: schema(found, caller),
        times: times(found),
    };
    let status = status::of_call(call.state);
    Competition {
        id: call.id,
        opportunity_id: call.id,
        title: words(&call.title, caller),
        // A competition cannot be forecast.
        status: if call.state == CallState::Announced {
            Status {
                value: "custom".to_owned(),
                ..status
            }
        } else {
            status
        },
        key_dates: timeline(found),
        forms: CompetitionForms {
            forms: BTreeMap::from([(FORM.to_owned(), form)]),
        },
        times: times(found),
    }
}

/// The questions of a call as a JSON Schema: answers are text; those with a condition are not required.
fn schema(found: &DatedCall, caller: &Caller) -> Value {
    let questions = &found.call.questions;
    let properties: serde_json::Map<String, Value> = questions
        .iter()
        .map(|question| {
            let told = json!({"type": "string", "title": words(&question.label, caller)});
            (question.key.clone(), told)
        })
        .collect();
    let required: Vec<&String> = questions
        .iter()
        .filter(|question| question.required && question.shown_when.is_none())
        .map(|question| &question.key)
        .collect();
    json!({"type": "object", "properties": properties, "required": required})
}

/// An application that the caller may read.
///
/// # Errors
/// `NotFound`, also for what is not the caller's to see, and those of the database.
pub async fn read_application(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
) -> Result<OneApplication, Error> {
    let view = applications::service::read(platform, caller, id).await?;
    let created_at = applications::store::created_at(platform.db.read(), id).await?;
    let created_at = created_at.ok_or(Error::NotFound)?;
    let summary = view.summary;
    let times = Times {
        created_at,
        last_modified_at: summary.updated_at,
    };
    let response = shown_answers(&view.questions, &view.answers);
    let form = FormResponse {
        id,
        application_id: id,
        form_id: summary.call_id,
        status: status::of_answers(response.len(), summary.state),
        response,
        times,
    };
    Ok(OneApplication::of(Application {
        id,
        name: summary.title,
        competition_id: summary.call_id,
        form_responses: BTreeMap::from([(FORM.to_owned(), form)]),
        status: status::of_application(summary.state),
        submitted_at: summary.submitted_at,
        times,
    }))
}

/// A grant that the caller may read.
///
/// # Errors
/// `NotFound`, also for what is not the caller's to see, and those of the database.
pub async fn read_award(platform: &Platform, caller: &Caller, id: FundingId) -> Result<OneAward, Error> {
    let view = grants::service::read(platform, caller, id).await?;
    let created_at = grants::store::created_at(platform.db.read(), id).await?;
    let created_at = created_at.ok_or(Error::NotFound)?;
    let (summary, life) = (view.summary, view.life);
    let money = |minor: i64| Money::of(minor, &summary.currency);
    let reports = life.instalments.iter().filter_map(|instalment| {
        let report = instalment.report.as_ref()?;
        let name = format!("report{}", instalment.number);
        Some((name, Event::on("Interim report", report.due_on)))
    });
    let last = (
        "finalReport".to_owned(),
        Event::on("Final report", life.final_report.due_on),
    );
    let cities: Vec<&str> = std::iter::once(summary.lead_name.as_str())
        .chain(summary.partner_names.iter().map(String::as_str))
        .collect();
    Ok(OneAward::of(Award {
        id,
        description: cities.join(", "),
        status: status::of_grant(summary.state),
        funding: AwardFunding {
            requested_amount: money(summary.asked_minor),
            awarded_amount: money(summary.awarded_minor),
            disbursed_amount: money(summary.disbursed_minor),
        },
        key_dates: AwardDates {
            award_date: Event::on("Contract", life.contracted_on),
            other_dates: reports.chain([last]).collect(),
        },
        opportunity: OpportunityRef {
            id: summary.call_id,
            title: words(&summary.call_title, caller),
        },
        application: ApplicationRef {
            id: summary.application_id,
            name: summary.title.clone(),
        },
        title: summary.title,
        times: Times {
            created_at,
            last_modified_at: summary.updated_at,
        },
    }))
}
