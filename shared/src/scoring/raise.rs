//! What either side could state to raise a score: computed by the scoring itself, nothing else.
//!
//! Only what could be true without changing anything but the profile: an offer that the other side needs, a need that the
//! other side meets. Whoever states what is not so gains nothing by it: too many offers take from each other.

use serde::{Deserialize, Serialize};

use super::outline::Plan;
use super::{Outline, Weights};
use crate::cities::codes;
use crate::themes::Theme;

/// Raises that are told of a pair.
pub const RAISES_MAX: usize = 3;

codes!(
    /// Which side states something.
    Side {
        /// The asking city.
        Ours = "ours",
        /// The candidate.
        Theirs = "theirs",
    }
);

codes!(
    /// What is stated.
    Stating {
        /// A need.
        Need = "need",
        /// An offer.
        Offer = "offer",
    }
);

/// A statement that would raise the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Raise {
    /// Who would state it.
    pub side: Side,
    /// What.
    pub stating: Stating,
    /// In which theme; of high urgency.
    pub theme: Theme,
    /// By how much the total would grow.
    pub gain: u32,
}

/// What would raise the score of a pair most, the most first; at most [`RAISES_MAX`].
#[must_use]
pub fn raises(us: &Outline, them: &Outline, weights: &Weights) -> Vec<Raise> {
    let plan = Plan::of(weights);
    let total = |us: &Outline, them: &Outline| us.total_from(them, &plan, 0).unwrap_or(0);
    let now = total(us, them);
    let mut all = Vec::new();
    for (side, own, other) in [(Side::Ours, us, them), (Side::Theirs, them, us)] {
        for &theme in Theme::ALL {
            let mut stating = |stating: Stating, stated: &Outline| {
                let gain = total(stated, other).saturating_sub(now);
                if gain > 0 {
                    all.push(Raise {
                        side,
                        stating,
                        theme,
                        gain,
                    });
                }
            };
            if other.needs(theme) && !own.offers(theme) {
                stating(Stating::Offer, &own.stating(Stating::Offer, theme));
            }
            if other.offers(theme) && !own.needs(theme) {
                stating(Stating::Need, &own.stating(Stating::Need, theme));
            }
        }
    }
    all.sort_by_key(|raise| (std::cmp::Reverse(raise.gain), raise.side, raise.stating, raise.theme));
    all.truncate(RAISES_MAX);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cities::{Level, Urgency};
    use crate::scoring::{Facts, ThemeUrgency, score};

    fn city(needs: &[Theme], offers: &[Theme]) -> Facts {
        let high = |themes: &[Theme]| -> Vec<ThemeUrgency> {
            let stated = themes.iter().map(|&theme| ThemeUrgency {
                theme,
                urgency: Urgency::High,
            });
            stated.collect()
        };
        Facts {
            country: "FR".to_owned(),
            level: Level::Local,
            population: Some(10_000),
            location: None,
            languages: Vec::new(),
            needs: high(needs),
            offers: high(offers),
            wanted_countries: Vec::new(),
            wanted_levels: Vec::new(),
            engagement: None,
            partner_countries: Vec::new(),
        }
    }

    #[test]
    fn a_raise_is_what_the_score_grows_by_once_it_is_stated() {
        let (us, them) = (
            city(&[Theme::Culture], &[Theme::Mobility]),
            city(&[Theme::Housing, Theme::Mobility], &[Theme::Youth]),
        );
        let weights = Weights::default();
        let told = raises(&Outline::of(&us), &Outline::of(&them), &weights);
        assert_eq!(told.len(), RAISES_MAX);
        assert!(told.windows(2).all(|two| two[0].gain >= two[1].gain));
        let before = score(&us, &them, &weights).total;
        for raise in told {
            let (mut us, mut them) = (us.clone(), them.clone());
            let own = match raise.side {
                Side::Ours => &mut us,
                Side::Theirs => &mut them,
            };
            let statements = match raise.stating {
                Stating::Need => &mut own.needs,
                Stating::Offer => &mut own.offers,
            };
            statements.push(ThemeUrgency {
                theme: raise.theme,
                urgency: Urgency::High,
            });
            assert_eq!(score(&us, &them, &weights).total, before + raise.gain, "{raise:?}");
        }
    }

    #[test]
    fn where_neither_states_anything_nothing_is_told() {
        let (us, them) = (city(&[], &[]), city(&[], &[]));
        assert!(raises(&Outline::of(&us), &Outline::of(&them), &Weights::default()).is_empty());
    }
}
