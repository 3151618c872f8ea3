//! The real server, killed without warning while many write: what it acknowledged is there, what it did not is there once
//! or not at all.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::rt;
use api::accounts::service::load_tokens;
use api::clock::Clock;
use api::db::Db;
use serde_json::{Value, json};
use shared::accounts::{ClientScope, Grant};
use shared::ids::ApiClientId;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{fresh_database, json as body};

/// Who write at once.
const WRITERS: usize = 12;
/// Acknowledged writes after which the server is killed.
const ENOUGH: usize = 150;
/// How often it is killed.
const ROUNDS: usize = 3;

/// A server in a process of its own.
struct Process {
    child: Child,
    origin: String,
    /// What it keeps beside the database goes with it.
    _data: TempDir,
}

impl Process {
    fn start(url: &str) -> Self {
        let data = TempDir::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_api"))
            .args(["serve", "--port", "0", "--workers", "2", "--log", "info"])
            .env("DATABASE_URL", url)
            .env("DATA_DIR", data.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let ready = lines
            .by_ref()
            .map(Result::unwrap)
            .find_map(|line| line.split_once("ready on ").map(|(_, origin)| origin.trim().to_owned()));
        // What it says later must find a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            _data: data,
            origin: ready.expect("the server did not start"),
        }
    }

    /// SIGKILL: nothing is told to it, nothing is finished.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A city that is to be added, under the key of its name.
async fn add(origin: &str, token: &str, name: &str) -> reqwest::Result<reqwest::Response> {
    reqwest::Client::new()
        .post(format!("{origin}/api/v1/cities"))
        .bearer_auth(token)
        .header("idempotency-key", name.replace(' ', "-"))
        .json(&json!({"kind": "municipality", "name": name, "country": "FR"}))
        .send()
        .await
}

/// Writes until the server is gone. Gives what was acknowledged, and the one write whose answer did not come.
async fn write(origin: String, token: String, writer: String, done: Arc<AtomicUsize>) -> (Vec<(String, Uuid)>, String) {
    let mut acknowledged = Vec::new();
    for number in 0.. {
        let name = format!("{writer} {number}");
        let Ok(response) = add(&origin, &token, &name).await else {
            return (acknowledged, name);
        };
        assert_eq!(response.status(), 201);
        let Ok(city) = response.json::<Value>().await else {
            return (acknowledged, name);
        };
        acknowledged.push((name, city["id"].as_str().unwrap().parse().unwrap()));
        done.fetch_add(1, Ordering::SeqCst);
    }
    unreachable!("the server outlived all numbers")
}

async fn get(origin: &str, path: &str) -> Value {
    body(reqwest::get(format!("{origin}{path}")).await.unwrap()).await
}

/// How often each city is in the journal, and that only as added.
async fn entries(origin: &str) -> HashMap<Uuid, usize> {
    let mut counted = HashMap::new();
    let mut since = 0;
    loop {
        let page = get(
            origin,
            &format!("/api/v1/changes?resource=city&limit=100&since={since}"),
        )
        .await;
        let items = page["items"].as_array().unwrap();
        for entry in items {
            assert_eq!(
                (entry["verb"].as_str(), entry["version"].as_i64()),
                (Some("create"), Some(1))
            );
            *counted
                .entry(entry["id"].as_str().unwrap().parse().unwrap())
                .or_default() += 1;
            since = entry["seq"].as_i64().unwrap();
        }
        if items.is_empty() {
            return counted;
        }
    }
}

#[actix_web::test]
async fn a_killed_server_has_kept_what_it_acknowledged_and_repeats_make_nothing_twice() {
    let (url, _folder) = fresh_database().await;
    let db = Db::connect(&url).await.unwrap();
    db.migrate().await.unwrap();
    let clock = Clock::System;
    let token = load_tokens(&db, &clock)
        .await
        .unwrap()
        .for_client(
            ApiClientId(Uuid::now_v7()),
            vec![ClientScope::Read, ClientScope::Write],
            Grant::Admin,
            clock.now(),
        )
        .unwrap();
    drop(db);
    let mut kept: HashMap<String, Uuid> = HashMap::new();
    let mut server = Process::start(&url);
    for round in 0..ROUNDS {
        let done = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let name = format!("Round {round} writer {writer}");
                rt::spawn(write(server.origin.clone(), token.clone(), name, Arc::clone(&done)))
            })
            .collect();
        while done.load(Ordering::SeqCst) < ENOUGH {
            assert!(
                !writers.iter().all(rt::task::JoinHandle::is_finished),
                "nobody writes any more"
            );
            rt::time::sleep(Duration::from_millis(5)).await;
        }
        server.kill();
        let mut open = Vec::new();
        for writer in writers {
            let (acknowledged, last) = writer.await.unwrap();
            kept.extend(acknowledged);
            open.push(last);
        }

        server = Process::start(&url);
        let origin = server.origin.clone();
        let journal = entries(&origin).await;
        for (name, id) in &kept {
            let city = get(&origin, &format!("/api/v1/cities/{id}")).await;
            assert_eq!(city["name"], json!(name), "acknowledged and lost");
            assert_eq!(journal.get(id), Some(&1), "{name} in the journal");
        }
        for name in open {
            let response = add(&origin, &token, &name).await.unwrap();
            assert_eq!(response.status(), 201);
            let city = body(response).await;
            kept.insert(name, city["id"].as_str().unwrap().parse().unwrap());
        }
        for (name, id) in kept.iter().take(20) {
            let again = add(&origin, &token, name).await.unwrap();
            assert_eq!(again.headers()["idempotency-replayed"], "true");
            assert_eq!(body(again).await["id"], json!(id));
        }
        let page = get(&origin, "/api/v1/cities?count=true&limit=1").await;
        assert_eq!(page["total"], json!(kept.len()), "each once");
        assert_eq!(entries(&origin).await.len(), kept.len());
    }
}
