use std::collections::BTreeSet;

use serde_json::Value;
use shared::cities::CityKind;

use crate::support::{Server, json};

/// The parties of the nine projects, as the directory has them.
async fn directory(server: &Server) {
    use CityKind::{Department, Federation, Intercommunality, Municipality, Park, Region};
    for (name, country, kind, scheme, value) in [
        ("Pontcharra", "FR", Municipality, "fr:insee", "38314"),
        ("Aratoca", "CO", Municipality, "geonames", "3689723"),
        ("Thiers", "FR", Municipality, "fr:insee", "63430"),
        ("Tandil", "AR", Municipality, "geonames", "3427833"),
        ("Le Chambon-sur-Lignon", "FR", Municipality, "fr:insee", "43051"),
        ("Shkodër", "AL", Municipality, "geonames", "3184081"),
        ("Prizren", "XK", Municipality, "geonames", "786712"),
        ("Grenoble", "FR", Municipality, "fr:insee", "38185"),
        ("Sevan", "AM", Municipality, "geonames", "616250"),
        ("Vienne", "FR", Municipality, "fr:insee", "38544"),
        ("Goris", "AM", Municipality, "geonames", "174895"),
        ("Isère", "FR", Department, "fr:departement", "38"),
        ("Gegharkunik", "AM", Region, "iso3166-2", "AM-GR"),
        ("Clermont-Ferrand", "FR", Municipality, "fr:insee", "63113"),
        ("Krementchouk", "UA", Municipality, "ua:katottg", "UA53020110010031694"),
        ("Vaulx-en-Velin", "FR", Municipality, "fr:insee", "69256"),
        ("Beit Sahour", "PS", Municipality, "geonames", "284304"),
        ("Chambéry", "FR", Municipality, "fr:insee", "73065"),
        ("Caza de Bcharré", "LB", Federation, "special", "bcharre"),
        ("CC de l'Oisans", "FR", Intercommunality, "fr:siren", "243800745"),
        ("CC de la Matheysine", "FR", Intercommunality, "fr:siren", "200040657"),
        ("Chamrousse", "FR", Municipality, "fr:insee", "38567"),
        ("Villa Traful", "AR", Municipality, "special", "villa-traful"),
        ("Villa La Angostura", "AR", Municipality, "geonames", "3832711"),
        ("Nahuel Huapi", "AR", Park, "special", "nahuel-huapi"),
        ("Savoie", "FR", Department, "fr:departement", "73"),
        ("Métropole de Lyon", "FR", Intercommunality, "fr:siren", "200046977"),
        ("Mamou", "GN", Municipality, "geonames", "2417833"),
        ("Lviv", "UA", Municipality, "geonames", "702550"),
        ("Annecy", "FR", Municipality, "fr:insee", "74010"),
    ] {
        server.city(name, country).kind(kind).code(scheme, value).add().await;
    }
    server.add_network("RESACOOP", "FR", &["FR-ARA"]).await;
}

#[actix_web::test]
async fn the_nine_projects_of_the_source_are_there_exactly_and_only_once() {
    let server = Server::start().await;
    directory(&server).await;
    let platform = &server.platform;
    let load = async || {
        api::demo::partnerships::load(&platform.db, &platform.clock)
            .await
            .unwrap()
    };
    assert!(load().await > 11);
    assert_eq!(load().await, 0);

    let page = json(
        server
            .get("/api/v1/partnerships?kind=project&state=active&count=true&limit=100")
            .await,
    )
    .await;
    assert_eq!(page["total"], 9);
    let (mut french, mut abroad, mut countries) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut associated, mut irapa) = (BTreeSet::new(), Value::Null);
    for item in page["items"].as_array().unwrap() {
        let path = format!("/api/v1/partnerships/{}", item["id"].as_str().unwrap());
        let view = json(server.get(&path).await).await;
        assert!(view["source"].as_str().unwrap().contains("RESACOOP"));
        for party in view["parties"].as_array().unwrap() {
            let name = party["name"].as_str().unwrap().to_owned();
            match (
                party["role"].as_str().unwrap(),
                party["party"]["type"].as_str().unwrap(),
            ) {
                ("associated", "actor") => drop(associated.insert(name)),
                ("lead", "network") => assert_eq!(name, "RESACOOP"),
                (_, "city") if party["country"] == "FR" => drop(french.insert(name)),
                (_, "city") => {
                    countries.insert(party["country"].as_str().unwrap().to_owned());
                    abroad.insert(name);
                }
                other => panic!("{other:?}"),
            }
        }
        if view["platform"] == "IRAPA" {
            irapa = view;
        } else if view["name"].as_str().unwrap().contains("jumelage") {
            let parent = format!("/api/v1/partnerships/{}", view["parent_id"].as_str().unwrap());
            assert_eq!(json(server.get(&parent).await).await["kind"], "twinning");
        } else if view["name"].as_str().unwrap().contains("phase 2") {
            let before = format!("/api/v1/partnerships/{}", view["predecessor_id"].as_str().unwrap());
            assert_eq!(json(server.get(&before).await).await["state"], "ended");
            // Each phase is found by its own name.
            let found = json(server.get("/api/v1/partnerships?q=montagnes%20phase%201").await).await;
            assert_eq!(found["items"][0]["id"], view["predecessor_id"]);
        }
    }
    assert_eq!((french.len(), abroad.len(), countries.len()), (14, 14, 9));
    assert_eq!(
        associated.into_iter().collect::<Vec<_>>(),
        ["Forum Réfugiés", "Tetraktys"]
    );

    let kind_of = |id: &Value| {
        let parties = irapa["parties"].as_array().unwrap();
        let party = parties.iter().find(|party| party["party"]["city_id"] == *id).unwrap();
        party["city_kind"].as_str().unwrap().to_owned()
    };
    let pairs: Vec<(String, String)> = irapa["pairings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (kind_of(&pair["a"]), kind_of(&pair["b"])))
        .collect();
    let kinds = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        pairs,
        [
            kinds("municipality", "municipality"),
            kinds("municipality", "municipality"),
            kinds("department", "region")
        ]
    );
    // What the projects do, with an exhibition that is shown by three of them in turn.
    let platform = &server.platform;
    let load = || api::demo::activities::load(&platform.db, &platform.clock);
    assert_eq!((load().await.unwrap(), load().await.unwrap()), (17, 0));
    let done = format!(
        "/api/v1/partnerships/{}/activities?count=true",
        irapa["id"].as_str().unwrap()
    );
    let done = json(server.get(&done).await).await;
    assert_eq!(done["total"], 7);
    let items = done["items"].as_array().unwrap();
    let exhibition = items.iter().find(|item| item["kind"] == "exhibition").unwrap();
    let bookings = format!("/api/v1/activities/{}/bookings", exhibition["id"].as_str().unwrap());
    let bookings = json(server.get(&bookings).await).await;
    let shown_by: Vec<&Value> = bookings["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["city_name"])
        .collect();
    assert_eq!(shown_by, ["Grenoble", "Vienne", "Sevan"]);

    let all = json(server.get("/api/v1/partnerships?count=true").await).await;
    assert_eq!(all["total"], 11, "with the twinning and the phase before");
    server.stop().await;
}
