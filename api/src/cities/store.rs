//! The tables of cities: the full profile, and what changes it. What lists and search need is read by the
//! [`crate::directory`].

use chrono::NaiveDate;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    Statement as Sql,
};
use serde::de::DeserializeOwned;
use shared::cities::registers::CityCodeDraft;
use shared::cities::{
    CityCode, CityDraft, CityKind, CityName, CityPatch, CitySummary, CityView, Completeness, LookingFor, NameKind,
    ProfileStep, Statement, Urgency,
};
use shared::geo::Point;
use shared::ids::{CityId, NetworkId, StatementId};
use shared::language::Texts;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::themes::Theme;
use uuid::Uuid;

use super::rules;
use crate::db::entity::{city, city_code, city_name, city_statement};
use crate::db::{Tx, constraint_of};
use crate::directory::fold;
use crate::error::Error;

/// The side of a need.
pub const NEED: &str = "need";
/// The side of an offer.
pub const OFFER: &str = "offer";

/// Everything around a city's row in one statement: names, codes, needs, offers, and whether there is a contact person.
const PARTS: &str = r#"
SELECT 'name' AS part, "text" AS a, language AS b, kind AS c, CAST(NULL AS text) AS d, CAST(NULL AS text) AS e
  FROM city_names WHERE city_id = $1
UNION ALL
SELECT 'code', scheme, "value", CAST(valid_from AS text), CAST(valid_to AS text), CAST(NULL AS text)
  FROM city_codes WHERE city_id = $1
UNION ALL
SELECT side, theme, urgency, sentence, place, CAST("position" AS text) FROM city_statements WHERE city_id = $1
UNION ALL
SELECT 'contact', CAST(COUNT(*) AS text), CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS text)
  FROM contacts WHERE city_id = $1"#;

#[derive(Debug, FromQueryResult)]
struct Part {
    part: String,
    a: String,
    b: Option<String>,
    c: Option<String>,
    d: Option<String>,
    e: Option<String>,
}

/// What stands around a city's row.
#[derive(Debug, Default)]
struct Parts {
    names: Vec<CityName>,
    codes: Vec<CityCode>,
    needs: Vec<(i32, Statement)>,
    offers: Vec<(i32, Statement)>,
    has_contact: bool,
}

impl Parts {
    fn add(&mut self, part: Part) {
        match part.part.as_str() {
            "name" => self.names.push(CityName {
                text: part.a,
                language: part.b,
                kind: part
                    .c
                    .and_then(|code| NameKind::from_code(&code))
                    .unwrap_or(NameKind::Alternate),
            }),
            "code" => self.codes.push(CityCode {
                scheme: part.a,
                value: part.b.unwrap_or_default(),
                valid_from: part.c.and_then(|date| date.parse().ok()),
                valid_to: part.d.and_then(|date| date.parse().ok()),
            }),
            "contact" => self.has_contact = part.a != "0",
            side => {
                let position = part.e.and_then(|position| position.parse().ok()).unwrap_or_default();
                let statement = Theme::from_slug(&part.a)
                    .zip(part.b.as_deref().and_then(Urgency::from_code))
                    .map(|(theme, urgency)| Statement {
                        theme,
                        urgency,
                        sentence: part.c.unwrap_or_default(),
                        place: part.d,
                    });
                let statements = if side == NEED {
                    &mut self.needs
                } else {
                    &mut self.offers
                };
                statements.extend(statement.map(|statement| (position, statement)));
            }
        }
    }

    /// The same order on both databases, whatever theirs is.
    fn sort(&mut self) {
        self.names
            .sort_by(|a, b| (a.kind, &a.language, &a.text).cmp(&(b.kind, &b.language, &b.text)));
        self.codes.sort_by(|a, b| {
            (&a.scheme, a.valid_to.is_some(), &a.value).cmp(&(&b.scheme, b.valid_to.is_some(), &b.value))
        });
        self.needs.sort_by_key(|(position, _)| *position);
        self.offers.sort_by_key(|(position, _)| *position);
    }
}

