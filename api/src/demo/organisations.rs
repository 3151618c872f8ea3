//! The ministry's directorate of the demonstration: two delegations that became one, and the programmes that it funds.
//!
//! Names and day are those that the ministry publishes; the presentation of INSPIRE, of 2022, still names the DAECT.

use chrono::NaiveDate;
use serde_json::json;
use shared::audit::Resource;
use shared::ids::{OrganisationId, ProgrammeId};
use shared::organisations::{OrganisationKind, OrganisationStep};
use uuid::Uuid;

use super::programmes::{INSPIRE, MEAE};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::organisations::store::{self, Change, Organisation};
use crate::programmes::store::programme_named;

const DCTCIV: (&str, &str) = (
    "Délégation pour les collectivités territoriales et la société civile",
    "DCTCIV",
);
const DAECT: (&str, &str) = (
    "Délégation pour l'action extérieure des collectivités territoriales",
    "DAECT",
);
const CIV: (&str, &str) = (
    "Délégation pour la société civile, l'engagement citoyen et la jeunesse",
    "CIV",
);
const MINISTRY: &str = "Ministère de l'Europe et des Affaires étrangères";
const REASON: &str = "Fusion des deux délégations du ministère, chargées l'une de l'action extérieure des collectivités territoriales, l'autre de la société civile et de la jeunesse.";
const SOURCE: &str = "France Diplomatie, « La délégation pour les collectivités territoriales et la société civile (DCTCIV) », diplomatie.gouv.fr";

/// The networks that fund INSPIRE beside the ministry.
const NETWORKS: [&str; 3] = [
    "Lianes coopération",
    "Pays de la Loire Coopération Internationale",
    "SO Coopération",
];

/// Adds the directorate with what became of it, where it is missing; says how many organisations were added.
///
/// # Errors
/// Those of the database.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let caller = Caller::system(clock.now());
    let known = store::organisations(db.read(), None).await?;
    if known.iter().any(|of| of.name == DCTCIV.0) {
        return Ok(0);
    }
    let networks = NETWORKS
        .iter()
        .filter_map(|name| known.iter().find(|of| of.name == *name));
    let networks: Vec<OrganisationId> = networks.map(|of| of.id).collect();
    let meae = programme_named(db.read(), MEAE).await?.map(|programme| programme.id);
    let inspire = programme_named(db.read(), INSPIRE).await?.map(|programme| programme.id);
    let added = db.write(&caller, async |tx| add(tx, meae, inspire, &networks).await);
    Ok(added.await?)
}

async fn add(
    tx: &Tx<'_>,
    meae: Option<ProgrammeId>,
    inspire: Option<ProgrammeId>,
    networks: &[OrganisationId],
) -> Result<usize, Error> {
    let day = NaiveDate::from_ymd_opt(2023, 12, 29).unwrap_or_default();
    let one = body(DCTCIV);
    let other = body(CIV);
    for of in [&one, &other] {
        store::insert(tx, of).await?;
        let details = json!({ "name": of.name });
        tx.record("create", Resource::Organisation, of.id.0, of.version, details)
            .await?;
    }
    let change = |of: &Organisation, step, (name, short_name): (&str, &str), into_id| Change {
        id: Uuid::now_v7(),
        organisation_id: of.id,
        step,
        on: day,
        name: name.to_owned(),
        short_name: Some(short_name.to_owned()),
        into_id,
        reason: REASON.to_owned(),
        source: SOURCE.to_owned(),
        entered_at: tx.now(),
    };
    store::insert_change(tx, &change(&one, OrganisationStep::Renamed, DAECT, None)).await?;
    store::insert_change(tx, &change(&other, OrganisationStep::Merged, CIV, Some(one.id))).await?;
    if let Some(programme) = meae {
        store::add_funders(tx, programme, &[one.id]).await?;
    }
    if let Some(programme) = inspire {
        let all: Vec<OrganisationId> = std::iter::once(one.id).chain(networks.iter().copied()).collect();
        store::add_funders(tx, programme, &all).await?;
    }
    Ok(2)
}

fn body((name, short_name): (&str, &str)) -> Organisation {
    Organisation {
        id: OrganisationId(Uuid::now_v7()),
        version: 1,
        kind: OrganisationKind::Body,
        name: name.to_owned(),
        short_name: Some(short_name.to_owned()),
        country: "FR".to_owned(),
        part_of: Some(MINISTRY.to_owned()),
        website: None,
        network_kind: None,
        actor_kind: None,
    }
}
