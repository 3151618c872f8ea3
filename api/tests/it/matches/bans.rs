//! Bans: what the city that bans sees, and that the other side sees nothing of it.

use super::*;
use crate::support::{assert_problem, soon};

fn bans(city: CityId) -> String {
    format!("/api/v1/cities/{city}/bans")
}

async fn total(who: &Visitor, city: CityId) -> Value {
    json(who.get(&format!("/api/v1/cities/{city}/matches")).await).await["total"].clone()
}

#[actix_web::test]
async fn a_ban_keeps_a_pair_apart_until_it_is_lifted() {
    let two = Two::start().await;
    assert_eq!(total(&two.french, two.grenoble).await, 1);
    let draft_ban = json!({ "city_id": two.sevan, "reason": "A conflict of interest" });
    let made = two.french.post(&bans(two.grenoble), &draft_ban).await;
    assert_eq!(made.status(), 201);
    let made = json(made).await;
    assert_eq!((&made["city"]["name"], &made["version"]), (&json!("Sevan"), &json!(1)));
    assert_eq!(made["reason"], "A conflict of interest");
    for (who, city) in [(&two.french, two.grenoble), (&two.armenian, two.sevan)] {
        assert_eq!(total(who, city).await, 0);
    }
    for (who, from, to) in [
        (&two.french, two.grenoble, two.sevan),
        (&two.armenian, two.sevan, two.grenoble),
    ] {
        let answer = who.post("/api/v1/matches", &draft(from, to)).await;
        assert_problem(answer, 409, "pair_not_possible").await;
    }
    let again = two.french.post(&bans(two.grenoble), &draft_ban).await;
    assert_problem(again, 409, "already_exists").await;
    let listed = json(two.french.get(&bans(two.grenoble)).await).await;
    assert_eq!(listed["items"], json!([made]));

    let path = format!("{}/{}", bans(two.grenoble), made["id"].as_str().unwrap());
    let without = two.french.request("DELETE", &path).send().await.unwrap();
    assert_problem(without, 428, "precondition_required").await;
    assert_eq!(two.french.delete(&path, 1).await.status(), 204);
    assert_problem(two.french.delete(&path, 1).await, 404, "not_found").await;
    assert_eq!(total(&two.french, two.grenoble).await, 1);
    two.interest().await;
    two.server.stop().await;
}

/// Everything that the other side, its programs and the public can read is the same before and after.
#[actix_web::test]
async fn the_other_side_learns_nothing_of_a_ban() {
    let two = Two::start().await;
    let third = two.server.add_city("Goris", "AM").await;
    let seen = async || {
        let mut seen = Vec::new();
        for city in [two.grenoble, two.sevan] {
            let read = two.armenian.get(&format!("/api/v1/cities/{city}")).await;
            seen.push(read.headers()["etag"].to_str().unwrap().to_owned());
            seen.push(read.text().await.unwrap());
        }
        for path in [
            "/api/v1/changes",
            "/api/v1/matches?count=true",
            "/api/v1/cities",
            "/api/v1/me",
        ] {
            seen.push(two.armenian.get(path).await.text().await.unwrap());
        }
        seen.push(two.server.get("/api/v1/changes").await.text().await.unwrap());
        seen.push(json(two.armenian.get(&bans(two.sevan)).await).await.to_string());
        seen
    };
    let before = seen().await;
    for city in [two.sevan, third] {
        let made = two.french.post(&bans(two.grenoble), &json!({ "city_id": city })).await;
        assert_eq!(made.status(), 201);
    }
    assert_eq!(seen().await, before);

    // Its own ban of the same pair is made as if there were none, and lifting it does not lift the other's.
    let own = two
        .armenian
        .post(&bans(two.sevan), &json!({ "city_id": two.grenoble }))
        .await;
    assert_eq!(own.status(), 201);
    let own = json(own).await;
    let path = format!("{}/{}", bans(two.sevan), own["id"].as_str().unwrap());
    assert_eq!(two.armenian.delete(&path, 1).await.status(), 204);
    assert_eq!(total(&two.french, two.grenoble).await, 0);
    // A ban cannot be reached through the other city's path.
    let foreign = json(two.french.get(&bans(two.grenoble)).await).await;
    let foreign = foreign["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("{}/{foreign}", bans(two.sevan));
    assert_problem(two.armenian.delete(&path, 1).await, 404, "not_found").await;
    assert_problem(two.armenian.get(&bans(two.grenoble)).await, 403, "forbidden").await;
    two.server.stop().await;
}

#[actix_web::test]
async fn a_ban_names_another_city_with_which_nothing_is_open() {
    let two = Two::start().await;
    let path = bans(two.grenoble);
    for (city, code) in [
        (two.grenoble, "inconsistent"),
        (CityId(uuid::Uuid::now_v7()), "reference"),
    ] {
        let problem = assert_problem(
            two.french.post(&path, &json!({ "city_id": city })).await,
            422,
            "invalid",
        )
        .await;
        assert_eq!(problem["errors"][0]["code"], code);
    }
    let told = two.interest().await;
    let ban = json!({ "city_id": two.sevan });
    assert_problem(two.french.post(&path, &ban).await, 409, "state_conflict").await;
    assert_eq!(act(&two.french, &told, "withdraw", json!({})).await.status(), 200);
    assert_eq!(two.french.post(&path, &ban).await.status(), 201);
    two.server.stop().await;
}

#[actix_web::test]
async fn bans_are_audited_and_reach_other_processes() {
    let two = Two::start().await;
    let beside = two.server.start_beside().await;
    let made = json(
        two.french
            .post(&bans(two.grenoble), &json!({ "city_id": two.sevan }))
            .await,
    )
    .await;
    let admin = two.server.sign_in_as(Grant::Admin).await;
    let entries = json(admin.get("/api/v1/audit?resource=ban").await).await;
    assert_eq!(entries["items"][0]["resource_id"], made["id"]);
    assert_eq!(entries["items"][0]["verb"], "ban");
    soon(json!(0), async || total(&two.armenian.at(&beside), two.sevan).await).await;
    beside.stop().await;
    two.server.stop().await;
}
