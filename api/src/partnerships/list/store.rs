//! Lists of partnerships: what they are filtered and sorted by.

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::{PartnershipKind, PartnershipState, PartyRef, PartyRole};
use shared::themes::Theme;

use crate::db::Db;
use crate::db::entity::{partnership, partnership_party};
use crate::directory::fold::fold;
use crate::error::Error;
use crate::partnerships::store::{Partnership, partnership_of};

/// Which partnerships a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartnershipFilter {
    /// Authorities of one of these countries take part; empty for any.
    pub countries: Vec<String>,
    /// Only these kinds; empty for all.
    pub kinds: Vec<PartnershipKind>,
    /// Only these states; empty for all.
    pub states: Vec<PartnershipState>,
    /// Only those in which all of these cities take part.
    pub cities: Vec<CityId>,
    /// Only those about this theme.
    pub theme: Option<Theme>,
    /// Words of their names or of their parties' names.
    pub q: Option<String>,
    /// Only those of this platform.
    pub platform: Option<String>,
    /// Only those that hang on this one.
    pub parent_id: Option<PartnershipId>,
    /// Only the phases that follow this one.
    pub predecessor_id: Option<PartnershipId>,
    /// Only those that have not changed after this moment.
    pub unchanged_since: Option<DateTime<Utc>>,
}

impl PartnershipFilter {
    /// Whether a partnership that is not in the tables any more as it was would be in the list.
    #[must_use]
    pub fn lets_through(&self, of: &Partnership) -> bool {
        let takes_part = |countries: &[String]| {
            of.parties.iter().any(|party| {
                matches!(party.party, PartyRef::City { .. })
                    && party.role != PartyRole::Associated
                    && countries.contains(&party.country)
            })
        };
        let has = |city: &CityId| {
            let city_id = *city;
            of.parties.iter().any(|party| party.party == PartyRef::City { city_id })
        };
        let words = self.q.as_deref().map(fold).unwrap_or_default();
        (self.countries.is_empty() || takes_part(&self.countries))
            && (self.kinds.is_empty() || self.kinds.contains(&of.kind))
            && (self.states.is_empty() || self.states.contains(&of.state))
            && self.cities.iter().all(has)
            && self.theme.is_none_or(|theme| of.themes.contains(&theme))
            && self.platform.is_none() | (self.platform == of.platform)
            && self.parent_id.is_none() | (self.parent_id == of.parent_id)
            && self.predecessor_id.is_none() | (self.predecessor_id == of.predecessor_id)
            && words.split_whitespace().all(|word| of.search_keys.contains(word))
    }
}

impl PartnershipSort {
    /// The place of a partnership in this order.
    #[must_use]
    pub fn place(self, of: &Partnership) -> Place {
        match self {
            Self::UpdatedAt => Place::At(of.updated_at, of.id),
            Self::Name => Place::Named(of.name_key.clone(), of.id),
        }
    }
}

impl Place {
    /// Which of two places of one order comes first.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::At(at, id), Self::At(other_at, other_id)) => (other_at, other_id).cmp(&(at, id)),
            (Self::Named(key, id), Self::Named(other_key, other_id)) => (key, id).cmp(&(other_key, other_id)),
            (Self::At(..), Self::Named(..)) => Ordering::Less,
            (Self::Named(..), Self::At(..)) => Ordering::Greater,
        }
    }
}

/// The orders of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum PartnershipSort {
    /// Latest change first.
    #[default]
    #[serde(rename = "-updated_at")]
    UpdatedAt,
    /// By name.
    #[serde(rename = "name")]
    Name,
}

/// The place of a partnership in one of the orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In the order of changes.
    At(DateTime<Utc>, PartnershipId),
    /// In the order of names.
    Named(String, PartnershipId),
}

fn listed(filter: &PartnershipFilter) -> sea_orm::Select<partnership::Entity> {
    use partnership::Column;
    let mut found = partnership::Entity::find().filter(Column::DeletedAt.is_null());
    if !filter.countries.is_empty() {
        let authorities = Query::select()
            .column(partnership_party::Column::PartnershipId)
            .from(partnership_party::Entity)
            .and_where(partnership_party::Column::Country.is_in(filter.countries.iter().map(String::as_str)))
            .and_where(partnership_party::Column::CityId.is_not_null())
            .and_where(partnership_party::Column::Role.ne(PartyRole::Associated.code()))
            .to_owned();
        found = found.filter(Column::Id.in_subquery(authorities));
    }
    for &city in &filter.cities {
        let of_city = Query::select()
            .column(partnership_party::Column::PartnershipId)
            .from(partnership_party::Entity)
            .and_where(partnership_party::Column::CityId.eq(city))
            .to_owned();
        found = found.filter(Column::Id.in_subquery(of_city));
    }
    if !filter.kinds.is_empty() {
        found = found.filter(Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.code())));
    }
    if !filter.states.is_empty() {
        found = found.filter(Column::State.is_in(filter.states.iter().map(|state| state.code())));
    }
    if let Some(theme) = filter.theme {
        // Slugs have neither quotes nor signs of their own for LIKE.
        let themes = Expr::col((partnership::Entity, Column::Themes)).cast_as("text");
        found = found.filter(themes.like(format!("%\"{}\"%", theme.slug())));
    }
    if let Some(platform) = &filter.platform {
        found = found.filter(Column::Platform.eq(platform.as_str()));
    }
    if let Some(parent) = filter.parent_id {
        found = found.filter(Column::ParentId.eq(parent));
    }
    if let Some(before) = filter.predecessor_id {
        found = found.filter(Column::PredecessorId.eq(before));
    }
    if let Some(at) = filter.unchanged_since {
        found = found.filter(Column::UpdatedAt.lt(at + TimeDelta::milliseconds(1)));
    }
    for word in filter.q.as_deref().map(fold).unwrap_or_default().split_whitespace() {
        // A folded word has letters and digits only.
        found = found.filter(Column::SearchKeys.like(format!("%{word}%")));
    }
    found
}

/// A page of partnerships, without parties and pairs.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    filter: &PartnershipFilter,
    sort: PartnershipSort,
    after: Option<&Place>,
    limit: u64,
) -> Result<Vec<Partnership>, Error> {
    use partnership::Column;
    let mut found = listed(filter);
    match after {
        None => {}
        Some(Place::At(at, id)) => {
            found = found.filter(
                Condition::any()
                    .add(Column::UpdatedAt.lt(*at))
                    .add(Column::UpdatedAt.eq(*at).and(Column::Id.lt(*id))),
            );
        }
        Some(Place::Named(key, id)) => {
            found = found.filter(
                Condition::any()
                    .add(Column::NameKey.gt(key.as_str()))
                    .add(Column::NameKey.eq(key.as_str()).and(Column::Id.gt(*id))),
            );
        }
    }
    let found = match sort {
        PartnershipSort::UpdatedAt => found.order_by_desc(Column::UpdatedAt).order_by_desc(Column::Id),
        PartnershipSort::Name => found.order_by_asc(Column::NameKey).order_by_asc(Column::Id),
    };
    let rows = found.limit(limit).all(db.read()).await?;
    Ok(rows.into_iter().map(partnership_of).collect())
}

/// How many partnerships a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &PartnershipFilter) -> Result<u64, Error> {
    Ok(listed(filter).count(db.read()).await?)
}
