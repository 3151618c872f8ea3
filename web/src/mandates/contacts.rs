//! The contact persons of a city: who is to be confirmed comes first, with two buttons; below, the elections that concern it.

use super::election::RecordElection;
use super::elections::entry;
use crate::client;
use crate::ui::prelude::*;
use crate::{app, cities, session, t, text, textf};
use leptos::prelude::*;
use shared::cities::{CityAction, CityView, ContactList, ContactView};
use shared::mandates::ElectionPage;
use wasm_bindgen_futures::spawn_local;

/// The contacts of a city.
#[component]
pub fn ContactsPage() -> impl IntoView {
    let id = app::param("id");
    let signed_in = memo(|| session::is_known().then(session::is_signed_in));
    view! {
        {live(move || match signed_in.get() {
            None => view! { <PageHeader title=t!("contacts.title") lead=t!("contacts.lead")/> <Skeleton lines=8/> }.into_any(),
            Some(false) => {
                view! {
                    <PageHeader title=t!("contacts.title") lead=t!("contacts.lead")/>
                    <EmptyState title=t!("problem.unauthenticated")>
                        <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/>
                    </EmptyState>
                }
                    .into_any()
            }
            Some(true) => view! { <Contacts id=id/> }.into_any(),
        })}
    }
    .into_any()
}

/// What the page is made of.
#[derive(Clone, Copy)]
struct Desk {
    id: Signal<String>,
    list: Loading<ContactList>,
    /// Whether the reader may answer.
    manages: Signal<bool>,
    busy: State<bool>,
}

#[component]
fn Contacts(id: Signal<String>) -> impl IntoView {
    let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
    let list = load(move || client::get::<ContactList>(format!("/cities/{}/contacts", id.get())));
    let elections = load(move || {
        client::get::<ElectionPage>(app::address(
            "/elections",
            &[("city_id", id.get()), ("limit", "10".to_owned())],
        ))
    });
    let manages = Signal::derive(move || {
        city.ready()
            .is_some_and(|city| city.allowed.contains(&CityAction::ManageContacts))
    });
    let desk = Desk {
        id,
        list,
        manages,
        busy: State::new(false),
    };
    let name = Signal::derive(move || {
        city.ready().map_or_else(String::new, |city| {
            cities::name_of(&city.summary.name, &city.summary.labels)
        })
    });
    let people = move || match list.get() {
        Load::Waiting => view! { <Skeleton lines=8/> }.into_any(),
        Load::Failed(failure) => view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any(),
        Load::Ready(found) if found.items.is_empty() => view! {
            <EmptyState title=t!("contacts.none") words=t!("contacts.none_words")>
                {live(move || manages.get().then(|| edit_link(id, t!("contacts.add"))))}
            </EmptyState>
        }
        .into_any(),
        Load::Ready(found) => people(found, desk),
    };
    let votes = move || match elections.get() {
        Load::Waiting => view! { <Skeleton lines=2/> }.into_any(),
        Load::Failed(failure) => view! { <ProblemView failure=failure retry=move |()| elections.reload()/> }.into_any(),
        Load::Ready(page) if page.items.is_empty() => view! { <p class="soft">{t!("elections.none")}</p> }.into_any(),
        Load::Ready(page) => {
            let changed = Callback::new(move |()| elections.reload());
            view! { <ul class="election-list">{page.items.into_iter().map(|of| entry(of, changed)).collect_any()}</ul> }
                .into_any()
        }
    };
    view! {
        <PageHeader title=t!("contacts.title") lead=t!("contacts.lead")>
            {live(move || manages.get().then(|| edit_link(id, t!("contacts.edit"))))}
        </PageHeader>
        <p><a href=by(move || format!("/cities/{}", id.get()))>{name}</a></p>
        <div class="stack stack-l">
            <div class="stack">{live(people)}</div>
            <section class="stack measure" aria-labelledby="elections">
                <h2 id="elections">{t!("elections.title")}</h2>
                <p class="soft">{t!("elections.words")}</p>
                {live(votes)}
                {live(move || {
                    manages.get().then(|| view! { <RecordElection city=id.get_untracked() done=move |()| { elections.reload(); list.reload(); }/> })
                })}
            </section>
        </div>
    }
    .into_any()
}

