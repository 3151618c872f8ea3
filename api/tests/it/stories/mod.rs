//! The story of a partnership: written by its sides, shown to anybody with a picture whose people agreed, and withdrawn.

use api::files::{Files, Scanner};
use api::housekeeping::tidy_up;
use api::stories::pictures;
use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::PartnershipId;

use crate::support::applications::{id, ok, statements_of, version};
use crate::support::{Server, Visitor, assert_problem};

/// The beginning of a PNG of so many pixels: all of it that anybody looks at here.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x02\0\0\0");
    bytes
}

/// The same of a JPEG.
fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x03\x01\x11\0\x02\x11\x01\x03\x11\x01\xff\xd9");
    bytes
}

struct Sides {
    lead: Visitor,
    partner: Visitor,
    stranger: Visitor,
    partnership: PartnershipId,
}

impl Sides {
    async fn of(server: &Server) -> Self {
        let (lead_city, lead) = server.staffed_city("Grenoble", "FR").await;
        let (partner_city, partner) = server.staffed_city("Sevan", "AM").await;
        let (_, stranger) = server.staffed_city("Lyon", "FR").await;
        let draft = json!({ "name": "IRAPA", "kind": "project", "parties": [
            { "party": { "type": "city", "city_id": lead_city }, "role": "lead" },
            { "party": { "type": "city", "city_id": partner_city }, "role": "partner" },
        ] });
        let made = ok(lead.post("/api/v1/partnerships", &draft).await, 201).await;
        Self {
            lead,
            partner,
            stranger,
            partnership: id(&made).parse().unwrap(),
        }
    }

    fn at(&self, more: &str) -> String {
        format!("/api/v1/partnerships/{}/story{more}", self.partnership)
    }

    async fn send(&self, visitor: &Visitor, bytes: Vec<u8>) -> reqwest::Response {
        let request = visitor.request("POST", &self.at("/picture"));
        request.body(bytes).send().await.unwrap()
    }
}

fn in_all(text: &str) -> Value {
    json!({ "fr": text, "en": text, "uk": text })
}

fn whole() -> Value {
    json!({ "title": in_all("Three pairs, one lake"), "lead": in_all("What they share."), "text": in_all("Once.\n\nTwice.") })
}

fn with_consent() -> Value {
    let mut story = whole();
    story["alt"] = in_all("A lake below mountains");
    story["credit"] = json!("City of Sevan");
    story["consent_by"] = json!("The two rangers in it, in writing");
    story["consent_on"] = json!("2026-11-02");
    story
}

fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_story_is_written_by_both_sides_published_with_consent_and_withdrawn() {
    let server = Server::start().await;
    let sides = Sides::of(&server).await;
    let (lead, partner) = (&sides.lead, &sides.partner);
    let path = sides.at("");
    let list = format!("/api/v1/stories?partnership_id={}", sides.partnership);
    assert_problem(lead.get(&path).await, 404, "not_found").await;
    assert_problem(sides.send(lead, png(4, 3)).await, 404, "not_found").await;

    // A draft may lack nearly all, and only its sides know of it.
    let draft = ok(
        lead.post(&path, &json!({ "title": { "fr": " Trois binômes " } })).await,
        201,
    )
    .await;
    assert_eq!(
        (
            &draft["state"],
            &draft["words"]["title"],
            draft["missing"].as_array().unwrap().len()
        ),
        (&json!("draft"), &json!({ "fr": "Trois binômes" }), 8)
    );
    assert_eq!(draft["allowed"], json!(["update", "add_picture", "advance"]));
    assert_problem(partner.post(&path, &whole()).await, 409, "already_exists").await;
    for outside in [&server.anybody(), &sides.stranger] {
        assert_problem(outside.get(&path).await, 404, "not_found").await;
        assert_eq!(ok(outside.get(&list).await, 200).await["items"], json!([]));
    }
    assert_eq!(ok(partner.get(&list).await, 200).await["items"][0]["state"], "draft");
    let publish = json!({ "to": "published" });
    let refused = ok(lead.act(&sides.at("/advance"), 1, &publish).await, 422).await;
    assert_eq!(pointers(&refused)[0], "/title/en", "{refused}");

    // The partner sends the picture and says who agreed to it.
    let second = ok(partner.put(&path, 1, &whole()).await, 200).await;
    assert_eq!((version(&second), &second["missing"]), (2, &json!([])));
    let sent = sides.send(partner, png(640, 360)).await;
    let place = sent.headers()["location"].to_str().unwrap().to_owned();
    let third = ok(sent, 201).await;
    assert_eq!(
        (
            version(&third),
            &third["picture"]["kind"],
            &third["picture"]["width"],
            &third["picture"]["height"]
        ),
        (3, &json!("png"), &json!(640), &json!(360))
    );
    let refused = ok(lead.act(&sides.at("/advance"), 3, &publish).await, 422).await;
    assert_eq!(
        pointers(&refused),
        ["/alt/fr", "/alt/en", "/alt/uk", "/credit", "/consent_by", "/consent_on"]
    );
    assert_problem(server.get(&place).await, 404, "not_found").await;
    let told = ok(lead.put(&path, 3, &with_consent()).await, 200).await;
    assert_eq!((version(&told), &told["missing"]), (4, &json!([])));
    let published = ok(lead.act(&sides.at("/advance"), 4, &publish).await, 200).await;
    assert_eq!((version(&published), &published["state"]), (5, &json!("published")));

    // Anybody reads it, and nobody else reads who agreed.
    let read = server.get(&path).await;
    // It may be withdrawn: who keeps it asks again.
    assert_eq!(read.headers()["cache-control"], "public, no-cache");
    let public = ok(read, 200).await;
    assert_eq!(public["words"]["text"]["uk"], "Once.\n\nTwice.");
    assert_eq!(
        (
            &public["words"]["consent_on"],
            &public["words"]["consent_by"],
            &public["allowed"]
        ),
        (&json!("2026-11-02"), &json!(""), &json!([]))
    );
    assert_eq!(
        ok(partner.get(&path).await, 200).await["words"]["consent_by"],
        "The two rangers in it, in writing"
    );
    let picture = server.get(&place).await;
    let header = |name: &str| picture.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        (
            header("content-type"),
            header("content-disposition"),
            header("cache-control")
        ),
        (
            "image/png".to_owned(),
            "inline".to_owned(),
            "public, no-cache".to_owned()
        )
    );
    let etag = header("etag");
    assert_eq!(picture.bytes().await.unwrap(), png(640, 360));
    let again = server
        .request("GET", &place)
        .header("if-none-match", &etag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    let listed = ok(server.get("/api/v1/stories?count=true").await, 200).await;
    assert_eq!(
        (
            &listed["total"],
            &listed["items"][0]["partnership_name"],
            &listed["items"][0]["alt"]["en"]
        ),
        (&json!(1), &json!("IRAPA"), &json!("A lake below mountains"))
    );
    assert_eq!(statements_of(&server, &server.anybody(), &path).await, 2);
    assert_eq!(statements_of(&server, &server.anybody(), &list).await, 1);

    // A published story stays whole, and keeps its picture or none.
    let refused = ok(lead.put(&path, 5, &whole()).await, 422).await;
    assert_eq!(pointers(&refused).len(), 6);
    assert_problem(sides.send(lead, png(4, 3)).await, 409, "state_conflict").await;
    assert_problem(
        lead.act(&sides.at("/advance"), 5, &json!({ "to": "draft" })).await,
        409,
        "state_conflict",
    )
    .await;
    let refused = ok(
        lead.act(&sides.at("/advance"), 5, &json!({ "to": "withdrawn" })).await,
        422,
    )
    .await;
    assert_eq!(pointers(&refused), ["/reason"]);
    let withdraw = json!({ "to": "withdrawn", "reason": "One of them asks for it." });
    assert_problem(
        sides.stranger.act(&sides.at("/advance"), 5, &withdraw).await,
        403,
        "forbidden",
    )
    .await;
    let withdrawn = ok(partner.act(&sides.at("/advance"), 5, &withdraw).await, 200).await;
    assert_eq!(withdrawn["state_reason"], "One of them asks for it.");
    for path in [&path, &place] {
        assert_problem(server.get(path).await, 404, "not_found").await;
    }
    assert_eq!(ok(server.get("/api/v1/stories").await, 200).await["items"], json!([]));
    assert_problem(lead.put(&path, 6, &whole()).await, 409, "state_conflict").await;
    let anew = ok(lead.act(&sides.at("/advance"), 6, &json!({ "to": "draft" })).await, 200).await;
    assert_eq!((version(&anew), &anew["state_reason"]), (7, &Value::Null));

    let verbs: Vec<String> = server
        .journal_of(sides.partnership.0)
        .await
        .into_iter()
        .map(|(verb, ..)| verb)
        .skip(1)
        .collect();
    assert_eq!(
        verbs,
        [
            "create",
            "update",
            "add_picture",
            "update",
            "advance",
            "advance",
            "advance"
        ]
    );
    server.stop().await;
}

