use api::config::MailArgs;
use api::mail::digest::write_due;
use api::mail::post::{Post, send_one};
use api::rounds::pairs::service::lapse_overdue;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared::ids::CityId;

use super::{Cohort, answer, city, path};
use crate::support::applications::{id, ok, version};
use crate::support::smtp::MailServer;
use crate::support::{assert_problem, friday_evening, json as body};

#[actix_web::test]
async fn a_round_goes_from_its_draft_to_partnerships() {
    let cohort = Cohort::start(3).await;
    let until = cohort.server.platform.clock.now() + TimeDelta::minutes(5);
    let mut draft = cohort.draft();
    draft["wishes_until"] = json!(until);
    let round = cohort.round_of(draft).await;
    assert_eq!(round["members"], json!([3, 3]));
    assert_problem(cohort.server.get(&path(&round)).await, 404, "not_found").await;

    // A trial shows the officer what would come, and nobody else.
    let outcome = cohort.matched(&round, "simulate").await;
    assert_eq!((&outcome["trial"], &outcome["pairs"]), (&json!(true), &json!(3)));
    assert_eq!(outcome["verdict"]["blocking"], 0);
    assert_eq!(outcome["verdict"]["compared"], 9);
    assert!(cohort.pairs(&round).await.iter().all(|pair| pair["state"] == "trial"));

    // Each has what it needs; then one wishes for another.
    cohort.step(&round, "open").await;
    let (first, wished) = (cohort.ukrainian[0], cohort.french[2]);
    let staff = cohort.staff(first).await;
    let own = format!("{}/members/{first}", path(&round));
    let member = ok(staff.get(&own).await, 200).await;
    assert_eq!((&member["can_wish"], &member["wishes"]), (&json!(true), &json!([])));
    let wishes = json!({ "city_ids": [wished] });
    let member = ok(
        staff.put(&format!("{own}/wishes"), version(&member), &wishes).await,
        200,
    )
    .await;
    assert_eq!(member["wishes"][0]["id"], json!(wished));
    let seen = ok(cohort.officer.get(&own).await, 200).await;
    assert_eq!((&seen["wish_count"], &seen["wishes"]), (&json!(1), &Value::Null));
    let other = cohort.staff(cohort.french[0]).await;
    assert_eq!(ok(other.get(&own).await, 200).await["wish_count"], Value::Null);

    let back = format!("{}/members/{wished}/wishes", path(&round));
    let other = cohort.staff(wished).await;
    ok(other.put(&back, 1, &json!({ "city_ids": [first] })).await, 200).await;

    // Not before the window is over.
    let now = cohort.read(&round).await;
    let early = cohort
        .officer
        .act(&format!("{}/run", path(&round)), version(&now), &())
        .await;
    assert_problem(early, 409, "state_conflict").await;
    cohort.server.platform.clock.set(until);
    let late = staff
        .put(&format!("{own}/wishes"), version(&member), &json!({ "city_ids": [] }))
        .await;
    assert_problem(late, 409, "deadline_passed").await;
    let outcome = cohort.matched(&round, "run").await;
    assert_eq!((&outcome["trial"], &outcome["pairs"]), (&json!(false), &json!(3)));
    let pairs = cohort.pairs(&round).await;
    let of = |pairs: &[Value], first: CityId| pairs.iter().find(|pair| city(pair, "first") == first).unwrap().clone();
    let pair = of(&pairs, first);
    assert_eq!(city(&pair, "second"), wished);
    assert_eq!(
        (&pair["wish_of_first"], &pair["wish_of_second"]),
        (&json!(1), &json!(1))
    );

    // Nobody sees a pair before it is shown, and strangers never do.
    let pair_path = format!("/api/v1/round-pairs/{}", id(&pair));
    assert_problem(staff.get(&pair_path).await, 404, "not_found").await;
    cohort.step(&round, "publish").await;
    let stranger = cohort.staff(cohort.french[1]).await;
    assert_problem(stranger.get(&pair_path).await, 404, "not_found").await;
    let own_pairs = ok(staff.get("/api/v1/round-pairs").await, 200).await;
    let shown = own_pairs["items"][0].clone();
    assert_eq!(own_pairs["items"].as_array().unwrap().len(), 1);
    assert_eq!((&shown["state"], &shown["total"]), (&json!("proposed"), &Value::Null));
    assert_eq!(shown["allowed"], json!(["accept", "decline"]));

    // Both accept: they are partners, and their match says so.
    let accepted = ok(answer(&staff, &shown, "accept").await, 200).await;
    assert_eq!(
        (&accepted["state"], &accepted["accepted_by"]),
        (&json!("accepted"), &json!("first"))
    );
    assert_eq!(accepted["allowed"], json!(["withdraw"]));
    let partner = cohort.staff(wished).await;
    assert_problem(answer(&partner, &shown, "accept").await, 412, "stale").await;
    let agreed = ok(answer(&partner, &accepted, "accept").await, 200).await;
    assert_eq!(agreed["state"], "agreed");
    let partnership = agreed["partnership_id"].as_str().unwrap();
    let partnership = ok(staff.get(&format!("/api/v1/partnerships/{partnership}")).await, 200).await;
    assert_eq!(partnership["state"], "idea");
    let matches = ok(partner.get("/api/v1/matches").await, 200).await;
    assert_eq!(matches["items"][0]["state"], "agreed");
    assert_eq!(matches["items"][0]["partnership_id"], agreed["partnership_id"]);

    // Another pair is declined: its places are matched again, without breaking what holds.
    let pairs = cohort.pairs(&round).await;
    let declined = pairs.iter().find(|pair| pair["state"] == "proposed").unwrap();
    let decliner = cohort.staff(city(declined, "second")).await;
    ok(answer(&decliner, declined, "decline").await, 200).await;
    let outcome = cohort.matched(&round, "run").await;
    // One place each, and the two have just declined each other: nobody is left for them.
    assert_eq!(outcome["pairs"], 0);
    let states: Vec<String> = cohort
        .pairs(&round)
        .await
        .iter()
        .map(|pair| pair["state"].to_string())
        .collect();
    assert_eq!(states.iter().filter(|state| *state == "\"proposed\"").count(), 1);
    cohort.step(&round, "close").await;
    let left = cohort.pairs(&round).await;
    let left = left.iter().find(|pair| pair["state"] == "proposed").unwrap();
    let late = cohort.staff(city(left, "first")).await;
    assert_problem(answer(&late, left, "accept").await, 409, "state_conflict").await;
    cohort.server.stop().await;
}

