//! What a search asks for, in the protocol's words, and what is wrong with it.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::money::{AMOUNT_MAX, exponent};
use shared::problem::{FieldCode, FieldError};
use utoipa::ToSchema;
use validator::Validate;

use crate::http::valid::escape_pointer;

/// Longest words of a search, in characters.
const WORDS_MAX: usize = 200;
/// Most values in a list.
const VALUES_MAX: usize = 20;

/// The longest text of an amount.
const AMOUNT_LENGTH_MAX: usize = 40;

/// An object or nothing: a list of its values in the order of its fields, which serde takes too, is refused.
fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    struct Object<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = Option<T>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_map(self)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map)).map(Some)
        }
    }

    deserializer.deserialize_option(Object(PhantomData))
}

/// A search for opportunities: all that is told has to hold.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = CommonGrantsSearch)]
pub struct OpportunitySearch {
    /// Words that stand in the title or the description, in any language; accents and capitals do not matter.
    #[schema(max_length = 200, example = "eau")]
    pub search: Option<String>,
    /// What the opportunities have to be.
    #[serde(default, deserialize_with = "object")]
    pub filters: Option<OpportunityFilters>,
    /// Their order; the last changed first where it is absent.
    #[serde(default, deserialize_with = "object")]
    pub sorting: Option<OpportunitySorting>,
    /// Which page.
    #[serde(default, deserialize_with = "object")]
    pub pagination: Option<PageAsked>,
}

/// What opportunities have to be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
#[schema(as = CommonGrantsFilters)]
pub struct OpportunityFilters {
    /// `status.value` is one of these, or none of them.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub status: Option<StatusFilter>,
    /// `keyDates.closeDate` is between these, ends included, or outside. Days are those of the call's zone.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub close_date_range: Option<DateRangeFilter>,
    /// `funding.totalAmountAvailable` is between these, ends included, or outside; other currencies are left out.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub total_funding_available_range: Option<MoneyRangeFilter>,
    /// `funding.minAwardAmount`, which calls do not tell here: none is between any two amounts, nor outside.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub min_award_amount_range: Option<MoneyRangeFilter>,
    /// `funding.maxAwardAmount`, which calls do not tell here: none is between any two amounts, nor outside.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub max_award_amount_range: Option<MoneyRangeFilter>,
    /// Filters of one's own: there are none here, so each is refused.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    #[schema(value_type = Option<Object>)]
    pub custom_filters: Option<BTreeMap<String, Value>>,
}

/// How a list is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsArrayOperator)]
pub enum ArrayOperator {
    /// One of the values.
    In,
    /// None of the values.
    NotIn,
}

/// How a range is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsRangeOperator)]
pub enum RangeOperator {
    /// From the least to the most, both included.
    Between,
    /// Below the least or above the most.
    Outside,
}

/// The states of an opportunity that the protocol has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsOpportunityStatus)]
pub enum OpportunityStatus {
    /// Announced.
    Forecasted,
    /// Takes applications.
    Open,
    /// Takes none any more.
    Closed,
    /// Something else, told in `customValue`.
    Custom,
}

impl OpportunityStatus {
    /// As the protocol writes it.
    #[must_use]
    pub const fn value(self) -> &'static str {
        match self {
            Self::Forecasted => "forecasted",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Custom => "custom",
        }
    }
}

/// States.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommonGrantsStatusFilter)]
pub struct StatusFilter {
    /// How they are compared.
    pub operator: ArrayOperator,
    /// The states.
    #[schema(max_items = 20)]
    pub value: Vec<OpportunityStatus>,
}

/// A range of days or times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommonGrantsDateRangeFilter)]
pub struct DateRangeFilter {
    /// How it is compared.
    pub operator: RangeOperator,
    /// The range.
    pub value: DateRange,
}

/// Two days or times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommonGrantsDateRange)]
pub struct DateRange {
    /// The first day (YYYY-MM-DD) or time (RFC 3339).
    #[schema(example = "2025-01-01")]
    pub min: String,
    /// The last one.
    #[schema(example = "2025-12-31")]
    pub max: String,
}

/// A range of amounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommonGrantsMoneyRangeFilter)]
pub struct MoneyRangeFilter {
    /// How it is compared.
    pub operator: RangeOperator,
    /// The range.
    pub value: MoneyRange,
}

