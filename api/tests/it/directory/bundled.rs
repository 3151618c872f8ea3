//! The tables inside the binary.

use api::db::entity::city;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::{city_by_code, import};
use crate::support::Server;

#[actix_web::test]
async fn bundled_directory_is_loaded_once() {
    let server = Server::start().await;
    let db = &server.platform.db;
    let report = import(&server).bundled().await.unwrap().unwrap();
    eprintln!("{report}");
    assert_eq!(report.refused, 0, "{report}");
    assert!(report.added > 76_000, "{report}");
    assert_eq!(city::Entity::find().count(db.read()).await.unwrap(), report.added);
    assert_eq!(import(&server).bundled().await.unwrap(), None);

    let simferopol = city_by_code(db, "geonames", "693805").await;
    assert_eq!(
        (simferopol.country.as_str(), simferopol.subdivision.as_deref()),
        ("UA", Some("UA-43"))
    );

    let kremenchuk = city_by_code(db, "ua:katottg", "UA53020110010031694").await;
    assert_eq!(kremenchuk.labels["fr"], "Krementchouk");
    assert_eq!(kremenchuk.labels["uk"], "Кременчук");
    for key in ["kremenchuk", "krementchouk", "кременчук", "ua53020110010031694"] {
        assert!(kremenchuk.search_keys.lines().any(|line| line == key), "{key}");
    }

    let isere = city_by_code(db, "fr:departement", "38").await;
    let grenoble = city_by_code(db, "fr:insee", "38185").await;
    assert_eq!(
        (isere.name.as_str(), grenoble.parent_id),
        ("Département de l'Isère", Some(isere.id))
    );

    // Its former name and its former code still lead to it.
    let merged = city_by_code(db, "fr:insee", "01018").await;
    assert_eq!(merged.name, "Valserhône");
    assert!(merged.search_keys.lines().any(|line| line == "arlod"));
    server.stop().await;
}
