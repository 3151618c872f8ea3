//! The sustainability plan of a project: invented, and marked so. Days are told from the day of loading.

use anyhow::Context as _;
use chrono::TimeDelta;
use serde_json::json;
use shared::audit::Resource;
use shared::sustainability::{PlanCommitment, PlanPart, SustainabilityPlanDraft};

use crate::activities::views::authorities;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::partnerships::store as partnerships;
use crate::sustainability::store::{self, Edition};

/// What says that it is invented.
const INVENTED: &str = "Exemple de démonstration.";
/// The project of Clermont-Ferrand and Kremenchuk.
const PROJECT: &str = "aap2025:5";

/// Adds the plan where it is missing; says how many editions.
///
/// # Errors
/// Those of the database, or where the project is not there.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let caller = Caller::system(clock.now());
    let added = db.write(&caller, async |tx| add(tx).await.map_err(Error::internal));
    added.await.context("the plan")
}

async fn add(tx: &Tx<'_>) -> anyhow::Result<usize> {
    let of = partnerships::by_source_key(tx, PROJECT)
        .await?
        .context("the project is missing")?;
    if store::latest(tx.conn(), of.id).await?.is_some() {
        return Ok(0);
    }
    let editions = editions(tx.now().date_naive());
    let sides = authorities(&of.parties);
    let count = i64::try_from(editions.len())?;
    for ((version, city_id), plan) in (1_i64..).zip(sides).zip(editions) {
        let made = Edition {
            version,
            written_at: tx.now() - TimeDelta::days(90 * (count - version)),
            city_id: Some(city_id),
            plan,
        };
        store::insert(tx, of.id, &made).await?;
        let details = json!({ "partnership_id": of.id, "source": INVENTED });
        let resource = Resource::SustainabilityPlan;
        tx.record("import", resource, of.id.0, version, details).await?;
    }
    Ok(usize::try_from(count)?)
}

/// The first edition by the city that leads, and the second one by its partner.
fn editions(today: chrono::NaiveDate) -> [SustainabilityPlanDraft; 2] {
    let due = |days| Some(today + TimeDelta::days(days));
    let commitment = |what: &str, who: &str, due_on| PlanCommitment {
        what: what.to_owned(),
        who: who.to_owned(),
        due_on,
    };
    let first = SustainabilityPlanDraft {
        cities: PlanPart {
            text:
                "Les deux villes gardent leur équipe commune après la fin du financement : un agent de chaque côté, et \
                   deux rencontres par an inscrites au budget."
                    .to_owned(),
            commitments: vec![
                commitment(
                    "Voter un budget annuel pour les échanges d'agents",
                    "Conseil municipal de Clermont-Ferrand",
                    due(120),
                ),
                commitment(
                    "Former quatre instructeurs de plus",
                    "Управління цивільного захисту Кременчука",
                    due(200),
                ),
            ],
        },
        ..SustainabilityPlanDraft::default()
    };
    let mut second = first.clone();
    second.delegation = PlanPart {
        text: "Представництво ЄС в Україні включає навчальний центр рятувальників до переліку об'єктів відновлення."
            .to_owned(),
        commitments: vec![commitment(
            "Présenter le centre de formation à la délégation",
            "Les deux villes, avec RESACOOP",
            due(60),
        )],
    };
    [first, second]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_editions_hold_and_differ() {
        let [first, second] = editions(chrono::NaiveDate::default());
        assert!(first.faults().is_empty() && second.faults().is_empty());
        assert_ne!(first, second);
    }
}
