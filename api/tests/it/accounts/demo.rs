use api::demo::accounts::{PASSWORD, attach_programmes, load, table};
use serde_json::json;

use crate::support::{Server, json};

#[actix_web::test]
async fn the_accounts_of_the_demonstration_are_added_once_and_sign_in() {
    let server = Server::start().await;
    for (name, scheme, value) in [
        ("Grenoble", "fr:insee", "38185"),
        ("Clermont-Ferrand", "fr:insee", "63113"),
        ("Sevan", "geonames", "616250"),
        ("Kremenchuk", "ua:katottg", "UA53020110010031694"),
    ] {
        server.city(name, "FR").code(scheme, value).add().await;
    }
    let (db, clock) = (&server.platform.db, &server.platform.clock);
    assert_eq!(load(db, clock).await.unwrap(), 15);
    assert_eq!(load(db, clock).await.unwrap(), 0);
    assert!(PASSWORD.chars().count() >= 12);
    let table = table();
    assert!(
        table.contains(PASSWORD) && table.contains("kremenchuk@demo.passerelle.example"),
        "{table}"
    );

    let credentials = json!({ "email": "kremenchuk@demo.passerelle.example", "password": PASSWORD });
    let session = json(server.anybody().post("/api/v1/session", &credentials).await).await;
    assert_eq!(session["account"]["language"], "uk");
    assert_eq!(session["account"]["grants"][0]["scope_name"], "Kremenchuk");
    assert_eq!(attach_programmes(db, clock).await.unwrap(), 0);
    server.stop().await;
}
