use api::demo::programmes;
use shared::accounts::Grant;

use crate::support::Server;
use crate::support::applications::{id, ok, statements_of};

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
    assert_eq!(programmes::load(&platform.db, &platform.clock).await.unwrap(), 24);
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

/// Ten calls, 158 applications, 91 supported: counted from the rows that were loaded, and listed in as few statements as
/// few are.
#[actix_web::test]
async fn the_campaign_of_2025_has_the_figures_that_were_told_and_not_the_rate() {
    let server = Server::start().await;
    for (name, country, scheme, value) in [
        ("Grenoble", "FR", "fr:insee", "38185"),
        ("Sevan", "AM", "geonames", "616250"),
        ("Vienne", "FR", "fr:insee", "38544"),
        ("Goris", "AM", "geonames", "174895"),
    ] {
        server.city(name, country).code(scheme, value).add().await;
    }
    for number in 0..40 {
        let population = 100_000 + number;
        server
            .city(&format!("Ville {number}"), "FR")
            .population(population)
            .add()
            .await;
        let country = ["SN", "MA", "UA"][number as usize % 3];
        server
            .city(&format!("Partenaire {number}"), country)
            .population(population)
            .add()
            .await;
    }
    let (db, clock) = (&server.platform.db, &server.platform.clock);
    programmes::load(db, clock).await.unwrap();
    assert_eq!(programmes::load_campaign(db, clock).await.unwrap(), 165 + 82);
    assert_eq!(programmes::load_campaign(db, clock).await.unwrap(), 0);
    let campaigns = ok(server.get("/api/v1/campaigns").await, 200).await;
    let path = format!("/api/v1/campaigns/{}", id(&campaigns["items"][0]));
    let told = ok(server.get(&path).await, 200).await;
    assert_eq!(told["calls"].as_array().unwrap().len(), 10);
    let total = &told["total"];
    assert_eq!(
        (&total["applications"], &total["supported"], &total["rate_bp"]),
        (&158.into(), &91.into(), &5_759.into())
    );
    assert_eq!(
        (&told["claim"]["rate_bp"], &told["claim_differs"]),
        (&6_000.into(), &true.into())
    );
    // The page is written from rows: with one of them gone, so are the figures.
    server
        .execute("UPDATE applications SET state = 'withdrawn' WHERE id = (SELECT id FROM applications WHERE outcome = 'accepted' LIMIT 1)")
        .await;
    let less = ok(server.get(&path).await, 200).await;
    assert_eq!(
        (&less["total"]["applications"], &less["total"]["supported"]),
        (&157.into(), &90.into())
    );

    let programme_id = told["programme_id"].as_str().unwrap().parse().unwrap();
    let officer = server.sign_in_as(Grant::ProgrammeOfficer { programme_id }).await;
    let few = statements_of(&server, &officer, "/api/v1/applications?limit=1").await;
    let all = "/api/v1/applications?limit=100&state=accepted&sort=title&q=ville";
    assert_eq!(statements_of(&server, &officer, all).await, few);
    let page = ok(officer.get(&format!("{all}&count=true")).await, 200).await;
    assert_eq!(page["total"], 88);
    server.stop().await;
}
