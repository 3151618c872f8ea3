//! The matches of the cities that one works for: received, sent, in contact, closed; what the two said, and what can be done now.

use super::model::{self, Drawer};
use super::searches;
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{app, browser, cities, client, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::cities::{CitySummary, ContactList};
use shared::ids::CityId;
use shared::matches::{AgreementDraft, MESSAGE_MAX, MatchAction, MatchPage, MatchReply, MatchState, MatchView};
use shared::problem::ProblemCode;
use wasm_bindgen_futures::spawn_local;

/// What the dialog is about: the match and what is to be done with it.
#[derive(Clone)]
struct Step {
    item: MatchView,
    action: MatchAction,
}

/// What the tabs share. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
struct Inbox {
    items: Growing<MatchView>,
    own: Signal<Vec<CityId>>,
    step: State<Option<Step>>,
    asking: State<bool>,
    tab: State<String>,
    /// The match whose interest has just become mutual.
    celebrated: State<Option<MatchView>>,
}

/// The inbox.
#[component]
pub fn MatchesPage() -> impl IntoView {
    let own = Signal::derive(|| session::own_cities().into_iter().map(|(id, _)| id).collect::<Vec<_>>());
    let items = grow(move |cursor: Option<String>| {
        let path = app::address(
            "/matches",
            &[("limit", "100"), ("cursor", cursor.as_deref().unwrap_or_default())],
        );
        slice::<MatchPage>(path)
    });
    let in_address = app::query("tab");
    let set = app::query_setter();
    let known = move |code: &str| Drawer::ALL.iter().any(|drawer| drawer.code() == code);
    let begin = in_address.get_untracked();
    let tab = State::new(if known(&begin) {
        begin
    } else {
        Drawer::Received.code().to_owned()
    });
    Effect::new(move |before: Option<String>| {
        let now = tab.get();
        if before.is_some_and(|before| before != now) && in_address.get_untracked() != now {
            set.run(vec![("tab", now.clone())]);
        }
        now
    });
    effect(move || {
        let wanted = in_address.get();
        if known(&wanted) && tab.get_untracked() != wanted {
            tab.set(wanted);
        }
    });
    let inbox = Inbox {
        items,
        own,
        step: State::new(None),
        asking: State::new(false),
        tab,
        celebrated: State::new(None),
    };
    let in_drawer = move |drawer: Drawer| {
        // Which side is ours is known only with the session.
        if !session::is_known() {
            return Vec::new();
        }
        let own = own.get();
        items.items.with(|items| {
            items
                .as_deref()
                .unwrap_or_default()
                .iter()
                .filter(|item| Drawer::of(item, &own) == drawer)
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    let tabs = Drawer::ALL
        .iter()
        .map(|&drawer| Tab {
            id: drawer.code(),
            label: Signal::derive(move || {
                let name = textf!("inbox_tab.", drawer.code());
                match in_drawer(drawer).len() {
                    0 => name,
                    count => format!("{name} ({})", intl::number(count as f64)),
                }
            }),
        })
        .collect::<Vec<_>>();
    let panels = Drawer::ALL
        .iter()
        .map(|&drawer| {
            view! {
                <TabPanel id=drawer.code() selected=tab>
                    {live(move || (session::is_known() && items.items.with(Option::is_some) && in_drawer(drawer).is_empty()).then(|| empty(drawer)))}
                    <ul class="match-list">
                        {each(move || in_drawer(drawer), |item| (item.id, item.version), move |item| card(inbox, item))}
                    </ul>
                </TabPanel>
            }
        })
        .collect_any();
    view! {
        <PageHeader title=t!("nav.matches") lead=t!("inbox.lead")/>
        {live(move || items.failure.get().map(|failure| view! { <ProblemView failure=failure retry=move |()| items.reload()/> }))}
        {live(move || inbox.celebrated.get().map(|item| celebration(inbox, item)))}
        {live(move || own.get().into_iter().map(searches::news).collect_any())}
        <Tabs label=t!("nav.matches") tabs=tabs selected=tab/>
        {live(move || (items.items.with(Option::is_none) && items.busy.get()).then(|| view! { <Skeleton lines=6/> }))}
        {panels}
        <More there=Signal::derive(move || items.next.with(Option::is_some)) busy=items.busy on_more=move |()| items.more()/>
        {live(move || inbox.step.get().map(|step| view! { <StepDialog inbox=inbox step=step/> }))}
    }
    .into_any()
}

fn empty(drawer: Drawer) -> AnyView {
    let find = move || {
        session::own_cities().first().map(|(id, _)| {
            view! { <LinkButton href=format!("/cities/{id}/partners") label=t!("nav.find") look=Look::Secondary icon=Icon::Search/> }
        })
    };
    view! {
        <EmptyState title=tf!("inbox_empty.", drawer.code()) words=tf!("inbox_empty_words.", drawer.code())>
            {find}
        </EmptyState>
    }
    .into_any()
}

/// The other side of a match, and our own.
fn sides(item: &MatchView, own: &[CityId]) -> (CitySummary, CitySummary) {
    if model::is_ours_first(item, own) {
        (item.responder.clone(), item.initiator.clone())
    } else {
        (item.initiator.clone(), item.responder.clone())
    }
}

fn card(inbox: Inbox, item: MatchView) -> AnyView {
    let own = inbox.own.get_untracked();
    let ours_first = model::is_ours_first(&item, &own);
    let (other, ours) = sides(&item, &own);
    let state = item.state;
    let tone = match state {
        MatchState::Interested if !ours_first => BadgeTone::Warning,
        MatchState::Interested => BadgeTone::Accent,
        MatchState::ContactOpened | MatchState::Agreed => BadgeTone::Success,
        _ => BadgeTone::Plain,
    };
    let words = match (state, ours_first) {
        (MatchState::Interested, true) => t!("match_state.waiting_for_them"),
        (MatchState::Interested, false) => t!("match_state.waiting_for_us"),
        (MatchState::ContactOpened, _) => t!("match_state.contact_opened"),
        (MatchState::Agreed, _) => t!("match_state.agreed"),
        (MatchState::Declined, true) => t!("match_state.declined_by_them"),
        (MatchState::Declined, false) => t!("match_state.declined_by_us"),
        (MatchState::Withdrawn, _) => t!("match_state.withdrawn"),
        (MatchState::Expired, _) => t!("match_state.expired"),
    };
    let until = (state == MatchState::Interested).then_some(item.expires_at);
    let opened = matches!(state, MatchState::ContactOpened | MatchState::Agreed);
    let (initiator, responder) = (item.initiator.clone(), item.responder.clone());
    let (created, updated) = (item.created_at, item.updated_at);
    let partnership = item.partnership_id;
    let other = Kept::new(other);
    let other_id = other.with_value(|other| other.id);
    let several = own.len() > 1;
    let name = Signal::derive(move || other.with_value(cities::name));
    let buttons = item
        .allowed
        .iter()
        .map(|&action| {
            let (label, look, sign) = match action {
                MatchAction::Accept => (t!("inbox.accept"), Look::Primary, Icon::Check),
                MatchAction::Agree => (t!("inbox.agree"), Look::Primary, Icon::People),
                MatchAction::Decline => (t!("inbox.decline"), Look::Secondary, Icon::Close),
                MatchAction::Withdraw => (
                    if opened {
                        t!("inbox.leave")
                    } else {
                        t!("inbox.withdraw")
                    },
                    Look::Secondary,
                    Icon::Undo,
                ),
            };
            let step = Step {
                item: item.clone(),
                action,
            };
            let press = move |()| {
                inbox.step.set(Some(step.clone()));
                spawn_local(async move {
                    browser::rest(0).await;
                    inbox.asking.try_set(true);
                });
            };
            view! { <Button label=label about=name look=look icon=sign on_press=press/> }
        })
        .collect_any();
    let said = |who: CitySummary, words: String, when| {
        let who = Kept::new(who);
        view! {
            <figure class="said">
                <figcaption class="small">
                    <strong>{live(move || who.with_value(cities::name))}</strong> <span class="soft">" · " {live(move || intl::day_of(when))}</span>
                </figcaption>
                <blockquote>{words.split('\n').map(|line| view! { <p>{line.to_owned()}</p> }).collect_any()}</blockquote>
            </figure>
        }
    };
    let reply = item.reply.clone().filter(|reply| !reply.is_empty());
    view! {
        <li>
            <article class="card match">
                <div class="row row-apart">
                    <div>
                        <h2 class="card-title"><a href=format!("/cities/{other_id}")>{name}</a></h2>
                        <p class="small soft">{live(move || other.with_value(cities::kind_and_country))}</p>
                        {several.then(|| view! { <p class="small soft">{t!("inbox.for", city = cities::name(&ours))}</p> })}
                    </div>
                    <div class="match-state">
                        <Badge label=words tone=tone/>
                        {until.map(|until| view! { <p class="small soft">{t!("inbox.until", day = intl::day_of(until))}</p> })}
                    </div>
                </div>
                {said(initiator, item.message.clone(), created)}
                {reply.map(|reply| said(responder, reply, updated))}
                {opened.then(|| view! { <Contacts city=other_id name=name/> })}
                {partnership
                    .map(|id| view! { <p><a href=format!("/partnerships/{id}")>{icon(Icon::People)} " " {t!("inbox.see_partnership")}</a></p> })}
                <div class="row">{buttons}</div>
            </article>
        </li>
    }
    .into_any()
}

/// Whom to talk to on the other side.
#[component]
fn Contacts(city: CityId, name: Signal<String>) -> impl IntoView {
    let list = load(move || client::get::<ContactList>(format!("/cities/{city}/contacts")));
    view! {
        <section class="contacts stack" aria-label=t!("inbox.contacts", city = name.get())>
            <h3>{t!("inbox.contacts", city = name.get())}</h3>
            <Loaded
                of=list
                lines=2
                view=move |list: ContactList| {
                    if list.items.is_empty() {
                        return view! { <p class="soft">{t!("inbox.no_contacts")}</p> }.into_any();
                    }
                    let people = list.items.into_iter().map(|item| {
                        let contact = item.contact;
                        view! {
                            <li>
                                <strong>{contact.name}</strong>
                                {(!contact.function.is_empty()).then(|| view! { <span class="soft">", " {contact.function}</span> })}
                                <br/>
                                <a href=format!("mailto:{}", contact.email)>{contact.email.clone()}</a>
                                {contact.phone.map(|phone| view! { " · " <a href=format!("tel:{}", phone.replace(' ', ""))>{phone.clone()}</a> })}
                            </li>
                        }
                    });
                    view! { <ul class="people">{people.collect_any()}</ul> }.into_any()
                }
            />
        </section>
    }
    .into_any()
}

/// Both said yes: a quiet word, and the next step.
fn celebration(inbox: Inbox, item: MatchView) -> AnyView {
    let (other, _) = sides(&item, &inbox.own.get_untracked());
    let other = Kept::new(other);
    let name = move || other.with_value(cities::name);
    view! {
        <div id="mutual" tabindex="-1" role="group" class="mutual" aria-label=t!("inbox.mutual", city = name())>
            <svg viewBox="0 0 120 40" class="mutual-bridge" aria-hidden="true" focusable="false">
                <path d="M6 32C30 4 90 4 114 32"></path>
                <circle cx="6" cy="32" r="5"></circle>
                <circle cx="114" cy="32" r="5"></circle>
            </svg>
            <div class="stack">
                <h2>{t!("inbox.mutual", city = name())}</h2>
                <p>{t!("inbox.mutual_words")}</p>
            </div>
        </div>
    }
    .into_any()
}

/// One step with a match: what it means in words, what one can say with it, the press that does it.
#[component]
fn StepDialog(inbox: Inbox, step: Step) -> impl IntoView {
    let Step { item, action } = step;
    let (id, version) = (item.id, item.version);
    let opened = item.state != MatchState::Interested;
    let (other, ours) = sides(&item, &inbox.own.get_untracked());
    let form = Form::new(format!("match:{id}:{}", action.code()));
    let pointer = if action == MatchAction::Agree {
        "/name"
    } else {
        "/message"
    };
    let words = form.field("match-words", pointer, "");
    form.autosave();
    let go = app::navigator();
    let other = Kept::new(other);
    let names = Kept::new((cities::name(&ours), other.with_value(cities::name)));
    let name = move || other.with_value(cities::name);
    let (title, meaning, verb) = match action {
        MatchAction::Accept => (
            t!("inbox.accept_title", city = name()),
            t!("inbox.accept_words"),
            t!("inbox.accept"),
        ),
        MatchAction::Decline => (
            t!("inbox.decline_title", city = name()),
            t!("inbox.decline_words"),
            t!("inbox.decline"),
        ),
        MatchAction::Withdraw if opened => (
            t!("inbox.leave_title", city = name()),
            t!("inbox.leave_words"),
            t!("inbox.leave"),
        ),
        MatchAction::Withdraw => (
            t!("inbox.withdraw_title", city = name()),
            t!("inbox.withdraw_words"),
            t!("inbox.withdraw"),
        ),
        MatchAction::Agree => (
            t!("inbox.agree_title", city = name()),
            t!("inbox.agree_words"),
            t!("inbox.agree"),
        ),
    };
    let send = move || {
        form.clear();
        form.busy.set(true);
        let path = format!("/matches/{id}/{}", action.code());
        let told = Some(words.trimmed()).filter(|words| !words.is_empty());
        spawn_local(async move {
            let answer = match action {
                MatchAction::Agree => client::act::<_, MatchView>(path, version, &AgreementDraft { name: told }).await,
                _ => client::act::<_, MatchView>(path, version, &MatchReply { message: told }).await,
            };
            form.busy.try_set(false);
            match answer {
                Ok(changed) => {
                    form.forget_draft();
                    inbox.asking.try_set(false);
                    done(inbox, action, changed, go);
                }
                Err(failure) if failure.is(ProblemCode::Stale) || failure.is(ProblemCode::StateConflict) => {
                    // The other side was faster: show where it stands now, and keep what was typed.
                    form.keep_draft();
                    inbox.asking.try_set(false);
                    toast::say(failure_sentence(&failure));
                    inbox.items.reload();
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <Dialog id="match-step" title=title open=inbox.asking>
            <form
                class="stack"
                novalidate
                on:submit=submit(form.busy, send)
            >
                <ErrorSummary form=form/>
                <p>{meaning}</p>
                {match action {
                    MatchAction::Agree => {
                        let hint = t!("inbox.name_hint", ours = names.with_value(|names| names.0.clone()), theirs = names.with_value(|names| names.1.clone()));
                        view! { <TextField field=words label=t!("inbox.name") hint=hint optional=true/> }.into_any()
                    }
                    MatchAction::Accept => {
                        view! { <TextArea field=words label=t!("inbox.reply") hint=t!("inbox.reply_hint") limit=MESSAGE_MAX as usize optional=true/> }.into_any()
                    }
                    MatchAction::Decline => {
                        view! { <TextArea field=words label=t!("inbox.reason") hint=t!("inbox.reason_hint") rows=3 limit=MESSAGE_MAX as usize optional=true/> }.into_any()
                    }
                    MatchAction::Withdraw => ().into_any(),
                }}
                <div class="row">
                    <Button
                        label=verb
                        submit=true
                        look=if action == MatchAction::Withdraw { Look::Danger } else { Look::Primary }
                        busy=form.busy
                    />
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| inbox.asking.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// After a step: the list shows it, and the page goes where the next step is.
fn done(inbox: Inbox, action: MatchAction, changed: MatchView, go: Callback<String>) {
    let partnership = changed.partnership_id;
    let item = changed.clone();
    inbox.items.update(move |items| {
        if let Some(known) = items.iter_mut().find(|known| known.id == changed.id) {
            *known = changed;
        }
    });
    match action {
        MatchAction::Accept => {
            inbox.celebrated.try_set(Some(item));
            inbox.tab.try_set(Drawer::Contact.code().to_owned());
            browser::focus_soon("mutual");
        }
        MatchAction::Agree => {
            toast::say(text!("inbox.agreed"));
            if let Some(id) = partnership {
                go.run(format!("/partnerships/{id}"));
            }
        }
        MatchAction::Decline => toast::say(text!("inbox.declined")),
        MatchAction::Withdraw => toast::say(text!("inbox.withdrawn")),
    }
}