#[actix_web::test]
async fn a_picture_is_what_its_bytes_are_and_consent_goes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with_files(Files::in_folder(folder.path(), Scanner::Off).unwrap()).await;
    let sides = Sides::of(&server).await;
    let lead = &sides.lead;
    let kept = || {
        let found = std::fs::read_dir(folder.path().join("stories"));
        found.map_or(0, |entries| {
            entries
                .filter(|entry| entry.as_ref().is_ok_and(|one| one.path().is_file()))
                .count()
        })
    };
    ok(lead.post(&sides.at(""), &with_consent()).await, 201).await;

    for bytes in [
        b"%PDF-1.7\n".to_vec(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        b"\x89PNG\r\n\x1a\n".to_vec(),
    ] {
        assert_problem(sides.send(lead, bytes).await, 415, "attachment_type").await;
    }
    assert_problem(sides.send(lead, png(0, 3)).await, 415, "attachment_type").await;
    assert_problem(sides.send(lead, png(8001, 3)).await, 422, "invalid").await;
    assert_problem(sides.send(lead, vec![0; 5 * 1024 * 1024 + 1]).await, 413, "too_large").await;
    assert_problem(sides.send(&sides.stranger, png(4, 3)).await, 403, "forbidden").await;
    assert_eq!(kept(), 0);

    // Sent twice under one key, it is there once.
    let once = async || {
        let request = lead
            .request("POST", &sides.at("/picture"))
            .header("idempotency-key", "a-picture");
        ok(request.body(jpeg(30, 20)).send().await.unwrap(), 201).await
    };
    let first = once().await;
    assert_eq!(
        (
            &first["picture"]["kind"],
            &first["picture"]["width"],
            &first["words"]["credit"]
        ),
        (&json!("jpeg"), &json!(30), &json!("City of Sevan"))
    );
    assert_eq!(once().await["picture"], first["picture"]);
    assert_eq!((kept(), version(&ok(lead.get(&sides.at("")).await, 200).await)), (1, 2));

    // Who agreed to the first picture did not agree to the second.
    let second = ok(sides.send(lead, png(4, 3)).await, 201).await;
    assert_eq!(
        (&second["words"]["consent_by"], &second["words"]["alt"], kept()),
        (&json!(""), &json!({}), 1)
    );
    let former = format!("/api/v1/story-pictures/{}", first["picture"]["id"].as_str().unwrap());
    assert_problem(lead.get(&former).await, 404, "not_found").await;

    // It is taken away from a published story, which stays; and its bytes go at once.
    ok(lead.put(&sides.at(""), 3, &with_consent()).await, 200).await;
    ok(
        lead.act(&sides.at("/advance"), 4, &json!({ "to": "published" })).await,
        200,
    )
    .await;
    let taken = lead.delete(&sides.at("/picture"), 5).await;
    assert_eq!(
        (taken.status().as_u16(), taken.headers()["etag"].to_str().unwrap()),
        (204, "\"6\"")
    );
    let public = ok(server.get(&sides.at("")).await, 200).await;
    assert_eq!(
        (&public["picture"], &public["words"]["credit"], &public["state"], kept()),
        (&Value::Null, &json!(""), &json!("published"), 0)
    );
    assert_problem(lead.delete(&sides.at("/picture"), 6).await, 404, "not_found").await;
    server.stop().await;
}

