//! What the cities of a file say to each other about it, and who has it open: below each step, fetched again every few seconds while the page is looked at.

use super::desk::Desk;
use super::model::{Conversation, conversations};
use crate::client::Failure;
use crate::form::{DraftNote, Form};
use crate::ui::prelude::*;
use crate::{browser, client, i18n, t, text, textf};
use leptos::prelude::*;
use shared::applications::{
    COMMENT_MAX, CommentAction, CommentDraft, CommentPage, CommentPatch, CommentView, PresenceDraft, PresenceView,
    Present,
};
use shared::ids::CommentId;
use wasm_bindgen_futures::spawn_local;

/// How often one gives a sign of oneself.
const EVERY_MS: u32 = 15_000;
/// Pages that are fetched at most.
const PAGES: usize = 5;
/// Parts of a file that are no questions.
const PARTS: [&str; 5] = ["title", "themes", "parties", "budget", "documents"];

/// What is being written: one thing at a time, so that one field is enough.
#[derive(Clone, Debug, PartialEq)]
enum Writing {
    Begin,
    Answer(CommentId),
    Change(Box<CommentView>),
}

/// What the panel shares. Cheap to copy; lives as long as the file is on the desk.
#[derive(Clone, Copy)]
struct Talk {
    desk: Desk,
    said: State<Option<Vec<CommentView>>>,
    failure: State<Option<Failure>>,
    present: State<Vec<Present>>,
    writing: State<Option<Writing>>,
    /// Whether settled conversations are shown, too.
    all: State<bool>,
}

impl Talk {
    async fn fetch(self) {
        match all_comments(self.desk).await {
            Ok(said) => {
                self.failure.try_set(None);
                if self
                    .said
                    .try_get_untracked()
                    .is_some_and(|known| known.as_ref() != Some(&said))
                {
                    self.said.try_set(Some(said));
                }
            }
            // What is shown stays; the next time comes.
            Err(failure) if self.said.try_with_untracked(Option::is_none).unwrap_or(false) => {
                self.failure.try_set(Some(failure));
            }
            Err(_) => {}
        }
    }

    /// Puts what the server answered in the place of what was known.
    fn take(self, now: CommentView) {
        self.said.try_update(|said| {
            let said = said.get_or_insert_default();
            match said.iter_mut().find(|known| known.id == now.id) {
                Some(known) => *known = now,
                None => said.push(now),
            }
            said.sort_by_key(|known| known.id);
        });
    }

    fn act(self, comment: &CommentView, action: CommentAction) {
        let path = format!("/comments/{}/{}", comment.id, action.code());
        let version = comment.version;
        spawn_local(async move {
            match client::act::<_, CommentView>(path, version, &()).await {
                Ok(now) => {
                    let words = match action {
                        CommentAction::Settle => text!("talk.settled_now"),
                        _ => text!("talk.reopened_now"),
                    };
                    self.take(now);
                    toast::say(words);
                }
                Err(failure) => {
                    toast::say(failure_sentence(&failure));
                    self.fetch().await;
                }
            }
        });
    }

    fn delete(self, comment: &CommentView) {
        let (id, version) = (comment.id, comment.version);
        spawn_local(async move {
            match client::delete(format!("/comments/{id}"), version).await {
                Ok(()) => {
                    self.said
                        .try_update(|said| said.get_or_insert_default().retain(|known| known.id != id));
                    browser::focus("talk-title");
                    let restore = Callback::new(move |()| {
                        spawn_local(async move {
                            // Deleting made a version; taking it back names that one.
                            let path = format!("/comments/{id}/restore");
                            match client::act::<_, CommentView>(path, version + 1, &()).await {
                                Ok(now) => self.take(now),
                                Err(failure) => toast::say(failure_sentence(&failure)),
                            }
                        });
                    });
                    toast::say_with_undo(text!("talk.deleted"), restore);
                }
                Err(failure) => {
                    toast::say(failure_sentence(&failure));
                    self.fetch().await;
                }
            }
        });
    }
}

