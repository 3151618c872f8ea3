//! A city: who it is, what it needs and offers, with whom it works, and for its staff what to do next.

use crate::map::{MapPoint, WorldMap};
use crate::matches::interest::InterestDialog;
use crate::ui::prelude::*;
use crate::{app, client, i18n, partnerships, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::cities::{CityAction, CityCode, CityView, Completeness, LookingFor, NameKind, ProfileStep, Statement};
use shared::ids::CityId;
use shared::language::{Language, Texts};
use shared::partnerships::{PartnershipMap, PartnershipPage};

/// A city's page.
#[component]
pub fn CityPage() -> impl IntoView {
    let id = app::param("id");
    let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
    // A code, such as `fr:insee:38185`, is a way in: the page itself stands at the city's id.
    if id.with(|id| id.contains(':')) {
        let goes_on = |city: CityView| {
            crate::address::replace(&format!("/cities/{}", city.summary.id));
            view! { <Skeleton lines=10/> }.into_any()
        };
        return view! { <Loaded of=city lines=10 view=goes_on/> }.into_any();
    }
    let found = load(move || client::get::<PartnershipPage>(format!("/cities/{}/partnerships?limit=50", id.get())));
    let map = load(move || client::get::<PartnershipMap>(app::address("/partnerships/map", &[("city_id", id.get())])));
    view! {
        <Loaded
            of=city
            lines=10
            view=move |city: CityView| {
                let staff = city.allowed.contains(&CityAction::Update);
                // It went into another one, which tells why.
                if id.with_untracked(|id| *id != city.summary.id.to_string()) {
                    crate::address::replace(&format!("/cities/{}", city.summary.id));
                }
                view! {
                    <Head city=city.clone()/>
                    <div class="split city-split">
                        <div class="stack stack-l">
                            {staff.then(|| next_steps(city.summary.id, &city.completeness))}
                            <Descriptions texts=city.descriptions.clone()/>
                            <div class="two-columns">
                                {statements(t!("city.needs"), t!("city.no_needs"), city.need_statements.clone(), true)}
                                {statements(t!("city.offers"), t!("city.no_offers"), city.offer_statements.clone(), false)}
                            </div>
                            <Partnerships found=found map=map/>
                        </div>
                        <aside class="stack stack-l" aria-label=t!("city.identity")>
                            {identity(&city)}
                            {wishes(&city)}
                            {super::kin::kin(city.summary.id, staff.then_some(city.summary.version))}
                        </aside>
                    </div>
                }
                    .into_any()
            }
        />
    }
    .into_any()
}

/// The title with what one can do here: for the city's staff, for the staff of others.
#[component]
fn Head(city: CityView) -> impl IntoView {
    let may = |action| city.allowed.contains(&action);
    let (find, edit) = (may(CityAction::FindPartners), may(CityAction::Update));
    let summary = Kept::new(city.summary);
    let id = summary.with_value(|summary| summary.id);
    let title = Signal::derive(move || summary.with_value(super::name));
    let lead = Signal::derive(move || {
        summary.with_value(|summary| {
            let mut parts = vec![super::kind_and_country(summary)];
            parts.extend(
                summary
                    .population
                    .map(|count| text!("cities.population", count = count)),
            );
            parts.join(" · ")
        })
    });
    let open = State::new(false);
    let sender = move || session::own_cities().into_iter().find(|(own, _)| *own != id && !edit);
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("/cities", t!("nav.cities"))] lead=lead>
            {find.then(|| view! { <LinkButton href=format!("/cities/{id}/partners") label=t!("city.find_partners") icon=Icon::Search/> })}
            {edit
                .then(|| {
                    view! { <LinkButton href=format!("/cities/{id}/edit") label=t!("city.edit") look=Look::Secondary icon=Icon::Edit/> }
                })}
            {live(move || {
                sender()
                    .map(|(own, own_name)| {
                        view! {
                            <Button label=t!("interest.begin") icon=Icon::Send on_press=move |()| open.set(true)/>
                            <LinkButton href=format!("/cities/{own}/bans?city={id}") label=t!("bans.card") look=Look::Quiet/>
                            <InterestDialog from=own from_name=own_name to=id to_name=title open=open/>
                        }
                    })
            })}
        </PageHeader>
    }
    .into_any()
}

