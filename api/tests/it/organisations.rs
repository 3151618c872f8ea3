//! Organisations that are renamed and merged: any day has its name, and every name finds them.

use serde_json::{Value, json};
use shared::accounts::Grant;

use crate::support::applications::{fewest_statements, id, ok, version};
use crate::support::{Server, Visitor, assert_problem, json as body};

async fn add(admin: &Visitor, name: &str, short_name: &str) -> Value {
    let draft = json!({ "name": name, "short_name": short_name, "country": "FR" });
    ok(admin.post("/api/v1/organisations", &draft).await, 201).await
}

fn at(of: &Value, more: &str) -> String {
    format!("/api/v1/organisations/{}{more}", id(of))
}

fn renaming(on: &str, name: &str, short_name: Option<&str>) -> Value {
    json!({ "on": on, "name": name, "short_name": short_name, "reason": "Fusion", "source": "Arrêté" })
}

fn merger(on: &str, into: &Value) -> Value {
    json!({ "on": on, "into_id": id(into), "reason": "Fusion", "source": "Arrêté" })
}

async fn found(server: &Server, words: &str) -> Vec<String> {
    let path = format!("/api/v1/organisations?q={words}&count=true");
    let page = body(server.get(&path).await).await;
    let items = page["items"].as_array().unwrap();
    assert_eq!(page["total"], items.len());
    items.iter().map(|of| of["name"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_directorate_takes_another_name_and_another_one_goes_into_it() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let daect = add(&admin, "Délégation pour l'action extérieure", "DAECT").await;
    let civ = add(&admin, "Délégation pour la société civile", "CIV").await;
    let programme = json!({ "name": { "fr": "INSPIRE" }, "funders": ["DAECT"], "funder_ids": [id(&daect)] });
    let programme = ok(admin.post("/api/v1/programmes", &programme).await, 201).await;

    let told = renaming("2023-12-29", "Délégation pour les collectivités", Some("DCTCIV"));
    let dctciv = ok(admin.act(&at(&daect, "/rename"), 1, &told).await, 200).await;
    assert_eq!(
        (&dctciv["version"], &dctciv["short_name"]),
        (&json!(2), &json!("DCTCIV"))
    );
    assert_eq!(dctciv["allowed"], json!(["rename", "merge", "undo"]));
    let gone = admin.act(&at(&civ, "/merge"), 1, &merger("2023-12-29", &daect)).await;
    let gone = ok(gone, 200).await;
    assert_eq!(gone["changes"][0]["into"]["short_name"], "DCTCIV");
    assert_eq!(gone["allowed"], json!(["undo"]));

    // Anybody reads what it was called, why, and what went into it.
    let read = body(server.get(&at(&daect, "")).await).await;
    assert_eq!(read["name"], "Délégation pour les collectivités");
    let change = &read["changes"][0];
    assert_eq!(
        (
            &change["step"],
            &change["on"],
            &change["short_name"],
            &change["reason"],
            &change["source"]
        ),
        (
            &json!("renamed"),
            &json!("2023-12-29"),
            &json!("DAECT"),
            &json!("Fusion"),
            &json!("Arrêté")
        )
    );
    assert_eq!(read["absorbed"][0]["short_name"], "CIV");
    assert_eq!(read["programmes"][0]["name"]["fr"], "INSPIRE");
    assert_eq!(read["allowed"], json!([]));

    // Each day has its name, on the organisation and on what it funds.
    for (day, name, changes) in [
        ("2023-12-28", "DAECT", 0),
        ("2023-12-29", "DCTCIV", 1),
        ("2023-12-28T23:59:59Z", "DAECT", 0),
    ] {
        let then = body(server.get(&at(&daect, &format!("?as_of={day}"))).await).await;
        assert_eq!(then["short_name"], name, "{day}");
        assert_eq!(then["changes"].as_array().unwrap().len(), changes, "{day}");
        assert_eq!(then["absorbed"].as_array().unwrap().len(), changes, "{day}");
        assert_eq!(then["as_of"], day[..10]);
        let path = format!("/api/v1/programmes/{}/funders?as_of={day}", id(&programme));
        let funders = body(server.get(&path).await).await;
        assert_eq!(funders["items"][0]["short_name"], name, "{day}");
    }

    // Every name finds it, whatever the accents and capitals.
    for words in ["daect", "DCTCIV", "action%20exterieure", "collectivites"] {
        assert_eq!(
            found(&server, words).await,
            ["Délégation pour les collectivités"],
            "{words}"
        );
    }
    assert_eq!(found(&server, "civ").await.len(), 2);
    assert_eq!(found(&server, "nothing").await.len(), 0);
    let journal = server.journal_of(id(&daect).parse().unwrap()).await;
    let verbs: Vec<(&str, i64)> = journal
        .iter()
        .map(|(verb, version, _)| (verb.as_str(), *version))
        .collect();
    assert_eq!(verbs, [("create", 1), ("rename", 2)]);
    assert_eq!(journal[1].2["before"], "Délégation pour l'action extérieure");
    let changes = body(server.get("/api/v1/changes").await).await;
    let seen = changes["items"].as_array().unwrap().iter();
    assert!(seen.filter(|change| change["resource"] == "organisation").count() >= 4);
    server.stop().await;
}

#[actix_web::test]
async fn what_was_entered_wrongly_is_taken_back() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let one = add(&admin, "Agence", "A").await;
    let other = add(&admin, "Office", "O").await;
    let path = at(&one, "/undo");
    assert_problem(admin.act(&path, 1, &()).await, 409, "state_conflict").await;
    let renamed = admin
        .act(&at(&one, "/rename"), 1, &renaming("2020-01-01", "Agency", None))
        .await;
    assert_eq!(ok(renamed, 200).await["short_name"], Value::Null);
    let merged = admin.act(&at(&one, "/merge"), 2, &merger("2021-01-01", &other)).await;
    ok(merged, 200).await;

    // While it is part of the other one, it takes no name, and nothing goes into it.
    let again = renaming("2022-01-01", "Agenda", None);
    assert_problem(admin.act(&at(&one, "/rename"), 3, &again).await, 409, "state_conflict").await;
    let into_gone = admin.act(&at(&other, "/merge"), 1, &merger("2022-01-01", &one)).await;
    let problem = assert_problem(into_gone, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/into_id");

    assert_problem(admin.act(&path, 2, &()).await, 412, "stale").await;
    let back = ok(admin.act(&path, 3, &()).await, 200).await;
    assert_eq!(
        (back["name"].as_str(), back["changes"].as_array().unwrap().len()),
        (Some("Agency"), 1)
    );
    let back = ok(admin.act(&path, version(&back), &()).await, 200).await;
    assert_eq!(
        (back["name"].as_str(), back["short_name"].as_str()),
        (Some("Agence"), Some("A"))
    );
    assert_eq!(back["changes"], json!([]));
    assert_eq!(found(&server, "agency").await.len(), 0);
    server.stop().await;
}

#[actix_web::test]
async fn a_renamed_network_is_named_as_of_the_day_in_its_partnerships_and_found_by_both_names() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let cities = [
        server.add_city("Grenoble", "FR").await,
        server.add_city("Sevan", "AM").await,
    ];
    let network = server.add_network("RESACOOP", "FR", &["FR-38"]).await;
    let lead = server
        .sign_in_as(Grant::NetworkCoordinator { network_id: network })
        .await;
    let draft = json!({ "name": "IRAPA", "kind": "project", "parties": [
        { "party": { "type": "network", "network_id": network }, "role": "lead" },
        { "party": { "type": "city", "city_id": cities[0] }, "role": "partner" },
        { "party": { "type": "city", "city_id": cities[1] }, "role": "partner" },
    ] });
    let partnership = ok(lead.post("/api/v1/partnerships", &draft).await, 201).await;
    let own = format!("/api/v1/partnerships/{}", id(&partnership));

    // It took its name long before that was entered here.
    let path = format!("/api/v1/organisations/{network}/rename");
    let short = renaming("2025-01-01", "Coopération AURA", Some("CA"));
    let problem = assert_problem(admin.act(&path, 1, &short).await, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/short_name");
    let told = renaming("2025-01-01", "Coopération AURA", None);
    let renamed = ok(admin.act(&path, 1, &told).await, 200).await;
    assert_eq!(renamed["kind"], "network");
    let read = body(server.get(&format!("/api/v1/networks/{network}")).await).await;
    assert_eq!(
        (&read["name"], &read["version"]),
        (&json!("Coopération AURA"), &json!(2))
    );

    let now = body(server.get(&own).await).await;
    assert_eq!(
        (&now["parties"][0]["name"], &now["version"]),
        (&json!("Coopération AURA"), &json!(2))
    );
    for words in ["resacoop", "aura"] {
        let list = body(server.get(&format!("/api/v1/partnerships?q={words}")).await).await;
        assert_eq!(list["items"][0]["party_names"][0], "Coopération AURA", "{words}");
    }
    // The partnership of today says what it was called; cities have no such line.
    let seen = body(server.get(&own).await).await;
    assert_eq!(
        seen["parties"][0]["formerly"],
        json!({ "name": "RESACOOP", "until": "2024-12-31" })
    );
    assert_eq!(seen["parties"][1]["formerly"], json!(null));
    // A change of the partnership keeps both.
    let patched = lead.patch(&own, 2, &json!({ "platform": "IRAPA" })).await;
    ok(patched, 200).await;
    let list = body(server.get("/api/v1/partnerships?q=resacoop").await).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);

    // It is older than the partnership's record: the present day has the present name, and the day before has none of it.
    let today = "2026-11-20T18:00:00Z";
    let past = body(server.get(&format!("{own}?as_of={today}")).await).await;
    assert_eq!(past["parties"][0]["name"], "Coopération AURA");
    assert_eq!(past["parties"][0]["formerly"], json!(null));
    // One that is renamed later still has its name of then.
    server.platform.clock.set("2026-12-05T09:00:00Z".parse().unwrap());
    let admin = server.sign_in_as(Grant::Admin).await;
    let later = ok(
        admin.act(&path, 2, &renaming("2026-12-01", "AURA Monde", None)).await,
        200,
    )
    .await;
    let past = body(server.get(&format!("{own}?as_of={today}")).await).await;
    assert_eq!(past["parties"][0]["name"], "Coopération AURA");
    let listed = body(server.get(&format!("/api/v1/partnerships?as_of={today}")).await).await;
    assert_eq!(listed["items"][0]["party_names"][0], "Coopération AURA");
    // Entered on the fifth, true from the first.
    let third = body(server.get(&format!("{own}?as_of=2026-12-03")).await).await;
    assert_eq!(third["parties"][0]["name"], "AURA Monde");

    let undone = admin
        .act(&format!("/api/v1/organisations/{network}/undo"), version(&later), &())
        .await;
    ok(undone, 200).await;
    assert_eq!(
        body(server.get(&own).await).await["parties"][0]["name"],
        "Coopération AURA"
    );
    let list = body(server.get("/api/v1/partnerships?q=monde").await).await;
    assert_eq!(list["items"], json!([]));
    server.stop().await;
}

#[actix_web::test]
async fn what_does_not_fit_is_refused_with_its_place() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let one = add(&admin, "Agence", "A").await;
    let same = json!({ "name": "Agence", "country": "FR" });
    let refused = admin.post("/api/v1/organisations", &same).await;
    assert_problem(refused, 409, "already_exists").await;
    let nowhere = json!({ "name": " ", "country": "XX" });
    let problem = assert_problem(admin.post("/api/v1/organisations", &nowhere).await, 422, "invalid").await;
    let places: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|error| error["pointer"].as_str())
        .collect();
    assert_eq!(places, ["/name", "/country"]);

    let path = at(&one, "/rename");
    ok(admin.act(&path, 1, &renaming("2020-01-01", "Agency", None)).await, 200).await;
    for (told, place) in [
        (renaming("2020-01-01", "Agenda", None), "/on"),
        (renaming("2026-11-21", "Agenda", None), "/on"),
        (renaming("2021-01-01", "Agency", None), "/name"),
        (
            json!({ "on": "2021-01-01", "name": "Agenda", "reason": " ", "source": "Arrêté" }),
            "/reason",
        ),
    ] {
        let problem = assert_problem(admin.act(&path, 2, &told).await, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], place, "{told}");
    }
    let itself = admin.act(&at(&one, "/merge"), 2, &merger("2021-01-01", &one)).await;
    let problem = assert_problem(itself, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/into_id");
    let nobody = json!({ "id": "01980a5c-7c00-7000-8000-000000000001" });
    let nowhere = admin.act(&at(&one, "/merge"), 2, &merger("2021-01-01", &nobody)).await;
    assert_eq!(
        assert_problem(nowhere, 422, "invalid").await["errors"][0]["code"],
        "reference"
    );
    assert_problem(server.get(&at(&nobody, "")).await, 404, "not_found").await;

    let twice = json!({ "name": { "fr": "P" }, "funder_ids": [id(&one), id(&one), id(&nobody)] });
    let problem = assert_problem(admin.post("/api/v1/programmes", &twice).await, 422, "invalid").await;
    let codes: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|error| error["code"].as_str())
        .collect();
    assert_eq!(codes, ["duplicate", "reference"]);
    server.stop().await;
}

