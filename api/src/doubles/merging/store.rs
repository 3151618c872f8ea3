//! The tables that a merge changes.

use std::collections::HashSet;

use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Statement,
};
use shared::cities::NameKind;
use shared::ids::{CityId, PartnershipId};
use uuid::Uuid;

use super::record::{CityRow, CodeRow, GoneCity, NameRow};
use crate::db::Tx;
use crate::db::entity::{city, city_code, city_name, partnership_party};
use crate::directory::import::entry::TWIN;
use crate::error::Error;

/// Where a city has work of its own, by table and column; what is imported has none there.
const CITY_WORK: &[(&str, &str)] = &[
    ("contacts", "city_id"),
    ("elections", "city_id"),
    ("city_statements", "city_id"),
    ("city_weights", "city_id"),
    ("saved_searches", "city_id"),
    ("matches", "city_low"),
    ("matches", "city_high"),
    ("banned_pairs", "city_low"),
    ("banned_pairs", "city_high"),
    ("application_parties", "city_id"),
    ("attachments", "city_id"),
    ("comments", "city_id"),
    ("assessments", "city_id"),
    ("sustainability_plans", "city_id"),
    ("funding_grants", "lead_city_id"),
    ("round_members", "city_id"),
    ("round_pairs", "first_city"),
    ("round_pairs", "second_city"),
    ("exhibition_bookings", "city_id"),
    ("cohort_members", "city_id"),
    ("cohort_members", "partner_id"),
    ("meetings", "host_city_id"),
    ("grants", "scope_id"),
];

/// Where a partnership has work of its own.
const PARTNERSHIP_WORK: &[(&str, &str)] = &[
    ("activities", "partnership_id"),
    ("results", "partnership_id"),
    ("lessons", "partnership_id"),
    ("assessments", "partnership_id"),
    ("sustainability_plans", "partnership_id"),
    ("stories", "partnership_id"),
    ("renewal_lessons", "partnership_id"),
    ("applications", "partnership_id"),
    ("matches", "partnership_id"),
    ("round_pairs", "partnership_id"),
    ("partnerships", "parent_id"),
    ("partnerships", "predecessor_id"),
];

#[derive(Debug, FromQueryResult)]
struct Used {
    place: String,
}

async fn used(tx: &Tx<'_>, places: &[(&str, &str)], id: Uuid) -> Result<Vec<String>, Error> {
    let asked: Vec<String> = places
        .iter()
        .map(|(table, column)| {
            format!("SELECT '{table}' AS place WHERE EXISTS (SELECT 1 FROM {table} WHERE {column} = $1)")
        })
        .collect();
    let sql = asked.join(" UNION ");
    let sql = Statement::from_sql_and_values(tx.conn().get_database_backend(), sql, [id.into()]);
    let found = Used::find_by_statement(sql).all(tx.conn()).await?;
    let mut places: Vec<String> = found.into_iter().map(|used| used.place).collect();
    places.sort_unstable();
    Ok(places)
}

/// The tables in which a city has work of its own.
///
/// # Errors
/// Those of the database.
pub(super) async fn work_of_city(tx: &Tx<'_>, city: CityId, kept: CityId) -> Result<Vec<String>, Error> {
    let mut places = used(tx, CITY_WORK, city.0).await?;
    let child: Option<CityId> = city::Entity::find()
        .select_only()
        .column(city::Column::Id)
        .filter(city::Column::ParentId.eq(city))
        .filter(city::Column::Id.ne(kept))
        .limit(1)
        .into_tuple()
        .one(tx.conn())
        .await?;
    places.extend(child.map(|_| "cities".to_owned()));
    Ok(places)
}

/// The tables in which a partnership has work of its own.
///
/// # Errors
/// Those of the database.
pub(super) async fn work_of_partnership(tx: &Tx<'_>, id: PartnershipId) -> Result<Vec<String>, Error> {
    used(tx, PARTNERSHIP_WORK, id.0).await
}

/// Two cities, locked until the transaction ends, in the order of their ids.
///
/// # Errors
/// Those of the database.
pub(super) async fn cities(tx: &Tx<'_>, ids: [CityId; 2]) -> Result<Vec<CityRow>, Error> {
    let mut rows = city::Entity::find()
        .filter(city::Column::Id.is_in(ids))
        .order_by_asc(city::Column::Id);
    if tx.has_row_locks() {
        rows = rows.lock_exclusive();
    }
    Ok(rows.all(tx.conn()).await?.into_iter().map(row_of).collect())
}

fn row_of(row: city::Model) -> CityRow {
    CityRow {
        id: row.id,
        version: row.version,
        created_at: row.created_at,
        kind: row.kind,
        name: row.name,
        labels: row.labels,
        country: row.country,
        subdivision: row.subdivision,
        population: row.population,
        lat: row.lat,
        lng: row.lng,
        parent_id: row.parent_id,
        network_id: row.network_id,
        open_to_partners: row.open_to_partners,
        descriptions: row.descriptions,
        languages: row.languages,
        looking_for: row.looking_for,
        website: row.website,
        search_keys: row.search_keys,
    }
}

