//! Files of the demonstration: one that four cities are writing, and those that were handed in.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use shared::applications::ApplicationState;
use shared::audit::Resource;
use shared::budget::{Budget, BudgetLine, Contribution, ContributionKind, InKindTime};
use shared::ids::{ApplicationId, BudgetLineId};
use shared::partnerships::PartyRole;
use shared::programmes::CallState;
use shared::themes::Theme;
use uuid::Uuid;

use super::store::{self, Known};
use super::{MEAE, STAFF_HOUR, STAFF_TIME, granted, judged};
use crate::applications::content::content;
use crate::applications::service::words;
use crate::applications::store::{ApplicationRecord, PartyRecord, insert_application};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::hash::sha256;
use crate::programmes::calls::store::{CallScope, list_calls};
use crate::programmes::{self, CallRecord};

pub(super) const GRENOBLE: (&str, &str) = ("fr:insee", "38185");
pub(super) const SEVAN: (&str, &str) = ("geonames", "616250");
pub(super) const VIENNE: (&str, &str) = ("fr:insee", "38544");
pub(super) const GORIS: (&str, &str) = ("geonames", "174895");
pub(super) const CLERMONT: (&str, &str) = ("fr:insee", "63113");
pub(super) const KREMENCHUK: (&str, &str) = ("ua:katottg", "UA53020110010031694");

/// The title of the draft.
const DRAFT: &str = "IRAPA : développement intégré du Guégharkunik et du Syunik";

pub(super) type Cities = HashMap<(String, String), Known>;

/// Adds the files that are missing, of those cities that are in the directory; says how many.
///
/// # Errors
/// Those of the database.
pub(super) async fn load(db: &Db, clock: &Clock) -> Result<usize, Error> {
    let caller = Caller::system(clock.now());
    let codes = [GRENOBLE, SEVAN, VIENNE, GORIS, CLERMONT, KREMENCHUK];
    let cities = store::cities_by_code(db.read(), &codes).await?;
    let mut files: Vec<ApplicationRecord> = Vec::new();
    if let Some(call) = open_call(db, caller.now).await? {
        files.extend(being_written(&cities, &call, caller.now));
    }
    if let Some(call) = judged::call(db, caller.now).await? {
        files.extend(handed_in(&cities, &call)?);
        files.extend(judged::files(&cities, &call)?);
    }
    if let Some(call) = granted::published(db, caller.now).await? {
        files.extend(granted::files(&cities, &call)?);
    }
    let mut added = 0;
    for file in files {
        if !store::has_file(db.read(), file.call_id, &file.title).await? {
            db.write(&caller, async |tx| add(tx, &file, &cities).await).await?;
            added += 1;
        }
    }
    Ok(added)
}

/// The draft of four cities, where it is there.
///
/// # Errors
/// Those of the database.
pub(crate) async fn draft(db: &Db, now: DateTime<Utc>) -> Result<Option<ApplicationId>, Error> {
    match open_call(db, now).await? {
        Some(call) => store::file_titled(db.read(), call.id, DRAFT).await,
        None => Ok(None),
    }
}

async fn open_call(db: &Db, now: DateTime<Utc>) -> Result<Option<CallRecord>, Error> {
    let Some(programme) = programmes::store::programme_named(db.read(), MEAE).await? else {
        return Ok(None);
    };
    let scope = CallScope {
        programme_id: Some(programme.id),
        state: Some(CallState::Open),
        open: true,
        drafts_of: None,
    };
    let (calls, _) = list_calls(db, &scope, now, None, 1).await?;
    Ok(calls.into_iter().next())
}

async fn add(tx: &Tx<'_>, file: &ApplicationRecord, cities: &Cities) -> Result<(), Error> {
    let names = file
        .parties
        .iter()
        .filter_map(|party| cities.values().find(|city| city.id == party.city_id))
        .flat_map(|city| city.names.clone());
    insert_application(tx, file, words(&file.title, names)).await?;
    let details = json!({"call_id": file.call_id, "cities": file.parties.len()});
    tx.record("create", Resource::Application, file.id.0, 1, details)
        .await?;
    if let Some(sha256) = &file.receipt_sha256 {
        let details = json!({"sha256": sha256, "call_id": file.call_id});
        tx.record("submit", Resource::Application, file.id.0, file.version, details)
            .await?;
    }
    Ok(())
}

/// The cities of a file, the lead first; none where one of them is not in the directory.
pub(super) fn parties(cities: &Cities, codes: &[(&str, &str)]) -> Option<Vec<PartyRecord>> {
    let roles = std::iter::once(PartyRole::Lead).chain(std::iter::repeat(PartyRole::Partner));
    codes
        .iter()
        .zip(roles)
        .map(|(code, role)| {
            Some(PartyRecord {
                city_id: known(cities, *code)?.id,
                role,
                signed_off_at: None,
                signed_sha256: None,
            })
        })
        .collect()
}

pub(super) fn known<'a>(cities: &'a Cities, (scheme, value): (&str, &str)) -> Option<&'a Known> {
    cities.get(&(scheme.to_owned(), value.to_owned()))
}

pub(super) fn answers(told: &[(&str, &str)]) -> BTreeMap<String, String> {
    told.iter()
        .map(|&(key, text)| (key.to_owned(), text.to_owned()))
        .collect()
}

