//! One of two goes into the other, with all that it has, and comes back as it was.

use api::partnerships::store::insert_twinnings;
use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::cities::NameKind;
use shared::ids::CityId;

use super::{admin, items, search};
use crate::support::applications::{id, ok};
use crate::support::{Server, Visitor, assert_problem, soon};

async fn twin(server: &Server, pairs: &[(CityId, CityId)], source: &str) {
    let caller = api::caller::Caller::system(server.platform.clock.now());
    let twinned = server
        .platform
        .db
        .write(&caller, async |tx| insert_twinnings(tx, pairs, source).await)
        .await
        .unwrap();
    assert_eq!(twinned.added as usize, pairs.len());
}

/// All that the API says of cities and partnerships, without what counts changes.
async fn world(server: &Server, cities: &[CityId]) -> Value {
    fn bare(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| !matches!(name.as_str(), "version" | "updated_at"));
                fields.values_mut().for_each(bare);
            }
            Value::Array(items) => items.iter_mut().for_each(bare),
            _ => {}
        }
    }
    let mut all = Vec::new();
    for city in cities {
        all.push(ok(server.get(&format!("/api/v1/cities/{city}")).await, 200).await);
    }
    let list = ok(server.get("/api/v1/partnerships?limit=100&sort=name").await, 200).await;
    for one in list["items"].as_array().unwrap() {
        all.push(ok(server.get(&format!("/api/v1/partnerships/{}", id(one))).await, 200).await);
    }
    all.push(ok(server.get("/api/v1/partnerships/map").await, 200).await);
    let mut all = Value::Array(all);
    bare(&mut all);
    all
}

struct Story {
    server: Server,
    who: Visitor,
    boiarka: CityId,
    boyarka: CityId,
    others: [CityId; 3],
}

/// Boiarka and Boyarka, each with a twinning of its own, and both with one of Marly.
async fn story() -> Story {
    let server = Server::start().await;
    let boiarka = server
        .city("Boiarka", "UA")
        .population(34_394)
        .code("ua:katottg", "UA32140030010045925");
    let boiarka = boiarka.at(50.32, 30.29).add().await;
    let boyarka = server
        .city("Boyarka", "UA")
        .name("Боярка")
        .code("geonames", "711390")
        .code("twin", "15732");
    let boyarka = boyarka.at(50.33, 30.29).add().await;
    let mut others = [boiarka; 3];
    for (city, (name, country, lat)) in others.iter_mut().zip([
        ("Marly", "FR", 48.87),
        ("Sandomierz", "PL", 50.68),
        ("Pruszków", "PL", 52.17),
    ]) {
        *city = server.city(name, country).at(lat, 20.0).add().await;
    }
    let [marly, sandomierz, pruszkow] = others;
    twin(&server, &[(boiarka, marly), (boiarka, sandomierz)], "Wikipedia").await;
    twin(&server, &[(boyarka, marly), (boyarka, pruszkow)], "AFCCRE").await;
    let who = admin(&server).await;
    search(&server, &who).await;
    Story {
        server,
        who,
        boiarka,
        boyarka,
        others,
    }
}

