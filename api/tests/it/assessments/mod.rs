//! What the sides of a partnership make of it: each for itself, and beside each other once both have filed.

use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::assessments::Principle;
use shared::ids::{CityId, PartnershipId};

use crate::support::applications::{fewest_statements, id, ok, version};
use crate::support::{Server, Visitor, assert_problem};

/// A partnership of some cities, each with a member of its staff.
struct Sides {
    server: Server,
    partnership: PartnershipId,
    cities: Vec<CityId>,
    staff: Vec<Visitor>,
}

impl Sides {
    async fn start(count: usize) -> Self {
        let server = Server::start().await;
        let (mut cities, mut staff) = (Vec::new(), Vec::new());
        for (name, country) in [("Grenoble", "FR"), ("Sevan", "AM"), ("Goris", "AM")]
            .into_iter()
            .take(count)
        {
            let city_id = server.add_city(name, country).await;
            cities.push(city_id);
            staff.push(server.sign_in_as(Grant::CityStaff { city_id }).await);
        }
        let party = |(at, city): (usize, &CityId)| {
            let role = if at == 0 { "lead" } else { "partner" };
            json!({ "party": { "type": "city", "city_id": city }, "role": role })
        };
        let parties: Vec<Value> = cities.iter().enumerate().map(party).collect();
        let draft = json!({ "name": "IRAPA", "kind": "project", "parties": parties });
        let made = ok(staff[0].post("/api/v1/partnerships", &draft).await, 201).await;
        Self {
            partnership: id(&made).parse().unwrap(),
            server,
            cities,
            staff,
        }
    }

    fn below(&self) -> String {
        format!("/api/v1/partnerships/{}/assessments", self.partnership)
    }

    async fn begin(&self, side: usize, year: i32) -> Value {
        let draft = json!({ "city_id": self.cities[side], "year": year });
        ok(self.staff[side].post(&self.below(), &draft).await, 201).await
    }

    /// Begins, writes and files; gives it as it then is.
    async fn file(&self, side: usize, year: i32, scores: [u8; 10]) -> Value {
        let made = self.begin(side, year).await;
        ok(self.staff[side].put(&at(&made, "/sheet"), 1, &sheet(scores)).await, 200).await;
        ok(self.staff[side].act(&at(&made, "/file"), 2, &()).await, 200).await
    }

    /// The sides of a year, as somebody sees them.
    async fn year(&self, by: &Visitor, year: i32) -> Value {
        let page = ok(by.get(&self.below()).await, 200).await;
        let mut items = page["items"].as_array().unwrap().iter();
        let found = items.find(|item| item["year"] == year);
        found.cloned().unwrap_or(Value::Null)
    }
}

pub(crate) fn sheet(scores: [u8; 10]) -> Value {
    let told = Principle::ALL.iter().zip(scores);
    let scores: Vec<Value> = told
        .map(|(principle, value)| json!({ "principle": principle, "value": value, "evidence": "Annual report" }))
        .collect();
    json!({ "scores": scores })
}

fn at(assessment: &Value, more: &str) -> String {
    format!("/api/v1/assessments/{}{more}", id(assessment))
}

const A: [u8; 10] = [5, 3, 2, 2, 4, 3, 5, 4, 2, 4];
const B: [u8; 10] = [3, 3, 3, 4, 4, 2, 5, 4, 2, 1];

