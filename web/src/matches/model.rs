//! What the screens about matches think, without a browser: filters, ranking anew, what each side would gain.

use shared::cities::{Level, Urgency};
use shared::ids::CityId;
use shared::matches::{MatchState, MatchView, Suggestion};
use shared::scoring::{Criterion, Facts, Score, ThemeUrgency, WEIGHT_MAX, Weights, reweigh};
use shared::themes::Theme;

/// The most candidates that are held in the browser.
pub const CANDIDATES_MAX: usize = 500;
/// The most cities that are compared at once.
pub const COMPARED_MAX: usize = 3;

/// Filters of the ranking, as they stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Theme that it needs.
    pub needs: String,
    /// Theme that it offers.
    pub offers: String,
    /// Level of authority.
    pub level: String,
    /// Size: a code of [`Self::SIZES`].
    pub size: String,
    /// Farthest distance in kilometres.
    pub distance: String,
    /// `yes` for those that look for partners.
    pub open: String,
}

impl Filters {
    /// Their names in the address, in the order of the form.
    pub const NAMES: [&'static str; 7] = ["country", "needs", "offers", "level", "size", "distance", "open"];
    /// The sizes that one can ask for.
    pub const SIZES: [&'static str; 4] = ["similar", "small", "medium", "large"];
    /// The distances that one can ask for, in kilometres.
    pub const DISTANCES: [&'static str; 4] = ["500", "1000", "2000", "4000"];

    /// The fields of the request that answers them; what is not valid is left out, so that an old address still shows something.
    pub fn request(&self, own_population: Option<i64>) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        if self.country.len() == 2 {
            fields.push(("country", self.country.clone()));
        }
        if Level::from_code(&self.level).is_some() {
            fields.push(("level", self.level.clone()));
        }
        for (name, theme) in [("needs", &self.needs), ("offers", &self.offers)] {
            if Theme::from_slug(theme).is_some() {
                fields.push((name, theme.clone()));
            }
        }
        let (least, most) = match (self.size.as_str(), own_population) {
            ("similar", Some(own)) => (Some(own / 3), Some(own.saturating_mul(3))),
            ("small", _) => (None, Some(9_999)),
            ("medium", _) => (Some(10_000), Some(100_000)),
            ("large", _) => (Some(100_001), None),
            _ => (None, None),
        };
        fields.extend(least.map(|least| ("population_min", least.to_string())));
        fields.extend(most.map(|most| ("population_max", most.to_string())));
        if self.distance.parse::<u32>().is_ok() {
            fields.push(("distance_max_km", self.distance.clone()));
        }
        if self.open == "yes" {
            fields.push(("open_to_partners", "true".to_owned()));
        }
        fields
    }

    /// The filters that are set: the name in the address and the value.
    pub fn active(&self) -> Vec<(&'static str, String)> {
        let values = [
            &self.country,
            &self.needs,
            &self.offers,
            &self.level,
            &self.size,
            &self.distance,
            &self.open,
        ];
        Self::NAMES
            .into_iter()
            .zip(values)
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, value.clone()))
            .collect()
    }
}

/// The weights of an address such as `40-10-20-0-2-2-0-10-0`; the usual ones where it says nothing or nonsense.
pub fn weights_from(text: &str) -> Weights {
    let numbers: Vec<u32> = text
        .split('-')
        .filter_map(|part| part.parse().ok())
        .filter(|number| *number <= WEIGHT_MAX)
        .collect();
    match numbers[..] {
        [needs, sdgs, history, size, level, languages, distance, country, ties] => Weights {
            needs,
            sdgs,
            history,
            size,
            level,
            languages,
            distance,
            country,
            ties,
        },
        _ => Weights::default(),
    }
}

/// The text of weights in an address; empty for the usual ones.
pub fn weights_text(weights: &Weights) -> String {
    if *weights == Weights::default() {
        return String::new();
    }
    weights_code(weights)
}

/// The text of weights in an address, also of the usual ones: where another city's own would be taken without it.
pub fn weights_code(weights: &Weights) -> String {
    let numbers: Vec<String> = Criterion::ALL
        .iter()
        .map(|criterion| weights.of(*criterion).to_string())
        .collect();
    numbers.join("-")
}

/// The same weights with another value for one criterion.
pub fn with_weight(mut weights: Weights, criterion: Criterion, value: u32) -> Weights {
    let place = match criterion {
        Criterion::Needs => &mut weights.needs,
        Criterion::Sdgs => &mut weights.sdgs,
        Criterion::History => &mut weights.history,
        Criterion::Size => &mut weights.size,
        Criterion::Level => &mut weights.level,
        Criterion::Languages => &mut weights.languages,
        Criterion::Distance => &mut weights.distance,
        Criterion::Country => &mut weights.country,
        Criterion::Ties => &mut weights.ties,
    };
    *place = value.min(WEIGHT_MAX);
    weights
}