/// Two amounts of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommonGrantsMoneyRange)]
pub struct MoneyRange {
    /// The least.
    pub min: MoneyAsked,
    /// The most.
    pub max: MoneyAsked,
}

/// An amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommonGrantsMoneyAsked)]
pub struct MoneyAsked {
    /// As decimal text, with no more decimals than the currency has.
    #[schema(example = "1000000.00", max_length = 40)]
    pub amount: String,
    /// ISO 4217.
    #[schema(example = "EUR", min_length = 3, max_length = 3)]
    pub currency: String,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = CommonGrantsSorting)]
pub struct OpportunitySorting {
    /// The field.
    pub sort_by: SortBy,
    /// The field of `custom`: there is none here, so each is refused.
    pub custom_sort_by: Option<String>,
    /// Which way; `desc` where it is absent.
    pub sort_order: Option<SortOrder>,
}

/// What opportunities are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsSortBy)]
pub enum SortBy {
    /// When it last changed.
    LastModifiedAt,
    /// When it was made.
    CreatedAt,
    /// The title, in the caller's language.
    Title,
    /// The state, as the protocol writes it.
    #[serde(rename = "status.value")]
    Status,
    /// The deadline.
    #[serde(rename = "keyDates.closeDate")]
    CloseDate,
    /// Not told of calls here.
    #[serde(rename = "funding.maxAwardAmount")]
    MaxAwardAmount,
    /// Not told of calls here.
    #[serde(rename = "funding.minAwardAmount")]
    MinAwardAmount,
    /// The envelope: by currency, then by amount; calls without one are last.
    #[serde(rename = "funding.totalAmountAvailable")]
    TotalFundingAvailable,
    /// Not told of calls here.
    #[serde(rename = "funding.estimatedAwardCount")]
    EstimatedAwardCount,
    /// A field of one's own; there is none here, so it is refused.
    Custom,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsSortOrder)]
pub enum SortOrder {
    /// The least first.
    Asc,
    /// The most first.
    Desc,
}

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = CommonGrantsPageAsked)]
pub struct PageAsked {
    /// The page, from 1.
    #[schema(minimum = 1, maximum = 10_000, default = 1)]
    pub page: Option<u32>,
    /// Most items of a page.
    #[schema(minimum = 1, maximum = 100, default = 100)]
    pub page_size: Option<u32>,
}

/// A day or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A whole day, where the call is at home.
    Day(NaiveDate),
    /// An instant.
    At(DateTime<Utc>),
}

/// Reads a day or a time; none for anything else.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let day = shared::time::parse_day(text).map(Moment::Day);
    day.or_else(|| shared::time::parse(text).map(Moment::At))
}

impl MoneyAsked {
    /// In minor units of its currency; none for what is no amount of it.
    pub(super) fn minor(&self) -> Option<i64> {
        if self.amount.len() > AMOUNT_LENGTH_MAX {
            return None;
        }
        let (sign, digits) = match self.amount.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, self.amount.as_str()),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let places = exponent(&self.currency) as usize;
        // Zeros behind the last decimal of the currency say nothing.
        let part = part.trim_end_matches('0');
        if !is_number(whole) || !is_number(&format!("{part}0")) || part.len() > places {
            return None;
        }
        let minor: i64 = format!("{whole}{part:0<places$}").parse().ok()?;
        (minor <= AMOUNT_MAX).then_some(sign * minor)
    }
}

impl OpportunitySearch {
    /// What is wrong with it; `pages` and `sizes` are the largest page and its largest size.
    #[must_use]
    pub fn faults(&self, pages: u32, sizes: u32) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let words = self.search.as_deref().unwrap_or_default();
        if words.chars().count() > WORDS_MAX {
            faults.push(FieldError::new("/search", FieldCode::Length).with("max", WORDS_MAX));
        }
        if let Some(filters) = &self.filters {
            filters.faults(&mut faults);
        }
        if let Some(sorting) = &self.sorting {
            if sorting.sort_by == SortBy::Custom {
                faults.push(FieldError::new("/sorting/sortBy", FieldCode::Choice));
            } else if sorting.custom_sort_by.is_some() {
                faults.push(FieldError::new("/sorting/customSortBy", FieldCode::Inconsistent));
            }
        }
        if let Some(asked) = &self.pagination {
            for (name, value, max) in [("page", asked.page, pages), ("pageSize", asked.page_size, sizes)] {
                if value.is_some_and(|value| !(1..=max).contains(&value)) {
                    let fault = FieldError::new(format!("/pagination/{name}"), FieldCode::Range);
                    faults.push(fault.with("min", 1).with("max", max));
                }
            }
        }
        faults
    }
}

