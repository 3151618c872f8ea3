//! A partnership: who takes part and as what, the pairs inside it, where it works, where it stands and what may come next.

use super::model;
use super::onward::onward;
use crate::form::Field;
use crate::map::{MapArc, MapPoint, WorldMap};
use crate::ui::prelude::*;
use crate::{app, client, t, text, textf, tf};
use leptos::prelude::*;
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::{
    PartnershipAction, PartnershipState, PartnershipView, PartyRef, PartyRole, PartyView, Signature,
};
use wasm_bindgen_futures::spawn_local;

/// A partnership.
#[component]
pub fn PartnershipPage() -> impl IntoView {
    let id = app::param("id");
    let as_of = app::query("as_of");
    let thing = load(move || {
        let path = format!("/partnerships/{}", id.get());
        let moment = Some(as_of.get()).filter(|moment| !moment.is_empty());
        client::get::<PartnershipView>(app::address(
            &path,
            &Vec::from_iter(moment.map(|moment| ("as_of", moment))),
        ))
    });
    view! { <Loaded of=thing lines=10 view=move |view: PartnershipView| sheet(view, thing)/> }.into_any()
}

fn sheet(view: PartnershipView, loading: Loading<PartnershipView>) -> AnyView {
    let id = view.summary.id;
    let may = |action| view.allowed.contains(&action);
    let (update, advance, delete) = (
        may(PartnershipAction::Update),
        may(PartnershipAction::Advance),
        may(PartnershipAction::Delete),
    );
    let (deleting, moving) = (State::new(false), State::new(false));
    let kind = view.summary.kind;
    let platform = view.summary.platform.clone();
    let lead = Signal::derive(move || match &platform {
        Some(platform) => format!("{} · {platform}", textf!("partnership_kind.", kind.code())),
        None => textf!("partnership_kind.", kind.code()),
    });
    let is_described = !view.about.trim().is_empty();
    let lines = view
        .about
        .split("\n\n")
        .filter(|text| !text.trim().is_empty())
        .map(|text| view! { <p>{text.to_owned()}</p> })
        .collect_any();
    let version = view.summary.version;
    let can_move = advance && !view.next_states.is_empty();
    let dialog_view = Kept::new(view.clone());
    view! {
        <PageHeader
            title=Signal::stored(view.summary.name.clone())
            crumbs=vec![Crumb::new("/partnerships", t!("nav.partnerships"))]
            lead=lead
        >
            <LinkButton href=format!("/partnerships/{id}/life") label=t!("life.open") icon=Icon::Calendar/>
            {update
                .then(|| view! { <LinkButton href=format!("/partnerships/{id}/edit") label=t!("partnership.edit") look=Look::Secondary icon=Icon::Edit/> })}
            {delete
                .then(|| view! { <Button label=t!("partnership.delete") look=Look::Danger icon=Icon::Delete on_press=move |()| deleting.set(true)/> })}
        </PageHeader>
        {view.as_of.map(|at| {
            view! {
                <Notice>
                    <p>
                        {t!("partnership.as_it_stood", day = intl::day_of(at))} " "
                        <a href=format!("/partnerships/{id}")>{t!("partnership.as_today")}</a>
                    </p>
                </Notice>
            }
        })}
        <div class="split">
            <div class="stack stack-l">
                {state_section(&view, can_move.then_some(moving))}
                {is_described.then(|| view! { <section class="measure" aria-label=t!("partnership_edit.about")>{lines}</section> })}
                {parties_section(&view)}
                {crate::pages::story_teaser(id)}
                {map_of(&view)}
            </div>
            <aside class="stack stack-l" aria-label=t!("partnership.facts")>
                {facts(&view)} {signed(&view)} {time_travel(id, view.as_of.is_some())}
            </aside>
        </div>
        {can_move.then(|| dialog_view.with_value(|view| super::advance::dialog(view.clone(), moving, loading)))}
        {delete.then(|| view! { <DeleteDialog id=id version=version open=deleting/> })}
    }
    .into_any()
}

