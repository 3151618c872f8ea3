//! The nine projects of the 2025 calls, loaded into an empty directory by a program that knows nothing but the API.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::accounts::{ClientScope, Grant};

use super::{create, path};
use crate::support::applications::{id, ok};
use crate::support::{Server, Visitor, assert_problem, json as body};

/// What the announcement tells, a party a line.
const PARTIES: &str = include_str!("../../../data/demo/aap2025_parties.csv");

#[derive(Debug, Clone, serde::Deserialize)]
struct Row {
    project: u8,
    side: String,
    name: String,
    kind: String,
    country: String,
    scheme: String,
    code: String,
    role: String,
    pair: Option<u8>,
}

fn rows() -> Vec<Row> {
    csv::Reader::from_reader(PARTIES.as_bytes())
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

impl Row {
    /// Its code as the API names it; the directory's own list of authorities that stand in no register is nobody else's.
    fn code(&self) -> Option<(&'static str, &str)> {
        let scheme = match self.scheme.as_str() {
            "insee" => "fr:insee",
            "insee-dep" => "fr:departement",
            "siren" => "fr:siren",
            "katottg" => "ua:katottg",
            "geonames" => "geonames",
            "iso3166-2" => "iso3166-2",
            _ => return None,
        };
        Some((scheme, &self.code))
    }

    fn kind(&self) -> &str {
        match self.kind.as_str() {
            "commune" => "municipality",
            "departement" => "department",
            "epci" => "intercommunality",
            other => other,
        }
    }

    /// Adds it where it belongs, and names it as a party.
    async fn add(&self, program: &Visitor) -> Value {
        let organisation = async |draft: Value| {
            let made = ok(program.post("/api/v1/organisations", &draft).await, 201).await;
            id(&made).to_owned()
        };
        match self.side.as_str() {
            "NET" => {
                let draft = json!({
                    "kind": "network", "name": self.name, "country": self.country,
                    "network_kind": "regional_multi_actor", "subdivisions": ["FR-38", "FR-73"],
                });
                json!({ "type": "network", "network_id": organisation(draft).await })
            }
            "ASSOC" => {
                let draft =
                    json!({ "kind": "actor", "name": self.name, "country": self.country, "actor_kind": self.kind });
                json!({ "type": "actor", "actor_id": organisation(draft).await })
            }
            _ => {
                let codes: Vec<Value> = self
                    .code()
                    .into_iter()
                    .map(|(scheme, value)| json!({ "scheme": scheme, "value": value }))
                    .collect();
                let draft = json!({ "kind": self.kind(), "name": self.name, "country": self.country, "codes": codes });
                let made = ok(program.post("/api/v1/cities", &draft).await, 201).await;
                json!({ "type": "city", "city_id": id(&made) })
            }
        }
    }
}

#[actix_web::test]
async fn a_program_loads_the_nine_projects_into_an_empty_directory() {
    let server = Server::start().await;
    let program = server.program(Grant::Admin, &[ClientScope::Read, ClientScope::Write]);
    let rows = rows();
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    for row in &rows {
        if !known.contains_key(&row.name) {
            known.insert(row.name.clone(), row.add(&program).await);
        }
    }
    let mut made: BTreeMap<u8, Value> = BTreeMap::new();
    for project in 1..=9 {
        let of: Vec<&Row> = rows.iter().filter(|row| row.project == project).collect();
        let parties: Vec<Value> = of
            .iter()
            .map(|row| json!({ "party": known[&row.name], "role": row.role }))
            .collect();
        let mut pairs: BTreeMap<u8, Vec<&Value>> = BTreeMap::new();
        for row in &of {
            if let Some(pair) = row.pair {
                pairs.entry(pair).or_default().push(&known[&row.name]["city_id"]);
            }
        }
        let pairings: Vec<Value> = pairs
            .values()
            .map(|both| json!({ "a": both[0], "b": both[1] }))
            .collect();
        let mut draft = json!({
            "name": format!("Projet {project}"), "kind": "project", "parties": parties, "pairings": pairings,
            "source": "RESACOOP, 25 août 2025",
        });
        match project {
            4 => {
                draft["platform"] = json!("IRAPA");
                draft["territories"] = json!(["Guégharkunik", "Syunik"]);
            }
            5 => {
                let twinning = json!({ "name": "Jumelage", "kind": "twinning", "parties": draft["parties"] });
                draft["parent_id"] = create(&program, &twinning).await["id"].clone();
            }
            8 => {
                let mut first = draft.clone();
                first["name"] = json!("Des montagnes et des lacs, phase 1");
                draft["predecessor_id"] = create(&program, &first).await["id"].clone();
            }
            _ => {}
        }
        made.insert(project, create(&program, &draft).await);
    }

    // Nine projects, fourteen French authorities, fourteen abroad, in nine countries; associated actors are counted apart.
    let (mut french, mut abroad, mut countries) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut associated, mut leading_networks) = (BTreeSet::new(), BTreeSet::new());
    for view in made.values() {
        let view = body(server.get(&path(view)).await).await;
        for party in view["parties"].as_array().unwrap() {
            let name = party["name"].as_str().unwrap().to_owned();
            let country = party["country"].as_str().unwrap().to_owned();
            match (party["party"]["type"].as_str().unwrap(), country.as_str()) {
                ("actor", _) => {
                    assert_eq!(
                        (&party["role"], &party["actor_kind"]),
                        (&json!("associated"), &json!("ngo"))
                    );
                    associated.insert(name);
                }
                ("network", _) => drop(leading_networks.insert(name)),
                (_, "FR") => drop(french.insert(name)),
                _ => {
                    abroad.insert(name);
                    countries.insert(country);
                }
            }
        }
    }
    assert_eq!(
        (made.len(), french.len(), abroad.len(), countries.len()),
        (9, 14, 14, 9)
    );
    assert_eq!(
        associated,
        BTreeSet::from(["Forum Réfugiés", "Tetraktys"].map(str::to_owned))
    );
    assert_eq!(leading_networks, BTreeSet::from(["RESACOOP".to_owned()]));
    let irapa = body(server.get("/api/v1/partnerships?platform=IRAPA&count=true").await).await;
    assert_eq!(irapa["total"], 1);
    let irapa = body(server.get(&path(&irapa["items"][0])).await).await;
    assert_eq!(irapa["pairings"].as_array().unwrap().len(), 3);
    assert_eq!(irapa["territories"], json!(["Guégharkunik", "Syunik"]));

    // From a twinning to its project, and from a phase to the next one.
    for (link, project) in [("parent_id", 5), ("predecessor_id", 8)] {
        let from = made[&project][link].as_str().unwrap();
        let found = body(
            server
                .get(&format!("/api/v1/partnerships?{link}={from}&count=true"))
                .await,
        )
        .await;
        assert_eq!(
            (&found["total"], &found["items"][0]["id"]),
            (&json!(1), &made[&project]["id"])
        );
        let before = format!("/api/v1/partnerships?{link}={from}&as_of=2026-01-01");
        assert_eq!(body(server.get(&before).await).await["items"], json!([]));
    }
    // Each authority is found by the code that it was added with.
    for row in &rows {
        if let (Some((scheme, value)), "FR" | "EXT") = (row.code(), row.side.as_str()) {
            let found = body(server.get(&format!("/api/v1/cities/{scheme}:{value}")).await).await;
            assert_eq!(found["id"], known[&row.name]["city_id"], "{}", row.name);
        }
    }
    // The network accompanies the cities of its region from now on, and the actor says what it is.
    let networks = body(server.get("/api/v1/networks?subdivision=FR-38").await).await;
    assert_eq!(networks["items"][0]["id"], known["RESACOOP"]["network_id"]);
    let actors = body(server.get("/api/v1/organisations?kind=actor").await).await;
    assert_eq!(actors["items"][1]["actor_kind"], "ngo");
    server.stop().await;
}

