//! Meetings, and the list of at most ten lessons of each: numbered, with the places that are left, in an order that who holds
//! the meeting changes.

use super::model;
use crate::recommendations;
use crate::recommendations::list::Recommendations;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, t, text, tf};
use leptos::prelude::*;
use shared::ids::ListedLessonId;
use shared::lessons::{
    LISTED_MAX, LessonOrder, ListedLessonView, MeetingAction, MeetingPage, MeetingSummary, MeetingView,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

/// The meetings, the latest first.
#[component]
pub fn MeetingsPage() -> impl IntoView {
    let list = load(|| client::get::<MeetingPage>("/meetings?limit=100"));
    view! {
        <PageHeader title=t!("meetings.title") crumbs=vec![Crumb::new("/partnerships", t!("nav.partnerships"))] lead=t!("meetings.lead")/>
        <Loaded
            of=list
            lines=6
            view=|page: MeetingPage| {
                if page.items.is_empty() {
                    return view! { <EmptyState title=t!("meetings.none")><p>{t!("meetings.none_words")}</p></EmptyState> }.into_any();
                }
                view! { <div class="cards">{page.items.into_iter().map(meeting_card).collect_any()}</div> }.into_any()
            }
        />
    }
    .into_any()
}

fn meeting_card(meeting: MeetingSummary) -> AnyView {
    let name = meeting.name.clone();
    let listed = meeting.listed;
    let full = meeting.places_left == 0;
    let href = format!("/meetings/{}", meeting.id);
    let meeting = Kept::new(meeting);
    let over = Signal::derive(move || meeting.with_value(when_and_where));
    view! {
        <Card title=Signal::derive(move || i18n::own_text(&name)) href=href over=over level=2>
            <p class="row">
                <Badge label=t!("meetings.listed", count = listed) tone=if full { BadgeTone::Success } else { BadgeTone::Accent }/>
            </p>
        </Card>
    }
    .into_any()
}

fn when_and_where(meeting: &MeetingSummary) -> String {
    let days = crate::activities::days(meeting.starts_on, meeting.ends_on);
    if meeting.place.is_empty() {
        days
    } else {
        format!("{} · {days}", meeting.place)
    }
}

/// A meeting with its list.
#[component]
pub fn MeetingPageView() -> impl IntoView {
    let id = app::param("id");
    let meeting = load(move || client::get::<MeetingView>(format!("/meetings/{}", id.get())));
    view! { <Loaded of=meeting lines=10 view=move |view: MeetingView| sheet(view, meeting)/> }.into_any()
}

fn sheet(view: MeetingView, loading: Loading<MeetingView>) -> AnyView {
    let MeetingView {
        summary,
        lessons,
        allowed,
    } = view;
    let may = allowed.contains(&MeetingAction::Consolidate);
    let (id, left) = (summary.id, summary.places_left);
    let change = allowed
        .contains(&MeetingAction::Update)
        .then(|| super::meeting_edit::change(&summary, loading));
    let name = summary.name.clone();
    let source = summary.source.clone();
    let version = summary.version;
    let order: Vec<ListedLessonId> = lessons.iter().map(|lesson| lesson.id).collect();
    let order = Kept::new(order);
    let count = lessons.len() as u32;
    let items = lessons
        .into_iter()
        .map(|lesson| entry(lesson, may.then_some((order, version)), loading))
        .collect_any();
    let slots = (u64::from(count) + 1..=LISTED_MAX).map(|number| {
        view! {
            <li class="ten-slot" aria-hidden="true">
                <span class="ten-number">{number.to_string()}</span>
                <span class="soft">{t!("meetings.free")}</span>
            </li>
        }
    });
    let lead = Kept::new(summary);
    view! {
        <PageHeader
            title=Signal::derive(move || i18n::own_text(&name))
            crumbs=vec![Crumb::new("/partnerships", t!("nav.partnerships")), Crumb::new("/meetings", t!("meetings.title"))]
            lead=Signal::derive(move || lead.with_value(when_and_where))
        >
            {(may && left > 0).then(|| view! { <LinkButton href=format!("/meetings/{id}/lessons/new") label=t!("meetings.add") icon=Icon::Plus/> })}
            {change}
        </PageHeader>
        <section class="stack ten" aria-labelledby="ten">
            <div class="row">
                <h2 id="ten">{t!("meetings.list")}</h2>
                <p role="status" class="ten-left">
                    <Badge
                        label=if left == 0 { t!("meetings.full") } else { t!("meetings.left", count = left) }
                        tone=if left == 0 { BadgeTone::Success } else { BadgeTone::Accent }
                    />
                </p>
            </div>
            <p class="measure soft">{t!("meetings.rule")}</p>
            <ol class="ten-list">{items} {slots.collect_any()}</ol>
        </section>
        <Recommendations id=id may_add=may/>
        {source.map(|source| view! { <p class="small soft meeting-source">{t!("partnership.source")} " : " {source}</p> })}
    }
    .into_any()
}

type Order = (Kept<Vec<ListedLessonId>>, i64);

fn entry(lesson: ListedLessonView, keeping: Option<Order>, loading: Loading<MeetingView>) -> AnyView {
    let (id, version) = (lesson.id, lesson.version);
    let place = lesson.place.unwrap_or_default();
    let theme = lesson.theme;
    let words = lesson.text.clone();
    let sources = lesson.sources.into_iter().map(|source| {
        let href = format!("/partnerships/{}/life", source.partnership_id);
        view! {
            <li>
                <blockquote lang=source.language.tag()><p>{source.text}</p></blockquote>
                <p class="small"><a href=href>{source.partnership_name}</a></p>
            </li>
        }
    });
    let sources: Vec<_> = sources.collect();
    let count = sources.len();
    let is_recommended = !lesson.recommendations.is_empty();
    let recommended = recommendations::links(lesson.recommendations);
    let tools = keeping.map(|(order, meeting_version)| {
        let step = move |up: bool| {
            if let Some(order) = order.with_value(|order| model::moved(order, id, up)) {
                reorder(order, meeting_version, id, up, loading);
            }
        };
        let (first, last) = order.with_value(|order| (order.first() == Some(&id), order.last() == Some(&id)));
        view! {
            <div class="ten-tools" id=format!("tools-{id}")>
                {(!first).then(|| view! { <IconButton label=t!("meetings.up", place = place) icon=Icon::SortUp on_press=move |()| step(true)/> })}
                {(!last).then(|| view! { <IconButton label=t!("meetings.down", place = place) icon=Icon::SortDown on_press=move |()| step(false)/> })}
                <LinkButton href=format!("/listed-lessons/{id}/edit") label=t!("meetings.change", place = place) look=Look::Quiet icon=Icon::Edit/>
                <Button label=t!("meetings.take_out", place = place) look=Look::Quiet icon=Icon::Close on_press=move |()| take_out(id, version, loading)/>
            </div>
        }
    });
    view! {
        <li class="ten-entry" id=format!("lesson-{id}")>
            <span class="ten-number" aria-hidden="true">{place.to_string()}</span>
            <div class="stack ten-words">
                <p class="small soft">{tf!("theme.", theme.slug())}</p>
                <p class="ten-text">{live(move || i18n::own_text(&words))}</p>
                <details>
                    <summary class="small">{t!("meetings.comes_from", count = count)}</summary>
                    <ul class="ten-sources">{sources}</ul>
                </details>
                {is_recommended.then(|| view! { <div class="ten-recommended small"><p class="soft">{t!("lessons.recommended")}</p> {recommended}</div> })}
                {tools}
            </div>
        </li>
    }
    .into_any()
}

fn reorder(order: Vec<ListedLessonId>, version: i64, id: ListedLessonId, up: bool, loading: Loading<MeetingView>) {
    let Some(meeting) = loading.ready_now().map(|view| view.summary.id) else {
        return;
    };
    let place = order.iter().position(|known| *known == id).map_or(0, |at| at + 1);
    spawn_local(async move {
        let order = LessonOrder { ids: order };
        match client::put::<_, MeetingView>(format!("/meetings/{meeting}/order"), version, &order).await {
            Ok(changed) => {
                loading.set(changed);
                toast::say(text!("meetings.moved", place = place));
                // The list is drawn anew: whoever moves a lesson with keys goes on from its own button.
                browser::rest(0).await;
                focus_tool(id, up);
            }
            Err(failure) => {
                toast::say(failure_sentence(&failure));
                loading.reload();
            }
        }
    });
}

/// Focuses the button that moves a lesson further, or the one that moves it back where it has come to the rim.
fn focus_tool(id: ListedLessonId, up: bool) {
    let buttons = browser::document()
        .and_then(|document| document.get_element_by_id(&format!("tools-{id}")))
        .and_then(|tools| tools.query_selector_all(".icon-button").ok());
    let Some(buttons) = buttons else { return };
    let at = if up { 0 } else { buttons.length().saturating_sub(1) };
    if let Some(button) = buttons
        .item(at)
        .and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = button.focus();
    }
}

/// Takes a lesson out; one press puts it back.
fn take_out(id: ListedLessonId, version: i64, loading: Loading<MeetingView>) {
    spawn_local(async move {
        match client::delete(format!("/listed-lessons/{id}"), version).await {
            Ok(()) => {
                let restore = Callback::new(move |()| {
                    spawn_local(async move {
                        // Taking it out made a version; putting it back names that one.
                        let path = format!("/listed-lessons/{id}/restore");
                        match client::act::<_, ListedLessonView>(path, version + 1, &()).await {
                            Ok(_) => toast::say(text!("meetings.put_back")),
                            Err(failure) => toast::say(failure_sentence(&failure)),
                        }
                        loading.reload();
                    });
                });
                toast::say_with_undo(text!("meetings.taken_out"), restore);
            }
            Err(failure) => toast::say(failure_sentence(&failure)),
        }
        loading.reload();
    });
}
