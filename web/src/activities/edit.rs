//! Writing an activity: a new one of a partnership, or changes to one.

use super::model::{self, Sheet};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{app, client, i18n, t, text, textf};
use leptos::prelude::*;
use shared::activities::{ActivityAction, ActivityKind, ActivityView, NOTES_MAX};
use shared::partnerships::{PartnershipAction, PartnershipView, PartyRef};
use wasm_bindgen_futures::spawn_local;

/// A new activity of a partnership.
#[component]
pub fn ActivityNewPage() -> impl IntoView {
    let id = app::param("id");
    let partnership = load(move || client::get::<PartnershipView>(format!("/partnerships/{}", id.get())));
    view! {
        <Loaded
            of=partnership
            lines=8
            view=|partnership: PartnershipView| {
                if !partnership.allowed.contains(&PartnershipAction::Update) {
                    return not_allowed(format!("/partnerships/{}/life", partnership.summary.id));
                }
                view! { <Editor partnership=partnership known=None/> }.into_any()
            }
        />
    }
    .into_any()
}

/// Changes to an activity.
#[component]
pub fn ActivityEditPage() -> impl IntoView {
    let id = app::param("id");
    let both = load(move || {
        let path = format!("/activities/{}", id.get());
        async move {
            let activity = client::get::<ActivityView>(path).await?;
            let partnership =
                client::get::<PartnershipView>(format!("/partnerships/{}", activity.partnership_id)).await?;
            Ok((activity, partnership))
        }
    });
    view! {
        <Loaded
            of=both
            lines=8
            view=|(activity, partnership): (ActivityView, PartnershipView)| {
                if !activity.allowed.contains(&ActivityAction::Update) {
                    return not_allowed(format!("/activities/{}", activity.id));
                }
                view! { <Editor partnership=partnership known=Some(activity)/> }.into_any()
            }
        />
    }
    .into_any()
}

fn not_allowed(back: String) -> AnyView {
    view! {
        <PageHeader title=t!("activity.edit")/>
        <EmptyState title=t!("activity.not_allowed")>
            <LinkButton href=back label=t!("map.open") look=Look::Secondary/>
        </EmptyState>
    }
    .into_any()
}

/// A party as the value of a box.
fn code_of(party: PartyRef) -> String {
    match party {
        PartyRef::City { city_id } => city_id.to_string(),
        PartyRef::Network { network_id } => network_id.to_string(),
        PartyRef::Actor { actor_id } => actor_id.to_string(),
    }
}

