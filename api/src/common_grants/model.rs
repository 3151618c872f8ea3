//! The protocol's objects, as far as there is something to tell. Amounts are decimal text, days and times those of the call's
//! zone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use shared::ids::{ApplicationId, CallId, FundingId};
use utoipa::ToSchema;

use crate::zone::time_in;

/// A state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsStatus)]
pub struct Status {
    /// The nearest state that the protocol has.
    pub value: String,
    /// The state as this API has it, where that says more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_value: Option<String>,
}

/// When something was made, and when it last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsTimes)]
pub struct Times {
    /// When it was made.
    #[serde(with = "shared::time")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(with = "shared::time")]
    #[schema(value_type = String, format = DateTime)]
    pub last_modified_at: DateTime<Utc>,
}

/// An amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CommonGrantsMoney)]
pub struct Money {
    /// As decimal text, with as many decimals as the currency has.
    #[schema(example = "1000000.00")]
    pub amount: String,
    /// ISO 4217.
    #[schema(example = "EUR")]
    pub currency: String,
}

impl Money {
    /// An amount in minor units.
    #[must_use]
    pub fn of(minor: i64, currency: &str) -> Self {
        let digits = shared::money::exponent(currency) as usize;
        let unit = 10_u64.pow(digits as u32);
        let sign = if minor < 0 { "-" } else { "" };
        let (whole, rest) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
        let amount = if digits == 0 {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{rest:0digits$}")
        };
        Self {
            amount,
            currency: currency.to_owned(),
        }
    }
}

/// A day, and a time of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsEvent)]
pub struct Event {
    /// What happens.
    pub name: String,
    /// Always `singleDate`.
    pub event_type: String,
    /// The day, YYYY-MM-DD.
    pub date: String,
    /// The time, HH:MM:SS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The zone of both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Event {
    /// A moment as the clocks of a zone show it; in UTC where the zone is unknown.
    #[must_use]
    pub fn at(name: &str, at: DateTime<Utc>, zone: &str) -> Self {
        let there = time_in(at, zone);
        Self {
            name: name.to_owned(),
            event_type: "singleDate".to_owned(),
            date: there.format("%Y-%m-%d").to_string(),
            time: Some(there.format("%H:%M:%S").to_string()),
            description: Some(there.timezone().name().to_owned()),
        }
    }

    /// A day.
    #[must_use]
    pub fn on(name: &str, day: chrono::NaiveDate) -> Self {
        Self {
            name: name.to_owned(),
            event_type: "singleDate".to_owned(),
            date: day.to_string(),
            time: None,
            description: None,
        }
    }
}

/// The money of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsFunding)]
pub struct Funding {
    /// The funding rules by name and version.
    pub details: String,
    /// The envelope, where it is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_amount_available: Option<Money>,
}

/// When a call takes applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsTimeline)]
pub struct Timeline {
    /// From then on.
    pub open_date: Event,
    /// Until then.
    pub close_date: Event,
}

/// The dates of an opportunity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsKeyDates)]
pub struct KeyDates {
    /// When applications are taken from.
    pub post_date: Event,
    /// Until when.
    pub close_date: Event,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsOpportunity)]
pub struct Opportunity {
    /// The call's id.
    pub id: CallId,
    /// Its title, in the caller's language where there is one.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// What it is about.
    pub description: String,
    /// The money.
    pub funding: Funding,
    /// The dates.
    pub key_dates: KeyDates,
    /// The way in; only where one opportunity is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub competitions: Option<Vec<Competition>>,
    /// When.
    #[serde(flatten)]
    pub times: Times,
}

/// The way into a call: the same id, for there is one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsCompetition)]
pub struct Competition {
    /// The call's id.
    pub id: CallId,
    /// The call's id.
    pub opportunity_id: CallId,
    /// The call's title.
    pub title: String,
    /// `open`, `closed` or `custom`.
    pub status: Status,
    /// When applications are taken.
    pub key_dates: Timeline,
    /// The form.
    pub forms: CompetitionForms,
    /// When.
    #[serde(flatten)]
    pub times: Times,
}

/// The forms of a call, by name: one, `application`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = CommonGrantsCompetitionForms)]
pub struct CompetitionForms {
    /// The forms.
    pub forms: BTreeMap<String, Form>,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsForm)]
pub struct Form {
    /// The call's id.
    pub id: CallId,
    /// Its name.
    pub name: String,
    /// Its answers as a JSON Schema: text by the key of its question.
    #[schema(value_type = Object)]
    pub json_schema: Value,
    /// When.
    #[serde(flatten)]
    pub times: Times,
}

