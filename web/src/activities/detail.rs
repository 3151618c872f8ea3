//! An activity: when, where, with whom, at which cost; where it stands; and, of an exhibition, who has booked it.

use super::bookings::Bookings;
use super::{days, kind_words, state_badge};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{app, client, t, text, textf};
use leptos::prelude::*;
use shared::activities::{ActivityAction, ActivityAdvance, ActivityKind, ActivityState, ActivityView, REASON_MAX};
use shared::partnerships::PartyRef;
use shared::problem::ProblemCode;
use wasm_bindgen_futures::spawn_local;

/// An activity.
#[component]
pub fn ActivityPage() -> impl IntoView {
    let id = app::param("id");
    let thing = load(move || client::get::<ActivityView>(format!("/activities/{}", id.get())));
    view! { <Loaded of=thing lines=8 view=move |view: ActivityView| sheet(view, thing)/> }.into_any()
}

fn sheet(view: ActivityView, loading: Loading<ActivityView>) -> AnyView {
    let id = view.id;
    let may = |action| view.allowed.contains(&action);
    let (update, advance) = (may(ActivityAction::Update), may(ActivityAction::Advance));
    let cancelling = State::new(false);
    let busy = State::new(false);
    let version = view.version;
    let go_to = move |to: ActivityState| {
        busy.set(true);
        spawn_local(async move {
            let advance = ActivityAdvance { to, reason: None };
            let answer = client::act::<_, ActivityView>(format!("/activities/{id}/advance"), version, &advance).await;
            busy.try_set(false);
            settle(answer, to, loading);
        });
    };
    let next_states = view.next_states.clone().into_iter().filter(move |_| advance);
    let starts_on = view.starts_on;
    let steps = next_states.map(move |to| {
        let press = move |()| match to {
            ActivityState::Cancelled => cancelling.set(true),
            _ => go_to(to),
        };
        let look = match to {
            ActivityState::Cancelled => Look::Danger,
            _ => Look::Secondary,
        };
        let is_early = to == ActivityState::Held && starts_on > super::work::today();
        let label = Signal::derive(move || textf!("activity_step.", to.code()));
        (!is_early).then(|| view! { <Button label=label look=look busy=busy on_press=press/> })
    });
    let partnership = format!("/partnerships/{}", view.partnership_id);
    let kept = Kept::new(view.clone());
    let reason = view.state_reason.clone();
    let notes = view
        .notes
        .split("\n\n")
        .filter(|text| !text.trim().is_empty())
        .map(|text| view! { <p>{text.to_owned()}</p> })
        .collect_any();
    let has_notes = !view.notes.trim().is_empty();
    view! {
        <PageHeader
            title=Signal::stored(view.title.clone())
            crumbs=vec![
                Crumb::new("/partnerships", t!("nav.partnerships")),
                Crumb::new(partnership.clone(), Signal::stored(view.partnership_name.clone())),
                Crumb::new(format!("{partnership}/life"), t!("life.title")),
            ]
            lead=Signal::derive(move || kept.with_value(kind_words))
        >
            {steps.collect_any()}
            {update
                .then(|| view! { <LinkButton href=format!("/activities/{id}/edit") label=t!("activity.edit") look=Look::Secondary icon=Icon::Edit/> })}
        </PageHeader>
        <div class="split">
            <div class="stack stack-l">
                <p class="row">{state_badge(view.state)} {reason.map(|reason| view! { <span>{reason}</span> })}</p>
                {has_notes.then(|| view! { <section class="measure" aria-label=t!("activity.notes")>{notes}</section> })}
                {(view.kind == ActivityKind::Exhibition).then(|| view! { <Bookings of=view.clone()/> })}
            </div>
            <aside class="stack stack-l" aria-label=t!("activity.facts")>{facts(&view)}</aside>
        </div>
        {(advance && view.next_states.contains(&ActivityState::Cancelled))
            .then(|| view! { <CancelDialog of=view.clone() open=cancelling loading=loading/> })}
    }
    .into_any()
}

