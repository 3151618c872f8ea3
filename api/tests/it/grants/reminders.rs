use api::housekeeping::tidy_up;
use chrono::{DateTime, Utc};
use serde_json::json;
use shared::accounts::Grant;

use super::{Granted, go};
use crate::support::Visitor;

fn set(it: &Granted, day: &str) {
    let at: DateTime<Utc> = format!("{day}T06:00:00Z").parse().unwrap();
    it.server.platform.clock.set(at);
}

/// The subjects of what is mailed once all was tidied up.
async fn subjects(it: &Granted) -> Vec<String> {
    tidy_up(&it.server.platform).await.unwrap();
    let mails = it.server.mailed().await;
    let subject = |content: &str| {
        let line = content.lines().find(|line| line.starts_with("Subject: "));
        line.unwrap_or_default().to_owned()
    };
    mails.iter().map(|mail| subject(&mail.content)).collect()
}

/// A visitor's account, signed in now.
async fn again(it: &Granted, who: &Visitor, grant: Grant) -> Visitor {
    it.server.session_of(who.account_id.unwrap(), &[grant]).await
}

#[actix_web::test]
async fn the_lead_is_reminded_a_month_and_a_week_before_and_once_it_is_late() {
    let it = Granted::start().await;
    let grant = it.running(10_001, 2).await;
    assert_eq!(grant["report_due_on"], json!("2027-11-01"));
    // What the decision told is not of interest here.
    subjects(&it).await;
    set(&it, "2027-10-01");
    assert_eq!(subjects(&it).await, [""; 0], "31 days before");
    set(&it, "2027-10-02");
    tidy_up(&it.server.platform).await.unwrap();
    let mails = it.server.mailed().await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    let words = mail.words();
    for part in [
        "The interim report",
        "L'eau du lac",
        "by 2027-11-01",
        &format!("https://passerelle.example/grants/{}", grant["id"].as_str().unwrap()),
        "https://passerelle.example/account",
    ] {
        assert!(words.contains(part), "{part} in {words}");
    }
    assert!(
        mail.content.contains("List-Unsubscribe"),
        "it comes again: its reader may stop it"
    );
    set(&it, "2027-10-20");
    assert_eq!(subjects(&it).await, [""; 0], "once each");
    set(&it, "2027-10-25");
    assert_eq!(subjects(&it).await.len(), 1, "a week before");
    set(&it, "2027-11-01");
    assert_eq!(subjects(&it).await, [""; 0], "the day itself");
    set(&it, "2027-11-02");
    assert_eq!(subjects(&it).await, ["Subject: Report overdue: L'eau du lac"]);
    set(&it, "2027-11-03");
    assert_eq!(subjects(&it).await, [""; 0]);
    it.server.stop().await;
}

#[actix_web::test]
async fn what_was_handed_in_is_not_asked_for_and_the_next_report_is() {
    let it = Granted::start().await;
    let grant = it.running(10_001, 2).await;
    subjects(&it).await;
    set(&it, "2027-10-20");
    let lead = again(&it, &it.lead, Grant::CityStaff { city_id: it.grenoble }).await;
    let report = json!({"number": 1});
    let grant = go(&lead, &grant, "request", &report).await;
    let officer = it.officer().await;
    let grant = go(&officer, &grant, "approve", &report).await;
    let grant = go(&officer, &grant, "pay", &report).await;
    let with_report = json!({"number": 2, "report": {"text": "Un an.", "spent_minor": 400_000}});
    let grant = go(&lead, &grant, "request", &with_report).await;
    assert_ne!(grant["report_due_on"], json!("2027-11-01"), "{grant}");
    let due: String = grant["report_due_on"].as_str().unwrap().to_owned();
    assert_eq!(subjects(&it).await, [""; 0]);
    set(&it, "2027-11-02");
    assert_eq!(subjects(&it).await, [""; 0], "nothing is late");
    set(&it, &due);
    let told = subjects(&it).await;
    assert_eq!(told.len(), 1, "{told:?}");
    it.server.stop().await;
}

#[actix_web::test]
async fn who_wants_no_mail_gets_no_reminder_and_two_servers_write_one() {
    let it = Granted::start().await;
    it.running(10_001, 2).await;
    subjects(&it).await;
    let beside = it.server.start_beside().await;
    it.server.account(&[Grant::CityStaff { city_id: it.grenoble }]).await;
    let off = it.lead.patch("/api/v1/me", 1, &json!({"digest": "off"})).await;
    assert_eq!(off.status(), 200);
    set(&it, "2027-10-26");
    let (one, other) = tokio::join!(tidy_up(&it.server.platform), tidy_up(&beside.platform));
    one.unwrap();
    other.unwrap();
    let mails = it.server.mailed().await;
    assert_eq!(mails.len(), 1, "the colleague's alone: {mails:?}");
    beside.stop().await;
    it.server.stop().await;
}
