//! Writing a recommendation: to whom, what, and the lessons that it comes from.

use crate::form::{Field, Form};
use crate::lessons::model;
use crate::ui::prelude::*;
use crate::{app, client, i18n, t, text, textf};
use leptos::prelude::*;
use shared::language::Language;
use shared::lessons::{MeetingAction, MeetingView};
use shared::problem::{FieldCode, FieldError};
use shared::recommendations::{
    Addressee, RecommendationAction, RecommendationDraft, RecommendationPatch, RecommendationSource,
    RecommendationView, TEXT_MAX,
};
use wasm_bindgen_futures::spawn_local;

#[derive(Debug, Clone)]
struct Desk {
    meeting: MeetingView,
    known: Option<RecommendationView>,
    proposed: Vec<(String, String)>,
}

async fn desk(meeting: String, known: Option<RecommendationView>) -> client::Answer<Desk> {
    let meeting = client::get::<MeetingView>(format!("/meetings/{meeting}")).await?;
    Ok(Desk {
        meeting,
        known,
        proposed: model::proposed().await?,
    })
}

/// A new recommendation of a meeting.
#[component]
pub fn RecommendationNewPage() -> impl IntoView {
    let id = app::param("id");
    let whole = load(move || desk(id.get(), None));
    view! { <Loaded of=whole lines=8 view=editor/> }.into_any()
}

/// Changes to a draft.
#[component]
pub fn RecommendationEditPage() -> impl IntoView {
    let id = app::param("id");
    let whole = load(move || {
        let path = format!("/recommendations/{}", id.get());
        async move {
            let known = client::get::<RecommendationView>(path).await?;
            desk(known.meeting_id.to_string(), Some(known)).await
        }
    });
    view! { <Loaded of=whole lines=8 view=editor/> }.into_any()
}