#[actix_web::test]
async fn who_has_not_answered_reads_it_in_a_mail() {
    let cohort = Cohort::start(1).await;
    let round = cohort.round().await;
    cohort.matched(&round, "run").await;
    let (first, second) = (cohort.ukrainian[0], cohort.french[0]);
    let staff = cohort.staff(first).await;
    cohort.staff(second).await;
    let mails = MailServer::start();
    let post = Post::of(&MailArgs {
        smtp_url: Some(mails.url.clone()),
        mail_from: "hello@passerelle.example".to_owned(),
        public_url: "https://passerelle.example".to_owned(),
    });
    let (post, platform) = (post.unwrap().unwrap(), &cohort.server.platform);
    let monday: DateTime<Utc> = "2026-11-23T06:00:00Z".parse().unwrap();
    platform.clock.set(monday);
    assert_eq!(write_due(platform, "https://passerelle.example").await.unwrap(), 0);

    platform.clock.set(friday_evening());
    cohort.step(&round, "publish").await;
    let own_pairs = ok(staff.get("/api/v1/round-pairs").await, 200).await;
    ok(answer(&staff, &own_pairs["items"][0], "accept").await, 200).await;
    platform.clock.set(monday + TimeDelta::days(7));
    assert_eq!(write_due(platform, "https://passerelle.example").await.unwrap(), 1);
    while send_one(platform, &post).await.unwrap() {}
    let mails = mails.taken();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(
        mail.content.contains("https://passerelle.example/rounds"),
        "{}",
        mail.content
    );
    cohort.server.stop().await;
}

