//! The Passerelle web app: Leptos in the browser, one calm system of screens over the REST API.
//!
//! # Where things are
//!
//! | room | what |
//! |---|---|
//! | [`app`] | the frame (header, footer, shortcuts) and the table of pages: which address shows which component |
//! | [`pages`] | the parts of the app that pages come in |
//! | [`address`] | the router: the address followed, read and set |
//! | [`ui`] | components without a feature's word in them; `use crate::ui::prelude::*` |
//! | [`i18n`] | words in three languages: `t!`, `text!`, `tf!`, `textf!` |
//! | [`client`] | requests to the API; failures with codes |
//! | [`json`] | answers become our types, by a deserialiser of our own: `serde_json` writes here, it never reads |
//! | [`session`] | who is signed in |
//! | [`form`] | text and error of each field; drafts that save themselves |
//! | [`merge`] | three-way merge, for forms that somebody else changed meanwhile |
//! | [`map`] | the world as SVG, with points, arcs, and a table twin |
//! | `cities`, `matches`, … | one module per feature, with the same word as in `shared` and `api`: `list`, `detail`, `edit` are screens, `model` is what they think, tested natively |
//!
//! `web/style` has the tokens (`tokens.css`) and what is made of them, in layers; a feature's own rules go into `web/style/<feature>.css`, layer `features`. `web/locales` has
//! the words. the body of `web/index.html` is painted before any of this has arrived.
//!
//! # How a screen is made
//!
//! ```ignore
//! /// A city's page.
//! #[component]
//! pub fn CityPage() -> impl IntoView {
//!     let id = app::param("id");
//!     let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
//!     view! {
//!         <Loaded of=city view=move |city: CityView| view! {
//!             <PageHeader title=cities::label(&city.summary) crumbs=vec![Crumb::new("/cities", t!("nav.cities"))]/>
//!             <p>{t!("cities.population", count = city.summary.population.unwrap_or(0))}</p>
//!         }.into_any()/>
//!     }
//!     .into_any()
//! }
//! ```
//!
//! - **One page, one owner.** Make signals at the top of the page's component. What comes late (an answer, a timer) uses `try_set`, `try_update`, `try_get`:
//!   the reader may have left. Read signals *before* the `async` block, or they are not tracked.
//! - **Fetch at the top**, several at once; show with `Loaded`. After a change, `loading.set(answer)`: the API's answer is the new truth. `view.allowed` decides which
//!   buttons there are; the screen never knows who may do what.
//! - **412**: `failure.is(ProblemCode::Stale)`: fetch again, keep what was typed, show both, let the person choose.
//! - **Forms**: `Form::new`, `form.field(id, pointer, text)`, `<ErrorSummary form/>` on top, `<form novalidate on:submit>`; `form.clear()`, send, `form.fail(failure)`. The
//!   server is the only validator.
//! - **Lists**: state in the query (`app::query`, `app::query_setter`), filters as `Tag`, count in `role="status"`, `More` for the next items, `EmptyState` with the next step.
//! - **Size**: everything ends in `.into_any()`; no closures as type parameters of components; what follows signals goes through [`ui::live`] (`live`, `each`, `by`, `on`) and stands in
//!   [`ui::state`] (`State`, `Kept`, `memo`), not in Leptos's own; a new page is named in [`pages`] with the part that it comes in; no new dependency without weighing it. Inline styles are forbidden by the
//!   content security policy: widths are SVG attributes or classes.
//! - **Every word** is a key, every key in three files, sorted. The tests say what is missing.

pub mod i18n;

pub mod accessibility;
pub mod accounts;
pub mod activities;
pub mod address;
pub mod app;
pub mod applications;
pub mod assessments;
pub mod browser;
pub mod cities;
pub mod client;
pub mod cohorts;
pub mod doubles;
pub mod form;
pub mod forms;
pub mod grants;
pub mod help;
pub mod home;
pub mod json;
pub mod lessons;
pub mod mandates;
pub mod map;
pub mod matches;
pub mod merge;
pub mod organisations;
pub mod pages;
pub mod partnerships;
pub mod programmes;
pub mod radar;
pub mod recommendations;
pub mod results;
pub mod reviews;
pub mod rounds;
pub mod session;
pub mod stories;
pub mod sustainability;
pub mod ui;

use wasm_bindgen::prelude::*;

/// Fetches the reader's words and the session at the same time, then takes the place of the static shell.
#[wasm_bindgen(start)]
pub fn start() {
    app::apply_theme();
    wasm_bindgen_futures::spawn_local(session::begin());
    wasm_bindgen_futures::spawn_local(async {
        let wanted = i18n::preferred();
        if !i18n::load(wanted).await {
            // One more try: a single lost request must not leave the reader with keys instead of words.
            browser::rest(500).await;
            i18n::load(wanted).await;
        }
        let Some(document) = browser::document() else { return };
        let place = document.get_element_by_id("app").or_else(|| {
            let made = document.create_element("div").ok()?;
            made.set_id("app");
            document.body()?.append_child(&made).ok()?;
            Some(made)
        });
        if let Some(place) = place.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            leptos::mount::mount_to(place, app::App).forget();
        }
        if let Some(shell) = document.get_element_by_id("shell") {
            shell.remove();
        }
    });
}
