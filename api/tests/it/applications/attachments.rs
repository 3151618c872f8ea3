//! Documents of files: taken by what is in them, covered by the agreements, sealed as the file is, removed with undo.

use std::io::{Cursor, Write as _};
use std::path::Path;

use api::files::{Files, Scanner};
use api::housekeeping::tidy_up;
use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::accounts::Grant;
use shared::applications::ATTACHMENT_BYTES_MAX;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::applications::{Applicants, id, ok, version};
use crate::support::{Server, Visitor, assert_problem, friday_evening};

const PDF: &[u8] = b"%PDF-1.7\n% a letter\n%%EOF\n";

pub(super) fn hex_sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sends a document as an annex.
pub(super) async fn send(
    visitor: &Visitor,
    file: &Applicants,
    name: &str,
    bytes: impl Into<reqwest::Body>,
) -> reqwest::Response {
    let path = file.at("attachments?purpose=annex");
    let request = visitor.request("POST", &path).query(&[("name", name)]).body(bytes);
    request.send().await.unwrap()
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The documents below a folder.
fn kept_in(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return usize::from(folder.is_file());
    };
    entries.map(|entry| kept_in(&entry.unwrap().path())).sum()
}

fn signed(file: &Value) -> usize {
    let parties = file["parties"].as_array().unwrap();
    parties.iter().filter(|party| !party["signed_off_at"].is_null()).count()
}

#[actix_web::test]
async fn a_document_is_signed_off_sealed_handed_in_and_downloaded() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, view) = Applicants::signed(&server, &funder).await;
    assert_eq!((signed(&view), &view["attachments"]), (2, &json!([])));

    // The partner adds one: nobody has agreed to that yet.
    let name = "Лист «Севан» \"1\".pdf";
    let added = ok(send(&file.partner, &file, name, PDF).await, 201).await;
    assert_eq!(added["name"], name);
    assert_eq!(added["kind"], "pdf");
    assert_eq!(added["size_bytes"], PDF.len());
    assert_eq!(added["sha256"], hex_sha256(PDF));
    let now = file.read().await;
    assert_eq!((signed(&now), version(&now)), (0, version(&view) + 1));
    assert_eq!(now["attachments"], json!([added]));

    // Both parties download it, byte for byte, and a browser neither shows it nor guesses what it is.
    let path = format!("/api/v1/attachments/{}", id(&added));
    let content = format!("{path}/content");
    for visitor in [&file.lead, &file.partner] {
        let response = visitor.get(&content).await;
        assert_eq!(response.status(), 200);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(header("content-length"), PDF.len().to_string());
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "private, no-store");
        assert_eq!(
            header("content-disposition"),
            "attachment; filename=\"____ _______ _1_.pdf\"; \
             filename*=UTF-8''%D0%9B%D0%B8%D1%81%D1%82%20%C2%AB%D0%A1%D0%B5%D0%B2%D0%B0%D0%BD%C2%BB%20%221%22.pdf"
        );
        assert_eq!(&response.bytes().await.unwrap()[..], PDF);
    }

    // Sealed: nobody at the funder sees it before the deadline, handed in or not.
    let (_, stranger) = server.staffed_city("Lyon", "FR").await;
    let programme_id = funder.programme;
    let reviewer = server.sign_in_as(Grant::Reviewer { programme_id }).await;
    let sealed_from = [&funder.officer, &funder.admin, &reviewer, &stranger];
    for visitor in sealed_from {
        assert_problem(visitor.get(&content).await, 404, "not_found").await;
    }
    let ready = file.sign_all().await;
    let handed_in = ok(file.act("submit", &ready).await, 200).await;
    for visitor in sealed_from {
        for path in [&path, &content] {
            assert_problem(visitor.get(path).await, 404, "not_found").await;
        }
        assert_problem(visitor.delete(&path, 1).await, 404, "not_found").await;
    }
    assert_problem(server.get(&content).await, 401, "unauthenticated").await;

    // The receipt proves it.
    let receipt = ok(file.lead.get(&file.at("receipt")).await, 200).await;
    let told: Value = serde_json::from_str(receipt["content"].as_str().unwrap()).unwrap();
    assert_eq!(told["attachments"][0]["sha256"], hex_sha256(PDF));
    assert_eq!(
        receipt["sha256"],
        hex_sha256(receipt["content"].as_str().unwrap().as_bytes())
    );

    // What is handed in stays as it is, and its funder reads it once the deadline is over.
    assert_problem(send(&file.lead, &file, "b.pdf", PDF).await, 409, "state_conflict").await;
    assert_problem(file.lead.delete(&path, 1).await, 409, "state_conflict").await;
    server.platform.clock.set(friday_evening() + TimeDelta::minutes(7));
    for visitor in [&funder.officer, &funder.admin, &reviewer] {
        let response = visitor.get(&content).await;
        assert_eq!(response.status(), 200);
        assert_eq!(&response.bytes().await.unwrap()[..], PDF);
    }
    assert_problem(stranger.get(&content).await, 404, "not_found").await;
    let seen = ok(funder.officer.get(&file.path).await, 200).await;
    assert_eq!(seen["attachments"], json!([added]));
    assert_eq!(version(&seen), version(&handed_in));
    server.stop().await;
}

