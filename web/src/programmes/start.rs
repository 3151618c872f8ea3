//! Beginning an application, or going on with one: five drafts of the same project help nobody.

use crate::form::Form;
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text};
use leptos::prelude::*;
use shared::applications::{ApplicationDraft, ApplicationPage, ApplicationView, TITLE_MAX};
use shared::cohorts::{CohortPage, CohortView};
use shared::ids::{CallId, CityId, ProgrammeId};
use shared::programmes::{CallAction, CallView};
use wasm_bindgen_futures::spawn_local;

/// The next step towards an application to this call: go on with a draft where there is one, else begin; sign in before either.
#[component]
pub fn StartApplication(
    /// The call.
    call: CallView,
) -> impl IntoView {
    let (id, programme) = (call.id, call.programme_id);
    let may_apply = call.allowed.contains(&CallAction::Apply);
    let takes = call.takes_applications;
    let lists = call.allowed.contains(&CallAction::ListApplications);
    let drafts = load(move || {
        let asked = session::is_signed_in();
        async move {
            if !asked {
                return Ok(None);
            }
            client::get::<ApplicationPage>(format!("/applications?call_id={id}&unsent=true&limit=10"))
                .await
                .map(Some)
        }
    });
    let open = State::new(false);
    let body = move || {
        if !session::is_known() {
            return ().into_any();
        }
        if !session::is_signed_in() {
            return takes
                .then(|| {
                    view! {
                        <p>{t!("call.sign_in_words")}</p>
                        <div class="row"><LinkButton href=session::sign_in_address() label=t!("action.sign_in")/></div>
                    }
                })
                .into_any();
        }
        let known = drafts.ready().flatten().map(|page| page.items).unwrap_or_default();
        let begun = !known.is_empty();
        let links = known
            .into_iter()
            .map(|draft| {
                let title = draft.title.clone();
                view! {
                    <li class="draft-choice">
                        <LinkButton
                            href=format!("/applications/{}", draft.id)
                            label=Signal::derive(move || text!("call.continue", title = title.clone()))
                            icon=Icon::Edit
                        />
                    </li>
                }
            })
            .collect_any();
        view! {
            {begun.then(|| view! { <ul class="plain-stack" aria-label=t!("call.drafts")>{links}</ul> })}
            {may_apply
                .then(|| {
                    let look = if begun { Look::Secondary } else { Look::Primary };
                    view! { <div class="row"><Button label=t!("call.start") look=look icon=Icon::Plus on_press=move |()| open.set(true)/></div> }
                })}
            {(!may_apply && !begun && takes && !lists).then(|| view! { <p class="small soft">{t!("call.only_staff")}</p> })}
            {lists
                .then(|| {
                    view! {
                        <div class="row">
                            <LinkButton href=format!("/review?call_id={id}") label=t!("call.see_applications") look=Look::Secondary icon=Icon::Document/>
                        </div>
                    }
                })}
        }
        .into_any()
    };
    view! {
        <div class="stack">{body}</div>
        <Dialog id="start-application" title=t!("call.start") open=open>
            <StartForm call=id programme=programme/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn StartForm(call: CallId, programme: ProgrammeId) -> impl IntoView {
    let go = app::navigator();
    let cities = session::own_cities();
    let first = cities.first().map(|(id, _)| id.to_string()).unwrap_or_default();
    let several = cities.len() > 1;
    let form = Form::new(format!("start:{call}"));
    let title = form.field("start-title", "/title", "");
    let city = form.field("start-city", "/lead_city_id", first);
    let from = form.field("start-from", "/from_application_id", "");
    let cohort = form.field("start-cohort", "/cohort_id", "");
    // The former files of the city that leads, the latest first.
    let former = load(move || {
        let city = city.text.get();
        client::get::<ApplicationPage>(format!("/applications?city_id={city}&sort=-submitted_at&limit=25"))
    });
    let former = Signal::derive(move || {
        let page = former.ready().map(|page| page.items).unwrap_or_default().into_iter();
        page.filter(|file| file.call_id != call)
            .map(|file| {
                (
                    file.id.to_string(),
                    format!("{} ({})", file.title, i18n::own_text(&file.call_title)),
                )
            })
            .collect::<Vec<(String, String)>>()
    });
    // The cohorts in which the city that leads has signed its letter: the others that signed come with it.
    let joined = load(move || {
        let city = city.text.get();
        client::get::<CohortPage>(format!("/cohorts?programme_id={programme}&city_id={city}&limit=25"))
    });
    let joined = Signal::derive(move || {
        let signed = |of: &CohortView| {
            let mut own = of.own.iter();
            let city = city.text.get();
            own.any(|member| member.letter_state.is_signed() && member.city_id.to_string() == city)
        };
        let page = joined.ready().map(|page| page.items).unwrap_or_default().into_iter();
        page.filter(signed)
            .map(|of| (of.id.to_string(), i18n::own_text(&of.name)))
            .collect::<Vec<(String, String)>>()
    });
    let options = Signal::derive(|| {
        session::own_cities()
            .into_iter()
            .map(|(id, name)| (id.to_string(), name))
            .collect::<Vec<_>>()
    });
    let send = move || {
        let Ok(lead_city_id) = city.trimmed().parse::<CityId>() else {
            return;
        };
        let draft = ApplicationDraft {
            call_id: call,
            lead_city_id,
            title: title.trimmed(),
            partnership_id: None,
            from_application_id: from.trimmed().parse().ok(),
            cohort_id: cohort.trimmed().parse().ok(),
        };
        form.clear();
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::post::<_, ApplicationView>("/applications", &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(view) => go.run(format!("/applications/{}", view.summary.id)),
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <form
            class="stack"
            novalidate
            on:submit=submit(form.busy, send)
        >
            <ErrorSummary form=form/>
            <p>{t!("call.start_words")}</p>
            <TextField field=title label=t!("file.title") hint=t!("file.title_hint", count = TITLE_MAX)/>
            {several.then(|| view! { <Select field=city label=t!("call.lead_city") options=options/> })}
            {live(move || {
                former
                    .with(|former| !former.is_empty())
                    .then(|| view! { <Select field=from label=t!("start.from") hint=t!("start.from_hint") options=former none=t!("start.from_none") optional=true/> })
            })}
            {live(move || {
                joined
                    .with(|joined| !joined.is_empty())
                    .then(|| view! { <Select field=cohort label=t!("start.cohort") hint=t!("start.cohort_hint") options=joined none=t!("start.cohort_none") optional=true/> })
            })}
            <div class="row"><Button label=t!("call.create") submit=true busy=form.busy/></div>
        </form>
    }
    .into_any()
}
