//! Where documents go, and who looks into them first: S3, an antivirus program, the daemon of ClamAV.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};
use api::files::{Files, Scanner};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::attachments::{hex_sha256, send};
use crate::support::applications::{Applicants, id, ok};
use crate::support::{Server, assert_problem};

/// What a test antivirus takes for a virus.
const VIRUS: &[u8] = b"%PDF-1.7 EICAR";
const CLEAN: &[u8] = b"%PDF-1.7 clean";

/// Objects by their path, and the requests that were made for them.
#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Vec<u8>>,
    parts: BTreeMap<u32, Vec<u8>>,
    requests: Vec<String>,
}

/// As much of S3 as is used: put, get, delete, and uploads in parts; each with a signature.
async fn s3(request: HttpRequest, body: web::Bytes, bucket: web::Data<Mutex<Bucket>>) -> HttpResponse {
    let mut bucket = bucket.lock().unwrap();
    let path = request.path().to_owned();
    let signed = request.headers().get("authorization").is_some_and(|proof| {
        proof
            .to_str()
            .unwrap()
            .starts_with("AWS4-HMAC-SHA256 Credential=test-key/")
    });
    if !signed {
        return HttpResponse::Forbidden().finish();
    }
    let query: BTreeMap<String, String> = url::form_urlencoded::parse(request.query_string().as_bytes())
        .into_owned()
        .collect();
    let part = query.get("partNumber").map(|number| number.parse::<u32>().unwrap());
    bucket.requests.push(request.method().to_string());
    match (request.method().as_str(), part) {
        ("PUT", Some(number)) => {
            bucket.parts.insert(number, body.to_vec());
            HttpResponse::Ok().insert_header(("etag", format!("\"{number}\""))).finish()
        }
        ("PUT", None) => {
            bucket.objects.insert(path, body.to_vec());
            HttpResponse::Ok().insert_header(("etag", "\"1\"")).finish()
        }
        ("POST", _) if query.contains_key("uploads") => HttpResponse::Ok().body(
            "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId></InitiateMultipartUploadResult>",
        ),
        ("POST", _) if query.contains_key("delete") => {
            let told = String::from_utf8(body.to_vec()).unwrap();
            let (_, rest) = told.split_once("<Key>").unwrap();
            let (key, _) = rest.split_once("</Key>").unwrap();
            bucket.objects.remove(&format!("{path}/{key}")).unwrap();
            HttpResponse::Ok().body(format!("<DeleteResult><Deleted><Key>{key}</Key></Deleted></DeleteResult>"))
        }
        ("POST", _) => {
            let whole = std::mem::take(&mut bucket.parts).into_values().flatten().collect();
            bucket.objects.insert(path, whole);
            HttpResponse::Ok().body(
                "<CompleteMultipartUploadResult><Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>\"1\"</ETag></CompleteMultipartUploadResult>",
            )
        }
        _ => match bucket.objects.get(&path) {
            Some(object) => HttpResponse::Ok()
                .insert_header(("etag", "\"1\""))
                .insert_header(("last-modified", "Fri, 20 Nov 2026 17:30:00 GMT"))
                .body(object.clone()),
            None => HttpResponse::NotFound().finish(),
        },
    }
}

#[actix_web::test]
async fn documents_are_kept_in_s3_where_that_is_configured() {
    let bucket = web::Data::new(Mutex::new(Bucket::default()));
    let shared = bucket.clone();
    let store = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(web::PayloadConfig::new(32 << 20))
            .default_service(web::to(s3))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .unwrap();
    let endpoint = format!("http://{}", store.addrs()[0]);
    let store = store.run();
    let handle = store.handle();
    rt::spawn(store);
    let options = [
        ("AWS_ACCESS_KEY_ID", "test-key"),
        ("AWS_SECRET_ACCESS_KEY", "test-secret"),
        ("AWS_REGION", "eu-west-3"),
        ("AWS_ENDPOINT", &endpoint),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_PROFILE", "read by other programs"),
    ];
    let options = options
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let files = Files::open("s3://papers/passerelle", options, Scanner::Off).unwrap();
    let server = Server::start_with_files(files).await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;

    // A small one in one request, a large one in parts.
    let mut large = b"%PDF-1.7\n".to_vec();
    large.extend((0..12_u32 << 18).flat_map(|number| number.to_le_bytes()));
    for bytes in [CLEAN.to_vec(), large] {
        let added = ok(send(&file.lead, &file, "a.pdf", bytes.clone()).await, 201).await;
        let content = file
            .lead
            .get(&format!("/api/v1/attachments/{}/content", id(&added)))
            .await;
        let content = content.bytes().await.unwrap();
        assert_eq!(hex_sha256(&content), hex_sha256(&bytes));
    }
    {
        let bucket = bucket.lock().unwrap();
        assert_eq!(bucket.objects.len(), 2);
        assert!(
            bucket
                .objects
                .keys()
                .all(|key| key.starts_with("/papers/passerelle/applications/"))
        );
        // Twelve mebibytes and a little are three parts.
        assert_eq!(bucket.requests.iter().filter(|method| *method == "PUT").count(), 1 + 3);
    }
    // What is refused after it was put away is deleted there again.
    let view = file.read().await;
    assert_eq!(view["attachments"].as_array().unwrap().len(), 2);
    let wrong = file
        .lead
        .request("POST", &file.at("attachments?purpose=annex&name=a.pdf"));
    let key = wrong.header("idempotency-key", "one");
    ok(key.try_clone().unwrap().body(CLEAN).send().await.unwrap(), 201).await;
    assert_problem(
        key.body(&b"%PDF-other"[..]).send().await.unwrap(),
        422,
        "idempotency_mismatch",
    )
    .await;
    assert_eq!(bucket.lock().unwrap().objects.len(), 3);
    server.stop().await;
    handle.stop(false).await;
}

