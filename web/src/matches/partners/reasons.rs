//! The reasons of a score, in words.

use crate::matches::model;
use crate::ui::prelude::*;
use crate::{cities, text, textf};
use shared::history::Judgement;
use shared::history::precedents::{NamedCity, PrecedentKind, PrecedentView};
use shared::matches::Suggestion;
use shared::scoring::raise::{Raise, Side, Stating};
use shared::scoring::{Criterion, Facts, Score};

/// The reasons of a score as bars, the weightiest first.
pub(super) fn reasons(us: &Facts, item: &Suggestion, score: &Score) -> Vec<Reason> {
    let mut all: Vec<Reason> = score
        .reasons
        .iter()
        .filter(|reason| reason.weight > 0)
        .map(|reason| Reason {
            label: textf!("criterion.", reason.criterion.code()),
            detail: finding(reason.criterion, us, item),
            forward: model::share(reason.contribution_for_us, score),
            backward: model::share(reason.contribution_for_them, score),
        })
        .collect();
    all.sort_by(|a, b| (b.forward + b.backward).total_cmp(&(a.forward + a.backward)));
    all
}

/// What was found for one criterion, in words.
pub(super) fn finding(criterion: Criterion, us: &Facts, item: &Suggestion) -> String {
    let them = &item.facts;
    match criterion {
        Criterion::Needs => {
            let (ours, theirs) = (
                model::met(&us.needs, &them.offers).len(),
                model::met(&them.needs, &us.offers).len(),
            );
            let theirs = text!("finding.needs_theirs", count = theirs);
            format!("{} {theirs}", text!("finding.needs_ours", count = ours))
        }
        Criterion::Sdgs => match model::shared_goals(us, them)[..] {
            [] => text!("finding.no_goals"),
            ref goals => text!(
                "finding.goals",
                goals = intl::list(&goals.iter().map(ToString::to_string).collect::<Vec<_>>())
            ),
        },
        Criterion::History => match &item.history {
            Some(history) => past(history, &item.precedents),
            None => text!("finding.unknown"),
        },
        Criterion::Size => match (us.population, them.population) {
            (Some(ours), Some(theirs)) => text!("finding.size", ours = intl::count(ours), theirs = intl::count(theirs)),
            _ => text!("finding.unknown"),
        },
        Criterion::Level if us.level == them.level => {
            text!("finding.same_level", level = textf!("level.", us.level.code()))
        }
        Criterion::Level => text!(
            "finding.levels",
            ours = textf!("level.", us.level.code()),
            theirs = textf!("level.", them.level.code())
        ),
        Criterion::Languages => match &model::shared_languages(us, them)[..] {
            [] => text!("finding.no_language"),
            shared => intl::list(&shared.iter().map(|tag| intl::language_name(tag)).collect::<Vec<_>>()),
        },
        Criterion::Distance => item
            .distance_km
            .map_or_else(|| text!("finding.unknown"), |km| intl::kilometres(f64::from(km))),
        Criterion::Country => {
            let wanted = us.wanted_countries.contains(&them.country);
            let wants = them.wanted_countries.contains(&us.country);
            match (wanted, wants) {
                (true, true) => text!("finding.country_both"),
                (true, false) => text!("finding.country_ours"),
                (false, true) => text!("finding.country_theirs"),
                (false, false) => text!("finding.country_none"),
            }
        }
        Criterion::Ties => match (
            us.partner_countries.contains(&them.country),
            them.partner_countries.contains(&us.country),
        ) {
            (false, false) => text!("finding.no_ties"),
            (true, false) => text!("finding.ties_ours", country = intl::country(&them.country)),
            (false, true) => text!("finding.ties_theirs", country = intl::country(&us.country)),
            (true, true) => text!("finding.ties_both"),
        },
    }
}

/// What twinnings of the past say, in sentences: how much, which partnerships nearby, what speaks for it and against it.
fn past(history: &Judgement, precedents: &[PrecedentView]) -> String {
    let mut sentences = vec![text!("finding.history", points = intl::count(i64::from(history.value)))];
    sentences.extend(precedents.iter().map(precedent));
    let by_subject = history.by_subject();
    let list = |speaks_for: bool| {
        let mut words: Vec<String> = by_subject
            .iter()
            .filter(|(_, points)| (*points > 0) == speaks_for)
            .map(|(subject, points)| {
                let sign = if speaks_for { "+" } else { "−" };
                format!(
                    "{} ({sign}{})",
                    textf!("subject.", subject.code()),
                    intl::count(i64::from(points.abs()))
                )
            })
            .collect();
        if !speaks_for {
            words.reverse();
        }
        words
    };
    let (good, bad) = (list(true), list(false));
    if !good.is_empty() {
        sentences.push(text!("finding.history_for", list = intl::list(&good)));
    }
    if !bad.is_empty() {
        sentences.push(text!("finding.history_against", list = intl::list(&bad)));
    }
    sentences.join(" ")
}

/// An existing partnership that speaks for the pair, as a sentence.
pub(super) fn precedent(told: &PrecedentView) -> String {
    let name = |city: &NamedCity| cities::name_of(&city.name, &city.labels);
    let km = |city: &NamedCity| intl::kilometres(f64::from(city.km.unwrap_or(0)));
    let city = name(&told.city);
    match (told.kind, &told.partner) {
        (PrecedentKind::CommonPartner, _) => text!("precedent.common_partner", city = city),
        (PrecedentKind::OurPartner, _) => text!("precedent.our_partner", city = city, distance = km(&told.city)),
        (PrecedentKind::Neighbours, Some(partner)) => text!(
            "precedent.neighbours",
            city = city,
            distance = km(&told.city),
            partner = name(partner),
            far = km(partner)
        ),
        (PrecedentKind::Neighbour | PrecedentKind::Neighbours, _) => {
            text!("precedent.neighbour", city = city, distance = km(&told.city))
        }
    }
}

/// What either side could state to raise the score, as sentences, the most first.
pub(super) fn raises(item: &Suggestion, score: &Score) -> Vec<String> {
    let sentence = |raise: &Raise| {
        let theme = textf!("theme.", raise.theme.slug());
        let gain = intl::percent((model::share(raise.gain, score) * 100.0).ceil() / 100.0);
        match (raise.side, raise.stating) {
            (Side::Ours, Stating::Offer) => text!("raise.ours_offer", theme = theme, gain = gain),
            (Side::Ours, Stating::Need) => text!("raise.ours_need", theme = theme, gain = gain),
            (Side::Theirs, Stating::Offer) => text!("raise.theirs_offer", theme = theme, gain = gain),
            (Side::Theirs, Stating::Need) => text!("raise.theirs_need", theme = theme, gain = gain),
        }
    };
    item.raise.iter().map(sentence).collect()
}