#[component]
fn Editor(partnership: PartnershipView, known: Option<ActivityView>) -> impl IntoView {
    let sheet = known.as_ref().map_or_else(
        || Sheet {
            currency: "EUR".to_owned(),
            ..Sheet::default()
        },
        |activity| Sheet::of(activity, i18n::language_now()),
    );
    let partnership_id = partnership.summary.id;
    let known_version = known.as_ref().map(|activity| (activity.id, activity.version));
    let form = Form::new(match known_version {
        Some((id, _)) => format!("activity:{id}"),
        None => format!("activity:new:{partnership_id}"),
    });
    let title = form.field("activity-title", "/title", sheet.title.clone());
    let kind = form.field("activity-kind", "/kind", sheet.kind.clone());
    let from = form.field("activity-from", "/starts_on", sheet.starts_on.clone());
    let until = form.field("activity-until", "/ends_on", sheet.ends_on.clone());
    let place = form.field("activity-place", "/place", sheet.place.clone());
    let concerned = form.field("activity-concerned", "/concerned", "");
    let people = form.field("activity-people", "/people", sheet.people.clone());
    let cost = form.field("activity-cost", "/cost", sheet.cost.clone());
    let currency = form.field("activity-currency", "/cost/currency", sheet.currency.clone());
    let notes = form.field("activity-notes", "/notes", sheet.notes.clone());
    let held = State::new(sheet.held);
    let chosen = State::new(sheet.concerned.iter().map(|party| code_of(*party)).collect::<Vec<_>>());
    let parties = Kept::new(partnership.parties.clone());
    form.autosave();

    let go = app::navigator();
    let save = move || {
        form.clear();
        let wanted = chosen.get_untracked();
        let sheet = Sheet {
            title: title.trimmed(),
            kind: kind.trimmed(),
            starts_on: from.trimmed(),
            ends_on: until.trimmed(),
            place: place.trimmed(),
            concerned: parties.with_value(|parties| {
                let named = parties.iter().map(|party| party.party);
                named.filter(|party| wanted.contains(&code_of(*party))).collect()
            }),
            people: people.trimmed(),
            cost: cost.trimmed(),
            currency: currency.trimmed(),
            notes: notes.trimmed(),
            held: held.get_untracked(),
        };
        let draft = match sheet.draft() {
            Ok(draft) => draft,
            Err(faults) => return form.fail(super::faulty(faults)),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = match known_version {
                None => {
                    client::post::<_, ActivityView>(format!("/partnerships/{partnership_id}/activities"), &draft).await
                }
                Some((id, version)) => {
                    client::patch::<_, ActivityView>(format!("/activities/{id}"), version, &model::patch(draft)).await
                }
            };
            form.busy.try_set(false);
            match answer {
                Ok(activity) => {
                    form.forget_draft();
                    toast::say(text!("activity.saved"));
                    go.try_run(format!("/activities/{}", activity.id));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };

    let kinds = Signal::derive(|| {
        ActivityKind::ALL
            .iter()
            .map(|kind| (kind.code().to_owned(), textf!("activity_kind.", kind.code())))
            .collect::<Vec<_>>()
    });
    let names = Signal::derive(move || {
        parties.with_value(|parties| {
            let named = parties.iter().map(|party| (code_of(party.party), party.name.clone()));
            named.collect::<Vec<_>>()
        })
    });
    let is_new = known.is_none();
    let heading = if is_new {
        t!("activities.add")
    } else {
        t!("activity.edit")
    };
    let mut way = vec![
        Crumb::new("/partnerships", t!("nav.partnerships")),
        Crumb::new(
            format!("/partnerships/{partnership_id}"),
            Signal::stored(partnership.summary.name.clone()),
        ),
        Crumb::new(format!("/partnerships/{partnership_id}/life"), t!("life.title")),
    ];
    way.extend(known.as_ref().map(|activity| {
        Crumb::new(
            format!("/activities/{}", activity.id),
            Signal::stored(activity.title.clone()),
        )
    }));
    let back = known_version.map_or_else(
        || format!("/partnerships/{partnership_id}/life"),
        |(id, _)| format!("/activities/{id}"),
    );
    view! {
        <PageHeader title=heading crumbs=way lead=t!("activity_edit.lead")/>
        <form
            class="stack stack-l measure edit-form"
            novalidate
            on:submit=submit(form.busy, save)
        >
            <ErrorSummary form=form/>
            <TextField field=title label=t!("activity.title")/>
            <RadioGroup field=kind label=t!("activity.kind") options=kinds/>
            <div class="pair-choice">
                <TextField field=from label=t!("activity.starts_on") kind=Kind::Date/>
                <TextField field=until label=t!("activity.ends_on") hint=t!("activity.ends_on_hint") kind=Kind::Date optional=true/>
            </div>
            {is_new.then(|| view! { <Checkbox id="activity-held" label=t!("activity.held_already") checked=held/> })}
            <TextField field=place label=t!("activity.place") optional=true/>
            <CheckboxGroup field=concerned label=t!("activity.concerned") hint=t!("activity.concerned_hint") options=names chosen=chosen columns=true/>
            <TextField field=people label=t!("activity.people") hint=t!("activity.people_hint") kind=Kind::Number optional=true/>
            <div class="pair-choice">
                <TextField field=cost label=t!("activity.cost") kind=Kind::Amount optional=true/>
                <TextField field=currency label=t!("activity.currency") optional=true/>
            </div>
            <TextArea field=notes label=t!("activity.notes") hint=t!("activity.notes_hint") rows=5 limit=NOTES_MAX as usize optional=true/>
            <div class="row">
                <Button label=t!("action.save") submit=true busy=form.busy/>
                <LinkButton href=back label=t!("action.cancel") look=Look::Secondary/>
            </div>
            <crate::form::DraftNote form=form/>
        </form>
    }
    .into_any()
}
