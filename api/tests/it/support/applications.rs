//! A funder with an open call, and cities that apply together.

use api::applications::store::{ApplicationRecord, PartyRecord, SearchWords, insert_application};
use api::caller::Caller;
use api::directory::fold::fold;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::applications::ApplicationState;
use shared::budget::{Budget, BudgetLine, Contribution, ContributionKind};
use shared::ids::{ApplicationId, CallId, CityId, ProgrammeId};
use shared::partnerships::PartyRole;
use shared::themes::Theme;
use uuid::Uuid;

use super::accounts::Visitor;
use super::{Server, friday_evening, json as body_of};

const MEAE_2025: &str = include_str!("../../../data/rules/meae_2025.json");
const INSPIRE_2022: &str = include_str!("../../../data/rules/inspire_2022.json");

/// A programme with rules and a call.
pub(crate) struct Funder {
    pub(crate) admin: Visitor,
    pub(crate) officer: Visitor,
    pub(crate) programme: ProgrammeId,
    pub(crate) rules: Value,
    /// The call as it was opened.
    pub(crate) call: Value,
}

/// The body of an answer with this status.
pub(crate) async fn ok(response: reqwest::Response, status: u16) -> Value {
    let got = response.status().as_u16();
    let body = if got == 204 {
        Value::Null
    } else {
        body_of(response).await
    };
    assert_eq!(got, status, "{body}");
    body
}

/// The version of a thing.
pub(crate) fn version(thing: &Value) -> i64 {
    thing["version"].as_i64().unwrap()
}

/// The id of a thing.
pub(crate) fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap()
}

/// A window around now: an hour ago to five minutes from now, with a minute's grace.
pub(crate) fn window(now: DateTime<Utc>) -> Value {
    json!({
        "opens_at": now - TimeDelta::hours(1),
        "closes_at": now + TimeDelta::minutes(5),
        "zone": "Europe/Paris",
        "grace_s": 60,
    })
}

/// A call to be, with one question that has to be answered and one that has not.
pub(crate) fn call_draft(programme: ProgrammeId, rules: &Value, window: &Value) -> Value {
    json!({
        "programme_id": programme,
        "title": {"fr": "Appel 2025", "uk": "Конкурс 2025"},
        "window": window,
        "rule_set_id": rules["id"],
        "questions": [
            {"key": "objectives", "label": {"fr": "Objectifs ?"}, "required": true, "max_length": 50},
            {"key": "more", "label": {"fr": "Autre chose ?"}, "required": false, "max_length": 50},
        ],
    })
}

/// The statements that a read costs.
pub(crate) async fn statements_of(server: &Server, visitor: &Visitor, path: &str) -> u64 {
    fewest_statements(server, async || drop(ok(visitor.get(path).await, 200).await)).await
}

/// The statements that something costs: the fewest of some tries, for the journal is followed by statements too.
pub(crate) async fn fewest_statements(server: &Server, read: impl AsyncFn()) -> u64 {
    let mut fewest = u64::MAX;
    for _ in 0..5 {
        let before = server.statement_count();
        read().await;
        fewest = fewest.min(server.statement_count() - before);
    }
    fewest
}

impl Funder {
    /// The officer moves a call, whose deadline is over, on until its results are published.
    pub(crate) async fn publish(&self, call: &str) {
        loop {
            let call_now = ok(self.officer.get(call).await, 200).await;
            if call_now["state"] == "results_published" {
                return;
            }
            let to = json!({"to": call_now["next_states"][0]});
            let moved = self
                .officer
                .act(&format!("{call}/advance"), version(&call_now), &to)
                .await;
            ok(moved, 200).await;
        }
    }

    /// `/api/v1/calls/{id}` of its call.
    pub(crate) fn call_path(&self) -> String {
        format!("/api/v1/calls/{}", id(&self.call))
    }
}

impl Server {
    /// A funder with the ministry's rules of 2025 and a call that is open.
    pub(crate) async fn funder(&self) -> Funder {
        self.funder_with(MEAE_2025).await
    }