/// How complete the profile is, and the steps that would do most.
fn next_steps(id: CityId, completeness: &Completeness) -> AnyView {
    if completeness.missing.is_empty() {
        return ().into_any();
    }
    let share = f64::from(completeness.percent) / 100.0;
    let steps = completeness.missing.iter().take(3).map(|step| {
        let (code, place) = match step {
            ProfileStep::Needs => ("needs", "needs"),
            ProfileStep::Offers => ("offers", "offers"),
            ProfileStep::Description => ("description", "description"),
            ProfileStep::SecondLanguage => ("second_language", "description"),
            ProfileStep::Languages => ("languages", "languages"),
            ProfileStep::LookingFor => ("looking_for", "looking-for"),
            ProfileStep::Contact => ("contact", "contacts"),
        };
        view! { <li><a href=format!("/cities/{id}/edit#{place}")>{tf!("profile_step.", code)}</a></li> }
    });
    view! {
        <section class="sheet stack" aria-labelledby="next-steps">
            <h2 id="next-steps" class="minor">{t!("city.next_steps")}</h2>
            <Meter label=t!("cities.completeness") share=Signal::stored(share)/>
            <ol class="steps-list">{steps.collect_any()}</ol>
        </section>
    }
    .into_any()
}

/// The description in the reader's language, or the nearest; the other languages one press away.
#[component]
fn Descriptions(texts: Texts) -> impl IntoView {
    if texts.is_empty() {
        return view! { <p class="soft">{t!("city.no_description")}</p> }.into_any();
    }
    let chosen = State::new(None::<String>);
    let tags: Vec<String> = texts.keys().cloned().collect();
    let texts = Kept::new(texts);
    let shown = move || {
        chosen.get().unwrap_or_else(|| {
            let own = i18n::language().tag();
            texts.with_value(|texts| {
                [own, Language::Fr.tag(), Language::En.tag()]
                    .into_iter()
                    .find(|tag| texts.contains_key(*tag))
                    .map(str::to_owned)
                    .or_else(|| texts.keys().next().cloned())
                    .unwrap_or_default()
            })
        })
    };
    let switch = (tags.len() > 1).then(|| {
        let buttons = tags.into_iter().map(|tag| {
            let (own, name) = (tag.clone(), tag.clone());
            view! {
                <li>
                    <button
                        type="button"
                        lang=tag.clone()
                        aria-pressed=by(move || if shown() == own { "true" } else { "false" })
                        on:click=on(move |_| chosen.set(Some(tag.clone())))
                    >
                        {intl::own_language_name(&name)}
                    </button>
                </li>
            }
        });
        view! { <ul class="languages description-languages" aria-label=t!("city.description_languages")>{buttons.collect_any()}</ul> }
    });
    view! {
        <section class="stack" aria-label=t!("city.description")>
            <div class="description" lang=shown>
                {live(move || {
                    texts
                        .with_value(|texts| texts.get(&shown()).cloned())
                        .unwrap_or_default()
                        .split("\n\n")
                        .map(|paragraph| view! { <p>{paragraph.to_owned()}</p> })
                        .collect_any()
                })}
            </div>
            {switch}
        </section>
    }
    .into_any()
}

/// Needs or offers as a readable list.
fn statements(title: Signal<String>, none: Signal<String>, mut all: Vec<Statement>, needs: bool) -> AnyView {
    all.sort_by_key(|statement| std::cmp::Reverse(statement.urgency));
    let id = if needs { "city-needs" } else { "city-offers" };
    let empty = all.is_empty();
    let items = all
        .into_iter()
        .map(|statement| {
            let code = statement.urgency.code();
            let words = if needs {
                tf!("urgency_need.", code)
            } else {
                tf!("urgency_offer.", code)
            };
            view! {
                <li class=format!("statement statement-{code}")>
                    <h3>{tf!("theme.", statement.theme.slug())}</h3>
                    {(!statement.sentence.is_empty()).then_some(view! { <p>{statement.sentence}</p> })}
                    <p class="small soft">
                        {words} {statement.place.map(|place| view! { " · " {place} })}
                    </p>
                </li>
            }
        })
        .collect_any();
    view! {
        <section class=if needs { "statements statements-a" } else { "statements statements-b" } aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {if empty { view! { <p class="soft">{none}</p> }.into_any() } else { view! { <ul>{items}</ul> }.into_any() }}
        </section>
    }
    .into_any()
}