impl OpportunityFilters {
    fn faults(&self, faults: &mut Vec<FieldError>) {
        if self
            .status
            .as_ref()
            .is_some_and(|status| status.value.len() > VALUES_MAX)
        {
            faults.push(FieldError::new("/filters/status/value", FieldCode::Length).with("max", VALUES_MAX));
        }
        if let Some(DateRangeFilter { value, .. }) = &self.close_date_range {
            let at = |end: &str| format!("/filters/closeDateRange/value/{end}");
            let ends = (moment(&value.min), moment(&value.max));
            let is_turned = match ends {
                (Some(Moment::Day(min)), Some(Moment::Day(max))) => max < min,
                (Some(Moment::At(min)), Some(Moment::At(max))) => max < min,
                _ => false,
            };
            for (end, read) in [("min", ends.0), ("max", ends.1)] {
                if read.is_none() {
                    faults.push(FieldError::new(at(end), FieldCode::Format));
                }
            }
            if is_turned {
                faults.push(FieldError::new(at("max"), FieldCode::Inconsistent));
            }
        }
        for (name, range) in [
            ("totalFundingAvailableRange", &self.total_funding_available_range),
            ("minAwardAmountRange", &self.min_award_amount_range),
            ("maxAwardAmountRange", &self.max_award_amount_range),
        ] {
            if let Some(range) = range {
                range.value.faults(&format!("/filters/{name}/value"), faults);
            }
        }
        for name in self.custom_filters.iter().flat_map(BTreeMap::keys) {
            let pointer = format!("/filters/customFilters/{}", escape_pointer(name));
            faults.push(FieldError::new(pointer, FieldCode::Unknown));
        }
    }
}

impl MoneyRange {
    fn faults(&self, prefix: &str, faults: &mut Vec<FieldError>) {
        for (end, money) in [("min", &self.min), ("max", &self.max)] {
            let currency = &money.currency;
            if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
                faults.push(FieldError::new(format!("{prefix}/{end}/currency"), FieldCode::Format));
            } else if money.minor().is_none() {
                faults.push(FieldError::new(format!("{prefix}/{end}/amount"), FieldCode::Format));
            }
        }
        let is_turned = matches!((self.min.minor(), self.max.minor()), (Some(min), Some(max)) if max < min);
        if self.min.currency != self.max.currency {
            let fault = FieldError::new(format!("{prefix}/max/currency"), FieldCode::Inconsistent);
            faults.push(fault.with("currency", &self.min.currency));
        } else if is_turned {
            faults.push(FieldError::new(format!("{prefix}/max/amount"), FieldCode::Inconsistent));
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(r#"{"pagination": [null, null]}"#, false)]
    #[case(r#"{"filters": {"status": ["in", ["open"]]}}"#, false)]
    #[case(r#"{"filters": null, "sorting": null, "pagination": {"page": 1}}"#, true)]
    #[case("{}", true)]
    fn objects_are_objects(#[case] body: &str, #[case] is_read: bool) {
        assert_eq!(serde_json::from_str::<OpportunitySearch>(body).is_ok(), is_read);
    }

    #[rstest]
    #[case("1000000", "EUR", Some(100_000_000))]
    #[case("0.5", "EUR", Some(50))]
    #[case("0.500", "EUR", Some(50))]
    #[case("-1.25", "EUR", Some(-125))]
    #[case("1.005", "EUR", None)]
    #[case("1.5", "JPY", None)]
    #[case("15.00", "JPY", Some(15))]
    #[case("1.005", "TND", Some(1_005))]
    #[case("1e6", "EUR", None)]
    #[case("", "EUR", None)]
    #[case(".5", "EUR", None)]
    #[case("1.", "EUR", Some(100))]
    #[case("99999999999999999999", "EUR", None)]
    fn amounts_are_read_exactly(#[case] amount: &str, #[case] currency: &str, #[case] minor: Option<i64>) {
        let money = MoneyAsked {
            amount: amount.into(),
            currency: currency.into(),
        };
        assert_eq!(money.minor(), minor);
    }
}
