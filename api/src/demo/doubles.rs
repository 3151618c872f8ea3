//! A town that an imported list spells in another way than the directory, for the review of doubles: invented, as nobody imported
//! it.

use serde_json::json;
use shared::audit::Resource;
use shared::cities::{CityDraft, CityKind};
use shared::geo::Point;
use shared::ids::CityId;
use shared::language::Texts;
use uuid::Uuid;

use crate::caller::Caller;
use crate::cities::store::{self, NewCity, NewCode};
use crate::clock::Clock;
use crate::db::Db;
use crate::directory::import::entry::TWIN;
use crate::doubles::search;
use crate::doubles::store::has_code;

/// What it is known by in that list.
const KEY: &str = "demo:boiarka";

/// Adds it where it is missing, with the proposal to look at it; says how many.
///
/// # Errors
/// Those of the database.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let caller = Caller::system(clock.now());
    let added = db.write(&caller, async |tx| {
        if has_code(tx, TWIN, KEY).await? {
            return Ok(0);
        }
        let id = CityId(Uuid::now_v7());
        let draft = CityDraft {
            kind: CityKind::Municipality,
            name: "Boiarka".to_owned(),
            country: "UA".to_owned(),
            subdivision: None,
            population: Some(34_394),
            location: Some(Point {
                lat: 50.3213,
                lng: 30.2964,
            }),
            labels: Texts::new(),
            codes: Vec::new(),
        };
        let code = NewCode {
            scheme: TWIN.to_owned(),
            value: KEY.to_owned(),
            valid_to: None,
        };
        store::insert(
            tx,
            &NewCity {
                id,
                draft: &draft,
                names: &[],
                codes: &[code],
            },
        )?;
        tx.record("create", Resource::City, id.0, 1, json!({ "name": draft.name }))
            .await?;
        Ok(1)
    });
    let added = added.await?;
    if added > 0 {
        db.write(&caller, async |tx| {
            search::among(tx, "UA", &["Boyarka", "Boiarka"]).await
        })
        .await?;
    }
    Ok(added)
}