async fn all_comments(desk: Desk) -> Result<Vec<CommentView>, Failure> {
    let (mut all, mut query) = (Vec::new(), String::new());
    for _ in 0..PAGES {
        let path = format!("/applications/{}/comments?limit=100{query}", desk.id);
        let page = client::get::<CommentPage>(path).await?;
        all.extend(page.items);
        match page.next {
            Some(next) => query = format!("&cursor={next}"),
            None => break,
        }
    }
    Ok(all)
}

/// The panel. `place` is the part of the file that is open, nothing for all of it.
pub fn panel(desk: Desk, place: Signal<Option<String>>) -> AnyView {
    let talk = Talk {
        desk,
        said: State::new(None),
        failure: State::new(None),
        present: State::new(Vec::new()),
        writing: State::new(None),
        all: State::new(false),
    };
    spawn_local(async move {
        talk.fetch().await;
        // Who may not see what is said is not present either: funders.
        while talk.said.try_with_untracked(Option::is_some) == Some(true) {
            if browser::is_looked_at() {
                let place = place.try_get_untracked().flatten();
                let path = format!("/applications/{}/presence", desk.id);
                if let Ok(view) = client::replace::<_, PresenceView>(path, &PresenceDraft { place }).await {
                    talk.present.try_set(view.others);
                    if view.version > desk.version() {
                        desk.look_again().await;
                    }
                }
            }
            browser::rest(EVERY_MS).await;
            if browser::is_looked_at() {
                talk.fetch().await;
            }
        }
    });
    live(move || {
        if talk.said.with(Option::is_some) {
            return shown(talk, place);
        }
        match talk.failure.get() {
            Some(failure) if failure.status != 404 => {
                let again = move |()| {
                    spawn_local(async move {
                        talk.fetch().await;
                    });
                };
                view! { <ProblemView failure=failure retry=again/> }.into_any()
            }
            _ => ().into_any(),
        }
    })
}

fn shown(talk: Talk, place: Signal<Option<String>>) -> AnyView {
    let found = memo(move || {
        let said = talk.said.with(|said| said.clone().unwrap_or_default());
        conversations(said)
    });
    let settled = memo(move || found.with(|found| found.iter().filter(|one| one.is_settled()).count()));
    let listed = move || {
        let all = talk.all.get();
        found.with(|found| {
            let kept = found.iter().filter(|one| all || !one.is_settled());
            kept.cloned().collect::<Vec<_>>()
        })
    };
    let begins = memo(move || talk.writing.with(|writing| *writing == Some(Writing::Begin)));
    view! {
        <section class="discuss stack no-print" aria-labelledby="talk-title">
            <div>
                <h2 id="talk-title" tabindex="-1">{t!("talk.title")}</h2>
                <p class="small soft">{t!("talk.words")}</p>
            </div>
            <p class="discuss-present small" role="status">{move || present_words(talk)}</p>
            {live(move || found.with(Vec::is_empty).then(|| view! { <p class="soft">{t!("talk.none")}</p> }))}
            <ol class="discuss-list" role="list">
                {each(listed, Conversation::versions, move |one| conversation(talk, one, place))}
            </ol>
            {live(move || (settled.get() > 0).then(|| {
                let words = Signal::derive(move || {
                    if talk.all.get() { text!("talk.hide_settled") } else { text!("talk.show_settled", count = settled.get()) }
                });
                let pressed = Signal::derive(move || talk.all.get());
                view! { <div class="row"><Button label=words look=Look::Quiet pressed=pressed on_press=move |()| talk.all.update(|all| *all = !*all)/></div> }
            }))}
            {live(move || {
                if begins.get() {
                    composer(talk, Writing::Begin, place)
                } else {
                    let begin = move |()| open(talk, Writing::Begin);
                    view! { <div class="row"><Button label=t!("talk.begin") look=Look::Secondary icon=Icon::Plus on_press=begin/></div> }.into_any()
                }
            })}
        </section>
    }
    .into_any()
}