    /// A funder with the rules of 2025 and values of time given in kind, and a call that is open.
    pub(crate) async fn funder_that_values_time(&self) -> Funder {
        let mut rules: Value = serde_json::from_str(MEAE_2025).unwrap();
        rules["in_kind_rates"] = json!([
            {"code": "staff", "label": {"fr": "Temps d'agents"}, "unit": "hour", "amount_minor": 3_333},
            {"code": "elected", "label": {"fr": "Temps d'élus"}, "unit": "day", "amount_minor": 20_000},
        ]);
        self.funder_with(&rules.to_string()).await
    }

    /// A funder with the rules of INSPIRE and a call that is open.
    pub(crate) async fn inspire(&self) -> Funder {
        self.funder_with(INSPIRE_2022).await
    }

    async fn funder_with(&self, rules: &str) -> Funder {
        let admin = self.sign_in_as(Grant::Admin).await;
        let programme = json!({"name": {"fr": "Programme"}, "funders": ["MEAE"]});
        let programme = ok(admin.post("/api/v1/programmes", &programme).await, 201).await;
        let programme_id: ProgrammeId = id(&programme).parse().unwrap();
        let officer = self.sign_in_as(Grant::ProgrammeOfficer { programme_id }).await;
        let rules: Value = serde_json::from_str(rules).unwrap();
        let path = format!("/api/v1/programmes/{programme_id}/rule-sets");
        let rules = ok(officer.post(&path, &rules).await, 201).await;
        let draft = call_draft(programme_id, &rules, &window(self.platform.clock.now()));
        let call = ok(officer.post("/api/v1/calls", &draft).await, 201).await;
        let path = format!("/api/v1/calls/{}/advance", id(&call));
        let call = ok(officer.act(&path, 1, &json!({"to": "open"})).await, 200).await;
        Funder {
            admin,
            officer,
            programme: programme_id,
            rules,
            call,
        }
    }

    /// A city with somebody who works for it.
    pub(crate) async fn staffed_city(&self, name: &str, country: &str) -> (CityId, Visitor) {
        let city_id = self.add_city(name, country).await;
        (city_id, self.sign_in_as(Grant::CityStaff { city_id }).await)
    }
}

/// Two cities of two countries with a file.
pub(crate) struct Applicants {
    pub(crate) grenoble: CityId,
    pub(crate) sevan: CityId,
    pub(crate) lead: Visitor,
    pub(crate) partner: Visitor,
    /// `/api/v1/applications/{id}`.
    pub(crate) path: String,
}

/// A budget that keeps the rules of 2025 in Armenia: half of it granted, the rest paid by the lead.
pub(crate) fn sound_budget(lead: CityId) -> Value {
    json!({
        "lines": [{"head": "training", "label": "Ateliers", "country": "AM", "amount_minor": 1_000_001}],
        "contributions": [
            {"city_id": lead, "label": "", "country": "FR", "kind": "cash", "amount_minor": 300_001},
            {"city_id": lead, "label": "", "country": "FR", "kind": "in_kind", "amount_minor": 200_000},
        ],
        "grant_asked_minor": 500_000,
    })
}

impl Applicants {
    /// A draft of both cities, empty; begun while the call is open.
    pub(crate) async fn begin(server: &Server, funder: &Funder) -> Self {
        server.platform.clock.set(friday_evening());
        let (grenoble, lead) = server.staffed_city("Grenoble", "FR").await;
        let (sevan, partner) = server.staffed_city("Sevan", "AM").await;
        let draft = json!({"call_id": funder.call["id"], "lead_city_id": grenoble, "title": "Eau"});
        let file = ok(lead.post("/api/v1/applications", &draft).await, 201).await;
        let path = format!("/api/v1/applications/{}", id(&file));
        let parties = json!({"items": [
            {"city_id": sevan, "role": "partner"},
            {"city_id": grenoble, "role": "lead"},
        ]});
        ok(lead.put(&format!("{path}/parties"), 1, &parties).await, 200).await;
        Self {
            grenoble,
            sevan,
            lead,
            partner,
            path,
        }
    }

    /// A draft that lacks nothing but the agreements.
    pub(crate) async fn complete(server: &Server, funder: &Funder) -> Self {
        let this = Self::begin(server, funder).await;
        let patch = json!({"answers": {"objectives": "De l'eau pour tous"}, "themes": ["water-and-waste"]});
        let file = ok(this.lead.patch(&this.path, 2, &patch).await, 200).await;
        let budget = sound_budget(this.grenoble);
        let path = this.at("budget");
        ok(this.lead.put(&path, version(&file), &budget).await, 200).await;
        this
    }

