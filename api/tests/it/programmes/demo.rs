use api::demo::programmes;
use shared::accounts::Grant;

use crate::support::Server;
use crate::support::applications::{id, ok};

#[actix_web::test]
async fn the_demonstration_has_open_calls_and_one_under_review_and_loads_once() {
    let server = Server::start().await;
    let grenoble = server.city("Grenoble", "FR").code("fr:insee", "38185").add().await;
    server.city("Sevan", "AM").code("geonames", "616250").add().await;
    server.city("Vienne", "FR").code("fr:insee", "38544").add().await;
    server.city("Goris", "AM").code("geonames", "174895").add().await;
    server
        .city("Clermont-Ferrand", "FR")
        .code("fr:insee", "63113")
        .add()
        .await;
    server
        .city("Кременчук", "UA")
        .code("ua:katottg", "UA53020110010031694")
        .add()
        .await;
    let platform = &server.platform;
    assert_eq!(programmes::load(&platform.db, &platform.clock).await.unwrap(), 18);
    assert_eq!(programmes::load(&platform.db, &platform.clock).await.unwrap(), 0);

    let calls = ok(server.get("/api/v1/calls?open=true&count=true").await, 200).await;
    assert_eq!(calls["total"], 2);
    let meae = api::programmes::store::programme_named(platform.db.read(), "MEAE")
        .await
        .unwrap()
        .unwrap();
    let officer = server
        .sign_in_as(Grant::ProgrammeOfficer { programme_id: meae.id })
        .await;
    let files = ok(
        officer
            .get("/api/v1/applications?q=%D0%9A%D1%80%D0%B5%D0%BC%D0%B5%D0%BD")
            .await,
        200,
    )
    .await;
    let file = &files["items"][0];
    assert_eq!(
        (files["items"].as_array().unwrap().len(), file["state"].as_str()),
        (2, Some("submitted"))
    );
    let file = ok(officer.get(&format!("/api/v1/applications/{}", id(file))).await, 200).await;
    assert!(
        file["sections"]
            .as_array()
            .unwrap()
            .iter()
            .all(|section| section["complete"] == true),
        "{file}"
    );

    let staff = server.sign_in_as(Grant::CityStaff { city_id: grenoble }).await;
    let files = ok(staff.get("/api/v1/applications").await, 200).await;
    let written = files["items"].as_array().unwrap().iter();
    let written: Vec<_> = written.filter(|file| file["state"] == "draft").collect();
    assert_eq!(written[0]["partner_names"].as_array().unwrap().len(), 3);
    server.stop().await;
}
