use icalendar::parser::{read_calendar, unfold};
use icalendar::{Calendar, Component};
use serde_json::{Value, json};

use super::{Project, at, draft};
use crate::support::applications::{fewest_statements, ok};
use crate::support::assert_problem;

async fn calendar(project: &Project, path: &str) -> Calendar {
    let response = project.server.get(path).await;
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    assert_eq!(headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(headers["cache-control"], "public, max-age=60");
    let text = response.text().await.unwrap();
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line}");
    }
    let again = project
        .server
        .request("GET", path)
        .header("if-none-match", &headers["etag"])
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    read_calendar(&unfold(&text)).unwrap().into()
}

fn events(calendar: &Calendar) -> Vec<Vec<String>> {
    let told = ["SUMMARY", "DTSTART", "DTEND", "STATUS", "SEQUENCE", "LOCATION"];
    let mut events: Vec<Vec<String>> = calendar
        .events()
        .map(|event| {
            let value = |key| event.property_value(key).unwrap_or_default().to_owned();
            told.map(value).to_vec()
        })
        .collect();
    events.sort();
    events
}

#[actix_web::test]
async fn a_calendar_tells_days_places_states_and_bookings() {
    let project = Project::start().await;
    let mut training = draft("training", "2026-12-01", "2026-12-03");
    training["title"] = json!("Eau, déchets; et \\ énergie: формування навичок для місцевих органів влади");
    training["place"] = json!("Hôtel de ville\nSevan");
    training["notes"] = json!("Ligne une\r\nEND:VEVENT\r\nBEGIN:VEVENT");
    let training = project.add(&training).await;
    let gone = json!({ "to": "cancelled" });
    ok(project.lead.act(&at(&training, "/advance"), 1, &gone).await, 200).await;
    project.add(&draft("event", "2024-01-01", "2024-01-02")).await;
    let exhibition = project.exhibition().await;
    for (city, day) in [(0, "2027-02-01"), (1, "2027-03-01")] {
        let body = json!({ "city_id": project.cities[city], "starts_on": day, "ends_on": day });
        ok(project.lead.post(&at(&exhibition, "/bookings"), &body).await, 201).await;
    }

    let path = project.path("calendar");
    let whole = calendar(&project, &path).await;
    let read = async || drop(project.server.get(&path).await);
    assert!(fewest_statements(&project.server, read).await <= 3);
    assert_eq!(whole.get_name(), Some("IRAPA"));
    let row = |cells: [&str; 6]| cells.map(str::to_owned).to_vec();
    let shown = |city: &str, from: &str, until: &str| {
        row([&format!("A exhibition · {city}"), from, until, "CONFIRMED", "0", ""])
    };
    let tour = row(["A exhibition", "20270101", "20280101", "CONFIRMED", "0", ""]);
    let title = "Eau, déchets; et \\ énergie: формування навичок для місцевих органів влади";
    let cancelled = row([title, "20261201", "20261204", "CANCELLED", "1", "Hôtel de ville Sevan"]);
    // What is long over stays out.
    assert_eq!(
        events(&whole),
        [
            tour.clone(),
            shown("Grenoble", "20270201", "20270202"),
            shown("Sevan", "20270301", "20270302"),
            cancelled.clone(),
        ]
    );
    let notes = whole.events().find_map(|event| {
        event
            .get_description()
            .filter(|text| text.contains("Ligne"))
            .map(str::to_owned)
    });
    assert_eq!(notes.unwrap(), "IRAPA\n\nLigne une\nEND:VEVENT\nBEGIN:VEVENT");
    let uids: std::collections::BTreeSet<&str> = whole.events().filter_map(|event| event.get_uid()).collect();
    assert_eq!(uids.len(), 4);

    // A city sees all activities of its partnerships, and where it shows exhibitions itself.
    let path = format!("/api/v1/cities/{}/calendar", project.cities[1]);
    let of_city = calendar(&project, &path).await;
    assert_eq!(
        events(&of_city),
        [tour, shown("Sevan", "20270301", "20270302"), cancelled]
    );
    let nobodys = "/api/v1/cities/01980a5c-7c00-7000-8000-000000000001/calendar";
    assert_problem(project.server.get(nobodys).await, 404, "not_found").await;
    let empty: Value = ok(project.partner.get(&project.path("activities?state=held")).await, 200).await;
    assert_eq!(empty["items"], json!([]));
    project.server.stop().await;
}
