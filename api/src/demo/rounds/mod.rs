//! The round of the demonstration: Ukrainian places of the directory and municipalities of the Union, open to wishes, ready
//! to be tried out and matched by the programme's officer.

mod store;

use serde_json::json;
use shared::audit::Resource;
use shared::cities::CityKind;
use shared::ids::{ProgrammeId, RoundId};
use shared::language::Texts;
use shared::rounds::{CountryCap, Priority, RoundMode, RoundRules, RoundSide, RoundState, SideRules};
use shared::scoring::Weights;
use uuid::Uuid;

use super::programmes::MEAE;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::programmes;
use crate::rounds::store::{RoundScope, insert, list};
use crate::rounds::{Round, members};

/// Inhabitants of the Ukrainian places, at least.
const UKRAINIAN_POPULATION: i64 = 15_000;
/// Countries of the second side.
const COUNTRIES: [&str; 12] = ["FR", "PL", "DE", "IT", "ES", "RO", "CZ", "BE", "NL", "LT", "LV", "AT"];
/// Inhabitants of its municipalities.
const POPULATION: (i64, i64) = (40_000, 400_000);

/// Adds the round, where its programme is there and has none; says how many were added.
///
/// # Errors
/// Those of the database.
pub async fn load(db: &Db, clock: &Clock) -> Result<usize, Error> {
    let Some(programme) = programmes::store::programme_named(db.read(), MEAE).await? else {
        return Ok(0);
    };
    let scope = RoundScope {
        programme_id: Some(programme.id),
        ..RoundScope::default()
    };
    if !list(db, &scope, None, 1).await?.is_empty() {
        return Ok(0);
    }
    let caller = Caller::system(clock.now());
    db.write(&caller, async |tx| add(tx, programme.id, programme.name).await)
        .await?;
    Ok(1)
}

async fn add(tx: &Tx<'_>, programme: ProgrammeId, programme_name: Texts) -> Result<(), Error> {
    let rules = rules();
    let mut round = Round {
        id: RoundId(Uuid::now_v7()),
        version: 1,
        programme_id: programme,
        programme_name,
        name: texts(
            "Ponts de confiance (démonstration)",
            "Bridges of Trust (demonstration)",
            "Мости довіри (демонстрація)",
        ),
        about: texts(
            "Des villes ukrainiennes et des communes de l’Union, appariées toutes ensemble. Les participantes viennent de l’annuaire ; elles n’ont rien demandé.",
            "Ukrainian towns and municipalities of the Union, matched all together. The members come from the directory; they have asked for nothing.",
            "Українські міста та муніципалітети Союзу, підібрані всі разом. Учасниці взяті з довідника; вони ні про що не просили.",
        ),
        state: RoundState::Open,
        rules,
        wishes_until: None,
        answers_until: None,
        members: [0, 0],
        outcome: None,
        job: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    insert(tx, &round).await?;
    let mut put = Vec::new();
    for (side, rules) in [RoundSide::First, RoundSide::Second]
        .into_iter()
        .zip(&round.rules.sides)
    {
        for city in store::cities_for(tx, rules).await? {
            put.push((city, side, rules.places));
        }
    }
    members::store::put(tx, round.id, &put).await?;
    round.members = members::store::count(tx.conn(), round.id).await?;
    crate::rounds::store::save(tx, &round).await?;
    let details = json!({"programme_id": programme, "state": round.state, "members": round.members});
    tx.record("create", Resource::Round, round.id.0, 1, details).await
}

fn texts(fr: &str, en: &str, uk: &str) -> Texts {
    [("fr", fr), ("en", en), ("uk", uk)]
        .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
        .into()
}

/// One place each; the region of Chernihiv counts for more, and one country has only so many places.
fn rules() -> RoundRules {
    let towns = vec![CityKind::Municipality, CityKind::Hromada];
    RoundRules {
        mode: RoundMode::Stable,
        sides: vec![
            SideRules {
                name: texts("Villes ukrainiennes", "Ukrainian towns", "Українські міста"),
                countries: vec!["UA".to_owned()],
                kinds: towns.clone(),
                population_min: Some(UKRAINIAN_POPULATION),
                places: 1,
                ..SideRules::default()
            },
            SideRules {
                name: texts(
                    "Communes de l’Union",
                    "Municipalities of the Union",
                    "Муніципалітети Союзу",
                ),
                countries: COUNTRIES.map(str::to_owned).to_vec(),
                kinds: towns,
                population_min: Some(POPULATION.0),
                population_max: Some(POPULATION.1),
                places: 1,
                ..SideRules::default()
            },
        ],
        same_country: false,
        weights: Weights::default(),
        priorities: vec![Priority {
            region: "UA-74".to_owned(),
            points: 10,
        }],
        caps: vec![CountryCap {
            country: "PL".to_owned(),
            places: 40,
        }],
        excluded: Vec::new(),
        seed: 2_026,
    }
}
