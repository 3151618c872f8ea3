//! Twinned cities and their pairs.

use api::db::entity::partnership;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::{city_by_code, codes, counts, import};
use crate::support::Server;

const CITIES: &str = "id,name,country,iso2,lat,lng,population,insee,katottg,geonameid,coord_verified\n\
    1,Grenoble,France,FR,45.17,5.72,158000,38185,,,y\n\
    2,Sevan,Armenia,AM,40.55,44.95,,,,616250,y\n\
    3,Sewan,Armenia,AM,40.4167,45.2,,,,,n\n\
    4,Sevan,Armenia,AM,40.6,44.9,,,,,n\n\
    5,Nowhere,Nowhere,ZZ,100,0,,,,,n\n";

async fn directory() -> Server {
    let server = Server::start().await;
    let communes = "insee,nom,departement,region,siren,population,code_postal\n38185,Grenoble,38,84,,156389,38000\n38544,Vienne,38,84,,31000,38200\n";
    import(&server).insee(communes.as_bytes()).await.unwrap();
    let sevan = "616250\tSevan\tSevan\tСеван\t40.548\t44.95314\tP\tPPL\tAM\t\t04\t\t\t\t19652\t\t1900\tAsia/Yerevan\t2025-01-01\n";
    import(&server).geonames(sevan.as_bytes()).await.unwrap();
    server
}

#[actix_web::test]
async fn twinned_cities_are_found_by_code_then_by_name_and_place() {
    let server = directory().await;
    let db = &server.platform.db;
    let report = import(&server).twin_cities(CITIES.as_bytes()).await.unwrap();
    assert_eq!(counts(&report), [1, 3, 0, 1], "{report}");
    let again = import(&server).twin_cities(CITIES.as_bytes()).await.unwrap();
    assert_eq!(counts(&again), [0, 0, 4, 1], "{again}");

    let grenoble = city_by_code(db, "fr:insee", "38185").await;
    assert_eq!(codes(db, grenoble.id).await, ["fr:insee 38185", "twin 1"]);
    // Only the place was missing; the register's population stays.
    assert_eq!((grenoble.lat, grenoble.population), (Some(45.17), Some(156_389)));
    // Twice in the file, by code and by name: one authority. The other spelling, 25 km away, is another.
    let sevan = city_by_code(db, "geonames", "616250").await;
    assert_eq!(codes(db, sevan.id).await, ["geonames 616250", "twin 2", "twin 4"]);
    server.stop().await;
}

#[actix_web::test]
async fn pairs_become_partnerships_once_whichever_side_comes_first() {
    let server = directory().await;
    let db = &server.platform.db;
    import(&server).twin_cities(CITIES.as_bytes()).await.unwrap();
    let pairs = "a,b\n1,2\n2,1\n1,4\n2,4\n1,77\n,1\n";
    let report = import(&server).pairs(pairs.as_bytes()).await.unwrap();
    assert_eq!(counts(&report), [1, 0, 2, 3], "{report}");
    let lines: Vec<u64> = report.refusals.iter().map(|refused| refused.line).collect();
    assert_eq!(lines, [7, 5, 6], "{report}");
    let again = import(&server).pairs(pairs.as_bytes()).await.unwrap();
    assert_eq!(counts(&again), [0, 0, 3, 3], "{again}");
    assert_eq!(partnership::Entity::find().count(db.read()).await.unwrap(), 1);
    server.stop().await;
}

#[actix_web::test]
async fn answer_of_a_wikidata_query_is_taken_by_identifier_or_name() {
    let server = directory().await;
    let db = &server.platform.db;
    import(&server)
        .geonames_names("1\t616250\twkdt\tQ183341\t\t\t\t\t\t\n".as_bytes())
        .await
        .unwrap();
    let answer = "city,cityLabel,partner,partnerLabel,cityCountry\n\
        http://www.wikidata.org/entity/Q1289,Grenoble,http://www.wikidata.org/entity/Q183341,Q183341,FR\n\
        http://www.wikidata.org/entity/Q26849,Vienne,http://www.wikidata.org/entity/Q183341,Sevan,\n\
        http://www.wikidata.org/entity/Q1289,Grenoble,http://www.wikidata.org/entity/Q5,Atlantis,\n\
        http://www.wikidata.org/entity/Q1289,Grenoble,nothing,Atlantis,\n";
    let report = import(&server).pairs(answer.as_bytes()).await.unwrap();
    assert_eq!(counts(&report), [2, 0, 0, 2], "{report}");
    assert!(
        report
            .refusals
            .iter()
            .any(|refused| refused.line == 4 && refused.reason.contains("Atlantis")),
        "{report}"
    );
    assert_eq!(partnership::Entity::find().count(db.read()).await.unwrap(), 2);
    server.stop().await;
}
