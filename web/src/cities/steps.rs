//! A city's way in five steps: where each stands, by which figures, and what best comes next.

use super::label;
use crate::ui::prelude::*;
use crate::{app, client, session, t, text, tf};
use leptos::prelude::*;
use shared::cities::{CitySummary, CityView};
use shared::networks::NetworkPage;
use shared::steps::{CitySteps, NextMove, Step, StepFigures, StepState, StepView};

/// The five steps of a city.
#[component]
pub fn CityStepsPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
    let steps = load(move || {
        // Who asks decides what is told.
        known.track();
        client::get::<CitySteps>(format!("/cities/{}/steps", id.get()))
    });
    view! {
        <Loaded
            of=city
            lines=8
            view=move |city: CityView| {
                let summary = city.summary;
                let name = label(&summary);
                let crumbs = vec![
                    Crumb::new("/cities", t!("nav.cities")),
                    Crumb::new(format!("/cities/{}", summary.id), name),
                ];
                view! {
                    <PageHeader title=t!("steps.title", city = name.get()) lead=t!("steps.lead") crumbs=crumbs/>
                    <Loaded of=steps lines=12 view=move |found: CitySteps| way(&summary, found)/>
                }
                    .into_any()
            }
        />
    }
    .into_any()
}

fn way(city: &CitySummary, found: CitySteps) -> AnyView {
    let CitySteps {
        steps,
        figures,
        computed_at,
    } = found;
    let done = steps.iter().filter(|step| step.state == StepState::Done).count();
    let all = steps.len();
    view! {
        <p class="way-sum">
            {t!("steps.done", done = done, all = all)}
            <progress max=all value=done aria-hidden="true"></progress>
        </p>
        <ol class="way">{steps.into_iter().map(|step| card(city, step, figures)).collect_any()}</ol>
        <p class="small soft">{t!("home.computed", when = intl::date_time(computed_at))}</p>
    }
    .into_any()
}

fn card(city: &CitySummary, of: StepView, figures: StepFigures) -> AnyView {
    let StepView { step, state, next } = of;
    let (class, tone, sign) = match state {
        StepState::Done => ("way-step way-done", BadgeTone::Success, Icon::Check),
        StepState::UnderWay => ("way-step way-under-way", BadgeTone::Accent, Icon::Clock),
        StepState::NotBegun => ("way-step", BadgeTone::Plain, Icon::ArrowRight),
    };
    let told = Signal::derive(move || {
        let told = facts(step, &figures);
        if told.is_empty() {
            text!("steps.nothing")
        } else {
            intl::list(&told)
        }
    });
    // What comes next of all that is not done yet stands out.
    let look = if state == StepState::Done {
        Look::Secondary
    } else {
        Look::Primary
    };
    let networks = (next == Some(NextMove::JoinNetwork)).then(|| near(city.country.clone()));
    let next = next.and_then(|next| Some((address(city, next)?, next)));
    view! {
        <li class=class>
            <span class="way-sign" aria-hidden="true">{icon(sign)}</span>
            <div class="way-words">
                <div class="row row-apart">
                    <h2 class="card-title">{tf!("step.", step.code())}</h2>
                    <Badge label=tf!("step_state.", state.code()) tone=tone/>
                </div>
                <p class="soft">{tf!("step_words.", step.code())}</p>
                <p>{told}</p>
                {networks}
                {next.map(|(href, next)| view! { <p><LinkButton href=href label=tf!("next_move.", next.code()) look=look/></p> })}
            </div>
        </li>
    }
    .into_any()
}

/// The figures of a step that are there, in words.
fn facts(step: Step, figures: &StepFigures) -> Vec<String> {
    let StepFigures {
        needs,
        offers,
        interests_waiting,
        interests_told,
        contacts,
        partnerships_preparing,
        partnerships_running,
        activities_planned,
        activities_held,
        files_in_writing,
        files_to_correct,
        files_handed_in,
        files_accepted,
        calls_open,
        networks,
        results,
    } = *figures;
    let all = match step {
        Step::FindPartner => vec![
            (
                interests_waiting,
                text!("steps.interests_waiting", count = interests_waiting),
            ),
            (contacts, text!("steps.contacts", count = contacts)),
            (interests_told, text!("steps.interests_told", count = interests_told)),
            (needs, text!("steps.needs", count = needs)),
        ],
        Step::BuildProject => vec![
            (
                partnerships_running,
                text!("steps.partnerships_running", count = partnerships_running),
            ),
            (
                partnerships_preparing,
                text!("steps.partnerships_preparing", count = partnerships_preparing),
            ),
            (
                activities_planned,
                text!("steps.activities_planned", count = activities_planned),
            ),
        ],
        Step::GetFunding => vec![
            (
                files_to_correct,
                text!("steps.files_to_correct", count = files_to_correct),
            ),
            (files_accepted, text!("steps.files_accepted", count = files_accepted)),
            (files_handed_in, text!("steps.files_handed_in", count = files_handed_in)),
            (
                files_in_writing,
                text!("steps.files_in_writing", count = files_in_writing),
            ),
            (calls_open, text!("steps.calls_open", count = calls_open)),
        ],
        Step::JoinNetwork => vec![(networks, text!("steps.in_network"))],
        Step::Contribute => vec![
            (results, text!("steps.results", count = results)),
            (activities_held, text!("steps.activities_held", count = activities_held)),
            (offers, text!("steps.offers", count = offers)),
        ],
    };
    all.into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, words)| words)
        .collect()
}

/// Where a move is made; a network is joined on its own site.
fn address(city: &CitySummary, next: NextMove) -> Option<String> {
    let id = city.id;
    let path = match next {
        NextMove::StateNeeds | NextMove::StateOffers => format!("/cities/{id}/edit"),
        NextMove::LookForPartners => format!("/cities/{id}/partners"),
        NextMove::AnswerInterests | NextMove::GoOnWithContacts => "/matches".to_owned(),
        NextMove::AdvancePartnership | NextMove::PlanActivity | NextMove::RecordResult => {
            format!("/partnerships?city_id={id}")
        }
        NextMove::CorrectApplication | NextMove::FinishApplication => "/applications".to_owned(),
        NextMove::LookAtCalls => "/calls".to_owned(),
        NextMove::JoinNetwork => return None,
    };
    Some(path)
}

/// The networks of a country, with their sites.
fn near(country: String) -> AnyView {
    let found = load(move || client::get::<NetworkPage>(format!("/networks?limit=5&country={country}")));
    let list = |page: NetworkPage| {
        if page.items.is_empty() {
            return view! { <p>{t!("steps.no_network")}</p> }.into_any();
        }
        let item = |name: String, website: Option<String>| match website {
            Some(site) => view! { <li><a href=site rel="external noopener">{name}</a></li> }.into_any(),
            None => view! { <li>{name}</li> }.into_any(),
        };
        view! {
            <p>{t!("steps.networks")}</p>
            <ul class="way-networks">
                {page.items.into_iter().map(|network| item(network.name, network.website)).collect_any()}
            </ul>
        }
        .into_any()
    };
    view! { <Loaded of=found lines=2 view=list/> }.into_any()
}
