//! A city's radar: one list of what needs attention, with the reason and what to do as links. It proposes and never does.

use crate::client;
use crate::ui::prelude::*;
use crate::{app, i18n, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::cities::CityView;
use shared::radar::{RadarAction, RadarItem, RadarList, RadarReason};

/// The radar of a city.
#[component]
pub fn RadarPage() -> impl IntoView {
    let id = app::param("id");
    let signed_in = memo(|| session::is_known().then(session::is_signed_in));
    view! {
        {live(move || match signed_in.get() {
            None => view! { <PageHeader title=t!("radar.title") lead=t!("radar.lead")/> <Skeleton lines=8/> }.into_any(),
            Some(false) => {
                view! {
                    <PageHeader title=t!("radar.title") lead=t!("radar.lead")/>
                    <EmptyState title=t!("problem.unauthenticated")>
                        <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/>
                    </EmptyState>
                }
                    .into_any()
            }
            Some(true) => view! { <Radar id=id/> }.into_any(),
        })}
    }
    .into_any()
}

#[component]
fn Radar(id: Signal<String>) -> impl IntoView {
    let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
    let radar = load(move || client::get::<RadarList>(format!("/cities/{}/radar", id.get())));
    let name = Signal::derive(move || {
        city.ready().map_or_else(String::new, |city| {
            crate::cities::name_of(&city.summary.name, &city.summary.labels)
        })
    });
    let body = move || {
        match radar.get() {
        Load::Waiting => view! { <Skeleton lines=8/> }.into_any(),
        Load::Failed(failure) => view! { <ProblemView failure=failure retry=move |()| radar.reload()/> }.into_any(),
        Load::Ready(list) if list.items.is_empty() => {
            view! {
                <EmptyState title=t!("radar.none") words=t!("radar.none_words")>
                    {live(move || {
                        let known = !name.get().is_empty();
                        known.then(|| view! { <LinkButton href=format!("/cities/{}", id.get()) label=name look=Look::Secondary/> })
                    })}
                </EmptyState>
            }
            .into_any()
        }
        Load::Ready(list) => {
            let count = list.items.len() as u64;
            view! {
                <p class="results-count" role="status">{live(move || text!("radar.count", count = count))}</p>
                <ol class="radar">{list.items.into_iter().map(|one| entry(one, id)).collect_any()}</ol>
            }
            .into_any()
        }
    }
    };
    view! {
        <PageHeader title=t!("radar.title") lead=t!("radar.lead")>
            <LinkButton href=Signal::derive(move || format!("/cities/{}/steps", id.get())) label=t!("radar.steps") look=Look::Secondary/>
        </PageHeader>
        <p class="radar-city"><a href=by(move || format!("/cities/{}", id.get()))>{name}</a></p>
        <div class="stack">{live(body)}</div>
    }
    .into_any()
}

/// How pressing a reason is, for the eye.
fn tone(reason: RadarReason) -> &'static str {
    use RadarReason as R;
    match reason {
        R::TermOver | R::CorrectionAsked | R::ReportOverdue | R::MandateOver | R::ElectionHeld => {
            "radar-entry radar-late"
        }
        R::TermEnding | R::LetterUnsigned | R::FundingEnding | R::PlanMissing | R::Unsigned => "radar-entry radar-soon",
        R::AssessmentGap | R::Quiet | R::Suspended | R::Dormant => "radar-entry",
    }
}

fn entry(item: RadarItem, city: Signal<String>) -> AnyView {
    let RadarItem {
        reason,
        day,
        partnership,
        grant,
        letter,
        application,
        count,
        actions,
        states,
    } = item;
    let named = partnership
        .as_ref()
        .map(|of| (format!("/partnerships/{}", of.id), of.name.clone()))
        .or(grant
            .as_ref()
            .map(|of| (format!("/grants/{}", of.id), of.title.clone())))
        .or(application
            .as_ref()
            .map(|of| (format!("/applications/{}", of.id), of.title.clone())));
    let letter_words = letter.as_ref().map(|of| {
        let (href, name) = (format!("/cohort-members/{}", of.id), of.cohort_name.clone());
        view! { <p class="radar-name"><a href=href>{live(move || i18n::own_text(&name))}</a></p> }
    });
    let letter = letter.map(|of| of.id.to_string());
    let why = move || {
        textf!(
            "radar_reason.",
            reason.code(),
            day = intl::date(day),
            count = u64::from(count.unwrap_or(1))
        )
    };
    let place = partnership.map(|of| of.id.to_string());
    let grant = grant.map(|of| of.id.to_string());
    let file = application.map(|of| of.id.to_string());
    let links = actions.into_iter().enumerate().map(|(at, action)| {
        let look = if at == 0 { Look::Secondary } else { Look::Quiet };
        let href = match (action, &place, &grant) {
            (RadarAction::Advance, Some(id), _) => format!("/partnerships/{id}"),
            (RadarAction::AddActivity, Some(id), _) => format!("/partnerships/{id}/activities/new"),
            (RadarAction::SetTerm, Some(id), _) => format!("/partnerships/{id}/edit"),
            (RadarAction::WritePlan, Some(id), _) => format!("/partnerships/{id}/plan/edit"),
            (RadarAction::CompareAssessments, Some(id), _) => format!("/partnerships/{id}/assessments"),
            (RadarAction::OpenGrant, _, Some(id)) => format!("/grants/{id}"),
            (RadarAction::SignLetter, ..) if letter.is_some() => {
                format!("/cohort-members/{}", letter.as_deref().unwrap_or_default())
            }
            (RadarAction::OpenApplication, ..) => {
                format!("/applications/{}", file.as_deref().unwrap_or_default())
            }
            (RadarAction::FindCall, ..) => "/calls".to_owned(),
            (RadarAction::CheckContacts, ..) => format!("/cities/{}/contacts", city.get_untracked()),
            _ => format!("/cities/{}/edit", city.get_untracked()),
        };
        view! { <LinkButton href=href label=tf!("radar_action.", action.code()) look=look/> }
    });
    let links = links.collect_any();
    let proposed = (!states.is_empty()).then(|| {
        let words = move || {
            let names: Vec<String> = states
                .iter()
                .map(|state| textf!("partnership_state.", state.code()))
                .collect();
            text!("radar.proposed", states = intl::list(&names))
        };
        view! { <p class="small soft">{live(words)}</p> }
    });
    view! {
        <li class=tone(reason)>
            <div class="radar-words">
                <p class="radar-reason">{live(why)}</p>
                {named.map(|(href, name)| view! { <p class="radar-name"><a href=href>{name}</a></p> })}
                {letter_words}
                {proposed}
            </div>
            <div class="radar-acts no-print">{links}</div>
        </li>
    }
    .into_any()
}
