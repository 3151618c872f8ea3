//! Lists in other formats, by `Accept`.

use serde_json::{Value, json};
use shared::accounts::Grant;

use crate::support::{Server, Visitor, assert_problem};

const JSON: &str = "application/json";
const CSV: &str = "text/csv";
const GEO_JSON: &str = "application/geo+json";

async fn read(who: &Visitor, path: &str, accept: &str) -> reqwest::Response {
    who.request("GET", &format!("/api/v1{path}"))
        .header("accept", accept)
        .send()
        .await
        .unwrap()
}

fn header<'a>(response: &'a reqwest::Response, name: &str) -> Vec<&'a str> {
    let all = response.headers().get_all(name).iter();
    all.map(|value| value.to_str().unwrap()).collect()
}

#[actix_web::test]
async fn each_list_is_offered_in_its_formats_and_in_no_other() {
    let server = Server::start().await;
    let world = server.world().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let ranked = format!("/cities/{}/matches", world.own_city);
    let of_city = format!("/cities/{}/partnerships", world.own_city);
    for (path, offered) in [
        ("/cities", &[JSON, CSV, GEO_JSON] as &[&str]),
        ("/partnerships", &[JSON, CSV]),
        ("/partnerships/map", &[JSON, GEO_JSON]),
        ("/partnerships/map?country=AM", &[JSON, GEO_JSON]),
        ("/calls", &[JSON, CSV]),
        ("/applications", &[JSON, CSV]),
        ("/matches", &[JSON, CSV]),
        (&ranked, &[JSON, CSV]),
        (&of_city, &[JSON, CSV]),
    ] {
        for media_type in [JSON, CSV, GEO_JSON, "text/html"] {
            let response = read(&admin, path, media_type).await;
            assert!(header(&response, "vary").iter().any(|vary| vary.contains("Accept")));
            if !offered.contains(&media_type) {
                assert_problem(response, 406, "not_acceptable").await;
                continue;
            }
            assert_eq!(response.status(), 200, "{path} as {media_type}");
            assert!(header(&response, "content-type")[0].starts_with(media_type), "{path}");
            assert!(header(&response, "vary").contains(&"Accept"), "{path}");
        }
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_table_holds_the_page_and_no_formula() {
    let server = Server::start().await;
    let attack = "=HYPERLINK(\"https://evil.example\",\"Grenoble\")";
    server
        .city(attack, "FR")
        .at(45.17, 5.72)
        .population(158_000)
        .add()
        .await;
    server.add_city("Sevan", "AM").await;
    let anybody = server.anybody();
    let response = read(&anybody, "/cities?sort=-population&limit=1", CSV).await;
    assert!(header(&response, "link")[0].contains("rel=\"next\""));
    let etag = header(&response, "etag")[0].to_owned();
    let text = response.text().await.unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("id,kind,name,"));
    assert!(
        lines[1].contains(",municipality,\"'=HYPERLINK(\"\"https://evil.example\"\""),
        "{text}"
    );
    assert!(lines[1].contains(",158000,45.17,5.72,"), "{text}");

    let known = anybody
        .request("GET", "/api/v1/cities?sort=-population&limit=1")
        .header("accept", CSV)
        .header("if-none-match", &etag);
    assert_eq!(known.send().await.unwrap().status(), 304);
    let as_json = read(&anybody, "/cities?sort=-population&limit=1", JSON).await;
    assert_ne!(header(&as_json, "etag")[0], etag);
    server.stop().await;
}

#[actix_web::test]
async fn places_are_geojson_with_longitude_first() {
    let server = Server::start().await;
    let grenoble = server.city("Grenoble", "FR").at(45.17, 5.72).add().await;
    let sevan = server.city("Sevan", "AM").at(40.55, 44.95).add().await;
    server.add_city("Nowhere", "AM").await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let cities: Value = read(&admin, "/cities", GEO_JSON).await.json().await.unwrap();
    assert_eq!(cities["type"], "FeatureCollection");
    let first = &cities["features"][0];
    assert_eq!(
        first["geometry"],
        json!({ "type": "Point", "coordinates": [5.72, 45.17] })
    );
    assert_eq!(
        (&first["id"], &first["properties"]["name"]),
        (&json!(grenoble), &json!("Grenoble"))
    );
    assert_eq!(cities["features"][1]["geometry"], Value::Null);

    let parties = json!([
        { "party": { "type": "city", "city_id": grenoble }, "role": "lead" },
        { "party": { "type": "city", "city_id": sevan }, "role": "partner" },
    ]);
    let draft = json!({ "name": "Isère–Gegharkunik", "kind": "project", "parties": parties });
    let made = admin.post("/api/v1/partnerships", &draft).await;
    assert_eq!(made.status(), 201);
    let map: Value = read(&admin, "/partnerships/map", GEO_JSON).await.json().await.unwrap();
    let features = map["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    let line = json!({ "type": "LineString", "coordinates": [[5.72, 45.17], [44.95, 40.55]] });
    assert_eq!(features[2]["geometry"], line);
    server.stop().await;
}