/// Official name, other names, codes, place.
fn identity(city: &CityView) -> AnyView {
    let summary = Kept::new(city.summary.clone());
    let official = move || {
        summary
            .with_value(super::official_name)
            .map(|name| view! { <div><dt>{t!("city.official_name")}</dt> <dd>{name}</dd></div> })
    };
    let others: Vec<(String, Option<String>, NameKind)> = city
        .names
        .iter()
        .filter(|name| name.kind != NameKind::Official)
        .map(|name| (name.text.clone(), name.language.clone(), name.kind))
        .collect();
    let former = others
        .iter()
        .filter(|(.., kind)| *kind == NameKind::Former)
        .map(|(name, ..)| name.clone())
        .collect::<Vec<_>>();
    let names = others
        .into_iter()
        .filter(|(.., kind)| *kind == NameKind::Alternate)
        .collect::<Vec<_>>();
    let count = names.len();
    let names_list = names.into_iter().map(|(name, language, _)| {
        let words = language.clone();
        view! {
            <li>
                <span lang=language>{name}</span>
                {words.map(|tag| view! { <span class="small soft">" " {live(move || intl::language_name(&tag))}</span> })}
            </li>
        }
    });
    let codes = city
        .codes
        .iter()
        .filter(|code| code.valid_to.is_none())
        .map(code_line)
        .collect_any();
    let population = city.summary.population;
    let place = city.summary.location;
    let point = place.map(|at| MapPoint {
        name: city.summary.name.clone(),
        country: city.summary.country.clone(),
        href: format!("/cities/{}", city.summary.id),
        at,
        is_own: false,
    });
    let website = city.website.clone();
    let updated = city.updated_at;
    view! {
        <section class="sheet stack" aria-labelledby="identity">
            <h2 id="identity" class="minor">{t!("city.identity")}</h2>
            {point
                .map(|point| {
                    view! { <div class="map-small"><WorldMap label=t!("city.place") points=Signal::stored(vec![point])/></div> }
                })}
            <dl class="facts">
                {official}
                <div><dt>{t!("city.kind")}</dt> <dd>{tf!("city_kind.", city.summary.kind.code())}</dd></div>
                <div><dt>{t!("cities.country")}</dt> <dd>{live(move || summary.with_value(|summary| intl::country(&summary.country)))}</dd></div>
                {population.map(|count| view! { <div><dt>{t!("city.population")}</dt> <dd class="numeric">{live(move || intl::count(count))}</dd></div> })}
                {place
                    .map(|at| {
                        view! {
                            <div>
                                <dt>{t!("city.coordinates")}</dt>
                                <dd class="numeric">{live(move || format!("{} · {}", intl::decimal(at.lat, 2), intl::decimal(at.lng, 2)))}</dd>
                            </div>
                        }
                    })}
                {(!former.is_empty()).then(|| view! { <div><dt>{t!("city.former_names")}</dt> <dd>{former.join(", ")}</dd></div> })}
                {codes}
                {website
                    .map(|website| {
                        let shown = website.trim_start_matches("https://").trim_end_matches('/').to_owned();
                        view! { <div><dt>{t!("city.website")}</dt> <dd><a href=website rel="external noopener">{shown}</a></dd></div> }
                    })}
            </dl>
            {(count > 0)
                .then(|| {
                    view! {
                        <details class="twin">
                            <summary>{t!("city.other_names", count = count)}</summary>
                            <ul class="names">{names_list.collect_any()}</ul>
                        </details>
                    }
                })}
            <p class="small soft">{t!("city.updated", day = intl::day_of(updated))}</p>
        </section>
    }
    .into_any()
}

