//! Mandates: after an election or the end of a mandate a contact is marked, its city is told once, and one click confirms it.

use api::housekeeping::tidy_up;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared::accounts::{ClientScope, Grant};
use shared::ids::{AccountId, CityId};

use crate::support::{Server, Visitor, assert_problem, json, soon};

const ELECTIONS: &str = "/api/v1/elections";

/// A town whose mayor is elected, whose officer has a post until the end of the month, and whose clerk just works there.
struct Town {
    server: Server,
    id: CityId,
    account: AccountId,
}

impl Town {
    async fn start() -> Self {
        let server = Server::start().await;
        let id = server.add_city("Grenoble", "FR").await;
        let account = server.account(&[Grant::CityStaff { city_id: id }]).await;
        let town = Self { server, id, account };
        let contacts = json!({ "items": [
            { "name": "Anne Morel", "function": "Maire", "email": "maire@grenoble.example", "elected": true },
            { "name": "Karim Haddad", "function": "Chargé de mission", "email": "karim@grenoble.example",
              "mandate_ends_on": "2026-11-30" },
            { "name": "Lise Petit", "function": "Secrétariat", "email": "lise@grenoble.example" },
        ] });
        let staff = town.staff().await;
        assert_eq!(staff.put(&town.contacts(), 1, &contacts).await.status(), 200);
        town
    }

    /// The town's staff, signed in now.
    async fn staff(&self) -> Visitor {
        self.server
            .session_of(self.account, &[Grant::CityStaff { city_id: self.id }])
            .await
    }

    fn contacts(&self) -> String {
        format!("/api/v1/cities/{}/contacts", self.id)
    }

    fn at(&self, day: &str) {
        self.server.platform.clock.set(morning(day));
    }

    /// Of each contact: the name, why it is to be confirmed, and since when.
    async fn marks(&self) -> Vec<Value> {
        let list = json(self.staff().await.get(&self.contacts()).await).await;
        let told = |of: &Value| json!([of["name"], of["to_confirm"]["reason"], of["to_confirm"]["day"]]);
        list["items"].as_array().unwrap().iter().map(told).collect()
    }

    async fn vote(&self, day: &str) -> Value {
        let draft = json!({ "day": day, "name": "Élections municipales", "country": "FR", "kind": "municipality",
            "source": "Journal officiel" });
        let admin = self.server.sign_in_as(Grant::Admin).await;
        let response = admin.post(ELECTIONS, &draft).await;
        assert_eq!(response.status(), 201);
        json(response).await
    }

    async fn stop(self) {
        self.server.stop().await;
    }
}

fn morning(day: &str) -> DateTime<Utc> {
    format!("{day}T06:00:00Z").parse().unwrap()
}

/// The tokens of the links in a mail, in their order.
fn tokens(words: &str) -> Vec<String> {
    let links = words.lines().filter_map(|line| line.trim().split_once("&token="));
    links.map(|(_, token)| token.to_owned()).collect()
}

fn confirmation(token: &str) -> String {
    format!("/api/v1/contact-confirmation?token={token}")
}

