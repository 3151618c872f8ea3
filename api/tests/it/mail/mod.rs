//! Mails: the digest of what waits, from the outbox to a mail server.

use api::config::MailArgs;
use api::housekeeping::tidy_up;
use api::mail::digest::write_due;
use api::mail::post::{Post, send_one};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::CityId;

use crate::support::smtp::MailServer;
use crate::support::{Server, Visitor, friday_evening, json};

const ME: &str = "/api/v1/me";
const PUBLIC: &str = "https://passerelle.example";

/// Sevan, whose staff reads English, with an interest of Grenoble that waits for its answer.
struct Waiting {
    server: Server,
    mails: MailServer,
    post: Post,
    reader: Visitor,
    sevan: CityId,
}

impl Waiting {
    async fn start() -> Self {
        let server = Server::start().await;
        let grenoble = server.add_city("Grenoble", "FR").await;
        let sevan = server.add_city("Sevan", "AM").await;
        let french = server.sign_in_as(Grant::CityStaff { city_id: grenoble }).await;
        let reader = server.sign_in_as(Grant::CityStaff { city_id: sevan }).await;
        assert_eq!(reader.patch(ME, 1, &json!({ "language": "en" })).await.status(), 200);
        let draft = json!({ "from_city_id": grenoble, "to_city_id": sevan, "message": "Bonjour !" });
        assert_eq!(french.post("/api/v1/matches", &draft).await.status(), 201);
        let mails = MailServer::start();
        let post = Post::of(&MailArgs {
            smtp_url: Some(mails.url.clone()),
            mail_from: "Passerelle <hello@passerelle.example>".to_owned(),
            public_url: PUBLIC.to_owned(),
        });
        Self {
            post: post.unwrap().unwrap(),
            server,
            mails,
            reader,
            sevan,
        }
    }

    fn at(&self, time: DateTime<Utc>) {
        self.server.platform.clock.set(time);
    }

    async fn written(&self) -> usize {
        write_due(&self.server.platform, PUBLIC).await.unwrap()
    }

    /// Sends all that is due now; says how many attempts that were.
    async fn sent(&self) -> usize {
        let mut attempts = 0;
        while send_one(&self.server.platform, &self.post).await.unwrap() {
            attempts += 1;
        }
        attempts
    }
}

fn monday() -> DateTime<Utc> {
    "2026-11-23T06:00:00Z".parse().unwrap()
}

#[actix_web::test]
async fn what_waits_comes_by_mail_on_monday_and_once() {
    let waiting = Waiting::start().await;
    // On the Friday on which the account was made, nothing is due.
    assert_eq!((waiting.written().await, waiting.sent().await), (0, 0));
    waiting.at(monday());
    assert_eq!((waiting.written().await, waiting.sent().await), (1, 1));
    let mails = waiting.mails.taken();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    // The session of Friday is over by Monday.
    waiting.at(friday_evening());
    let me: Value = json(waiting.reader.get(ME).await).await;
    assert_eq!(mail.to, [me["email"].as_str().unwrap()]);
    for part in [
        "Subject: Passerelle: what is waiting for you",
        "From: Passerelle <hello@passerelle.example>",
        "Message-ID: <",
        "Content-Type: text/plain; charset=utf-8",
        "Sevan",
        "Interests that wait for your answer: 1",
        "Grenoble",
        "https://passerelle.example/matches",
        "https://passerelle.example/account",
    ] {
        assert!(mail.content.contains(part), "{part} in {}", mail.content);
    }
    // The account is as its person left it.
    assert_eq!((&me["version"], &me["digest"]), (&json!(2), &json!("weekly")));
    // Nothing new a week later: no mail.
    waiting.at(monday() + TimeDelta::days(7));
    assert_eq!((waiting.written().await, waiting.sent().await), (0, 0));
    waiting.server.stop().await;
}

#[actix_web::test]
async fn a_city_that_begins_to_fit_comes_the_next_morning_for_who_wants_it_daily() {
    let waiting = Waiting::start().await;
    assert_eq!(
        waiting
            .reader
            .patch(ME, 2, &json!({ "digest": "daily" }))
            .await
            .status(),
        200
    );
    let search = json!({ "name": "Water in Ukraine", "filter": { "countries": ["UA"] } });
    let path = format!("/api/v1/cities/{}/searches", waiting.sevan);
    assert_eq!(waiting.reader.post(&path, &search).await.status(), 201);
    waiting.at(friday_evening() + TimeDelta::days(1));
    assert_eq!(waiting.written().await, 1, "the interest");
    waiting.server.add_city("Kremenchuk", "UA").await;
    assert_eq!(waiting.written().await, 0, "not before the next morning");
    waiting.at(friday_evening() + TimeDelta::days(2));
    assert_eq!((waiting.written().await, waiting.sent().await), (1, 2));
    let mails = waiting.mails.taken();
    assert!(!mails[0].content.contains("Kremenchuk") && mails[1].content.contains("Kremenchuk"));
    assert!(mails[1].content.contains("Water in Ukraine") && mails[1].content.contains("every morning"));
    waiting.server.stop().await;
}

