//! What a file says, as the one text that its parties sign off and that its receipt proves.

use serde_json::{Value, json};
use shared::forms::shown_answers;

use super::store::ApplicationRecord;
use crate::error::Error;
use crate::programmes::CallRecord;

/// The content of a file as canonical JSON (RFC 8785: keys in order, no spaces, whole numbers only), so that anybody can
/// hash it again.
///
/// # Errors
/// Internal, where it cannot be written as JSON.
pub fn content(record: &ApplicationRecord, call: &CallRecord) -> Result<String, Error> {
    let parties: Vec<Value> = record
        .parties
        .iter()
        .map(|party| json!({"city_id": party.city_id, "role": party.role}))
        .collect();
    let mut value = json!({
        "application_id": record.id,
        "call_id": record.call_id,
        "rule_set": {"id": call.rules.id, "name": call.rules.name, "version": call.rules.version},
        "partnership_id": record.partnership_id,
        "title": record.title,
        "themes": record.themes,
        // What is not asked is not said.
        "answers": shown_answers(&call.questions, &record.answers),
        "parties": parties,
        "budget": record.budget,
    });
    // Files without documents say what they said before there were any: agreements to them still hold.
    if !record.attachments.is_empty() {
        value["attachments"] = record
            .attachments
            .iter()
            .map(|attachment| {
                json!({
                    "id": attachment.id,
                    "purpose": attachment.purpose,
                    "city_id": attachment.city_id,
                    "name": attachment.name,
                    "size_bytes": attachment.size_bytes,
                    "sha256": attachment.sha256,
                })
            })
            .collect();
    }
    Ok(canonical(&value))
}

/// A value as canonical JSON.
pub(super) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            text.push('{');
            for (index, (name, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_order_and_text_keeps_its_letters() {
        let mut text = String::new();
        write(
            &json!({"b": [1, {"z": null, "a": "Кременчук \"\n"}], "a": true}),
            &mut text,
        );
        assert_eq!(text, r#"{"a":true,"b":[1,{"a":"Кременчук \"\n","z":null}]}"#);
    }
}
