//! Completing the profile of a city: one long form that saves itself in this tab, merges what others changed meanwhile, and loses nothing.

mod contacts;
mod descriptions;
mod fields;
mod statements;

use super::profile::{Change, Draft, Profile};
use crate::client::Failure;
use crate::form::{DraftNote, Form};
use crate::merge::Outcome;
use crate::ui::prelude::*;
use crate::{app, browser, client, json, t, text, textf, tf};
use fields::Fields;
use leptos::ev;
use leptos::prelude::*;
use shared::cities::{CityAction, CityView, ContactList, Engagement, Level};
use shared::problem::ProblemCode;
use wasm_bindgen_futures::spawn_local;

/// Completing the profile of a city.
#[component]
pub fn CityEditPage() -> impl IntoView {
    let id = app::param("id");
    let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
    let contacts = load(move || client::get::<ContactList>(format!("/cities/{}/contacts", id.get())));
    view! {
        {live(move || match (city.get(), contacts.get()) {
            (Load::Failed(failure), _) => {
                view! { <PageHeader title=t!("account.profile")/> <ProblemView failure=failure retry=move |()| city.reload()/> }.into_any()
            }
            (Load::Ready(city), _) if !city.allowed.contains(&CityAction::Update) => {
                let page = format!("/cities/{}", city.summary.id);
                view! {
                    <PageHeader title=t!("account.profile")/>
                    <EmptyState title=t!("edit.not_allowed")>
                        <LinkButton href=page label=t!("edit.see_page") look=Look::Secondary/>
                    </EmptyState>
                }
                    .into_any()
            }
            (Load::Ready(city), Load::Ready(contacts)) => view! { <Editor city=city contacts=Some(contacts)/> }.into_any(),
            (Load::Ready(city), Load::Failed(_)) => view! { <Editor city=city contacts=None/> }.into_any(),
            _ => view! { <Skeleton lines=10/> }.into_any(),
        })}
    }
    .into_any()
}

/// What somebody else changed, with their profile to take a part of it.
#[derive(Clone, PartialEq)]
struct Meanwhile {
    changes: Vec<Change>,
    theirs: Profile,
}