#[actix_web::test]
async fn what_is_no_document_is_refused_with_its_reason_and_nothing_of_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with_files(Files::in_folder(folder.path(), Scanner::Off).unwrap()).await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let before = file.read().await;
    let refused = async |name: &str, bytes: Vec<u8>, status, code| {
        assert_problem(send(&file.lead, &file, name, bytes).await, status, code).await
    };

    // The name says PDF, the content something else.
    for content in [
        &b"MZ\x90\0\x03"[..],
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        b"<!doctype html>",
    ] {
        let problem = refused("plan.pdf", content.to_vec(), 415, "attachment_type").await;
        assert_eq!(problem["errors"], json!([{"pointer": "", "code": "choice"}]));
    }
    let problem = file
        .lead
        .request("POST", &file.at("attachments?purpose=annex&name=a.pdf"));
    let problem = problem.header("accept-language", "uk").body("MZ").send().await.unwrap();
    let problem = assert_problem(problem, 415, "attachment_type").await;
    assert!(
        problem["title"]
            .as_str()
            .unwrap()
            .starts_with("Цей документ не приймається")
    );
    let macros = archive(&[
        ("[Content_Types].xml", b""),
        ("word/document.xml", b""),
        ("word/vbaProject.bin", b"x"),
    ]);
    let problem = refused("plan.docx", macros, 415, "attachment_type").await;
    assert_eq!(problem["errors"][0]["params"]["macros"], "true");

    // Too large: told before, so that nothing is read, and not told.
    let large = vec![b'%'; ATTACHMENT_BYTES_MAX as usize + 1];
    let told = file
        .lead
        .request("POST", &file.at("attachments?purpose=annex&name=a.pdf"));
    let told = told
        .header("content-length", large.len())
        .body(large.clone())
        .send()
        .await
        .unwrap();
    let problem = assert_problem(told, 413, "too_large").await;
    assert_eq!(problem["errors"][0]["params"]["max"], ATTACHMENT_BYTES_MAX.to_string());
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = large.chunks(1 << 20).map(|piece| Ok(piece.to_vec())).collect();
    let untold = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    assert_problem(send(&file.lead, &file, "a.pdf", untold).await, 413, "too_large").await;
    let problem = refused("a.pdf", Vec::new(), 422, "invalid").await;
    assert_eq!(problem["errors"], json!([{"pointer": "", "code": "required"}]));

    // An archive of some kilobytes that becomes 64 MiB.
    let zeros = vec![0; 64 << 20];
    let bomb = archive(&[("[Content_Types].xml", b""), ("word/document.xml", &zeros)]);
    assert!(bomb.len() < 128 << 10, "{}", bomb.len());
    let problem = refused("plan.docx", bomb, 422, "attachment_bomb").await;
    assert_eq!(problem["errors"][0]["pointer"], "");
    assert_eq!(problem["errors"][0]["params"]["actual"], (zeros.len()).to_string());

    // What is told beside it is looked at too.
    for (query, pointer, code) in [
        ("purpose=annex&name=%2F", "?name", "required"),
        ("purpose=letter&name=a.pdf", "?city_id", "required"),
        (
            &format!("purpose=annex&name=a.pdf&city_id={}", file.sevan),
            "?city_id",
            "inconsistent",
        ),
        (
            "purpose=letter&name=a.pdf&city_id=01980a5c-7c00-7000-8000-000000000001",
            "?city_id",
            "reference",
        ),
    ] {
        let path = file.at(&format!("attachments?{query}"));
        let response = file.lead.request("POST", &path).body(PDF).send().await.unwrap();
        let problem = assert_problem(response, 422, "invalid").await;
        assert_eq!(problem["errors"], json!([{"pointer": pointer, "code": code}]));
    }
    for query in [
        "purpose=annex",
        "purpose=virus&name=a.pdf",
        "purpose=annex&name=a.pdf&x=1",
    ] {
        let path = file.at(&format!("attachments?{query}"));
        let response = file.lead.request("POST", &path).body(PDF).send().await.unwrap();
        assert_problem(response, 400, "query_invalid").await;
    }
    assert_eq!(file.read().await, before);
    assert_eq!(kept_in(folder.path()), 0);
    server.stop().await;
}

#[actix_web::test]
async fn a_file_holds_forty_documents_and_two_at_once_are_both_kept() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    for number in 0..19 {
        let (lead, partner) = (format!("lead {number}.pdf"), format!("partner {number}.pdf"));
        let both = futures_util::future::join(
            send(&file.lead, &file, &lead, PDF),
            send(&file.partner, &file, &partner, PDF),
        );
        let (first, second) = both.await;
        assert_eq!((first.status().as_u16(), second.status().as_u16()), (201, 201));
    }
    ok(send(&file.lead, &file, "39.pdf", PDF).await, 201).await;
    // One place is left, and three come for it.
    let three = futures_util::future::join_all((0..3).map(|_| send(&file.lead, &file, "40.pdf", PDF)));
    let mut statuses: Vec<u16> = three.await.iter().map(|answer| answer.status().as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409]);
    let problem = assert_problem(send(&file.lead, &file, "41.pdf", PDF).await, 409, "attachments_full").await;
    assert_eq!(problem["errors"][0]["params"]["max"], "40");
    let view = file.read().await;
    assert_eq!(view["attachments"].as_array().unwrap().len(), 40);
    assert_eq!(version(&view), 2 + 40);
    server.stop().await;
}