/// Tells how a move ended, and shows the activity as it is now.
fn settle(answer: client::Answer<ActivityView>, to: ActivityState, loading: Loading<ActivityView>) {
    match answer {
        Ok(changed) => {
            toast::say(text!("activity.moved", state = textf!("activity_state.", to.code())));
            loading.set(changed);
        }
        Err(failure) => {
            toast::say(failure_sentence(&failure));
            loading.reload();
        }
    }
}

fn facts(view: &ActivityView) -> AnyView {
    let (starts_on, ends_on) = (view.starts_on, view.ends_on);
    let place = view.place.clone();
    let people = view.people;
    let cost = view.cost.clone();
    let concerned = view
        .concerned
        .clone()
        .into_iter()
        .map(|concerned| match concerned.party {
            PartyRef::City { city_id } => {
                view! { <li><a href=format!("/cities/{city_id}")>{concerned.name}</a></li> }.into_any()
            }
            _ => view! { <li>{concerned.name}</li> }.into_any(),
        });
    let is_for_all = view.concerned.is_empty();
    let updated = view.updated_at;
    view! {
        <section class="sheet stack" aria-labelledby="facts">
            <h2 id="facts" class="minor">{t!("activity.facts")}</h2>
            <dl class="facts">
                <div><dt>{t!("activity.when")}</dt> <dd>{live(move || days(starts_on, ends_on))}</dd></div>
                {(!place.is_empty()).then(|| view! { <div><dt>{t!("activity.place")}</dt> <dd>{place}</dd></div> })}
                <div>
                    <dt>{t!("activity.concerned")}</dt>
                    <dd>
                        {if is_for_all {
                            live(move || text!("activity.all_parties"))
                        } else {
                            view! { <ul class="parties">{concerned.collect_any()}</ul> }.into_any()
                        }}
                    </dd>
                </div>
                {people.map(|people| view! { <div><dt>{t!("activity.people")}</dt> <dd>{live(move || intl::count(people.into()))}</dd></div> })}
                {cost
                    .map(|cost| {
                        view! { <div><dt>{t!("activity.cost")}</dt> <dd>{live(move || intl::money(cost.amount_minor, &cost.currency))}</dd></div> }
                    })}
            </dl>
            <p class="small soft">{t!("city.updated", day = intl::day_of(updated))}</p>
        </section>
    }
    .into_any()
}

/// Cancelling, with the reason that others read.
#[component]
fn CancelDialog(of: ActivityView, open: State<bool>, loading: Loading<ActivityView>) -> impl IntoView {
    let (id, version) = (of.id, of.version);
    let form = Form::new(format!("activity-cancel:{id}"));
    let reason = form.field("cancel-reason", "/reason", "");
    let send = move || {
        form.clear();
        form.busy.set(true);
        let told = Some(reason.trimmed()).filter(|reason| !reason.is_empty());
        spawn_local(async move {
            let advance = ActivityAdvance {
                to: ActivityState::Cancelled,
                reason: told,
            };
            let answer = client::act::<_, ActivityView>(format!("/activities/{id}/advance"), version, &advance).await;
            form.busy.try_set(false);
            match answer {
                Err(failure) if !failure.is(ProblemCode::Stale) && !failure.is(ProblemCode::StateConflict) => {
                    form.fail(failure);
                }
                answer => {
                    open.try_set(false);
                    settle(answer, ActivityState::Cancelled, loading);
                }
            }
        });
    };
    view! {
        <Dialog id="cancel" title=t!("activity.cancel_title") open=open>
            <form
                class="stack"
                novalidate
                on:submit=submit(form.busy, send)
            >
                <ErrorSummary form=form/>
                <TextArea field=reason label=t!("activity.reason") hint=t!("activity.reason_hint") rows=3 limit=REASON_MAX as usize optional=true/>
                <div class="row">
                    <Button label=t!("activity_step.cancelled") look=Look::Danger submit=true busy=form.busy/>
                    <Button label=t!("action.close") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
