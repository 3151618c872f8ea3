use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::cities::{LookingFor, Urgency};
use shared::history::Signal;
use shared::history::precedents::PrecedentKind;
use shared::matches::SuggestionPage;
use shared::scoring::{Criterion, Outline, Weights, score_with_history};
use shared::themes::Theme;

use super::{Two, act, staff};
use crate::support::applications::statements_of;
use crate::support::{Server, Visitor, assert_problem, json};

async fn page(who: &Visitor, path: &str) -> SuggestionPage {
    let response = who.get(path).await;
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn names(page: &SuggestionPage) -> Vec<&str> {
    page.items.iter().map(|item| item.city.name.as_str()).collect()
}

/// A town that needs something, and five that could be its partners.
async fn directory(server: &Server) -> (String, Visitor) {
    let grenoble = server
        .city("Grenoble", "FR")
        .population(158_000)
        .at(45.17, 5.72)
        .need(Theme::Culture, Urgency::High)
        .need(Theme::Climate, Urgency::Low)
        .offer(Theme::Mobility, Urgency::High)
        .looking_for(LookingFor {
            countries: vec!["AM".to_owned(), "UA".to_owned()],
            ..LookingFor::default()
        })
        .add()
        .await;
    server
        .city("Sevan", "AM")
        .population(19_000)
        .at(40.55, 44.95)
        .need(Theme::Mobility, Urgency::High)
        .offer(Theme::Culture, Urgency::High)
        .open()
        .add()
        .await;
    server
        .city("Lviv", "UA")
        .population(720_000)
        .at(49.84, 24.03)
        .offer(Theme::Climate, Urgency::Medium)
        .languages(&["uk", "fr"])
        .add()
        .await;
    server
        .city("Kyiv", "UA")
        .population(2_900_000)
        .at(50.45, 30.52)
        .add()
        .await;
    server
        .city("Kharkiv", "UA")
        .population(1_400_000)
        .at(49.99, 36.23)
        .add()
        .await;
    server
        .city("Vienne", "FR")
        .population(30_000)
        .at(45.52, 4.87)
        .add()
        .await;
    let visitor = staff(server, grenoble).await;
    (format!("/api/v1/cities/{grenoble}/matches"), visitor)
}

#[actix_web::test]
async fn a_reader_computes_every_score_again_from_the_answer_alone() {
    let server = Server::start().await;
    let (path, visitor) = directory(&server).await;
    let page = page(&visitor, &path).await;
    assert_eq!((page.total, page.items.len()), (4, 4));
    assert_eq!(names(&page)[0], "Sevan");
    let mut last = u32::MAX;
    for item in &page.items {
        let history = item.history.as_ref().unwrap();
        assert_eq!(history.recomputed(), history.value, "{}", item.city.name);
        let (us, them) = (Outline::of(&page.facts), Outline::of(&item.facts));
        assert_eq!(
            score_with_history(&us, &them, &page.weights, history.value),
            item.score,
            "{}",
            item.city.name
        );
        let parts: u32 = item
            .score
            .reasons
            .iter()
            .map(|reason| {
                assert_eq!(reason.contribution_for_us, reason.weight * reason.value_for_us);
                assert_eq!(reason.contribution_for_them, reason.weight * reason.value_for_them);
                reason.contribution_for_us + reason.contribution_for_them
            })
            .sum();
        assert_eq!(parts, item.score.total);
        assert!(item.score.total <= last, "best first");
        last = item.score.total;
        let us = page.facts.location.unwrap();
        let km = us.distance_km(item.facts.location.unwrap()).round() as u32;
        assert_eq!(item.distance_km, Some(km));
    }
    server.stop().await;
}

#[actix_web::test]
async fn weights_of_the_request_change_the_order_as_in_the_browser() {
    let server = Server::start().await;
    let (path, visitor) = directory(&server).await;
    let zero = "w_needs=0&w_sdgs=0&w_history=0&w_size=100&w_level=0&w_languages=0&w_distance=0&w_country=0&w_ties=0";
    let by_size = page(&visitor, &format!("{path}?{zero}")).await;
    assert_eq!(names(&by_size), ["Lviv", "Sevan", "Kharkiv", "Kyiv"]);
    let usual = page(&visitor, &path).await;
    for item in &by_size.items {
        let known = usual.items.iter().find(|known| known.city.id == item.city.id).unwrap();
        assert_eq!(shared::scoring::reweigh(&known.score, &by_size.weights), item.score);
    }
    assert_eq!(usual.weights, Weights::default());
    let too_much = visitor.get(&format!("{path}?w_size=101")).await;
    let problem = assert_problem(too_much, 400, "query_invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "?w_size");
    server.stop().await;
}

#[actix_web::test]
async fn filters_leave_what_was_asked_for() {
    let server = Server::start().await;
    let (path, visitor) = directory(&server).await;
    for (query, expected) in [
        ("country=UA", vec!["Kharkiv", "Kyiv", "Lviv"]),
        ("country=AM,ua&population_max=800000", vec!["Lviv", "Sevan"]),
        ("include_own_country=true&country=FR", vec!["Vienne"]),
        ("country=FR", vec!["Vienne"]),
        ("country=FR&include_own_country=false", vec![]),
        ("needs=mobility", vec!["Sevan"]),
        ("offers=climate", vec!["Lviv"]),
        ("open_to_partners=true", vec!["Sevan"]),
        ("distance_max_km=1500", vec!["Lviv"]),
        ("population_min=1000000", vec!["Kharkiv", "Kyiv"]),
        ("level=regional", vec![]),
        ("kind=municipality&country=AM", vec!["Sevan"]),
    ] {
        let page = page(&visitor, &format!("{path}?{query}")).await;
        let mut found = names(&page);
        found.sort_unstable();
        assert_eq!(found, expected, "{query}");
        assert_eq!(page.total, expected.len() as u64, "{query}");
    }
    for query in [
        "country=FRA",
        "level=high",
        "limit=0",
        "nothing=1",
        "population_min=many",
        "cursor=x",
    ] {
        let status = visitor.get(&format!("{path}?{query}")).await.status();
        assert_eq!(status, 400, "{query}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let server = Server::start().await;
    let (path, visitor) = directory(&server).await;
    let whole = page(&visitor, &path).await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = page(&visitor, &format!("{path}?limit=1{cursor}")).await;
        assert_eq!(page.total, 4);
        seen.extend(page.items);
        match page.next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, whole.items);
    server.stop().await;
}

#[actix_web::test]
async fn a_change_is_seen_at_once() {
    let two = Two::start().await;
    let path = format!("/api/v1/cities/{}/matches", two.grenoble);
    assert_eq!(names(&page(&two.french, &path).await), ["Sevan"]);
    let told = two.interest().await;
    assert_eq!(page(&two.french, &path).await.total, 0, "an open interest");
    let withdrawn: Value = json(act(&two.french, &told, "withdraw", json!({})).await).await;
    let again = page(&two.french, &path).await;
    assert_eq!(json!(again.items[0].match_id), withdrawn["id"]);
    let goris = two.server.add_city("Goris", "AM").await;
    assert_eq!(page(&two.french, &path).await.total, 2, "a new city");
    let twinned = [(two.grenoble, goris), (goris, two.grenoble)];
    let platform = &two.server.platform;
    let caller = api::caller::Caller::system(platform.clock.now());
    let counts = platform
        .db
        .write(&caller, async |tx| {
            api::partnerships::store::insert_twinnings(tx, &twinned, "a list").await
        })
        .await
        .unwrap();
    assert_eq!((counts.added, counts.known), (1, 1));
    let page = page(&two.french, &path).await;
    assert_eq!(names(&page), ["Sevan"], "twins are not suggested");
    assert_eq!(page.facts.partner_countries, ["AM"]);
    let ties = page.items[0].score.reasons.last().unwrap();
    assert_eq!((ties.value_for_us, ties.value_for_them), (1_000, 0));
    two.server.stop().await;
}

#[actix_web::test]
async fn only_the_citys_people_see_its_suggestions_and_no_statement_is_needed() {
    let two = Two::start().await;
    let path = format!("/api/v1/cities/{}/matches", two.grenoble);
    assert_problem(two.server.get(&path).await, 401, "unauthenticated").await;
    assert_problem(two.armenian.get(&path).await, 403, "forbidden").await;
    let admin = two.server.sign_in_as(Grant::Admin).await;
    assert_eq!(admin.get(&path).await.status(), 200);
    let nowhere = "/api/v1/cities/01980a5c-7c00-7000-8000-000000000001/matches";
    assert_problem(admin.get(nowhere).await, 404, "not_found").await;
    assert_eq!(statements_of(&two.server, &two.french, &path).await, 0);
    two.server.stop().await;
}

#[actix_web::test]
async fn twinnings_between_neighbours_raise_a_city_and_a_need_met_raises_more() {
    let server = Server::start().await;
    let here = server
        .city("Aubers", "FR")
        .population(9_000)
        .at(50.59, 2.82)
        .need(Theme::Culture, Urgency::High)
        .add()
        .await;
    let next = server
        .city("Fromelles", "FR")
        .population(8_000)
        .at(50.60, 2.85)
        .add()
        .await;
    let known = server.city("Halle", "DE").population(9_500).at(52.06, 8.36).add().await;
    let beside = server
        .city("Werther", "DE")
        .population(9_000)
        .at(52.07, 8.41)
        .add()
        .await;
    let far = server
        .city("Freilassing", "DE")
        .population(9_000)
        .at(47.84, 12.98)
        .add()
        .await;
    let able = server
        .city("Murnau", "DE")
        .population(90_000)
        .at(47.68, 11.20)
        .offer(Theme::Culture, Urgency::High)
        .add()
        .await;
    let twinning = json!({
        "name": "Twinning", "kind": "twinning",
        "parties": [
            { "party": { "type": "city", "city_id": next }, "role": "lead" },
            { "party": { "type": "city", "city_id": known }, "role": "partner" },
        ],
    });
    let neighbour = staff(&server, next).await;
    let response = neighbour.post("/api/v1/partnerships", &twinning).await;
    assert_eq!(response.status(), 201, "{}", response.text().await.unwrap());
    let visitor = staff(&server, here).await;
    let page = page(&visitor, &format!("/api/v1/cities/{here}/matches?country=DE")).await;
    let item = |id| page.items.iter().find(|item| item.city.id == id).unwrap();
    let part = |id, signal| {
        let parts = &item(id).history.as_ref().unwrap().parts;
        parts
            .iter()
            .find(|part| part.signal == signal)
            .map_or(0, |part| part.measured)
    };
    assert!(part(beside, Signal::NextTies) > part(far, Signal::NextTies));
    assert!(item(beside).history.as_ref().unwrap().value > item(far).history.as_ref().unwrap().value);
    let told = &item(beside).precedents;
    assert_eq!(
        told.iter().map(|told| told.kind).collect::<Vec<_>>(),
        [PrecedentKind::Neighbours]
    );
    assert_eq!(told[0].city.id, next);
    assert_eq!(told[0].partner.as_ref().unwrap().id, known);
    assert_eq!(
        (told[0].city.km, told[0].partner.as_ref().unwrap().km),
        (Some(2), Some(4))
    );
    assert_eq!(item(known).precedents[0].kind, PrecedentKind::Neighbour);
    assert!(item(far).precedents.is_empty());
    assert_eq!(
        page.items[0].city.id, able,
        "a need met in full comes before all history"
    );
    let reason = |id| {
        *item(id)
            .score
            .reasons
            .iter()
            .find(|reason| reason.criterion == Criterion::History)
            .unwrap()
    };
    assert_eq!(
        reason(beside).value_for_us,
        item(beside).history.as_ref().unwrap().value
    );
    assert_eq!(reason(beside).weight, Weights::default().history());
    server.stop().await;
}
