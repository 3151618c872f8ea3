//! The smallest world in which everybody has something to do: a network, a city in it, and a city elsewhere.

use api::accounts::{clients, secrets};
use api::caller::Caller;
use api::db::entity::{city, city_code, network};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::json;
use shared::accounts::{ApiClientView, ClientScope, Grant};
use shared::audit::Resource;
use shared::ids::{ApiClientId, CityId, NetworkId, ProgrammeId};
use uuid::Uuid;

use super::Server;

/// What there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    /// A city of the network, for whose staff the world is made.
    pub(crate) own_city: CityId,
    /// A city elsewhere.
    pub(crate) other_city: CityId,
    /// The network of the own city.
    pub(crate) network: NetworkId,
    /// The programme that the officer runs and the reviewer reviews for.
    pub(crate) programme: ProgrammeId,
    /// A program that acts for the own city; its secret is [`SECRET`].
    pub(crate) client: ApiClientId,
}

/// The secret of the world's program.
pub(crate) const SECRET: &str = "a secret of a test";

impl Server {
    /// Makes a world.
    pub(crate) async fn world(&self) -> World {
        let network = self.insert_network("RESACOOP").await;
        let own_city = self
            .insert_city(("Grenoble", "FR"), Some(network), &[("fr:insee", "38185")])
            .await;
        let other_city = self.insert_city(("Sevan", "AM"), None, &[("geonames", "616250")]).await;
        World {
            own_city,
            other_city,
            network,
            programme: ProgrammeId(Uuid::now_v7()),
            client: self.insert_client(Grant::CityStaff { city_id: own_city }).await,
        }
    }

    async fn insert_network(&self, name: &str) -> NetworkId {
        let id = NetworkId(Uuid::now_v7());
        let caller = Caller::system(self.platform.clock.now());
        let row = network::ActiveModel {
            id: Set(id),
            version: Set(1),
            created_at: Set(caller.now),
            updated_at: Set(caller.now),
            name: Set(name.to_owned()),
            kind: Set("regional_multi_actor".to_owned()),
            country: Set("FR".to_owned()),
            subdivisions: Set(json!(["FR-ARA"])),
            website: Set(None),
        };
        self.platform
            .db
            .write(&caller, async |tx| {
                network::Entity::insert(row).exec_without_returning(tx.conn()).await?;
                Ok(())
            })
            .await
            .unwrap();
        id
    }

    /// A city with nothing but a name, codes and perhaps a network.
    pub(crate) async fn insert_city(
        &self,
        (name, country): (&str, &str),
        network: Option<NetworkId>,
        codes: &[(&str, &str)],
    ) -> CityId {
        let id = CityId(Uuid::now_v7());
        let caller = Caller::system(self.platform.clock.now());
        let row = city::ActiveModel {
            id: Set(id),
            version: Set(1),
            created_at: Set(caller.now),
            updated_at: Set(caller.now),
            kind: Set("municipality".to_owned()),
            name: Set(name.to_owned()),
            labels: Set(json!({})),
            country: Set(country.to_owned()),
            subdivision: Set(None),
            population: Set(Some(50_000)),
            lat: Set(Some(45.0)),
            lng: Set(Some(5.0)),
            parent_id: Set(None),
            network_id: Set(network),
            open_to_partners: Set(true),
            descriptions: Set(json!({})),
            languages: Set(json!([])),
            looking_for: Set(json!({})),
            website: Set(None),
            search_keys: Set(name.to_lowercase()),
        };
        let codes: Vec<_> = codes
            .iter()
            .map(|(scheme, value)| city_code::ActiveModel {
                id: Set(Uuid::now_v7()),
                city_id: Set(id),
                scheme: Set((*scheme).to_owned()),
                value: Set((*value).to_owned()),
                valid_from: Set(None),
                valid_to: Set(None),
            })
            .collect();
        self.platform
            .db
            .write(&caller, async |tx| {
                city::Entity::insert(row).exec_without_returning(tx.conn()).await?;
                if !codes.is_empty() {
                    city_code::Entity::insert_many(codes)
                        .exec_without_returning(tx.conn())
                        .await?;
                }
                tx.record("create", Resource::City, id, 1, json!({})).await
            })
            .await
            .unwrap();
        id
    }

    async fn insert_client(&self, grant: Grant) -> ApiClientId {
        let id = ApiClientId(Uuid::now_v7());
        let caller = Caller::system(self.platform.clock.now());
        let client = clients::store::Client {
            view: ApiClientView {
                id,
                version: 1,
                name: "Annuaire".to_owned(),
                scopes: vec![ClientScope::Read, ClientScope::Write],
                grant,
                created_at: caller.now,
                secret: None,
            },
            account_id: None,
            secret_hash: secrets::hash(SECRET),
        };
        self.platform
            .db
            .write(&caller, async |tx| clients::store::insert(tx, &client).await)
            .await
            .unwrap();
        id
    }
}
