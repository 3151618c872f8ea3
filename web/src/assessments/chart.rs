//! The sides of a year on ten lines from 1 to 5, with the same figures as a table.

use super::model::{self, Judge};
use crate::ui::prelude::*;
use crate::{cities, t, text, textf, tf};
use leptos::prelude::*;
use shared::assessments::{AssessmentYear, Principle, PrincipleGap, SCORE_MAX, SCORE_MIN};

/// The name of a side; tracked.
pub fn name(judge: &Judge) -> String {
    cities::name_of(&judge.side.city_name, &judge.side.city_labels)
}

/// The chart of a year, its table, and what shows each score.
pub fn chart(year: &AssessmentYear, judges: &[Judge]) -> AnyView {
    let key = judges.iter().cloned().map(|judge| {
        let (letter, class) = (model::mark(judge.index), class_of(judge.index));
        view! {
            <li>
                <svg class="apart-key" width="22" height="22" aria-hidden="true" focusable="false">{dot(11, 11, class, &letter)}</svg>
                <span>{live(move || name(&judge))}</span>
            </li>
        }
    });
    let lines = Principle::ALL.iter().map(|&principle| {
        let gap = year.gaps.iter().find(|gap| gap.principle == principle).copied();
        line(principle, judges, gap)
    });
    view! {
        <figure class="apart">
            <figcaption class="unseen">{t!("assessment.chart")}</figcaption>
            <ul class="legend">{key.collect_any()}</ul>
            <p class="apart-scale small soft" aria-hidden="true">
                <span>{t!("assessment.scale_low")}</span> <span>{t!("assessment.scale_high")}</span>
            </p>
            <ol class="apart-lines">{lines.collect_any()}</ol>
            {table(year, judges)}
        </figure>
    }
    .into_any()
}

/// What is drawn in a colour of its own: the first two sides; the others are told apart by their letters.
fn class_of(index: usize) -> &'static str {
    match index {
        0 => "series-a",
        1 => "series-b",
        _ => "apart-more",
    }
}

fn dot(x: u32, y: u32, class: &'static str, letter: &str) -> AnyView {
    view! {
        <circle class=class cx=x.to_string() cy=y.to_string() r="10"></circle>
        <text class="apart-letter" x=x.to_string() y=(y + 4).to_string() text-anchor="middle">{letter.to_owned()}</text>
    }
    .into_any()
}

fn line(principle: Principle, judges: &[Judge], gap: Option<PrincipleGap>) -> AnyView {
    let ticks = (SCORE_MIN..=SCORE_MAX).map(|value| {
        let at = format!("{}%", model::place(value));
        view! { <line class="apart-tick" x1=at.clone() x2=at y1="9" y2="25"></line> }
    });
    let between = gap.map(|gap| {
        let (from, to) = (model::place(gap.lowest), model::place(gap.highest));
        let class = if gap.is_wide {
            "apart-between apart-wide"
        } else {
            "apart-between"
        };
        view! { <line class=class x1=format!("{from}%") x2=format!("{to}%") y1="17" y2="17"></line> }
    });
    let dots = model::stands(judges, principle).into_iter().map(|(value, sides)| {
        // Those that say the same stand beside each other.
        let first = -11 * (sides.len() as i32 - 1);
        let dots = sides.iter().enumerate().map(|(place, &side)| {
            let shift = first + 22 * place as i32;
            let letter = model::mark(side);
            view! { <g transform=format!("translate({shift} 0)")>{dot(0, 17, class_of(side), &letter)}</g> }
        });
        view! { <svg class="apart-stand" x=format!("{}%", model::place(value))>{dots.collect_any()}</svg> }
    });
    let told = Kept::new(judges.to_vec());
    let is_wide = gap.is_some_and(|gap| gap.is_wide);
    let words = gap.map(|gap| {
        let apart = gap.highest - gap.lowest;
        let tone = if gap.is_wide {
            BadgeTone::Warning
        } else {
            BadgeTone::Plain
        };
        let label = if apart == 0 {
            t!("assessment.agree")
        } else {
            t!("assessment.apart", count = apart)
        };
        view! { <Badge label=label tone=tone/> }
    });
    view! {
        <li class="apart-line" class:apart-line-wide=is_wide>
            <div class="apart-head">
                <h3 class="apart-name">{tf!("principle.", principle.code())}</h3>
                {words}
            </div>
            <svg class="apart-drawn" height="34" width="100%" aria-hidden="true" focusable="false">
                <line class="apart-rail" x1="6%" x2="94%" y1="17" y2="17"></line>
                {ticks.collect_any()}
                {between}
                {dots.collect_any()}
            </svg>
            <details class="apart-why">
                <summary class="small">{t!("assessment.why", principle = textf!("principle.", principle.code()))}</summary>
                <dl>{live(move || told.with_value(|judges| why(judges, principle)))}</dl>
            </details>
        </li>
    }
    .into_any()
}

/// What shows the score of each side.
fn why(judges: &[Judge], principle: Principle) -> AnyView {
    judges
        .iter()
        .filter_map(|judge| {
            let score = judge.score(principle)?;
            let value = score.value?;
            Some(view! {
                <div>
                    <dt>{text!("assessment.gives", name = name(judge), score = value)}</dt>
                    <dd>{score.evidence.clone()}</dd>
                </div>
            })
        })
        .collect_any()
}

fn table(year: &AssessmentYear, judges: &[Judge]) -> AnyView {
    let heads = judges.iter().cloned().map(|judge| {
        view! { <th scope="col" class="numeric">{live(move || name(&judge))}</th> }
    });
    let rows = Principle::ALL.iter().map(|&principle| {
        let cells = judges.iter().cloned().map(|judge| {
            let value = judge.score(principle).and_then(|score| score.value);
            let label = Signal::derive(move || name(&judge));
            view! { <td class="numeric" data-label=label>{value.map_or_else(|| "–".to_owned(), |value| value.to_string())}</td> }
        });
        let gap = year.gaps.iter().find(|gap| gap.principle == principle);
        let gap = gap.map_or_else(|| "–".to_owned(), |gap| (gap.highest - gap.lowest).to_string());
        view! {
            <tr>
                <th scope="row">{tf!("principle.", principle.code())}</th>
                {cells.collect_any()}
                <td class="numeric" data-label=t!("assessment.gap")>{gap}</td>
            </tr>
        }
    });
    view! {
        <details class="twin">
            <summary>{t!("chart.table")}</summary>
            <div class="table-frame">
                <table class="table">
                    <caption class="unseen">{t!("assessment.chart")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!("assessment.principle")}</th>
                            {heads.collect_any()}
                            <th scope="col" class="numeric">{t!("assessment.gap")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_any()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
