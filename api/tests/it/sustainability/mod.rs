//! The sustainability plan of a partnership, edition by edition.

use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::PartnershipId;

use crate::support::applications::{id, ok, statements_of, version};
use crate::support::{Server, Visitor, assert_problem};

async fn project() -> (Server, [Visitor; 2], PartnershipId) {
    let server = Server::start().await;
    let cities = [
        server.add_city("Grenoble", "FR").await,
        server.add_city("Sevan", "AM").await,
    ];
    let staff = [
        server.sign_in_as(Grant::CityStaff { city_id: cities[0] }).await,
        server.sign_in_as(Grant::CityStaff { city_id: cities[1] }).await,
    ];
    let draft = json!({ "name": "IRAPA", "kind": "project", "parties": [
        { "party": { "type": "city", "city_id": cities[0] }, "role": "lead" },
        { "party": { "type": "city", "city_id": cities[1] }, "role": "partner" },
    ] });
    let made = ok(staff[0].post("/api/v1/partnerships", &draft).await, 201).await;
    let partnership = id(&made).parse().unwrap();
    (server, staff, partnership)
}

fn at(partnership: PartnershipId, more: &str) -> String {
    format!("/api/v1/partnerships/{partnership}/plan{more}")
}

fn plan(text: &str) -> Value {
    json!({
        "cities": { "text": text, "commitments": [
            { "what": "Vote a yearly budget", "who": "Both councils", "due_on": "2027-03-31" },
        ] },
        "delegation": { "text": "Keep us in the country portfolio" },
        "headquarters": {},
    })
}

#[actix_web::test]
async fn a_plan_is_written_by_both_sides_and_keeps_its_former_editions() {
    let (server, [lead, partner], partnership) = project().await;
    let path = at(partnership, "");
    let db = server.platform.db.read();
    let has_plan = async || {
        api::sustainability::store::with_plan(db, &[partnership])
            .await
            .unwrap()
            .len()
    };
    assert_problem(server.get(&path).await, 404, "not_found").await;
    let none = ok(server.get(&at(partnership, "/editions")).await, 200).await;
    assert_eq!((&none["items"], has_plan().await), (&json!([]), 0));
    assert_problem(partner.put(&path, 1, &plan("First")).await, 404, "not_found").await;

    let made = ok(lead.post(&path, &plan("First")).await, 201).await;
    assert_eq!(
        (version(&made), &made["missing"], &made["city_name"], &made["allowed"]),
        (1, &json!(["headquarters"]), &json!("Grenoble"), &json!(["update"]))
    );
    assert_problem(partner.post(&path, &plan("Mine")).await, 409, "already_exists").await;
    let second = ok(partner.put(&path, 1, &plan("Second")).await, 200).await;
    assert_eq!((version(&second), &second["city_name"]), (2, &json!("Sevan")));
    let same = ok(lead.put(&path, 2, &plan("Second")).await, 200).await;
    assert_eq!(version(&same), 2, "nothing is different");
    assert_problem(lead.put(&path, 1, &plan("Third")).await, 412, "stale").await;
    let unheard = lead.request("PUT", &path).json(&plan("Third")).send().await.unwrap();
    assert_problem(unheard, 428, "precondition_required").await;

    let public = ok(server.get(&path).await, 200).await;
    assert_eq!(
        (&public["plan"]["cities"]["text"], &public["allowed"]),
        (&json!("Second"), &json!([]))
    );
    let editions = ok(server.get(&at(partnership, "/editions?limit=1")).await, 200).await;
    assert_eq!(version(&editions["items"][0]), 2);
    let next = at(
        partnership,
        &format!("/editions?cursor={}", editions["next"].as_str().unwrap()),
    );
    let first = ok(server.get(&next).await, 200).await;
    assert_eq!(
        (
            &first["items"][0]["plan"]["cities"]["text"],
            &first["next"],
            has_plan().await
        ),
        (&json!("First"), &Value::Null, 1)
    );
    assert_eq!(statements_of(&server, &server.anybody(), &path).await, 3);

    // Two who write the next edition at once: one reads again.
    let beside = server.start_beside().await;
    let other = server.sign_in_as(Grant::Admin).await.at(&beside);
    let (mine, theirs) = (plan("Mine"), plan("Theirs"));
    let (a, b) = tokio::join!(lead.put(&path, 2, &mine), other.put(&path, 2, &theirs));
    let mut statuses = [a.status().as_u16(), b.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    beside.stop().await;
    server.stop().await;
}

#[actix_web::test]
async fn a_plan_says_something_and_each_commitment_names_who() {
    let (server, [lead, _], partnership) = project().await;
    let path = at(partnership, "");
    let empty = json!({ "cities": {}, "delegation": {}, "headquarters": { "text": "  " } });
    let refused = ok(lead.post(&path, &empty).await, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/cities/text");
    for (place, value) in [
        ("/cities/text", json!("x".repeat(4001))),
        ("/cities/commitments/0/who", json!(" ")),
        ("/cities/commitments/0/what", json!("x".repeat(301))),
        ("/cities/commitments/0/due_on", json!("soon")),
    ] {
        let mut wrong = plan("First");
        *wrong.pointer_mut(place).unwrap() = value;
        let refused = ok(lead.post(&path, &wrong).await, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], place, "{refused}");
    }
    let mut many = plan("First");
    many["cities"]["commitments"] = vec![json!({ "what": "x", "who": "y" }); 21].into();
    let refused = ok(lead.post(&path, &many).await, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/cities/commitments");
    let stranger = server.add_city("Lyon", "FR").await;
    let stranger = server.sign_in_as(Grant::CityStaff { city_id: stranger }).await;
    assert_problem(stranger.post(&path, &plan("Mine")).await, 403, "forbidden").await;
    server.stop().await;
}