#[actix_web::test]
async fn declined_places_go_to_who_was_left_out() {
    let cohort = Cohort::start(3).await;
    let round = cohort.round().await;
    // One French town less: one Ukrainian one is left out.
    let gone = json!({ "items": [{ "city_id": cohort.french[2], "side": "second", "places": 0 }] });
    let now = cohort.read(&round).await;
    let members = format!("{}/members", path(&round));
    let changed = ok(cohort.officer.act(&members, version(&now), &gone).await, 200).await;
    assert_eq!(changed["members"], json!([3, 2]));
    assert_eq!(cohort.matched(&round, "run").await["pairs"], 2);
    cohort.step(&round, "publish").await;
    let publish = format!("{}/publish", path(&round));
    let again = cohort
        .officer
        .act(&publish, version(&cohort.read(&round).await), &())
        .await;
    assert_problem(again, 409, "state_conflict").await;
    let pairs = cohort.pairs(&round).await;
    let (kept, declined) = (&pairs[0], &pairs[1]);
    ok(
        answer(&cohort.staff(city(kept, "first")).await, kept, "accept").await,
        200,
    )
    .await;
    ok(
        answer(&cohort.staff(city(declined, "first")).await, declined, "decline").await,
        200,
    )
    .await;

    assert_eq!(cohort.matched(&round, "run").await["pairs"], 1);
    cohort.step(&round, "publish").await;
    let after = cohort.pairs(&round).await;
    let state = |state: &str| after.iter().find(|pair| pair["state"] == state).unwrap();
    assert_eq!(id(state("accepted")), id(kept));
    assert_eq!(id(state("declined")), id(declined));
    let new = state("proposed");
    assert_eq!(city(new, "second"), city(declined, "second"));
    assert_ne!(city(new, "first"), city(declined, "first"));
    cohort.server.stop().await;
}