#[actix_web::test]
async fn those_who_make_partnerships_add_their_actors_and_nobody_else_does() {
    let server = Server::start().await;
    let city_id = server.add_city("Grenoble", "FR").await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id }).await;
    let actor = json!({ "kind": "actor", "name": "Tetraktys", "country": "FR", "actor_kind": "ngo" });
    let made = ok(staff.post("/api/v1/organisations", &actor).await, 201).await;
    assert_eq!((&made["kind"], &made["allowed"]), (&json!("actor"), &json!([])));
    let again = staff.post("/api/v1/organisations", &actor).await;
    assert_problem(again, 409, "already_exists").await;
    let network = json!({ "kind": "network", "name": "RESACOOP", "country": "FR", "network_kind": "european" });
    for draft in [&network, &json!({ "name": "Ministère", "country": "FR" })] {
        assert_problem(staff.post("/api/v1/organisations", draft).await, 403, "forbidden").await;
    }
    let reader = server
        .sign_in_as(Grant::Reviewer {
            programme_id: shared::ids::ProgrammeId(uuid::Uuid::now_v7()),
        })
        .await;
    assert_problem(reader.post("/api/v1/organisations", &actor).await, 403, "forbidden").await;

    let admin = server.sign_in_as(Grant::Admin).await;
    ok(admin.post("/api/v1/organisations", &network).await, 201).await;
    assert_problem(
        admin.post("/api/v1/organisations", &network).await,
        409,
        "already_exists",
    )
    .await;
    let nothing = json!({ "kind": "network", "name": "Lianes", "country": "FR", "actor_kind": "ngo" });
    let problem = assert_problem(admin.post("/api/v1/organisations", &nothing).await, 422, "invalid").await;
    let told: Vec<String> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            format!(
                "{} {}",
                error["pointer"].as_str().unwrap(),
                error["code"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(told, ["/network_kind required", "/actor_kind inconsistent"]);
    server.stop().await;
}
