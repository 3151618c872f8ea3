//! The call of the demonstration whose results are published, and the grants that came of it: one that is under way with
//! its first instalment paid, one whose final report is overdue, and one file whose contract is still to be made.
//!
//! Dates, files and sums are made up; the funding rules are those of 2025.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Europe::Paris;
use serde_json::json;
use shared::applications::{ApplicationState, Outcome};
use shared::audit::Resource;
use shared::grants::{GrantLife, GrantMove, InstalmentRequest};
use shared::ids::FundingId;
use shared::programmes::CallState;
use shared::themes::Theme;
use uuid::Uuid;

use super::files::{Cities, GORIS, GRENOBLE, SEVAN, VIENNE};
use super::judged::{Told, file};
use super::{Call, forms, judged, texts, window};
use crate::applications::store::{ApplicationRecord, DecisionRecord, application};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Error;
use crate::grants::store::{self as grants, FundingRecord};
use crate::programmes::CallRecord;

/// The call's title.
const TITLE: &str = "MEAE 2025, soutien aux jumelages (démonstration)";

const RUNNING: &str = "Grenoble – Sevan : un atelier des métiers de l'eau";
const OVERDUE: &str = "Vienne – Goris : des archives partagées";

const FILES: [Told; 3] = [
    Told {
        title: RUNNING,
        cities: [GRENOBLE, SEVAN],
        country: "AM",
        themes: &[Theme::WaterAndWaste, Theme::Education],
        aim: "Ouvrir à Sevan un atelier où les agents du service des eaux se forment, avec ceux de Grenoble.",
        head: "training",
        cost: 80_000,
        asked: 40_000,
    },
    Told {
        title: OVERDUE,
        cities: [VIENNE, GORIS],
        country: "AM",
        themes: &[Theme::Culture],
        aim: "Numériser les archives des deux villes, et les montrer ensemble.",
        head: "equipment",
        cost: 50_000,
        asked: 25_000,
    },
    Told {
        title: "Grenoble – Goris : les jardins des écoles",
        cities: [GRENOBLE, GORIS],
        country: "AM",
        themes: &[Theme::Education, Theme::Climate],
        aim: "Six jardins d'école à Goris, menés avec les classes de Grenoble.",
        head: "missions",
        cost: 36_000,
        asked: 18_000,
    },
];

fn ago(now: DateTime<Utc>, days: u64) -> NaiveDate {
    now.with_timezone(&Paris).date_naive() - Days::new(days)
}

/// What the call says.
pub(super) fn call(now: DateTime<Utc>) -> Call {
    Call {
        title: texts(
            TITLE,
            "MEAE 2025, support for twinnings (demonstration)",
            "MEAE 2025, підтримка побратимств (демонстрація)",
        ),
        about: texts(
            "Appel de démonstration dont les résultats sont publiés : ses dossiers retenus sont conventionnés. Dates, dossiers et sommes sont inventés.",
            "A call of the demonstration whose results are published: what was accepted is under contract. Dates, files and sums are made up.",
            "Демонстраційний конкурс з оприлюдненими результатами: за схваленими заявками укладено угоди. Дати, заявки й суми вигадані.",
        ),
        state: CallState::ResultsPublished,
        window: window(ago(now, 560), ago(now, 500), 0),
        form: forms::meae_2024(),
        envelope_minor: Some(10_000_000),
        plan: judged::plan(),
    }
}

/// The call, as it was loaded.
///
/// # Errors
/// Those of the database.
pub(super) async fn published(db: &Db, now: DateTime<Utc>) -> Result<Option<CallRecord>, Error> {
    let calls = judged::calls_in(db, CallState::ResultsPublished, now).await?;
    let is_it = |call: &CallRecord| call.title.get("fr").is_some_and(|title| title == TITLE);
    Ok(calls.into_iter().find(is_it))
}

/// The files that were accepted, of those cities that are in the directory.
pub(super) fn files(cities: &Cities, call: &CallRecord) -> Result<Vec<ApplicationRecord>, Error> {
    let files: Result<Vec<ApplicationRecord>, Error> = FILES
        .iter()
        .zip(0..)
        .filter_map(|(told, number)| file(told, number, cities, call))
        .collect();
    let mut files = files?;
    for file in &mut files {
        file.state = ApplicationState::Accepted;
        file.version = 3;
        file.decision = Some(DecisionRecord {
            outcome: Outcome::Accepted,
            reason: "Décision de démonstration.".to_owned(),
            granted_minor: Some(file.budget.grant_asked_minor),
            decided_at: call.window.closes_at + Days::new(40),
            decided_by: None,
            waitlist_rank: None,
            waitlist_place: None,
        });
    }
    Ok(files)
}

/// Makes the grants that are missing; says how many.
///
/// # Errors
/// Those of the database.
pub(crate) async fn load_grants(db: &Db, clock: &Clock) -> Result<usize, Error> {
    let caller = Caller::system(clock.now());
    let Some(call) = published(db, caller.now).await? else {
        return Ok(0);
    };
    let mut made = Vec::new();
    for (title, number, contract, due) in [(RUNNING, 1, 300, None), (OVERDUE, 2, 440, Some(21))] {
        let Some(id) = super::store::file_of(db.read(), call.id, title).await? else {
            continue;
        };
        if grants::is_granted(db.read(), id).await? {
            continue;
        }
        if let Some(file) = application(db.read(), id).await? {
            let due = due.map(|days| ago(caller.now, days));
            made.extend(grant(&file, &call, number, (ago(caller.now, contract), due)));
        }
    }
    db.write(&caller, async |tx| {
        for grant in &made {
            grants::insert(tx, grant).await?;
            let details = json!({"application_id": grant.application_id, "awarded_minor": grant.awarded_minor});
            tx.record("create", Resource::Grant, grant.id.0, grant.version, details)
                .await?;
        }
        Ok(())
    })
    .await?;
    Ok(made.len())
}

/// A grant that both have signed, with its first instalment paid some weeks later.
fn grant(
    file: &ApplicationRecord,
    call: &CallRecord,
    number: u32,
    (contracted_on, due): (NaiveDate, Option<NaiveDate>),
) -> Option<FundingRecord> {
    let awarded_minor = file.decision.as_ref()?.granted_minor?;
    let signed = contracted_on.and_hms_opt(10, 0, 0)?.and_utc();
    let paid = signed + Days::new(35);
    let first = InstalmentRequest {
        number: 1,
        report: None,
    };
    let mut life = GrantLife::new(&call.rules, awarded_minor, (contracted_on, 1), due);
    let went = [
        (GrantMove::LeadSigns, signed),
        (GrantMove::FunderSigns, signed),
        (GrantMove::Request(&first), paid),
        (GrantMove::Approve(1), paid),
        (GrantMove::Pay(1), paid),
    ]
    .iter()
    .all(|(step, at)| life.go(step, *at));
    went.then(|| FundingRecord {
        id: FundingId(Uuid::now_v7()),
        version: 6,
        created_at: signed,
        updated_at: paid,
        application_id: file.id,
        call_id: call.id,
        programme_id: call.programme_id,
        lead_city_id: file.parties[0].city_id,
        reference: format!("DEMO-2025-{number:03}"),
        currency: file.currency.clone(),
        asked_minor: file.budget.grant_asked_minor,
        awarded_minor,
        life,
    })
}
