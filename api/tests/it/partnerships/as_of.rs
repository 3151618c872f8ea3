//! Past states, compared with a journal that the test keeps itself.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::CityId;

use super::{city, create, draft, path, version};
use crate::support::{Server, Visitor, assert_problem, friday_evening, json};

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// What a partnership said, without what depends on who asks and when.
fn told(view: &Value) -> Value {
    let mut told = view.clone();
    for field in ["allowed", "next_states", "as_of", "iati_activity_status"] {
        told.as_object_mut().unwrap().remove(field);
    }
    told
}

/// Changes a partnership at random; gives how it then stands, or nothing where it is deleted.
async fn change(who: &Visitor, dice: &mut Dice, view: &Value, parties: &[CityId]) -> Option<Value> {
    let path = path(view);
    let patch = match dice.roll(6) {
        0 => json!({ "name": format!("Name {}", dice.roll(1000)) }),
        1 => json!({ "kind": (["friendship", "network", "decentralised_cooperation"])[dice.roll(3) as usize] }),
        2 => {
            let third = parties[2 + dice.roll(2) as usize];
            let parties = [(parties[0], "lead"), (parties[1], "partner"), (third, "partner")];
            let parties = parties.map(|(id, role)| json!({ "party": city(id), "role": role }));
            json!({ "parties": parties, "pairings": [{ "a": parties[0]["party"]["city_id"], "b": third }] })
        }
        3 => json!({ "themes": (["culture", "climate", "water"])[..1 + dice.roll(2) as usize], "platform": "IRAPA" }),
        4 => {
            let next = view["next_states"].as_array().unwrap();
            if next.is_empty() || next[0] == "signed" {
                json!({ "about": format!("About {}", dice.roll(1000)) })
            } else {
                let step = json!({ "to": next[0], "reason": "So it is" });
                let moved = json(who.act(&format!("{path}/advance"), version(view), &step).await).await;
                return Some(moved);
            }
        }
        _ => {
            assert_eq!(who.delete(&path, version(view)).await.status(), 204);
            return None;
        }
    };
    let answer = who.patch(&path, version(view), &patch).await;
    assert_eq!(answer.status(), 200, "{patch}");
    Some(json(answer).await)
}

#[actix_web::test]
async fn every_past_state_is_what_it_was() {
    let server = Server::start().await;
    let mut cities = Vec::new();
    for (name, country) in [("Grenoble", "FR"), ("Sevan", "AM"), ("Goris", "AM"), ("Lviv", "UA")] {
        cities.push(server.add_city(name, country).await);
    }
    let who = server.sign_in_as(Grant::Admin).await;
    let mut dice = Dice(20_261_127);
    let mut now = friday_evening();
    // The journal outside: after each change, what all partnerships said.
    let mut journal: Vec<(DateTime<Utc>, Vec<Option<Value>>)> = Vec::new();
    let mut present: Vec<Option<Value>> = Vec::new();
    let mut deleted: Vec<Option<(String, i64)>> = Vec::new();
    for number in 0..60 {
        now += TimeDelta::milliseconds(1 + i64::try_from(dice.roll(1_000)).unwrap());
        server.platform.clock.set(now);
        if number % 12 == 0 {
            let made = create(&who, &draft(&format!("Ours {number}"), &cities[..2])).await;
            present.push(Some(made));
            deleted.push(None);
        } else {
            let index = dice.roll(present.len() as u64) as usize;
            match present[index].take() {
                Some(view) => {
                    let gone = (path(&view), version(&view) + 1);
                    present[index] = change(&who, &mut dice, &view, &cities).await;
                    deleted[index] = present[index].is_none().then_some(gone);
                }
                None => {
                    let (path, version) = deleted[index].take().unwrap();
                    let back = who.act(&format!("{path}/restore"), version, &json!({})).await;
                    present[index] = Some(json(back).await);
                }
            }
        }
        journal.push((now, present.clone()));
    }
    let paths: Vec<String> = journal
        .last()
        .unwrap()
        .1
        .iter()
        .enumerate()
        .map(|(index, _)| {
            let ever = journal.iter().find_map(|(_, all)| all.get(index)?.as_ref());
            path(ever.unwrap())
        })
        .collect();
    for (at, all) in &journal {
        let moment = shared::time::text(at);
        for (index, path) in paths.iter().enumerate() {
            let answer = server.get(&format!("{path}?as_of={moment}")).await;
            match all.get(index).and_then(Option::as_ref) {
                Some(expected) => {
                    let seen = json(answer).await;
                    assert_eq!(told(&seen), told(expected), "{path} as of {moment}");
                    assert_eq!((&seen["as_of"], &seen["allowed"]), (&json!(moment), &json!([])));
                }
                None => {
                    assert_problem(answer, 404, "not_found").await;
                }
            }
        }
        assert_lists(&server, &moment, all).await;
    }
    let before = shared::time::text(&(friday_evening() - TimeDelta::days(1)));
    let page = json(server.get(&format!("/api/v1/partnerships?as_of={before}")).await).await;
    assert_eq!(page["items"], json!([]));
    server.stop().await;
}

