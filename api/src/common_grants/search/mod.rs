//! Searching opportunities as the protocol has it: words, filters, an order, a page.
//!
//! Calls are few, so that all of them are looked through in memory, without their rules and forms; only the page that is
//! asked for is read whole.

pub mod asked;

use std::cmp::Ordering;
use std::collections::HashMap;

use serde::Serialize;
use shared::ids::{CallId, RuleSetId};
use shared::language::Language;
use utoipa::ToSchema;

use asked::{
    ArrayOperator, DateRangeFilter, Moment, MoneyRangeFilter, OpportunityFilters, OpportunitySearch, RangeOperator,
    SortBy, SortOrder, moment,
};

use super::model::{Opportunity, Pagination, SUCCESS};
use super::service::{opportunity, words};
use super::status;
use crate::caller::Caller;
use crate::directory::fold::fold;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::calls::store::{self as calls, CallOutline, CallScope};
use crate::programmes::store::currencies;
use crate::zone::day_in;

/// Which page of how many items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageOf {
    /// The page, from 1.
    pub page: u32,
    /// Most items of a page.
    pub size: u32,
}

/// How found opportunities are ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsSortInfo)]
pub struct SortInfo {
    /// The field.
    pub sort_by: SortBy,
    /// Which way.
    pub sort_order: SortOrder,
    /// What could not be done, in the caller's language.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<String>,
}

/// What was asked of found opportunities.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = CommonGrantsFilterInfo)]
pub struct FilterInfo {
    /// The filters.
    pub filters: OpportunityFilters,
    /// What could not be done, in the caller's language.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<String>,
}

/// A page of found opportunities.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CommonGrantsFoundOpportunities)]
pub struct FoundOpportunities {
    /// 200.
    pub status: u16,
    /// `Success`.
    pub message: String,
    /// The opportunities, in the order that was asked for.
    pub items: Vec<Opportunity>,
    /// Which part of all that were found this is.
    pub pagination_info: Pagination,
    /// Their order.
    pub sort_info: SortInfo,
    /// What they were filtered by.
    pub filter_info: FilterInfo,
}

/// The public calls that are searched for. What is asked has no faults any more.
///
/// # Errors
/// Those of the database.
pub async fn search(
    platform: &Platform,
    caller: &Caller,
    asked: OpportunitySearch,
    page: PageOf,
) -> Result<FoundOpportunities, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let filters = asked.filters.unwrap_or_default();
    let (by, order) = asked
        .sorting
        .map_or((SortBy::LastModifiedAt, SortOrder::Desc), |sorting| {
            (sorting.sort_by, sorting.sort_order.unwrap_or(SortOrder::Desc))
        });
    let scope = CallScope {
        drafts_of: Some(Vec::new()),
        ..CallScope::default()
    };
    let outlines = calls::outlines(&platform.db, &scope, caller.now).await?;
    // The currency stands in the rules: they are looked at only where money is asked about.
    let currencies = if filters.total_funding_available_range.is_some() || by == SortBy::TotalFundingAvailable {
        currencies(&platform.db).await?
    } else {
        HashMap::new()
    };
    let needle: Vec<String> = fold(asked.search.as_deref().unwrap_or_default())
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let mut found: Vec<Candidate<'_>> = outlines
        .iter()
        .map(|call| Candidate::of(call, &currencies, caller))
        .filter(|candidate| candidate.has(&needle) && candidate.fits(&filters))
        .collect();
    found.sort_by(|one, other| compare(one, other, by, order));
    let total = found.len() as u64;
    let (size, before) = (page.size as usize, page.page.saturating_sub(1) as usize);
    let ids: Vec<CallId> = found
        .iter()
        .skip(before.saturating_mul(size))
        .take(size)
        .map(|candidate| candidate.call.id)
        .collect();
    let read = calls::dated_calls(&platform.db, &ids).await?;
    let mut read: HashMap<CallId, Opportunity> = read
        .iter()
        .map(|call| (call.call.id, opportunity(call, caller)))
        .collect();
    Ok(FoundOpportunities {
        status: 200,
        message: SUCCESS.to_owned(),
        items: ids.iter().filter_map(|id| read.remove(id)).collect(),
        pagination_info: Pagination {
            page: page.page,
            page_size: page.size,
            total_items: total,
            total_pages: total.div_ceil(u64::from(page.size)),
        },
        sort_info: SortInfo {
            sort_by: by,
            sort_order: order,
            errors: untold_order(by, caller.language).into_iter().collect(),
        },
        filter_info: FilterInfo {
            errors: untold_filters(&filters, caller.language),
            filters,
        },
    })
}

/// A call that may be found.
struct Candidate<'a> {
    call: &'a CallOutline,
    status: String,
    title: String,
    /// The envelope with its currency; none where there is none, or where nobody asked for it.
    money: Option<(&'a str, i64)>,
}

