//! A server with a database of its own, and requests to it.

mod accounts;
pub(crate) mod applications;
mod cities;
pub(crate) mod smtp;
pub(crate) mod world;

use std::fmt::Debug;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::{HttpServer, rt};
use api::clock::Clock;
use api::db::Db;
use api::files::Files;
use api::http::Door;
use api::http::limits::Limits;
use api::http::spa::WebApp;
use api::platform::Platform;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Database};
use uuid::Uuid;

pub(crate) use accounts::{PASSWORD, Visitor, cookie_of};

/// How many rounds of a race: as many as the variable `RACE_ROUNDS` says, where somebody has the time for more.
#[expect(
    clippy::disallowed_methods,
    reason = "who has time is asked by a variable for more rounds"
)]
pub(crate) fn race_rounds(usual: usize) -> usize {
    let asked = std::env::var("RACE_ROUNDS").ok();
    asked.and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

/// The time at which every test begins: a Friday evening.
pub(crate) fn friday_evening() -> DateTime<Utc> {
    "2026-11-20T17:30:00Z".parse().unwrap()
}

/// A running server.
pub(crate) struct Server {
    pub(crate) platform: Platform,
    pub(crate) statements: Arc<AtomicU64>,
    url: String,
    address: SocketAddr,
    http: reqwest::Client,
    handle: actix_web::dev::ServerHandle,
    _folder: Option<Arc<tempfile::TempDir>>,
}

impl Server {
    /// Starts one on an empty, migrated database.
    pub(crate) async fn start() -> Self {
        let (url, folder) = fresh_database().await;
        let clock = Clock::fixed(friday_evening());
        Self::start_on(url, folder.map(Arc::new), clock, Files::in_memory()).await
    }

    /// Starts one that keeps documents there.
    pub(crate) async fn start_with_files(files: Files) -> Self {
        let (url, folder) = fresh_database().await;
        Self::start_on(url, folder.map(Arc::new), Clock::fixed(friday_evening()), files).await
    }

    /// Starts another process's worth of server on the same database, with the same clock.
    pub(crate) async fn start_beside(&self) -> Self {
        let platform = &self.platform;
        let (clock, files) = (platform.clock.clone(), platform.files.clone());
        Self::start_on(self.url.clone(), self._folder.clone(), clock, files).await
    }

    /// What another process would keep in memory, with this data folder.
    pub(crate) async fn platform_from(&self, folder: &Path) -> Platform {
        let db = Db::connect(&self.url).await.unwrap();
        let clock = self.platform.clock.clone();
        Platform::start_from(db, clock, Some(folder)).await.unwrap()
    }

    /// Changes the database behind the server's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let connection = Database::connect(&self.url).await.unwrap();
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    async fn start_on(url: String, folder: Option<Arc<tempfile::TempDir>>, clock: Clock, files: Files) -> Self {
        let statements = Arc::new(AtomicU64::new(0));
        let db = Db::connect(&url).await.unwrap().counting(Arc::clone(&statements));
        db.migrate().await.unwrap();
        let platform = Platform::start(db, clock).await.unwrap().with_files(files);
        let door = Door {
            platform: platform.clone(),
            limits: Arc::new(Limits::new(0)),
            web_app: Arc::new(WebApp::default()),
        };
        let server = HttpServer::new(move || api::http::app(&door))
            .workers(2)
            .disable_signals()
            .bind(("127.0.0.1", 0))
            .unwrap();
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        rt::spawn(server);
        Self {
            platform,
            statements,
            url,
            address,
            // A connection that rested is left before the server closes it.
            http: reqwest::Client::builder()
                .pool_idle_timeout(Duration::from_secs(2))
                .build()
                .unwrap(),
            handle,
            _folder: folder,
        }
    }

    /// A request to a path such as `/api/v1/cities`.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method.parse().unwrap(), format!("http://{}{path}", self.address))
    }

    /// Where it listens.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// GET, as anybody.
    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.request("GET", path).send().await.unwrap()
    }

    /// SQL statements so far.
    pub(crate) fn statement_count(&self) -> u64 {
        self.statements.load(Ordering::SeqCst)
    }

    /// Stops the server.
    pub(crate) async fn stop(self) {
        self.handle.stop(false).await;
    }
}

/// A database of the test's own: a file that goes with it, or a new database on the PostgreSQL server.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by a variable which database to use"
)]
pub(crate) async fn fresh_database() -> (String, Option<tempfile::TempDir>) {
    let Some(server) = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty()) else {
        let folder = tempfile::tempdir().unwrap();
        return (
            format!("sqlite://{}", folder.path().join("test.sqlite").display()),
            Some(folder),
        );
    };
    let name = format!("test_{}", Uuid::now_v7().simple());
    let admin = Database::connect(&server).await.unwrap();
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    admin.close().await.unwrap();
    let mut url: url::Url = server.parse().unwrap();
    url.set_path(&name);
    (url.to_string(), None)
}

/// Asks until the answer is `expected`, or five seconds are over: what another process wrote is seen within one.
pub(crate) async fn soon<T: PartialEq + Debug>(expected: T, ask: impl AsyncFn() -> T) {
    let mut seen = ask().await;
    for _ in 0..100 {
        if seen == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        seen = ask().await;
    }
    assert_eq!(seen, expected, "after five seconds");
}

/// The JSON of an answer, whose times all have milliseconds.
pub(crate) async fn json(response: reqwest::Response) -> serde_json::Value {
    let text = response.text().await.unwrap();
    let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_times(&value);
    value
}

fn assert_times(value: &serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            if let Ok(at) = DateTime::parse_from_rfc3339(text) {
                assert_eq!(*text, shared::time::text(&at.to_utc()), "a time on the wire");
            }
        }
        Value::Array(items) => items.iter().for_each(assert_times),
        Value::Object(fields) => fields.values().for_each(assert_times),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Asserts that an answer is a problem with this status and code.
pub(crate) async fn assert_problem(response: reqwest::Response, status: u16, code: &str) -> serde_json::Value {
    let got = response.status().as_u16();
    let media_type = response
        .headers()
        .get("content-type")
        .map(|value| value.to_str().unwrap().to_owned());
    let body = json(response).await;
    assert_eq!((got, body["code"].as_str()), (status, Some(code)), "{body}");
    assert_eq!(media_type.as_deref(), Some("application/problem+json"));
    body
}