fn names_of(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_merge_moves_everything_keeps_who_said_so_and_is_undone_exactly() {
    let Story {
        server,
        who,
        boiarka,
        boyarka,
        others,
    } = story().await;
    let all = [boiarka, boyarka, others[0], others[1], others[2]];
    let before = world(&server, &all).await;
    let double = items(&who, "").await.remove(0);
    let has = |kind: &str| {
        double["hints"]
            .as_array()
            .unwrap()
            .iter()
            .any(|hint| hint["kind"] == kind)
    };
    assert!(has("partners_shared") && has("name_spelling"), "{double}");
    let path = format!("/api/v1/doubles/{}", id(&double));
    let neither = json!({ "keep": others[0], "reason": "double" });
    let refused = ok(who.act(&format!("{path}/merge"), 1, &neither).await, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/keep");
    let told = json!({ "keep": boiarka, "reason": "double", "note": "The same town" });
    let merged = ok(who.act(&format!("{path}/merge"), 1, &told).await, 200).await;
    assert_eq!(
        (
            &merged["state"],
            &merged["kept"],
            &merged["b"]["name"],
            &merged["b"]["gone"]
        ),
        (&json!("merged"), &json!(boiarka), &json!("Boyarka"), &json!(true))
    );

    // The old id, and its code, lead to the kept city, with the reason.
    let no_follow = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let moved = no_follow
        .get(format!(
            "{}/api/v1/cities/{boyarka}/partnerships?limit=5",
            server.base()
        ))
        .send()
        .await
        .unwrap();
    assert_eq!(moved.status(), 308);
    assert_eq!(
        moved.headers()["location"],
        format!("/api/v1/cities/{boiarka}/partnerships?limit=5")
    );
    let why: Value = moved.json().await.unwrap();
    assert_eq!((&why["reason"], &why["name"]), (&json!("double"), &json!("Boyarka")));
    let kept = ok(server.get(&format!("/api/v1/cities/{boyarka}")).await, 200).await;
    assert_eq!(kept["id"], json!(boiarka));
    let by_code = ok(server.get("/api/v1/cities/geonames:711390").await, 200).await;
    assert_eq!(by_code["id"], json!(boiarka));
    let names: Vec<&str> = kept["names"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name["text"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"Boyarka") && names.contains(&"Боярка"), "{names:?}");
    let found = ok(server.get("/api/v1/cities/search?q=boyar").await, 200).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(found["items"][0]["id"], json!(boiarka));
    let history = ok(server.get(&format!("/api/v1/cities/{boiarka}/successions")).await, 200).await;
    assert_eq!(history["items"][0]["note"], "The same town");

    // Three twinnings, one of them told by both.
    let list = ok(
        server
            .get(&format!("/api/v1/cities/{boiarka}/partnerships?sort=name"))
            .await,
        200,
    )
    .await;
    assert_eq!(
        names_of(&list),
        ["Boiarka – Marly", "Boiarka – Pruszków", "Boiarka – Sandomierz"]
    );
    let marly = ok(
        server
            .get(&format!("/api/v1/partnerships/{}", id(&list["items"][0])))
            .await,
        200,
    )
    .await;
    let sources = marly["pairings"][0]["sources"].as_array().unwrap();
    let sources: Vec<&str> = sources
        .iter()
        .map(|source| source["source"].as_str().unwrap())
        .collect();
    assert_eq!(sources, ["Wikipedia", "AFCCRE"]);
    assert_eq!(ok(server.get("/api/v1/cities?count=true").await, 200).await["total"], 4);
    assert_eq!(search(&server, &who).await["proposed"], 0);

    let undone = ok(who.act(&format!("{path}/undo"), 2, &json!({})).await, 200).await;
    assert_eq!((&undone["state"], &undone["kept"]), (&json!("proposed"), &Value::Null));
    assert_eq!(world(&server, &all).await, before);
    let history = ok(server.get(&format!("/api/v1/cities/{boiarka}/successions")).await, 200).await;
    assert_eq!(history["items"], json!([]));
    // And again, the other way round.
    let told = json!({ "keep": boyarka, "reason": "renaming" });
    ok(who.act(&format!("{path}/merge"), 3, &told).await, 200).await;
    let kept = ok(server.get(&format!("/api/v1/cities/{boiarka}")).await, 200).await;
    let former = |name: &&Value| name["text"] == "Boiarka";
    let former = kept["names"].as_array().unwrap().iter().find(former).unwrap();
    assert_eq!(former["kind"], NameKind::Former.code());
    assert_eq!(kept["population"], 34_394, "what it lacked is filled in");
    ok(who.act(&format!("{path}/undo"), 4, &json!({})).await, 200).await;
    assert_eq!(world(&server, &all).await, before);
    server.stop().await;
}

#[actix_web::test]
async fn what_changed_since_a_merge_keeps_the_change_when_it_is_undone() {
    let Story {
        server,
        who,
        boiarka,
        boyarka,
        others,
    } = story().await;
    let double = items(&who, "").await.remove(0);
    let path = format!("/api/v1/doubles/{}", id(&double));
    let told = json!({ "keep": boiarka, "reason": "double" });
    ok(who.act(&format!("{path}/merge"), 1, &told).await, 200).await;
    let list = ok(
        server.get(&format!("/api/v1/cities/{}/partnerships", others[2])).await,
        200,
    )
    .await;
    let pruszkow = format!("/api/v1/partnerships/{}", id(&list["items"][0]));
    ok(who.patch(&pruszkow, 2, &json!({ "about": "Schools" })).await, 200).await;
    ok(who.act(&format!("{path}/undo"), 2, &json!({})).await, 200).await;
    let apart = ok(server.get(&pruszkow).await, 200).await;
    assert_eq!(
        (
            &apart["about"],
            &apart["name"],
            &apart["parties"][0]["party"]["city_id"]
        ),
        (&json!("Schools"), &json!("Boyarka – Pruszków"), &json!(boyarka))
    );
    server.stop().await;
}

#[actix_web::test]
async fn who_has_work_of_its_own_is_kept_and_a_folded_partnership_leads_on() {
    let Story {
        server,
        who,
        boiarka,
        boyarka,
        ..
    } = story().await;
    server.sign_in_as(Grant::CityStaff { city_id: boyarka }).await;
    let double = items(&who, "").await.remove(0);
    let path = format!("/api/v1/doubles/{}/merge", id(&double));
    let told = json!({ "keep": boiarka, "reason": "double" });
    let refused = assert_problem(who.act(&path, 1, &told).await, 409, "merge_in_use").await;
    assert_eq!(refused["errors"][0]["params"]["places"], "grants");
    let list = ok(
        server
            .get(&format!("/api/v1/cities/{boiarka}/partnerships?sort=name"))
            .await,
        200,
    )
    .await;
    let folded = id(&list["items"][0]).to_owned();
    let told = json!({ "keep": boyarka, "reason": "double" });
    ok(who.act(&path, 1, &told).await, 200).await;
    let led = ok(server.get(&format!("/api/v1/partnerships/{folded}")).await, 200).await;
    assert_ne!(led["id"], json!(folded));
    let into = ok(
        server
            .get(&format!("/api/v1/partnerships/{}/successions", id(&led)))
            .await,
        200,
    )
    .await;
    assert_eq!(into["items"][0]["from_id"], json!(folded));
    server.stop().await;
}

#[actix_web::test]
async fn of_two_who_merge_at_once_one_wins() {
    let Story {
        server,
        who,
        boiarka,
        boyarka,
        ..
    } = story().await;
    let beside = server.start_beside().await;
    let other = admin(&server).await.at(&beside);
    let double = items(&who, "").await.remove(0);
    let path = format!("/api/v1/doubles/{}/merge", id(&double));
    let (one, two) = (
        json!({ "keep": boiarka, "reason": "double" }),
        json!({ "keep": boyarka, "reason": "double" }),
    );
    let (a, b) = tokio::join!(who.act(&path, 1, &one), other.act(&path, 1, &two));
    let mut statuses = [a.status().as_u16(), b.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    // The other process may have won: this one hears of it.
    soon(json!(4), async || {
        ok(server.get("/api/v1/cities?count=true").await, 200).await["total"].clone()
    })
    .await;
    beside.stop().await;
    server.stop().await;
}

#[actix_web::test]
async fn two_partnerships_of_one_pair_become_one_and_a_deleted_twinning_leaves_room() {
    let server = Server::start().await;
    let who = admin(&server).await;
    let cities = [
        server.add_city("Grenoble", "FR").await,
        server.add_city("Sevan", "AM").await,
    ];
    let draft = |kind: &str| {
        json!({ "name": "Grenoble – Sevan", "kind": kind, "parties": [
            { "party": { "type": "city", "city_id": cities[0] }, "role": "lead" },
            { "party": { "type": "city", "city_id": cities[1] }, "role": "partner" },
        ], "pairings": [{ "a": cities[0], "b": cities[1] }], "source": kind })
    };
    let twinning = ok(who.post("/api/v1/partnerships", &draft("twinning")).await, 201).await;
    assert_problem(
        who.post("/api/v1/partnerships", &draft("twinning")).await,
        409,
        "already_exists",
    )
    .await;
    // Deleted, it leaves room for another one; and then it does not come back beside it.
    let path = format!("/api/v1/partnerships/{}", id(&twinning));
    assert_eq!(who.delete(&path, 1).await.status(), 204);
    let anew = ok(who.post("/api/v1/partnerships", &draft("twinning")).await, 201).await;
    assert_problem(
        who.act(&format!("{path}/restore"), 2, &json!({})).await,
        409,
        "already_exists",
    )
    .await;

    let friendship = ok(who.post("/api/v1/partnerships", &draft("friendship")).await, 201).await;
    // Two projects of one pair are two.
    for name in ["Water", "Schools"] {
        let mut project = draft("project");
        project["name"] = json!(name);
        ok(who.post("/api/v1/partnerships", &project).await, 201).await;
    }
    search(&server, &who).await;
    let found = items(&who, "subject=partnership").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        found[0]["hints"][0],
        json!({ "kind": "parties_same", "speaks_for": true, "value": "2" })
    );
    let merge = format!("/api/v1/doubles/{}/merge", id(&found[0]));
    let told = json!({ "keep": id(&anew), "reason": "double" });
    ok(who.act(&merge, 1, &told).await, 200).await;
    let kept = ok(
        server.get(&format!("/api/v1/partnerships/{}", id(&friendship))).await,
        200,
    )
    .await;
    assert_eq!(kept["id"], anew["id"]);
    let sources = kept["pairings"][0]["sources"].as_array().unwrap();
    assert_eq!((sources.len(), &sources[1]["source"]), (2, &json!("friendship")));
    server.stop().await;
}

#[actix_web::test]
async fn a_person_proposes_two_that_merged() {
    let server = Server::start().await;
    let who = admin(&server).await;
    let old = server.city("Bâgé-la-Ville", "FR").code("fr:insee", "01025").add().await;
    let new = server
        .city("Bâgé-Dommartin", "FR")
        .code("fr:insee", "01026")
        .add()
        .await;
    let draft = json!({ "subject": "city", "a": old, "b": new, "note": "Commune nouvelle, 1 January 2018" });
    let made = ok(who.post("/api/v1/doubles", &draft).await, 201).await;
    assert_eq!(
        (&made["score"], &made["hints"][0]["kind"]),
        (&json!(100), &json!("by_hand"))
    );
    assert_problem(who.post("/api/v1/doubles", &draft).await, 409, "already_exists").await;
    assert_eq!(search(&server, &who).await["withdrawn"], 0, "a person's proposal stays");
    for (a, b, pointer) in [
        (json!(old), json!(old), "/b"),
        (json!(old), json!("01980a5c-7c00-7000-8000-000000000001"), "/b"),
    ] {
        let wrong = json!({ "subject": "city", "a": a, "b": b });
        let refused = ok(who.post("/api/v1/doubles", &wrong).await, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let merge = format!("/api/v1/doubles/{}/merge", id(&made));
    let told = json!({ "keep": new, "reason": "merger", "note": "Commune nouvelle" });
    ok(who.act(&merge, 1, &told).await, 200).await;
    let kept = ok(server.get("/api/v1/cities/fr:insee:01025").await, 200).await;
    assert_eq!(kept["id"], json!(new));
    let former = kept["codes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|code| code["value"] == "01025")
        .unwrap();
    assert_eq!(former["valid_to"], "2026-11-20");
    server.stop().await;
}