fn editor(desk: Desk) -> AnyView {
    let (title, back) = match &desk.known {
        Some(known) => (t!("recommendations.edit"), format!("/recommendations/{}", known.id)),
        None => (
            t!("recommendations.add"),
            format!("/meetings/{}", desk.meeting.summary.id),
        ),
    };
    let may = match &desk.known {
        Some(known) => known.allowed.contains(&RecommendationAction::Update),
        None => desk.meeting.allowed.contains(&MeetingAction::Consolidate),
    };
    if may {
        return view! { <Editor desk=desk title=title back=back/> }.into_any();
    }
    view! {
        <PageHeader title=title/>
        <EmptyState title=t!("recommendations.not_allowed")>
            <LinkButton href=back label=t!("meetings.back") look=Look::Secondary/>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Editor(desk: Desk, title: Signal<String>, back: String) -> impl IntoView {
    let Desk {
        meeting,
        known,
        proposed,
    } = desk;
    let meeting_id = meeting.summary.id;
    let version = known.as_ref().map(|one| (one.id, one.version));
    let form = Form::new(match version {
        Some((id, _)) => format!("recommendation:{id}"),
        None => format!("recommendation:new:{meeting_id}"),
    });
    let said = |tag: &str| {
        let text = known.as_ref().and_then(|one| one.text.get(tag).cloned());
        text.unwrap_or_default()
    };
    let words: [Field; 3] = [
        form.field("recommendation-fr", "/text/fr", said("fr")),
        form.field("recommendation-en", "/text/en", said("en")),
        form.field("recommendation-uk", "/text/uk", said("uk")),
    ];
    let code = known.as_ref().map(|one| one.addressee.code()).unwrap_or_default();
    let addressee = form.field("recommendation-addressee", "/addressee", code);
    let name = known.as_ref().map(|one| one.addressee_name.clone()).unwrap_or_default();
    let name = form.field("recommendation-name", "/addressee_name", name);
    let (mut on_list, mut on_lessons) = (Vec::new(), Vec::new());
    for source in known.iter().flat_map(|one| &one.sources) {
        match source {
            RecommendationSource::Listed { id, .. } => on_list.push(id.to_string()),
            RecommendationSource::Proposed { lesson } => on_lessons.push(lesson.id.to_string()),
        }
    }
    let list_field = form.field("recommendation-list", "/listed_lesson_ids", "");
    let lesson_field = form.field("recommendation-lessons", "/lesson_ids", "");
    let (on_list, on_lessons) = (State::new(on_list), State::new(on_lessons));
    form.autosave();
    let go = app::navigator();
    let save = move || {
        form.clear();
        let text = model::texts(words.map(Field::trimmed));
        let to = Addressee::from_code(&addressee.trimmed());
        let mut faults = Vec::new();
        if text.is_empty() {
            faults.push(FieldError::new("/text/fr", FieldCode::Required));
        }
        if to.is_none() {
            faults.push(FieldError::new("/addressee", FieldCode::Required));
        }
        let Some(to) = to.filter(|_| faults.is_empty()) else {
            return form.fail(crate::activities::faulty(faults));
        };
        let draft = RecommendationDraft {
            addressee: to,
            addressee_name: name.trimmed(),
            text,
            lesson_ids: on_lessons
                .get_untracked()
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
            listed_lesson_ids: on_list
                .get_untracked()
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = match version {
                None => {
                    client::post::<_, RecommendationView>(format!("/meetings/{meeting_id}/recommendations"), &draft)
                        .await
                }
                Some((id, version)) => {
                    let patch = RecommendationPatch {
                        addressee: Some(draft.addressee),
                        addressee_name: Some(draft.addressee_name),
                        text: Some(draft.text),
                        lesson_ids: Some(draft.lesson_ids),
                        listed_lesson_ids: Some(draft.listed_lesson_ids),
                    };
                    client::patch::<_, RecommendationView>(format!("/recommendations/{id}"), version, &patch).await
                }
            };
            form.busy.try_set(false);
            match answer {
                Ok(made) => {
                    form.forget_draft();
                    toast::say(text!("recommendations.saved"));
                    go.try_run(format!("/recommendations/{}", made.id));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let meeting_name = meeting.summary.name.clone();
    let way = vec![
        Crumb::new("/meetings", t!("meetings.title")),
        Crumb::new(
            format!("/meetings/{meeting_id}"),
            Signal::derive(move || i18n::own_text(&meeting_name)),
        ),
    ];
    let fields = words.into_iter().zip(Language::ALL).map(|(field, language)| {
        let label = Signal::stored(i18n::own_name(language).to_owned());
        view! { <TextArea field=field label=label rows=3 limit=TEXT_MAX as usize optional=true/> }
    });
    let addressees = Signal::derive(|| {
        let all = Addressee::ALL.iter();
        all.map(|one| (one.code().to_owned(), textf!("addressee.", one.code())))
            .collect::<Vec<_>>()
    });
    let listed = Signal::derive(move || {
        let all = meeting.lessons.iter();
        all.map(|lesson| {
            let words = model::beginning(&i18n::own_text(&lesson.text), 90);
            (
                lesson.id.to_string(),
                format!("{}. {words}", lesson.place.unwrap_or_default()),
            )
        })
        .collect::<Vec<_>>()
    });
    view! {
        <PageHeader title=title crumbs=way lead=t!("recommendations.edit_lead")/>
        <form class="stack stack-l measure edit-form" novalidate on:submit=submit(form.busy, save)>
            <ErrorSummary form=form/>
            <Picks field=list_field label=t!("meetings.list") options=listed chosen=on_list/>
            <Picks field=lesson_field label=t!("meetings.sources") hint=t!("recommendations.lessons_hint") options=Signal::stored(proposed) chosen=on_lessons/>
            <fieldset class="stack">
                <legend>{t!("recommendations.text")}</legend>
                {fields.collect_any()}
            </fieldset>
            <Select field=addressee label=t!("recommendations.addressee") options=addressees none=t!("recommendations.choose")/>
            <TextField field=name label=t!("recommendations.name") hint=t!("recommendations.name_hint") optional=true/>
            <div class="row">
                <Button label=t!("action.save") submit=true busy=form.busy/>
                <LinkButton href=back label=t!("action.cancel") look=Look::Secondary/>
            </div>
            <crate::form::DraftNote form=form/>
        </form>
    }
    .into_any()
}
