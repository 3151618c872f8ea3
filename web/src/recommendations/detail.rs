//! A recommendation: to whom, from which lessons, and what became of it.

use super::state_badge;
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::ids::RecommendationId;
use shared::problem::{FieldCode, FieldError};
use shared::recommendations::{
    REASON_MAX, RecommendationAction, RecommendationAdvance, RecommendationSource, RecommendationState,
    RecommendationView,
};
use wasm_bindgen_futures::spawn_local;

/// A recommendation.
#[component]
pub fn RecommendationPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let whole = load(move || {
        // A draft is told to who holds the meeting.
        known.track();
        client::get::<RecommendationView>(format!("/recommendations/{}", id.get()))
    });
    view! { <Loaded of=whole lines=8 view=move |view: RecommendationView| sheet(view, whole)/> }.into_any()
}

fn sheet(view: RecommendationView, loading: Loading<RecommendationView>) -> AnyView {
    let (id, meeting, state) = (view.id, view.meeting_id, view.state);
    let (words, name) = (view.text.clone(), view.meeting_name.clone());
    let updates = view.allowed.contains(&RecommendationAction::Update);
    let deletes = view.allowed.contains(&RecommendationAction::Delete);
    let version = view.version;
    let go = app::navigator();
    let advances = view.allowed.contains(&RecommendationAction::Advance);
    let (addressee, to) = (view.addressee, view.addressee_name.clone());
    let next = advances.then(|| act(&view, loading));
    let steps = view.steps.into_iter().map(|step| {
        let at = step.at;
        view! {
            <li class="agenda-entry agenda-past">
                <p class="agenda-days small">{live(move || intl::date(at.date_naive()))}</p>
                <div class="agenda-words">
                    <p class="agenda-title">{tf!("recommendation_state.", step.state.code())}</p>
                    {step.reason.map(|reason| view! { <p>{reason}</p> })}
                </div>
            </li>
        }
    });
    let sources = view.sources.into_iter().map(move |source| match source {
        RecommendationSource::Proposed { lesson } => {
            let href = format!("/partnerships/{}/life#lessons", lesson.partnership_id);
            view! {
                <li>
                    <blockquote lang=lesson.language.tag()><p>{lesson.text}</p></blockquote>
                    <p class="small"><a href=href>{lesson.partnership_name}</a></p>
                </li>
            }
            .into_any()
        }
        RecommendationSource::Listed { id, text } => view! {
            <li>
                <blockquote><p>{live(move || i18n::own_text(&text))}</p></blockquote>
                <p class="small"><a href=format!("/meetings/{meeting}#lesson-{id}")>{t!("recommendations.on_list")}</a></p>
            </li>
        }
        .into_any(),
    });
    view! {
        <PageHeader
            title=t!("recommendations.one")
            crumbs=vec![
                Crumb::new("/meetings", t!("meetings.title")),
                Crumb::new(format!("/meetings/{meeting}"), Signal::derive(move || i18n::own_text(&name))),
            ]
        >
            {updates.then(|| view! { <LinkButton href=format!("/recommendations/{id}/edit") label=t!("recommendations.edit") look=Look::Secondary icon=Icon::Edit/> })}
            {deletes
                .then(|| view! { <Button label=t!("recommendations.delete") look=Look::Quiet icon=Icon::Delete on_press=move |()| remove((id, version), format!("/meetings/{meeting}"), go)/> })}
        </PageHeader>
        <div class="stack stack-l recommendation">
            <div class="sheet stack">
                <p class="row">
                    {state_badge(state)}
                    <span class="soft">
                        {tf!("addressee.", addressee.code())}
                        {(!to.is_empty()).then(|| format!(" · {to}"))}
                    </span>
                </p>
                <p class="recommendation-words">{live(move || i18n::own_text(&words))}</p>
            </div>
            {next}
            <section class="stack" aria-labelledby="became">
                <h2 id="became">{t!("recommendations.became")}</h2>
                <ol class="agenda">{steps.collect_any()}</ol>
            </section>
            <section class="stack lesson" aria-labelledby="lessons-behind">
                <h2 id="lessons-behind">{t!("recommendations.sources")}</h2>
                <ul class="ten-sources">{sources.collect_any()}</ul>
            </section>
        </div>
    }
    .into_any()
}

/// Deletes a draft and goes to its meeting; one press takes that back.
fn remove((id, version): (RecommendationId, i64), meeting: String, go: Callback<String>) {
    spawn_local(async move {
        match client::delete(format!("/recommendations/{id}"), version).await {
            Ok(()) => {
                let restore = Callback::new(move |()| {
                    spawn_local(async move {
                        // Deleting made a version; taking it back names that one.
                        let path = format!("/recommendations/{id}/restore");
                        match client::act::<_, RecommendationView>(path, version + 1, &()).await {
                            Ok(_) => {
                                toast::say(text!("recommendations.restored"));
                                go.try_run(format!("/recommendations/{id}"));
                            }
                            Err(failure) => toast::say(failure_sentence(&failure)),
                        }
                    });
                });
                toast::say_with_undo(text!("recommendations.deleted"), restore);
                go.try_run(meeting);
            }
            Err(failure) => toast::say(failure_sentence(&failure)),
        }
    });
}

/// The steps that can follow, each with its button; the last ones ask what came of it.
fn act(view: &RecommendationView, loading: Loading<RecommendationView>) -> AnyView {
    let (id, version) = (view.id, view.version);
    let form = Form::new(format!("recommendation:{id}:{version}"));
    let reason = form.field("recommendation-reason", "/reason", "");
    let ends = view.next_states.iter().any(|state| state.next().is_empty());
    let go = move |to: RecommendationState| {
        if form.busy.get_untracked() {
            return;
        }
        form.clear();
        if to.needs_reason() && reason.trimmed().is_empty() {
            let missing = FieldError::new("/reason", FieldCode::Required);
            return form.fail(crate::activities::faulty(vec![missing]));
        }
        form.busy.set(true);
        let step = RecommendationAdvance {
            to,
            reason: Some(reason.trimmed()).filter(|words| !words.is_empty()),
        };
        spawn_local(async move {
            let path = format!("/recommendations/{id}/advance");
            let answer = client::act::<_, RecommendationView>(path, version, &step).await;
            form.busy.try_set(false);
            match answer {
                Ok(view) => {
                    toast::say(textf!("recommendation_moved.", view.state.code()));
                    loading.set(view);
                    browser::focus_soon("page-title");
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let buttons = view.next_states.iter().enumerate().map(|(index, &to)| {
        let look = if index == 0 { Look::Primary } else { Look::Secondary };
        view! { <Button label=tf!("recommendation_step.", to.code()) look=look busy=form.busy on_press=move |()| go(to)/> }
    });
    let asked = ends.then(|| {
        view! { <TextArea field=reason label=t!("recommendations.reason") hint=t!("recommendations.reason_hint") rows=3 limit=REASON_MAX as usize optional=true/> }
    });
    view! {
        <section class="sheet stack" aria-labelledby="next">
            <h2 id="next">{t!("recommendations.next")}</h2>
            <ErrorSummary form=form/>
            {asked}
            <div class="row">{buttons.collect_any()}</div>
        </section>
    }
    .into_any()
}
