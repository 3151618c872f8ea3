use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{advance, call_with, errors, form, words};
use crate::support::applications::{Applicants, ok, statements_of, version};
use crate::support::{Server, assert_problem, friday_evening};

#[actix_web::test]
async fn an_officer_writes_the_form_freely_until_the_call_opens_and_then_only_eases_it() {
    let server = Server::start().await;
    let (funder, call) = call_with(&server, &form()).await;
    let path = format!("{call}/form");
    assert_problem(server.get(&path).await, 404, "not_found").await;
    let told = ok(funder.officer.get(&path).await, 200).await;
    assert_eq!(
        (&told["freedom"], &told["can_update"], &told["currency"]),
        (&json!("free"), &json!(true), &json!("EUR"))
    );
    assert_eq!(told["sections"][1]["about"], words("L'action", "The action"));
    assert_eq!(told["questions"][2]["shown_when"]["answers"], json!(["yes"]));
    // The call tells the same.
    let whole = ok(funder.officer.get(&call).await, 200).await;
    assert_eq!(
        (&whole["sections"], &whole["questions"]),
        (&told["sections"], &told["questions"])
    );

    // Each fault with its place.
    let mut wrong = form();
    wrong["questions"][0]["section"] = json!("where");
    wrong["questions"][2]["shown_when"]["answers"] = json!(["maybe"]);
    wrong["questions"][3]["options"] = json!([]);
    wrong["questions"][4]["label"] = json!({"fr": "Déjà engagé ?"});
    let problem = assert_problem(funder.officer.put(&path, version(&told), &wrong).await, 422, "invalid").await;
    assert_eq!(
        errors(&problem),
        [
            ("/questions/0/section", "reference"),
            ("/questions/2/shown_when/answers/0", "choice"),
            ("/questions/3/options", "length"),
            ("/questions/3/max", "range"),
            ("/questions/4/label/en", "required"),
        ]
    );
    let (_, staff) = server.staffed_city("Lviv", "UA").await;
    assert_problem(staff.put(&path, version(&told), &form()).await, 404, "not_found").await;
    assert_problem(funder.officer.put(&path, 1, &form()).await, 412, "stale").await;

    // Announced: anybody reads it, an officer still writes what they like.
    advance(&funder, &call, "announced").await;
    let told = ok(server.get(&path).await, 200).await;
    assert_eq!((&told["freedom"], &told["can_update"]), (&json!("free"), &json!(false)));
    assert_problem(staff.put(&path, version(&told), &form()).await, 403, "forbidden").await;
    let mut other = form();
    other["questions"].as_array_mut().unwrap().pop();
    let told = ok(funder.officer.put(&path, version(&told), &other).await, 200).await;
    assert_eq!(told["questions"].as_array().unwrap().len(), 5);

    // Open: it may only ask less.
    advance(&funder, &call, "open").await;
    let told = ok(funder.officer.get(&path).await, 200).await;
    assert_eq!((&told["freedom"], &told["can_update"]), (&json!("eased"), &json!(true)));
    let mut more = other.clone();
    more["questions"][0]["max"] = json!(10);
    more["questions"][4]["required"] = json!(true);
    more["questions"][4]["label"] = words("Autre chose", "Something else");
    let problem = assert_problem(funder.officer.put(&path, version(&told), &more).await, 422, "invalid").await;
    assert_eq!(
        errors(&problem),
        [
            ("/questions/0/max", "fixed"),
            ("/questions/4/label/en", "fixed"),
            ("/questions/4/label/fr", "fixed"),
            ("/questions/4/required", "fixed"),
        ]
    );
    let mut less = other.clone();
    less["questions"][0]["required"] = json!(false);
    less["questions"][0]["label"]["uk"] = json!("Мешканці?");
    let told = ok(funder.officer.put(&path, version(&told), &less).await, 200).await;
    assert_eq!(told["questions"][0]["required"], false);
    let journal = server.journal_of(funder_call(&told)).await;
    let (verb, _, details) = journal.last().unwrap();
    assert_eq!(
        (verb.as_str(), &details["changed"], &details["gone"]),
        ("set_form", &json!(["inhabitants"]), &json!([]))
    );

    // Closed: it stays.
    server.platform.clock.set(friday_evening() + TimeDelta::minutes(7));
    let closed = advance(&funder, &call, "closed").await;
    assert_problem(
        funder.officer.put(&path, version(&closed), &less).await,
        409,
        "state_conflict",
    )
    .await;
    assert_eq!(statements_of(&server, &server.anybody(), &path).await, 1);
    server.stop().await;
}

fn funder_call(form: &Value) -> uuid::Uuid {
    form["call_id"].as_str().unwrap().parse().unwrap()
}

#[actix_web::test]
async fn a_form_that_asks_something_else_takes_back_agreements_to_drafts() {
    let server = Server::start().await;
    let (funder, call) = call_with(&server, &form()).await;
    advance(&funder, &call, "announced").await;
    let file = Applicants::begin(&server, &funder).await;
    let signed = |view: &Value| -> usize {
        let parties = view["parties"].as_array().unwrap();
        parties.iter().filter(|party| !party["signed_off_at"].is_null()).count()
    };
    let view = file.sign_all().await;
    assert_eq!(signed(&view), 2);
    let path = format!("{call}/form");
    let put = async |form: &Value| {
        let told = ok(funder.officer.get(&path).await, 200).await;
        ok(funder.officer.put(&path, version(&told), form).await, 200).await
    };
    // Another language takes nothing back.
    let mut same = form();
    same["questions"][1]["label"]["uk"] = json!("Продовження?");
    put(&same).await;
    assert_eq!(signed(&file.read().await), 2);
    let before = file.lead.get(&file.path).await.headers()["etag"].clone();

    let mut other = same.clone();
    other["questions"][1]["label"] = words("Tout autre chose ?", "Something else?");
    put(&other).await;
    let view = file.read().await;
    assert_eq!(signed(&view), 0);
    // Nobody who read it before is told that nothing changed.
    assert_ne!(file.lead.get(&file.path).await.headers()["etag"], before);
    assert_eq!(view["questions"][1]["label"]["fr"], "Tout autre chose ?");
    server.stop().await;
}
