//! A few matches in different states, so that the demonstration's accounts have something to answer.

use chrono::TimeDelta;
use serde_json::json;
use shared::audit::Resource;
use shared::ids::MatchId;
use shared::matches::{MatchAction, Side};
use uuid::Uuid;

use super::by_code;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::matches::pair::Pair;
use crate::matches::store;

struct Sample {
    from: &'static str,
    to: &'static str,
    days_ago: i64,
    message: &'static str,
    answer: Option<(MatchAction, Side, Option<&'static str>)>,
}

const GRENOBLE: &str = "fr:insee:38185";
const CLERMONT: &str = "fr:insee:63113";
const SEVAN: &str = "geonames:616250";
const KREMENCHUK: &str = "ua:katottg:UA53020110010031694";
const LVIV: &str = "geonames:702550";
const VINNYTSIA: &str = "geonames:689558";
const GYUMRI: &str = "geonames:616635";
const CHERNIVTSI: &str = "geonames:710719";
const ANNECY: &str = "fr:insee:74010";
const BREST: &str = "fr:insee:29019";
const LILLE: &str = "fr:insee:59350";
const VALENCE: &str = "fr:insee:26362";

const SAMPLES: [Sample; 8] = [
    Sample {
        from: LVIV,
        to: GRENOBLE,
        days_ago: 3,
        message: "Добрий день! Ваш досвід трамвая та велосипеда нам дуже цікавий. Поговоримо?",
        answer: None,
    },
    Sample {
        from: GRENOBLE,
        to: VINNYTSIA,
        days_ago: 8,
        message: "Bonjour, nous aimerions travailler avec vous sur la jeunesse et la mobilité.",
        answer: None,
    },
    Sample {
        from: GRENOBLE,
        to: GYUMRI,
        days_ago: 20,
        message: "Bonjour, votre patrimoine et nos méthodes de rénovation pourraient se rencontrer.",
        answer: Some((
            MatchAction::Accept,
            Side::Responder,
            Some("Avec plaisir : voici notre responsable des relations internationales."),
        )),
    },
    Sample {
        from: CHERNIVTSI,
        to: CLERMONT,
        days_ago: 30,
        message: "Good morning, would you like to exchange on schools and heritage?",
        answer: Some((MatchAction::Decline, Side::Responder, None)),
    },
    Sample {
        from: ANNECY,
        to: SEVAN,
        days_ago: 2,
        message: "Bonjour, deux villes au bord d'un lac ont sûrement des choses à se dire.",
        answer: None,
    },
    Sample {
        from: SEVAN,
        to: BREST,
        days_ago: 15,
        message: "Good morning, we look for a partner to renew our water network.",
        answer: Some((MatchAction::Withdraw, Side::Initiator, None)),
    },
    Sample {
        from: LILLE,
        to: KREMENCHUK,
        days_ago: 1,
        message: "Bonjour, nous pourrions vous appuyer sur le logement.",
        answer: None,
    },
    Sample {
        from: KREMENCHUK,
        to: VALENCE,
        days_ago: 25,
        message: "Добрий день! Нам потрібен досвід роботи з водою.",
        answer: Some((
            MatchAction::Accept,
            Side::Responder,
            Some("Bonjour, notre régie des eaux est prête à vous recevoir."),
        )),
    },
];

/// Adds the matches of pairs that have none; says how many. A city that the directory lacks is passed over.
pub(super) async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let caller = Caller::system(clock.now());
    let added = db
        .write(&caller, async |tx| {
            let ids = by_code(tx, SAMPLES.iter().flat_map(|sample| [sample.from, sample.to]))
                .await
                .map_err(Error::internal)?;
            let mut changes = Vec::new();
            for sample in &SAMPLES {
                let Some((&from, &to)) = ids.get(sample.from).zip(ids.get(sample.to)) else {
                    continue;
                };
                if store::of_pair_for_update(tx, from, to).await?.is_none() {
                    let pair = pair(tx, sample, from, to)?;
                    store::insert(tx, &pair).await?;
                    changes.push((pair.id.0, pair.version));
                }
            }
            tx.record_all(
                "import",
                Resource::Match,
                &changes,
                &json!({ "source": "demonstration" }),
            )
            .await?;
            Ok(changes.len())
        })
        .await?;
    Ok(added)
}

fn pair(tx: &Tx<'_>, sample: &Sample, from: shared::ids::CityId, to: shared::ids::CityId) -> Result<Pair, Error> {
    let told_at = tx.now() - TimeDelta::days(sample.days_ago);
    let id = MatchId(Uuid::now_v7());
    let mut pair = Pair::begin(id, from, to, sample.message.to_owned(), told_at);
    if let Some((action, side, message)) = sample.answer {
        pair.act(action, side, message.map(str::to_owned), told_at + TimeDelta::days(1))?;
    }
    Ok(pair)
}