/// Indexes of the candidates, best first by these weights; equals stay in the server's order.
pub fn rank(candidates: &[Suggestion], weights: &Weights) -> Vec<usize> {
    let mut ranked: Vec<(u32, usize)> = candidates
        .iter()
        .enumerate()
        .map(|(at, candidate)| (reweigh(&candidate.score, weights).total, at))
        .collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.into_iter().map(|(_, at)| at).collect()
}

/// What is shown of a ranking while it changes at every step of a slider: the places in sight as it says, the others where they were before as far as they
/// are still among them. So a city that comes to the top changes places with one, instead of moving hundreds that nobody sees.
pub fn settled_in_sight(before: &[usize], ranking: &[usize], in_sight: usize) -> Vec<usize> {
    if before.len() != ranking.len() {
        return ranking.to_vec();
    }
    let (seen, others) = ranking.split_at(in_sight.min(ranking.len()));
    let others_before = &before[seen.len()..];
    let (stay, were) = (sorted(others), sorted(others_before));
    let mut come = others.iter().filter(|at| were.binary_search(at).is_err());
    let placed = others_before.iter().filter_map(|at| match stay.binary_search(at) {
        Ok(_) => Some(*at),
        Err(_) => come.next().copied(),
    });
    seen.iter().copied().chain(placed).collect()
}

fn sorted(places: &[usize]) -> Vec<usize> {
    let mut places = places.to_vec();
    places.sort_unstable();
    places
}

/// A share of the whole score, 0 to 1.
pub fn share(part: u32, score: &Score) -> f64 {
    if score.max == 0 {
        0.0
    } else {
        f64::from(part) / f64::from(score.max)
    }
}

/// Themes that one side needs and the other offers, the most pressing first.
pub fn met(needs: &[ThemeUrgency], offers: &[ThemeUrgency]) -> Vec<(Theme, Urgency)> {
    let mut met: Vec<(Theme, Urgency)> = needs
        .iter()
        .filter(|need| offers.iter().any(|offer| offer.theme == need.theme))
        .map(|need| (need.theme, need.urgency))
        .collect();
    met.sort_by_key(|(_, urgency)| std::cmp::Reverse(*urgency));
    met
}

/// Sustainable Development Goals that both serve.
pub fn shared_goals(us: &Facts, them: &Facts) -> Vec<u8> {
    let goals = |facts: &Facts| -> Vec<u8> {
        facts
            .needs
            .iter()
            .chain(&facts.offers)
            .flat_map(|statement| statement.theme.sdgs().iter().copied())
            .collect()
    };
    let theirs = goals(them);
    let mut both: Vec<u8> = goals(us).into_iter().filter(|goal| theirs.contains(goal)).collect();
    both.sort_unstable();
    both.dedup();
    both
}

/// Languages that both work in.
pub fn shared_languages(us: &Facts, them: &Facts) -> Vec<String> {
    us.languages
        .iter()
        .filter(|language| them.languages.contains(language))
        .cloned()
        .collect()
}

/// In which drawer of the inbox a match lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawer {
    /// Somebody is interested in us and waits.
    Received,
    /// We are interested and wait.
    Sent,
    /// Both are: contact persons are open, or a partnership came of it.
    Contact,
    /// Nothing more will come of it.
    Closed,
}

impl Drawer {
    /// All, in the order of the tabs.
    pub const ALL: [Drawer; 4] = [Drawer::Received, Drawer::Sent, Drawer::Contact, Drawer::Closed];

    /// Its code, as in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Drawer::Received => "received",
            Drawer::Sent => "sent",
            Drawer::Contact => "contact",
            Drawer::Closed => "closed",
        }
    }

    /// Where a match lies for the staff of these cities.
    pub fn of(item: &MatchView, own: &[CityId]) -> Drawer {
        match item.state {
            MatchState::Interested if is_ours_first(item, own) => Drawer::Sent,
            MatchState::Interested => Drawer::Received,
            MatchState::ContactOpened | MatchState::Agreed => Drawer::Contact,
            MatchState::Declined | MatchState::Withdrawn | MatchState::Expired => Drawer::Closed,
        }
    }
}