/// The usual way with how far it is, the state in words, and the step that may come next.
fn state_section(view: &PartnershipView, moving: Option<State<bool>>) -> AnyView {
    let state = view.summary.state;
    let reason = view.state_reason.clone();
    let condition = view.condition.clone();
    let stands_since = view.state_since;
    let on_the_way = model::milestones(state);
    let left_the_way = on_the_way.iter().all(|(_, done)| *done) && state != PartnershipState::Active;
    let steps = on_the_way.into_iter().map(|(step, done)| {
        let here = step == state;
        let class = if done { "milestone milestone-done" } else { "milestone" };
        view! {
            <li class=class aria-current=here.then_some("step")>
                <span class="milestone-sign" aria-hidden="true">{done.then(|| icon(Icon::Check))}</span>
                <span>{tf!("partnership_state.", step.code())}</span>
                {done.then(|| view! { <span class="unseen">" " {t!("partnership.done")}</span> })}
            </li>
        }
    });
    view! {
        <section class="sheet stack" aria-labelledby="state">
            <h2 id="state" class="minor">{t!("partnership.where_it_stands")}</h2>
            <ol class="milestones">{steps.collect_any()}</ol>
            {left_the_way.then(|| view! { <p>{t!("partnership.now")} " " {super::state_badge(state)}</p> })}
            <p>{tf!("partnership_state_words.", state.code())}</p>
            {reason.map(|reason| view! { <blockquote><p>{reason}</p></blockquote> })}
            {condition.map(|condition| view! { <p><strong>{t!("partnership.until")}</strong> " " {condition}</p> })}
            {stands_since.map(|at| view! { <p class="small soft">{t!("partnership.stands_since", day = intl::day_of(at))}</p> })}
            {moving
                .map(|open| {
                    view! { <div><Button label=t!("partnership.advance") icon=Icon::ArrowRight on_press=move |()| open.set(true)/></div> }
                })}
        </section>
    }
    .into_any()
}

fn href_of(party: &PartyRef) -> Option<String> {
    match party {
        PartyRef::City { city_id } => Some(format!("/cities/{city_id}")),
        _ => None,
    }
}

/// Lead, partners and associated actors, each apart; then the pairs.
fn parties_section(view: &PartnershipView) -> AnyView {
    let group = |role: PartyRole, title: Signal<String>| {
        let members = model::of_role(&view.parties, role);
        (!members.is_empty()).then(|| {
            let items = members.into_iter().map(|party| {
                let PartyView {
                    party,
                    name,
                    country,
                    city_kind,
                    actor_kind,
                    formerly,
                    ..
                } = party;
                let detail = move || {
                    let kind = city_kind
                        .map(|kind| textf!("city_kind.", kind.code()))
                        .or_else(|| actor_kind.map(|kind| textf!("actor_kind.", kind.code())));
                    kind.map_or_else(
                        || intl::country(&country),
                        |kind| format!("{kind}, {}", intl::country(&country)),
                    )
                };
                let name = match href_of(&party) {
                    Some(href) => view! { <a href=href>{name}</a> }.into_any(),
                    None => view! { <strong>{name}</strong> }.into_any(),
                };
                let before = formerly.map(|of| {
                    let words = move || {
                        text!(
                            "organisations.formerly",
                            name = of.name.clone(),
                            day = intl::date(of.until)
                        )
                    };
                    view! { <p class="small soft">{live(words)}</p> }
                });
                view! { <li>{name} <span class="small soft">{detail}</span> {before}</li> }
            });
            view! {
                <div class="party-group">
                    <h3>{title}</h3>
                    <ul class="parties">{items.collect_any()}</ul>
                </div>
            }
        })
    };
    let name_of = |id: CityId| {
        view.parties
            .iter()
            .find(|party| party.party == PartyRef::City { city_id: id })
            .map(|party| (party.name.clone(), party.city_kind))
    };
    let pairs = view
        .pairings
        .iter()
        .filter_map(|pair| {
            let ((a, kind_a), (b, kind_b)) = (name_of(pair.a)?, name_of(pair.b)?);
            let kinds = move || {
                let words: Vec<String> = [kind_a, kind_b]
                    .into_iter()
                    .flatten()
                    .map(|kind| textf!("city_kind.", kind.code()))
                    .collect();
                words.join(" – ")
            };
            let told = pair.sources.first().cloned().map(|told| {
                view! { <span class="small soft">{t!("partnership.told_by", source = told.source.clone(), day = intl::day_of(told.told_at))}</span> }
            });
            Some(view! { <li><strong>{a} " – " {b}</strong> <span class="small soft">{kinds}</span> {told}</li> })
        })
        .collect::<Vec<_>>();
    view! {
        <section class="stack" aria-labelledby="parties">
            <h2 id="parties">{t!("partnership.parties")}</h2>
            <div class="party-groups">
                {group(PartyRole::Lead, t!("partnership.lead"))} {group(PartyRole::Partner, t!("partnership.partners"))}
                {group(PartyRole::Associated, t!("partnership.associated"))}
            </div>
            {(!pairs.is_empty())
                .then(|| {
                    view! {
                        <div class="party-group">
                            <h3>{t!("partnership.pairs")}</h3>
                            <ul class="parties">{pairs}</ul>
                        </div>
                    }
                })}
        </section>
    }
    .into_any()
}