#[actix_web::test]
async fn what_broke_off_on_its_way_is_swept_up_and_a_shown_picture_is_not() {
    let server = Server::start().await;
    let sides = Sides::of(&server).await;
    ok(sides.lead.post(&sides.at(""), &whole()).await, 201).await;
    let shown = ok(sides.send(&sides.lead, png(4, 3)).await, 201).await;
    // As if the server had been cut off between the row and the story.
    let story = shown["picture"]["id"].as_str().unwrap();
    server.execute("UPDATE stories SET picture = NULL").await;
    server
        .execute("UPDATE story_pictures SET unused_since = '2026-01-01 00:00:00+00:00'")
        .await;
    let kept = ok(sides.send(&sides.lead, png(8, 6)).await, 201).await;
    server
        .platform
        .clock
        .set(server.platform.clock.now() + TimeDelta::days(2));
    assert!(tidy_up(&server.platform).await.unwrap() >= 1);
    let stream = async |id: &str| {
        server
            .platform
            .files
            .get(&pictures::key(id.parse().unwrap()))
            .await
            .is_ok()
    };
    assert!(!stream(story).await);
    assert!(stream(kept["picture"]["id"].as_str().unwrap()).await);
    server.stop().await;
}

#[actix_web::test]
async fn two_sides_that_write_at_once_do_not_overwrite_each_other() {
    let server = Server::start().await;
    let sides = Sides::of(&server).await;
    let beside = server.start_beside().await;
    let partner = sides.partner.at(&beside);
    let (path, mine, theirs) = (sides.at(""), whole(), with_consent());
    let (a, b) = tokio::join!(sides.lead.post(&path, &mine), partner.post(&path, &theirs));
    let mut statuses = [a.status().as_u16(), b.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let (mut mine, mut theirs) = (whole(), whole());
    (mine["credit"], theirs["credit"]) = (json!("Mine"), json!("Theirs"));
    let (a, b) = tokio::join!(sides.lead.put(&path, 1, &mine), partner.put(&path, 1, &theirs));
    let mut statuses = [a.status().as_u16(), b.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    beside.stop().await;
    server.stop().await;
}

#[actix_web::test]
async fn a_story_goes_with_its_partnership_and_is_no_link_to_merge_away() {
    let server = Server::start().await;
    let sides = Sides::of(&server).await;
    ok(sides.lead.post(&sides.at(""), &whole()).await, 201).await;
    ok(
        sides
            .lead
            .act(&sides.at("/advance"), 1, &json!({ "to": "published" }))
            .await,
        200,
    )
    .await;
    let partnership = format!("/api/v1/partnerships/{}", sides.partnership);
    assert_eq!(sides.lead.delete(&partnership, 1).await.status(), 204);
    assert_problem(server.get(&sides.at("")).await, 404, "not_found").await;
    assert_eq!(ok(server.get("/api/v1/stories").await, 200).await["items"], json!([]));
    let admin = server.sign_in_as(Grant::Admin).await;
    ok(admin.act(&format!("{partnership}/restore"), 2, &json!({})).await, 200).await;
    assert_eq!(ok(server.get(&sides.at("")).await, 200).await["state"], "published");
    server.stop().await;
}

#[actix_web::test]
async fn where_a_picture_was_taken_is_not_stored() {
    let server = Server::start().await;
    let sides = Sides::of(&server).await;
    ok(sides.lead.post(&sides.at(""), &whole()).await, 201).await;
    let plain = jpeg(40, 30);
    // EXIF data with two entries: turned by a quarter, and a place.
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x25\x88\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0N 45.188 E 5.724";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let sent = [&plain[..2], b"\xff\xe1", &length, exif, &plain[2..]].concat();
    let story = ok(sides.send(&sides.lead, sent.clone()).await, 201).await;
    let path = format!("/api/v1/story-pictures/{}", story["picture"]["id"].as_str().unwrap());
    let stored = sides.lead.get(&path).await.bytes().await.unwrap();
    let has = |words: &[u8]| stored.windows(words.len()).any(|part| part == words);
    assert!(!has(b"45.188") && !has(b"5.724"));
    // Which way is up stays, and all of the picture itself.
    assert!(has(b"\x01\x12\0\x03\0\0\0\x01\0\x06"));
    assert!(stored.ends_with(&plain[2..]) && stored.len() < sent.len());
    assert_eq!(story["picture"]["size_bytes"], stored.len());
    server.stop().await;
}
