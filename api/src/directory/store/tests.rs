//! What is read at start, all at once, is what is read after a change, city by city.

use sea_orm::ConnectionTrait;
use sea_orm::EntityTrait;
use shared::ids::{NetworkId, StatementId};
use uuid::Uuid;

use super::*;
use crate::caller::Caller;
use crate::db::entity::network;
use crate::matches::index::store::city_facts;

/// A city whose every column could go wrong on its way.
fn strange(number: u128, network: Option<NetworkId>) -> city::Model {
    let third = number as f64 / 3.0;
    let at = DateTime::from_timestamp_millis(1_700_000_000_123 + number as i64).unwrap();
    city::Model {
        id: CityId(Uuid::from_u128(number << 90)),
        version: number as i64,
        created_at: at,
        updated_at: at,
        kind: "hromada".to_owned(),
        name: format!("\"L'Île\" \\ {number}\u{1f}\n🏙 Кременчук"),
        labels: serde_json::json!({ "uk": "\"Лава\"", "fr": "A\\B" }),
        country: "UA".to_owned(),
        subdivision: number.is_multiple_of(2).then(|| "UA-53".to_owned()),
        population: (!number.is_multiple_of(3)).then_some(i64::MAX - number as i64),
        lat: (!number.is_multiple_of(5)).then_some(third),
        lng: (!number.is_multiple_of(5)).then_some(-third * 0.1),
        parent_id: None,
        network_id: network,
        open_to_partners: number.is_multiple_of(2),
        descriptions: serde_json::json!({}),
        languages: serde_json::json!(["uk", "en"]),
        looking_for: serde_json::json!({ "countries": ["FR"], "levels": ["local"], "engagement": null }),
        website: None,
        search_keys: format!("first {number}\nsecond\tkey"),
    }
}

fn statement(city: CityId, side: &str, position: i32, theme: Theme) -> city_statement::Model {
    city_statement::Model {
        id: StatementId(Uuid::now_v7()),
        city_id: city,
        side: side.to_owned(),
        position,
        theme: theme.slug().to_owned(),
        urgency: "medium".to_owned(),
        sentence: String::new(),
        place: None,
    }
}

async fn everything_is_read_alike(db: Db) {
    db.migrate().await.unwrap();
    let caller = Caller::system(DateTime::UNIX_EPOCH);
    let network = NetworkId(Uuid::from_u128(7));
    let cities: Vec<city::Model> = (1..=25)
        .map(|number| strange(number, number.is_multiple_of(4).then_some(network)))
        .collect();
    let ids: Vec<CityId> = cities.iter().map(|city| city.id).collect();
    db.write(&caller, async |tx| {
        let row = network::Model {
            id: network,
            version: 1,
            created_at: caller.now,
            updated_at: caller.now,
            name: "RESACOOP".to_owned(),
            kind: "community".to_owned(),
            country: "FR".to_owned(),
            subdivisions: serde_json::json!([]),
            website: None,
        };
        network::Entity::insert(network::ActiveModel::from(row))
            .exec_without_returning(tx.conn())
            .await?;
        city::Entity::insert_many(cities.into_iter().map(city::ActiveModel::from))
            .exec_without_returning(tx.conn())
            .await?;
        let statements = ids.iter().skip(3).flat_map(|&id| {
            [
                statement(id, "need", 1, Theme::ALL[0]),
                statement(id, "need", 0, Theme::ALL[5]),
                statement(id, "offer", 0, Theme::ALL[3]),
            ]
        });
        city_statement::Entity::insert_many(statements.map(city_statement::ActiveModel::from))
            .exec_without_returning(tx.conn())
            .await?;
        Ok(())
    })
    .await
    .unwrap();
    let text = |rows: Vec<Row>| -> Vec<String> { rows.iter().map(|row| format!("{row:?}")).collect() };
    let at_once = text(all(&db).await.unwrap());
    assert_eq!(at_once.len(), 25);
    assert_eq!(at_once, text(some(&db, &ids).await.unwrap()));
    let mut facts = city_facts(&db, Some(&ids)).await.unwrap();
    facts.sort_by_key(|city| city.id);
    assert_eq!(city_facts(&db, None).await.unwrap(), facts);
    // Something that is not as it should be is left out, and the others stay.
    let broken = "UPDATE cities SET looking_for = '{\"stars\": 3}' WHERE version = 1";
    db.read().execute_unprepared(broken).await.unwrap();
    assert_eq!(city_facts(&db, None).await.unwrap().len(), 24);
}

#[tokio::test]
async fn everything_is_read_alike_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("bulk.sqlite").display());
    everything_is_read_alike(Db::connect(&url).await.unwrap()).await;
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test learns of its database server from the environment"
)]
async fn everything_is_read_alike_on_postgres() {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        return;
    };
    let name = format!("bulk_{}", Uuid::now_v7().simple());
    let admin = Db::connect(&server).await.unwrap();
    let create = format!("CREATE DATABASE {name}");
    admin.read().execute_unprepared(&create).await.unwrap();
    let mut url: url::Url = server.parse().unwrap();
    url.set_path(&name);
    everything_is_read_alike(Db::connect(url.as_str()).await.unwrap()).await;
}