/// The public profile of a city, with `allowed` empty; none where there is no such city. Two statements.
///
/// # Errors
/// Those of the database.
pub async fn profile(conn: &impl ConnectionTrait, id: CityId) -> Result<Option<CityView>, Error> {
    let Some(city) = city::Entity::find_by_id(id).one(conn).await? else {
        return Ok(None);
    };
    let sql = Sql::from_sql_and_values(conn.get_database_backend(), PARTS, [id.into()]);
    let mut parts = Parts::default();
    for part in Part::find_by_statement(sql).all(conn).await? {
        parts.add(part);
    }
    parts.sort();
    Ok(Some(view_of(city, parts)))
}

fn json_or_default<T: DeserializeOwned + Default>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap_or_default()
}

fn view_of(city: city::Model, parts: Parts) -> CityView {
    let statements =
        |side: Vec<(i32, Statement)>| -> Vec<Statement> { side.into_iter().map(|(_, statement)| statement).collect() };
    let (need_statements, offer_statements) = (statements(parts.needs), statements(parts.offers));
    let themes = |statements: &[Statement]| statements.iter().map(|statement| statement.theme).collect();
    let descriptions: Texts = json_or_default(city.descriptions);
    let languages: Vec<String> = json_or_default(city.languages);
    let looking_for: LookingFor = json_or_default(city.looking_for);
    let completeness = Completeness::of(|step| match step {
        ProfileStep::Description => !descriptions.is_empty(),
        ProfileStep::SecondLanguage => descriptions.len() > 1,
        ProfileStep::Needs => !need_statements.is_empty(),
        ProfileStep::Offers => !offer_statements.is_empty(),
        ProfileStep::Languages => !languages.is_empty(),
        ProfileStep::LookingFor => looking_for != LookingFor::default(),
        ProfileStep::Contact => parts.has_contact,
    });
    CityView {
        summary: CitySummary {
            id: city.id,
            version: city.version,
            kind: CityKind::from_code(&city.kind).unwrap_or(CityKind::Municipality),
            name: city.name,
            labels: json_or_default(city.labels),
            country: city.country,
            subdivision: city.subdivision,
            population: city.population,
            location: city.lat.zip(city.lng).map(|(lat, lng)| Point { lat, lng }),
            open_to_partners: city.open_to_partners,
            needs: themes(&need_statements),
            offers: themes(&offer_statements),
        },
        names: parts.names,
        codes: parts.codes,
        parent_id: city.parent_id,
        network_id: city.network_id,
        descriptions,
        languages,
        need_statements,
        offer_statements,
        looking_for,
        website: city.website,
        completeness,
        updated_at: city.updated_at,
        allowed: Vec::new(),
    }
}

/// A code of a city to be added.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// The list.
    pub scheme: String,
    /// The code in it.
    pub value: String,
    /// Until when it held; none while it does.
    pub valid_to: Option<NaiveDate>,
}

impl From<&CityCodeDraft> for NewCode {
    fn from(draft: &CityCodeDraft) -> Self {
        Self {
            scheme: draft.scheme.code().to_owned(),
            value: draft.value.clone(),
            valid_to: None,
        }
    }
}

/// A city to be added.
#[derive(Debug, Clone)]
pub struct NewCity<'a> {
    /// Its id.
    pub id: CityId,
    /// What is told of it.
    pub draft: &'a CityDraft,
    /// Its other names, in no particular language.
    pub names: &'a [String],
    /// Its codes.
    pub codes: &'a [NewCode],
}

impl NewCity<'_> {
    fn search_keys(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        let names = std::iter::once(&self.draft.name)
            .chain(self.draft.labels.values())
            .chain(self.names)
            .flat_map(|name| fold::keys(name));
        let codes = self.codes.iter().map(|code| fold::fold(&code.value));
        for key in names.chain(codes) {
            if !lines.contains(&key) {
                lines.push(key);
            }
        }
        lines.join("\n")
    }
}

