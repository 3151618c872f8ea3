//! What the file said before: who changed what, and the way back, part by part. For the cities of the file; fetched when somebody wants to see it.

use super::desk::Desk;
use super::talk::place_words;
use crate::ui::prelude::*;
use crate::{browser, client, session, t, text, textf};
use leptos::prelude::*;
use shared::applications::{
    ApplicationAction, FileVersionPage, FileVersionSummary, FileVersionView, VersionRestoreDraft,
};
use wasm_bindgen_futures::spawn_local;

/// Parts that stay as they are, whatever else is brought back.
const STAY: [&str; 2] = ["parties", "documents"];

/// What the panel shares.
#[derive(Clone, Copy)]
struct Earlier {
    desk: Desk,
    list: Growing<FileVersionSummary>,
    /// The version that is looked at.
    open: State<Option<i64>>,
    busy: State<bool>,
}

impl Earlier {
    /// Brings back what a version said: these parts of it, or all.
    fn restore(self, version: i64, places: Option<Vec<String>>, said: String, way_back: Option<i64>) {
        self.busy.set(true);
        spawn_local(async move {
            let draft = VersionRestoreDraft { places: places.clone() };
            let answer = self.desk.rewrite(&format!("versions/{version}/restore"), &draft).await;
            self.busy.try_set(false);
            match answer {
                Ok(()) => {
                    self.open.try_set(None);
                    self.list.reload();
                    browser::focus("earlier-title");
                    match way_back {
                        Some(before) => {
                            let undo = move |()| self.restore(before, places.clone(), String::new(), None);
                            toast::say_with_undo(said, Callback::new(undo));
                        }
                        None => toast::say(text!("earlier.undone")),
                    }
                }
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
        });
    }

    /// The latest version that is kept: what the file says now.
    fn latest(self) -> Option<i64> {
        let items = self.list.items;
        items.with_untracked(|items| items.as_ref()?.first().map(|first| first.version))
    }
}

/// The panel. Who may not see what the file said before sees nothing of it.
pub(super) fn panel(desk: Desk) -> AnyView {
    let shown = State::new(false);
    let label = Signal::derive(move || {
        if shown.get() {
            text!("earlier.hide")
        } else {
            text!("earlier.show")
        }
    });
    let is_own = memo(move || {
        let own = session::own_cities();
        desk.view.with(|view| {
            let mut cities = view.parties.iter().map(|party| party.city.id);
            cities.any(|city| own.iter().any(|(id, _)| *id == city))
        })
    });
    live(move || {
        is_own.get().then(|| {
            view! {
                <section class="stack no-print" aria-labelledby="earlier-title">
                    <div>
                        <h2 id="earlier-title" tabindex="-1">{t!("earlier.title")}</h2>
                        <p class="small soft">{t!("earlier.words")}</p>
                    </div>
                    <div class="row"><Button label=label look=Look::Secondary on_press=move |()| shown.update(|shown| *shown = !*shown)/></div>
                    {live(move || shown.get().then(|| listed(desk)))}
                </section>
            }
        })
    })
}

fn listed(desk: Desk) -> AnyView {
    let id = desk.id;
    let list = grow(move |cursor: Option<String>| {
        let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        slice::<FileVersionPage>(format!("/applications/{id}/versions?limit=20{cursor}"))
    });
    let earlier = Earlier {
        desk,
        list,
        open: State::new(None),
        busy: State::new(false),
    };
    let body = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        if list.items.with(Option::is_none) {
            return view! { <Skeleton lines=4/> }.into_any();
        }
        let items = move || list.items.get().unwrap_or_default();
        view! {
            <ol class="discuss-list" role="list">
                {each(items, |one| (one.version, one.changed.len()), move |one| item(earlier, one))}
            </ol>
        }
        .into_any()
    };
    view! {
        {live(body)}
        <More
            there=Signal::derive(move || list.next.with(Option::is_some) && list.failure.with(Option::is_none))
            busy=list.busy
            on_more=move |()| list.more()
        />
    }
    .into_any()
}

fn item(earlier: Earlier, one: FileVersionSummary) -> AnyView {
    let (version, at) = (one.version, one.saved_at);
    let who = one.author_name.clone();
    let changed = one.changed;
    let places = changed.clone();
    let words = move || {
        if places.is_empty() {
            return text!("earlier.first");
        }
        let names: Vec<String> = places.iter().map(|place| place_words(earlier.desk, place)).collect();
        text!("earlier.changed", places = intl::list(&names))
    };
    let is_open = memo(move || earlier.open.get() == Some(version));
    let label = Signal::derive(move || {
        if is_open.get() {
            text!("earlier.close")
        } else {
            text!("earlier.look")
        }
    });
    let about = Signal::derive(move || intl::date_time(at));
    let turn = move |()| earlier.open.set((!is_open.get_untracked()).then_some(version));
    view! {
        <li class="discuss-one">
            <p class="small">
                <strong>{live(move || who.clone().unwrap_or_else(|| text!("earlier.nobody")))}</strong>
                " "
                <span class="soft">{live(move || intl::date_time(at))}</span>
            </p>
            <p>{live(words)}</p>
            <div class="row"><Button label=label about=about look=Look::Quiet on_press=turn/></div>
            {live(move || is_open.get().then(|| looked_at(earlier, version, changed.clone())))}
        </li>
    }
    .into_any()
}