#[actix_web::test]
async fn who_files_late_cannot_copy_and_the_difference_is_told_once_both_have_filed() {
    let sides = Sides::start(2).await;
    let [lead, partner] = [&sides.staff[0], &sides.staff[1]];
    let anybody = sides.server.anybody();
    let admin = sides.server.sign_in_as(Grant::Admin).await;
    let made = sides.begin(0, 2026).await;
    assert_eq!(
        (&made["state"], &made["allowed"]),
        (&json!("draft"), &json!(["save", "file"]))
    );
    assert_eq!(made["scores"].as_array().unwrap().len(), 10);

    // A draft is seen by its own side alone, and does not even show that it was begun.
    for other in [partner, &anybody, &admin] {
        assert_problem(other.get(&at(&made, "")).await, 404, "not_found").await;
        let year = sides.year(other, 2026).await;
        assert_eq!(
            (
                &year["sides"][0]["assessment_id"],
                &year["sides"][0]["state"],
                &year["sides"][0]["has_filed"]
            ),
            (&Value::Null, &Value::Null, &json!(false))
        );
    }
    let incomplete = ok(lead.act(&at(&made, "/file"), 1, &()).await, 409).await;
    assert_eq!(incomplete["code"], "assessment_incomplete");
    assert_eq!(incomplete["errors"].as_array().unwrap().len(), 20);
    assert_eq!(incomplete["errors"][0]["pointer"], "/scores/0/value");

    let written = ok(lead.put(&at(&made, "/sheet"), 1, &sheet(A)).await, 200).await;
    assert_eq!(version(&written), 2);
    // The same once more changes nothing.
    let again = ok(lead.put(&at(&made, "/sheet"), 2, &sheet(A)).await, 200).await;
    assert_eq!(version(&again), 2);
    assert_problem(lead.put(&at(&made, "/sheet"), 1, &sheet(B)).await, 412, "stale").await;
    let filed = ok(lead.act(&at(&made, "/file"), 2, &()).await, 200).await;
    assert_eq!(
        (&filed["state"], &filed["allowed"]),
        (&json!("filed"), &json!(["take_back"]))
    );

    // The partner sees that it is filed, and not what it says, as long as its own is not.
    let own = sides.begin(1, 2026).await;
    for other in [partner, &anybody] {
        assert_problem(other.get(&at(&made, "")).await, 404, "not_found").await;
        let year = sides.year(other, 2026).await;
        assert_eq!(
            (
                &year["sides"][0]["has_filed"],
                &year["sides"][0]["scores"],
                &year["gaps"]
            ),
            (&json!(true), &json!([]), &json!([]))
        );
    }
    // What nobody has read can be taken back.
    let back = ok(lead.act(&at(&made, "/take-back"), 3, &()).await, 200).await;
    assert_eq!((&back["state"], &back["filed_at"]), (&json!("draft"), &Value::Null));
    assert_problem(lead.act(&at(&made, "/take-back"), 4, &()).await, 409, "state_conflict").await;
    ok(lead.act(&at(&made, "/file"), 4, &()).await, 200).await;

    ok(partner.put(&at(&own, "/sheet"), 1, &sheet(B)).await, 200).await;
    let last = ok(partner.act(&at(&own, "/file"), 2, &()).await, 200).await;
    assert_eq!((&last["state"], &last["allowed"]), (&json!("shared"), &json!([])));

    // Now anybody reads both, and where they are far apart.
    let year = sides.year(&anybody, 2026).await;
    assert_eq!(year["sides"][1]["scores"][3]["value"], 4);
    let wide: Vec<&Value> = year["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|gap| gap["is_wide"] == true)
        .map(|gap| &gap["principle"])
        .collect();
    assert_eq!(wide, ["territorial_approach", "financing", "stakeholder_engagement"]);
    assert_eq!(
        (
            &year["gaps"][2]["lowest"],
            &year["gaps"][2]["highest"],
            &year["gaps"][2]["is_wide"]
        ),
        (&json!(2), &json!(3), &json!(false))
    );

    // What others read does not change any more, and the answer says why.
    let read = ok(lead.get(&at(&made, "")).await, 200).await;
    assert_eq!((version(&read), &read["state"]), (6, &json!("shared")));
    assert_problem(
        lead.act(&at(&made, "/take-back"), 6, &()).await,
        409,
        "assessment_filed",
    )
    .await;
    assert_problem(
        lead.put(&at(&made, "/sheet"), 6, &sheet(B)).await,
        409,
        "assessment_filed",
    )
    .await;
    assert_problem(partner.put(&at(&made, "/sheet"), 6, &sheet(B)).await, 403, "forbidden").await;

    // The radar reads the wide ones of the latest year that all have filed.
    let gaps = api::assessments::gaps::latest(&sides.server.platform.db, &[sides.partnership]).await;
    let gaps = &gaps.unwrap()[&sides.partnership];
    assert_eq!((gaps.year, gaps.wide.len()), (2026, 3));
    sides.server.stop().await;
}

#[actix_web::test]
async fn of_three_sides_those_that_have_filed_read_each_other_and_the_rest_waits() {
    let sides = Sides::start(3).await;
    let first = sides.file(0, 2025, A).await;
    let second = sides.file(1, 2025, B).await;
    assert_eq!(second["state"], "filed");
    // Both read each other now: neither can be taken back.
    for (side, own) in [(0, &first), (1, &second)] {
        let year = sides.year(&sides.staff[side], 2025).await;
        assert_eq!(year["gaps"].as_array().unwrap().len(), 10, "{year}");
        let back = sides.staff[side].act(&at(own, "/take-back"), 3, &()).await;
        assert_problem(back, 409, "assessment_filed").await;
    }
    // The third one, who could still copy, and anybody else read nothing yet; the radar waits too.
    for other in [&sides.staff[2], &sides.server.anybody()] {
        assert_problem(other.get(&at(&first, "")).await, 404, "not_found").await;
        assert_eq!(sides.year(other, 2025).await["gaps"], json!([]));
    }
    let db = &sides.server.platform.db;
    assert!(
        api::assessments::gaps::latest(db, &[sides.partnership])
            .await
            .unwrap()
            .is_empty()
    );
    sides.file(2, 2025, A).await;
    let shared = ok(sides.server.get(&at(&first, "")).await, 200).await;
    assert_eq!(shared["state"], "shared");
    sides.server.stop().await;
}

#[actix_web::test]
async fn of_two_sides_that_file_at_once_the_second_one_shares_both() {
    let sides = Sides::start(2).await;
    let beside = sides.server.start_beside().await;
    for year in 2019..=2024 {
        let (a, b) = (sides.begin(0, year).await, sides.begin(1, year).await);
        let other = sides
            .server
            .sign_in_as(Grant::CityStaff {
                city_id: sides.cities[1],
            })
            .await
            .at(&beside);
        ok(sides.staff[0].put(&at(&a, "/sheet"), 1, &sheet(A)).await, 200).await;
        ok(other.put(&at(&b, "/sheet"), 1, &sheet(B)).await, 200).await;
        let (path_a, path_b) = (at(&a, "/file"), at(&b, "/file"));
        let (one, two) = tokio::join!(sides.staff[0].act(&path_a, 2, &()), other.act(&path_b, 2, &()));
        assert_eq!((one.status().as_u16(), two.status().as_u16()), (200, 200));
        for own in [&a, &b] {
            let read = ok(sides.server.get(&at(own, "")).await, 200).await;
            assert_eq!(read["state"], "shared", "{year}");
        }
    }
    beside.stop().await;
    sides.server.stop().await;
}

#[actix_web::test]
async fn what_is_wrong_is_told_at_its_field() {
    let sides = Sides::start(2).await;
    let stranger = sides.server.add_city("Lyon", "FR").await;
    let strange = sides.server.sign_in_as(Grant::CityStaff { city_id: stranger }).await;
    let begin = |city: CityId, year: i32| json!({ "city_id": city, "year": year });
    let lead = &sides.staff[0];
    for (by, city, year, pointer) in [
        (lead, sides.cities[0], 2027, "/year"),
        (lead, sides.cities[0], 2014, "/year"),
        (&strange, stranger, 2026, "/city_id"),
    ] {
        let refused = ok(by.post(&sides.below(), &begin(city, year)).await, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    assert_problem(
        lead.post(&sides.below(), &begin(sides.cities[1], 2026)).await,
        403,
        "forbidden",
    )
    .await;
    let made = sides.begin(0, 2026).await;
    assert_problem(
        lead.post(&sides.below(), &begin(sides.cities[0], 2026)).await,
        409,
        "already_exists",
    )
    .await;
    let score = |principle: &str, value: Value| json!({ "principle": principle, "value": value, "evidence": "x" });
    for (scores, pointer) in [
        (json!([score("financing", json!(6))]), "/scores/0/value"),
        (json!([score("financing", json!(0))]), "/scores/0/value"),
        (
            json!([score("financing", json!(1)), score("financing", json!(2))]),
            "/scores/1/principle",
        ),
        (json!([score("luck", json!(1))]), "/scores/0/principle"),
        (
            json!([{ "principle": "financing", "value": 1, "evidence": "x".repeat(1001) }]),
            "/scores/0/evidence",
        ),
    ] {
        let refused = ok(
            lead.put(&at(&made, "/sheet"), 1, &json!({ "scores": scores })).await,
            422,
        )
        .await;
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    assert_eq!(
        lead.request("PUT", &at(&made, "/sheet"))
            .json(&sheet(A))
            .send()
            .await
            .unwrap()
            .status(),
        428
    );
    let nobodys = "/api/v1/partnerships/01980a5c-7c00-7000-8000-000000000001/assessments";
    assert_problem(sides.server.get(nobodys).await, 404, "not_found").await;
    sides.server.stop().await;
}

#[actix_web::test]
async fn years_are_listed_with_four_statements_however_many_sides_there_are() {
    let sides = Sides::start(2).await;
    for year in [2022, 2024] {
        sides.file(0, year, A).await;
        sides.file(1, year, B).await;
    }
    sides.begin(1, 2023).await;
    let anybody = sides.server.anybody();
    let years = |page: &Value| -> Vec<i64> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["year"].as_i64().unwrap()).collect()
    };
    let read = async || drop(ok(anybody.get(&sides.below()).await, 200).await);
    assert_eq!(fewest_statements(&sides.server, read).await, 4);
    // This year is always there, to be begun; what others have begun is not.
    let all = ok(anybody.get(&sides.below()).await, 200).await;
    assert_eq!(years(&all), [2026, 2024, 2022]);
    let own = ok(sides.staff[1].get(&sides.below()).await, 200).await;
    assert_eq!(years(&own), [2026, 2024, 2023, 2022]);
    let can = |page: &Value| {
        page["items"][0]["sides"]
            .as_array()
            .unwrap()
            .iter()
            .map(|side| side["can_begin"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (can(&own), can(&all)),
        (vec![json!(false), json!(true)], vec![json!(false), json!(false)])
    );
    let first = ok(anybody.get(&format!("{}?limit=2", sides.below())).await, 200).await;
    assert_eq!(years(&first), [2026, 2024]);
    let next = format!("{}?limit=2&cursor={}", sides.below(), first["next"].as_str().unwrap());
    let rest = ok(anybody.get(&next).await, 200).await;
    assert_eq!((years(&rest), &rest["next"]), (vec![2022], &Value::Null));
    sides.server.stop().await;
}
