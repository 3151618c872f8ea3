//! Two or three candidates side by side.

use super::Search;
use super::reasons::finding;
use crate::matches::model;
use crate::ui::chart;
use crate::ui::later::later;
use crate::ui::prelude::*;
use crate::{cities, split, t, text, textf, tf};
use leptos::prelude::*;
use shared::matches::Suggestion;
use shared::scoring::{Criterion, reweigh};
use shared::themes::Theme;

/// Two or three candidates side by side.
pub(super) fn compared(search: Search) -> AnyView {
    let open = State::new(false);
    let picked = search.compared;
    effect(move || {
        if picked.with(Vec::len) < 2 {
            open.set(false);
        }
    });
    view! {
        {live(move || {
            let count = picked.with(Vec::len);
            (count > 0)
                .then(|| {
                    view! {
                        <div class="comparebar no-print" role="region" aria-label=t!("partners.comparison")>
                            <p role="status">
                                {if count < 2 { t!("partners.compare_one_more") } else { t!("partners.compare_count", count = count) }}
                            </p>
                            <div class="row">
                                {(count > 1)
                                    .then(|| view! { <Button label=t!("partners.compare_open") icon=Icon::Compare on_press=move |()| open.set(true)/> })}
                                <Button label=t!("partners.compare_clear") look=Look::Quiet on_press=move |()| search.compared.set(Vec::new())/>
                            </div>
                        </div>
                    }
                })
        })}
        <div class="dialog-wide">
            <Dialog id="comparison" title=t!("partners.comparison") open=open>
                {live(move || open.get().then(|| later(8, move || comparison(search))))}
            </Dialog>
        </div>
    }
    .into_any()
}

// Few come to compare.
split!(
    compare,
    fn comparison(search: Search) -> AnyView {
        live(move || table(search))
    }
);

fn table(search: Search) -> AnyView {
    let picked = search.compared.get();
    let us = search.facts.get();
    let columns: Vec<Column> = std::iter::once(Column::plain(t!("chart.criterion")))
        .chain(picked.iter().map(|item| Column::plain(cities::label(&item.city))))
        .collect();
    let row = |label: Signal<String>, cell: &dyn Fn(&Suggestion) -> AnyView| {
        let cells = picked
            .iter()
            .map(|item| view! { <td data-label=cities::label(&item.city)>{cell(item)}</td> })
            .collect_any();
        view! { <tr><th scope="row">{label}</th> {cells}</tr> }.into_any()
    };
    let weights = search.weights.get();
    let mut rows = vec![
        row(t!("partners.score"), &|item| {
            let score = reweigh(&item.score, &weights);
            let share = model::share(score.total, &score);
            view! { <strong class="numeric">{live(move || intl::percent((share * 100.0).round() / 100.0))}</strong> {chart::bar(share, "bar-a")} }.into_any()
        }),
        row(t!("city.population"), &|item| {
            let count = item.city.population;
            (move || count.map_or_else(|| text!("finding.unknown"), intl::count)).into_any()
        }),
    ];
    if let Some(us) = &us {
        let list = |met: Vec<(Theme, shared::cities::Urgency)>| {
            (move || match met.is_empty() {
                true => text!("partners.nothing"),
                false => intl::list(
                    &met.iter()
                        .map(|(theme, _)| textf!("theme.", theme.slug()))
                        .collect::<Vec<_>>(),
                ),
            })
            .into_any()
        };
        rows.push(row(t!("partners.brings_us"), &|item| {
            list(model::met(&us.needs, &item.facts.offers))
        }));
        rows.push(row(t!("partners.receives_from_us"), &|item| {
            list(model::met(&item.facts.needs, &us.offers))
        }));
        for &criterion in Criterion::ALL
            .iter()
            .filter(|criterion| **criterion != Criterion::Needs)
        {
            rows.push(row(tf!("criterion.", criterion.code()), &|item| {
                let (us, item) = (us.clone(), item.clone());
                (move || finding(criterion, &us, &item)).into_any()
            }));
        }
    }
    view! { <Table caption=t!("partners.comparison") caption_unseen=true columns=columns>{rows}</Table> }.into_any()
}
