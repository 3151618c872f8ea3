//! `api admin`: accounts made, programs let in and passwords set by who runs the server.

use std::io::Write as _;

use anyhow::{Context as _, bail, ensure};
use serde_json::json;
use shared::accounts::{ClientScope, Grant, NAME_MAX, PASSWORD_MAX, PASSWORD_MIN, Role};
use shared::audit::Resource;
use shared::ids::AccountId;
use shared::language::Language;
use uuid::Uuid;

use super::store::{self, NewAccount};
use super::{clients, passwords, secrets, service, throttle};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::config::{AdminArgs, AdminCommand, CreateAccountArgs, CreateClientArgs};
use crate::db::Db;

/// Runs a command; what it made is told on standard output.
///
/// # Errors
/// Where what is asked for does not fit, and those of the database.
pub async fn run(db: &Db, clock: &Clock, args: AdminArgs) -> anyhow::Result<()> {
    match args.command {
        AdminCommand::CreateAccount(args) => create_account(db, clock, args).await,
        AdminCommand::CreateClient(args) => create_client(db, clock, args).await,
        AdminCommand::ResetPassword(args) => reset_password(db, clock, &args.email, args.password_stdin).await,
    }
}

async fn create_account(db: &Db, clock: &Clock, args: CreateAccountArgs) -> anyhow::Result<()> {
    let role = role_of(&args.grant.role)?;
    let language = Language::from_tag(&args.language).context("the language must be fr, en or uk")?;
    let email = service::normal_email(&args.email);
    ensure!(
        email.contains('@') && email.chars().count() as u64 <= NAME_MAX,
        "that is no e-mail address"
    );
    let Ok(name) = service::normal_name(&args.name) else {
        bail!("the name must have 1 to {NAME_MAX} visible characters");
    };
    ensure!(
        store::account_by_email(db.read(), &email).await?.is_none(),
        "there is an account for {email} already"
    );
    let grant = grant_of(db, role, args.grant.scope.as_deref()).await?;
    let (password, told) = password(args.password_stdin)?;
    let new = NewAccount {
        id: AccountId(Uuid::now_v7()),
        email: email.clone(),
        name,
        password_hash: passwords::hash(passwords::turn().await?, password).await?,
        language,
    };
    add(db, clock, new, &[grant]).await?;
    tell(&email, told.as_deref())
}

async fn create_client(db: &Db, clock: &Clock, args: CreateClientArgs) -> anyhow::Result<()> {
    let Ok(name) = service::normal_name(&args.name) else {
        bail!("the name must have 1 to {NAME_MAX} visible characters");
    };
    let grant = grant_of(db, role_of(&args.grant.role)?, args.grant.scope.as_deref()).await?;
    let scopes: &[ClientScope] = if args.read_only {
        &[ClientScope::Read]
    } else {
        &[ClientScope::Read, ClientScope::Write]
    };
    let (id, secret) = clients::service::let_in(db, &Caller::system(clock.now()), name, scopes, grant).await?;
    writeln!(std::io::stdout(), "client_id={id}\nclient_secret={secret}")?;
    Ok(())
}

fn role_of(code: &str) -> anyhow::Result<Role> {
    Role::from_code(code).with_context(|| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
        format!("no such role: {code}; there are {}", known.join(", "))
    })
}

/// Adds an account with its grants.
///
/// # Errors
/// Those of the database.
pub async fn add(db: &Db, clock: &Clock, new: NewAccount, grants: &[Grant]) -> Result<(), crate::error::Error> {
    let id = new.id;
    let caller = Caller::system(clock.now());
    db.write(&caller, async |tx| {
        store::insert_account(tx, new).await?;
        for &grant in grants {
            store::insert_grant(tx, id, grant).await?;
        }
        tx.record("create", Resource::Account, id, 1, json!({ "grants": grants }))
            .await
    })
    .await
}

async fn grant_of(db: &Db, role: Role, scope: Option<&str>) -> anyhow::Result<Grant> {
    let scope_id = match (role, scope) {
        (Role::Admin, None) => None,
        (Role::Admin, Some(_)) => bail!("administrators have no scope"),
        (_, None) => bail!("say with --scope for which city, network or programme"),
        (_, Some(scope)) => Some(
            store::scope_id(db.read(), role, scope)
                .await?
                .with_context(|| format!("nothing is found for the scope {scope}"))?,
        ),
    };
    Grant::from_parts(role, scope_id).context("the scope does not fit the role")
}

async fn reset_password(db: &Db, clock: &Clock, email: &str, from_stdin: bool) -> anyhow::Result<()> {
    let email = service::normal_email(email);
    let found = store::account_by_email(db.read(), &email).await?;
    let id = found.with_context(|| format!("there is no account for {email}"))?.id;
    let (password, told) = password(from_stdin)?;
    let password_hash = passwords::hash(passwords::turn().await?, password).await?;
    let caller = Caller::system(clock.now());
    db.write(&caller, async |tx| {
        let mut account = store::account_for_update(tx, id).await?;
        account.version += 1;
        account.password_hash = password_hash;
        store::update_account(tx, &account).await?;
        throttle::store::forget(tx, &throttle::account_key(&email)).await?;
        // Who knew the old password may be signed in with it.
        let ended = store::revoke_sessions_of(tx, id).await?;
        tx.record(
            "reset_password",
            Resource::Account,
            id,
            account.version,
            json!({ "sessions_ended": ended }),
        )
        .await
    })
    .await?;
    tell(&email, told.as_deref())
}

/// The password to set, and the same again where it was made here and has to be told.
fn password(from_stdin: bool) -> anyhow::Result<(String, Option<String>)> {
    if !from_stdin {
        let made = secrets::random()?;
        return Ok((made.clone(), Some(made)));
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("reading the password")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    let length = password.chars().count() as u64;
    ensure!(
        (PASSWORD_MIN..=PASSWORD_MAX).contains(&length),
        "a password has {PASSWORD_MIN} to {PASSWORD_MAX} characters"
    );
    Ok((password, None))
}

fn tell(email: &str, password: Option<&str>) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    match password {
        Some(password) => writeln!(out, "{email} signs in with the password {password} (told only now)")?,
        None => writeln!(out, "{email} signs in with the password from standard input")?,
    }
    Ok(())
}