fn present_words(talk: Talk) -> String {
    let names: Vec<String> = talk.present.with(|present| {
        present
            .iter()
            .map(|one| match &one.place {
                Some(place) => text!(
                    "talk.present_at",
                    name = one.name.clone(),
                    city = one.city_name.clone(),
                    place = place_words(talk.desk, place)
                ),
                None => text!(
                    "talk.present_one",
                    name = one.name.clone(),
                    city = one.city_name.clone()
                ),
            })
            .collect()
    });
    if names.is_empty() {
        return String::new();
    }
    text!("talk.present", names = intl::list(&names))
}

/// A part of the file in words.
pub(super) fn place_words(desk: Desk, place: &str) -> String {
    if PARTS.contains(&place) {
        return textf!("talk_place.", place);
    }
    desk.view.with(|view| {
        let question = view.questions.iter().find(|question| question.key == place);
        question.map_or_else(|| place.to_owned(), |question| i18n::own_text(&question.label))
    })
}

fn open(talk: Talk, what: Writing) {
    talk.writing.set(Some(what));
    browser::focus_soon("talk-text");
}

fn conversation(talk: Talk, one: Conversation, place: Signal<Option<String>>) -> AnyView {
    let id = one.id;
    let about = one.place().map(str::to_owned);
    let settled = one.is_settled();
    let first = one.first.clone();
    let who = first.as_ref().map(author).unwrap_or_default();
    let may = |action: CommentAction| first.as_ref().is_some_and(|first| first.allowed.contains(&action));
    let (may_answer, may_settle, may_reopen) = (
        may(CommentAction::Reply),
        may(CommentAction::Settle),
        may(CommentAction::Reopen),
    );
    let answers = memo(move || talk.writing.with(|writing| *writing == Some(Writing::Answer(id))));
    let first_kept = Kept::new(first.clone());
    let act = move |action: CommentAction| {
        first_kept.with_value(|first| {
            if let Some(first) = first {
                talk.act(first, action);
            }
        });
    };
    let name = Signal::stored(who);
    view! {
        <li class="discuss-one" class:discuss-settled=settled>
            <p class="discuss-about small">
                {live(move || match &about {
                    Some(place) => place_words(talk.desk, place),
                    None => text!("talk.whole"),
                })}
                {settled.then(|| view! { " " <Badge label=t!("talk.settled") tone=BadgeTone::Success/> })}
            </p>
            {match first {
                Some(first) => comment(talk, first, place),
                None => view! { <p class="soft">{t!("talk.gone")}</p> }.into_any(),
            }}
            <div class="discuss-answers">
                {one.answers.into_iter().map(|answer| comment(talk, answer, place)).collect_any()}
            </div>
            {live(move || {
                if answers.get() {
                    return composer(talk, Writing::Answer(id), place);
                }
                view! {
                    <div class="row">
                        {may_answer.then(|| view! { <Button label=t!("talk.answer") about=name look=Look::Quiet on_press=move |()| open(talk, Writing::Answer(id))/> })}
                        {may_settle.then(|| view! { <Button label=t!("talk.settle") about=name look=Look::Quiet icon=Icon::Check on_press=move |()| act(CommentAction::Settle)/> })}
                        {may_reopen.then(|| view! { <Button label=t!("talk.reopen") about=name look=Look::Quiet on_press=move |()| act(CommentAction::Reopen)/> })}
                    </div>
                }
                    .into_any()
            })}
        </li>
    }
    .into_any()
}

/// Who says it, and for which city.
fn author(comment: &CommentView) -> String {
    match &comment.author_name {
        Some(name) => text!("talk.by", name = name.clone(), city = comment.city_name.clone()),
        None => comment.city_name.clone(),
    }
}

