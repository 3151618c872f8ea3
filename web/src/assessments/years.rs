//! What the sides of a partnership make of it, year by year: who has filed, where they agree, and what they would do well to
//! talk about.

use super::model::{self, Judge};
use super::{chart, state_badge};
use crate::ui::prelude::*;
use crate::{app, cities, client, session, t, text, textf};
use leptos::prelude::*;
use shared::assessments::{
    AssessmentDraft, AssessmentSide, AssessmentState, AssessmentView, AssessmentYear, AssessmentYearPage, Principle,
};
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::PartnershipView;
use wasm_bindgen_futures::spawn_local;

/// The self-assessments of a partnership.
#[component]
pub fn AssessmentsPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let whole = load(move || {
        // Who asks decides what is told.
        known.track();
        let id = id.get();
        async move {
            let partnership = client::get::<PartnershipView>(format!("/partnerships/{id}")).await?;
            let years = client::get::<AssessmentYearPage>(format!("/partnerships/{id}/assessments?limit=100")).await?;
            Ok((partnership, years.items))
        }
    });
    view! { <Loaded of=whole lines=10 view=page/> }.into_any()
}

fn page((partnership, years): (PartnershipView, Vec<AssessmentYear>)) -> AnyView {
    let id = partnership.summary.id;
    let name = partnership.summary.name;
    let wanted = app::query("year");
    let all = Kept::new(years);
    // Without a choice the latest year that has something to be seen, else this one.
    let chosen = memo(move || {
        let wanted = wanted.get().parse::<i32>().ok();
        all.with_value(|years| {
            let asked = years.iter().find(|year| Some(year.year) == wanted);
            let told = years.iter().find(|year| {
                year.sides
                    .iter()
                    .any(|side| side.has_filed || side.assessment_id.is_some())
            });
            asked.or(told).or(years.first()).map(|year| year.year)
        })
    });
    let links = move || {
        let years: Vec<i32> = all.with_value(|years| years.iter().map(|year| year.year).collect());
        years
            .into_iter()
            .map(|year| {
                let current = by(move || if chosen.get() == Some(year) { "page" } else { "false" });
                view! { <li><a href=format!("/partnerships/{id}/assessments?year={year}") aria-current=current>{year.to_string()}</a></li> }
            })
            .collect_any()
    };
    view! {
        <PageHeader
            title=t!("assessment.title")
            crumbs=vec![
                Crumb::new("/partnerships", t!("nav.partnerships")),
                Crumb::new(format!("/partnerships/{id}"), Signal::stored(name)),
                Crumb::new(format!("/partnerships/{id}/life"), t!("life.title")),
            ]
            lead=t!("assessment.lead")
        />
        <nav class="year-choice" aria-label=t!("assessment.years")><ul>{links()}</ul></nav>
        {live(move || {
            let year = chosen.get()?;
            all.with_value(|years| years.iter().find(|known| known.year == year).map(|of| sheet(id, of)))
        })}
    }
    .into_any()
}

fn sheet(id: PartnershipId, year: &AssessmentYear) -> AnyView {
    let judges = model::judges(year);
    let number = year.year;
    let sides = year
        .sides
        .iter()
        .enumerate()
        .map(|(index, side)| side_card(id, number, index, side));
    let is_whole = year.sides.iter().all(|side| side.has_filed);
    let reads = !year.gaps.is_empty();
    let filed = year.sides.iter().filter(|side| side.has_filed).count();
    let (all, own) = (
        year.sides.len(),
        judges
            .iter()
            .any(|judge| judge.side.state == Some(AssessmentState::Draft)),
    );
    let waiting = (!is_whole).then(|| {
        let words = if reads {
            t!("assessment.some_filed", done = filed, all = all)
        } else {
            t!("assessment.hidden", done = filed, all = all)
        };
        view! { <Notice><p>{words}</p></Notice> }
    });
    let below = if judges.is_empty() {
        ().into_any()
    } else {
        let heading = if reads {
            t!("assessment.beside")
        } else if own {
            t!("assessment.own_draft")
        } else {
            t!("assessment.own_filed")
        };
        view! {
            {talk(year, &judges)}
            <section class="stack" aria-labelledby="beside">
                <h2 id="beside">{heading}</h2>
                {chart::chart(year, &judges)}
            </section>
        }
        .into_any()
    };
    view! {
        <div class="stack stack-l assessment-year">
            <section class="stack" aria-labelledby="sides">
                <h2 id="sides">{t!("assessment.sides", year = number.to_string())}</h2>
                <ul class="side-cards">{sides.collect_any()}</ul>
                {waiting}
            </section>
            {below}
        </div>
    }
    .into_any()
}

