//! Filling the directory.

mod bundled;
mod geonames;
mod registers;
mod shared_data;
mod twins;

use api::db::Db;
use api::db::entity::{city, city_code, city_name};
use api::directory::import::{Import, Report};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shared::ids::CityId;

use crate::support::Server;

/// An import into the server's database.
pub(crate) fn import(server: &Server) -> Import<'_> {
    Import {
        db: &server.platform.db,
        clock: &server.platform.clock,
        progress: &|_| {},
    }
}

/// Rows added, changed, unchanged and refused.
pub(crate) fn counts(report: &Report) -> [u64; 4] {
    [report.added, report.changed, report.unchanged, report.refused]
}

/// The city with a code.
pub(crate) async fn city_by_code(db: &Db, scheme: &str, value: &str) -> city::Model {
    let code = city_code::Entity::find()
        .filter(city_code::Column::Scheme.eq(scheme))
        .filter(city_code::Column::Value.eq(value))
        .one(db.read())
        .await
        .unwrap()
        .unwrap_or_else(|| panic!("no city has the code {scheme} {value}"));
    city::Entity::find_by_id(code.city_id)
        .one(db.read())
        .await
        .unwrap()
        .unwrap()
}

/// The names of a city.
pub(crate) async fn names(db: &Db, id: CityId) -> Vec<(String, Option<String>)> {
    let mut names: Vec<(String, Option<String>)> = city_name::Entity::find()
        .filter(city_name::Column::CityId.eq(id))
        .all(db.read())
        .await
        .unwrap()
        .into_iter()
        .map(|name| (name.text, name.language))
        .collect();
    names.sort();
    names
}

/// The codes of a city as `scheme value`.
pub(crate) async fn codes(db: &Db, id: CityId) -> Vec<String> {
    let mut codes: Vec<String> = city_code::Entity::find()
        .filter(city_code::Column::CityId.eq(id))
        .all(db.read())
        .await
        .unwrap()
        .into_iter()
        .map(|code| format!("{} {}", code.scheme, code.value))
        .collect();
    codes.sort();
    codes
}