#[component]
fn Editor(city: CityView, contacts: Option<ContactList>) -> impl IntoView {
    let id = city.summary.id;
    let draft_name = Kept::new(format!("draft:city:{id}"));
    let manages_contacts = contacts.is_some();
    let manages_bans = city.allowed.contains(&CityAction::ManagePrivate);
    let server = Profile::of(&city, contacts.as_ref());
    let base = State::new(server.clone());
    let version = Kept::new(city.summary.version);
    let completeness = State::new(city.completeness.percent);
    let meanwhile = State::new(None::<Meanwhile>);
    let restored = State::new(false);
    let saved_at = State::new(None::<f64>);

    let form = Form::new(format!("city-errors:{id}"));
    let fields = Fields::new(form, &server);

    // What an earlier visit left unsaved is merged with what the server has now.
    let kept: Option<Draft> = browser::kept(&draft_name.get_value()).and_then(|text| json::parse(&text));
    if let Some(kept) = kept {
        let (merged, changes) = Profile::merge(&kept.base, &kept.mine, &server);
        if merged != server {
            fields.write(&merged);
            restored.set(true);
            if !changes.is_empty() {
                meanwhile.set(Some(Meanwhile {
                    changes,
                    theirs: server.clone(),
                }));
            }
        } else {
            browser::forget(&draft_name.get_value());
        }
    }

    // Every change is kept two seconds after the last key, and at once when the page is left.
    let pending = Kept::new(None::<Draft>);
    let keep = move || {
        let Some(Some(draft)) = pending.try_update_value(Option::take) else {
            return;
        };
        if let Ok(text) = serde_json::to_string(&draft)
            && browser::keep(&draft_name.get_value(), &text)
        {
            form.saved_at.try_set(Some(browser::now_ms()));
        }
    };
    let turn = Kept::new(0u32);
    let dirty = State::new(restored.get_untracked());
    Effect::new(move |before: Option<Profile>| {
        let mine = fields.read();
        let base = base.get();
        dirty.set(mine != base);
        if before.as_ref().is_some_and(|before| *before != mine) && mine != base {
            saved_at.set(None);
            pending.set_value(Some(Draft {
                base,
                mine: mine.clone(),
            }));
            turn.update_value(|turn| *turn = turn.wrapping_add(1));
            let own = turn.get_value();
            spawn_local(async move {
                browser::rest(2_000).await;
                if turn.try_get_value() == Some(own) {
                    keep();
                }
            });
        }
        mine
    });
    let leaving = window_event_listener(ev::beforeunload, move |event| {
        if dirty.try_get_untracked() == Some(true) {
            keep();
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        leaving.remove();
        if dirty.try_get_untracked() == Some(true) {
            keep();
            toast::say(text!("edit.kept"));
        }
    });

    let forget = move || {
        pending.set_value(None);
        browser::forget(&draft_name.get_value());
        form.saved_at.set(None);
        restored.set(false);
    };
    let discard = move |()| {
        fields.write(&base.get_untracked());
        meanwhile.set(None);
        form.clear();
        forget();
    };
    let fail = move |failure: Failure| {
        form.busy.try_set(false);
        if !failure.is(ProblemCode::Stale) {
            form.fail(failure);
            fields.show_wrong_language();
            return;
        }
        // Somebody else was faster: fetch what is there now, merge, and say what happened.
        spawn_local(async move {
            let fresh = match client::get::<CityView>(format!("/cities/{id}")).await {
                Ok(fresh) => fresh,
                Err(failure) => return form.fail(failure),
            };
            let fresh_contacts = if manages_contacts {
                client::get::<ContactList>(format!("/cities/{id}/contacts")).await.ok()
            } else {
                None
            };
            let theirs = Profile::of(&fresh, fresh_contacts.as_ref());
            let Some(mine) = untrack(|| fields.try_read()) else {
                return;
            };
            let (merged, changes) = Profile::merge(&base.get_untracked(), &mine, &theirs);
            version.set_value(fresh.summary.version);
            base.set(theirs.clone());
            fields.write(&merged);
            meanwhile.set(Some(Meanwhile { changes, theirs }));
            browser::focus_soon("meanwhile");
        });
    };
    let save = move || {
        form.clear();
        form.busy.set(true);
        let mine = untrack(|| fields.read());
        spawn_local(async move {
            let mut known = base.get_untracked();
            if let Some(patch) = mine.patch(&known) {
                match client::patch::<_, CityView>(format!("/cities/{id}"), version.get_value(), &patch).await {
                    Ok(view) => {
                        version.set_value(view.summary.version);
                        completeness.try_set(view.completeness.percent);
                        known = Profile {
                            contacts: known.contacts,
                            ..Profile::of(&view, None)
                        };
                        base.try_set(known.clone());
                    }
                    Err(failure) => return fail(failure),
                }
            }
            if let Some(draft) = mine.contacts_draft(&known) {
                match client::put::<_, ContactList>(format!("/cities/{id}/contacts"), version.get_value(), &draft).await
                {
                    Ok(list) => {
                        version.set_value(list.version);
                        known.contacts = list.items.into_iter().map(|item| item.contact).collect();
                        base.try_set(known.clone());
                        // The first contact person makes the profile more complete; the list does not say by how much.
                        if let Ok(view) = client::get::<CityView>(format!("/cities/{id}")).await {
                            completeness.try_set(view.completeness.percent);
                        }
                    }
                    Err(failure) => return fail(failure),
                }
            }
            form.busy.try_set(false);
            // What was typed while the answer was on its way stays typed.
            if untrack(|| fields.try_read()).is_some_and(|now| now == mine) {
                fields.write(&known);
                forget();
            }
            meanwhile.try_set(None);
            saved_at.try_set(Some(browser::now_ms()));
            toast::say(text!("edit.saved"));
        });
    };

    focus_hash();
    let way = vec![
        Crumb::new("/cities", t!("nav.cities")),
        Crumb::new(format!("/cities/{id}"), super::label(&city.summary)),
    ];
    let level_options = Signal::derive(|| {
        Level::ALL
            .iter()
            .map(|level| (level.code().to_owned(), textf!("level.", level.code())))
            .collect::<Vec<_>>()
    });
    let engagement_options = Signal::derive(|| {
        let mut options: Vec<(String, String)> = Engagement::ALL
            .iter()
            .map(|item| (item.code().to_owned(), textf!("engagement.", item.code())))
            .collect();
        options.push((String::new(), text!("edit.engagement_any")));
        options
    });
    view! {
        <PageHeader title=t!("account.profile") crumbs=way lead=t!("edit.lead")/>
        <form
            class="split edit-split"
            novalidate
            on:submit=submit(form.busy, save)
        >
            <div class="stack stack-l edit-form">
                {live(move || restored.get().then(|| restored_notice(Callback::new(discard))))}
                <MeanwhileNotice meanwhile=meanwhile fields=fields/>
                <ErrorSummary form=form/>
                <Section id="description" title=t!("edit.description") words=t!("edit.description_words")>
                    {descriptions::editor(fields)}
                </Section>
                <Section id="needs" title=t!("city.needs") words=t!("edit.needs_words")>
                    {statements::editor(fields, true)}
                </Section>
                <Section id="offers" title=t!("city.offers") words=t!("edit.offers_words")>
                    {statements::editor(fields, false)}
                </Section>
                <Section id="languages" title=t!("edit.languages") words=t!("edit.languages_words")>
                    <Picks field=fields.language label=t!("edit.add_language") options=Signal::derive(fields::language_options) chosen=fields.languages/>
                </Section>
                <Section id="looking-for" title=t!("city.looking_for") words=t!("edit.looking_for_words")>
                    <Checkbox id="edit-open" label=t!("edit.open") hint=t!("edit.open_hint") checked=fields.open/>
                    <RadioGroup field=fields.engagement label=t!("city.engagement") options=engagement_options/>
                    <Picks
                        field=fields.country
                        label=t!("city.countries")
                        hint=t!("edit.countries_hint")
                        options=Signal::derive(intl::countries)
                        chosen=fields.countries
                    />
                    <CheckboxGroup field=fields.level label=t!("city.levels") hint=t!("edit.levels_hint") options=level_options chosen=fields.levels/>
                </Section>
                {manages_contacts
                    .then(|| {
                        view! {
                            <Section id="contacts" title=t!("edit.contacts") words=t!("edit.contacts_words")>
                                {contacts::editor(fields)}
                            </Section>
                        }
                    })}
                <Section id="website" title=t!("city.website") words=t!("edit.website_words")>
                    <TextField field=fields.website label=t!("edit.website") hint=t!("edit.website_hint") kind=Kind::Url autocomplete="url" optional=true/>
                </Section>
                <div class="savebar">
                    <Button label=t!("action.save") submit=true icon=Icon::Check busy=form.busy/>
                    <a href=format!("/cities/{id}")>{t!("edit.see_page")}</a>
                    <DraftNote form=form/>
                    <p class="small soft" role="status">
                        {live(move || saved_at.get().map(|at| text!("edit.saved_at", time = intl::time_ms(at))))}
                    </p>
                </div>
            </div>
            <aside class="edit-aside no-print">
                <div class="sheet stack edit-nav">
                    <Meter label=t!("cities.completeness") share=Signal::derive(move || f64::from(completeness.get()) / 100.0)/>
                    <nav aria-label=t!("edit.sections")>
                        <ul>
                            {section_link("description", t!("edit.description"))}
                            {section_link("needs", t!("city.needs"))}
                            {section_link("offers", t!("city.offers"))}
                            {section_link("languages", t!("edit.languages"))}
                            {section_link("looking-for", t!("city.looking_for"))}
                            {manages_contacts.then(|| section_link("contacts", t!("edit.contacts")))}
                            {section_link("website", t!("city.website"))}
                        </ul>
                    </nav>
                    {manages_bans.then(|| view! { <p class="side-link"><a href=format!("/cities/{id}/bans")>{icon(Icon::Hidden)} <span>{t!("bans.title")}</span></a></p> })}
                </div>
            </aside>
        </form>
    }
    .into_any()
}

/// A section of the form, reachable from the list beside it and from the city's page.
#[component]
fn Section(id: &'static str, title: Signal<String>, words: Signal<String>, children: Children) -> impl IntoView {
    view! {
        <section class="sheet stack edit-section" id=id tabindex="-1" aria-labelledby=format!("{id}-title")>
            <h2 id=format!("{id}-title")>{title}</h2>
            <p class="soft">{words}</p>
            {children()}
        </section>
    }
    .into_any()
}

fn section_link(id: &'static str, label: Signal<String>) -> AnyView {
    let go = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        browser::focus(id);
    };
    view! { <li><a href=format!("#{id}") on:click=go>{label}</a></li> }.into_any()
}

