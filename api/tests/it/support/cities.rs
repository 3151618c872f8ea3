//! Cities for tests, inserted through the store and the journal as a coordinator's would be.

use api::caller::Caller;
use api::cities::store::{self, NewCity};
use api::db::entity::audit_entry;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::audit::Resource;
use shared::cities::{CityDraft, CityKind, CityPatch, LookingFor, Statement, Urgency};
use shared::geo::Point;
use shared::ids::{CityId, NetworkId};
use shared::networks::NetworkKind;
use shared::themes::Theme;
use uuid::Uuid;

use super::Server;

/// A city to be added.
pub(crate) struct CityBuilder<'a> {
    server: &'a Server,
    draft: CityDraft,
    patch: CityPatch,
    names: Vec<String>,
    codes: Vec<store::NewCode>,
}

impl Server {
    /// Adds a town with a name and a country, and nothing else.
    pub(crate) async fn add_city(&self, name: &str, country: &str) -> CityId {
        self.city(name, country).add().await
    }

    /// A town to be described further and then added.
    pub(crate) fn city(&self, name: &str, country: &str) -> CityBuilder<'_> {
        CityBuilder {
            server: self,
            draft: CityDraft {
                kind: CityKind::Municipality,
                name: name.to_owned(),
                country: country.to_owned(),
                subdivision: None,
                population: None,
                location: None,
                labels: Default::default(),
                codes: Vec::new(),
            },
            patch: CityPatch::default(),
            names: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// What the journal says of a thing, oldest first: verb, version, details.
    pub(crate) async fn journal_of(&self, id: Uuid) -> Vec<(String, i64, serde_json::Value)> {
        audit_entry::Entity::find()
            .filter(audit_entry::Column::ResourceId.eq(id))
            .order_by_asc(audit_entry::Column::Seq)
            .all(self.platform.db.read())
            .await
            .unwrap()
            .into_iter()
            .map(|entry| (entry.verb, entry.version, entry.details))
            .collect()
    }

    /// Adds a network that covers these subdivisions.
    pub(crate) async fn add_network(&self, name: &str, country: &str, subdivisions: &[&str]) -> NetworkId {
        let id = NetworkId(Uuid::now_v7());
        let caller = Caller::system(self.platform.clock.now());
        self.platform
            .db
            .write(&caller, async |tx| {
                let network = api::networks::store::NewNetwork {
                    id,
                    name: name.to_owned(),
                    kind: NetworkKind::RegionalMultiActor,
                    country: country.to_owned(),
                    subdivisions: subdivisions.iter().map(|&code| code.to_owned()).collect(),
                    website: None,
                };
                api::networks::store::insert(tx, &network).await?;
                tx.record("create", Resource::Network, id.0, 1, serde_json::json!({}))
                    .await
            })
            .await
            .unwrap();
        id
    }
}

impl CityBuilder<'_> {
    /// What kind of authority it is.
    pub(crate) fn kind(mut self, kind: CityKind) -> Self {
        self.draft.kind = kind;
        self
    }

    /// Its inhabitants.
    pub(crate) fn population(mut self, population: i64) -> Self {
        self.draft.population = Some(population);
        self
    }

    /// Where it is.
    pub(crate) fn at(mut self, lat: f64, lng: f64) -> Self {
        self.draft.location = Some(Point { lat, lng });
        self
    }

    /// Its subdivision.
    pub(crate) fn subdivision(mut self, code: &str) -> Self {
        self.draft.subdivision = Some(code.to_owned());
        self
    }

    /// Its name for readers of a language of the interface.
    pub(crate) fn label(mut self, language: &str, text: &str) -> Self {
        self.draft.labels.insert(language.to_owned(), text.to_owned());
        self
    }

    /// Another name, in no particular language.
    pub(crate) fn name(mut self, text: &str) -> Self {
        self.names.push(text.to_owned());
        self
    }

    /// A code that holds.
    pub(crate) fn code(mut self, scheme: &str, value: &str) -> Self {
        self.codes.push(store::NewCode {
            scheme: scheme.to_owned(),
            value: value.to_owned(),
            valid_to: None,
        });
        self
    }

    /// A code of a commune that is part of it now.
    pub(crate) fn former_code(mut self, scheme: &str, value: &str, until: &str) -> Self {
        self.codes.push(store::NewCode {
            scheme: scheme.to_owned(),
            value: value.to_owned(),
            valid_to: Some(until.parse().unwrap()),
        });
        self
    }

    /// A need.
    pub(crate) fn need(mut self, theme: Theme, urgency: Urgency) -> Self {
        let statements = self.patch.need_statements.get_or_insert_default();
        statements.push(statement(theme, urgency));
        self
    }

    /// An offer.
    pub(crate) fn offer(mut self, theme: Theme, urgency: Urgency) -> Self {
        let statements = self.patch.offer_statements.get_or_insert_default();
        statements.push(statement(theme, urgency));
        self
    }

    /// The languages that its staff works in.
    pub(crate) fn languages(mut self, languages: &[&str]) -> Self {
        self.patch.languages = Some(languages.iter().map(|&tag| tag.to_owned()).collect());
        self
    }

    /// What it looks for.
    pub(crate) fn looking_for(mut self, looking_for: LookingFor) -> Self {
        self.patch.looking_for = Some(looking_for);
        self
    }

    /// Says that it looks for partners.
    pub(crate) fn open(mut self) -> Self {
        self.patch.open_to_partners = Some(true);
        self
    }

    /// Adds it.
    pub(crate) async fn add(self) -> CityId {
        let platform = &self.server.platform;
        let city = NewCity {
            id: CityId(Uuid::now_v7()),
            draft: &self.draft,
            names: &self.names,
            codes: &self.codes,
        };
        let caller = Caller::system(platform.clock.now());
        let db = &platform.db;
        db.write(&caller, async |tx| store::insert(tx, &city)).await.unwrap();
        db.write(&caller, async |tx| {
            let added = store::for_update(tx, city.id).await?.expect("it was added");
            store::save_patch(tx, &added, 1, &self.patch).await?;
            tx.record("create", Resource::City, city.id.0, 1, serde_json::json!({}))
                .await
        })
        .await
        .unwrap();
        city.id
    }
}

fn statement(theme: Theme, urgency: Urgency) -> Statement {
    Statement {
        theme,
        urgency,
        sentence: format!("We work on {}.", theme.slug()),
        place: None,
    }
}
