//! The networks of the sources and one account for each role, with a password that everybody may know.

use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::json;
use shared::accounts::{Grant, Role};
use shared::audit::Resource;
use shared::ids::{AccountId, NetworkId};
use shared::language::Language;
use shared::networks::NetworkKind;
use uuid::Uuid;

use super::programmes::MEAE;
use crate::accounts::store::{self as accounts, NewAccount};
use crate::accounts::{admin, passwords};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::Db;
use crate::networks::store::{self as networks, NewNetwork};

/// The password of all accounts of the demonstration.
pub const PASSWORD: &str = "passerelle-demo-2026";
/// What every address of the demonstration ends with: a name that no mail can be sent to.
pub(super) const DOMAIN: &str = "demo.passerelle.example";

/// A regional multi-actor network with the region and its departments.
struct Network {
    name: &'static str,
    website: &'static str,
    subdivisions: &'static [&'static str],
}

/// The four networks that the sources name.
const NETWORKS: [Network; 4] = [
    Network {
        name: "RESACOOP",
        website: "https://www.resacoop.org",
        subdivisions: &[
            "FR-ARA", "FR-01", "FR-03", "FR-07", "FR-15", "FR-26", "FR-38", "FR-42", "FR-43", "FR-63", "FR-69",
            "FR-69M", "FR-73", "FR-74",
        ],
    },
    Network {
        name: "Lianes coopération",
        website: "https://www.lianescooperation.org",
        subdivisions: &["FR-HDF", "FR-02", "FR-59", "FR-60", "FR-62", "FR-80"],
    },
    Network {
        name: "Pays de la Loire Coopération Internationale",
        website: "https://www.paysdelaloire-cooperation-internationale.org",
        subdivisions: &["FR-PDL", "FR-44", "FR-49", "FR-53", "FR-72", "FR-85"],
    },
    Network {
        name: "SO Coopération",
        website: "https://www.socooperation.org",
        subdivisions: &[
            "FR-NAQ", "FR-16", "FR-17", "FR-19", "FR-23", "FR-24", "FR-33", "FR-40", "FR-47", "FR-64", "FR-79",
            "FR-86", "FR-87",
        ],
    },
];

/// An account of the demonstration.
struct Person {
    user: &'static str,
    name: &'static str,
    language: Language,
    role: Role,
    /// A city's code, a network's or a programme's name.
    scope: &'static str,
    /// The scope, for the table.
    acts_for: &'static str,
}

const PEOPLE: [Person; 11] = [
    person(
        "grenoble",
        "Camille Perrin",
        Language::Fr,
        Role::CityStaff,
        "fr:insee:38185",
        "Grenoble",
    ),
    person(
        "sevan",
        "Ani Hakobyan",
        Language::En,
        Role::CityStaff,
        "geonames:616250",
        "Sevan",
    ),
    person(
        "clermont",
        "Julien Faure",
        Language::Fr,
        Role::CityStaff,
        "fr:insee:63113",
        "Clermont-Ferrand",
    ),
    person(
        "kremenchuk",
        "Олена Коваль",
        Language::Uk,
        Role::CityStaff,
        "ua:katottg:UA53020110010031694",
        "Kremenchuk",
    ),
    person(
        "resacoop",
        "Nadia Benali",
        Language::Fr,
        Role::NetworkCoordinator,
        "RESACOOP",
        "RESACOOP",
    ),
    person(
        "meae",
        "Hélène Garnier",
        Language::Fr,
        Role::ProgrammeOfficer,
        MEAE,
        MEAE,
    ),
    person("reviewer", "Marc Olivier", Language::Fr, Role::Reviewer, MEAE, MEAE),
    person("expert", "Claire Dubois", Language::Fr, Role::Reviewer, MEAE, MEAE),
    person("oksana", "Оксана Мельник", Language::Uk, Role::Reviewer, MEAE, MEAE),
    person("admin", "Alex Martin", Language::En, Role::Admin, "", "the platform"),
    person(
        "lianes",
        "Sophie Lambert",
        Language::Fr,
        Role::NetworkCoordinator,
        "Lianes coopération",
        "Lianes coopération",
    ),
];

const fn person(
    user: &'static str,
    name: &'static str,
    language: Language,
    role: Role,
    scope: &'static str,
    acts_for: &'static str,
) -> Person {
    Person {
        user,
        name,
        language,
        role,
        scope,
        acts_for,
    }
}