/// The city's page links to a section; it exists only now.
fn focus_hash() {
    let hash = browser::window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default();
    let id = hash.trim_start_matches('#').to_owned();
    if !id.is_empty() {
        spawn_local(async move {
            browser::rest(80).await;
            browser::focus(&id);
        });
    }
}

fn restored_notice(discard: Callback<()>) -> AnyView {
    view! {
        <Notice>
            <p>{t!("edit.restored")}</p>
            <div class="row"><Button label=t!("edit.discard") look=Look::Quiet icon=Icon::Undo on_press=discard/></div>
        </Notice>
    }
    .into_any()
}

/// What somebody else changed: what was taken over, and what is to be decided.
#[component]
fn MeanwhileNotice(meanwhile: State<Option<Meanwhile>>, fields: Fields) -> impl IntoView {
    let line = move |change: Change, theirs: Profile| {
        let name = {
            let change = change.clone();
            move || match &change.language {
                Some(language) => text!(
                    "edit.part_language",
                    part = textf!("edit_part.", change.part),
                    language = intl::language_name(language)
                ),
                None => textf!("edit_part.", change.part),
            }
        };
        if change.outcome == Outcome::Taken {
            return view! { <li>{live(move || text!("edit.taken", part = name()))}</li> }.into_any();
        }
        let shown = {
            let (change, theirs) = (change.clone(), theirs.clone());
            move || fields::words_of(&change, &theirs)
        };
        let take = move |()| {
            let Some(mut mine) = untrack(|| fields.try_read()) else {
                return;
            };
            mine.take(&change, &theirs);
            fields.write(&mine);
            let change = change.clone();
            meanwhile.update(|known| {
                if let Some(known) = known {
                    known.changes.retain(|other| *other != change);
                }
            });
            browser::focus_soon("meanwhile");
        };
        view! {
            <li class="stack">
                <p>{live(move || text!("edit.clash", part = name()))}</p>
                <blockquote>{shown}</blockquote>
                <div><Button label=t!("edit.take_theirs") look=Look::Secondary on_press=take/></div>
            </li>
        }
        .into_any()
    };
    view! {
        {live(move || {
            meanwhile
                .get()
                .map(|known| {
                    let none = known.changes.is_empty();
                    view! {
                        <div id="meanwhile" tabindex="-1" role="group" aria-label=t!("edit.meanwhile")>
                            <Notice tone=Tone::Warning>
                                <p class="notice-title">{t!("edit.meanwhile")}</p>
                                <p>{if none { t!("edit.meanwhile_none") } else { t!("edit.meanwhile_words") }}</p>
                                <ul class="stack">
                                    {known.changes.into_iter().map(|change| line(change, known.theirs.clone())).collect_any()}
                                </ul>
                            </Notice>
                        </div>
                    }
                })
        })}
    }
    .into_any()
}

/// The words of an urgency, for needs or for offers.
fn urgency_words(needs: bool, code: &'static str) -> Signal<String> {
    if needs {
        tf!("urgency_need.", code)
    } else {
        tf!("urgency_offer.", code)
    }
}
