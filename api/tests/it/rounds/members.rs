use serde_json::{Value, json};

use super::{Cohort, path};
use crate::support::applications::{ok, version};
use crate::support::{assert_problem, json as body};

fn pointers(problem: &Value) -> Vec<(String, String)> {
    let errors = problem["errors"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    errors
        .iter()
        .map(|error| (text(&error["pointer"]), text(&error["code"])))
        .collect()
}

#[actix_web::test]
async fn members_come_by_the_rules_of_their_side() {
    let cohort = Cohort::start(2).await;
    let round = cohort.round().await;
    let members = format!("{}/members", path(&round));
    let wrong = json!({
        "items": [
            {"city_id": cohort.french[0], "side": "first"},
            {"city_id": "01980a5c-7c00-7000-8000-000000000001", "side": "second"},
            {"city_id": cohort.french[1], "side": "second", "places": 51},
            {"city_id": cohort.french[1], "side": "second"},
        ],
    });
    let refused = cohort.officer.act(&members, version(&round), &wrong).await;
    assert_eq!(refused.status(), 422);
    let expected = [
        ("/items/0/city_id", "inconsistent"),
        ("/items/1/city_id", "reference"),
        ("/items/2/places", "range"),
        ("/items/3/city_id", "duplicate"),
    ];
    assert_eq!(
        pointers(&body(refused).await),
        expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );

    let places = json!({"items": [{"city_id": cohort.french[0], "side": "second", "places": 3}]});
    let changed = ok(cohort.officer.act(&members, version(&round), &places).await, 200).await;
    assert_problem(
        cohort.officer.act(&members, version(&round), &places).await,
        412,
        "stale",
    )
    .await;
    // Adding all again keeps what was said of each.
    let all = json!({"all_of": ["second"]});
    let changed = ok(cohort.officer.act(&members, version(&changed), &all).await, 200).await;
    assert_eq!(changed["members"], json!([2, 2]));
    let page = ok(cohort.officer.get(&format!("{members}?side=second&limit=1")).await, 200).await;
    assert_eq!((&page["total"], page["next"].is_string()), (&json!(2), true));
    let one = format!("{members}/{}", cohort.french[0]);
    assert_eq!(ok(cohort.officer.get(&one).await, 200).await["places"], 3);
    let foreigner = cohort.server.staffed_city("Lyon", "FR").await.1;
    // The round is being prepared: for others it is not there.
    assert_problem(foreigner.get(&members).await, 404, "not_found").await;
    cohort.step(&round, "open").await;
    assert_problem(foreigner.get(&members).await, 403, "forbidden").await;
    let table = cohort.officer.request("GET", &members).header("accept", "text/csv");
    let text = table.send().await.unwrap().text().await.unwrap();
    assert_eq!(text.lines().count(), 5);
    cohort.server.stop().await;
}

#[actix_web::test]
async fn wishes_are_of_the_other_side_and_of_ones_own_city() {
    let cohort = Cohort::start(2).await;
    let round = cohort.round().await;
    cohort.step(&round, "open").await;
    let city = cohort.ukrainian[0];
    let staff = cohort.staff(city).await;
    let wishes = format!("{}/members/{city}/wishes", path(&round));
    let outside = cohort.server.add_city("Lyon", "FR").await;
    let wrong = json!({"city_ids": [city, cohort.ukrainian[1], outside, cohort.french[0], cohort.french[0]]});
    let refused = staff.put(&wishes, 1, &wrong).await;
    assert_eq!(refused.status(), 422);
    let codes: Vec<String> = pointers(&body(refused).await)
        .into_iter()
        .map(|fault| fault.1)
        .collect();
    assert_eq!(codes, ["inconsistent", "inconsistent", "reference", "duplicate"]);
    let right = json!({"city_ids": [cohort.french[1], cohort.french[0]]});
    for stranger in [&cohort.officer, &cohort.staff(cohort.french[0]).await] {
        assert_problem(stranger.put(&wishes, 1, &right).await, 403, "forbidden").await;
    }
    let member = ok(staff.put(&wishes, 1, &right).await, 200).await;
    assert_eq!(version(&member), 2);
    assert_problem(staff.put(&wishes, 1, &right).await, 412, "stale").await;
    // The journal keeps how many wishes there are, never whom they are for.
    let journal = cohort
        .server
        .journal_of(round["id"].as_str().unwrap().parse().unwrap())
        .await;
    let (_, _, details) = journal.iter().find(|entry| entry.0 == "wish").unwrap();
    assert_eq!(*details, json!({"city_id": city, "wishes": 2}));
    cohort.server.stop().await;
}

#[actix_web::test]
async fn any_with_any_matches_one_side_with_itself() {
    let cohort = Cohort::start(3).await;
    let mut draft = cohort.draft();
    draft["rules"]["sides"] = json!([{"name": {"fr": "Toutes"}, "places": 2}]);
    let round = cohort.round_of_one_side(draft).await;
    let outcome = cohort.matched(&round, "run").await;
    assert_eq!(outcome["verdict"]["blocking"], 0);
    assert_eq!(outcome["members"], json!([6, 0]));
    // Two that have met already may be left with a place each.
    assert!((5..=6).contains(&outcome["pairs"].as_u64().unwrap()));
    assert!(
        cohort
            .pairs(&round)
            .await
            .iter()
            .all(|pair| pair["first"]["country"] != pair["second"]["country"])
    );
    cohort.server.stop().await;
}

impl Cohort {
    async fn round_of_one_side(&self, draft: Value) -> Value {
        let round = ok(self.officer.post("/api/v1/rounds", &draft).await, 201).await;
        let all = json!({"all_of": ["first"]});
        let members = format!("{}/members", path(&round));
        ok(self.officer.act(&members, version(&round), &all).await, 200).await
    }
}
