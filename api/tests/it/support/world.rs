//! The smallest world in which everybody has something to do: a network, a city in it, and a city elsewhere.

use api::accounts::{clients, secrets};
use api::caller::Caller;
use shared::accounts::{ApiClientView, ClientScope, Grant};
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
        let network = self.add_network("RESACOOP", "FR", &["FR-38"]).await;
        let own_city = self
            .city("Grenoble", "FR")
            .subdivision("FR-38")
            .population(158_000)
            .at(45.17, 5.72)
            .code("fr:insee", "38185")
            .open()
            .add()
            .await;
        let other_city = self.city("Sevan", "AM").code("geonames", "616250").open().add().await;
        World {
            own_city,
            other_city,
            network,
            programme: ProgrammeId(Uuid::now_v7()),
            client: self.insert_client(Grant::CityStaff { city_id: own_city }).await,
        }
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