fn looked_at(earlier: Earlier, version: i64, changed: Vec<String>) -> AnyView {
    let path = format!("/applications/{}/versions/{version}", earlier.desk.id);
    let found = load(move || client::get::<FileVersionView>(path.clone()));
    view! { <Loaded of=found lines=4 view=move |then: FileVersionView| opened(earlier, then, changed.clone())/> }
        .into_any()
}

fn opened(earlier: Earlier, then: FileVersionView, changed: Vec<String>) -> AnyView {
    let desk = earlier.desk;
    let (version, at) = (then.summary.version, then.summary.saved_at);
    let may = memo(move || desk.view.with(|view| view.allowed.contains(&ApplicationAction::Update)));
    let signed = memo(move || {
        desk.view
            .with(|view| view.parties.iter().any(|party| party.signed_off_at.is_some()))
    });
    let restore = move |places: Option<Vec<String>>| {
        let said = text!("earlier.restored", time = intl::date_time(at));
        earlier.restore(version, places, said, earlier.latest());
    };
    // The first version shows all that it said.
    let places = if changed.is_empty() {
        let mut places = vec![
            "title".to_owned(),
            "themes".to_owned(),
            "parties".to_owned(),
            "budget".to_owned(),
        ];
        places.extend(then.answers.keys().cloned());
        places
    } else {
        changed
    };
    let then = Kept::new(then);
    let part = move |place: String| {
        let (named, asked) = (place.clone(), place.clone());
        let name = Signal::derive(move || place_words(desk, &named));
        let stays = STAY.contains(&place.as_str());
        let said = move || then.with_value(|then| words_of(desk, then, &place));
        let is_same = memo({
            let place = asked.clone();
            move || then.with_value(|then| is_as_now(desk, then, &place))
        });
        view! {
            <dt>{name}</dt>
            <dd class="stack">
                <p class="discuss-text">{live(said)}</p>
                {live(move || {
                    if is_same.get() {
                        return view! { <p class="small soft">{t!("earlier.same")}</p> }.into_any();
                    }
                    let asked = asked.clone();
                    (may.get() && !stays)
                        .then(|| {
                            let press = move |()| restore(Some(vec![asked.clone()]));
                            view! { <div class="row"><Button label=t!("earlier.restore") about=name look=Look::Secondary busy=earlier.busy on_press=press/></div> }
                        })
                        .into_any()
                })}
            </dd>
        }
        .into_any()
    };
    view! {
        <dl class="discuss-answers">{places.into_iter().map(part).collect_any()}</dl>
        {live(move || may.get().then(|| view! {
            {live(move || signed.get().then(|| view! { <p class="small">{t!("earlier.signed")}</p> }))}
            <div class="row"><Button label=t!("earlier.restore_all") look=Look::Quiet busy=earlier.busy on_press=move |()| restore(None)/></div>
        }))}
    }
    .into_any()
}

/// What a part of the file said, in words; tracked.
fn words_of(desk: Desk, then: &FileVersionView, place: &str) -> String {
    let words = match place {
        "title" => then.title.clone(),
        "themes" => {
            let themes = then.themes.iter().map(|theme| textf!("theme.", theme.slug()));
            intl::list(&themes.collect::<Vec<_>>())
        }
        "budget" => {
            let currency = desk.view.with(|view| view.summary.currency.clone());
            text!(
                "earlier.budget",
                cost = intl::money_short(then.budget.cost_minor(), &currency),
                asked = intl::money_short(then.budget.grant_asked_minor, &currency)
            )
        }
        "parties" => intl::list(
            &then
                .parties
                .iter()
                .map(|party| party.city_name.clone())
                .collect::<Vec<_>>(),
        ),
        "documents" => intl::list(&then.documents),
        key => then.answers.get(key).cloned().unwrap_or_default(),
    };
    if words.is_empty() {
        text!("earlier.nothing")
    } else {
        words
    }
}

/// Whether a part of the file says the same now; tracked.
fn is_as_now(desk: Desk, then: &FileVersionView, place: &str) -> bool {
    desk.view.with(|view| match place {
        "title" => view.summary.title == then.title,
        "themes" => view.themes == then.themes,
        "budget" => desk.base.with(|base| base.budget == then.budget),
        "parties" => {
            let now = view.parties.iter().map(|party| (party.city.id, party.role));
            now.eq(then.parties.iter().map(|party| (party.city_id, party.role)))
        }
        "documents" => view.attachments.iter().map(|one| &one.name).eq(&then.documents),
        key => view.answers.get(key) == then.answers.get(key),
    })
}