#[actix_web::test]
async fn a_repeated_request_adds_one_document() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with_files(Files::in_folder(folder.path(), Scanner::Off).unwrap()).await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let once = async |bytes: &'static [u8]| {
        let request = file
            .lead
            .request("POST", &file.at("attachments?purpose=annex&name=a.pdf"));
        request
            .header("idempotency-key", "letter-1")
            .body(bytes)
            .send()
            .await
            .unwrap()
    };
    let first = ok(once(PDF).await, 201).await;
    let again = once(PDF).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(ok(again, 201).await, first);
    assert_problem(once(b"%PDF-1.4 other").await, 422, "idempotency_mismatch").await;
    assert_eq!(file.read().await["attachments"], json!([first]));
    assert_eq!(kept_in(folder.path()), 1);
    server.stop().await;
}

#[actix_web::test]
async fn a_removed_document_comes_back_within_thirty_days_and_its_bytes_go_after_them() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with_files(Files::in_folder(folder.path(), Scanner::Off).unwrap()).await;
    let funder = server.funder().await;
    let file = Applicants::complete(&server, &funder).await;
    let added = ok(send(&file.lead, &file, "a.pdf", PDF).await, 201).await;
    assert_eq!(signed(&file.sign_all().await), 2);

    let path = format!("/api/v1/attachments/{}", id(&added));
    let without = file.partner.request("DELETE", &path).send().await.unwrap();
    assert_problem(without, 428, "precondition_required").await;
    assert_problem(file.partner.delete(&path, 7).await, 412, "stale").await;
    let removed = file.partner.delete(&path, 1).await;
    assert_eq!(removed.status(), 204);
    assert_eq!(removed.headers()["etag"], "\"2\"");
    let view = file.read().await;
    assert_eq!((signed(&view), &view["attachments"]), (0, &json!([])));
    for gone in [path.clone(), format!("{path}/content")] {
        assert_problem(file.lead.get(&gone).await, 404, "not_found").await;
    }
    assert_problem(file.lead.delete(&path, 2).await, 404, "not_found").await;

    // Undone: the bytes are there again, under the next version.
    let restore = format!("{path}/restore");
    assert_problem(file.lead.act(&restore, 1, &()).await, 412, "stale").await;
    let back = ok(file.lead.act(&restore, 2, &()).await, 200).await;
    assert_eq!(version(&back), 3);
    assert_problem(file.lead.act(&restore, 3, &()).await, 409, "state_conflict").await;
    let bytes = file.lead.get(&format!("{path}/content")).await.bytes().await.unwrap();
    assert_eq!(&bytes[..], PDF);

    // Removed for good: thirty days later nothing restores it, and nothing of it is left.
    let other = ok(send(&file.lead, &file, "b.pdf", PDF).await, 201).await;
    assert_eq!(file.lead.delete(&path, 3).await.status(), 204);
    let later = server.platform.clock.now() + TimeDelta::days(30);
    server.platform.clock.set(later);
    tidy_up(&server.platform).await.unwrap();
    assert_eq!(kept_in(folder.path()), 2);
    server.platform.clock.set(later + TimeDelta::seconds(1));
    let lead = server.sign_in_as(Grant::CityStaff { city_id: file.grenoble }).await;
    assert_problem(lead.act(&restore, 4, &()).await, 404, "not_found").await;
    tidy_up(&server.platform).await.unwrap();
    assert_eq!(kept_in(folder.path()), 1);

    // A deleted file takes its documents with it.
    let view = ok(lead.get(&file.path).await, 200).await;
    assert_eq!(view["attachments"][0]["id"], other["id"]);
    assert_eq!(lead.delete(&file.path, version(&view)).await.status(), 204);
    let content = format!("/api/v1/attachments/{}/content", id(&other));
    assert_problem(lead.get(&content).await, 404, "not_found").await;
    server.platform.clock.set(later + TimeDelta::days(31));
    tidy_up(&server.platform).await.unwrap();
    assert_eq!(kept_in(folder.path()), 0);
    server.stop().await;
}

#[actix_web::test]
async fn documents_cost_a_read_one_statement_however_many_they_are() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let count = async || crate::support::applications::statements_of(&server, &file.lead, &file.path).await;
    let none = count().await;
    for name in ["a.pdf", "b.pdf", "c.pdf"] {
        ok(send(&file.lead, &file, name, PDF).await, 201).await;
    }
    assert_eq!(count().await, none);
    server.stop().await;
}