impl Person {
    fn email(&self) -> String {
        format!("{}@{DOMAIN}", self.user)
    }
}

/// Adds the networks and accounts that are missing; says how many.
///
/// # Errors
/// Those of the database, or where a city is not in the directory.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let mut added = 0;
    for network in &NETWORKS {
        if accounts::network_by_name(db.read(), network.name).await?.is_none() {
            add_network(db, clock, network).await?;
            added += 1;
        }
    }
    let mut hash = None;
    for person in &PEOPLE {
        if accounts::account_by_email(db.read(), &person.email()).await?.is_some() {
            continue;
        }
        let hash = match &hash {
            Some(hash) => String::clone(hash),
            None => hash
                .insert(passwords::hash(passwords::turn().await?, PASSWORD.to_owned()).await?)
                .clone(),
        };
        let new = NewAccount {
            id: AccountId(Uuid::now_v7()),
            email: person.email(),
            name: person.name.to_owned(),
            password_hash: hash,
            language: person.language,
        };
        let grants: Vec<Grant> = grant_of(db, person).await?.into_iter().collect();
        admin::add(db, clock, new, &grants).await?;
        added += 1;
    }
    Ok(added)
}

async fn add_network(db: &Db, clock: &Clock, network: &Network) -> anyhow::Result<()> {
    let caller = Caller::system(clock.now());
    let id = NetworkId(Uuid::now_v7());
    let new = NewNetwork {
        id,
        name: network.name.to_owned(),
        kind: NetworkKind::RegionalMultiActor,
        country: "FR".to_owned(),
        subdivisions: network.subdivisions.iter().map(|&code| code.to_owned()).collect(),
        website: Some(network.website.to_owned()),
    };
    db.write(&caller, async |tx| {
        networks::insert(tx, &new).await?;
        let details = json!({ "name": network.name });
        tx.record("create", Resource::Network, id, 1, details).await
    })
    .await?;
    Ok(())
}

/// The grant of a person; none as long as its programme is not there.
async fn grant_of(db: &Db, person: &Person) -> anyhow::Result<Option<Grant>> {
    let scope_id = match person.role {
        Role::Admin => None,
        Role::CityStaff | Role::NetworkCoordinator => Some(
            accounts::scope_id(db.read(), person.role, person.scope)
                .await?
                .with_context(|| format!("{} is not in the directory", person.acts_for))?,
        ),
        Role::ProgrammeOfficer | Role::Reviewer => {
            match accounts::scope_id(db.read(), person.role, person.scope).await? {
                Some(id) => Some(id),
                None => return Ok(None),
            }
        }
    };
    Ok(Grant::from_parts(person.role, scope_id))
}

/// Gives the officer and the reviewer their grants, once their programme is there; says how many were missing.
///
/// # Errors
/// Those of the database.
pub async fn attach_programmes(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let mut added = 0;
    for person in &PEOPLE {
        if !matches!(person.role, Role::ProgrammeOfficer | Role::Reviewer) {
            continue;
        }
        let Some(grant) = grant_of(db, person).await? else {
            continue;
        };
        let Some(account) = accounts::account_by_email(db.read(), &person.email()).await? else {
            continue;
        };
        let held = accounts::grants(db.read(), account.id).await?;
        if held.iter().any(|named| named.grant == grant) {
            continue;
        }
        let caller = Caller::system(clock.now());
        db.write(&caller, async |tx| {
            let mut account = accounts::account_for_update(tx, account.id).await?;
            account.version += 1;
            accounts::update_account(tx, &account).await?;
            accounts::insert_grant(tx, account.id, grant).await?;
            let details = json!({ "grant": grant });
            tx.record("grant", Resource::Account, account.id, account.version, details)
                .await
        })
        .await?;
        added += 1;
    }
    Ok(added)
}

/// The accounts with their password, as a table for people.
#[must_use]
pub fn table() -> String {
    let rows: Vec<[String; 3]> = PEOPLE
        .iter()
        .map(|person| {
            [
                person.role.code().to_owned(),
                person.acts_for.to_owned(),
                person.email(),
            ]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (roles, scopes) = (width(0), width(1));
    let mut table = format!("Accounts of the demonstration; the password of all is {PASSWORD}\n");
    for [role, scope, email] in &rows {
        let _ = writeln!(table, "  {role:<roles$}  {scope:<scopes$}  {email}");
    }
    table
}
