//! Charts that are looked at and can be read: each bar has its figure in words, each chart a table.
//!
//! Widths are SVG attributes, which the content security policy lets through; inline styles are not used.

use crate::t;
use crate::ui::intl;
use crate::ui::live::{CollectAny, live};
use leptos::prelude::*;

/// A bar for a share between 0 and 1, without words: put them beside it.
pub fn bar(share: f64, class: &'static str) -> AnyView {
    // In whole tenths: code for printing fractions weighs more than the bar.
    let tenths = (share.clamp(0.0, 1.0) * 1_000.0).round() as u32;
    let width = format!("{}.{}%", tenths / 10, tenths % 10);
    view! {
        <svg class=format!("bar {class}") height="10" aria-hidden="true" focusable="false">
            <rect class="bar-rest" width="100%" height="10" rx="3"></rect>
            <rect class="bar-fill" width=width height="10" rx="3"></rect>
        </svg>
    }
    .into_any()
}

/// A share in words and as a bar: how complete a profile is.
#[component]
pub fn Meter(
    /// What is measured.
    #[prop(into)]
    label: Signal<String>,
    /// From 0 to 1.
    #[prop(into)]
    share: Signal<f64>,
    /// The figure in words; a percentage unless given.
    #[prop(optional, into)]
    words: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <div class="meter">
            <p class="meter-words">
                <span>{label}</span>
                " "
                <strong class="numeric">{live(move || words.get().unwrap_or_else(|| intl::percent(share.get())))}</strong>
            </p>
            {live(move || bar(share.get(), "bar-a"))}
        </div>
    }
    .into_any()
}

/// A part of a stacked bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is.
    pub label: String,
    /// Its size, in the unit of the whole.
    pub value: f64,
    /// Its figure in words.
    pub words: String,
    /// Which series it is drawn as: `a`, `b`, `c` or `rest`.
    pub series: &'static str,
}

/// A whole and its parts as one bar, with a list as its legend; a line marks a ceiling.
#[component]
pub fn StackedBar(
    /// What the whole is.
    #[prop(into)]
    label: Signal<String>,
    /// The parts, in order.
    #[prop(into)]
    parts: Signal<Vec<Part>>,
    /// A ceiling as a share of the whole.
    #[prop(optional, into)]
    ceiling: MaybeProp<f64>,
) -> impl IntoView {
    let drawn = move || {
        let parts = parts.get();
        let whole: f64 = parts.iter().map(|part| part.value).sum::<f64>().max(f64::MIN_POSITIVE);
        let mut from = 0.0;
        parts
            .iter()
            .map(|part| {
                let share = part.value / whole * 100.0;
                let rect = view! { <rect class=format!("series-{}", part.series) x=format!("{from:.2}%") width=format!("{share:.2}%") height="20"></rect> };
                from += share;
                rect
            })
            .collect_any()
    };
    view! {
        <figure class="stacked">
            <figcaption>{label}</figcaption>
            <svg class="bar" height="20" aria-hidden="true" focusable="false">
                {drawn}
                {live(move || ceiling.get().map(|share| {
                    let at = format!("{:.2}%", share.clamp(0.0, 1.0) * 100.0);
                    view! { <line class="bar-ceiling" x1=at.clone() x2=at y1="0" y2="20"></line> }
                }))}
            </svg>
            <ul class="legend">
                {live(move || {
                    parts
                        .get()
                        .into_iter()
                        .map(|part| {
                            view! {
                                <li>
                                    <svg class="legend-key" width="12" height="12" aria-hidden="true"><rect class=format!("series-{}", part.series) width="12" height="12" rx="3"></rect></svg>
                                    <span>{part.label}</span>
                                    " "
                                    <span class="numeric">{part.words}</span>
                                </li>
                            }
                        })
                        .collect_any()
                })}
            </ul>
        </figure>
    }
    .into_any()
}

/// One reason of a score, for both sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The criterion, in words.
    pub label: String,
    /// What was found, in words.
    pub detail: String,
    /// What it adds for the first side, from 0 to 1 of the whole score.
    pub forward: f64,
    /// What it adds for the second side.
    pub backward: f64,
}

/// Reasons as bars in two directions, with the same figures as a table one press away.
#[component]
pub fn Reasons(
    /// What is explained.
    #[prop(into)]
    label: Signal<String>,
    /// The first side's name.
    #[prop(into)]
    forward: Signal<String>,
    /// The second side's name.
    #[prop(into)]
    backward: Signal<String>,
    /// The reasons, the weightiest first.
    #[prop(into)]
    reasons: Signal<Vec<Reason>>,
) -> impl IntoView {
    view! {
        <figure class="reasons">
            <figcaption class="unseen">{label}</figcaption>
            <p class="reasons-key" aria-hidden="true">
                <span class="reasons-a">{forward}</span>
                <span class="reasons-b">{backward}</span>
            </p>
            <ul class="reasons-list" aria-hidden="true">
                {live(move || {
                    let reasons = reasons.get();
                    let most = reasons.iter().flat_map(|reason| [reason.forward, reason.backward]).fold(0.01, f64::max);
                    reasons
                        .into_iter()
                        .map(|reason| {
                            let (a, b) = (reason.forward / most * 50.0, reason.backward / most * 50.0);
                            view! {
                                <li>
                                    <span class="reasons-label">{reason.label}</span>
                                    <svg class="bar" height="14" focusable="false">
                                        <rect class="bar-rest" width="100%" height="14" rx="3"></rect>
                                        <rect class="series-a" x=format!("{:.2}%", 50.0 - a) width=format!("{a:.2}%") height="14"></rect>
                                        <rect class="series-b" x="50%" width=format!("{b:.2}%") height="14"></rect>
                                        <line class="bar-middle" x1="50%" x2="50%" y1="0" y2="14"></line>
                                    </svg>
                                    <span class="reasons-detail">{reason.detail}</span>
                                </li>
                            }
                        })
                        .collect_any()
                })}
            </ul>
            <details class="twin">
                <summary>{t!("chart.table")}</summary>
                <div class="table-frame">
                    <table class="table">
                        <caption class="unseen">{label}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{t!("chart.criterion")}</th>
                                <th scope="col" class="numeric">{forward}</th>
                                <th scope="col" class="numeric">{backward}</th>
                                <th scope="col">{t!("chart.detail")}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {live(move || {
                                reasons
                                    .get()
                                    .into_iter()
                                    .map(|reason| {
                                        view! {
                                            <tr>
                                                <th scope="row">{reason.label}</th>
                                                <td class="numeric" data-label=forward>{intl::decimal(reason.forward * 100.0, 1)}</td>
                                                <td class="numeric" data-label=backward>{intl::decimal(reason.backward * 100.0, 1)}</td>
                                                <td data-label=t!("chart.detail")>{reason.detail}</td>
                                            </tr>
                                        }
                                    })
                                    .collect_any()
                            })}
                        </tbody>
                    </table>
                </div>
            </details>
        </figure>
    }
    .into_any()
}
