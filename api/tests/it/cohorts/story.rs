use serde_json::{Value, json};

use super::{Turnkey, at, go, step_of};
use crate::support::applications::{id, ok, statements_of, version};
use crate::support::{assert_problem, json as body};

#[actix_web::test]
async fn cities_join_sign_and_are_filed_and_the_cohort_closes_with_the_unsigned_listed() {
    let it = Turnkey::start(4).await;
    let cohort = it.cohort().await;
    assert_eq!(
        (&cohort["state"], &cohort["closes_at"], &cohort["minimum_cities"]),
        (&json!("open"), &json!("2026-11-30T22:59:59.999Z"), &json!(3))
    );
    let names: Vec<&Value> = cohort["networks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| &of["name"])
        .collect();
    assert_eq!(names, ["Lianes coopération", "SO Coopération"]);

    // Three cities ask for themselves, one of them with a partner; the network adds the fourth.
    let lille = it.joined(&cohort, 0).await;
    let (nantes_staff, goris) = (&it.cities[1].1, it.server.add_city("Goris", "AM").await);
    let mut with_partner = it.joining(1);
    with_partner["partner_id"] = json!(goris);
    with_partner["way"] = json!("strengthen");
    with_partner["levels"] = json!(["network", "events"]);
    let path = format!("{}/members", at(&cohort));
    let nantes = ok(nantes_staff.post(&path, &with_partner).await, 201).await;
    assert_eq!(nantes["partner"]["name"], "Goris");
    let bordeaux = it.joined(&cohort, 2).await;
    let amiens = ok(it.lead.post(&path, &it.joining(3)).await, 201).await;
    assert_problem(it.lead.post(&path, &it.joining(3)).await, 409, "already_member").await;

    // A draft says what would be sent; the network sends all at once, and each city's staff gets a mail.
    let draft = ok(nantes_staff.get(&step_of(&nantes, "letter")).await, 200).await;
    let french = draft["text"]["fr"].as_str().unwrap();
    for part in [
        "Nantes s’engage",
        "pour renforcer",
        "avec pour partenaire Goris",
        "– Organiser des événements",
        "30 novembre 2026",
    ] {
        assert!(french.contains(part), "{part} is not in {french}");
    }
    let report = ok(it.lead.post(&format!("{}/send", at(&cohort)), &json!(null)).await, 200).await;
    assert_eq!(report, json!({ "sent": 4, "told": 4 }));
    let again = ok(it.lead.post(&format!("{}/send", at(&cohort)), &json!(null)).await, 200).await;
    assert_eq!(again, json!({ "sent": 0, "told": 0 }));

    // The city sees it on its radar until it has answered.
    let radar = format!("/api/v1/cities/{}/radar", it.cities[0].0);
    let (lille_staff, reading) = (&it.cities[0].1, format!("/api/v1/cohort-members/{}", id(&lille)));
    let waiting = ok(lille_staff.get(&radar).await, 200).await;
    assert_eq!(
        (
            &waiting["items"][0]["reason"],
            &waiting["items"][0]["day"],
            &waiting["items"][0]["letter"]["id"],
            &waiting["items"][0]["actions"]
        ),
        (
            &json!("letter_unsigned"),
            &json!("2026-11-30"),
            &lille["id"],
            &json!(["sign_letter"])
        )
    );
    let sent = ok(lille_staff.get(&reading).await, 200).await;
    assert_eq!(sent["letter_actions"], json!(["sign", "refuse"]));
    let signed = go(lille_staff, &sent, "sign").await;
    assert_eq!(
        (
            &signed["letter"]["state"],
            &signed["letter"]["late"],
            &signed["letter"]["signature"]["name"]
        ),
        (&json!("signed"), &json!(false), &json!("Anne Martin"))
    );
    assert_eq!(ok(lille_staff.get(&radar).await, 200).await["items"], json!([]));
    let filed = go(&it.lead, &signed, "file").await;
    assert_eq!(filed["letter"]["reference"], "INSPIRE-2026-001");
    let steps: Vec<&Value> = filed["letter"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["state"])
        .collect();
    assert_eq!(steps, ["drafted", "sent", "signed", "filed"]);
    let nantes = ok(
        nantes_staff
            .get(&format!("/api/v1/cohort-members/{}", id(&nantes)))
            .await,
        200,
    )
    .await;
    go(nantes_staff, &nantes, "sign").await;
    let bordeaux = ok(
        it.lead.get(&format!("/api/v1/cohort-members/{}", id(&bordeaux))).await,
        200,
    )
    .await;
    go(&it.cities[2].1, &bordeaux, "refuse").await;

    let now = ok(it.lead.get(&at(&cohort)).await, 200).await;
    let counts = json!({ "drafted": 0, "sent": 1, "signed": 1, "filed": 1, "refused": 1, "late": 0 });
    assert_eq!((&now["counts"], &now["has_enough"]), (&counts, &json!(false)));

    // Its day is over: the unsigned are listed, as a table too; who signs now is late.
    it.server.platform.clock.set("2026-11-30T23:00:00Z".parse().unwrap());
    let lead = it.lead_again().await;
    let closed = ok(lead.get(&at(&cohort)).await, 200).await;
    assert_eq!(closed["state"], "closed");
    let unsigned = format!("{path}?letter=drafted,sent&count=true");
    let list = ok(lead.get(&unsigned).await, 200).await;
    assert_eq!(
        (&list["total"], &list["items"][0]["city"]["name"]),
        (&json!(1), &json!("Amiens"))
    );
    let table = lead
        .request("GET", &unsigned)
        .header("accept", "text/csv")
        .send()
        .await
        .unwrap();
    let table = table.text().await.unwrap();
    assert_eq!(table.lines().count(), 2);
    assert!(
        table
            .lines()
            .last()
            .unwrap()
            .contains(",Amiens,start,network,,sent,false,"),
        "{table}"
    );
    let amiens_staff = it.staff_again(3).await;
    let amiens = ok(
        amiens_staff
            .get(&format!("/api/v1/cohort-members/{}", id(&amiens)))
            .await,
        200,
    )
    .await;
    let late = go(&amiens_staff, &amiens, "sign").await;
    assert_eq!(late["letter"]["late"], true);
    let now = ok(lead.get(&at(&cohort)).await, 200).await;
    assert_eq!((&now["counts"]["late"], &now["has_enough"]), (&json!(1), &json!(true)));

    // Anybody sees who has signed, and no people; all pages cost the same.
    let anybody = it.server.anybody();
    let seen = ok(anybody.get(&format!("{path}?count=true")).await, 200).await;
    let cities: Vec<&Value> = seen["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| &of["city"]["name"])
        .collect();
    assert_eq!(
        (cities, &seen["total"]),
        (vec![&json!("Nantes"), &json!("Amiens"), &json!("Lille")], &json!(3))
    );
    for of in seen["items"].as_array().unwrap() {
        assert_eq!(
            (
                &of["referent"],
                &of["letter"]["signature"],
                &of["letter"]["reference"],
                &of["letter"]["steps"]
            ),
            (&json!(null), &json!(null), &json!(null), &json!([]))
        );
    }
    let few = statements_of(&it.server, &lead, &format!("{path}?limit=1")).await;
    let many = statements_of(&it.server, &lead, &format!("{path}?limit=100")).await;
    assert_eq!((few, many <= 3), (many, true), "{many}");
    let verbs: Vec<String> = it
        .server
        .journal_of(id(&lille).parse().unwrap())
        .await
        .into_iter()
        .map(|(verb, ..)| verb)
        .collect();
    assert_eq!(verbs, ["join", "send", "sign", "file"]);
    it.server.stop().await;
}

#[actix_web::test]
async fn pages_of_cohorts_and_of_cities_go_on_where_they_ended() {
    let it = Turnkey::start(3).await;
    let first = it.cohort().await;
    let mut later = it.draft();
    later["closes_on"] = json!("2026-12-15");
    later["network_ids"] = json!([it.networks[0]]);
    let later = ok(it.lead.post("/api/v1/cohorts", &later).await, 201).await;
    for city in 0..3 {
        it.joined(&first, city).await;
    }
    let list = async |query: &str| ok(it.lead.get(&format!("/api/v1/cohorts?{query}")).await, 200).await;
    let page = list("limit=1&count=true").await;
    assert_eq!((&page["items"][0]["id"], &page["total"]), (&later["id"], &json!(2)));
    let page = list(&format!("limit=1&cursor={}", page["next"].as_str().unwrap())).await;
    assert_eq!((&page["items"][0]["id"], &page["next"]), (&first["id"], &json!(null)));
    let led = list(&format!("network_id={}&count=true", it.networks[1])).await;
    assert_eq!((&led["total"], &led["items"][0]["id"]), (&json!(1), &first["id"]));
    let of_programme = list(&format!("programme_id={}&state=closed&count=true", it.funder.programme)).await;
    assert_eq!(of_programme["total"], 0);
    // Where a city is: for its staff and who leads the cohort, as long as it has not signed.
    let with_city = format!("/api/v1/cohorts?city_id={}&count=true", it.cities[0].0);
    for (who, found) in [
        (&it.lead, 1),
        (&it.cities[0].1, 1),
        (&it.cities[1].1, 0),
        (&it.server.anybody(), 0),
    ] {
        assert_eq!(ok(who.get(&with_city).await, 200).await["total"], found);
    }
    let own = ok(it.cities[0].1.get(&at(&first)).await, 200).await;
    assert_eq!(own["own"][0]["city_id"], json!(it.cities[0].0));
    assert_eq!(own["allowed"], json!([]), "its only city is in it");
    let outside = ok(it.cities[0].1.get(&at(&later)).await, 200).await;
    assert_eq!(outside["allowed"], json!(["join"]));

    let mut seen = Vec::new();
    let mut query = "limit=1".to_owned();
    loop {
        let page = ok(it.lead.get(&format!("{}/members?{query}", at(&first))).await, 200).await;
        seen.push(page["items"][0]["city"]["name"].as_str().unwrap().to_owned());
        match page["next"].as_str() {
            Some(next) => query = format!("limit=1&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["Lille", "Nantes", "Bordeaux"]);
    let foreign = it.lead.get("/api/v1/cohorts?cursor=bm8").await;
    assert_problem(foreign, 400, "cursor_invalid").await;
    let etag = it.lead.get(&at(&first)).await.headers()["etag"].clone();
    let again = it
        .lead
        .request("GET", &at(&first))
        .header("if-none-match", etag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(version(&body(it.lead.get(&at(&first)).await).await), 1);
    it.server.stop().await;
}

#[actix_web::test]
async fn each_city_of_a_cohort_tells_where_it_is_for_a_map() {
    let it = Turnkey::start(1).await;
    let cohort = it.cohort().await;
    let path = format!("{}/members", at(&cohort));
    // Roughly where it is.
    let placed = it.server.city("Arras", "FR").at(50.293, 2.7819).add().await;
    let mut joining = it.joining(0);
    joining["city_id"] = json!(placed);
    let arras = ok(it.lead.post(&path, &joining).await, 201).await;
    let elsewhere = it.joined(&cohort, 0).await;
    let page = ok(it.lead.get(&path).await, 200).await;
    for (member, location) in [
        (&arras, json!({ "lat": 50.293, "lng": 2.7819 })),
        (&elsewhere, json!(null)),
    ] {
        assert_eq!((&member["country"], &member["location"]), (&json!("FR"), &location));
        let listed = page["items"].as_array().unwrap().iter();
        let listed = listed.filter(|item| item["id"] == member["id"]);
        assert_eq!(listed.map(|item| &item["location"]).collect::<Vec<_>>(), [&location]);
    }
    it.server.stop().await;
}