    /// A draft that both have signed off; answers with it.
    pub(crate) async fn signed(server: &Server, funder: &Funder) -> (Self, Value) {
        let this = Self::complete(server, funder).await;
        let file = this.sign_all().await;
        (this, file)
    }

    /// A file that was handed in, once the deadline is over and its funder may see it; answers with it.
    pub(crate) async fn handed_in(server: &Server, funder: &Funder) -> (Self, Value) {
        let (this, file) = Self::sealed(server, funder).await;
        server.platform.clock.set(friday_evening() + TimeDelta::minutes(7));
        (this, file)
    }

    /// A file that was handed in before the deadline; answers with it.
    pub(crate) async fn sealed(server: &Server, funder: &Funder) -> (Self, Value) {
        let (this, file) = Self::signed(server, funder).await;
        let file = ok(this.act("submit", &file).await, 200).await;
        (this, file)
    }

    /// The path of a part or action of the file.
    pub(crate) fn at(&self, part: &str) -> String {
        format!("{}/{part}", self.path)
    }

    /// The file, as the lead sees it.
    pub(crate) async fn read(&self) -> Value {
        ok(self.lead.get(&self.path).await, 200).await
    }

    /// The lead acts on the version of `file`.
    pub(crate) async fn act(&self, action: &str, file: &Value) -> reqwest::Response {
        self.lead.act(&self.at(action), version(file), &json!({})).await
    }

    /// Both agree to what the file says now.
    pub(crate) async fn sign_all(&self) -> Value {
        let mut file = self.read().await;
        for (city, staff) in [(self.grenoble, &self.lead), (self.sevan, &self.partner)] {
            let path = self.at("sign-off");
            file = ok(staff.act(&path, version(&file), &json!({"city_id": city})).await, 200).await;
        }
        file
    }
}

/// A file that was handed in, with its title, its cities and what it asks for: straight into the database.
pub(crate) async fn insert_file(
    server: &Server,
    programme: ProgrammeId,
    call: &str,
    (title, parties, euros): (&str, &[(CityId, PartyRole)], i64),
) -> ApplicationId {
    let caller = Caller::system(server.platform.clock.now());
    let call: CallId = call.rsplit('/').next().unwrap().parse().unwrap();
    let line = |amount_minor| BudgetLine {
        id: None,
        head: "training".into(),
        label: "Ateliers de Sevan".into(),
        country: "AM".into(),
        amount_minor,
    };
    let pays = Contribution {
        city_id: Some(parties[0].0),
        label: "Ville de Grenoble".into(),
        country: "FR".into(),
        kind: ContributionKind::Cash,
        head: None,
        time: None,
        amount_minor: euros * 100,
    };
    let record = ApplicationRecord {
        id: ApplicationId(Uuid::now_v7()),
        version: 1,
        updated_at: caller.now,
        call_id: call,
        programme_id: programme,
        partnership_id: None,
        state: ApplicationState::Submitted,
        title: title.into(),
        answers: [("objectives".to_owned(), "De l'eau à SEVAN, avec Grenoble.".to_owned())].into(),
        prefilled: Default::default(),
        themes: vec![Theme::WaterAndWaste],
        budget: Budget {
            lines: vec![line(euros * 200)],
            contributions: vec![pays],
            grant_asked_minor: euros * 100,
        },
        currency: "EUR".into(),
        submitted_at: Some(caller.now),
        receipt_content: None,
        receipt_sha256: None,
        decision: None,
        correction: None,
        is_correction: false,
        reopenings: Vec::new(),
        deleted_at: None,
        parties: parties
            .iter()
            .map(|&(city_id, role)| PartyRecord {
                city_id,
                role,
                signed_off_at: None,
                signed_sha256: None,
            })
            .collect(),
        attachments: Vec::new(),
    };
    let found = SearchWords {
        title_key: fold(title),
        search_key: fold(&format!("{title}\nGrenoble\nSevan")),
    };
    let db = &server.platform.db;
    db.write(&caller, async |tx| insert_application(tx, &record, found.clone()).await)
        .await
        .unwrap();
    record.id
}
