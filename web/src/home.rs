//! Home: what this is in one sentence, a field that finds any place, the living map, three partnerships with their figures. Signed in, the next steps stand first.

use crate::app::{self, address};
use crate::map::WorldMap;
use crate::ui::prelude::*;
use crate::{cities, client, partnerships, session, t, text, tf};
use leptos::prelude::*;
use shared::observatory::Figures;
use shared::partnerships::{PartnershipMap, PartnershipPage, PartnershipSummary};

/// Home.
#[component]
pub fn HomePage() -> impl IntoView {
    let figures = load(|| client::get::<Figures>("/observatory/figures"));
    let map = load(|| client::get::<PartnershipMap>("/partnerships/map"));
    let found = load(|| client::get::<PartnershipPage>("/partnerships?limit=25"));
    let go = app::navigator();
    let words = State::new(String::new());
    app::announce_page(t!("home.short_title"));
    view! {
        <div class="hero">
            <h1 id="page-title" tabindex="-1">{t!("home.title")}</h1>
            <div role="search">
                <Combobox
                    id="home-search"
                    label=t!("home.search")
                    hint=t!("home.search_hint")
                    large=true
                    text=words
                    source=cities::search_source()
                    on_pick=move |choice: Choice| go.run(format!("/cities/{}", choice.value))
                    on_submit=move |words: String| go.run(address("/cities", &[("q", words)]))
                />
            </div>
            {live(move || session::is_signed_in().then(|| view! { <NextSteps/> }))}
        </div>
        <section class="section" aria-labelledby="home-map">
            <h2 id="home-map">{t!("home.map_title")}</h2>
            <Loaded of=figures lines=1 view=|figures: Figures| figures_line(figures)/>
            <Loaded
                of=map
                lines=10
                view=|map: PartnershipMap| {
                    let (points, arcs) = partnerships::drawn(map);
                    view! { <WorldMap label=t!("home.map_label") points=Signal::stored(points) arcs=Signal::stored(arcs)/> }.into_any()
                }
            />
        </section>
        <section class="section" aria-labelledby="home-stories">
            <h2 id="home-stories">{t!("home.stories_title")}</h2>
            <Loaded
                of=found
                view=|page: PartnershipPage| {
                    let stories = partnerships::model::stories(page.items, 3);
                    if stories.is_empty() {
                        return view! { <EmptyState title=t!("home.no_stories")/> }.into_any();
                    }
                    view! {
                        <ul class="grid plain-grid">{stories.into_iter().map(story).collect_any()}</ul>
                        <p><a href="/partnerships">{t!("home.all_partnerships")}</a></p>
                    }
                        .into_any()
                }
            />
        </section>
    }
    .into_any()
}

/// The figures, each as the API computed it, with the moment of the computation.
fn figures_line(figures: Figures) -> AnyView {
    let computed = figures.computed_at;
    let figure = |value: u64, label: Signal<String>| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd class="numeric">{live(move || intl::count(value as i64))}</dd>
            </div>
        }
    };
    view! {
        <dl class="figures">
            {figure(figures.partnerships, t!("home.figure_partnerships"))}
            {figure(figures.partnered_cities, t!("home.figure_partnered"))}
            {figure(figures.partner_countries, t!("home.figure_countries"))}
            {figure(figures.cities, t!("home.figure_cities"))}
            {figure(figures.open_calls, t!("home.figure_calls"))}
        </dl>
        <p class="small soft">{t!("home.computed", when = intl::date_time(computed))}</p>
    }
    .into_any()
}

/// A partnership as a story: who, where, what about, how many.
fn story(partnership: PartnershipSummary) -> AnyView {
    let PartnershipSummary {
        id,
        name,
        kind,
        platform,
        countries,
        party_names,
        city_count,
        themes,
        ..
    } = partnership;
    let who = party_names.join(" · ");
    let country_count = countries.len();
    view! {
        <li>
            <article class="card story">
                <p class="card-over">{tf!("partnership_kind.", kind.code())} {platform.map(|platform| format!(" · {platform}"))}</p>
                <h3 class="card-title"><a class="card-link" href=format!("/partnerships/{id}")>{name}</a></h3>
                <p class="small">{who}</p>
                <p class="small soft">{live(move || intl::list(&countries.iter().map(|code| intl::country(code)).collect::<Vec<_>>()))}</p>
                <p class="small">
                    {live(move || format!("{}, {}", text!("home.story_cities", count = city_count), text!("home.story_countries", count = country_count)))}
                </p>
                <ul class="badges">
                    {themes.into_iter().take(3).map(|theme| view! { <li><Badge label=tf!("theme.", theme.slug())/></li> }).collect_any()}
                </ul>
            </article>
        </li>
    }
    .into_any()
}

/// What somebody who is signed in can do next.
#[component]
fn NextSteps() -> impl IntoView {
    view! {
        <nav class="row" aria-label=t!("home.next")>
            {live(move || {
                session::own_cities()
                    .into_iter()
                    .map(|(id, name)| {
                        view! {
                            <LinkButton href=format!("/cities/{id}/partners") label=t!("home.find_for", city = name.clone()) icon=Icon::Search/>
                            <LinkButton href=format!("/cities/{id}/steps") label=t!("steps.link") look=Look::Secondary icon=Icon::ArrowRight/>
                            <LinkButton href=format!("/cities/{id}/edit") label=t!("account.profile") look=Look::Secondary icon=Icon::Edit/>
                        }
                    })
                    .collect_any()
            })}
            {live(move || {
                session::is_officer()
                    .then(|| view! { <LinkButton href="/review" label=t!("nav.officer") look=Look::Secondary icon=Icon::Document/> })
            })}
            <LinkButton href="/calls" label=t!("nav.calls") look=Look::Secondary icon=Icon::Calendar/>
        </nav>
    }
    .into_any()
}
