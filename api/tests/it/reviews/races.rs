use actix_web::rt;
use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::{ApplicationId, CityId};
use shared::partnerships::PartyRole;

use crate::support::applications::{Funder, call_draft, id, insert_file, ok};
use crate::support::{Server, Visitor};

/// Rounds of a race; each has a call with an envelope of its own.
const ROUNDS: usize = 40;
/// Officers who decide at once, on as many files.
const OFFICERS: usize = 6;
/// Files that the envelope of a round pays for.
const AFFORDABLE: usize = 3;
/// What each file asks for.
const EUROS: i64 = 100;

/// Officers at two processes on one database.
struct Race {
    server: Server,
    beside: Server,
    funder: Funder,
    officers: Vec<Visitor>,
    grenoble: CityId,
    sevan: CityId,
}

/// A call that is over, with its files.
struct Round {
    call: String,
    files: Vec<ApplicationId>,
}

impl Race {
    async fn start() -> Self {
        let server = Server::start().await;
        let funder = server.funder().await;
        let beside = server.start_beside().await;
        let grant = Grant::ProgrammeOfficer {
            programme_id: funder.programme,
        };
        let mut officers = Vec::new();
        for number in 0..OFFICERS {
            let officer = server.sign_in_as(grant).await;
            officers.push(if number % 2 == 0 { officer } else { officer.at(&beside) });
        }
        Self {
            grenoble: server.add_city("Grenoble", "FR").await,
            sevan: server.add_city("Sevan", "AM").await,
            server,
            beside,
            funder,
            officers,
        }
    }

    async fn round(&self) -> Round {
        let now = self.server.platform.clock.now();
        let window = json!({
            "opens_at": now - TimeDelta::hours(2),
            "closes_at": now - TimeDelta::hours(1),
            "zone": "Europe/Paris",
            "grace_s": 0,
        });
        let mut draft = call_draft(self.funder.programme, &self.funder.rules, &window);
        draft["envelope_minor"] = json!(AFFORDABLE as i64 * EUROS * 100);
        let call = ok(self.funder.officer.post("/api/v1/calls", &draft).await, 201).await;
        let call = format!("/api/v1/calls/{}", id(&call));
        let parties = [(self.grenoble, PartyRole::Lead), (self.sevan, PartyRole::Partner)];
        let mut files = Vec::new();
        for _ in 0..OFFICERS {
            let file = ("Dossier", &parties[..], EUROS);
            files.push(insert_file(&self.server, self.funder.programme, &call, file).await);
        }
        Round { call, files }
    }

    /// Lets every officer send its request at once; gives the statuses.
    async fn run(&self, requests: Vec<(String, i64, Value)>) -> Vec<u16> {
        let sent: Vec<_> = self
            .officers
            .iter()
            .cloned()
            .zip(requests)
            .map(|(officer, (path, version, body))| {
                rt::spawn(async move { officer.act(&path, version, &body).await.status().as_u16() })
            })
            .collect();
        let mut statuses = Vec::new();
        for answer in sent {
            statuses.push(answer.await.unwrap());
        }
        assert!(
            statuses.iter().all(|status| [200, 409].contains(status)),
            "{statuses:?}"
        );
        statuses
    }

    /// What was granted in a round, and to how many.
    async fn granted(&self, round: &Round) -> (i64, usize) {
        let path = format!("{}/committee", round.call);
        let sheet = ok(self.funder.officer.get(&path).await, 200).await;
        (
            sheet["committed_minor"].as_i64().unwrap(),
            sheet["accepted"].as_u64().unwrap() as usize,
        )
    }

    async fn stop(self) {
        self.beside.stop().await;
        self.server.stop().await;
    }
}

fn won(statuses: &[u16]) -> usize {
    statuses.iter().filter(|&&status| status == 200).count()
}

#[actix_web::test]
async fn however_many_officers_accept_at_once_exactly_what_the_envelope_holds_is_granted() {
    let race = Race::start().await;
    for _ in 0..ROUNDS {
        let round = race.round().await;
        let accept = json!({"outcome": "accepted", "reason": "Oui."});
        let requests = round
            .files
            .iter()
            .map(|file| (format!("/api/v1/applications/{file}/decide"), 1, accept.clone()));
        let statuses = race.run(requests.collect()).await;
        assert_eq!(won(&statuses), AFFORDABLE, "{statuses:?}");
        let whole = AFFORDABLE as i64 * EUROS * 100;
        assert_eq!(race.granted(&round).await, (whole, AFFORDABLE));
    }
    race.stop().await;
}

#[actix_web::test]
async fn decisions_in_bulk_that_overlap_are_made_whole_or_not_at_all() {
    let race = Race::start().await;
    for _ in 0..ROUNDS {
        let round = race.round().await;
        let requests = (0..OFFICERS).map(|number| {
            // Two files each, told in either order; neighbours want the same one.
            let mut files = [number, (number + 1) % OFFICERS];
            if number % 3 == 0 {
                files.reverse();
            }
            let items = files.map(|file| {
                json!({"application_id": round.files[file], "version": 1, "outcome": "accepted", "reason": "Oui."})
            });
            (format!("{}/decide", round.call), 1, json!({"items": items}))
        });
        let statuses = race.run(requests.collect()).await;
        // Two fit, and beside them no two more.
        assert_eq!(won(&statuses), 1, "{statuses:?}");
        assert_eq!(race.granted(&round).await, (2 * EUROS * 100, 2));
    }
    race.stop().await;
}

#[actix_web::test]
async fn one_by_one_and_in_bulk_at_once_never_pass_the_envelope() {
    let race = Race::start().await;
    for _ in 0..ROUNDS / 2 {
        let round = race.round().await;
        let requests = (0..OFFICERS).map(|number| {
            let file = round.files[number];
            if number % 2 == 0 {
                let accept = json!({"outcome": "accepted", "reason": "Oui."});
                (format!("/api/v1/applications/{file}/decide"), 1, accept)
            } else {
                let items = [number, (number + 2) % OFFICERS].map(|file| {
                    json!({"application_id": round.files[file], "version": 1, "outcome": "accepted", "reason": "Oui."})
                });
                (format!("{}/decide", round.call), 1, json!({"items": items}))
            }
        });
        let statuses = race.run(requests.collect()).await;
        let (granted, accepted) = race.granted(&round).await;
        assert_eq!(granted, accepted as i64 * EUROS * 100);
        assert!((2..=AFFORDABLE).contains(&accepted), "{accepted} of {statuses:?}");
    }
    race.stop().await;
}