#[actix_web::test]
async fn an_antivirus_program_is_asked_and_what_it_refuses_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("scan.sh");
    std::fs::write(&program, "! grep -q EICAR \"$1\"\n").unwrap();
    let scanner = Scanner::of(Some(&format!("sh {}", program.display())), None).unwrap();
    let kept = folder.path().join("files");
    let server = Server::start_with_files(Files::in_folder(&kept, scanner).unwrap()).await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let problem = assert_problem(
        send(&file.lead, &file, "a.pdf", VIRUS).await,
        422,
        "attachment_infected",
    )
    .await;
    assert_eq!(problem["errors"][0]["pointer"], "");
    assert_eq!(file.read().await["attachments"], json!([]));
    ok(send(&file.lead, &file, "a.pdf", CLEAN).await, 201).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_document_that_no_antivirus_could_look_at_is_not_taken() {
    for scanner in [
        Scanner::of(Some("/nowhere/scan"), None).unwrap(),
        Scanner::of(Some("sh -c false-start;exit"), None).unwrap(),
        Scanner::of(None, Some("127.0.0.1:1")).unwrap(),
        Scanner::of(None, Some("/nowhere/clamd.sock")).unwrap(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start_with_files(Files::in_folder(folder.path(), scanner).unwrap()).await;
        let funder = server.funder().await;
        let file = Applicants::begin(&server, &funder).await;
        assert_problem(send(&file.lead, &file, "a.pdf", CLEAN).await, 503, "busy").await;
        assert_eq!(file.read().await["attachments"], json!([]));
        server.stop().await;
    }
    assert!(Scanner::of(Some("sh"), Some("127.0.0.1:3310")).is_err());
}

/// A daemon that speaks INSTREAM, and finds EICAR.
async fn clamd(listener: TcpListener, seen: Arc<Mutex<Vec<Vec<u8>>>>) {
    while let Ok((mut peer, _)) = listener.accept().await {
        let mut command = [0; 10];
        peer.read_exact(&mut command).await.unwrap();
        assert_eq!(&command, b"zINSTREAM\0");
        let mut document = Vec::new();
        loop {
            let length = peer.read_u32().await.unwrap() as usize;
            if length == 0 {
                break;
            }
            let start = document.len();
            document.resize(start + length, 0);
            peer.read_exact(&mut document[start..]).await.unwrap();
        }
        let found = document.windows(5).any(|part| part == b"EICAR");
        seen.lock().unwrap().push(document);
        let answer: &[u8] = if found {
            b"stream: Eicar-Test FOUND\0"
        } else {
            b"stream: OK\0"
        };
        peer.write_all(answer).await.unwrap();
    }
}

#[actix_web::test]
async fn the_daemon_of_clamav_is_asked() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let daemon = rt::spawn(clamd(listener, Arc::clone(&seen)));
    let folder = tempfile::tempdir().unwrap();
    let files = Files::in_folder(folder.path(), Scanner::of(None, Some(&address)).unwrap()).unwrap();
    let server = Server::start_with_files(files).await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    assert_problem(
        send(&file.lead, &file, "a.pdf", VIRUS).await,
        422,
        "attachment_infected",
    )
    .await;
    ok(send(&file.lead, &file, "a.pdf", CLEAN).await, 201).await;
    assert_eq!(*seen.lock().unwrap(), [VIRUS.to_vec(), CLEAN.to_vec()]);
    daemon.abort();
    server.stop().await;
}
