use api::demo::{accounts, cohorts, programmes};
use serde_json::{Value, json};

use crate::support::Server;
use crate::support::applications::{id, ok};

#[actix_web::test]
async fn the_demonstration_has_a_closed_cohort_and_an_open_one_and_loads_once() {
    let server = Server::start().await;
    for (name, country, scheme, code) in [
        ("Grenoble", "FR", "fr:insee", "38185"),
        ("Clermont-Ferrand", "FR", "fr:insee", "63113"),
        ("Lille", "FR", "fr:insee", "59350"),
        ("Sevan", "AM", "geonames", "616250"),
        ("Кременчук", "UA", "ua:katottg", "UA53020110010031694"),
    ] {
        server.city(name, country).code(scheme, code).add().await;
    }
    let platform = &server.platform;
    let (db, clock) = (&platform.db, &platform.clock);
    assert_eq!(cohorts::load(db, clock).await.unwrap(), 0, "its programme is not there");
    accounts::load(db, clock).await.unwrap();
    programmes::load(db, clock).await.unwrap();
    assert_eq!(cohorts::load(db, clock).await.unwrap(), 2);
    assert_eq!(cohorts::load(db, clock).await.unwrap(), 0);
    // What was added behind its back the server reads when it starts.
    let server = server.start_beside().await;
    let page = ok(server.get("/api/v1/cohorts").await, 200).await;
    let [open, past] = page["items"].as_array().unwrap().as_slice() else {
        panic!("{page}")
    };
    assert_eq!(
        (&past["state"], &past["closes_on"], &past["counts"]["drafted"]),
        (&json!("closed"), &json!("2022-10-31"), &json!(0))
    );
    assert_eq!(past["networks"].as_array().unwrap().len(), 3);
    assert_eq!(
        open["counts"],
        json!({ "drafted": 0, "sent": 1, "signed": 1, "filed": 1, "refused": 0, "late": 0 })
    );
    let members = ok(server.get(&format!("/api/v1/cohorts/{}/members", id(open))).await, 200).await;
    let cities: Vec<&Value> = members["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| &of["city"]["name"])
        .collect();
    assert_eq!(cities, ["Clermont-Ferrand", "Lille"]);
    server.stop().await;
}