pub(super) fn line(head: &str, label: &str, country: &str, euros: i64) -> BudgetLine {
    BudgetLine {
        id: Some(BudgetLineId(Uuid::now_v7())),
        head: head.to_owned(),
        label: label.to_owned(),
        country: country.to_owned(),
        amount_minor: euros * 100,
    }
}

pub(super) fn pays(city: &Known, kind: ContributionKind, label: &str, euros: i64) -> Contribution {
    Contribution {
        city_id: Some(city.id),
        label: label.to_owned(),
        country: city.country.clone(),
        kind,
        head: None,
        time: None,
        amount_minor: euros * 100,
    }
}

/// Hours of a city's staff, at what the rules of the demonstration value them at.
fn gives(city: &Known, label: &str, hours: i64) -> Contribution {
    Contribution {
        time: Some(InKindTime {
            rate: STAFF_TIME.to_owned(),
            quantity_hundredths: hours * 100,
        }),
        ..pays(city, ContributionKind::InKind, label, hours * STAFF_HOUR)
    }
}

fn being_written(cities: &Cities, call: &CallRecord, now: DateTime<Utc>) -> Option<ApplicationRecord> {
    let parties = parties(cities, &[GRENOBLE, SEVAN, VIENNE, GORIS])?;
    let mut file = ApplicationRecord::empty(call, DRAFT, parties, now);
    file.themes = vec![Theme::LocalPolicies, Theme::Culture];
    file.answers = answers(&[
        (
            "context",
            "La plateforme IRAPA réunit des collectivités rhônalpines et arméniennes : Grenoble et Sevan, Vienne et Goris. \
             Les deux villes arméniennes souhaitent renforcer leurs services et mieux accueillir les visiteurs.",
        ),
        (
            "objectives",
            "1. Des services municipaux mieux organisés à Sevan et à Goris. 2. Un patrimoine mis en valeur avec les habitants.",
        ),
    ]);
    let (grenoble, vienne) = (known(cities, GRENOBLE)?, known(cities, VIENNE)?);
    file.budget = Budget {
        lines: vec![
            line("missions", "Missions techniques à Sevan et à Goris", "AM", 24_000),
            line("training", "Ateliers avec les services municipaux", "AM", 18_000),
            line("communication", "Restitution publique à Grenoble", "FR", 6_000),
        ],
        contributions: vec![
            pays(grenoble, ContributionKind::Cash, "Ville de Grenoble", 8_000),
            pays(vienne, ContributionKind::InKind, "Temps d'agents de Vienne", 4_000),
        ],
        grant_asked_minor: 0,
    };
    Some(file)
}

fn handed_in(cities: &Cities, call: &CallRecord) -> Result<Option<ApplicationRecord>, Error> {
    let Some(parties) = parties(cities, &[CLERMONT, KREMENCHUK]) else {
        return Ok(None);
    };
    let (Some(clermont), Some(kremenchuk)) = (known(cities, CLERMONT), known(cities, KREMENCHUK)) else {
        return Ok(None);
    };
    let title = "Clermont-Ferrand – Krementchouk : une école de la reconstruction";
    let at = call.window.closes_at - TimeDelta::hours(3);
    let mut file = ApplicationRecord::empty(call, title, parties, at);
    file.themes = vec![Theme::Reconstruction, Theme::Education, Theme::Youth];
    file.answers = answers(&[
        (
            "context",
            "Les deux villes sont jumelées. Krementchouk demande un appui pour remettre en service des bâtiments publics.",
        ),
        (
            "objectives",
            "Former quarante agents aux diagnostics de bâtiments, et rouvrir une école de quartier.",
        ),
        (
            "activities",
            "Deux sessions de formation à Krementchouk, une à distance, et l'équipement d'un atelier de maintenance.",
        ),
        (
            "governance",
            "Un comité des deux villes se réunit chaque trimestre ; chaque ville nomme une élue ou un élu référent.",
        ),
    ]);
    file.budget = Budget {
        lines: vec![
            line("equipment", "Atelier de maintenance", "UA", 60_000),
            line("training", "Formations aux diagnostics", "UA", 20_000),
            line("missions", "Missions des équipes", "UA", 10_000),
        ],
        contributions: vec![
            pays(clermont, ContributionKind::Cash, "Ville de Clermont-Ferrand", 25_000),
            gives(clermont, "Temps d'agents", 400),
            pays(kremenchuk, ContributionKind::Cash, "Ville de Krementchouk", 8_000),
        ],
        grant_asked_minor: 4_500_000,
    };
    sign_and_hand_in(&mut file, call, at)?;
    Ok(Some(file))
}

/// Every city agrees to what the file says, and it is handed in.
pub(super) fn sign_and_hand_in(
    file: &mut ApplicationRecord,
    call: &CallRecord,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let said = content(file, call)?;
    let hash = sha256(&said);
    for party in &mut file.parties {
        party.signed_off_at = Some(at);
        party.signed_sha256 = Some(hash.clone());
    }
    file.version = 2;
    file.state = ApplicationState::Submitted;
    file.submitted_at = Some(at);
    file.receipt_content = Some(said);
    file.receipt_sha256 = Some(hash);
    Ok(())
}
