//! The cities that one is never to be matched with: a private list, to which a city is added with its consequence in words, and from which each can be taken again.

use crate::client::{Answer, Failure};
use crate::ui::prelude::*;
use crate::{app, browser, cities, client, form::Form, session, t, text};
use leptos::prelude::*;
use shared::cities::{CityAction, CityView};
use shared::ids::{BanId, CityId};
use shared::matches::{BAN_REASON_MAX, BanDraft, BanPage, BanView};
use shared::problem::ProblemCode;
use wasm_bindgen_futures::spawn_local;

/// Rules a city out.
async fn rule_out(own: CityId, other: CityId, reason: Option<String>) -> Answer<BanView> {
    let draft = BanDraft { city_id: other, reason };
    client::post(format!("/cities/{own}/bans"), &draft).await
}

/// Lets a city be suggested again.
async fn lift(own: CityId, ban: BanId, version: i64) -> Answer<()> {
    client::delete(format!("/cities/{own}/bans/{ban}"), version).await
}

/// Why a city could not be ruled out, in words.
fn refusal(failure: &Failure) -> String {
    if failure.is(ProblemCode::StateConflict) {
        text!("bans.open_match")
    } else {
        failure_sentence(failure)
    }
}

/// Rules a city out from where it is suggested, at one press, and offers to take that back. `after` hears which city is ruled out, or is not any more.
pub fn never(own: CityId, other: CityId, name: String, after: Callback<(CityId, bool)>) {
    spawn_local(async move {
        match rule_out(own, other, None).await {
            Ok(ban) => {
                after.try_run((other, true));
                let lifted = text!("bans.lifted", city = name.clone());
                // Made here, outside of any page: it is there as long as the message.
                let undo = Callback::new(move |()| {
                    let lifted = lifted.clone();
                    spawn_local(async move {
                        match lift(own, ban.id, ban.version).await {
                            Ok(()) => {
                                after.try_run((other, false));
                                toast::say(lifted);
                            }
                            Err(failure) => toast::say(failure_sentence(&failure)),
                        }
                    });
                });
                toast::say_with_undo(text!("bans.done", city = name), undo);
            }
            Err(failure) => toast::say(refusal(&failure)),
        }
    });
}

/// The list of a city.
#[component]
pub fn BansPage() -> impl IntoView {
    let id = app::param("id");
    let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
    view! {
        <Loaded
            of=city
            view=move |city: CityView| {
                if city.allowed.contains(&CityAction::ManagePrivate) {
                    return list(&city);
                }
                let page = format!("/cities/{}", city.summary.id);
                view! {
                    <PageHeader title=t!("bans.title")/>
                    <EmptyState title=t!("bans.not_allowed")>
                        {(!session::is_signed_in()).then(|| view! { <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/> })}
                        <LinkButton href=page label=t!("edit.see_page") look=Look::Secondary/>
                    </EmptyState>
                }
                    .into_any()
            }
        />
    }
    .into_any()
}

/// What the list and the form above it share.
#[derive(Clone, Copy)]
struct Bans {
    own: CityId,
    items: Growing<BanView>,
    /// The city that is about to be ruled out: its id and its name.
    chosen: State<Option<(CityId, String)>>,
    search: State<String>,
}

fn list(city: &CityView) -> AnyView {
    let own = city.summary.id;
    let items = grow(move |cursor: Option<String>| {
        let query = [("limit", "50".to_owned()), ("cursor", cursor.unwrap_or_default())];
        let path = app::address(&format!("/cities/{own}/bans"), &query);
        slice::<BanPage>(path)
    });
    let bans = Bans {
        own,
        items,
        chosen: State::new(None),
        search: State::new(String::new()),
    };
    choose_from_address(bans);
    let count = move || {
        items.items.with(|all| match all.as_ref().map(Vec::len) {
            None | Some(0) => String::new(),
            Some(count) => text!("bans.count", count = count),
        })
    };
    let label = cities::label(&city.summary);
    view! {
        <PageHeader
            title=t!("bans.title")
            crumbs=vec![
                Crumb::new("/cities", t!("nav.cities")),
                Crumb::new(format!("/cities/{own}"), label),
                Crumb::new(format!("/cities/{own}/partners"), t!("nav.find")),
            ]
            lead=t!("bans.lead")
        />
        <div class="measure stack">
            {live(move || match bans.chosen.get() {
                None => picker(bans),
                Some((other, name)) => confirmation(bans, other, name),
            })}
            <section class="stack" aria-label=t!("bans.title")>
                <p class="results-count" role="status" id="bans-count" tabindex="-1">{count}</p>
                {live(move || items.failure.get().map(|failure| view! { <ProblemView failure=failure retry=move |()| items.reload()/> }))}
                {live(move || match items.items.with(|all| all.as_ref().map(Vec::is_empty)) {
                    None if items.busy.get() => view! { <Skeleton lines=4/> }.into_any(),
                    Some(true) => view! { <EmptyState title=t!("bans.none") words=t!("bans.none_words")/> }.into_any(),
                    _ => ().into_any(),
                })}
                <ul class="ban-list">
                    {each(move || items.items.get().unwrap_or_default(), |ban| ban.id, move |ban| row(bans, ban))}
                </ul>
                <More there=Signal::derive(move || items.next.with(Option::is_some)) busy=items.busy on_more=move |()| items.more()/>
            </section>
        </div>
    }
    .into_any()
}

