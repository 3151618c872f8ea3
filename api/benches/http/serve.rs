//! The two servers: a bare one, and ours with a directory of its own. They end when their parent does.

use std::io::{Read, Write};
use std::sync::Arc;

use actix_web::{App, HttpResponse, HttpServer, web};
use api::caller::Caller;
use api::clock::Clock;
use api::db::Db;
use api::db::entity::{city, city_code, city_statement};
use api::directory::fold;
use api::http::Door;
use api::http::limits::Limits;
use api::http::spa::WebApp;
use api::platform::Platform;
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use shared::accounts::{ClientScope, Grant};
use shared::ids::{ApiClientId, CityId, StatementId};
use shared::themes::Theme;
use uuid::Uuid;

/// Rows in one statement.
const ROWS: usize = 1_000;
/// Cities that the benchmark reads.
const READ: usize = 50;

/// Ends the process when its parent is gone.
fn end_with_parent() {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
}

fn tell(lines: &[String]) {
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}").unwrap();
    }
    writeln!(out, "ready").unwrap();
    out.flush().unwrap();
}

/// A bare actix server.
pub(crate) fn hello() {
    end_with_parent();
    actix_web::rt::System::new().block_on(async {
        let greet = || async { HttpResponse::Ok().body("Hello!") };
        let server = HttpServer::new(move || App::new().route("/", web::get().to(greet)))
            .bind(("127.0.0.1", 0))
            .unwrap();
        tell(&[server.addrs()[0].port().to_string()]);
        server.run().await.unwrap();
    });
}

/// Our server with a generated directory.
pub(crate) fn api(cities: usize) {
    end_with_parent();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("bench.sqlite").display());
    actix_web::rt::System::new().block_on(async {
        let db = Db::connect(&url).await.unwrap();
        db.migrate().await.unwrap();
        let ids = fill(&db, cities).await;
        let began = std::time::Instant::now();
        let platform = Platform::start(db, Clock::System).await.unwrap();
        eprintln!("{cities} cities loaded in {:?}", began.elapsed());
        let token = platform
            .tokens
            .for_client(
                ApiClientId(Uuid::now_v7()),
                vec![ClientScope::Read, ClientScope::Write],
                Grant::Admin,
                platform.clock.now(),
            )
            .unwrap();
        let door = Door {
            platform,
            limits: Arc::new(Limits::new(u32::MAX)),
            web_app: Arc::new(WebApp::default()),
        };
        let server = HttpServer::new(move || api::http::app(&door))
            .bind(("127.0.0.1", 0))
            .unwrap();
        let mut told = vec![server.addrs()[0].port().to_string(), token];
        told.extend(ids.iter().take(READ).map(ToString::to_string));
        tell(&told);
        server.run().await.unwrap();
    });
}

/// Fills the directory with cities whose names and facts only look like chance.
async fn fill(db: &Db, count: usize) -> Vec<CityId> {
    let caller = Caller::system(Clock::System.now());
    let mut chance = Chance(7);
    let mut ids = Vec::with_capacity(count);
    for from in (0..count).step_by(ROWS) {
        let (mut rows, mut codes, mut statements) = (Vec::new(), Vec::new(), Vec::new());
        for number in from..count.min(from + ROWS) {
            let id = CityId(Uuid::now_v7());
            ids.push(id);
            rows.push(city_row(id, number, &mut chance, &caller));
            codes.push(city_code::ActiveModel {
                id: Set(Uuid::now_v7()),
                city_id: Set(id),
                scheme: Set("bench".to_owned()),
                value: Set(number.to_string()),
                valid_from: Set(None),
                valid_to: Set(None),
            });
            for (side, at) in [("need", chance.below(8)), ("offer", 8 + chance.below(8))] {
                statements.push(city_statement::ActiveModel {
                    id: Set(StatementId(Uuid::now_v7())),
                    city_id: Set(id),
                    side: Set(side.to_owned()),
                    position: Set(0),
                    theme: Set(Theme::ALL[at].slug().to_owned()),
                    urgency: Set("medium".to_owned()),
                    sentence: Set("What we would like to do together.".to_owned()),
                    place: Set(None),
                });
            }
        }
        db.write(&caller, async |tx| {
            city::Entity::insert_many(rows)
                .exec_without_returning(tx.conn())
                .await?;
            city_code::Entity::insert_many(codes)
                .exec_without_returning(tx.conn())
                .await?;
            city_statement::Entity::insert_many(statements)
                .exec_without_returning(tx.conn())
                .await?;
            Ok(())
        })
        .await
        .unwrap();
    }
    ids
}

fn city_row(id: CityId, number: usize, chance: &mut Chance, caller: &Caller) -> city::ActiveModel {
    let (name, label) = (chance.name(), chance.name());
    let mut keys = fold::keys(&name);
    keys.extend(fold::keys(&label));
    keys.push(number.to_string());
    city::ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(caller.now),
        updated_at: Set(caller.now),
        kind: Set("municipality".to_owned()),
        name: Set(name),
        labels: Set(serde_json::json!({ "uk": label })),
        country: Set(["FR", "UA", "AM", "DE", "PL"][chance.below(5)].to_owned()),
        subdivision: Set(None),
        population: Set(Some(i64::try_from(chance.below(1_000_000)).unwrap())),
        lat: Set(Some(40.0 + chance.below(1_000) as f64 / 100.0)),
        lng: Set(Some(chance.below(4_000) as f64 / 100.0)),
        parent_id: Set(None),
        network_id: Set(None),
        open_to_partners: Set(true),
        descriptions: Set(serde_json::json!({"fr": "Une ville de notre annuaire, avec ses projets.".repeat(5)})),
        languages: Set(serde_json::json!(["fr", "en"])),
        looking_for: Set(serde_json::json!({"countries": [], "levels": [], "engagement": null})),
        website: Set(Some("https://www.example.org".to_owned())),
        search_keys: Set(keys.join("\n")),
    }
}

/// Numbers that only look like chance: the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn name(&mut self) -> String {
        const SYLLABLES: [&str; 24] = [
            "Gre", "no", "ble", "Saint ", "kre", "men", "lyo", "mon", "pol", "vil", "den", "ter", "quin", "xan",
            "les ", "sur ", "zer", "ka", "mir", "ost", "grad", "ба", "хар", "ків",
        ];
        (0..4).map(|_| SYLLABLES[self.below(SYLLABLES.len())]).collect()
    }
}