#[actix_web::test]
async fn after_an_election_and_a_mandate_the_city_is_told_and_confirms_with_one_click() {
    let town = Town::start().await;
    town.vote("2026-11-29").await;
    // Before the day, and on it, nothing happens.
    for day in ["2026-11-28", "2026-11-29"] {
        town.at(day);
        tidy_up(&town.server.platform).await.unwrap();
        assert!(town.server.mailed().await.is_empty(), "{day}");
    }
    town.at("2026-11-30");
    tidy_up(&town.server.platform).await.unwrap();
    let marked = json!(["Anne Morel", "election_held", "2026-11-29"]);
    let post = json!(["Karim Haddad", "election_held", "2026-11-29"]);
    let clerk = json!(["Lise Petit", null, null]);
    assert_eq!(town.marks().await, [marked, post, clerk.clone()]);

    // One mail, in the reader's language, with a link for each.
    let mails = town.server.mailed().await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    let words = mail.words();
    for part in [
        "Anne Morel (Maire): election on 2026-11-29",
        "Karim Haddad (Chargé de mission): election on 2026-11-29",
        "contacts of Grenoble",
        &format!("https://passerelle.example/cities/{}/contacts", town.id),
        &format!("https://passerelle.example/confirm?city={}&token=", town.id),
    ] {
        assert!(words.contains(part), "{part} in {words}");
    }
    assert!(!words.contains("Lise Petit") && !mail.content.contains("List-Unsubscribe"));
    let links = tokens(&words);
    assert_eq!(links.len(), 2, "{words}");

    // Opening a link shows whom it is about and nothing else, and changes nothing.
    let stranger = town.server.anybody();
    for _ in 0..2 {
        let response = stranger.get(&confirmation(&links[0])).await;
        assert_eq!(response.headers()["cache-control"], "private, no-store");
        assert_eq!(
            json(response).await,
            json!({ "name": "Anne Morel", "function": "Maire" })
        );
    }
    assert_eq!(stranger.post(&confirmation(&links[0]), &json!({})).await.status(), 200);
    let used = stranger.post(&confirmation(&links[0]), &json!({})).await;
    assert_problem(used, 409, "link_used").await;
    assert_problem(stranger.get(&confirmation(&links[0])).await, 409, "link_used").await;
    let list = json(town.staff().await.get(&town.contacts()).await).await;
    assert_eq!(list["items"][0]["to_confirm"], json!(null));
    assert_eq!(list["items"][0]["confirmed_on"], json!("2026-11-30"));
    assert_eq!(list["items"][1]["to_confirm"]["reason"], json!("election_held"));

    // The radar leads to the one that is left; the staff answers there, and the mail's link is answered with it.
    let radar = format!("/api/v1/cities/{}/radar", town.id);
    let staff = town.staff().await;
    let seen = json(staff.get(&radar).await).await;
    let item = &seen["items"][0];
    assert_eq!((&item["reason"], &item["count"]), (&json!("election_held"), &json!(1)));
    let path = format!(
        "{}/{}/confirm",
        town.contacts(),
        list["items"][1]["id"].as_str().unwrap()
    );
    let stale = staff.act(&path, 1, &json!({})).await;
    assert_problem(stale, 412, "stale").await;
    let done = staff.act(&path, list["version"].as_i64().unwrap(), &json!({})).await;
    assert_eq!(done.status(), 200);
    assert_problem(stranger.get(&confirmation(&links[1])).await, 409, "link_used").await;

    // Nothing comes twice; the post that ends today is asked for tomorrow.
    tidy_up(&town.server.platform).await.unwrap();
    assert!(town.server.mailed().await.is_empty());
    town.at("2026-12-01");
    assert_eq!(
        town.marks().await[1],
        json!(["Karim Haddad", "mandate_ended", "2026-11-30"]),
        "before the next round of marking, too"
    );
    tidy_up(&town.server.platform).await.unwrap();
    let mails = town.server.mailed().await;
    assert!(mails[0].words().contains("mandate ended on 2026-11-30"), "{mails:?}");
    assert_eq!(mails.len(), 1);
    // The journal says how many, never who.
    let journal = format!("{:?}", town.server.journal_of(town.id.0).await);
    assert!(
        journal.contains("mark_contacts") && journal.contains("confirm_contact"),
        "{journal}"
    );
    assert!(!journal.contains("Morel") && !journal.contains("Haddad"), "{journal}");
    town.stop().await;
}

#[actix_web::test]
async fn a_token_is_random_ends_and_goes_with_its_reader() {
    let town = Town::start().await;
    town.at("2026-12-01");
    tidy_up(&town.server.platform).await.unwrap();
    let mails = town.server.mailed().await;
    let token = tokens(&mails[0].words()).remove(0);
    let stranger = town.server.anybody();
    for wrong in ["none", "", &format!("{token}A"), &token[1..]] {
        assert_problem(stranger.get(&confirmation(wrong)).await, 404, "not_found").await;
        let told = stranger.post(&confirmation(wrong), &json!({})).await;
        assert_problem(told, 404, "not_found").await;
    }
    town.server
        .platform
        .clock
        .set(morning("2026-12-01") + TimeDelta::days(60));
    assert_problem(stranger.get(&confirmation(&token)).await, 409, "link_expired").await;
    let told = stranger.post(&confirmation(&token), &json!({})).await;
    let problem = assert_problem(told, 409, "link_expired").await;
    assert!(!problem.to_string().contains("Haddad"), "{problem}");
    town.at("2026-12-02");
    // Who acts for the city no more has no say in it.
    town.server
        .execute("DELETE FROM grants WHERE role = 'city_staff'")
        .await;
    assert_problem(stranger.get(&confirmation(&token)).await, 404, "not_found").await;
    let told = stranger.post(&confirmation(&token), &json!({})).await;
    assert_problem(told, 404, "not_found").await;
    // Links are forgotten a month after they ended.
    town.server
        .platform
        .clock
        .set(morning("2026-12-01") + TimeDelta::days(91));
    assert!(tidy_up(&town.server.platform).await.unwrap() > 0);
    assert_problem(stranger.get(&confirmation(&token)).await, 404, "not_found").await;
    town.stop().await;
}