/// Whether one of these cities began the match.
pub fn is_ours_first(item: &MatchView, own: &[CityId]) -> bool {
    own.contains(&item.initiator.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(needs: &[(Theme, Urgency)], offers: &[Theme]) -> Facts {
        Facts {
            country: "FR".into(),
            level: Level::Local,
            population: None,
            location: None,
            languages: vec!["fr".into(), "en".into()],
            needs: needs
                .iter()
                .map(|&(theme, urgency)| ThemeUrgency { theme, urgency })
                .collect(),
            offers: offers
                .iter()
                .map(|&theme| ThemeUrgency {
                    theme,
                    urgency: Urgency::Medium,
                })
                .collect(),
            wanted_countries: vec![],
            wanted_levels: vec![],
            engagement: None,
            partner_countries: vec![],
        }
    }

    #[test]
    fn weights_survive_an_address_and_nonsense_gives_the_usual_ones() {
        let weights = with_weight(Weights::default(), Criterion::Distance, 90);
        assert_eq!(weights_from(&weights_text(&weights)), weights);
        assert_eq!(weights_text(&Weights::default()), "");
        for nonsense in ["", "1-2", "a-b-c-d-e-f-g-h-i", "900-1-1-1-1-1-1-1-1", "1-1-1-1-1-1-1-1"] {
            assert_eq!(weights_from(nonsense), Weights::default(), "{nonsense}");
        }
    }

    #[test]
    fn a_similar_size_is_within_three_times_ours() {
        let filters = Filters {
            size: "similar".into(),
            open: "yes".into(),
            distance: "x".into(),
            ..Filters::default()
        };
        let fields = filters.request(Some(9_000));
        assert_eq!(
            fields,
            [
                ("population_min", "3000".to_owned()),
                ("population_max", "27000".to_owned()),
                ("open_to_partners", "true".to_owned())
            ]
        );
        assert_eq!(filters.request(None), [("open_to_partners", "true".to_owned())]);
        assert_eq!(filters.active().len(), 3);
        assert_eq!(filters.active()[0], ("size", "similar".to_owned()));
    }

    #[test]
    fn needs_met_are_named_the_most_pressing_first() {
        let us = facts(&[(Theme::Youth, Urgency::Low), (Theme::Climate, Urgency::High)], &[]);
        let them = facts(&[], &[Theme::Climate, Theme::Youth, Theme::Housing]);
        assert_eq!(
            met(&us.needs, &them.offers),
            [(Theme::Climate, Urgency::High), (Theme::Youth, Urgency::Low)]
        );
        assert!(met(&them.needs, &us.offers).is_empty());
    }

    #[test]
    fn goals_in_common_are_sorted_and_named_once() {
        let us = facts(
            &[(Theme::Climate, Urgency::Low), (Theme::EssentialServices, Urgency::Low)],
            &[],
        );
        let them = facts(&[], &[Theme::Climate]);
        assert_eq!(shared_goals(&us, &them), [7, 13]);
    }

    #[test]
    fn what_nobody_sees_stays_where_it_was_until_the_slider_rests() {
        let before = [0, 1, 2, 3, 4, 5];
        // The last but one comes to the top: it changes places with the one that leaves what is in sight.
        assert_eq!(settled_in_sight(&before, &[4, 0, 1, 2, 3, 5], 2), [4, 0, 2, 3, 1, 5]);
        // Nothing comes into sight: what is below may be in any order.
        assert_eq!(settled_in_sight(&before, &[1, 0, 5, 4, 3, 2], 2), [1, 0, 2, 3, 4, 5]);
        // Others are shown now: those that stay keep their places, those that come fill the gaps in their order.
        assert_eq!(settled_in_sight(&before, &[9, 1, 5, 8, 7, 3], 1), [9, 1, 8, 3, 7, 5]);
        // All in sight, or more than before: as the ranking says.
        assert_eq!(settled_in_sight(&before, &[5, 4, 3, 2, 1, 0], 9), [5, 4, 3, 2, 1, 0]);
        assert_eq!(settled_in_sight(&before, &[2, 1, 0], 1), [2, 1, 0]);
        assert_eq!(settled_in_sight(&[], &[], 3), Vec::<usize>::new());
    }

    #[test]
    fn another_weight_turns_the_ranking_round() {
        let summary = |name: &str| -> shared::cities::CitySummary {
            serde_json::from_value(serde_json::json!({
                "id": "01980a5c-7c00-7000-8000-000000000001", "version": 1, "kind": "municipality", "name": name, "labels": {},
                "country": "FR", "subdivision": null, "population": null, "location": null, "open_to_partners": true, "needs": [], "offers": []
            }))
            .unwrap()
        };
        let us = facts(&[(Theme::Climate, Urgency::High)], &[]);
        let candidate = |name: &str, them: Facts| Suggestion {
            city: summary(name),
            score: shared::scoring::score(&us, &them, &Weights::default()),
            facts: them,
            history: None,
            precedents: vec![],
            raise: vec![],
            distance_km: None,
            match_id: None,
        };
        let helper = candidate(
            "helper",
            Facts {
                languages: vec!["uk".into()],
                ..facts(&[], &[Theme::Climate])
            },
        );
        let talker = candidate("talker", facts(&[], &[]));
        let all = [helper, talker];
        assert_eq!(rank(&all, &Weights::default()), [0, 1]);
        let words_only = Weights {
            needs: 0,
            sdgs: 0,
            history: 0,
            size: 0,
            level: 0,
            languages: 10,
            distance: 0,
            country: 0,
            ties: 0,
        };
        assert_eq!(rank(&all, &words_only), [1, 0]);
        assert_eq!(
            share(
                5,
                &Score {
                    total: 0,
                    max: 0,
                    reasons: vec![]
                }
            ),
            0.0
        );
    }
}
