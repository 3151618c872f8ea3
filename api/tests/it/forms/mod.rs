//! What a call asks, and the answers of its files.

mod answers;
mod editing;

use serde_json::{Value, json};

use crate::support::Server;
use crate::support::applications::{Funder, call_draft, id, ok, version, window};

fn words(fr: &str, en: &str) -> Value {
    json!({"fr": fr, "en": en})
}

/// A form of two sections: a condition, a number that the city's profile knows, choices, an amount, a day.
fn form() -> Value {
    json!({
        "sections": [
            {"key": "who", "title": words("Qui", "Who")},
            {"key": "what", "title": words("Quoi", "What"), "about": words("L'action", "The action")},
        ],
        "questions": [
            {"key": "inhabitants", "section": "who", "kind": "number", "label": words("Habitants ?", "Inhabitants?"),
             "required": true, "min": 1, "max": 1_000_000, "prefill": "city_population"},
            {"key": "later_phase", "section": "who", "kind": "yes_no", "label": words("Une suite ?", "A later phase?"),
             "required": true},
            {"key": "former_phase", "section": "who", "kind": "long_text", "label": words("Le bilan ?", "What came of it?"),
             "required": true, "max_length": 50, "shown_when": {"question": "later_phase", "answers": ["yes"]}},
            {"key": "actors", "section": "what", "kind": "several_choices", "label": words("Avec qui ?", "With whom?"),
             "required": false, "max": 2, "prefill": "former_file", "options": [
                {"key": "schools", "label": words("Écoles", "Schools")},
                {"key": "hospitals", "label": words("Hôpitaux", "Hospitals")},
                {"key": "companies", "label": words("Entreprises", "Companies")},
             ]},
            {"key": "spent", "section": "what", "kind": "money", "label": words("Déjà engagé ?", "Already spent?"),
             "required": false},
            {"key": "starts_on", "section": "what", "kind": "date", "label": words("Début ?", "Beginning?"),
             "required": false},
        ],
    })
}

/// A funder whose call is a draft with this form; its path.
async fn call_with(server: &Server, form: &Value) -> (Funder, String) {
    let mut funder = server.funder().await;
    let draft = call_draft(funder.programme, &funder.rules, &window(server.platform.clock.now()));
    funder.call = ok(funder.officer.post("/api/v1/calls", &draft).await, 201).await;
    let path = format!("/api/v1/calls/{}", id(&funder.call));
    ok(funder.officer.put(&format!("{path}/form"), 1, form).await, 200).await;
    (funder, path)
}

/// Moves the call on; answers with it.
async fn advance(funder: &Funder, call: &str, to: &str) -> Value {
    let now = ok(funder.officer.get(call).await, 200).await;
    let path = format!("{call}/advance");
    ok(funder.officer.act(&path, version(&now), &json!({"to": to})).await, 200).await
}

/// Pointers and codes of the errors of a problem.
fn errors(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect()
}
