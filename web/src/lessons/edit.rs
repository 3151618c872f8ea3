//! Writing a lesson: a new one of a partnership, or changes to one.

use crate::form::Form;
use crate::ui::prelude::*;
use crate::{app, client, i18n, t, text};
use leptos::prelude::*;
use shared::activities::ActivityPage;
use shared::ids::PartnershipId;
use shared::language::Language;
use shared::lessons::{LessonAction, LessonDraft, LessonGround, LessonPatch, LessonView, TEXT_MAX};
use shared::partnerships::{PartnershipAction, PartnershipView};
use shared::problem::{FieldCode, FieldError};
use shared::results::ResultPage;
use shared::themes::Theme;
use wasm_bindgen_futures::spawn_local;

/// What the form is made of.
#[derive(Debug, Clone)]
struct Desk {
    partnership: PartnershipView,
    known: Option<LessonView>,
    results: Vec<(String, String)>,
    activities: Vec<(String, String)>,
}

async fn desk(id: PartnershipId, known: Option<LessonView>) -> client::Answer<Desk> {
    let partnership = client::get::<PartnershipView>(format!("/partnerships/{id}")).await?;
    let results = client::get::<ResultPage>(format!("/partnerships/{id}/results?limit=100")).await?;
    let activities = client::get::<ActivityPage>(format!("/partnerships/{id}/activities?limit=100")).await?;
    let results = results.items.into_iter().map(|one| (one.id.to_string(), one.title));
    let activities = activities.items.into_iter().map(|one| (one.id.to_string(), one.title));
    Ok(Desk {
        partnership,
        known,
        results: results.collect(),
        activities: activities.collect(),
    })
}

/// A new lesson of a partnership.
#[component]
pub fn LessonNewPage() -> impl IntoView {
    let id = app::param("id");
    let whole = load(move || {
        let id = id.get();
        async move {
            let partnership = client::get::<PartnershipView>(format!("/partnerships/{id}")).await?;
            desk(partnership.summary.id, None).await
        }
    });
    view! { <Loaded of=whole lines=8 view=editor/> }.into_any()
}

/// Changes to a lesson.
#[component]
pub fn LessonEditPage() -> impl IntoView {
    let id = app::param("id");
    let whole = load(move || {
        let path = format!("/lessons/{}", id.get());
        async move {
            let lesson = client::get::<LessonView>(path).await?;
            desk(lesson.partnership_id, Some(lesson)).await
        }
    });
    view! { <Loaded of=whole lines=8 view=editor/> }.into_any()
}

fn editor(desk: Desk) -> AnyView {
    let may = match &desk.known {
        Some(lesson) => lesson.allowed.contains(&LessonAction::Update),
        None => desk.partnership.allowed.contains(&PartnershipAction::Update),
    };
    if may {
        return view! { <Editor desk=desk/> }.into_any();
    }
    let back = format!("/partnerships/{}/life", desk.partnership.summary.id);
    let title = if desk.known.is_none() {
        t!("lessons.add")
    } else {
        t!("lessons.edit")
    };
    view! {
        <PageHeader title=title/>
        <EmptyState title=t!("lessons.not_allowed")>
            <LinkButton href=back label=t!("map.open") look=Look::Secondary/>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Editor(desk: Desk) -> impl IntoView {
    let Desk {
        partnership,
        known,
        results,
        activities,
    } = desk;
    let partnership_id = partnership.summary.id;
    let (mut on_results, mut on_activities) = (Vec::new(), Vec::new());
    for ground in known.iter().flat_map(|lesson| &lesson.rests_on) {
        match ground {
            LessonGround::Result { result_id, .. } => on_results.push(result_id.to_string()),
            LessonGround::Activity { activity_id, .. } => on_activities.push(activity_id.to_string()),
        }
    }
    let version = known.as_ref().map(|lesson| (lesson.id, lesson.version));
    let form = Form::new(match version {
        Some((id, _)) => format!("lesson:{id}"),
        None => format!("lesson:new:{partnership_id}"),
    });
    let first = |of: fn(&LessonView) -> String| known.as_ref().map(of).unwrap_or_default();
    let words = form.field("lesson-text", "/text", first(|lesson| lesson.text.clone()));
    let theme = form.field("lesson-theme", "/theme", first(|lesson| lesson.theme.slug().to_owned()));
    let written_in = known.as_ref().map_or_else(i18n::language_now, |lesson| lesson.language);
    let language = form.field("lesson-language", "/language", written_in.tag());
    let result = form.field("lesson-results", "/result_ids", "");
    let activity = form.field("lesson-activities", "/activity_ids", "");
    let (on_results, on_activities) = (State::new(on_results), State::new(on_activities));
    form.autosave();

    let go = app::navigator();
    let page = format!("/partnerships/{partnership_id}/life");
    let save = move || {
        form.clear();
        let Some(theme) = Theme::from_slug(&theme.trimmed()) else {
            let missing = FieldError::new("/theme", FieldCode::Required);
            return form.fail(crate::activities::faulty(vec![missing]));
        };
        let draft = LessonDraft {
            theme,
            text: words.trimmed(),
            language: Language::from_tag(&language.trimmed()).unwrap_or_default(),
            result_ids: on_results
                .get_untracked()
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
            activity_ids: on_activities
                .get_untracked()
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = match version {
                None => client::post::<_, LessonView>(format!("/partnerships/{partnership_id}/lessons"), &draft).await,
                Some((id, version)) => {
                    let patch = LessonPatch {
                        theme: Some(draft.theme),
                        text: Some(draft.text),
                        language: Some(draft.language),
                        result_ids: Some(draft.result_ids),
                        activity_ids: Some(draft.activity_ids),
                    };
                    client::patch::<_, LessonView>(format!("/lessons/{id}"), version, &patch).await
                }
            };
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    form.forget_draft();
                    toast::say(text!("lessons.saved"));
                    go.try_run(format!("/partnerships/{partnership_id}/life"));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };

    let languages = Signal::derive(|| {
        let all = Language::ALL.iter();
        all.map(|language| (language.tag().to_owned(), i18n::own_name(*language).to_owned()))
            .collect::<Vec<_>>()
    });
    let heading = if version.is_none() {
        t!("lessons.add")
    } else {
        t!("lessons.edit")
    };
    let way = vec![
        Crumb::new("/partnerships", t!("nav.partnerships")),
        Crumb::new(
            format!("/partnerships/{partnership_id}"),
            Signal::stored(partnership.summary.name.clone()),
        ),
        Crumb::new(page.clone(), t!("life.title")),
    ];
    view! {
        <PageHeader title=heading crumbs=way lead=t!("lessons.edit_lead")/>
        <form
            class="stack stack-l measure edit-form"
            novalidate
            on:submit=submit(form.busy, save)
        >
            <ErrorSummary form=form/>
            <TextArea field=words label=t!("lessons.text") hint=t!("lessons.text_hint") rows=4 limit=TEXT_MAX as usize/>
            <RadioGroup field=language label=t!("lessons.language") options=languages/>
            <Select field=theme label=t!("results.theme") options=Signal::derive(i18n::themes) none=t!("results.choose")/>
            <Picks field=result label=t!("results.title") hint=t!("lessons.results_hint") options=Signal::stored(results) chosen=on_results/>
            <Picks field=activity label=t!("activities.title") options=Signal::stored(activities) chosen=on_activities/>
            <div class="row">
                <Button label=t!("action.save") submit=true busy=form.busy/>
                <LinkButton href=page label=t!("action.cancel") look=Look::Secondary/>
            </div>
            <crate::form::DraftNote form=form/>
        </form>
    }
    .into_any()
}