impl<'a> Candidate<'a> {
    fn of(call: &'a CallOutline, currencies: &'a HashMap<RuleSetId, String>, caller: &Caller) -> Self {
        let currency = currencies.get(&call.rule_set_id).map(String::as_str);
        Self {
            call,
            status: status::of_call(call.state).value,
            title: fold(&words(&call.title, caller)),
            money: currency.zip(call.envelope_minor),
        }
    }

    fn has(&self, needle: &[String]) -> bool {
        if needle.is_empty() {
            return true;
        }
        let texts = self.call.title.values().chain(self.call.about.values());
        let text = fold(&texts.map(String::as_str).collect::<Vec<_>>().join(" "));
        needle.iter().all(|word| text.contains(word.as_str()))
    }

    fn fits(&self, filters: &OpportunityFilters) -> bool {
        let has_status = filters.status.as_ref().is_none_or(|filter| {
            let is_in = filter.value.iter().any(|status| status.value() == self.status);
            is_in == (filter.operator == ArrayOperator::In)
        });
        let closes = filters
            .close_date_range
            .as_ref()
            .is_none_or(|filter| self.closes_in(filter));
        let pays = filters
            .total_funding_available_range
            .as_ref()
            .is_none_or(|filter| self.pays_in(filter));
        // What is not told of any call is in no range, and outside of none.
        let is_told = filters.min_award_amount_range.is_none() && filters.max_award_amount_range.is_none();
        has_status && closes && pays && is_told
    }

    fn closes_in(&self, filter: &DateRangeFilter) -> bool {
        let (at, day) = (self.call.closes_at, day_in(self.call.closes_at, &self.call.zone));
        let place = |end: &str| match moment(end) {
            Some(Moment::Day(other)) => Some(day.cmp(&other)),
            Some(Moment::At(other)) => Some(at.cmp(&other)),
            None => None,
        };
        let (Some(min), Some(max)) = (place(&filter.value.min), place(&filter.value.max)) else {
            return false;
        };
        (min.is_ge() && max.is_le()) == (filter.operator == RangeOperator::Between)
    }

    fn pays_in(&self, filter: &MoneyRangeFilter) -> bool {
        let range = &filter.value;
        let Some((currency, amount)) = self.money else {
            return false;
        };
        let (Some(min), Some(max)) = (range.min.minor(), range.max.minor()) else {
            return false;
        };
        currency == range.min.currency && (min..=max).contains(&amount) == (filter.operator == RangeOperator::Between)
    }
}

/// The order of two calls; of equal ones, the one that was made last comes first.
fn compare(one: &Candidate<'_>, other: &Candidate<'_>, by: SortBy, order: SortOrder) -> Ordering {
    let turned = |found: Ordering| match order {
        SortOrder::Asc => found,
        SortOrder::Desc => found.reverse(),
    };
    let found = match by {
        SortBy::LastModifiedAt => turned(one.call.updated_at.cmp(&other.call.updated_at)),
        SortBy::CreatedAt => turned(one.call.created_at.cmp(&other.call.created_at)),
        SortBy::Title => turned(one.title.cmp(&other.title)),
        SortBy::Status => turned(one.status.cmp(&other.status)),
        SortBy::CloseDate => turned(one.call.closes_at.cmp(&other.call.closes_at)),
        SortBy::TotalFundingAvailable => match (one.money, other.money) {
            (Some(one), Some(other)) => turned(one.cmp(&other)),
            (one, other) => other.is_some().cmp(&one.is_some()),
        },
        SortBy::MaxAwardAmount | SortBy::MinAwardAmount | SortBy::EstimatedAwardCount | SortBy::Custom => {
            Ordering::Equal
        }
    };
    found.then_with(|| other.call.id.cmp(&one.call.id))
}

/// Says that an order is by something that calls do not tell.
fn untold_order(by: SortBy, language: Language) -> Option<String> {
    let field = match by {
        SortBy::MaxAwardAmount => "funding.maxAwardAmount",
        SortBy::MinAwardAmount => "funding.minAwardAmount",
        SortBy::EstimatedAwardCount => "funding.estimatedAwardCount",
        _ => return None,
    };
    Some(match language {
        Language::Fr => format!("Les appels n'indiquent pas {field}\u{a0}: les derniers créés viennent en premier."),
        Language::En => format!("Calls do not tell {field}: the last that were made come first."),
        Language::Uk => format!("Конкурси не зазначають {field}: першими йдуть створені останніми."),
    })
}

/// Says which filters ask for something that calls do not tell.
fn untold_filters(filters: &OpportunityFilters, language: Language) -> Vec<String> {
    let asked = [
        ("funding.minAwardAmount", &filters.min_award_amount_range),
        ("funding.maxAwardAmount", &filters.max_award_amount_range),
    ];
    let untold = asked.into_iter().filter(|(_, range)| range.is_some());
    untold
        .map(|(field, _)| match language {
            Language::Fr => format!("Les appels n'indiquent pas {field}\u{a0}: aucun ne répond à ce filtre."),
            Language::En => format!("Calls do not tell {field}: none fits this filter."),
            Language::Uk => format!("Конкурси не зазначають {field}: жоден не відповідає цьому фільтру."),
        })
        .collect()
}
