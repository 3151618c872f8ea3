//! Proposals as reviewers see them: each of the two with what tells it from the other.

use std::collections::HashMap;

use shared::doubles::{DoubleSide, DoubleSubject, DoubleView};
use shared::ids::{CityId, NetworkId, PartnershipId};
use shared::language::Texts;
use uuid::Uuid;

use super::merging::record::Record;
use super::store::{self, Double};
use crate::caller::Caller;
use crate::directory::import::entry::TWIN;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Most other names that are shown.
const NAMES_SHOWN: usize = 10;

/// The proposals with what the caller may do; three statements, however many they are.
///
/// # Errors
/// Those of the database.
pub(super) async fn views(
    platform: &Platform,
    caller: &Caller,
    doubles: Vec<Double>,
) -> Result<Vec<DoubleView>, Error> {
    let of = |subject| {
        let those = doubles.iter().filter(move |double| double.subject == subject);
        those.flat_map(|double| [double.low, double.high])
    };
    let cities: Vec<CityId> = of(DoubleSubject::City).map(CityId).collect();
    let links: Vec<PartnershipId> = of(DoubleSubject::Partnership).map(PartnershipId).collect();
    let conn = platform.db.read();
    let mut sides: HashMap<Uuid, DoubleSide> = HashMap::new();
    if !cities.is_empty() {
        // The directory is not held while the database is asked.
        {
            let known = platform.directory.cities();
            sides.extend(cities.iter().filter_map(|id| {
                let city = known.get(*id)?;
                let side = DoubleSide {
                    id: id.0,
                    name: city.name.clone(),
                    labels: city.labels.clone(),
                    kind: city.kind.code().to_owned(),
                    country: Some(city.country.clone()),
                    population: city.population,
                    names: Vec::new(),
                    codes: Vec::new(),
                    bonds: platform.atlas.bonds_of(*id).len() as u32,
                    gone: false,
                };
                Some((id.0, side))
            }));
        }
        for (id, scheme, value) in store::codes(conn, &cities).await? {
            if let Some(side) = sides.get_mut(&id.0).filter(|_| scheme != TWIN) {
                side.codes.push(format!("{scheme}:{value}"));
            }
        }
        for (id, name) in store::names(conn, &cities).await? {
            if let Some(side) = sides.get_mut(&id.0).filter(|side| side.names.len() < NAMES_SHOWN) {
                side.names.push(name);
            }
        }
    }
    if !links.is_empty() {
        for (id, (named, kind)) in store::partnerships(conn, &links).await? {
            let mut side = blank(id.0, named.name);
            side.kind = kind;
            side.bonds = platform.atlas.bond(id).map_or(0, |bond| bond.cities.len() as u32);
            sides.insert(id.0, side);
        }
    }
    let all = doubles.into_iter();
    Ok(all.map(|double| view(platform, caller, double, &sides)).collect())
}

fn blank(id: Uuid, name: String) -> DoubleSide {
    DoubleSide {
        id,
        name,
        labels: Texts::new(),
        kind: String::new(),
        country: None,
        population: None,
        names: Vec::new(),
        codes: Vec::new(),
        bonds: 0,
        gone: false,
    }
}

/// One that went, as it was.
fn gone(double: &Double, id: Uuid) -> DoubleSide {
    let record: Option<Record> = double.undo.clone().and_then(|undo| serde_json::from_value(undo).ok());
    let city = record.and_then(|record| record.city).filter(|city| city.row.id.0 == id);
    let mut side = blank(id, String::new());
    if let Some(city) = city {
        side.name = city.row.name;
        side.kind = city.row.kind;
        side.country = Some(city.row.country);
        side.population = city.row.population;
        side.names = city.names.into_iter().map(|name| name.text).take(NAMES_SHOWN).collect();
        let codes = city
            .codes
            .into_iter()
            .filter(|code| code.scheme != TWIN && code.valid_to.is_none());
        side.codes = codes.map(|code| format!("{}:{}", code.scheme, code.value)).collect();
    }
    side
}

fn view(platform: &Platform, caller: &Caller, double: Double, sides: &HashMap<Uuid, DoubleSide>) -> DoubleView {
    let side = |id: Uuid| {
        let mut side = sides.get(&id).cloned().unwrap_or_else(|| gone(&double, id));
        side.gone = double.kept.is_some_and(|kept| kept != id);
        side
    };
    let (mut a, mut b) = (side(double.low), side(double.high));
    // The one that more hangs on would be kept; of equal ones the more complete, then the older.
    let weight = |side: &DoubleSide| (!side.gone, side.bonds, side.codes.len(), side.population.is_some());
    if weight(&b) > weight(&a) {
        std::mem::swap(&mut a, &mut b);
    }
    let networks = networks(platform, &double);
    let may = policy::allows(&caller.actor, &Action::SettleDouble { networks: &networks });
    DoubleView {
        id: double.id,
        version: double.version,
        subject: double.subject,
        score: double.score,
        hints: double.hints,
        a,
        b,
        state: double.state,
        kept: double.kept,
        reason: double.reason,
        note: double.note,
        decided_at: double.decided_at,
        decided_by: double.decided_by,
        allowed: if may {
            double.state.actions().to_vec()
        } else {
            Vec::new()
        },
    }
}

/// The networks that accompany the cities that it is about.
pub(super) fn networks(platform: &Platform, double: &Double) -> Vec<NetworkId> {
    let cities: Vec<CityId> = match double.subject {
        DoubleSubject::City => vec![CityId(double.low), CityId(double.high)],
        DoubleSubject::Partnership => [double.low, double.high]
            .into_iter()
            .filter_map(|id| platform.atlas.bond(PartnershipId(id)))
            .flat_map(|bond| bond.cities.iter().map(|(city, _)| *city).collect::<Vec<_>>())
            .collect(),
    };
    let known = platform.directory.cities();
    let mut networks: Vec<NetworkId> = cities.into_iter().filter_map(|city| known.network_of(city)).collect();
    networks.sort_unstable();
    networks.dedup();
    networks
}