fn comment(talk: Talk, of: CommentView, place: Signal<Option<String>>) -> AnyView {
    let own = of.allowed.contains(&CommentAction::Update);
    let changes = {
        let of = of.clone();
        memo(move || {
            talk.writing
                .with(|writing| matches!(writing, Some(Writing::Change(other)) if other.id == of.id))
        })
    };
    let of = Kept::new(of);
    let body = move || {
        if changes.get() {
            return composer(talk, Writing::Change(Box::new(of.get_value())), place);
        }
        let about = Signal::derive(move || of.with_value(|of| of.text.chars().take(40).collect::<String>()));
        view! {
            <p class="discuss-text">{of.with_value(|of| of.text.clone())}</p>
            {own.then(|| view! {
                <div class="row discuss-own">
                    <Button label=t!("talk.change") about=about look=Look::Quiet on_press=move |()| open(talk, Writing::Change(Box::new(of.get_value())))/>
                    <Button label=t!("talk.delete") about=about look=Look::Quiet on_press=move |()| of.with_value(|of| talk.delete(of))/>
                </div>
            })}
        }
        .into_any()
    };
    view! {
        <article class="discuss-comment">
            <p class="small">
                <strong>{live(move || of.with_value(author))}</strong>
                " "
                <span class="soft">
                    {live(move || of.with_value(|of| intl::date_time(of.created_at)))}
                    {live(move || of.with_value(|of| of.edited_at.is_some()).then(|| format!(" · {}", text!("talk.edited"))))}
                </span>
            </p>
            {live(body)}
        </article>
    }
    .into_any()
}

/// The field in which something is written, whatever that is; what is typed stays in this tab until it is sent.
fn composer(talk: Talk, what: Writing, place: Signal<Option<String>>) -> AnyView {
    let file = talk.desk.id;
    let (draft, text, label) = match &what {
        Writing::Begin => (format!("talk:{file}"), String::new(), t!("talk.text")),
        Writing::Answer(id) => (format!("talk:{file}:{id}"), String::new(), t!("talk.your_answer")),
        Writing::Change(of) => (
            format!("talk:{file}:{}:change", of.id),
            of.text.clone(),
            t!("talk.text"),
        ),
    };
    let form = Form::new(draft);
    let text = form.field("talk-text", "/text", text);
    let begins = what == Writing::Begin;
    let about = form.field("talk-place", "/place", place.get_untracked().unwrap_or_default());
    form.autosave();
    let what = Kept::new(what);
    let send = move || {
        form.clear();
        form.busy.set(true);
        let (what, words) = (what.get_value(), text.trimmed());
        let about = about.trimmed();
        spawn_local(async move {
            let answer = match what {
                Writing::Change(of) => {
                    let path = format!("/comments/{}", of.id);
                    client::patch::<_, CommentView>(path, of.version, &CommentPatch { text: words }).await
                }
                Writing::Begin | Writing::Answer(_) => {
                    let draft = CommentDraft {
                        text: words,
                        place: Some(about).filter(|about| begins && !about.is_empty()),
                        reply_to: match what {
                            Writing::Answer(id) => Some(id),
                            _ => None,
                        },
                    };
                    client::post::<_, CommentView>(format!("/applications/{file}/comments"), &draft).await
                }
            };
            form.busy.try_set(false);
            match answer {
                Ok(now) => {
                    form.forget_draft();
                    talk.writing.try_set(None);
                    talk.take(now);
                    browser::focus("talk-title");
                    toast::say(text!("talk.sent"));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), text!("talk.whole"))];
        options.extend(PARTS.map(|part| (part.to_owned(), textf!("talk_place.", part))));
        talk.desk.view.with(|view| {
            let questions = view.questions.iter();
            options.extend(questions.map(|question| (question.key.clone(), i18n::own_text(&question.label))));
        });
        options
    });
    view! {
        <form class="stack discuss-composer" novalidate on:submit=submit(form.busy, send)>
            <ErrorSummary form=form/>
            {begins.then(|| view! { <Select field=about label=t!("talk.about") options=options/> })}
            <TextArea field=text label=label rows=3 limit=COMMENT_MAX as usize/>
            <DraftNote form=form/>
            <div class="row">
                <Button label=t!("talk.send") submit=true icon=Icon::Send busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| talk.writing.set(None)/>
            </div>
        </form>
    }
    .into_any()
}
