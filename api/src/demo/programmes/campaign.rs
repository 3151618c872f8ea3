//! The campaign of 2025 of the demonstration: ten calls with as many files as the ministry tells, and as many supported.
//!
//! How many files there are, and how many were supported, is what was announced on 25 August 2025; cities, titles and sums
//! are made up, and each title says so. The figures themselves are computed from the rows. All but one call have made the
//! contracts of what they support.

use chrono::{DateTime, Days, Utc};
use serde_json::json;
use shared::applications::{ApplicationState, Outcome};
use shared::audit::Resource;
use shared::budget::{Budget, ContributionKind};
use shared::campaigns::{CampaignClaim, CampaignSummary};
use shared::grants::FundingDraft;
use shared::ids::{CallId, CampaignId};
use shared::partnerships::PartyRole;
use shared::programmes::CallState;
use shared::themes::Theme;
use uuid::Uuid;

use super::files::{answers, line, pays, sign_and_hand_in};
use super::store::{self, Known};
use super::{Call, MEAE, add_call, day, forms, judged, texts, window};
use crate::applications::service::words;
use crate::applications::store::{ApplicationRecord, DecisionRecord, PartyRecord, insert_applications};
use crate::caller::Caller;
use crate::campaigns::store::{self as campaigns, CampaignRecord};
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::grants::service::contracted;
use crate::grants::store::{FundingRecord, insert_many as insert_grants};
use crate::programmes::CallRecord;
use crate::programmes::calls::store::call as call_of;

/// The year of the campaign.
const YEAR: i32 = 2025;
/// Cities of France that lead, and cities elsewhere: fewer in the directory make no campaign.
const CITIES: usize = 40;
/// Files of the first call that wait for money, behind those that were supported.
const WAITING: usize = 2;
/// The call whose supported files wait for their contracts, to be made together.
const WITHOUT_CONTRACTS: [&str; 3] = [
    "jumelages d'avenir",
    "twinnings of tomorrow",
    "побратимства майбутнього",
];
/// Where the partners are.
const COUNTRIES: [&str; 12] = ["SN", "MA", "BJ", "TG", "MG", "VN", "GE", "UA", "LB", "CO", "BR", "CA"];

