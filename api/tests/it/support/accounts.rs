//! People and programs that are signed in, made straight in the database: no password is hashed for them.

use api::accounts::passwords;
use api::accounts::store::{self, NewAccount};
use api::caller::Caller;
use chrono::TimeDelta;
use serde::Serialize;
use shared::accounts::{ClientScope, Grant};
use shared::ids::{AccountId, ApiClientId, SessionId};
use shared::language::Language;
use uuid::Uuid;

use super::Server;

/// The password of accounts that have one.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Somebody who sends requests: nobody in particular, a person with cookies and CSRF token, or a program with a bearer
/// token.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    http: reqwest::Client,
    origin: String,
    proof: Proof,
    /// The account, where it is a person.
    pub(crate) account_id: Option<AccountId>,
}

#[derive(Debug, Clone)]
enum Proof {
    None,
    Cookie { access: String, csrf: String },
    Bearer(String),
}

impl Server {
    /// Anybody.
    pub(crate) fn anybody(&self) -> Visitor {
        Visitor {
            http: self.http.clone(),
            origin: format!("http://{}", self.address),
            proof: Proof::None,
            account_id: None,
        }
    }

    /// A new person with one grant, signed in.
    pub(crate) async fn sign_in_as(&self, grant: Grant) -> Visitor {
        let account = self.account(&[grant]).await;
        self.session_of(account, &[grant]).await
    }

    /// A new account with these grants, whose password nobody knows.
    pub(crate) async fn account(&self, grants: &[Grant]) -> AccountId {
        let email = format!("{}@test.passerelle.example", Uuid::now_v7().simple());
        self.insert_account(email, "!".to_owned(), grants).await
    }

    /// A new account that signs in with this address and [`PASSWORD`].
    pub(crate) async fn account_with_password(&self, email: &str, grants: &[Grant]) -> AccountId {
        let turn = passwords::turn().await.unwrap();
        let hash = passwords::hash(turn, PASSWORD.to_owned()).await.unwrap();
        self.insert_account(email.to_owned(), hash, grants).await
    }

    async fn insert_account(&self, email: String, password_hash: String, grants: &[Grant]) -> AccountId {
        let id = AccountId(Uuid::now_v7());
        let new = NewAccount {
            id,
            email,
            name: "Test".to_owned(),
            password_hash,
            language: Language::En,
        };
        let caller = Caller::system(self.platform.clock.now());
        self.platform
            .db
            .write(&caller, async |tx| {
                store::insert_account(tx, new).await?;
                for &grant in grants {
                    store::insert_grant(tx, id, grant).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
        id
    }

    /// A new session of an account; `grants` are those that it has.
    pub(crate) async fn session_of(&self, account: AccountId, grants: &[Grant]) -> Visitor {
        let session = SessionId(Uuid::now_v7());
        let caller = Caller::system(self.platform.clock.now());
        self.platform
            .db
            .write(&caller, async |tx| {
                let hash = session.0.as_bytes().to_vec();
                store::insert_session(tx, session, account, hash, caller.now + TimeDelta::days(1)).await
            })
            .await
            .unwrap();
        let csrf = session.0.simple().to_string();
        let access = self
            .platform
            .tokens
            .for_account(account, session, grants.to_vec(), &csrf, caller.now)
            .unwrap();
        Visitor {
            proof: Proof::Cookie { access, csrf },
            account_id: Some(account),
            ..self.anybody()
        }
    }

    /// A program with a token; it is in no table.
    pub(crate) fn program(&self, grant: Grant, scopes: &[ClientScope]) -> Visitor {
        let token = self
            .platform
            .tokens
            .for_client(
                ApiClientId(Uuid::now_v7()),
                scopes.to_vec(),
                grant,
                self.platform.clock.now(),
            )
            .unwrap();
        Visitor {
            proof: Proof::Bearer(token),
            ..self.anybody()
        }
    }
}

impl Visitor {
    /// A request to a path such as `/api/v1/cities`, with what proves who sends it.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .http
            .request(method.parse().unwrap(), format!("{}{path}", self.origin));
        match &self.proof {
            Proof::None => request,
            Proof::Bearer(token) => request.bearer_auth(token),
            Proof::Cookie { access, csrf } => request
                .header("cookie", format!("__Host-access={access}"))
                .header("x-csrf-token", csrf),
        }
    }

    /// The same person, asking another process.
    pub(crate) fn at(&self, server: &Server) -> Self {
        Self {
            origin: format!("http://{}", server.address),
            ..self.clone()
        }
    }

    /// The same person from a page that does not know the CSRF token.
    pub(crate) fn without_csrf(mut self) -> Self {
        if let Proof::Cookie { csrf, .. } = &mut self.proof {
            csrf.clear();
        }
        self
    }

    /// Reads.
    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.request("GET", path).send().await.unwrap()
    }

    /// Posts without a condition.
    pub(crate) async fn post(&self, path: &str, body: &impl Serialize) -> reqwest::Response {
        self.request("POST", path).json(body).send().await.unwrap()
    }

    /// Acts on a version.
    pub(crate) async fn act(&self, path: &str, version: i64, body: &impl Serialize) -> reqwest::Response {
        self.send("POST", path, version, body).await
    }

    /// Changes parts of a version.
    pub(crate) async fn patch(&self, path: &str, version: i64, body: &impl Serialize) -> reqwest::Response {
        self.send("PATCH", path, version, body).await
    }

    /// Replaces a version.
    pub(crate) async fn put(&self, path: &str, version: i64, body: &impl Serialize) -> reqwest::Response {
        self.send("PUT", path, version, body).await
    }

    /// Deletes a version.
    pub(crate) async fn delete(&self, path: &str, version: i64) -> reqwest::Response {
        self.request("DELETE", path)
            .header("if-match", format!("\"{version}\""))
            .send()
            .await
            .unwrap()
    }

    async fn send(&self, method: &str, path: &str, version: i64, body: &impl Serialize) -> reqwest::Response {
        self.request(method, path)
            .header("if-match", format!("\"{version}\""))
            .json(body)
            .send()
            .await
            .unwrap()
    }
}

/// What an answer sets as a cookie: its value and its attributes in lower case.
pub(crate) fn cookie_of(response: &reqwest::Response, name: &str) -> Option<(String, Vec<String>)> {
    response.headers().get_all("set-cookie").iter().find_map(|header| {
        let mut parts = header.to_str().unwrap().split("; ");
        let value = parts.next()?.strip_prefix(name)?.strip_prefix('=')?;
        Some((value.to_owned(), parts.map(str::to_lowercase).collect()))
    })
}
