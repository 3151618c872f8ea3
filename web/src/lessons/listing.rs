//! Putting a lesson on a meeting's list: what it says, and the proposed lessons that it comes from.

use super::model;
use crate::form::{Field, Form};
use crate::ui::prelude::*;
use crate::{app, client, i18n, t, text};
use leptos::prelude::*;
use shared::language::Language;
use shared::lessons::{ListedLessonDraft, ListedLessonPatch, ListedLessonView, MeetingAction, MeetingView, TEXT_MAX};
use shared::problem::{FieldCode, FieldError};
use shared::themes::Theme;
use wasm_bindgen_futures::spawn_local;

#[derive(Debug, Clone)]
struct Desk {
    meeting: MeetingView,
    known: Option<ListedLessonView>,
    proposed: Vec<(String, String)>,
}

async fn desk(meeting: String, known: Option<ListedLessonView>) -> client::Answer<Desk> {
    let meeting = client::get::<MeetingView>(format!("/meetings/{meeting}")).await?;
    Ok(Desk {
        meeting,
        known,
        proposed: model::proposed().await?,
    })
}

/// A new lesson on a meeting's list.
#[component]
pub fn ListedNewPage() -> impl IntoView {
    let id = app::param("id");
    let whole = load(move || desk(id.get(), None));
    view! { <Loaded of=whole lines=8 view=editor/> }.into_any()
}

/// Changes to a lesson of a meeting's list.
#[component]
pub fn ListedEditPage() -> impl IntoView {
    let id = app::param("id");
    let whole = load(move || {
        let path = format!("/listed-lessons/{}", id.get());
        async move {
            let lesson = client::get::<ListedLessonView>(path).await?;
            desk(lesson.meeting_id.to_string(), Some(lesson)).await
        }
    });
    view! { <Loaded of=whole lines=8 view=editor/> }.into_any()
}

fn editor(desk: Desk) -> AnyView {
    if desk.meeting.allowed.contains(&MeetingAction::Consolidate) {
        return view! { <Editor desk=desk/> }.into_any();
    }
    let back = format!("/meetings/{}", desk.meeting.summary.id);
    view! {
        <PageHeader title=t!("meetings.add")/>
        <EmptyState title=t!("meetings.not_allowed")>
            <LinkButton href=back label=t!("meetings.back") look=Look::Secondary/>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Editor(desk: Desk) -> impl IntoView {
    let Desk {
        meeting,
        known,
        proposed,
    } = desk;
    let meeting_id = meeting.summary.id;
    let version = known.as_ref().map(|lesson| (lesson.id, lesson.version));
    let form = Form::new(match version {
        Some((id, _)) => format!("listed-lesson:{id}"),
        None => format!("listed-lesson:new:{meeting_id}"),
    });
    let said = |tag: &str| {
        let text = known.as_ref().and_then(|lesson| lesson.text.get(tag).cloned());
        text.unwrap_or_default()
    };
    let words: [Field; 3] = [
        form.field("listed-fr", "/text/fr", said("fr")),
        form.field("listed-en", "/text/en", said("en")),
        form.field("listed-uk", "/text/uk", said("uk")),
    ];
    let slug = known.as_ref().map(|lesson| lesson.theme.slug()).unwrap_or_default();
    let theme = form.field("listed-theme", "/theme", slug);
    let source = form.field("listed-sources", "/lesson_ids", "");
    let sources = known.iter().flat_map(|lesson| &lesson.sources);
    let chosen = State::new(sources.map(|lesson| lesson.id.to_string()).collect::<Vec<_>>());
    form.autosave();
    let go = app::navigator();
    let page = format!("/meetings/{meeting_id}");
    let save = move || {
        form.clear();
        let text = model::texts(words.map(Field::trimmed));
        let theme = Theme::from_slug(&theme.trimmed());
        let mut faults = Vec::new();
        if text.is_empty() {
            faults.push(FieldError::new("/text/fr", FieldCode::Required));
        }
        if theme.is_none() {
            faults.push(FieldError::new("/theme", FieldCode::Required));
        }
        let Some(theme) = theme.filter(|_| faults.is_empty()) else {
            return form.fail(crate::activities::faulty(faults));
        };
        let draft = ListedLessonDraft {
            theme,
            text,
            lesson_ids: chosen.get_untracked().iter().filter_map(|id| id.parse().ok()).collect(),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = match version {
                None => client::post::<_, ListedLessonView>(format!("/meetings/{meeting_id}/lessons"), &draft).await,
                Some((id, version)) => {
                    let patch = ListedLessonPatch {
                        theme: Some(draft.theme),
                        text: Some(draft.text),
                        lesson_ids: Some(draft.lesson_ids),
                    };
                    client::patch::<_, ListedLessonView>(format!("/listed-lessons/{id}"), version, &patch).await
                }
            };
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    form.forget_draft();
                    toast::say(text!("lessons.saved"));
                    go.try_run(format!("/meetings/{meeting_id}"));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let name = meeting.summary.name.clone();
    let way = vec![
        Crumb::new("/meetings", t!("meetings.title")),
        Crumb::new(page.clone(), Signal::derive(move || i18n::own_text(&name))),
    ];
    let heading = if version.is_none() {
        t!("meetings.add")
    } else {
        t!("lessons.edit")
    };
    let fields = words.into_iter().zip(Language::ALL).map(|(field, language)| {
        let label = Signal::stored(i18n::own_name(language).to_owned());
        view! { <TextArea field=field label=label rows=3 limit=TEXT_MAX as usize optional=true/> }
    });
    view! {
        <PageHeader title=heading crumbs=way lead=t!("meetings.add_lead")/>
        <form
            class="stack stack-l measure edit-form"
            novalidate
            on:submit=submit(form.busy, save)
        >
            <ErrorSummary form=form/>
            <Picks
                field=source
                label=t!("meetings.sources")
                hint=t!("meetings.sources_hint")
                options=Signal::stored(proposed)
                chosen=chosen
            />
            <fieldset class="stack">
                <legend>{t!("meetings.text")}</legend>
                {fields.collect_any()}
            </fieldset>
            <Select field=theme label=t!("results.theme") options=Signal::derive(i18n::themes) none=t!("results.choose")/>
            <div class="row">
                <Button label=t!("action.save") submit=true busy=form.busy/>
                <LinkButton href=page label=t!("action.cancel") look=Look::Secondary/>
            </div>
            <crate::form::DraftNote form=form/>
        </form>
    }
    .into_any()
}
