//! What the demonstration's cities do together: the nine projects of Auvergne-Rhône-Alpes in the French Ministry's calls of
//! 2025, as RESACOOP published them, and, invented and marked so, what cities need and offer and a few matches.
//!
//! The nine are the active projects; beside them stand the twinning that one of them hangs on and the phase before another.

mod matches;
mod profiles;
mod store;

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::json;
use shared::audit::Resource;
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::{PairingView, PartnershipKind, PartnershipState, PartyRef, PartyRole, Provenance};
use shared::themes::Theme;
use uuid::Uuid;

use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::directory::Directory;
use crate::partnerships::parts::{blank, index_names, parties_of, resolve};
use crate::partnerships::store as partnerships;
use crate::partnerships::twinnings::source_key;

const PARTIES: &str = include_str!("../../data/demo/aap2025_parties.csv");
const PROJECTS: &str = include_str!("../../data/demo/aap2025_projects.csv");

/// Where the facts come from.
const SOURCE: &str = "RESACOOP, 25 août 2025 : projets d'Auvergne-Rhône-Alpes retenus en 2025 par le ministère de l'Europe et des Affaires étrangères";

#[derive(Debug, Deserialize)]
struct PartyRow {
    project: u8,
    side: String,
    name: String,
    kind: String,
    country: String,
    scheme: String,
    code: String,
    role: PartyRole,
    pair: Option<u8>,
}

#[derive(Debug, Deserialize)]
struct ProjectRow {
    project: u8,
    name: String,
    platform: Option<String>,
    themes: String,
    territories: String,
    /// `twinning`: it hangs on the twinning of its two cities.
    parent: String,
    /// Its phase, where it is not the first.
    phase: Option<u8>,
    about: String,
}

/// The rows of a table that the binary carries.
fn rows<T: for<'de> Deserialize<'de>>(table: &str) -> anyhow::Result<Vec<T>> {
    Ok(csv::Reader::from_reader(table.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()?)
}

/// Adds what is missing; says how many partnerships, profiles and matches.
///
/// # Errors
/// Those of the database, or where a party is not in the directory.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let projects: Vec<ProjectRow> = rows(PROJECTS)?;
    let caller = Caller::system(clock.now());
    let missing = db.write(&caller, async |tx| missing(tx, &projects).await).await?;
    let mut added = 0;
    if !missing.is_empty() {
        // Loaded only where there is something to add: it is the slow part of a second run.
        let directory = Directory::load(db).await?;
        let mut parties: BTreeMap<u8, Vec<PartyRow>> = BTreeMap::new();
        for row in rows::<PartyRow>(PARTIES)? {
            parties.entry(row.project).or_default().push(row);
        }
        for project in missing {
            let parties = parties.remove(&project.project).unwrap_or_default();
            added += db
                .write(&caller, async |tx| {
                    add(tx, &directory, project, &parties)
                        .await
                        .map_err(crate::error::Error::internal)
                })
                .await
                .with_context(|| format!("project {}", project.project))?;
        }
    }
    added += profiles::load(db, clock).await?;
    added += matches::load(db, clock).await?;
    Ok(added)
}

/// The projects that are not there yet.
async fn missing<'a>(tx: &Tx<'_>, projects: &'a [ProjectRow]) -> Result<Vec<&'a ProjectRow>, crate::error::Error> {
    let mut missing = Vec::new();
    for project in projects {
        if partnerships::by_source_key(tx, &key_of(project)).await?.is_none() {
            missing.push(project);
        }
    }
    Ok(missing)
}

/// What a project is found by.
fn key_of(project: &ProjectRow) -> String {
    format!("aap2025:{}", project.project)
}