fn linked(href: String, words: String) -> AnyView {
    view! { <a href=href rel="external noopener">{words}</a> }.into_any()
}

fn code_line(code: &CityCode) -> AnyView {
    let scheme = code.scheme.clone();
    let value = code.value.clone();
    let value = match code.scheme.as_str() {
        "wikidata" => linked(format!("https://www.wikidata.org/wiki/{value}"), value),
        "geonames" => linked(format!("https://www.geonames.org/{value}"), value),
        _ => view! { <code>{value}</code> }.into_any(),
    };
    view! { <div><dt>{live(move || textf!("code_scheme.", &scheme))}</dt> <dd>{value}</dd></div> }.into_any()
}

/// Languages of the staff and what the city looks for.
fn wishes(city: &CityView) -> AnyView {
    let LookingFor {
        countries,
        levels,
        engagement,
    } = city.looking_for.clone();
    let languages = city.languages.clone();
    let open = city.summary.open_to_partners;
    let any_wish = !(countries.is_empty() && levels.is_empty() && engagement.is_none());
    if !open && !any_wish && languages.is_empty() {
        return ().into_any();
    }
    let names = |codes: Vec<String>, name: fn(&str) -> String| {
        (!codes.is_empty()).then_some(move || intl::list(&codes.iter().map(|code| name(code)).collect::<Vec<_>>()))
    };
    view! {
        <section class="sheet stack" aria-labelledby="looking-for">
            <h2 id="looking-for" class="minor">{t!("city.looking_for")}</h2>
            <p>{if open { view! { <Badge label=t!("cities.open") tone=BadgeTone::Accent/> }.into_any() } else { t!("city.not_open").into_any() }}</p>
            <dl class="facts">
                {engagement
                    .map(|engagement| view! { <div><dt>{t!("city.engagement")}</dt> <dd>{tf!("engagement.", engagement.code())}</dd></div> })}
                {names(countries, intl::country).map(|words| view! { <div><dt>{t!("city.countries")}</dt> <dd>{words}</dd></div> })}
                {(!levels.is_empty())
                    .then(|| {
                        let words = move || intl::list(&levels.iter().map(|level| textf!("level.", level.code())).collect::<Vec<_>>());
                        view! { <div><dt>{t!("city.levels")}</dt> <dd>{words}</dd></div> }
                    })}
                {names(languages, intl::language_name)
                    .map(|words| view! { <div><dt>{t!("city.languages")}</dt> <dd>{words}</dd></div> })}
            </dl>
        </section>
    }
    .into_any()
}

/// With whom the city works: on a map and as a list.
#[component]
fn Partnerships(found: Loading<PartnershipPage>, map: Loading<PartnershipMap>) -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby="city-partnerships">
            <h2 id="city-partnerships">{t!("city.partnerships")}</h2>
            {live(move || {
                // The map is an addition to the list: when it cannot be had, the list says all.
                map.ready()
                    .filter(|map| !map.arcs.is_empty())
                    .map(|map| {
                        let (points, arcs) = partnerships::drawn(map);
                        view! { <WorldMap label=t!("city.partnerships_map") points=Signal::stored(points) arcs=Signal::stored(arcs)/> }
                    })
            })}
            <Loaded
                of=found
                lines=3
                view=|page: PartnershipPage| {
                    if page.items.is_empty() {
                        return view! { <p class="soft">{t!("city.no_partnerships")}</p> }.into_any();
                    }
                    let more = page.next.is_some();
                    view! {
                        <ul class="grid plain-grid">
                            {page.items.into_iter().map(|item| view! { <li>{partnerships::card(item, 3)}</li> }).collect_any()}
                        </ul>
                        {more.then(|| view! { <p class="small soft">{t!("city.partnerships_first", count = 50)}</p> })}
                    }
                        .into_any()
                }
            />
        </section>
    }
    .into_any()
}