/// Lists of a past moment, by pages of two, filtered and not, have what was there in its order.
async fn assert_lists(server: &Server, moment: &str, all: &[Option<Value>]) {
    for (query, field, value) in [
        ("", "", ""),
        ("&kind=network", "kind", "network"),
        ("&country=UA", "countries", "UA"),
    ] {
        let mut expected: Vec<&Value> = all
            .iter()
            .flatten()
            .filter(|view| match &view.get(field) {
                None => true,
                Some(Value::Array(values)) => values.contains(&json!(value)),
                Some(known) => **known == json!(value),
            })
            .collect();
        expected.sort_by_key(|view| (view["name"].as_str().unwrap().to_lowercase(), view["id"].to_string()));
        let expected: Vec<&Value> = expected.iter().map(|view| &view["name"]).collect();
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = format!("/api/v1/partnerships?as_of={moment}&sort=name&limit=2&count=true{query}{cursor}");
            let page = json(server.get(&page).await).await;
            assert_eq!(page["total"], expected.len(), "{query} as of {moment}");
            seen.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| item["name"].clone()),
            );
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.iter().collect::<Vec<_>>(), expected, "{query} as of {moment}");
    }
}

#[actix_web::test]
async fn a_day_stands_for_its_end_and_a_past_page_costs_four_statements() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let who = server.sign_in_as(Grant::Admin).await;
    let made = create(&who, &draft("Before", &[grenoble, sevan])).await;
    server.platform.clock.set(friday_evening() + TimeDelta::days(1));
    let who = server.sign_in_as(Grant::Admin).await;
    who.patch(&path(&made), 1, &json!({ "name": "After" })).await;
    let name =
        async |as_of: &str| json(server.get(&format!("{}?as_of={as_of}", path(&made))).await).await["name"].clone();
    assert_eq!(name("2026-11-20").await, "Before");
    assert_eq!(name("2026-11-21").await, "After");
    assert_eq!(name("2026-11-21T17:29:59.999Z").await, "Before");
    assert_problem(
        server.get(&format!("{}?as_of=2026-11-19", path(&made))).await,
        404,
        "not_found",
    )
    .await;
    for path in [path(&made), "/api/v1/partnerships".to_owned()] {
        assert_problem(
            server.get(&format!("{path}?as_of=yesterday")).await,
            400,
            "query_invalid",
        )
        .await;
    }
    let list = "/api/v1/partnerships?as_of=2026-11-20&count=true";
    let spent = crate::support::applications::statements_of(&server, &server.anybody(), list).await;
    assert!(spent <= 4, "{spent}");
    server.stop().await;
}

#[actix_web::test]
async fn a_kind_that_changed_is_told_with_when_and_who() {
    let server = Server::start().await;
    let cities = [
        server.add_city("Grenoble", "FR").await,
        server.add_city("Sevan", "AM").await,
    ];
    let staff = server.sign_in_as(Grant::CityStaff { city_id: cities[0] }).await;
    let made = create(&staff, &draft("Twinning", &cities)).await;
    let (path, first) = (path(&made), server.platform.clock.now());
    let history = format!("{path}/history");
    let none = json(server.get(&history).await).await;
    assert_eq!(none["items"], json!([]));

    let later = |minutes: i64| first + TimeDelta::minutes(minutes);
    server.platform.clock.set(later(1));
    let changed = staff
        .patch(&path, 1, &json!({ "kind": "decentralised_cooperation" }))
        .await;
    assert_eq!(changed.status(), 200);
    server.platform.clock.set(later(2));
    // Neither kind nor state nor name: nothing to tell.
    assert_eq!(staff.patch(&path, 2, &json!({ "about": "Water" })).await.status(), 200);
    server.platform.clock.set(later(3));
    let step = json!({ "to": "letter_of_intent" });
    assert_eq!(staff.act(&format!("{path}/advance"), 3, &step).await.status(), 200);

    let own = json(staff.get(&history).await).await;
    let items = own["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{own}");
    let at = |minutes: i64| shared::time::text(&later(minutes));
    assert_eq!(items[0]["state"], json!({ "from": "idea", "to": "letter_of_intent" }));
    assert_eq!(
        (&items[0]["at"], &items[0]["version"], &items[0]["kind"]),
        (&json!(at(3)), &json!(4), &Value::Null)
    );
    let before = made["kind"].clone();
    assert_eq!(
        items[1]["kind"],
        json!({ "from": before, "to": "decentralised_cooperation" })
    );
    assert_eq!((&items[1]["at"], &items[1]["version"]), (&json!(at(1)), &json!(2)));
    assert!(items[1]["by_name"].is_string(), "{own}");
    // Anybody sees what changed; who did it is for the sides.
    let public = json(server.get(&history).await).await;
    assert_eq!(public["items"][1]["kind"], items[1]["kind"]);
    assert_eq!(public["items"][1]["by_name"], Value::Null);
    // `as_of` tells the kind of each day.
    for (minutes, kind) in [(0, before), (1, json!("decentralised_cooperation"))] {
        let past = json(server.get(&format!("{path}?as_of={}", at(minutes))).await).await;
        assert_eq!(past["kind"], kind, "{minutes}");
    }
    let nobody = "/api/v1/partnerships/01980a5c-7c00-7000-8000-000000000001/history";
    assert_problem(server.get(nobody).await, 404, "not_found").await;
    server.stop().await;
}