/// Adds a city in its first version and gives its profile; the caller records it in the journal. Its codes must be free.
///
/// # Errors
/// Internal, where the draft cannot be written as JSON.
pub fn insert(tx: &Tx<'_>, new: &NewCity<'_>) -> Result<CityView, Error> {
    let city = row_of(tx, new)?;
    tx.insert_later(city::ActiveModel::from(city.clone()));
    for name in new.names {
        tx.insert_later(city_name::ActiveModel {
            id: Set(Uuid::now_v7()),
            city_id: Set(new.id),
            text: Set(name.clone()),
            language: Set(None),
            kind: Set(NameKind::Alternate.code().to_owned()),
        });
    }
    for code in new.codes {
        tx.insert_later(code_row(new.id, code));
    }
    Ok(view_of(city, Parts::default()))
}

/// Like [`insert`], for a city with codes that somebody told, and no other names: at once, for others may have the codes.
///
/// # Errors
/// `Conflict` with the places of the codes that another city has or had, and those of the database.
pub async fn insert_told(tx: &Tx<'_>, new: &NewCity<'_>) -> Result<CityView, Error> {
    let mut wanted = Condition::any();
    for NewCode { scheme, value, .. } in new.codes {
        use city_code::Column;
        wanted = wanted.add(Column::Scheme.eq(scheme.as_str()).and(Column::Value.eq(value.as_str())));
    }
    let held = city_code::Entity::find().filter(wanted).all(tx.conn()).await?;
    let is_held = |code: &NewCode| {
        held.iter()
            .any(|row| (&row.scheme, &row.value) == (&code.scheme, &code.value))
    };
    let taken: Vec<FieldError> = new
        .codes
        .iter()
        .enumerate()
        .filter(|(_, code)| is_held(code))
        .map(|(index, _)| FieldError::new(format!("/codes/{index}/value"), FieldCode::Duplicate))
        .collect();
    let conflict = |errors| Error::Conflict {
        code: ProblemCode::AlreadyExists,
        errors,
    };
    if !taken.is_empty() {
        return Err(conflict(taken));
    }
    let city = row_of(tx, new)?;
    city::Entity::insert(city::ActiveModel::from(city.clone()))
        .exec_without_returning(tx.conn())
        .await?;
    let rows = new.codes.iter().map(|code| code_row(new.id, code));
    let added = city_code::Entity::insert_many(rows).exec_without_returning(tx.conn());
    // Somebody else may have been quicker.
    added.await.map_err(|error| match constraint_of(&error) {
        Some(_) => conflict(vec![FieldError::new("/codes", FieldCode::Duplicate)]),
        None => error.into(),
    })?;
    let told = new.codes.iter().map(|code| CityCode {
        scheme: code.scheme.clone(),
        value: code.value.clone(),
        valid_from: None,
        valid_to: code.valid_to,
    });
    let parts = Parts {
        codes: told.collect(),
        ..Parts::default()
    };
    Ok(view_of(city, parts))
}

fn code_row(city_id: CityId, code: &NewCode) -> city_code::ActiveModel {
    city_code::ActiveModel {
        id: Set(Uuid::now_v7()),
        city_id: Set(city_id),
        scheme: Set(code.scheme.clone()),
        value: Set(code.value.clone()),
        valid_from: Set(None),
        valid_to: Set(code.valid_to),
    }
}

fn row_of(tx: &Tx<'_>, new: &NewCity<'_>) -> Result<city::Model, Error> {
    let draft = new.draft;
    Ok(city::Model {
        id: new.id,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        kind: draft.kind.code().to_owned(),
        name: draft.name.clone(),
        labels: serde_json::to_value(&draft.labels)?,
        country: draft.country.clone(),
        subdivision: draft.subdivision.clone(),
        population: draft.population,
        lat: draft.location.map(|point| point.lat),
        lng: draft.location.map(|point| point.lng),
        parent_id: None,
        network_id: None,
        open_to_partners: false,
        descriptions: serde_json::json!({}),
        languages: serde_json::json!([]),
        looking_for: serde_json::to_value(LookingFor::default())?,
        website: None,
        search_keys: new.search_keys(),
    })
}

