use serde_json::{Value, json};
use shared::accounts::Grant;

use super::{Project, at, draft};
use crate::support::applications::{fewest_statements, ok};
use crate::support::{Visitor, assert_problem};

/// Days that are fought over.
const RACES: usize = 60;

fn booking(project: &Project, city: usize, starts_on: &str, ends_on: &str) -> Value {
    json!({ "city_id": project.cities[city], "place": "Mairie", "starts_on": starts_on, "ends_on": ends_on })
}

async fn book(who: &Visitor, exhibition: &Value, body: &Value) -> reqwest::Response {
    who.post(&at(exhibition, "/bookings"), body).await
}

#[actix_web::test]
async fn an_exhibition_is_in_one_place_at_a_time() {
    let project = Project::start().await;
    let exhibition = project.exhibition().await;
    let seen = ok(project.partner.get(&at(&exhibition, "")).await, 200).await;
    assert_eq!(seen["allowed"], json!(["update", "advance", "book"]));
    let body = booking(&project, 0, "2027-03-01", "2027-03-14");
    let first = ok(book(&project.lead, &exhibition, &body).await, 201).await;
    assert_eq!(
        (&first["city_name"], &first["may_cancel"]),
        (&json!("Grenoble"), &json!(true))
    );

    // On its last day it cannot be elsewhere, on the day after it can.
    let touching = booking(&project, 1, "2027-03-14", "2027-03-20");
    let refused = ok(book(&project.partner, &exhibition, &touching).await, 409).await;
    assert_eq!(refused["code"], "booking_overlap");
    assert_eq!(
        refused["errors"][0]["params"],
        json!({ "from": "2027-03-01", "until": "2027-03-14" })
    );
    let after = booking(&project, 1, "2027-03-15", "2027-03-20");
    let second = ok(book(&project.partner, &exhibition, &after).await, 201).await;

    // A city books for itself; the lead books for all.
    let foreign = booking(&project, 0, "2027-05-01", "2027-05-02");
    assert_problem(book(&project.partner, &exhibition, &foreign).await, 403, "forbidden").await;
    let for_other = booking(&project, 1, "2027-05-01", "2027-05-02");
    ok(book(&project.lead, &exhibition, &for_other).await, 201).await;

    // What was cancelled is free again.
    let path = format!("/api/v1/bookings/{}", first["id"].as_str().unwrap());
    let cancel = format!("{path}/cancel");
    assert_problem(project.partner.act(&cancel, 1, &()).await, 403, "forbidden").await;
    let gone = ok(project.lead.act(&cancel, 1, &()).await, 200).await;
    assert_eq!(
        (&gone["state"], &gone["may_cancel"]),
        (&json!("cancelled"), &json!(false))
    );
    assert_problem(project.lead.act(&cancel, 2, &()).await, 409, "state_conflict").await;
    let again = booking(&project, 1, "2027-03-02", "2027-03-03");
    ok(book(&project.partner, &exhibition, &again).await, 201).await;

    let first_two = at(&exhibition, "/bookings?limit=2");
    let page = ok(project.server.get(&first_two).await, 200).await;
    let read = async || drop(project.server.get(&first_two).await);
    assert_eq!(fewest_statements(&project.server, read).await, 3);
    let items = page["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["id"]), (2, &first["id"]));
    let rest = at(
        &exhibition,
        &format!("/bookings?cursor={}", page["next"].as_str().unwrap()),
    );
    let rest = ok(project.server.get(&rest).await, 200).await;
    assert_eq!(rest["items"][0]["id"], second["id"]);
    project.server.stop().await;
}

#[actix_web::test]
async fn only_an_exhibition_on_its_tour_is_booked_and_the_tour_holds_its_bookings() {
    let project = Project::start().await;
    let event = project.add(&draft("event", "2027-01-01", "2027-12-31")).await;
    let body = booking(&project, 0, "2027-03-01", "2027-03-14");
    assert_problem(book(&project.lead, &event, &body).await, 409, "state_conflict").await;

    let exhibition = project.exhibition().await;
    let stranger = project.server.add_city("Vienne", "FR").await;
    let late = json!({ "city_id": stranger, "starts_on": "2027-12-30", "ends_on": "2028-01-02" });
    let refused = ok(book(&project.lead, &exhibition, &late).await, 422).await;
    let pointers: Vec<&Value> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["pointer"])
        .collect();
    assert_eq!(pointers, ["/city_id", "/ends_on"]);
    let staff = project.server.sign_in_as(Grant::CityStaff { city_id: stranger }).await;
    ok(book(&staff, &exhibition, &late).await, 422).await;

    ok(book(&project.lead, &exhibition, &body).await, 201).await;
    for (patch, pointer) in [
        (json!({ "starts_on": "2027-03-02" }), "/starts_on"),
        (json!({ "kind": "event" }), "/kind"),
    ] {
        let refused = ok(project.lead.patch(&at(&exhibition, ""), 1, &patch).await, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let shorter = json!({ "starts_on": "2027-03-01", "ends_on": "2027-03-14" });
    ok(project.lead.patch(&at(&exhibition, ""), 1, &shorter).await, 200).await;
    let gone = json!({ "to": "cancelled" });
    ok(project.lead.act(&at(&exhibition, "/advance"), 2, &gone).await, 200).await;
    assert_problem(book(&project.lead, &exhibition, &body).await, 409, "state_conflict").await;
    project.server.stop().await;
}

#[actix_web::test]
async fn of_two_who_book_the_same_days_at_once_exactly_one_wins() {
    let project = Project::start().await;
    let beside = project.server.start_beside().await;
    let partner = project.partner.at(&beside);
    let (mut here, mut there) = (0, 0);
    for _ in 0..RACES {
        let exhibition = project.exhibition().await;
        // The second stay begins on the first one's last day.
        let (a, b) = (
            booking(&project, 0, "2027-06-01", "2027-06-10"),
            booking(&project, 1, "2027-06-10", "2027-06-20"),
        );
        let (a, b) = tokio::join!(book(&project.lead, &exhibition, &a), book(&partner, &exhibition, &b));
        match (a.status().as_u16(), b.status().as_u16()) {
            (201, 409) => here += 1,
            (409, 201) => there += 1,
            other => panic!("{other:?}"),
        }
        let lost = if a.status() == 409 { a } else { b };
        assert_problem(lost, 409, "booking_overlap").await;
        let page = ok(project.server.get(&at(&exhibition, "/bookings")).await, 200).await;
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
    }
    assert_eq!(here + there, RACES);
    beside.stop().await;
    project.server.stop().await;
}

#[actix_web::test]
async fn a_tour_that_is_cut_short_while_its_end_is_booked_loses_or_wins_but_holds_its_bookings() {
    let project = Project::start().await;
    let beside = project.server.start_beside().await;
    let partner = project.partner.at(&beside);
    for _ in 0..RACES {
        let exhibition = project.exhibition().await;
        let body = booking(&project, 1, "2027-12-01", "2027-12-10");
        let shorter = json!({ "ends_on": "2027-06-30" });
        let path = at(&exhibition, "");
        let (cut, booked) = tokio::join!(
            project.lead.patch(&path, 1, &shorter),
            book(&partner, &exhibition, &body)
        );
        let both = (cut.status().as_u16(), booked.status().as_u16());
        assert!(both == (200, 422) || both == (422, 201), "{both:?}");
    }
    beside.stop().await;
    project.server.stop().await;
}
