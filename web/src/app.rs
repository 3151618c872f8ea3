//! The frame around every page, and the table of pages.
//!
//! [`PAGES`] is the one place where an address meets a page. A page is a component without properties in its feature's module; it reads its id by
//! [`param`] and its state by [`query`], begins with `PageHeader`, and ends in `.into_any()`; all but the first come in parts ([`pages`]). Opening a page sets the document's title and moves the focus to its heading, which
//! is how screen readers announce it; changing only the query (a filter, a tab) moves nothing.

use crate::address::{self, Route};
pub use crate::address::{address, navigator, param, query, query_setter};
use crate::i18n::{self, Language};
use crate::ui::focus;
use crate::ui::prelude::*;
use crate::{browser, cities, client, pages, session, t, text};
use leptos::ev;
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    address::follow();
    view! { <Frame/> }
}

/// Which page stands at which address.
const PAGES: &[Route] = &[
    ("/", pages::home),
    ("/sign-in", pages::sign_in),
    ("/cities", pages::cities),
    ("/cities/:id", pages::city),
    ("/cities/:id/edit", pages::city_edit),
    ("/cities/:id/partners", pages::partners),
    ("/cities/:id/bans", pages::bans),
    ("/cities/:id/steps", pages::city_steps),
    ("/cities/:id/radar", pages::radar),
    ("/cities/:id/contacts", pages::contacts),
    ("/confirm", pages::confirm),
    ("/elections", pages::elections),
    ("/doubles", pages::doubles),
    ("/matches", pages::inbox),
    ("/partnerships", pages::partnerships),
    ("/partnerships/new", pages::partnership_new),
    ("/partnerships/:id", pages::partnership),
    ("/partnerships/:id/edit", pages::partnership_edit),
    ("/partnerships/:id/life", pages::life),
    ("/partnerships/:id/activities/new", pages::activity_new),
    ("/partnerships/:id/results/new", pages::result_new),
    ("/partnerships/:id/lessons/new", pages::lesson_new),
    ("/partnerships/:id/assessments", pages::assessments),
    ("/assessments/:id", pages::assessment),
    ("/stories", pages::stories),
    ("/partnerships/:id/story", pages::story),
    ("/partnerships/:id/story/edit", pages::story_edit),
    ("/partnerships/:id/plan", pages::plan),
    ("/partnerships/:id/plan/edit", pages::plan_edit),
    ("/activities/:id", pages::activity),
    ("/activities/:id/edit", pages::activity_edit),
    ("/results/:id/edit", pages::result_edit),
    ("/lessons/:id/edit", pages::lesson_edit),
    ("/organisations", pages::organisations),
    ("/organisations/:id", pages::organisation),
    ("/meetings", pages::meetings),
    ("/meetings/:id", pages::meeting),
    ("/meetings/:id/lessons/new", pages::listed_new),
    ("/listed-lessons/:id/edit", pages::listed_edit),
    ("/meetings/:id/recommendations/new", pages::recommendation_new),
    ("/recommendations/:id", pages::recommendation),
    ("/recommendations/:id/edit", pages::recommendation_edit),
    ("/calls", pages::calls),
    ("/calls/:id", pages::call),
    ("/calls/:id/committee", pages::committee),
    ("/calls/:id/criteria", pages::criteria),
    ("/calls/:id/form", pages::form),
    ("/calls/:id/results", pages::call_results),
    ("/applications", pages::files),
    ("/applications/:id", pages::file),
    ("/applications/:id/letter", pages::letter),
    ("/review", pages::review),
    ("/reviews", pages::reviews),
    ("/reviews/:id", pages::score),
    ("/campaigns", pages::campaigns),
    ("/programmes/:id/rules", pages::rule_versions),
    ("/programmes/:id/rules/new", pages::rule_new),
    ("/grants", pages::grants),
    ("/grants/:id", pages::grant),
    ("/rounds", pages::rounds),
    ("/rounds/new", pages::round_new),
    ("/rounds/:id", pages::round),
    ("/rounds/:id/edit", pages::round_edit),
    ("/cohorts", pages::cohorts),
    ("/cohorts/new", pages::cohort_new),
    ("/cohorts/:id", pages::cohort),
    ("/cohorts/:id/edit", pages::cohort_edit),
    ("/cohort-members/:id", pages::engagement),
    ("/account", pages::account),
    ("/accessibility", pages::accessibility),
    ("/help", pages::help),
];