fn edit_link(id: Signal<String>, label: Signal<String>) -> AnyView {
    let href = Signal::derive(move || format!("/cities/{}/edit#contacts", id.get()));
    view! { <LinkButton href=href label=label look=Look::Secondary icon=Icon::Edit/> }.into_any()
}

fn people(found: ContactList, desk: Desk) -> AnyView {
    let ContactList { version, mut items } = found;
    let waiting = items.iter().filter(|of| of.to_confirm.is_some()).count() as u64;
    // Who is to be confirmed comes first; else the order stays.
    items.sort_by_key(|of| of.to_confirm.is_none());
    let summary = move || match waiting {
        0 => text!("contacts.all_confirmed"),
        count => text!("contacts.to_confirm", count = count),
    };
    view! {
        <p class="results-count" role="status">{live(summary)}</p>
        <ul class="contact-list">{items.into_iter().map(|of| person(of, version, desk)).collect_any()}</ul>
    }
    .into_any()
}

fn person(of: ContactView, version: i64, desk: Desk) -> AnyView {
    let ContactView {
        id,
        contact,
        confirmed_on,
        to_confirm,
    } = of;
    let name = contact.name.clone();
    let about = Signal::stored(contact.name.clone());
    let confirm = move |()| {
        if desk.busy.get_untracked() {
            return;
        }
        desk.busy.set(true);
        let (name, city) = (name.clone(), desk.id.get_untracked());
        spawn_local(async move {
            let path = format!("/cities/{city}/contacts/{id}/confirm");
            match client::act::<_, ContactList>(path, version, &()).await {
                Ok(list) => {
                    toast::say(text!("contacts.confirmed", name = name));
                    desk.list.set(list);
                }
                Err(failure) => {
                    toast::say(failure_sentence(&failure));
                    desk.list.reload();
                }
            }
            desk.busy.try_set(false);
        });
    };
    let mark = to_confirm.map(|mark| {
        let why = move || textf!("confirm_reason.", mark.reason.code(), day = intl::date(mark.day));
        view! {
            <p><Badge label=t!("contacts.badge") tone=BadgeTone::Warning/></p>
            <p>{live(why)}</p>
        }
    });
    let acts = move || {
        let confirm = confirm.clone();
        (to_confirm.is_some() && desk.manages.get()).then(|| {
            let edit = Signal::derive(move || format!("/cities/{}/edit#contacts", desk.id.get()));
            view! {
                <div class="row no-print">
                    <Button label=t!("confirm.still_right") about=about look=Look::Secondary icon=Icon::Check busy=desk.busy on_press=confirm/>
                    <LinkButton href=edit label=t!("confirm.changed") look=Look::Quiet icon=Icon::Edit/>
                </div>
            }
        })
    };
    let known = confirmed_on.filter(|_| to_confirm.is_none()).map(|day| {
        view! { <p class="small soft">{live(move || text!("contacts.confirmed_on", day = intl::date(day)))}</p> }
    });
    let until = contact.mandate_ends_on.map(|day| {
        view! { <p class="small soft">{live(move || text!("contacts.until", day = intl::date(day)))}</p> }
    });
    let phone = contact.phone.map(|phone| {
        let href = format!("tel:{}", phone.replace(' ', ""));
        view! { <p><a href=href>{phone}</a></p> }
    });
    let mail = format!("mailto:{}", contact.email);
    view! {
        <li class="card stack">
            <div>
                <h2 class="card-title">{contact.name}</h2>
                {(!contact.function.is_empty()).then(|| view! { <p class="soft">{contact.function}</p> })}
            </div>
            {mark}
            <div>
                <p><a href=mail>{contact.email}</a></p>
                {phone}
                {until}
                {known}
            </div>
            {live(acts)}
        </li>
    }
    .into_any()
}