/// The authorities on a map: lines between pairs, or from the lead to each other one.
fn map_of(view: &PartnershipView) -> AnyView {
    let placed: Vec<(CityId, MapPoint, PartyRole)> = view
        .parties
        .iter()
        .filter_map(|party| match party.party {
            PartyRef::City { city_id } => Some((
                city_id,
                MapPoint {
                    name: party.name.clone(),
                    country: party.country.clone(),
                    href: format!("/cities/{city_id}"),
                    at: party.location?,
                    is_own: false,
                },
                party.role,
            )),
            _ => None,
        })
        .collect();
    if placed.len() < 2 {
        return ().into_any();
    }
    let href = format!("/partnerships/{}", view.summary.id);
    let at = |id: CityId| placed.iter().position(|(known, ..)| *known == id);
    let arcs: Vec<MapArc> = if view.pairings.is_empty() {
        let lead = placed
            .iter()
            .position(|(.., role)| *role == PartyRole::Lead)
            .unwrap_or(0);
        (0..placed.len())
            .filter(|other| *other != lead)
            .map(|other| MapArc {
                a: lead,
                b: other,
                href: href.clone(),
            })
            .collect()
    } else {
        view.pairings
            .iter()
            .filter_map(|pair| {
                Some(MapArc {
                    a: at(pair.a)?,
                    b: at(pair.b)?,
                    href: href.clone(),
                })
            })
            .collect()
    };
    let points: Vec<MapPoint> = placed.into_iter().map(|(_, point, _)| point).collect();
    view! {
        <section class="stack" aria-labelledby="partnership-map">
            <h2 id="partnership-map">{t!("partnership.map")}</h2>
            <WorldMap label=t!("partnership.map") points=Signal::stored(points) arcs=Signal::stored(arcs)/>
        </section>
    }
    .into_any()
}

fn facts(view: &PartnershipView) -> AnyView {
    let countries = view.summary.countries.clone();
    let since = view.summary.started_on;
    let ends = view.summary.ends_on;
    let territories = view.territories.clone();
    let themes = view.summary.themes.clone();
    let source = view.source.clone();
    let updated = view.summary.updated_at;
    let linked = |id: Option<PartnershipId>, label: Signal<String>| {
        id.map(|id| view! { <div><dt>{label}</dt> <dd><a href=format!("/partnerships/{id}")>{t!("map.open")}</a></dd></div> })
    };
    let source = source.map(|source| {
        let shown = if source.starts_with("https://") {
            view! { <a href=source.clone() rel="external noopener">{source.trim_start_matches("https://").to_owned()}</a> }.into_any()
        } else {
            source.into_any()
        };
        view! { <div><dt>{t!("partnership.source")}</dt> <dd>{shown}</dd></div> }
    });
    view! {
        <section class="sheet stack" aria-labelledby="facts">
            <h2 id="facts" class="minor">{t!("partnership.facts")}</h2>
            <dl class="facts">
                <div>
                    <dt>{t!("partnership.countries")}</dt>
                    <dd>{live(move || intl::list(&countries.iter().map(|code| intl::country(code)).collect::<Vec<_>>()))}</dd>
                </div>
                {since.map(|day| view! { <div><dt>{t!("partnership.since")}</dt> <dd>{live(move || intl::date(day))}</dd></div> })}
                {ends.map(|day| view! { <div><dt>{t!("partnership.until_day")}</dt> <dd>{live(move || intl::date(day))}</dd></div> })}
                {(!territories.is_empty()).then(|| view! { <div><dt>{t!("partnership_edit.territories")}</dt> <dd>{territories.join(", ")}</dd></div> })}
                {linked(view.parent_id, t!("partnership.parent"))} {linked(view.predecessor_id, t!("partnership.predecessor"))} {view.as_of.is_none().then(|| onward(view.summary.id))} {source}
            </dl>
            {(!themes.is_empty())
                .then(|| {
                    view! {
                        <ul class="badges" aria-label=t!("partnership_edit.themes")>
                            {themes.into_iter().map(|theme| view! { <li><Badge label=tf!("theme.", theme.slug())/></li> }).collect_any()}
                        </ul>
                    }
                })}
            <p class="small soft">{t!("city.updated", day = intl::day_of(updated))}</p>
        </section>
    }
    .into_any()
}