/// What an application answers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsFormResponse)]
pub struct FormResponse {
    /// The application's id.
    pub id: ApplicationId,
    /// The application's id.
    pub application_id: ApplicationId,
    /// The call's id.
    pub form_id: CallId,
    /// The answers by the key of their question.
    pub response: BTreeMap<String, String>,
    /// `notStarted`, `inProgress` or `complete`.
    pub status: Status,
    /// When.
    #[serde(flatten)]
    pub times: Times,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsApplication)]
pub struct Application {
    /// The application's id.
    pub id: ApplicationId,
    /// The project's title.
    pub name: String,
    /// The call's id.
    pub competition_id: CallId,
    /// Its answers, by the name of the form.
    pub form_responses: BTreeMap<String, FormResponse>,
    /// Where it stands, as far as the caller may know.
    pub status: Status,
    /// When it was handed in.
    #[serde(with = "shared::time::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// When.
    #[serde(flatten)]
    pub times: Times,
}

/// The money of a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsAwardFunding)]
pub struct AwardFunding {
    /// What was applied for.
    pub requested_amount: Money,
    /// What was awarded.
    pub awarded_amount: Money,
    /// What has been paid.
    pub disbursed_amount: Money,
}

/// The dates of a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsAwardDates)]
pub struct AwardDates {
    /// The contract's day.
    pub award_date: Event,
    /// When reports are due, by name.
    pub other_dates: BTreeMap<String, Event>,
}

/// What another object names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CommonGrantsOpportunityRef)]
pub struct OpportunityRef {
    /// The call's id.
    pub id: CallId,
    /// Its title.
    pub title: String,
}

/// What another object names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CommonGrantsApplicationRef)]
pub struct ApplicationRef {
    /// The application's id.
    pub id: ApplicationId,
    /// The project's title.
    pub name: String,
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsAward)]
pub struct Award {
    /// The grant's id.
    pub id: FundingId,
    /// The project's title.
    pub title: String,
    /// The cities.
    pub description: String,
    /// Where it stands.
    pub status: Status,
    /// The money.
    pub funding: AwardFunding,
    /// The dates.
    pub key_dates: AwardDates,
    /// The call.
    pub opportunity: OpportunityRef,
    /// The application.
    pub application: ApplicationRef,
    /// When.
    #[serde(flatten)]
    pub times: Times,
}

/// Which part of a list this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsPagination)]
pub struct Pagination {
    /// From 1.
    pub page: u32,
    /// Most items of a page.
    pub page_size: u32,
    /// Items on all pages.
    pub total_items: u64,
    /// Pages.
    pub total_pages: u64,
}

/// A page of opportunities.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsOpportunities)]
pub struct Opportunities {
    /// 200.
    pub status: u16,
    /// `Success`.
    pub message: String,
    /// The opportunities, the last changed first.
    pub items: Vec<Opportunity>,
    /// Which part of the list this is.
    pub pagination_info: Pagination,
}

/// One object in the protocol's envelope. A type for each, so that each has a schema of its own.
macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident as $schema:ident of $object:ty;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
        #[schema(as = $schema)]
        pub struct $name {
            /// 200.
            pub status: u16,
            /// `Success`.
            pub message: String,
            /// The object.
            pub data: $object,
        }

        impl $name {
            /// Puts an object in its envelope.
            #[must_use]
            pub fn of(data: $object) -> Self {
                Self {
                    status: 200,
                    message: SUCCESS.to_owned(),
                    data,
                }
            }
        }
    )+};
}

answers! {
    /// An opportunity.
    OneOpportunity as CommonGrantsOneOpportunity of Opportunity;
    /// An application.
    OneApplication as CommonGrantsOneApplication of Application;
    /// An award.
    OneAward as CommonGrantsOneAward of Award;
}

/// What is said of every answer that is one.
pub(super) const SUCCESS: &str = "Success";

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(123_456, "EUR", "1234.56")]
    #[case(5, "EUR", "0.05")]
    #[case(-5, "EUR", "-0.05")]
    #[case(1_500, "JPY", "1500")]
    #[case(1_500, "TND", "1.500")]
    fn amounts_have_the_decimals_of_their_currency(#[case] minor: i64, #[case] currency: &str, #[case] told: &str) {
        assert_eq!(Money::of(minor, currency).amount, told);
    }

    #[test]
    fn a_deadline_is_told_by_the_clocks_of_its_zone() {
        let at = shared::time::parse("2025-03-14T22:59:59.999Z").unwrap();
        let event = Event::at("Close", at, "Europe/Paris");
        assert_eq!(
            (event.date.as_str(), event.time.as_deref(), event.description.as_deref()),
            ("2025-03-14", Some("23:59:59"), Some("Europe/Paris"))
        );
    }
}
