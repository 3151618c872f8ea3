//! Who takes part: the lead, the partners, the associated ones. Each change is sent at once.

use super::desk::Desk;
use super::model::PartyChange;
use crate::cities;
use crate::ui::prelude::*;
use crate::{browser, t, text, textf, tf};
use leptos::prelude::*;
use shared::applications::{ApplicationAction, ApplicationPartyView};
use shared::partnerships::PartyRole;
use wasm_bindgen_futures::spawn_local;

/// The step of the parties.
#[component]
pub fn PartiesStep(
    /// The file.
    desk: Desk,
) -> impl IntoView {
    let manages = Signal::derive(move || {
        desk.view
            .with(|view| view.allowed.contains(&ApplicationAction::ManageParties))
    });
    let search = State::new(String::new());
    let said = State::new(String::new());
    let failure = State::new(None);
    let change = move |change: PartyChange, words: String| {
        failure.set(None);
        spawn_local(async move {
            match desk.change_parties(change).await {
                Ok(()) => {
                    said.try_set(words);
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    let change = Callback::new(move |(act, words): (PartyChange, String)| change(act, words));
    let add = move |choice: Choice| {
        search.set(String::new());
        if let Ok(id) = choice.value.parse() {
            change.run((PartyChange::Add(id), text!("parties.added", city = choice.label)));
        }
    };
    view! {
        <div class="stack stack-l">
            <p class="measure">{t!("parties.words")}</p>
            {live(move || failure.get().map(|failure| view! { <ProblemView failure=failure/> }))}
            <ul class="parties">
                {each(
                    move || desk.view.with(|view| view.parties.clone()),
                    |party| (party.city.id, party.role, party.signed_off_at),
                    move |party| party_row(party, manages, change),
                )}
            </ul>
            <p class="unseen" role="status">{said}</p>
            {live(move || {
                if manages.get() {
                    view! {
                        <div class="measure">
                            <Combobox
                                id="party-search"
                                label=t!("parties.add")
                                hint=t!("parties.add_hint")
                                text=search
                                source=cities::search_source()
                                on_pick=add
                            />
                        </div>
                    }
                        .into_any()
                } else {
                    view! { <p class="small soft" id="party-search" tabindex="-1">{t!("parties.only_lead")}</p> }.into_any()
                }
            })}
        </div>
    }
    .into_any()
}

fn party_row(party: ApplicationPartyView, manages: Signal<bool>, change: Callback<(PartyChange, String)>) -> AnyView {
    let id = party.city.id;
    let role = party.role;
    let city = Kept::new(party.city);
    let name = move || city.with_value(cities::name);
    let changeable = move || manages.get() && role != PartyRole::Lead;
    let role_control = move || {
        if !changeable() {
            return view! { <Badge label=tf!("party_role.", role.code()) tone=if role == PartyRole::Lead { BadgeTone::Accent } else { BadgeTone::Plain }/> }.into_any();
        }
        let options = [PartyRole::Partner, PartyRole::Associated].map(|option| {
            view! { <option value=option.code() selected=option == role>{tf!("party_role.", option.code())}</option> }
        });
        view! {
            <label class="sort-choice">
                <span class="unseen">{live(move || text!("parties.role_of", city = name()))}</span>
                <span class="select">
                    <select
                        class="input"
                        on:change=on(move |event| {
                            if let Some(role) = PartyRole::from_code(&browser::event_text(&event)) {
                                let words = text!("parties.became", city = name(), role = textf!("party_role.", role.code()));
                                change.run((PartyChange::Become(id, role), words));
                            }
                        })
                    >
                        {options.into_iter().collect_any()}
                    </select>
                    {icon(Icon::ChevronDown)}
                </span>
            </label>
        }
        .into_any()
    };
    let remove = move |()| {
        change.run((PartyChange::Remove(id), text!("parties.removed", city = name())));
        browser::focus("party-search");
    };
    view! {
        <li class="party">
            <div>
                <p class="party-name"><a href=format!("/cities/{id}")>{name}</a></p>
                <p class="small soft">{live(move || city.with_value(cities::kind_and_country))}</p>
            </div>
            <div class="row">
                {role_control}
                {live(move || {
                    changeable()
                        .then(|| view! { <Button label=t!("edit.remove") about=Signal::derive(name) look=Look::Quiet icon=Icon::Delete on_press=remove/> })
                })}
            </div>
        </li>
    }
    .into_any()
}
