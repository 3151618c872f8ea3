//! A partnership: who takes part and as what, the pairs inside it, where it works, where it stands and what may come next.

use super::model;
use crate::form::{Field, Form};
use crate::map::{MapArc, MapPoint, WorldMap};
use crate::ui::prelude::*;
use crate::{app, client, t, text, textf, tf};
use leptos::prelude::*;
use shared::ids::{CityId, PartnershipId};
use shared::lessons::LessonPage;
use shared::partnerships::{
    PartnershipAction, PartnershipAdvance, PartnershipState, PartnershipView, PartyRef, PartyRole, PartyView,
    REASON_MAX,
};
use shared::problem::ProblemCode;
use wasm_bindgen_futures::spawn_local;

/// A partnership.
#[component]
pub fn PartnershipPage() -> impl IntoView {
    let id = app::param("id");
    let thing = load(move || client::get::<PartnershipView>(format!("/partnerships/{}", id.get())));
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
        <div class="split">
            <div class="stack stack-l">
                {state_section(&view, can_move.then_some(moving))}
                {is_described.then(|| view! { <section class="measure" aria-label=t!("partnership_edit.about")>{lines}</section> })}
                {parties_section(&view)}
                {map_of(&view)}
            </div>
            <aside class="stack stack-l" aria-label=t!("partnership.facts")>{facts(&view)}</aside>
        </div>
        {can_move.then(|| dialog_view.with_value(|view| view! { <MoveDialog view=view.clone() open=moving loading=loading/> }))}
        {delete.then(|| view! { <DeleteDialog id=id version=version open=deleting/> })}
    }
    .into_any()
}

/// The usual way with how far it is, the state in words, and the step that may come next.
fn state_section(view: &PartnershipView, moving: Option<State<bool>>) -> AnyView {
    let state = view.summary.state;
    let reason = view.state_reason.clone();
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
                    ..
                } = party;
                let detail = move || match city_kind {
                    Some(kind) => format!("{}, {}", textf!("city_kind.", kind.code()), intl::country(&country)),
                    None => intl::country(&country),
                };
                let name = match href_of(&party) {
                    Some(href) => view! { <a href=href>{name}</a> }.into_any(),
                    None => view! { <strong>{name}</strong> }.into_any(),
                };
                view! { <li>{name} <span class="small soft">{detail}</span></li> }
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
            Some(view! { <li><strong>{a} " – " {b}</strong> <span class="small soft">{kinds}</span></li> })
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
                {(!territories.is_empty()).then(|| view! { <div><dt>{t!("partnership_edit.territories")}</dt> <dd>{territories.join(", ")}</dd></div> })}
                {linked(view.parent_id, t!("partnership.parent"))} {linked(view.predecessor_id, t!("partnership.predecessor"))} {source}
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

/// The next state, with a reason where one is needed.
#[component]
fn MoveDialog(view: PartnershipView, open: State<bool>, loading: Loading<PartnershipView>) -> impl IntoView {
    let (id, version) = (view.summary.id, view.summary.version);
    let next = view.next_states;
    let form = Form::new(format!("partnership-advance:{id}"));
    let first = if next.len() == 1 {
        next.first().map_or("", |state| state.code())
    } else {
        ""
    };
    let to: Field = form.field("advance-to", "/to", first);
    let reason: Field = form.field("advance-reason", "/reason", "");
    // What was learned is asked for where the partnership can be renewed.
    let expired = view.summary.state == PartnershipState::Expired;
    let usable = load(move || async move {
        if !expired {
            return Ok(Vec::new());
        }
        let path = format!("/lessons?for_renewal_of={id}&limit=100");
        Ok(client::get::<LessonPage>(path).await?.items)
    });
    let lessons = Signal::derive(move || {
        let usable = usable.ready().unwrap_or_default().into_iter();
        usable
            .map(|lesson| (lesson.id.to_string(), lesson.text))
            .collect::<Vec<_>>()
    });
    let lesson: Field = form.field("advance-lessons", "/lesson_ids", "");
    let used = State::new(Vec::<String>::new());
    let options = Signal::derive(move || {
        next.iter()
            .map(|state| (state.code().to_owned(), textf!("partnership_state.", state.code())))
            .collect::<Vec<_>>()
    });
    let chosen = memo(move || to.text.with(|code| PartnershipState::from_code(code)));
    let send = move || {
        form.clear();
        let Some(to_state) = chosen.get_untracked() else {
            to.error.set(Some(shared::problem::FieldError::new(
                "/to",
                shared::problem::FieldCode::Required,
            )));
            form.attempt.update(|attempt| *attempt += 1);
            return;
        };
        form.busy.set(true);
        let told = Some(reason.trimmed()).filter(|reason| !reason.is_empty());
        let advance = PartnershipAdvance {
            to: to_state,
            reason: told,
            lesson_ids: if expired && to_state == PartnershipState::Active {
                used.get_untracked().iter().filter_map(|id| id.parse().ok()).collect()
            } else {
                Vec::new()
            },
        };
        spawn_local(async move {
            let answer =
                client::act::<_, PartnershipView>(format!("/partnerships/{id}/advance"), version, &advance).await;
            form.busy.try_set(false);
            match answer {
                Ok(changed) => {
                    open.try_set(false);
                    toast::say(text!(
                        "partnership.advanced",
                        state = textf!("partnership_state.", to_state.code())
                    ));
                    loading.set(changed);
                }
                Err(failure) => {
                    if failure.is(ProblemCode::Stale) || failure.is(ProblemCode::StateConflict) {
                        open.try_set(false);
                        toast::say(failure_sentence(&failure));
                        loading.reload();
                    } else {
                        form.fail(failure);
                    }
                }
            }
        });
    };
    view! {
        <Dialog id="advance" title=t!("partnership.advance") open=open>
            <form
                class="stack"
                novalidate
                on:submit=on(move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    if !form.busy.get_untracked() {
                        send();
                    }
                })
            >
                <ErrorSummary form=form/>
                <RadioGroup field=to label=t!("partnership.advance_to") options=options/>
                {live(move || chosen.get().map(|state| view! { <p class="soft">{tf!("partnership_state_words.", state.code())}</p> }))}
                {live(move || {
                    let needed = chosen.get().is_some_and(PartnershipState::needs_reason);
                    view! {
                        <TextArea
                            field=reason
                            label=t!("partnership.reason")
                            hint=t!("partnership.reason_hint")
                            rows=3
                            limit=REASON_MAX as usize
                            optional=!needed
                        />
                    }
                })}
                {live(move || {
                    (expired && chosen.get() == Some(PartnershipState::Active) && !lessons.with(Vec::is_empty))
                        .then(|| {
                            view! {
                                <Picks
                                    field=lesson
                                    label=t!("partnership.renewal_lessons")
                                    hint=t!("partnership.renewal_lessons_hint")
                                    options=lessons
                                    chosen=used
                                />
                            }
                        })
                })}
                <div class="row">
                    <Button label=t!("action.save") submit=true busy=form.busy/>
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
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