thread_local! {
    static LAST_PATH: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes a title the document's, and moves the focus to the heading when the page has just been opened. Called by `PageHeader`.
pub fn announce_page(title: Signal<String>) {
    effect(move || {
        if let Some(document) = browser::document() {
            document.set_title(&format!("{} – Passerelle", title.get()));
        }
    });
    // The router's address, not the window's: that one is written only when the page stands.
    let path = address::path_now();
    let opened = LAST_PATH.with(|last| {
        let before = last.replace(Some(path.clone()));
        before.is_some_and(|before| before != path)
    });
    if opened {
        browser::focus_soon("page-title");
    }
}

#[component]
fn Frame() -> impl IntoView {
    let help_open = State::new(false);
    listen_for_shortcuts(help_open);
    prefetch_on_hover();
    focus::keep();
    view! {
        <a class="skip" href="#main" on:click=on(|event: leptos::ev::MouseEvent| {
            event.prevent_default();
            event.stop_propagation();
            browser::focus("main");
        })>{t!("frame.skip")}</a>
        <Masthead help_open=help_open/>
        <main id="main" class="wrap" tabindex="-1">
            {address::pages(PAGES, pages::missing)}
        </main>
        <Foot help_open=help_open/>
        <ShortcutHelp open=help_open/>
        <SessionWarning/>
        <toast::Toasts/>
    }
    .into_any()
}

/// The part of the app that an address belongs to: the first word of the path; finding partners is a part of its own, though it stands below a city.
fn area(path: &str) -> (&str, bool) {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    (first, path.ends_with("/partners") || path.ends_with("/bans"))
}

fn nav_link(href: String, label: Signal<String>) -> AnyView {
    let here = address::path();
    let own = href.clone();
    let current = move || here.with(|here| (area(here) == area(&own)).then_some("page"));
    view! { <li><a href=href aria-current=current>{label}</a></li> }.into_any()
}

#[component]
fn Masthead(help_open: State<bool>) -> impl IntoView {
    let pathname = address::path();
    let go = navigator();
    let search = State::new(String::new());
    view! {
        <header class="masthead">
            <div class="utility">
                <div class="wrap utility-row">
                    <LanguageSwitch/>
                    <ThemeSwitch/>
                    <span class="for-keyboards">
                        <IconButton label=t!("frame.shortcuts") icon=Icon::Keyboard on_press=move |()| help_open.set(true)/>
                    </span>
                    <AccountMenu/>
                </div>
            </div>
            <div class="wrap masthead-row">
                <a class="brand" href="/" aria-label=t!("frame.home")>
                    <Mark/>
                    "Passerelle"
                </a>
                <nav aria-label=t!("frame.nav")>
                    <ul>
                        {nav_link("/cities".into(), t!("nav.cities"))}
                        {nav_link("/partnerships".into(), t!("nav.partnerships"))}
                        {nav_link("/calls".into(), t!("nav.calls"))}
                        {live(move || {
                            session::own_cities()
                                .first()
                                .map(|(id, _)| {
                                    view! {
                                        {nav_link(format!("/cities/{id}/partners"), t!("nav.find"))}
                                        {nav_link("/matches".into(), t!("nav.matches"))}
                                    }
                                })
                        })}
                        {live(move || session::is_signed_in().then(|| nav_link("/applications".into(), t!("nav.applications"))))}
                        {live(move || session::is_officer().then(|| nav_link("/review".into(), t!("nav.officer"))))}
                        {live(move || session::is_reviewer().then(|| nav_link("/reviews".into(), t!("nav.reviews"))))}
                    </ul>
                </nav>
                {live(move || {
                    (pathname.get() != "/")
                        .then(|| {
                            view! {
                                <div class="masthead-search" role="search">
                                    <Combobox
                                        id="site-search"
                                        label=t!("frame.search")
                                        label_unseen=true
                                        text=search
                                        source=cities::search_source()
                                        on_pick=move |choice: Choice| {
                                            search.set(String::new());
                                            go.run(format!("/cities/{}", choice.value));
                                        }
                                        on_submit=move |words: String| go.run(address("/cities", &[("q", words)]))
                                    />
                                </div>
                            }
                        })
                })}
            </div>
        </header>
    }
    .into_any()
}

/// The mark: a footbridge over its reflection.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 36 24" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" aria-hidden="true" focusable="false">
            <path d="M2 16C8 4 28 4 34 16"/>
            <path d="M2 16h32M11 15.5V9.8M18 15.5V8M25 15.5V9.8" stroke-width="2"/>
            <path d="M9 21h18" stroke-width="2" opacity=".45"/>
        </svg>
    }
    .into_any()
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    view! {
        <ul class="languages" aria-label=t!("frame.language")>
            {Language::ALL
                .into_iter()
                .map(|language| {
                    view! {
                        <li>
                            <button
                                type="button"
                                lang=language.tag()
                                aria-pressed=by(move || if i18n::language() == language { "true" } else { "false" })
                                on:click=on(move |_| {
                                    spawn_local(async move {
                                        if !i18n::choose(language).await {
                                            toast::say(text!("frame.language_failed"));
                                        }
                                    })
                                })
                            >
                                <span class="long">{i18n::own_name(language)}</span>
                                <span class="short" aria-hidden="true">{i18n::own_name(language).chars().take(2).collect::<String>()}</span>
                            </button>
                        </li>
                    }
                })
                .collect_any()}
        </ul>
    }
    .into_any()
}