#[actix_web::test]
async fn a_mail_program_stops_the_digest_with_one_click() {
    let waiting = Waiting::start().await;
    waiting.at(monday());
    assert_eq!((waiting.written().await, waiting.sent().await), (1, 1));
    let mails = waiting.mails.taken();
    // Long headers are folded at blanks.
    let content = mails[0].content.replace("\r\n ", " ");
    assert!(
        content.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
        "{content}"
    );
    let (_, rest) = content
        .split_once("List-Unsubscribe: <https://passerelle.example")
        .unwrap();
    let (path, _) = rest.split_once('>').unwrap();
    let stranger = waiting.server.anybody();
    let other = format!("{path}A");
    assert_eq!(stranger.post(&other, &json!({})).await.status(), 404);
    for _ in 0..2 {
        assert_eq!(stranger.post(path, &json!({})).await.status(), 204);
    }
    waiting.at(friday_evening());
    let me: Value = json(waiting.reader.get(ME).await).await;
    assert_eq!((&me["version"], &me["digest"]), (&json!(3), &json!("off")));
    waiting.at(monday() + TimeDelta::days(7));
    assert_eq!(waiting.written().await, 0);
    waiting.server.stop().await;
}

#[actix_web::test]
async fn who_wants_no_mail_gets_none() {
    let waiting = Waiting::start().await;
    assert_eq!(
        waiting.reader.patch(ME, 2, &json!({ "digest": "off" })).await.status(),
        200
    );
    waiting.at(monday());
    assert_eq!((waiting.written().await, waiting.sent().await), (0, 0));
    waiting.server.stop().await;
}

#[actix_web::test]
async fn two_processes_write_one_digest_and_send_it_once() {
    let waiting = Waiting::start().await;
    let beside = waiting.server.start_beside().await;
    waiting.at(monday());
    let (one, other) = tokio::join!(waiting.written(), write_due(&beside.platform, PUBLIC));
    assert_eq!(one + other.unwrap(), 1);
    let (first, second) = tokio::join!(
        send_one(&waiting.server.platform, &waiting.post),
        send_one(&beside.platform, &waiting.post)
    );
    assert!(first.unwrap() || second.unwrap());
    assert_eq!(waiting.sent().await, 0);
    assert_eq!(waiting.mails.taken().len(), 1);
    beside.stop().await;
    waiting.server.stop().await;
}

#[actix_web::test]
async fn a_mail_that_is_not_taken_at_once_is_tried_again_under_the_same_id() {
    let waiting = Waiting::start().await;
    waiting.at(monday());
    assert_eq!(waiting.written().await, 1);
    waiting.mails.refuse(&["451 later", "421 busy"]);
    assert_eq!(waiting.sent().await, 1);
    assert_eq!(waiting.sent().await, 0, "not before a minute has passed");
    waiting.at(monday() + TimeDelta::minutes(1));
    assert_eq!(waiting.sent().await, 1);
    assert!(waiting.mails.taken().is_empty());
    waiting.at(monday() + TimeDelta::minutes(3));
    assert_eq!(waiting.sent().await, 1);
    assert_eq!(waiting.mails.taken().len(), 1);
    waiting.at(monday() + TimeDelta::days(31));
    assert_eq!(waiting.sent().await, 0);
    let swept = tidy_up(&waiting.server.platform).await.unwrap();
    assert!(swept > 0, "what was sent is forgotten after a month");
    waiting.server.stop().await;
}

#[actix_web::test]
async fn a_mail_that_is_refused_for_good_is_given_up() {
    let waiting = Waiting::start().await;
    waiting.at(monday());
    assert_eq!(waiting.written().await, 1);
    waiting.mails.refuse(&["550 nobody here"]);
    assert_eq!(waiting.sent().await, 1);
    waiting.at(monday() + TimeDelta::hours(8));
    assert_eq!(waiting.sent().await, 0);
    assert!(waiting.mails.taken().is_empty());
    waiting.server.stop().await;
}