#[actix_web::test]
async fn two_servers_beside_each_other_mail_once() {
    let town = Town::start().await;
    town.vote("2026-11-22").await;
    let beside = town.server.start_beside().await;
    town.at("2026-12-01");
    let (one, other) = tokio::join!(tidy_up(&town.server.platform), tidy_up(&beside.platform));
    assert!(one.unwrap() + other.unwrap() >= 2);
    assert_eq!(town.server.mailed().await.len(), 1);
    let version = async || json(town.server.get(&format!("/api/v1/cities/{}", town.id)).await).await["version"].clone();
    soon(json!(3), version).await;
    beside.stop().await;
    town.stop().await;
}

#[actix_web::test]
async fn who_is_changed_is_confirmed_by_that_and_who_stays_keeps_the_mark() {
    let town = Town::start().await;
    town.vote("2026-11-22").await;
    town.at("2026-11-23");
    tidy_up(&town.server.platform).await.unwrap();
    let mails = town.server.mailed().await;
    let links = tokens(&mails[0].words());
    let staff = town.staff().await;
    let list = json(staff.get(&town.contacts()).await).await;
    let version = list["version"].as_i64().unwrap();
    // A new mayor, and the officer with another telephone.
    let contacts = json!({ "items": [
        { "name": "Paul Durand", "function": "Maire", "email": "maire@grenoble.example", "elected": true },
        { "name": "Karim Haddad", "function": "Chargé de mission", "email": "karim@grenoble.example",
          "mandate_ends_on": "2026-11-30", "phone": "+33 4 00 00 00 00" },
    ] });
    let changed = json(staff.put(&town.contacts(), version, &contacts).await).await;
    assert_eq!(changed["items"][0]["to_confirm"], json!(null));
    assert_eq!(changed["items"][0]["confirmed_on"], json!("2026-11-23"));
    assert_ne!(changed["items"][0]["id"], list["items"][0]["id"]);
    assert_eq!(changed["items"][1]["id"], list["items"][1]["id"]);
    assert_eq!(changed["items"][1]["to_confirm"]["reason"], json!("election_held"));
    // The former mayor's link went with the former mayor; the officer's holds.
    let stranger = town.server.anybody();
    assert_problem(stranger.get(&confirmation(&links[0])).await, 404, "not_found").await;
    assert_eq!(stranger.get(&confirmation(&links[1])).await.status(), 200);
    // Who came after the election is not asked for by it.
    tidy_up(&town.server.platform).await.unwrap();
    assert_eq!(town.marks().await[0], json!(["Paul Durand", null, null]));
    town.stop().await;
}

