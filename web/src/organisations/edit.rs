//! What administrators enter: an organisation that the register lacks (an associated actor: cities' staff and networks too), a new name, a merger; and taking the latest back.

use super::{full, names};
use crate::form::{Field, Form};
use crate::ui::prelude::*;
use crate::{activities, app, client, session, t, text, textf};
use leptos::prelude::*;
use serde::Serialize;
use shared::ids::OrganisationId;
use shared::networks::NetworkKind;
use shared::organisations::{
    ActorKind, OrganisationAction, OrganisationDraft, OrganisationKind, OrganisationMerger, OrganisationPage,
    OrganisationRenaming, OrganisationView, WORDS_MAX,
};
use shared::problem::{FieldCode, FieldError};
use wasm_bindgen_futures::spawn_local;

/// The button that opens the form of a new organisation.
#[component]
pub fn AddOrganisation() -> impl IntoView {
    let open = State::new(false);
    let form = Form::new("organisation:new");
    let name = form.field("new-name", "/name", "");
    let short_name = form.field("new-short", "/short_name", "");
    let part_of = form.field("new-part-of", "/part_of", "");
    let country = form.field("new-country", "/country", "FR");
    let kind = form.field("new-kind", "/kind", first_kind().code());
    let network_kind = form.field("new-network-kind", "/network_kind", "");
    let subdivisions = form.field("new-subdivisions", "/subdivisions", "");
    let actor_kind = form.field("new-actor-kind", "/actor_kind", "");
    let is = move |of: OrganisationKind| OrganisationKind::from_code(&kind.text.get()) == Some(of);
    let go = app::navigator();
    let send = move || {
        form.clear();
        let chosen = OrganisationKind::from_code(&kind.trimmed()).unwrap_or_else(first_kind);
        let needed = match chosen {
            OrganisationKind::Body => None,
            OrganisationKind::Network => Some(network_kind),
            OrganisationKind::Actor => Some(actor_kind),
        };
        let missing = missing(&Vec::from_iter([name].into_iter().chain(needed)));
        if !missing.is_empty() {
            return form.fail(activities::faulty(missing));
        }
        // What was told of another kind, before the kind was changed, is not meant.
        let of = |field: Field, kind: OrganisationKind| said(field).filter(|_| chosen == kind);
        let codes = of(subdivisions, OrganisationKind::Network).unwrap_or_default();
        let draft = OrganisationDraft {
            kind: chosen,
            name: name.trimmed(),
            short_name: of(short_name, OrganisationKind::Body),
            country: country.trimmed(),
            part_of: of(part_of, OrganisationKind::Body),
            network_kind: of(network_kind, OrganisationKind::Network).and_then(|code| NetworkKind::from_code(&code)),
            subdivisions: codes
                .split([',', ' '])
                .filter(|code| !code.is_empty())
                .map(str::to_owned)
                .collect(),
            actor_kind: of(actor_kind, OrganisationKind::Actor).and_then(|code| ActorKind::from_code(&code)),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::post::<_, OrganisationView>("/organisations", &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(made) => {
                    open.try_set(false);
                    toast::say(text!("organisations.added"));
                    go.try_run(format!("/organisations/{}", made.id));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <Button label=t!("organisations.add") look=Look::Secondary icon=Icon::Plus on_press=move |()| open.set(true)/>
        <Dialog id="organisation-new" title=t!("organisations.add") open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <ErrorSummary form=form/>
                <TextField field=name label=t!("organisations.name")/>
                {session::is_admin().then(|| view! { <RadioGroup field=kind label=t!("organisations.kind") options=Signal::derive(kinds)/> })}
                {live(move || {
                    is(OrganisationKind::Body)
                        .then(|| {
                            view! {
                                <TextField field=short_name label=t!("organisations.short_name") optional=true/>
                                <TextField field=part_of label=t!("organisations.part_of_label") hint=t!("organisations.part_of_hint") optional=true/>
                            }
                        })
                })}
                {live(move || {
                    is(OrganisationKind::Network)
                        .then(|| {
                            view! {
                                <RadioGroup field=network_kind label=t!("organisations.network_kind") options=Signal::derive(network_kinds)/>
                                <TextField
                                    field=subdivisions
                                    label=t!("organisations.subdivisions")
                                    hint=t!("organisations.subdivisions_hint")
                                    optional=true
                                />
                            }
                        })
                })}
                {live(move || {
                    is(OrganisationKind::Actor)
                        .then(|| view! { <Select field=actor_kind label=t!("organisations.actor_kind") options=Signal::derive(actor_kinds) none=t!("organisations.choose")/> })
                })}
                <Select field=country label=t!("organisations.country") options=Signal::derive(intl::countries)/>
                {buttons(form, open, t!("action.save"))}
            </form>
        </Dialog>
    }
    .into_any()
}

/// The kind that is chosen at first: administrators add what others cannot.
fn first_kind() -> OrganisationKind {
    if untrack(session::is_admin) {
        OrganisationKind::Body
    } else {
        OrganisationKind::Actor
    }
}

fn kinds() -> Vec<(String, String)> {
    let all = OrganisationKind::ALL.iter().map(|kind| kind.code());
    all.map(|code| (code.to_owned(), textf!("organisation_kind.", code)))
        .collect()
}

fn network_kinds() -> Vec<(String, String)> {
    let all = NetworkKind::ALL.iter().map(|kind| kind.code());
    all.map(|code| (code.to_owned(), textf!("network_kind.", code)))
        .collect()
}

fn actor_kinds() -> Vec<(String, String)> {
    let all = ActorKind::ALL.iter().map(|kind| kind.code());
    all.map(|code| (code.to_owned(), textf!("actor_kind.", code))).collect()
}

/// What can be entered about an organisation, each behind its button.
#[component]
pub fn Changes(
    /// The organisation.
    of: OrganisationView,
    /// Its page, which is read again afterwards.
    loading: Loading<OrganisationView>,
) -> impl IntoView {
    let may = |action: OrganisationAction| of.allowed.contains(&action);
    let (rename, merge) = (State::new(false), State::new(false));
    let (id, version) = (of.id, of.version);
    let undo = move |()| {
        spawn_local(async move {
            let path = format!("/organisations/{id}/undo");
            match client::act::<_, OrganisationView>(path, version, &()).await {
                Ok(_) => toast::say(text!("organisations.undone")),
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
            loading.reload();
        });
    };
    view! {
        <div class="row no-print">
            {may(OrganisationAction::Rename)
                .then(|| view! { <Button label=t!("organisations.rename") look=Look::Secondary icon=Icon::Edit on_press=move |()| rename.set(true)/> })}
            {may(OrganisationAction::Merge)
                .then(|| view! { <Button label=t!("organisations.merge") look=Look::Secondary on_press=move |()| merge.set(true)/> })}
            {may(OrganisationAction::Undo).then(|| view! { <Button label=t!("organisations.undo") look=Look::Quiet on_press=undo/> })}
        </div>
        {renaming(&of, rename, loading)}
        {merging(&of, merge, loading)}
    }
    .into_any()
}

fn renaming(of: &OrganisationView, open: State<bool>, loading: Loading<OrganisationView>) -> AnyView {
    let (id, version) = (of.id, of.version);
    let form = Form::new(format!("organisation:{id}:rename"));
    let name = form.field("rename-name", "/name", of.name.clone());
    let short_name = form.field("rename-short", "/short_name", of.short_name.clone().unwrap_or_default());
    let told = Told::new(form, ["rename-on", "rename-reason", "rename-source"]);
    let has_short = of.kind == OrganisationKind::Body;
    let send = move || {
        form.clear();
        let mut faults = missing(&[name]);
        let on = told.day(&mut faults);
        let Some(on) = on.filter(|_| faults.is_empty()) else {
            return form.fail(activities::faulty(faults));
        };
        let draft = OrganisationRenaming {
            on,
            name: name.trimmed(),
            short_name: said(short_name),
            reason: told.reason.trimmed(),
            source: told.source.trimmed(),
        };
        enter(
            form,
            open,
            loading,
            format!("/organisations/{id}/rename"),
            version,
            draft,
        );
    };
    view! {
        <Dialog id="organisation-rename" title=t!("organisations.rename_title") open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <p>{t!("organisations.rename_words")}</p>
                <ErrorSummary form=form/>
                <TextField field=name label=t!("organisations.new_name")/>
                {has_short.then(|| view! { <TextField field=short_name label=t!("organisations.short_name") optional=true/> })}
                {told.view()}
                {buttons(form, open, t!("organisations.enter"))}
            </form>
        </Dialog>
    }
    .into_any()
}

fn merging(of: &OrganisationView, open: State<bool>, loading: Loading<OrganisationView>) -> AnyView {
    let (id, version) = (of.id, of.version);
    let form = Form::new(format!("organisation:{id}:merge"));
    let into = form.field("merge-into", "/into_id", "");
    let taken: State<Option<(OrganisationId, String)>> = State::new(None);
    let told = Told::new(form, ["merge-on", "merge-reason", "merge-source"]);
    let send = move || {
        form.clear();
        let words = into.text.get_untracked();
        // The one that was taken, as long as its name stands in the field.
        let other = taken
            .get_untracked()
            .filter(|(_, label)| *label == words)
            .map(|(other, _)| other);
        let mut faults = Vec::new();
        if other.is_none() {
            faults.push(FieldError::new("/into_id", FieldCode::Required));
        }
        let on = told.day(&mut faults);
        let (Some(on), Some(into_id), true) = (on, other, faults.is_empty()) else {
            return form.fail(activities::faulty(faults));
        };
        let draft = OrganisationMerger {
            on,
            into_id,
            reason: told.reason.trimmed(),
            source: told.source.trimmed(),
        };
        enter(
            form,
            open,
            loading,
            format!("/organisations/{id}/merge"),
            version,
            draft,
        );
    };
    let pick = move |choice: Choice| {
        into.error.set(None);
        let other = choice.value.parse().ok();
        taken.set(other.map(|other| (other, choice.label)));
    };
    into.is_called(t!("organisations.into"));
    view! {
        <Dialog id="organisation-merge" title=t!("organisations.merge_title") open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <p>{t!("organisations.merge_words")}</p>
                <ErrorSummary form=form/>
                <Combobox id=into.id label=t!("organisations.into") hint=t!("organisations.search_hint") text=into.text source=search() on_pick=pick/>
                {live(move || into.error_text().map(|words| view! { <p class="field-error">{words}</p> }))}
                {told.view()}
                {buttons(form, open, t!("organisations.enter"))}
            </form>
        </Dialog>
    }
    .into_any()
}

/// The register as the source of a combobox; the value taken is the organisation's id.
fn search() -> Callback<String, crate::ui::combobox::Proposals> {
    source(|words: String| async move {
        let path = app::address("/organisations", &[("q", words.trim()), ("limit", "8")]);
        let found = client::get::<OrganisationPage>(path).await;
        found
            .map(|page| {
                let choices = page.items.iter().map(|of| Choice {
                    value: of.id.to_string(),
                    label: full(names(of)),
                    detail: super::formerly(of).unwrap_or_else(|| super::kind_and_country(of)),
                });
                choices.collect()
            })
            .unwrap_or_default()
    })
}

/// When, why, and who says so.
#[derive(Clone, Copy)]
struct Told {
    on: Field,
    reason: Field,
    source: Field,
}

impl Told {
    fn new(form: Form, ids: [&'static str; 3]) -> Told {
        Told {
            on: form.field(ids[0], "/on", ""),
            reason: form.field(ids[1], "/reason", ""),
            source: form.field(ids[2], "/source", ""),
        }
    }

    /// The day, and what is missing.
    fn day(self, faults: &mut Vec<FieldError>) -> Option<chrono::NaiveDate> {
        let day = shared::time::parse_day(&self.on.trimmed());
        if day.is_none() {
            faults.push(FieldError::new("/on", FieldCode::Required));
        }
        faults.extend(missing(&[self.reason, self.source]));
        day
    }

    fn view(self) -> AnyView {
        view! {
            <TextField field=self.on label=t!("organisations.on") hint=t!("organisations.on_hint") kind=Kind::Date/>
            <TextArea field=self.reason label=t!("organisations.reason") rows=2 limit=WORDS_MAX as usize/>
            <TextField field=self.source label=t!("organisations.source_label") hint=t!("organisations.source_hint")/>
        }
        .into_any()
    }
}

fn said(field: Field) -> Option<String> {
    Some(field.trimmed()).filter(|words| !words.is_empty())
}

fn missing(fields: &[Field]) -> Vec<FieldError> {
    let empty = fields.iter().filter(|field| field.trimmed().is_empty());
    empty
        .map(|field| FieldError::new(field.pointer, FieldCode::Required))
        .collect()
}

fn buttons(form: Form, open: State<bool>, label: Signal<String>) -> AnyView {
    view! {
        <div class="row">
            <Button label=label submit=true busy=form.busy/>
            <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
        </div>
    }
    .into_any()
}

fn enter<T: Serialize + 'static>(
    form: Form,
    open: State<bool>,
    loading: Loading<OrganisationView>,
    path: String,
    version: i64,
    draft: T,
) {
    form.busy.set(true);
    spawn_local(async move {
        let answer = client::act::<_, OrganisationView>(path, version, &draft).await;
        form.busy.try_set(false);
        match answer {
            Ok(_) => {
                open.try_set(false);
                toast::say(text!("organisations.entered"));
                loading.reload();
            }
            Err(failure) => form.fail(failure),
        }
    });
}
