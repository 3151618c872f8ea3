//! Searches that a city watches: saved where one searches, told of in the inbox when a city fits that nobody has seen yet.

use super::model::Filters;
use super::saved;
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{browser, cities, client, t, text};
use leptos::prelude::*;
use shared::ids::CityId;
use shared::preferences::{SEARCH_NAME_MAX, SavedSearchDraft, SavedSearchPage, SavedSearchView, SeenDraft};
use shared::scoring::Weights;
use wasm_bindgen_futures::spawn_local;

/// New cities that are named; the others are counted.
const NAMED: usize = 5;

/// The searches of a city. Cheap to copy; lives as long as the page that made it.
#[derive(Clone, Copy)]
pub struct Watched {
    city: CityId,
    found: Loading<SavedSearchPage>,
}

impl Watched {
    /// Fetches the searches of a city.
    pub fn of(city: CityId) -> Watched {
        Watched {
            city,
            found: load(move || client::get::<SavedSearchPage>(format!("/cities/{city}/searches"))),
        }
    }

    fn items(self) -> Vec<SavedSearchView> {
        self.found.ready().map(|page| page.items).unwrap_or_default()
    }

    /// Forgets a search, and offers to take that back.
    fn forget(self, search: SavedSearchView) {
        let city = self.city;
        spawn_local(async move {
            let path = format!("/cities/{city}/searches/{}", search.id);
            match client::delete(path, search.version).await {
                Ok(()) => {
                    self.found.reload();
                    browser::focus_soon("watched");
                    let undo = Callback::new(move |()| {
                        let draft = SavedSearchDraft {
                            name: search.name.clone(),
                            filter: search.filter.clone(),
                            weights: Some(search.weights),
                        };
                        spawn_local(async move {
                            match client::post::<_, SavedSearchView>(format!("/cities/{city}/searches"), &draft).await {
                                Ok(_) => self.found.reload(),
                                Err(failure) => toast::say(failure_sentence(&failure)),
                            }
                        });
                    });
                    toast::say_with_undo(text!("watch.forgotten"), undo);
                }
                Err(failure) => {
                    self.found.reload();
                    toast::say(failure_sentence(&failure));
                }
            }
        });
    }

    /// Marks as seen what is new in a search.
    fn see(self, search: &SavedSearchView, busy: State<bool>) {
        let seen = SeenDraft {
            city_ids: search.new_cities.iter().map(|city| city.id).collect(),
        };
        let path = format!("/cities/{}/searches/{}/seen", self.city, search.id);
        let version = search.version;
        busy.set(true);
        spawn_local(async move {
            let answer = client::act::<_, SavedSearchView>(path, version, &seen).await;
            busy.try_set(false);
            // Whether it worked or a colleague was faster: what is there now tells.
            self.found.reload();
            if let Err(failure) = answer {
                toast::say(failure_sentence(&failure));
            }
        });
    }
}

/// The searches beside the ranking: each leads back to its filters and says what is new.
pub fn list(watched: Watched) -> AnyView {
    view! {
        {live(move || {
            let items = watched.items();
            (!items.is_empty())
                .then(|| {
                    view! {
                        <section class="watched" aria-labelledby="watched">
                            <h2 id="watched" class="minor" tabindex="-1">{t!("watch.title")}</h2>
                            <ul>{items.into_iter().map(|search| line(watched, search)).collect_any()}</ul>
                        </section>
                    }
                })
        })}
    }
    .into_any()
}

fn line(watched: Watched, search: SavedSearchView) -> AnyView {
    let place = saved::place(watched.city, &search);
    let name = search.name.clone();
    let new = search.new_cities.len();
    let about = name.clone();
    view! {
        <li>
            <a href=place>{name}</a>
            {(new > 0).then(|| view! { <Badge label=t!("watch.new", count = new) tone=BadgeTone::Accent/> })}
            <Button label=t!("edit.remove") about=about look=Look::Quiet on_press=move |()| watched.forget(search.clone())/>
        </li>
    }
    .into_any()
}

/// The button that saves the search as it stands, with the dialog that asks for its name.
pub fn save(
    watched: Watched,
    filters: Derived<Filters>,
    weights: State<Weights>,
    own_population: Option<i64>,
    words: Signal<String>,
) -> AnyView {
    let open = State::new(false);
    let form = Form::new(format!("watch:{}", watched.city));
    let name = form.field("watch-name", "/name", "");
    let begin = move |()| {
        form.clear();
        name.text.set(words.get_untracked());
        open.set(true);
    };
    let send = move || {
        form.clear();
        form.busy.set(true);
        let draft = SavedSearchDraft {
            name: name.trimmed(),
            filter: filters.with_untracked(|filters| saved::watched(filters, own_population)),
            weights: Some(weights.get_untracked()),
        };
        let path = format!("/cities/{}/searches", watched.city);
        spawn_local(async move {
            let answer = client::post::<_, SavedSearchView>(path, &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(made) => {
                    open.try_set(false);
                    watched.found.reload();
                    toast::say(text!("watch.saved", name = made.name));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <Button label=t!("watch.begin") look=Look::Secondary icon=Icon::Star on_press=begin/>
        <Dialog id="watch" title=t!("watch.begin") open=open>
            <form
                class="stack"
                novalidate
                on:submit=submit(form.busy, send)
            >
                <ErrorSummary form=form/>
                <p>{t!("watch.words")}</p>
                <TextField field=name label=t!("watch.name") hint=t!("watch.name_hint", count = SEARCH_NAME_MAX)/>
                <div class="row">
                    <Button label=t!("watch.save") submit=true icon=Icon::Star busy=form.busy/>
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// What is new in the searches of a city, for the inbox; nothing where nothing is.
pub fn news(city: CityId) -> AnyView {
    let watched = Watched::of(city);
    view! {
        {live(move || {
            let mut items = watched.items();
            items.retain(|search| !search.new_cities.is_empty());
            (!items.is_empty())
                .then(|| {
                    view! {
                        <section class="stack news" aria-labelledby="news">
                            <h2 id="news" class="minor">{t!("watch.news")}</h2>
                            <ul class="match-list">{items.into_iter().map(|search| card(watched, search)).collect_any()}</ul>
                        </section>
                    }
                })
        })}
    }
    .into_any()
}

fn card(watched: Watched, search: SavedSearchView) -> AnyView {
    let place = saved::place(watched.city, &search);
    let name = search.name.clone();
    let about = name.clone();
    let count = search.new_cities.len();
    let rest = count.saturating_sub(NAMED);
    let cities = search
        .new_cities
        .iter()
        .take(NAMED)
        .map(|city| {
            let detail = Kept::new(city.clone());
            view! {
                <li>
                    <a href=format!("/cities/{}", city.id)>{cities::label(city)}</a>
                    <span class="small soft">" " {live(move || detail.with_value(cities::kind_and_country))}</span>
                </li>
            }
        })
        .collect_any();
    let busy = State::new(false);
    view! {
        <li>
            <article class="card news-card">
                <h3 class="card-title">{icon(Icon::Star)} " " {name}</h3>
                <p>{t!("watch.fit", count = count)}</p>
                <ul class="news-cities">{cities} {(rest > 0).then(|| view! { <li class="soft">{t!("files.more", count = rest)}</li> })}</ul>
                <div class="row">
                    <LinkButton href=place label=t!("watch.look") icon=Icon::ArrowRight look=Look::Secondary/>
                    <Button label=t!("watch.see") about=about look=Look::Quiet icon=Icon::Check busy=busy on_press=move |()| watched.see(&search, busy)/>
                </div>
            </article>
        </li>
    }
    .into_any()
}