#[actix_web::test]
async fn elections_are_entered_by_who_may_listed_deleted_and_restored() {
    let town = Town::start().await;
    let server = &town.server;
    let sevan = server.add_city("Sevan", "AM").await;
    let of_country = town.vote("2026-03-22").await;
    let own = json!({ "day": "2026-09-27", "name": "Élection partielle", "city_id": town.id, "source": "Préfecture" });
    let staff = town.staff().await;
    let made = staff.post(ELECTIONS, &own).await;
    assert_eq!(made.status(), 201);
    let made = json(made).await;
    assert_eq!((&made["country"], &made["allowed"]), (&json!("FR"), &json!(["delete"])));
    assert_problem(staff.post(ELECTIONS, &own).await, 409, "already_exists").await;

    // Not for another city, not for a country, not by a program that only reads.
    let mut other = own.clone();
    other["city_id"] = json!(sevan);
    assert_problem(staff.post(ELECTIONS, &other).await, 403, "forbidden").await;
    let country = json!({ "day": "2026-06-07", "name": "Test", "country": "AM", "source": "Test" });
    assert_problem(staff.post(ELECTIONS, &country).await, 403, "forbidden").await;
    let reader = server.program(Grant::CityStaff { city_id: town.id }, &[ClientScope::Read]);
    assert_problem(reader.post(ELECTIONS, &own).await, 403, "forbidden").await;

    // What is wrong is told by its place.
    let admin = server.sign_in_as(Grant::Admin).await;
    for (field, value, pointer, code) in [
        ("name", json!(" "), "/name", "required"),
        ("source", json!("x".repeat(201)), "/source", "length"),
        ("day", json!("2326-03-22"), "/day", "range"),
        ("country", json!("FRA"), "/country", "choice"),
        ("country", json!(null), "/country", "required"),
        ("city_id", json!(town.account), "/city_id", "reference"),
        ("city_id", json!(sevan), "/country", "inconsistent"),
    ] {
        let mut draft = country.clone();
        draft[field] = value;
        let problem = assert_problem(admin.post(ELECTIONS, &draft).await, 422, "invalid").await;
        let fault = &problem["errors"][0];
        assert_eq!(
            (&fault["pointer"], &fault["code"]),
            (&json!(pointer), &json!(code)),
            "{draft}"
        );
    }

    // Anybody reads them, the latest first; those of a city are its own and its country's.
    let names = async |query: &str| {
        let page = json(server.get(&format!("{ELECTIONS}?{query}")).await).await;
        let items = page["items"].as_array().unwrap().clone();
        let days: Vec<Value> = items.iter().map(|of| of["day"].clone()).collect();
        (days, page["next"].clone())
    };
    assert_eq!(admin.post(ELECTIONS, &country).await.status(), 201);
    assert_eq!(names("").await.0, ["2026-09-27", "2026-06-07", "2026-03-22"]);
    assert_eq!(
        names(&format!("city_id={}", town.id)).await.0,
        ["2026-09-27", "2026-03-22"]
    );
    assert_eq!(names("country=AM").await.0, ["2026-06-07"]);
    let (first, next) = names("limit=2").await;
    assert_eq!(first, ["2026-09-27", "2026-06-07"]);
    let (rest, end) = names(&format!("limit=2&cursor={}", next.as_str().unwrap())).await;
    assert_eq!((rest, end), (vec![json!("2026-03-22")], json!(null)));
    assert_eq!(names(&format!("city_id={}", town.account)).await.0, Vec::<Value>::new());

    // What was deleted marks nobody, and comes back.
    let path = format!("{ELECTIONS}/{}", of_country["id"].as_str().unwrap());
    assert_problem(staff.delete(&path, 1).await, 403, "forbidden").await;
    let deleted = admin.delete(&path, 1).await;
    assert_eq!(
        (deleted.status().as_u16(), deleted.headers()["etag"].to_str().unwrap()),
        (204, "\"2\"")
    );
    assert_problem(server.get(&path).await, 404, "not_found").await;
    server.execute("UPDATE contacts SET confirmed_on = NULL").await;
    server
        .execute("UPDATE elections SET deleted_at = created_at WHERE city_id IS NOT NULL")
        .await;
    tidy_up(&server.platform).await.unwrap();
    assert_eq!(town.marks().await[0], json!(["Anne Morel", null, null]));
    assert_eq!(admin.act(&format!("{path}/restore"), 2, &json!({})).await.status(), 200);
    tidy_up(&server.platform).await.unwrap();
    assert_eq!(
        town.marks().await[0],
        json!(["Anne Morel", "election_held", "2026-03-22"])
    );
    let read = json(server.get(&path).await).await;
    assert!(read["applied_at"].is_string() && read["version"] == json!(3), "{read}");
    town.stop().await;
}

#[actix_web::test]
async fn only_the_city_confirms() {
    let town = Town::start().await;
    let server = &town.server;
    let sevan = server.add_city("Sevan", "AM").await;
    let list = json(town.staff().await.get(&town.contacts()).await).await;
    let path = format!(
        "{}/{}/confirm",
        town.contacts(),
        list["items"][0]["id"].as_str().unwrap()
    );
    let stranger = server.sign_in_as(Grant::CityStaff { city_id: sevan }).await;
    assert_problem(stranger.act(&path, 2, &json!({})).await, 403, "forbidden").await;
    let anybody = server.anybody();
    assert_problem(anybody.act(&path, 2, &json!({})).await, 401, "unauthenticated").await;
    let reader = server.program(Grant::CityStaff { city_id: town.id }, &[ClientScope::Read]);
    assert_problem(reader.act(&path, 2, &json!({})).await, 403, "forbidden").await;
    let unknown = format!("{}/{}/confirm", town.contacts(), town.account);
    let staff = town.staff().await;
    assert_problem(staff.act(&unknown, 2, &json!({})).await, 404, "not_found").await;
    let program = server.program(
        Grant::CityStaff { city_id: town.id },
        &[ClientScope::Read, ClientScope::Write],
    );
    assert_eq!(program.act(&path, 2, &json!({})).await.status(), 200);
    town.stop().await;
}

#[actix_web::test]
async fn looking_for_nobody_costs_two_statements() {
    let town = Town::start().await;
    let server = &town.server;
    server.execute("UPDATE contacts SET confirmed_on = NULL").await;
    town.vote("2026-03-22").await;
    tidy_up(&server.platform).await.unwrap();
    // Nobody is left: looking costs the same, however many there are.
    let before = server.statement_count();
    api::mandates::marks::mark_due(&server.platform).await.unwrap();
    assert!(
        server.statement_count() - before <= 2,
        "{}",
        server.statement_count() - before
    );
    town.stop().await;
}