const THEME: &str = "theme";

/// Puts on the colours that the reader chose before; without a choice the system's are there already.
pub(crate) fn apply_theme() {
    if let Some(theme) = browser::preference(THEME) {
        browser::set_root_attribute("data-theme", &theme);
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let theme = State::new(browser::preference(THEME).unwrap_or_else(|| "auto".to_owned()));
    let press = move |()| {
        let next = match theme.get_untracked().as_str() {
            "auto" => "light",
            "light" => "dark",
            _ => "auto",
        };
        theme.set(next.to_owned());
        browser::remember_preference(THEME, next);
        browser::set_root_attribute("data-theme", next);
    };
    view! {
        {live(move || {
            let sign = match theme.get().as_str() {
                "light" => Icon::Sun,
                "dark" => Icon::Moon,
                _ => Icon::Contrast,
            };
            let label = Signal::derive(move || crate::textf!("theme_choice.", &theme.get()));
            view! { <IconButton label=label icon=sign on_press=press/> }
        })}
    }
    .into_any()
}

#[component]
fn AccountMenu() -> impl IntoView {
    let node = NodeRef::<leptos::html::Details>::new();
    let close = move || {
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    };
    let go = navigator();
    let pathname = address::path();
    effect(move || {
        pathname.track();
        close();
    });
    let sign_out = move |()| {
        close();
        spawn_local(async move {
            match session::sign_out().await {
                Ok(()) => toast::say(text!("account.signed_out")),
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
            go.run("/".to_owned());
        });
    };
    view! {
        {live(move || match session::account() {
            None => {
                session::is_known()
                    .then(|| {
                        pathname.track();
                        view! { <a class="button button-secondary" href=session::sign_in_address()>{icon(Icon::SignIn)} <span>{t!("action.sign_in")}</span></a> }
                    })
                    .into_any()
            }
            Some(account) => {
                let cities = session::own_cities();
                view! {
                    <details
                        class="menu"
                        node_ref=node
                        on:keydown=on(move |event: leptos::ev::KeyboardEvent| {
                            if event.key() == "Escape" {
                                close();
                                browser::focus("account-menu");
                            }
                        })
                    >
                        <summary class="button button-secondary" id="account-menu">
                            {icon(Icon::Account)}
                            <span class="menu-name">{account.name.clone()}</span>
                            {icon(Icon::ChevronDown)}
                        </summary>
                        <div class="menu-list">
                            <p class="small soft">{account.email.clone()}</p>
                            <ul>
                                {cities
                                    .into_iter()
                                    .map(|(id, name)| {
                                        view! {
                                            <li><a href=format!("/cities/{id}")>{icon(Icon::Place)} <span>{name}</span></a></li>
                                            <li><a href=format!("/cities/{id}/edit")>{icon(Icon::Edit)} <span>{t!("account.profile")}</span></a></li>
                                            <li><a href=format!("/cities/{id}/radar")>{icon(Icon::Warning)} <span>{t!("radar.title")}</span></a></li>
                                        }
                                    })
                                    .collect_any()}
                                <li><a href="/applications">{icon(Icon::Document)} <span>{t!("nav.applications")}</span></a></li>
                                {session::is_admin()
                                    .then(|| view! { <li><a href="/elections">{icon(Icon::Calendar)} <span>{t!("elections.title")}</span></a></li> })}
                                {session::reviews_doubles()
                                    .then(|| view! { <li><a href="/doubles">{icon(Icon::Compare)} <span>{t!("doubles.title")}</span></a></li> })}
                                <li><a href="/rounds">{icon(Icon::People)} <span>{t!("nav.rounds")}</span></a></li>
                                <li><a href="/cohorts">{icon(Icon::People)} <span>{t!("cohorts.title")}</span></a></li>
                                <li><a href="/account">{icon(Icon::Mail)} <span>{t!("account.title")}</span></a></li>
                                <li><a href="/help">{icon(Icon::Info)} <span>{t!("nav.help")}</span></a></li>
                            </ul>
                            <Button label=t!("account.sign_out") look=Look::Secondary icon=Icon::SignOut on_press=sign_out/>
                        </div>
                    </details>
                }
                    .into_any()
            }
        })}
    }
    .into_any()
}

#[component]
fn Foot(help_open: State<bool>) -> impl IntoView {
    view! {
        <footer class="foot">
            <div class="wrap">
                <ul>
                    <li><a href="/accessibility">{t!("foot.accessibility")}</a></li>
                    <li><a href="/help">{t!("nav.help")}</a></li>
                    <li><a href="/docs" rel="external">{t!("foot.api")}</a></li>
                    <li><a href="/licences.txt" rel="external">{t!("foot.licences")}</a></li>
                    <li><button type="button" class="link" on:click=on(move |_| help_open.set(true))>{t!("frame.shortcuts")}</button></li>
                </ul>
                <p>
                    {t!("foot.places")} " "
                    <a href="https://www.geonames.org/" rel="external">"GeoNames"</a>
                    " (CC BY 4.0). " {t!("foot.map")} " "
                    <a href="https://www.naturalearthdata.com/" rel="external">"Natural Earth"</a>
                    ", "
                    <a href="https://github.com/visionscarto/world-atlas" rel="external">"visionscarto"</a>
                    " (BSD-3)."
                </p>
            </div>
        </footer>
    }
    .into_any()
}

const SHORTCUTS: &str = "shortcuts";

/// Whether the reader wants shortcuts of one key: they can be switched off (WCAG 2.1.4).
pub fn shortcuts_are_on() -> bool {
    browser::preference(SHORTCUTS).as_deref() != Some("off")
}

/// `/`, `?` and `g` followed by a letter, unless the reader types, holds a modifier, or switched them off.
fn listen_for_shortcuts(help_open: State<bool>) {
    let go = navigator();
    let after_g = Kept::new(0.0f64);
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || !shortcuts_are_on() {
            return;
        }
        if browser::is_typing(&event) {
            return;
        }
        let key = event.key();
        if browser::now_ms() - after_g.get_value() < 1_500.0 {
            after_g.set_value(0.0);
            let to = match key.as_str() {
                "h" => "/",
                "c" => "/cities",
                "p" => "/partnerships",
                "a" => "/calls",
                "m" => "/matches",
                "d" => "/applications",
                _ => return,
            };
            event.prevent_default();
            go.run(to.to_owned());
            return;
        }
        match key.as_str() {
            "g" => after_g.set_value(browser::now_ms()),
            "/" => {
                event.prevent_default();
                // The header's field, or the page's own where the header has none.
                let seen = |id: &str| {
                    browser::document()
                        .and_then(|document| document.get_element_by_id(id))
                        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
                        .is_some_and(|element| element.offset_width() > 0)
                };
                match ["site-search", "home-search", "q"].into_iter().find(|id| seen(id)) {
                    Some(id) => browser::focus(id),
                    None => go.run("/cities".to_owned()),
                }
            }
            "?" => {
                event.prevent_default();
                help_open.set(true);
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

#[component]
fn ShortcutHelp(open: State<bool>) -> impl IntoView {
    let on = State::new(shortcuts_are_on());
    Effect::new(move |before: Option<bool>| {
        let now = on.get();
        if before.is_some_and(|before| before != now) {
            browser::remember_preference(SHORTCUTS, if now { "on" } else { "off" });
        }
        now
    });
    view! {
        <Dialog id="shortcut-help" title=t!("shortcuts.title") open=open>
            <dl class="keys">
                <div><dt><kbd>"/"</kbd></dt><dd>{t!("shortcuts.search")}</dd></div>
                <div><dt><kbd>"?"</kbd></dt><dd>{t!("shortcuts.help")}</dd></div>
                <div><dt><kbd>"g"</kbd>" "<kbd>"h"</kbd></dt><dd>{t!("frame.home")}</dd></div>
                <div><dt><kbd>"g"</kbd>" "<kbd>"c"</kbd></dt><dd>{t!("nav.cities")}</dd></div>
                <div><dt><kbd>"g"</kbd>" "<kbd>"p"</kbd></dt><dd>{t!("nav.partnerships")}</dd></div>
                <div><dt><kbd>"g"</kbd>" "<kbd>"a"</kbd></dt><dd>{t!("nav.calls")}</dd></div>
                <div><dt><kbd>"g"</kbd>" "<kbd>"m"</kbd></dt><dd>{t!("nav.matches")}</dd></div>
                <div><dt><kbd>"g"</kbd>" "<kbd>"d"</kbd></dt><dd>{t!("nav.applications")}</dd></div>
            </dl>
            <Checkbox id="shortcuts-on" label=t!("shortcuts.on") hint=t!("shortcuts.on_hint") checked=on/>
        </Dialog>
    }
    .into_any()
}

/// Five minutes before the session ends, says so and offers to go on: WCAG 2.2.1.
#[component]
fn SessionWarning() -> impl IntoView {
    let open = State::new(false);
    let turn = Kept::new(0u32);
    effect(move || {
        let Some(ends) = session::ends_at() else {
            open.set(false);
            return;
        };
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let mine = turn.get_value();
        let wait = ends.timestamp_millis() as f64 - browser::now_ms() - 300_000.0;
        // A timer of the browser holds at most 24 days; such sessions are refreshed long before.
        if wait > 2_000_000_000.0 {
            return;
        }
        spawn_local(async move {
            browser::rest(wait.max(0.0) as u32).await;
            if turn.try_get_value() == Some(mine) && session::is_signed_in() {
                open.set(true);
            }
        });
    });
    let stay = move |()| {
        spawn_local(async move {
            session::refresh().await;
            open.try_set(false);
        });
    };
    view! {
        <Dialog id="session-warning" title=t!("session.warning_title") open=open>
            <p>{live(move || session::ends_at().map(|ends| text!("session.warning", time = intl::time_ms(ends.timestamp_millis() as f64))))}</p>
            <div class="row"><Button label=t!("session.stay") on_press=stay/></div>
        </Dialog>
    }
    .into_any()
}

/// A link to a city or a partnership that the pointer rests on is probably the next page: its data is fetched into the browser's cache.
fn prefetch_on_hover() {
    let last = Kept::new(String::new());
    let handle = window_event_listener(ev::pointerover, move |event| {
        let Some(link) = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|element| {
                element
                    .closest("a[href^='/cities/'],a[href^='/partnerships/'],a[href^='/calls/']")
                    .ok()
                    .flatten()
            })
        else {
            return;
        };
        let Some(path) = link.get_attribute("href") else { return };
        if path.matches('/').count() == 2 && !path.contains('?') && last.with_value(|last| *last != path) {
            client::prefetch(&path);
            last.set_value(path);
        }
    });
    on_cleanup(move || handle.remove());
}
