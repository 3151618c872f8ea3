//! Partnerships: making, changing, listing, mapping.

mod as_of;
mod change;
mod demo;
mod links;
mod list;
mod loaded;
mod states;

use serde_json::{Value, json};
use shared::ids::CityId;

use crate::support::{Visitor, json};

fn city(id: CityId) -> Value {
    json!({ "type": "city", "city_id": id })
}

/// A project led by the first city with the others.
fn draft(name: &str, cities: &[CityId]) -> Value {
    let parties: Vec<Value> = cities
        .iter()
        .enumerate()
        .map(|(index, id)| json!({ "party": city(*id), "role": if index == 0 { "lead" } else { "partner" } }))
        .collect();
    json!({ "name": name, "kind": "project", "parties": parties })
}

async fn create(who: &Visitor, draft: &Value) -> Value {
    let response = who.post("/api/v1/partnerships", draft).await;
    let status = response.status();
    let body = json(response).await;
    assert_eq!(status, 201, "{body}");
    body
}

fn path(view: &Value) -> String {
    format!("/api/v1/partnerships/{}", view["id"].as_str().unwrap())
}

fn version(view: &Value) -> i64 {
    view["version"].as_i64().unwrap()
}