/// The partnerships of a city, deleted ones too, in the order of their ids.
///
/// # Errors
/// Those of the database.
pub(super) async fn partnerships_of(tx: &Tx<'_>, city: CityId) -> Result<Vec<PartnershipId>, Error> {
    Ok(partnership_party::Entity::find()
        .select_only()
        .column(partnership_party::Column::PartnershipId)
        .filter(partnership_party::Column::CityId.eq(city))
        .order_by_asc(partnership_party::Column::PartnershipId)
        .into_tuple()
        .all(tx.conn())
        .await?)
}

/// Takes a city out, and gives names, codes and what is missing to the one that is kept, as its next version.
///
/// # Errors
/// Those of the database.
pub(super) async fn fold_city(
    tx: &Tx<'_>,
    row: CityRow,
    kept: &CityRow,
    kind: NameKind,
    today: NaiveDate,
) -> Result<GoneCity, Error> {
    let names = names_of(tx, row.id).await?;
    let codes = codes_of(tx, row.id).await?;
    let own_names = names_of(tx, kept.id).await?;
    let own_codes = codes_of(tx, kept.id).await?;
    let added_names = give_names(tx, (&row, &names), (kept, &own_names), kind).await?;
    for code in &codes {
        let taken = code.scheme != TWIN
            && own_codes
                .iter()
                .any(|own| own.scheme == code.scheme && own.valid_to.is_none());
        city_code::Entity::update_many()
            .col_expr(city_code::Column::CityId, kept.id.into())
            .col_expr(
                city_code::Column::ValidTo,
                code.valid_to.or(taken.then_some(today)).into(),
            )
            .filter(city_code::Column::Id.eq(code.id))
            .exec(tx.conn())
            .await?;
    }
    let known: HashSet<&str> = kept.search_keys.lines().collect();
    let added_keys: Vec<String> = row
        .search_keys
        .lines()
        .filter(|key| !known.contains(key))
        .map(str::to_owned)
        .collect();
    let gone = GoneCity {
        names,
        codes,
        added_names,
        added_keys,
        gave_place: kept.lat.is_none() && row.lat.is_some(),
        gave_population: kept.population.is_none() && row.population.is_some(),
        was_parent: kept.parent_id == Some(row.id),
        row,
    };
    let mut changed = city::ActiveModel {
        version: Set(kept.version + 1),
        updated_at: Set(tx.now()),
        search_keys: Set(kept
            .search_keys
            .lines()
            .chain(gone.added_keys.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join("\n")),
        ..Default::default()
    };
    if gone.gave_place {
        changed.lat = Set(gone.row.lat);
        changed.lng = Set(gone.row.lng);
    }
    if gone.gave_population {
        changed.population = Set(gone.row.population);
    }
    if gone.was_parent {
        changed.parent_id = Set(gone.row.parent_id);
    }
    update(tx, kept.id, changed).await?;
    city::Entity::delete_by_id(gone.row.id).exec(tx.conn()).await?;
    Ok(gone)
}

async fn update(tx: &Tx<'_>, id: CityId, changed: city::ActiveModel) -> Result<(), Error> {
    city::Entity::update_many()
        .set(changed)
        .filter(city::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Gives the kept city the names of the other that it has not; the ids of those.
async fn give_names(
    tx: &Tx<'_>,
    (row, names): (&CityRow, &[NameRow]),
    (kept, own): (&CityRow, &[NameRow]),
    kind: NameKind,
) -> Result<Vec<Uuid>, Error> {
    let mut known: HashSet<&str> = own.iter().map(|name| name.text.as_str()).collect();
    known.insert(&kept.name);
    let main = NameRow {
        id: Uuid::nil(),
        text: row.name.clone(),
        language: None,
        kind: kind.code().to_owned(),
    };
    let mut rows = Vec::new();
    for name in std::iter::once(&main).chain(names) {
        if known.insert(&name.text) {
            rows.push(name_row(Uuid::now_v7(), kept.id, name));
        }
    }
    let ids = rows.iter().map(|row| row.id).collect();
    insert_names(tx, rows).await?;
    Ok(ids)
}

fn name_row(id: Uuid, city: CityId, name: &NameRow) -> city_name::Model {
    city_name::Model {
        id,
        city_id: city,
        text: name.text.clone(),
        language: name.language.clone(),
        kind: name.kind.clone(),
    }
}

async fn insert_names(tx: &Tx<'_>, rows: Vec<city_name::Model>) -> Result<(), Error> {
    if !rows.is_empty() {
        city_name::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

async fn names_of(tx: &Tx<'_>, city: CityId) -> Result<Vec<NameRow>, Error> {
    let rows = city_name::Entity::find()
        .filter(city_name::Column::CityId.eq(city))
        .order_by_asc(city_name::Column::Id)
        .all(tx.conn())
        .await?;
    let names = rows.into_iter().map(|row| NameRow {
        id: row.id,
        text: row.text,
        language: row.language,
        kind: row.kind,
    });
    Ok(names.collect())
}

async fn codes_of(tx: &Tx<'_>, city: CityId) -> Result<Vec<CodeRow>, Error> {
    let rows = city_code::Entity::find()
        .filter(city_code::Column::CityId.eq(city))
        .order_by_asc(city_code::Column::Id)
        .all(tx.conn())
        .await?;
    let codes = rows.into_iter().map(|row| CodeRow {
        id: row.id,
        scheme: row.scheme,
        value: row.value,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    });
    Ok(codes.collect())
}

/// Puts a city back as it was, in a later version, so that whoever knew it sees the change; gives that version.
///
/// # Errors
/// Those of the database.
pub(super) async fn put_back(tx: &Tx<'_>, gone: &GoneCity) -> Result<i64, Error> {
    let row = gone.row.clone();
    // One more was told when it went.
    let version = row.version + 2;
    let model = city::Model {
        id: row.id,
        version,
        created_at: row.created_at,
        updated_at: tx.now(),
        kind: row.kind,
        name: row.name,
        labels: row.labels,
        country: row.country,
        subdivision: row.subdivision,
        population: row.population,
        lat: row.lat,
        lng: row.lng,
        parent_id: row.parent_id,
        network_id: row.network_id,
        open_to_partners: row.open_to_partners,
        descriptions: row.descriptions,
        languages: row.languages,
        looking_for: row.looking_for,
        website: row.website,
        search_keys: row.search_keys,
    };
    model.into_active_model().insert(tx.conn()).await?;
    let names = gone.names.iter().map(|name| name_row(name.id, gone.row.id, name));
    insert_names(tx, names.collect()).await?;
    for code in &gone.codes {
        city_code::Entity::update_many()
            .col_expr(city_code::Column::CityId, gone.row.id.into())
            .col_expr(city_code::Column::ValidTo, code.valid_to.into())
            .filter(city_code::Column::Id.eq(code.id))
            .exec(tx.conn())
            .await?;
    }
    Ok(version)
}

/// Takes from the kept city what it was given, as its next version; what changed since stays.
///
/// # Errors
/// Those of the database.
pub(super) async fn take_back(tx: &Tx<'_>, kept: &CityRow, gone: &GoneCity) -> Result<i64, Error> {
    city_name::Entity::delete_many()
        .filter(city_name::Column::Id.is_in(gone.added_names.iter().copied()))
        .exec(tx.conn())
        .await?;
    let given: HashSet<&str> = gone.added_keys.iter().map(String::as_str).collect();
    let keys: Vec<&str> = kept.search_keys.lines().filter(|key| !given.contains(key)).collect();
    let version = kept.version + 1;
    let mut changed = city::ActiveModel {
        version: Set(version),
        updated_at: Set(tx.now()),
        search_keys: Set(keys.join("\n")),
        ..Default::default()
    };
    if gone.gave_place && (kept.lat, kept.lng) == (gone.row.lat, gone.row.lng) {
        changed.lat = Set(None);
        changed.lng = Set(None);
    }
    if gone.gave_population && kept.population == gone.row.population {
        changed.population = Set(None);
    }
    if gone.was_parent {
        changed.parent_id = Set(Some(gone.row.id));
    }
    update(tx, kept.id, changed).await?;
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Db;

    /// What a merge gives to the one that is kept.
    const MOVED: &[(&str, &str)] = &[
        ("city_names", "city_id"),
        ("city_codes", "city_id"),
        ("partnership_parties", "city_id"),
        ("partnership_parties", "partnership_id"),
        ("pairings", "a_id"),
        ("pairings", "b_id"),
        ("pairings", "partnership_id"),
    ];

    #[derive(Debug, FromQueryResult)]
    struct Reference {
        place: String,
        field: String,
        target: String,
    }

    #[tokio::test]
    async fn whatever_names_a_city_or_a_partnership_is_work_or_goes_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.sqlite");
        let db = Db::connect(&format!("sqlite://{}", file.display())).await.unwrap();
        db.migrate().await.unwrap();
        let sql = "SELECT tables.name AS place, keys.\"from\" AS field, keys.\"table\" AS target \
            FROM sqlite_master AS tables JOIN pragma_foreign_key_list(tables.name) AS keys \
            WHERE tables.type = 'table' AND keys.\"table\" IN ('cities', 'partnerships')";
        let sql = Statement::from_string(db.read().get_database_backend(), sql);
        let references = Reference::find_by_statement(sql).all(db.read()).await.unwrap();
        assert!(references.len() > MOVED.len());
        for Reference { place, field, target } in &references {
            let work = if target == "cities" {
                CITY_WORK
            } else {
                PARTNERSHIP_WORK
            };
            let known = (place.as_str(), field.as_str());
            assert!(
                MOVED.contains(&known) || work.contains(&known),
                "{place}.{field} names {target}: a merge would lose it"
            );
        }
    }
}
