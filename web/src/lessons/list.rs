//! The lessons of a partnership, in its page.

use crate::recommendations;
use crate::ui::prelude::*;
use crate::{client, i18n, t, text, tf};
use leptos::prelude::*;
use shared::ids::PartnershipId;
use shared::lessons::{LessonAction, LessonGround, LessonPage, LessonView};
use wasm_bindgen_futures::spawn_local;

/// The lessons of a partnership.
#[component]
pub fn Lessons(
    /// The partnership.
    id: PartnershipId,
    /// Whether the reader may propose some.
    may_add: bool,
) -> impl IntoView {
    let list = load(move || client::get::<LessonPage>(format!("/partnerships/{id}/lessons?limit=100")));
    view! {
        <section class="stack" aria-labelledby="lessons">
            <div class="row">
                <h2 id="lessons">{t!("lessons.title")}</h2>
                {may_add
                    .then(|| {
                        view! { <LinkButton href=format!("/partnerships/{id}/lessons/new") label=t!("lessons.add") look=Look::Secondary icon=Icon::Plus/> }
                    })}
            </div>
            <Loaded
                of=list
                lines=4
                view=move |page: LessonPage| {
                    if page.items.is_empty() {
                        return view! { <p class="soft">{t!("lessons.none")}</p> }.into_any();
                    }
                    view! { <ul class="lessons">{page.items.into_iter().map(|lesson| card(lesson, list)).collect_any()}</ul> }.into_any()
                }
            />
            <p class="small"><a href="/meetings">{t!("lessons.to_meetings")}</a></p>
        </section>
    }
    .into_any()
}

fn card(lesson: LessonView, list: Loading<LessonPage>) -> AnyView {
    let (id, version) = (lesson.id, lesson.version);
    let may = |action| lesson.allowed.contains(&action);
    let (update, delete) = (may(LessonAction::Update), may(LessonAction::Delete));
    let about = Signal::stored(super::model::beginning(&lesson.text, 60));
    let life = format!("/partnerships/{}/life", lesson.partnership_id);
    let grounds = lesson.rests_on.into_iter().map(|ground| {
        let (href, title) = match ground {
            LessonGround::Result { result_id, title } => (format!("{life}#result-{result_id}"), title),
            LessonGround::Activity { activity_id, title } => (format!("/activities/{activity_id}"), title),
        };
        view! { <li><a href=href>{title}</a></li> }
    });
    let is_listed = !lesson.listed_in.is_empty();
    let listed = lesson.listed_in.into_iter().map(|listed| {
        let href = format!("/meetings/{}#lesson-{}", listed.meeting_id, listed.id);
        view! { <li><a href=href>{live(move || i18n::own_text(&listed.text))}</a></li> }
    });
    let is_used = !lesson.used_by.is_empty();
    let used = lesson.used_by.into_iter().map(|renewal| {
        view! { <li><a href=format!("/partnerships/{}", renewal.partnership_id)>{renewal.partnership_name}</a></li> }
    });
    let is_recommended = !lesson.recommendations.is_empty();
    let recommended = recommendations::links(lesson.recommendations);
    let theme = lesson.theme;
    view! {
        <li class="sheet stack lesson">
            <p class="small soft">{tf!("theme.", theme.slug())}</p>
            <blockquote lang=lesson.language.tag()><p>{lesson.text}</p></blockquote>
            <div class="lesson-links small">
                <div><p class="soft">{t!("lessons.rests_on")}</p> <ul>{grounds.collect_any()}</ul></div>
                {is_listed.then(|| view! { <div><p class="soft">{t!("lessons.listed_in")}</p> <ul>{listed.collect_any()}</ul></div> })}
                {is_recommended.then(|| view! { <div><p class="soft">{t!("lessons.recommended")}</p> {recommended}</div> })}
                {is_used.then(|| view! { <div><p class="soft">{t!("lessons.used_by")}</p> <ul>{used.collect_any()}</ul></div> })}
            </div>
            {(update || delete)
                .then(|| {
                    view! {
                        <div class="row">
                            {update.then(|| view! { <LinkButton href=format!("/lessons/{id}/edit") label=t!("lessons.edit") look=Look::Secondary icon=Icon::Edit/> })}
                            {delete
                                .then(|| {
                                    view! {
                                        <Button
                                            label=t!("lessons.delete")
                                            about=about
                                            look=Look::Secondary
                                            icon=Icon::Delete
                                            on_press=move |()| remove(id, version, list)
                                        />
                                    }
                                })}
                        </div>
                    }
                })}
        </li>
    }
    .into_any()
}

/// Deletes a lesson; one press takes that back.
fn remove(id: shared::ids::LessonId, version: i64, list: Loading<LessonPage>) {
    spawn_local(async move {
        match client::delete(format!("/lessons/{id}"), version).await {
            Ok(()) => {
                let restore = Callback::new(move |()| {
                    spawn_local(async move {
                        // Deleting made a version; taking it back names that one.
                        let path = format!("/lessons/{id}/restore");
                        match client::act::<_, LessonView>(path, version + 1, &()).await {
                            Ok(_) => toast::say(text!("lessons.restored")),
                            Err(failure) => toast::say(failure_sentence(&failure)),
                        }
                        list.reload();
                    });
                });
                toast::say_with_undo(text!("lessons.deleted"), restore);
            }
            Err(failure) => toast::say(failure_sentence(&failure)),
        }
        list.reload();
    });
}
