use serde_json::{Value, json};
use shared::accounts::Grant;

use crate::support::{PASSWORD, Server, assert_problem, cookie_of, json};

const AUDIT: &str = "/api/v1/audit";

fn verbs(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["verb"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn only_administrators_read_the_journal_and_no_secret_is_in_it() {
    let server = Server::start().await;
    let email = "camille@test.passerelle.example";
    let account = server.account_with_password(email, &[Grant::Admin]).await;
    let credentials = json!({ "email": email, "password": PASSWORD });
    let signed_in = server.anybody().post("/api/v1/session", &credentials).await;
    let (access, _) = cookie_of(&signed_in, "__Host-access").unwrap();
    let (refresh, _) = cookie_of(&signed_in, "__Host-refresh").unwrap();
    let csrf = json(signed_in).await["csrf_token"].as_str().unwrap().to_owned();
    let person = server.session_of(account, &[Grant::Admin]).await;
    person.patch("/api/v1/me", 1, &json!({ "name": "Camille" })).await;
    person.request("DELETE", "/api/v1/session").send().await.unwrap();

    let nobody = server.get(AUDIT).await;
    assert!(nobody.headers().contains_key("www-authenticate"));
    assert_problem(nobody, 401, "unauthenticated").await;
    let world = server.world().await;
    let staff = server
        .sign_in_as(Grant::CityStaff {
            city_id: world.own_city,
        })
        .await;
    assert_problem(staff.get(AUDIT).await, 403, "forbidden").await;

    let admin = server.sign_in_as(Grant::Admin).await;
    let text = admin
        .get(&format!("{AUDIT}?account={account}"))
        .await
        .text()
        .await
        .unwrap();
    let page: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(verbs(&page), ["sign_out", "update", "sign_in"]);
    assert_eq!(page["items"][1]["details"], json!({ "fields": ["name"] }));
    assert!(page["items"][1]["request_id"].is_string());
    for secret in [PASSWORD, &access, &refresh, &csrf, "argon2"] {
        assert!(!text.contains(secret), "{secret}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn the_journal_is_filtered_and_paged_from_the_latest() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    for version in 1..=5 {
        admin
            .patch("/api/v1/me", version, &json!({ "name": format!("Camille {version}") }))
            .await;
    }
    let first = json(admin.get(&format!("{AUDIT}?resource=account&limit=3")).await).await;
    let versions = |page: &Value| -> Vec<i64> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|entry| entry["version"].as_i64().unwrap()).collect()
    };
    assert_eq!(versions(&first), [6, 5, 4]);
    admin.patch("/api/v1/me", 6, &json!({ "name": "Camille" })).await;
    let next = first["next"].as_str().unwrap();
    let second = json(
        admin
            .get(&format!("{AUDIT}?resource=account&limit=3&cursor={next}"))
            .await,
    )
    .await;
    assert_eq!(versions(&second), [3, 2]);
    assert!(second["next"].is_null());
    let id = admin.account_id.unwrap();
    let of_me = json(admin.get(&format!("{AUDIT}?id={id}&limit=100")).await).await;
    assert_eq!(versions(&of_me).len(), 6);
    assert_eq!(
        json(admin.get(&format!("{AUDIT}?resource=city")).await).await["items"],
        json!([])
    );
    for (query, code) in [
        ("cursor=zzz", "cursor_invalid"),
        ("resource=cat", "query_invalid"),
        ("limit=0", "query_invalid"),
        ("limit=101", "query_invalid"),
        ("id=1", "query_invalid"),
        ("who=me", "query_invalid"),
    ] {
        assert_problem(admin.get(&format!("{AUDIT}?{query}")).await, 400, code).await;
    }
    server.stop().await;
}