/// Who has signed, with the body, the day and the document.
fn signed(view: &PartnershipView) -> AnyView {
    if view.signatures.is_empty() {
        return ().into_any();
    }
    let name_of = |id: CityId| {
        let mut parties = view.parties.iter();
        let party = parties.find(|party| party.party == PartyRef::City { city_id: id });
        party.map(|party| party.name.clone()).unwrap_or_default()
    };
    let lines = view.signatures.iter().cloned().map(|signature| {
        let Signature {
            city_id,
            body,
            signed_on,
            document,
        } = signature;
        view! {
            <div>
                <dt>{name_of(city_id)}</dt>
                <dd>
                    {body} ", " {live(move || intl::date(signed_on))}
                    {document.map(|url| view! { " · " <a href=url rel="external noopener">{t!("partnership.document")}</a> })}
                </dd>
            </div>
        }
    });
    view! {
        <section class="sheet stack" aria-labelledby="signed">
            <h2 id="signed" class="minor">{t!("partnership.signatures")}</h2>
            <dl class="facts">{lines.collect_any()}</dl>
        </section>
    }
    .into_any()
}

/// The way to how it once stood.
fn time_travel(id: PartnershipId, is_past: bool) -> AnyView {
    let go = app::navigator();
    let day = Field::alone("as-of", app::query("as_of").get_untracked());
    let show = move || {
        let day = day.trimmed();
        if !day.is_empty() {
            go.run(app::address(&format!("/partnerships/{id}"), &[("as_of", day)]));
        }
    };
    view! {
        <form
            class="sheet stack"
            novalidate
            on:submit=on(move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                show();
            })
        >
            <TextField field=day label=t!("partnership.as_of") hint=t!("partnership.as_of_hint") kind=Kind::Date/>
            <div class="row">
                <Button label=t!("partnership.as_of_show") submit=true look=Look::Secondary/>
                {is_past.then(|| view! { <LinkButton href=format!("/partnerships/{id}") label=t!("partnership.as_today") look=Look::Secondary/> })}
            </div>
        </form>
    }
    .into_any()
}

/// Deletion, confirmed by its consequence, taken back with one press.
#[component]
fn DeleteDialog(id: PartnershipId, version: i64, open: State<bool>) -> impl IntoView {
    let go = app::navigator();
    let busy = State::new(false);
    let delete = move |()| {
        busy.set(true);
        spawn_local(async move {
            let answer = client::delete(format!("/partnerships/{id}"), version).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    open.try_set(false);
                    // Deleting made a version; taking it back names that one.
                    let restore = Callback::new(move |()| {
                        spawn_local(async move {
                            match client::act::<_, PartnershipView>(
                                format!("/partnerships/{id}/restore"),
                                version + 1,
                                &(),
                            )
                            .await
                            {
                                Ok(_) => {
                                    toast::say(text!("partnership.restored"));
                                    go.try_run(format!("/partnerships/{id}"));
                                }
                                Err(failure) => toast::say(failure_sentence(&failure)),
                            }
                        });
                    });
                    toast::say_with_undo(text!("partnership.deleted"), restore);
                    go.run("/partnerships".to_owned());
                }
                Err(failure) => {
                    open.try_set(false);
                    toast::say(failure_sentence(&failure));
                }
            }
        });
    };
    view! {
        <Dialog id="delete" title=t!("partnership.delete_title") open=open>
            <p>{t!("partnership.delete_words")}</p>
            <div class="row">
                <Button label=t!("partnership.delete") look=Look::Danger icon=Icon::Delete busy=busy on_press=delete/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </Dialog>
    }
    .into_any()
}
