//! The cities of the directory that a side takes.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::ids::CityId;
use shared::rounds::SideRules;

use crate::db::Tx;
use crate::db::entity::city::{Column, Entity};
use crate::error::Error;

/// The cities that the rules of a side allow, by country, kind and population.
pub(super) async fn cities_for(tx: &Tx<'_>, rules: &SideRules) -> Result<Vec<CityId>, Error> {
    let mut cities = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Country.is_in(rules.countries.iter().cloned()))
        .filter(Column::Kind.is_in(rules.kinds.iter().map(|kind| kind.code())));
    if let Some(least) = rules.population_min {
        cities = cities.filter(Column::Population.gte(least));
    }
    if let Some(most) = rules.population_max {
        cities = cities.filter(Column::Population.lte(most));
    }
    Ok(cities.order_by_asc(Column::Id).into_tuple().all(tx.conn()).await?)
}