/// Adds a project with what it hangs on, where they are missing; says how many partnerships that are.
async fn add(tx: &Tx<'_>, directory: &Directory, project: &ProjectRow, rows: &[PartyRow]) -> anyhow::Result<usize> {
    let key = key_of(project);
    if partnerships::by_source_key(tx, &key).await?.is_some() {
        return Ok(0);
    }
    let mut drafts = Vec::with_capacity(rows.len());
    let mut pairs: BTreeMap<u8, Vec<CityId>> = BTreeMap::new();
    let mut cities = Vec::new();
    for row in rows {
        let party = party(tx, row)
            .await?
            .with_context(|| format!("{} is not in the directory", row.name))?;
        if let PartyRef::City { city_id } = party {
            cities.push(city_id);
            if let Some(pair) = row.pair {
                pairs.entry(pair).or_default().push(city_id);
            }
        }
        drafts.push(shared::partnerships::PartyDraft { party, role: row.role });
    }
    let known = resolve(tx, directory, &drafts).await?;
    let mut made = blank(tx, PartnershipId(Uuid::now_v7()), PartnershipKind::Project);
    made.name.clone_from(&project.name);
    made.state = PartnershipState::Active;
    made.platform = project.platform.clone().filter(|platform| !platform.is_empty());
    made.about.clone_from(&project.about);
    made.themes = listed(&project.themes).filter_map(Theme::from_slug).collect();
    made.territories = listed(&project.territories).map(str::to_owned).collect();
    made.source = Some(SOURCE.to_owned());
    made.source_key = Some(key);
    made.parties = parties_of(&drafts, &known);
    made.pairings = pairs
        .values()
        .filter_map(|pair| match pair.as_slice() {
            [a, b] => Some(PairingView {
                id: partnerships::new_pairing_id(),
                a: *a,
                b: *b,
                sources: vec![Provenance {
                    source: SOURCE.to_owned(),
                    told_at: tx.now(),
                }],
            }),
            _ => None,
        })
        .collect();
    index_names(&mut made, &known);
    let mut added = 1;
    if let ("twinning", [a, b]) = (project.parent.as_str(), cities.as_slice()) {
        added += usize::try_from(partnerships::insert_twinnings(tx, &[(*a, *b)], SOURCE).await?.added)?;
        let twinning = partnerships::by_source_key(tx, &source_key(*a, *b)).await?;
        made.parent_id = twinning.map(|twinning| twinning.id);
    }
    if project.phase.is_some() {
        let before = former_phase(&made);
        insert(tx, &before).await?;
        made.predecessor_id = Some(before.id);
        added += 1;
    }
    insert(tx, &made).await?;
    Ok(added)
}

async fn insert(tx: &Tx<'_>, made: &partnerships::Partnership) -> anyhow::Result<()> {
    partnerships::insert(tx, made).await?;
    let details = json!({ "source": made.source });
    tx.record("import", Resource::Partnership, made.id.0, made.version, details)
        .await?;
    Ok(())
}

/// The phase before: the source tells that there was one, not who took part; so it has the parties of the one that
/// followed, and says so.
fn former_phase(of: &partnerships::Partnership) -> partnerships::Partnership {
    let mut before = of.clone();
    before.id = PartnershipId(Uuid::now_v7());
    before.name = of.name.replace("phase 2", "phase 1");
    before.name_key = of.name_key.replace("phase 2", "phase 1");
    before.search_keys = of.search_keys.replace("phase 2", "phase 1");
    before.state = PartnershipState::Ended;
    before.about =
        "La première phase. La source ne dit pas qui y prenait part : les parties sont celles de la deuxième."
            .to_owned();
    before.source_key = of.source_key.as_ref().map(|key| format!("{key}:before"));
    for pairing in &mut before.pairings {
        pairing.id = partnerships::new_pairing_id();
    }
    before
}

async fn party(tx: &Tx<'_>, row: &PartyRow) -> anyhow::Result<Option<PartyRef>> {
    Ok(match row.side.as_str() {
        "NET" => store::network(tx, &row.name)
            .await?
            .map(|network_id| PartyRef::Network { network_id }),
        "ASSOC" => Some(PartyRef::Actor {
            actor_id: store::actor(tx, &row.name, &row.kind, &row.country).await?,
        }),
        _ => {
            let scheme = match row.scheme.as_str() {
                "insee" => "fr:insee",
                "insee-dep" => "fr:departement",
                "siren" => "fr:siren",
                "katottg" => "ua:katottg",
                other => other,
            };
            store::cities(tx, &[(scheme, &row.code)])
                .await?
                .into_values()
                .next()
                .map(|city_id| PartyRef::City { city_id })
        }
    })
}

/// The values of a cell, separated by `|`.
fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').filter(|value| !value.is_empty())
}

/// Cities by their code, spelt `scheme:value`.
async fn by_code<'a>(tx: &Tx<'_>, codes: impl Iterator<Item = &'a str>) -> anyhow::Result<HashMap<String, CityId>> {
    let split: Vec<(&str, &str)> = codes.filter_map(|code| code.rsplit_once(':')).collect();
    Ok(store::cities(tx, &split).await?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_tables_tell_what_the_source_tells() -> anyhow::Result<()> {
        let parties: Vec<PartyRow> = rows(PARTIES)?;
        let side = |side: &str| parties.iter().filter(|row| row.side == side).collect::<Vec<_>>();
        assert_eq!((side("FR").len(), side("EXT").len()), (14, 14));
        let countries: BTreeSet<&str> = side("EXT").iter().map(|row| row.country.as_str()).collect();
        assert_eq!(countries.len(), 9);
        let projects: Vec<ProjectRow> = rows(PROJECTS)?;
        assert_eq!(projects.len(), 9);
        for project in projects {
            for slug in listed(&project.themes) {
                assert!(Theme::from_slug(slug).is_some(), "{slug}");
            }
        }
        Ok(())
    }
}