/// A city's page leads here with that city in the address: the question is asked at once.
fn choose_from_address(bans: Bans) {
    let wanted = app::query("city").get_untracked();
    let Ok(other) = wanted.parse::<CityId>() else {
        return;
    };
    spawn_local(async move {
        if let Ok(city) = client::get::<CityView>(format!("/cities/{other}")).await {
            bans.chosen
                .try_set(Some((other, untrack(|| cities::name(&city.summary)))));
        }
    });
}

fn picker(bans: Bans) -> AnyView {
    let pick = move |choice: Choice| {
        if let Ok(other) = choice.value.parse::<CityId>() {
            bans.chosen.set(Some((other, choice.label)));
        }
    };
    view! {
        <Combobox
            id="ban-search"
            label=t!("bans.add")
            hint=t!("parties.add_hint")
            text=bans.search
            source=cities::search_source()
            on_pick=pick
        />
    }
    .into_any()
}

/// Ruling out, told with what it means, and a reason for one's own memory.
fn confirmation(bans: Bans, other: CityId, name: String) -> AnyView {
    let form = Form::new(format!("ban:{}:{other}", bans.own));
    let reason = form.field("ban-reason", "/reason", "");
    let refused = State::new(None::<String>);
    let title = name.clone();
    let leave = move || {
        bans.search.set(String::new());
        bans.chosen.set(None);
    };
    let send = move || {
        form.clear();
        refused.set(None);
        form.busy.set(true);
        let reason = Some(reason.trimmed()).filter(|reason| !reason.is_empty());
        let name = name.clone();
        spawn_local(async move {
            let answer = rule_out(bans.own, other, reason).await;
            form.busy.try_set(false);
            match answer {
                Ok(ban) => {
                    toast::say(text!("bans.done", city = name));
                    bans.items.update(|items| items.insert(0, ban));
                    if bans.search.try_set(String::new()) {
                        bans.chosen.try_set(None);
                        browser::focus_soon("bans-count");
                    }
                }
                Err(failure) if failure.errors.is_empty() => {
                    refused.try_set(Some(refusal(&failure)));
                    browser::focus_soon("ban-refused");
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    browser::focus_soon("ban-title");
    view! {
        <section class="sheet" aria-labelledby="ban-title">
            <form
                class="stack"
                novalidate
                on:submit=submit(form.busy, send)
            >
                <h2 id="ban-title" class="minor" tabindex="-1">{t!("bans.ask", city = title.clone())}</h2>
                <p>{t!("bans.words")}</p>
                {live(move || refused.get().map(|words| view! { <div id="ban-refused" tabindex="-1"><Notice tone=Tone::Warning><p>{words}</p></Notice></div> }))}
                <ErrorSummary form=form/>
                <TextArea field=reason label=t!("bans.reason") hint=t!("bans.reason_hint") rows=2 limit=BAN_REASON_MAX as usize optional=true/>
                <div class="row">
                    <Button label=t!("bans.confirm") look=Look::Danger submit=true busy=form.busy/>
                    <Button
                        label=t!("action.cancel")
                        look=Look::Secondary
                        on_press=move |()| {
                            leave();
                            browser::focus_soon("ban-search");
                        }
                    />
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn row(bans: Bans, ban: BanView) -> AnyView {
    let (id, other, version) = (ban.id, ban.city.id, ban.version);
    let city = Kept::new(ban.city);
    let name = Signal::derive(move || city.with_value(cities::name));
    let since = ban.created_at;
    let reason = ban.reason;
    let kept_reason = Kept::new(reason.clone());
    let busy = State::new(false);
    let press = move |()| {
        busy.set(true);
        let name = name.get_untracked();
        spawn_local(async move {
            let answer = lift(bans.own, id, version).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    let reason = kept_reason.try_get_value().flatten();
                    bans.items.update(|items| items.retain(|item| item.id != id));
                    browser::focus_soon("bans-count");
                    let undo = Callback::new(move |()| {
                        let reason = reason.clone();
                        spawn_local(async move {
                            match rule_out(bans.own, other, reason).await {
                                Ok(again) => bans.items.update(|items| items.insert(0, again)),
                                Err(failure) => toast::say(refusal(&failure)),
                            }
                        });
                    });
                    toast::say_with_undo(text!("bans.lifted", city = name), undo);
                }
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
        });
    };
    view! {
        <li class="ban">
            <div>
                <p class="ban-name"><a href=format!("/cities/{other}")>{name}</a></p>
                <p class="small soft">
                    {live(move || city.with_value(cities::kind_and_country))} " · " {t!("bans.since", day = intl::day_of(since))}
                </p>
                {reason.map(|reason| view! { <p>{reason}</p> })}
            </div>
            <Button label=t!("bans.lift") about=name look=Look::Quiet icon=Icon::Undo busy=busy on_press=press/>
        </li>
    }
    .into_any()
}
