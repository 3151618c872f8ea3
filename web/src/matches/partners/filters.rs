//! What narrows the ranking, and what counts in it.

use super::Search;
use super::own_weights::{OwnWeights, acts};
use crate::matches::model::{self, Filters};
use crate::ui::filters::SetQuery;
use crate::ui::prelude::*;
use crate::{app, i18n, t, text, textf, tf};
use leptos::prelude::*;
use shared::cities::Level;
use shared::scoring::Criterion;

pub(super) fn filter_words(name: &str, value: &str) -> String {
    match name {
        "country" => intl::country(value),
        "level" => textf!("level.", value),
        "size" => textf!("partner_size.", value),
        "needs" => text!("cities.tag_need", theme = textf!("theme.", value)),
        "offers" => text!("cities.tag_offer", theme = textf!("theme.", value)),
        "distance" => text!(
            "partners.within",
            distance = intl::kilometres(value.parse().unwrap_or_default())
        ),
        _ => text!("cities.only_open"),
    }
}

pub(super) fn empty(set: SetQuery, edit: String) -> AnyView {
    let clear = move |()| set.run(Filters::NAMES.map(|name| (name, String::new())).to_vec());
    view! {
        <EmptyState title=t!("partners.none") words=t!("partners.none_words")>
            <Button label=t!("cities.clear") look=Look::Secondary on_press=clear/>
            <LinkButton href=edit label=t!("partners.complete") look=Look::Secondary/>
        </EmptyState>
    }
    .into_any()
}

pub(super) fn filter_form(set: SetQuery, own_country: String) -> AnyView {
    let field = |name: &'static str, id: &'static str| query_field(name, id, 0, set);
    let (country, level, size) = (
        field("country", "filter-country"),
        field("level", "filter-level"),
        field("size", "filter-size"),
    );
    let (needs, offers) = (field("needs", "filter-needs"), field("offers", "filter-offers"));
    let distance = field("distance", "filter-distance");
    let open_value = app::query("open");
    let open = State::new(open_value.get_untracked() == "yes");
    effect(move || open.set(open_value.get() == "yes"));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before.is_some_and(|before| before != now) && (open_value.get_untracked() == "yes") != now {
            set.run(vec![("open", if now { "yes".to_owned() } else { String::new() })]);
        }
        now
    });
    // Partners are abroad.
    let countries = Signal::derive(move || {
        let mut all = intl::countries();
        all.retain(|(code, _)| *code != own_country);
        all
    });
    let levels = Signal::derive(|| {
        Level::ALL
            .iter()
            .map(|level| (level.code().to_owned(), textf!("level.", level.code())))
            .collect::<Vec<_>>()
    });
    let sizes = Signal::derive(|| {
        Filters::SIZES
            .iter()
            .map(|size| ((*size).to_owned(), textf!("partner_size.", *size)))
            .collect::<Vec<_>>()
    });
    let themes = Signal::derive(i18n::themes);
    let distances = Signal::derive(|| {
        Filters::DISTANCES
            .iter()
            .map(|far| ((*far).to_owned(), filter_words("distance", far)))
            .collect::<Vec<_>>()
    });
    view! {
        <form class="stack" role="search" aria-label=t!("cities.filters") on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <Select field=country label=t!("cities.country") options=countries none=t!("cities.any_country")/>
            <Select field=offers label=t!("partners.offers") options=themes none=t!("cities.any_theme")/>
            <Select field=needs label=t!("partners.needs") options=themes none=t!("cities.any_theme")/>
            <Select field=level label=t!("partners.level") options=levels none=t!("partners.any_level")/>
            <Select field=size label=t!("partners.size") options=sizes none=t!("partners.any_size")/>
            <Select field=distance label=t!("map.distance") options=distances none=t!("partners.any_distance")/>
            <Checkbox id="filter-open" label=t!("cities.only_open") checked=open/>
        </form>
    }
    .into_any()
}

/// A slider for each criterion; the list follows at once.
pub(super) fn weight_form(search: Search, own: OwnWeights, city: Signal<String>) -> AnyView {
    let weights = search.weights;
    let sliders = Criterion::ALL
        .iter()
        .map(|&criterion| {
            let value = State::new(weights.with_untracked(|weights| weights.of(criterion)));
            effect(move || {
                let wanted = weights.with(|weights| weights.of(criterion));
                if value.get_untracked() != wanted {
                    value.set(wanted);
                }
            });
            Effect::new(move |before: Option<u32>| {
                let now = value.get();
                if before.is_some_and(|before| before != now) {
                    let changed = model::with_weight(weights.get_untracked(), criterion, now);
                    if changed != weights.get_untracked() {
                        // Before the weights: whoever waits for their rest shall not follow the first step either.
                        search.moves();
                        weights.set(changed);
                    }
                }
                now
            });
            view! {
                <Slider
                    id=format!("weight-{}", criterion.code())
                    label=tf!("criterion.", criterion.code())
                    value=value
                    words=|value: u32| match value {
                        0 => text!("partners.weight_none"),
                        _ => intl::number(f64::from(value)),
                    }
                />
            }
        })
        .collect_any();
    view! {
        <div class="stack">
            <p class="small soft">{t!("partners.weights_words")}</p>
            {sliders}
            {acts(weights, own, city)}
        </div>
    }
    .into_any()
}