#[actix_web::test]
async fn what_is_not_answered_in_time_lapses_and_frees_its_place() {
    let cohort = Cohort::start(3).await;
    let until = cohort.server.platform.clock.now() + TimeDelta::minutes(5);
    let mut draft = cohort.draft();
    draft["wishes_until"] = json!(until);
    draft["answers_until"] = json!(until);
    let refused = cohort.officer.post("/api/v1/rounds", &draft).await;
    let problem = assert_problem(refused, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/answers_until");
    draft.as_object_mut().unwrap().remove("wishes_until");
    let round = cohort.round_of(draft).await;
    // One French town less: one Ukrainian one is left out.
    let gone = json!({ "items": [{ "city_id": cohort.french[2], "side": "second", "places": 0 }] });
    let members = format!("{}/members", path(&round));
    let now = cohort.read(&round).await;
    ok(cohort.officer.act(&members, version(&now), &gone).await, 200).await;
    cohort.matched(&round, "run").await;
    cohort.step(&round, "publish").await;
    let pairs = cohort.pairs(&round).await;
    let (kept, waiting) = (&pairs[0], &pairs[1]);
    let told: DateTime<Utc> = waiting["answers_until"].as_str().unwrap().parse().unwrap();
    assert_eq!(told, until);
    for side in ["first", "second"] {
        let staff = cohort.staff(city(kept, side)).await;
        let seen = ok(staff.get(&format!("/api/v1/round-pairs/{}", id(kept))).await, 200).await;
        ok(answer(&staff, &seen, "accept").await, 200).await;
    }
    // One says yes, the other nothing.
    let staff = cohort.staff(city(waiting, "first")).await;
    let accepted = ok(answer(&staff, waiting, "accept").await, 200).await;

    // A millisecond before, nothing lapses; at the end both see that it has, and nobody answers any more.
    let platform = &cohort.server.platform;
    platform.clock.set(until - TimeDelta::milliseconds(1));
    assert_eq!(lapse_overdue(&platform.db, &platform.clock).await.unwrap(), 0);
    platform.clock.set(until);
    let path_of_pair = format!("/api/v1/round-pairs/{}", id(waiting));
    let seen = ok(staff.get(&path_of_pair).await, 200).await;
    assert_eq!((&seen["state"], &seen["accepted_by"]), (&json!("lapsed"), &Value::Null));
    assert_eq!(seen["allowed"], json!([]));
    let other = cohort.staff(city(waiting, "second")).await;
    for (who, action) in [(&other, "accept"), (&other, "decline"), (&staff, "withdraw")] {
        assert_problem(answer(who, &accepted, action).await, 409, "deadline_passed").await;
    }
    assert_eq!(lapse_overdue(&platform.db, &platform.clock).await.unwrap(), 1);
    assert_eq!(lapse_overdue(&platform.db, &platform.clock).await.unwrap(), 0);
    let lapsed = ok(other.get("/api/v1/round-pairs?state=lapsed").await, 200).await;
    assert_eq!(id(&lapsed["items"][0]), id(waiting));
    assert_eq!(version(&lapsed["items"][0]), version(&accepted) + 1);

    // Its place goes to who was left out, once the officer gives time to answer; what both accepted stays.
    assert_eq!(cohort.matched(&round, "run").await["pairs"], 1);
    let now = cohort.read(&round).await;
    let publish = format!("{}/publish", path(&round));
    let late = cohort.officer.act(&publish, version(&now), &()).await;
    assert_problem(late, 409, "deadline_passed").await;
    let longer = json!({ "answers_until": until + TimeDelta::minutes(5) });
    ok(cohort.officer.patch(&path(&round), version(&now), &longer).await, 200).await;
    cohort.step(&round, "publish").await;
    let after = cohort.pairs(&round).await;
    let state = |state: &str| after.iter().find(|pair| pair["state"] == state).unwrap();
    assert_eq!(id(state("agreed")), id(kept));
    assert_eq!(id(state("lapsed")), id(waiting));
    let new = state("proposed");
    assert_eq!(city(new, "second"), city(waiting, "second"));
    assert_ne!(city(new, "first"), city(waiting, "first"));
    let staff = cohort.staff(city(new, "first")).await;
    let seen = ok(staff.get(&format!("/api/v1/round-pairs/{}", id(new))).await, 200).await;
    assert_eq!(seen["allowed"], json!(["accept", "decline"]));
    cohort.server.stop().await;
}

#[actix_web::test]
async fn a_result_is_sorted_filtered_paged_and_exported() {
    let cohort = Cohort::start(5).await;
    let round = cohort.round().await;
    cohort.matched(&round, "run").await;
    let base = format!("{}/pairs", path(&round));
    for sort in ["-total", "total", "first", "-first", "second", "-second"] {
        let whole = ok(
            cohort
                .officer
                .get(&format!("{base}?sort={sort}&limit=100&count=true"))
                .await,
            200,
        )
        .await;
        assert_eq!(whole["total"], 5);
        let ids = |page: &Value| -> Vec<String> {
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|pair| id(pair).to_owned())
                .collect()
        };
        let mut seen = Vec::new();
        let mut next = format!("{base}?sort={sort}&limit=2");
        loop {
            let page = ok(cohort.officer.get(&next).await, 200).await;
            seen.extend(ids(&page));
            let Some(cursor) = page["next"].as_str() else { break };
            next = format!("{base}?sort={sort}&limit=2&cursor={cursor}");
        }
        assert_eq!(seen, ids(&whole), "{sort}");
    }
    let page = ok(cohort.officer.get(&format!("{base}?sort=first&limit=2")).await, 200).await;
    let foreign = format!("{base}?sort=second&cursor={}", page["next"].as_str().unwrap());
    assert_problem(cohort.officer.get(&foreign).await, 400, "cursor_invalid").await;
    assert_eq!(
        ok(cohort.officer.get(&format!("{base}?country=PL")).await, 200).await["items"],
        json!([])
    );
    assert_eq!(
        ok(cohort.officer.get(&format!("{base}?wished=true")).await, 200).await["items"],
        json!([])
    );
    let one = format!("{base}?city_id={}", cohort.french[0]);
    assert_eq!(
        ok(cohort.officer.get(&one).await, 200).await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let table = cohort
        .officer
        .request("GET", &base)
        .header("accept", "text/csv")
        .send()
        .await
        .unwrap();
    let text = table.text().await.unwrap();
    assert_eq!(text.lines().count(), 6);
    assert!(text.starts_with("id,state,first_id,first,"));
    cohort.server.stop().await;
}

#[actix_web::test]
async fn what_officers_say_wrong_is_told_with_its_place() {
    let cohort = Cohort::start(1).await;
    let faulty = json!({
        "programme_id": cohort.programme,
        "name": {},
        "rules": {
            "mode": "maximum",
            "sides": [{"name": {"fr": "A"}, "countries": ["ZZ"], "places": 0, "population_min": 9, "population_max": 3}],
            "priorities": [{"region": "Nowhere", "points": 0}],
            "caps": [{"country": "FR", "places": 1}, {"country": "FR", "places": 2}],
            "excluded": [[cohort.french[0], cohort.french[0]]],
        },
    });
    let problem = body(cohort.officer.post("/api/v1/rounds", &faulty).await).await;
    let mut pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    assert_eq!(
        pointers,
        [
            "/name",
            "/rules/caps/1/country",
            "/rules/excluded/0",
            "/rules/mode",
            "/rules/priorities/0/points",
            "/rules/priorities/0/region",
            "/rules/sides/0/countries/0",
            "/rules/sides/0/places",
            "/rules/sides/0/population_max",
        ]
    );
    cohort.server.stop().await;
}
