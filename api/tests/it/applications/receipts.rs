//! Receipts are checked with what is published and nothing else.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::attachments::hex_sha256;
use crate::support::applications::{Applicants, id, ok};
use crate::support::{Server, assert_problem, json as body_of};

/// Checks a receipt as somebody would who has it and the keys, and no server.
fn is_genuine(receipt: &Value, keys: &Value) -> bool {
    let text = |thing: &Value, name: &str| thing[name].as_str().unwrap().to_owned();
    let keys = keys["keys"].as_array().unwrap();
    let Some(key) = keys.iter().find(|key| key["kid"] == receipt["key_id"]) else {
        return false;
    };
    assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")));
    let key = UnparsedPublicKey::new(&ED25519, URL_SAFE_NO_PAD.decode(text(key, "x")).unwrap());
    let statement = text(receipt, "statement");
    let signature = URL_SAFE_NO_PAD.decode(text(receipt, "signature")).unwrap();
    if key.verify(statement.as_bytes(), &signature).is_err() {
        return false;
    }
    let told: Value = serde_json::from_str(&statement).unwrap();
    told["sha256"] == hex_sha256(text(receipt, "content").as_bytes())
        && ["application_id", "submitted_at", "sha256"]
            .iter()
            .all(|name| told[name] == receipt[name])
}

#[actix_web::test]
async fn a_receipt_is_checked_without_the_server_and_a_changed_one_is_found_out() {
    let server = Server::start().await;
    let keys = body_of(server.get("/.well-known/receipt-keys.json").await).await;
    let funder = server.funder().await;
    let (file, view) = Applicants::sealed(&server, &funder).await;
    let receipt = ok(file.partner.get(&file.at("receipt")).await, 200).await;
    assert!(is_genuine(&receipt, &keys));
    assert_eq!(receipt["application_id"], id(&view));
    assert_eq!(receipt["submitted_at"], view["submitted_at"]);
    assert_eq!(receipt["sha256"], view["receipt_sha256"]);

    // Another content, another time in and beside the statement, another key: each is found out.
    for (field, from, to) in [
        ("content", "De l'eau", "Du vin"),
        ("submitted_at", "2026-11-20", "2026-11-19"),
        ("statement", "2026-11-20", "2026-11-19"),
    ] {
        let mut forged = receipt.clone();
        let text = receipt[field].as_str().unwrap();
        assert!(text.contains(from), "{field}: {text}");
        forged[field] = json!(text.replace(from, to));
        assert!(!is_genuine(&forged, &keys), "{field}");
    }
    let elsewhere = Server::start().await;
    let mut other = body_of(elsewhere.get("/api/v1/receipt-keys").await).await;
    assert!(!is_genuine(&receipt, &other));
    other["keys"][0]["kid"] = receipt["key_id"].clone();
    assert!(!is_genuine(&receipt, &other));

    // Another process publishes the same keys, and signs so that they fit.
    let beside = server.start_beside().await;
    assert_eq!(body_of(beside.get("/api/v1/receipt-keys").await).await, keys);
    let again = ok(file.lead.at(&beside).get(&file.at("receipt")).await, 200).await;
    assert_eq!(again, receipt);
    for server in [server, elsewhere, beside] {
        server.stop().await;
    }
}

#[actix_web::test]
async fn the_keys_are_public_and_what_is_not_handed_in_has_no_receipt() {
    let server = Server::start().await;
    let answer = server.get("/api/v1/receipt-keys").await;
    assert_eq!(answer.headers()["cache-control"], "public, max-age=60");
    let keys = body_of(answer).await;
    let key = keys["keys"][0].as_object().unwrap();
    assert_eq!(
        key.keys().collect::<Vec<_>>(),
        ["alg", "crv", "kid", "kty", "use", "x"],
        "the public half only"
    );
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    assert_problem(file.lead.get(&file.at("receipt")).await, 404, "not_found").await;
    server.stop().await;
}
