//! The official registers: INSEE and KATOTTG.

use super::{city_by_code, codes, counts, import, names};
use crate::support::Server;

#[actix_web::test]
async fn insee_renames_a_commune_and_keeps_its_former_name() {
    let server = Server::start().await;
    let db = &server.platform.db;
    let header = "insee,nom,departement,region,siren,population,code_postal\n";
    let before = format!("{header}01025,Bâgé-la-Ville,01,84,,3100,01380\nXX,Nowhere,01,84,,1,1\n");
    let report = import(&server).insee(before.as_bytes()).await.unwrap();
    assert_eq!(counts(&report), [1, 0, 0, 1], "{report}");

    let after = format!("{header}01025,Bâgé-Dommartin,01,84,200077220,4050,01380\n");
    let report = import(&server).insee(after.as_bytes()).await.unwrap();
    assert_eq!(counts(&report), [0, 1, 0, 0], "{report}");
    let report = import(&server).insee(after.as_bytes()).await.unwrap();
    assert_eq!(counts(&report), [0, 0, 1, 0], "{report}");

    let commune = city_by_code(db, "fr:insee", "01025").await;
    assert_eq!(
        (commune.name.as_str(), commune.population, commune.version),
        ("Bâgé-Dommartin", Some(4_050), 2)
    );
    assert_eq!(names(db, commune.id).await, [("Bâgé-la-Ville".to_owned(), None)]);
    assert_eq!(codes(db, commune.id).await, ["fr:insee 01025", "fr:siren 200077220"]);
    assert!(commune.search_keys.lines().any(|line| line == "bage la ville"));
    server.stop().await;
}

#[actix_web::test]
async fn katottg_finds_the_town_gives_its_place_to_the_hromada_and_builds_the_hierarchy() {
    let server = Server::start().await;
    let db = &server.platform.db;
    let town = "704147\tKremenchuk\tKremenchuk\tКременчук\t49.06253\t33.40484\tP\tPPLA2\tUA\t\t18\t\t\t\t224997\t\t79\tEurope/Kyiv\t2025-01-01\n";
    // The same name in another oblast is another town.
    let other = town
        .replace("704147", "1")
        .replace("\t18\t", "\t23\t")
        .replace("49.06253", "48.2");
    import(&server)
        .geonames(format!("{other}{town}").as_bytes())
        .await
        .unwrap();

    let register = "code,category,name_uk,parent_code,oblast_uk,raion_uk,hromada_uk\n\
        UA53000000000028050,O,Полтавська,,Полтавська,,\n\
        UA53020000000034761,P,Кременчуцький,UA53000000000028050,Полтавська,Кременчуцький,\n\
        UA53020110000092487,H,Кременчуцька,UA53020000000034761,Полтавська,Кременчуцький,Кременчуцька\n\
        UA53020110010031694,M,Кременчук,UA53020110000092487,Полтавська,Кременчуцький,Кременчуцька\n\
        UA53020110010031694,X,Кременчук,UA53020110000092487,Полтавська,Кременчуцький,Кременчуцька\n";
    let report = import(&server).katottg(register.as_bytes()).await.unwrap();
    assert_eq!(counts(&report), [3, 1, 0, 1], "{report}");
    let again = import(&server).katottg(register.as_bytes()).await.unwrap();
    assert_eq!(counts(&again), [0, 0, 4, 1], "{again}");

    let kremenchuk = city_by_code(db, "geonames", "704147").await;
    assert_eq!(
        codes(db, kremenchuk.id).await,
        ["geonames 704147", "ua:katottg UA53020110010031694"]
    );
    let hromada = city_by_code(db, "ua:katottg", "UA53020110000092487").await;
    assert_eq!(
        (kremenchuk.parent_id, hromada.lat, hromada.kind.as_str()),
        (Some(hromada.id), Some(49.062_53), "hromada")
    );
    let raion = city_by_code(db, "ua:katottg", "UA53020000000034761").await;
    let oblast = city_by_code(db, "ua:katottg", "UA53000000000028050").await;
    assert_eq!(
        (hromada.parent_id, raion.parent_id, oblast.parent_id),
        (Some(raion.id), Some(oblast.id), None)
    );
    server.stop().await;
}