/// A city as it is held for a change.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its id.
    pub id: CityId,
    /// Its version.
    pub version: i64,
    /// The network that it names itself.
    pub network_id: Option<NetworkId>,
    descriptions: Texts,
}

/// Reads a city to change it; others wait until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: CityId) -> Result<Option<Held>, Error> {
    let mut select = city::Entity::find_by_id(id).select_only().columns([
        city::Column::Version,
        city::Column::NetworkId,
        city::Column::Descriptions,
    ]);
    if tx.has_row_locks() {
        select = select.lock_exclusive();
    }
    let row: Option<(i64, Option<NetworkId>, serde_json::Value)> = select.into_tuple().one(tx.conn()).await?;
    Ok(row.map(|(version, network_id, descriptions)| Held {
        id,
        version,
        network_id,
        descriptions: json_or_default(descriptions),
    }))
}

/// Gives a held city its next version.
///
/// # Errors
/// Those of the database.
pub async fn touch(tx: &Tx<'_>, held: &Held, version: i64) -> Result<(), Error> {
    save(tx, held, version, city::ActiveModel::default()).await
}

async fn save(tx: &Tx<'_>, held: &Held, version: i64, mut row: city::ActiveModel) -> Result<(), Error> {
    row.version = Set(version);
    row.updated_at = Set(tx.now());
    city::Entity::update_many()
        .set(row)
        .filter(city::Column::Id.eq(held.id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Saves what a patch changes, as version `version`, and tells in how many languages the city is now described; the caller
/// records it in the journal.
///
/// # Errors
/// Those of the database.
pub async fn save_patch(tx: &Tx<'_>, held: &Held, version: i64, patch: &CityPatch) -> Result<usize, Error> {
    let mut row = city::ActiveModel::default();
    let mut described = held.descriptions.len();
    if let Some(changes) = &patch.descriptions {
        let merged = rules::merge_descriptions(held.descriptions.clone(), changes);
        described = merged.len();
        row.descriptions = Set(serde_json::to_value(merged)?);
    }
    if let Some(languages) = &patch.languages {
        row.languages = Set(serde_json::to_value(languages)?);
    }
    if let Some(looking_for) = &patch.looking_for {
        row.looking_for = Set(serde_json::to_value(looking_for)?);
    }
    if let Some(open) = patch.open_to_partners {
        row.open_to_partners = Set(open);
    }
    if let Some(website) = &patch.website {
        row.website = Set(website.clone());
    }
    if let Some(parent) = patch.parent_id {
        row.parent_id = Set(parent);
    }
    save(tx, held, version, row).await?;
    for (side, statements) in [(NEED, &patch.need_statements), (OFFER, &patch.offer_statements)] {
        if let Some(statements) = statements {
            replace_statements(tx, held.id, side, statements).await?;
        }
    }
    Ok(described)
}

async fn replace_statements(tx: &Tx<'_>, city: CityId, side: &str, statements: &[Statement]) -> Result<(), Error> {
    city_statement::Entity::delete_many()
        .filter(city_statement::Column::CityId.eq(city))
        .filter(city_statement::Column::Side.eq(side))
        .exec(tx.conn())
        .await?;
    if statements.is_empty() {
        return Ok(());
    }
    let rows = (0..)
        .zip(statements)
        .map(|(position, statement)| city_statement::ActiveModel {
            id: Set(StatementId(Uuid::now_v7())),
            city_id: Set(city),
            side: Set(side.to_owned()),
            position: Set(position),
            theme: Set(statement.theme.slug().to_owned()),
            urgency: Set(statement.urgency.code().to_owned()),
            sentence: Set(statement.sentence.clone()),
            place: Set(statement.place.clone()),
        });
    city_statement::Entity::insert_many(rows)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
