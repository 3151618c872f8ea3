//! What the demonstration's cities need and offer: invented, plausible, and marked so in each description.

use std::collections::HashMap;

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::json;
use shared::audit::Resource;
use shared::cities::{Engagement, LookingFor, Statement, Urgency};
use shared::language::Texts;
use shared::themes::Theme;

use super::store::{self, Profile};
use super::{by_code, listed, rows};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Error;

const PROFILES: &str = include_str!("../../../data/demo/profiles.csv");
const SENTENCES: &str = include_str!("../../../data/demo/sentences.csv");

#[derive(Debug, Deserialize)]
struct ProfileRow {
    city: String,
    languages: String,
    countries: String,
    engagement: Engagement,
    needs: String,
    offers: String,
}

#[derive(Debug, Deserialize)]
struct SentenceRow {
    theme: Theme,
    need: String,
    offer: String,
}

/// Fills the profiles of cities that have stated nothing; says how many. A city that the directory lacks is passed over.
pub(super) async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let profiles: Vec<ProfileRow> = rows(PROFILES)?;
    let sentences: HashMap<Theme, SentenceRow> = rows::<SentenceRow>(SENTENCES)?
        .into_iter()
        .map(|row| (row.theme, row))
        .collect();
    let profiles: Vec<(String, Profile)> = profiles
        .into_iter()
        .map(|row| Ok((row.city.clone(), profile(&row, &sentences)?)))
        .collect::<anyhow::Result<_>>()?;
    let caller = Caller::system(clock.now());
    let filled = db
        .write(&caller, async |tx| {
            let ids = by_code(tx, profiles.iter().map(|(code, _)| code.as_str()))
                .await
                .map_err(Error::internal)?;
            let mut changes = Vec::new();
            for (code, profile) in &profiles {
                let Some(&id) = ids.get(code) else { continue };
                if let Some(version) = store::fill_profile(tx, id, profile).await? {
                    changes.push((id.0, version));
                }
            }
            tx.record_all(
                "update",
                Resource::City,
                &changes,
                &json!({ "source": "demonstration" }),
            )
            .await?;
            Ok(changes.len())
        })
        .await?;
    Ok(filled)
}

fn profile(row: &ProfileRow, sentences: &HashMap<Theme, SentenceRow>) -> anyhow::Result<Profile> {
    let list = |cell: &str| listed(cell).map(str::to_owned).collect();
    Ok(Profile {
        descriptions: Texts::from([
            (
                "fr".to_owned(),
                "Profil de démonstration : besoins et offres inventés.".to_owned(),
            ),
            (
                "en".to_owned(),
                "A profile for demonstration: needs and offers are invented.".to_owned(),
            ),
        ]),
        languages: list(&row.languages),
        looking_for: LookingFor {
            countries: list(&row.countries),
            levels: Vec::new(),
            engagement: Some(row.engagement),
        },
        needs: statements(&row.needs, |theme| Some(sentences.get(&theme)?.need.as_str()))?,
        offers: statements(&row.offers, |theme| Some(sentences.get(&theme)?.offer.as_str()))?,
    })
}

fn statements<'a>(cell: &str, sentence: impl Fn(Theme) -> Option<&'a str>) -> anyhow::Result<Vec<Statement>> {
    listed(cell)
        .map(|entry| {
            let (theme, urgency) = entry.split_once(':').context("`theme:urgency` is expected")?;
            let theme = Theme::from_slug(theme).with_context(|| format!("no theme {theme}"))?;
            Ok(Statement {
                theme,
                urgency: Urgency::from_code(urgency).with_context(|| format!("no urgency {urgency}"))?,
                sentence: sentence(theme).unwrap_or_default().to_owned(),
                place: None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_can_be_read_and_every_theme_has_its_sentences() -> anyhow::Result<()> {
        let sentences: Vec<SentenceRow> = rows(SENTENCES)?;
        assert_eq!(sentences.len(), Theme::ALL.len());
        let sentences = sentences.into_iter().map(|row| (row.theme, row)).collect();
        for row in rows::<ProfileRow>(PROFILES)? {
            let profile = profile(&row, &sentences).with_context(|| row.city.clone())?;
            assert!(!profile.needs.is_empty() && !profile.offers.is_empty(), "{}", row.city);
        }
        Ok(())
    }
}