#[actix_web::test]
async fn two_that_are_merged_into_each_other_at_once_become_one() {
    let server = Server::start().await;
    let beside = server.start_beside().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    for round in 0..6 {
        let one = add(&admin, &format!("One {round}"), "I").await;
        let other = add(&admin, &format!("Other {round}"), "II").await;
        let there = admin.at(&beside);
        let (path, back) = (at(&one, "/merge"), at(&other, "/merge"));
        let (told, told_back) = (merger("2021-01-01", &other), merger("2021-01-01", &one));
        let (first, second) = tokio::join!(admin.act(&path, 1, &told), there.act(&back, 1, &told_back));
        let mut statuses = [first.status().as_u16(), second.status().as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422], "round {round}");
    }
    beside.stop().await;
    server.stop().await;
}

#[actix_web::test]
async fn organisations_are_listed_in_pages_with_as_many_statements_for_two_as_for_twenty() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let mut made = Vec::new();
    for number in 0..2 {
        made.push(add(&admin, &format!("Body {number:02}"), "B").await);
    }
    let read = async || {
        let page = server.get("/api/v1/organisations?limit=100").await;
        assert_eq!(page.status(), 200);
    };
    let few = fewest_statements(&server, read).await;
    for number in 2..20 {
        let of = add(&admin, &format!("Body {number:02}"), "B").await;
        let told = renaming("2021-01-01", &format!("Body {number:02} bis"), None);
        made.push(ok(admin.act(&at(&of, "/rename"), 1, &told).await, 200).await);
    }
    server.add_network("Réseau", "FR", &[]).await;
    assert_eq!(fewest_statements(&server, read).await, few);
    let mut names = Vec::new();
    let mut path = "/api/v1/organisations?limit=8&kind=body".to_owned();
    loop {
        let page = body(server.get(&path).await).await;
        names.extend(page["items"].as_array().unwrap().iter().map(|of| of["name"].clone()));
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/organisations?limit=8&kind=body&cursor={next}"),
            None => break,
        }
    }
    let sorted: Vec<Value> = made.iter().map(|of| of["name"].clone()).collect();
    assert_eq!(names, sorted);
    server.stop().await;
}