/// A call of the campaign: its subject, its theme, and how many files it had and supported.
struct Told {
    subject: [&'static str; 3],
    theme: Theme,
    files: usize,
    supported: usize,
}

const fn told(subject: [&'static str; 3], theme: Theme, files: usize, supported: usize) -> Told {
    Told {
        subject,
        theme,
        files,
        supported,
    }
}

/// Nine calls beside that of the twinnings, which has three files.
const CALLS: [Told; 9] = [
    told(["jeunesse", "youth", "молодь"], Theme::Youth, 28, 15),
    told(["climat", "climate", "клімат"], Theme::Climate, 22, 12),
    told(
        ["eau et déchets", "water and waste", "вода та відходи"],
        Theme::WaterAndWaste,
        20,
        12,
    ),
    told(
        ["culture et patrimoine", "culture and heritage", "культура та спадщина"],
        Theme::Culture,
        18,
        10,
    ),
    told(["éducation", "education", "освіта"], Theme::Education, 17, 10),
    told(
        ["économie locale", "local economy", "місцева економіка"],
        Theme::LocalEconomy,
        15,
        8,
    ),
    told(
        ["politiques locales", "local policies", "місцева політика"],
        Theme::LocalPolicies,
        14,
        8,
    ),
    told(
        ["reconstruction", "reconstruction", "відбудова"],
        Theme::Reconstruction,
        12,
        7,
    ),
    told(WITHOUT_CONTRACTS, Theme::Youth, 9, 6),
];

/// Adds the campaign with its calls and files where it is missing and the directory has cities enough; says how many
/// things were added.
///
/// # Errors
/// Those of the database.
pub async fn load_campaign(db: &Db, clock: &Clock) -> Result<usize, Error> {
    let caller = Caller::system(clock.now());
    let Some(twinnings) = super::granted::published(db, caller.now).await? else {
        return Ok(0);
    };
    if campaigns::has_year(db.read(), twinnings.programme_id, YEAR).await? {
        return Ok(0);
    }
    let leads = store::largest_cities(db.read(), &["FR"], CITIES as u64).await?;
    let partners = store::largest_cities(db.read(), &COUNTRIES, CITIES as u64).await?;
    if leads.len() < CITIES || partners.len() < CITIES {
        return Ok(0);
    }
    db.write(&caller, async |tx| add(tx, &twinnings, &leads, &partners).await)
        .await
}

async fn add(tx: &Tx<'_>, twinnings: &CallRecord, leads: &[Known], partners: &[Known]) -> Result<usize, Error> {
    let mut calls: Vec<CallId> = vec![twinnings.id];
    let (mut files, mut grants) = (Vec::new(), Vec::new());
    for told in &CALLS {
        let id = add_call(tx, (twinnings.programme_id, MEAE), &twinnings.rules, call(told)).await?;
        let record = call_of(tx.conn(), id).await?.ok_or(Error::NotFound)?;
        for number in 0..told.files {
            // Steps that share no factor with the number of cities: pairs do not come twice.
            let place = files.len();
            let pair = (
                &leads[place * 7 % CITIES],
                &partners[(place * 11 + place / CITIES) % CITIES],
            );
            let title = format!(
                "{} – {} : {} (démonstration)",
                pair.0.names[0], pair.1.names[0], told.subject[0]
            );
            let found = words(&title, pair.0.names.iter().chain(&pair.1.names).cloned());
            let file = file(told, &record, pair, title, number)?;
            if told.subject != WITHOUT_CONTRACTS {
                grants.extend(contract(&file, &record, grants.len() + 1, tx.now()));
            }
            files.push((file, found));
        }
        calls.push(id);
    }
    insert_applications(tx, &files).await?;
    insert_grants(tx, &grants).await?;
    for (file, _) in &files {
        let details = json!({"call_id": file.call_id, "cities": file.parties.len()});
        tx.record("create", Resource::Application, file.id.0, file.version, details)
            .await?;
    }
    for grant in &grants {
        let details = json!({"application_id": grant.application_id, "awarded_minor": grant.awarded_minor});
        tx.record("create", Resource::Grant, grant.id.0, grant.version, details)
            .await?;
    }
    let campaign = CampaignRecord {
        summary: CampaignSummary {
            id: CampaignId(Uuid::now_v7()),
            version: 1,
            programme_id: twinnings.programme_id,
            year: YEAR,
            name: texts(
                "Appels à projets 2025 (démonstration)",
                "Calls for projects of 2025 (demonstration)",
                "Конкурси проєктів 2025 року (демонстрація)",
            ),
        },
        claim: Some(CampaignClaim {
            author: "Ministère de l'Europe et des Affaires étrangères".to_owned(),
            rate_bp: 6_000,
            source: "RESACOOP, 25/08/2025 : « 91 initiatives ont été soutenues par le ministère, soit un taux d'acceptation de 60% »".to_owned(),
        }),
    };
    let taken = campaigns::insert(tx, &campaign, &calls).await?;
    let details = json!({"year": YEAR, "calls": taken});
    tx.record("create", Resource::Campaign, campaign.summary.id.0, 1, details)
        .await?;
    Ok(1 + CALLS.len() + files.len() + grants.len())
}

/// The contract of a file that was supported, some weeks ago and not signed yet: nothing is due of it.
fn contract(file: &ApplicationRecord, call: &CallRecord, number: usize, now: DateTime<Utc>) -> Option<FundingRecord> {
    let draft = FundingDraft {
        application_id: file.id,
        reference: format!("DEMO-{YEAR}-C{number:03}"),
        contracted_on: now.date_naive() - Days::new(20),
        years: 1,
        final_report_due_on: None,
    };
    contracted(file, call, &draft, now)
}

fn call(told: &Told) -> Call {
    let [fr, en, uk] = told.subject;
    Call {
        title: texts(
            &format!("MEAE 2025, {fr} (démonstration)"),
            &format!("MEAE 2025, {en} (demonstration)"),
            &format!("MEAE 2025, {uk} (демонстрація)"),
        ),
        about: texts(
            "Un des dix appels de la campagne 2025 de la démonstration. Collectivités, dossiers et sommes sont inventés ; le nombre total de dossiers est celui qui a été annoncé.",
            "One of the ten calls of the demonstration's campaign of 2025. Authorities, files and sums are made up; the number of files in all is the one that was announced.",
            "Один із десяти конкурсів демонстраційної кампанії 2025 року. Громади, заявки й суми вигадані; загальна кількість заявок — оголошена.",
        ),
        state: CallState::ResultsPublished,
        window: window(day(YEAR, 1, 15), day(YEAR, 3, 31), 0),
        form: forms::meae_2024(),
        envelope_minor: None,
        plan: judged::plan(),
    }
}

fn file(
    told: &Told,
    call: &CallRecord,
    (lead, partner): (&Known, &Known),
    title: String,
    number: usize,
) -> Result<ApplicationRecord, Error> {
    let party = |city: &Known, role| PartyRecord {
        city_id: city.id,
        role,
        signed_off_at: None,
        signed_sha256: None,
    };
    let parties = vec![party(lead, PartyRole::Lead), party(partner, PartyRole::Partner)];
    let at = call.window.closes_at - Days::new(number as u64 % 20);
    let mut file = ApplicationRecord::empty(call, &title, parties, at);
    file.themes = vec![told.theme];
    file.answers = answers(&[
        ("context", "Dossier de démonstration."),
        ("objectives", "Dossier de démonstration."),
        ("activities", "Dossier de démonstration."),
        ("governance", "Dossier de démonstration."),
    ]);
    let step = i64::try_from(number).unwrap_or_default();
    let (cost, asked) = (30_000 + step * 2_000, 9_000 + step * 600);
    file.budget = Budget {
        lines: vec![line("training", "Activités du projet", &partner.country, cost)],
        contributions: vec![pays(
            lead,
            ContributionKind::Cash,
            "Part de la ville chef de file",
            cost - asked,
        )],
        grant_asked_minor: asked * 100,
    };
    sign_and_hand_in(&mut file, call, at)?;
    let waits = told.subject == CALLS[0].subject && (told.supported..told.supported + WAITING).contains(&number);
    let (outcome, state) = if number < told.supported {
        (Outcome::Accepted, ApplicationState::Accepted)
    } else if waits {
        (Outcome::Waitlisted, ApplicationState::Waitlisted)
    } else {
        (Outcome::Rejected, ApplicationState::Rejected)
    };
    file.state = state;
    file.version = 3;
    file.decision = Some(DecisionRecord {
        outcome,
        reason: "Décision de démonstration.".to_owned(),
        granted_minor: (outcome == Outcome::Accepted).then_some(file.budget.grant_asked_minor),
        decided_at: call.window.closes_at + Days::new(60),
        decided_by: None,
        waitlist_rank: u32::try_from(number + 1).ok().filter(|_| waits),
        waitlist_place: None,
    });
    Ok(file)
}