fn side_card(id: PartnershipId, year: i32, index: usize, side: &AssessmentSide) -> AnyView {
    let (official, labels) = (side.city_name.clone(), side.city_labels.clone());
    let own_name = Signal::derive(move || cities::name_of(&official, &labels));
    let state = match side.state {
        Some(state) => state_badge(state),
        None if side.has_filed => {
            view! { <Badge label=t!("assessment_state.filed") tone=BadgeTone::Accent/> }.into_any()
        }
        None => view! { <Badge label=t!("assessment.awaited")/> }.into_any(),
    };
    let city = side.city_id;
    let busy = State::new(false);
    let act = match (side.assessment_id, side.state) {
        (Some(assessment), Some(AssessmentState::Draft)) => {
            view! { <LinkButton href=format!("/assessments/{assessment}") label=t!("assessment.go_on") icon=Icon::Edit/> }.into_any()
        }
        (Some(assessment), _) => {
            view! { <a class="small" href=format!("/assessments/{assessment}")>{t!("assessment.read", name = own_name.get())}</a> }.into_any()
        }
        (None, _) if side.can_begin => {
            view! { <Button label=t!("assessment.begin") icon=Icon::Plus about=own_name busy=busy on_press=move |()| begin(id, city, year, busy)/> }.into_any()
        }
        _ => ().into_any(),
    };
    let filed_at = side.filed_at;
    view! {
        <li class="sheet side-card">
            <p class="side-name"><span class="side-letter" aria-hidden="true">{model::mark(index)}</span> <strong>{own_name}</strong></p>
            <p class="row">
                {state}
                {filed_at.map(|at| view! { <span class="small soft">{live(move || intl::date(at.date_naive()))}</span> })}
            </p>
            {act}
        </li>
    }
    .into_any()
}

/// Begins a side's assessment, and goes on to its sheet.
fn begin(id: PartnershipId, city_id: CityId, year: i32, busy: State<bool>) {
    let go = app::navigator();
    busy.set(true);
    spawn_local(async move {
        let draft = AssessmentDraft { city_id, year };
        let answer = client::post::<_, AssessmentView>(format!("/partnerships/{id}/assessments"), &draft).await;
        busy.try_set(false);
        match answer {
            Ok(made) => {
                go.try_run(format!("/assessments/{}", made.id));
            }
            Err(failure) => toast::say(failure_sentence(&failure)),
        }
    });
}

/// The principles on which the sides are far apart, in their own words.
fn talk(year: &AssessmentYear, judges: &[Judge]) -> AnyView {
    if year.gaps.is_empty() {
        return ().into_any();
    }
    let wide: Vec<Principle> = year
        .gaps
        .iter()
        .filter(|gap| gap.is_wide)
        .map(|gap| gap.principle)
        .collect();
    if wide.is_empty() {
        return view! { <Notice tone=Tone::Success><p>{t!("assessment.none_wide")}</p></Notice> }.into_any();
    }
    let count = wide.len();
    let judges = Kept::new(judges.to_vec());
    let cards = wide.into_iter().map(|principle| {
        let words = move || {
            judges.with_value(|judges| {
                judges
                    .iter()
                    .filter_map(|judge| {
                        let score = judge.score(principle)?;
                        let value = score.value?;
                        Some(view! {
                            <div class="talk-side">
                                <dt>{text!("assessment.gives", name = chart::name(judge), score = value)}</dt>
                                <dd>{score.evidence.clone()}</dd>
                            </div>
                        })
                    })
                    .collect_any()
            })
        };
        view! {
            <li class="sheet stack">
                <h3>{live(move || textf!("principle.", principle.code()))}</h3>
                <dl class="talk-sides">{live(words)}</dl>
            </li>
        }
    });
    view! {
        <section class="stack" aria-labelledby="talk">
            <h2 id="talk">{t!("assessment.talk")}</h2>
            <p class="measure soft">{t!("assessment.talk_words", count = count)}</p>
            <ul class="talk">{cards.collect_any()}</ul>
        </section>
    }
    .into_any()
}
