//! The agreement of each party to what the file says now.

use super::desk::Desk;
use crate::cities;
use crate::client::Failure;
use crate::ui::prelude::*;
use crate::{session, t, text};
use leptos::prelude::*;
use shared::applications::{ApplicationAction, ApplicationPartyView, SignOffDraft};
use shared::ids::CityId;
use shared::partnerships::PartyRole;
use wasm_bindgen_futures::spawn_local;

/// The step of the agreements.
#[component]
pub fn SignOffStep(
    /// The file.
    desk: Desk,
) -> impl IntoView {
    let asked = State::new(None::<(CityId, String)>);
    let open = State::new(false);
    let busy = State::new(false);
    let failure = State::new(None::<Failure>);
    let sign = move |()| {
        let Some((city_id, name)) = asked.get_untracked() else {
            return;
        };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = desk.act("sign-off", &SignOffDraft { city_id }).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    open.try_set(false);
                    toast::say(text!("sign_off.done", city = name));
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    let ask = Callback::new(move |(id, name): (CityId, String)| {
        failure.set(None);
        asked.set(Some((id, name)));
        open.set(true);
    });
    view! {
        <div class="stack stack-l">
            <p class="measure">{t!("sign_off.words")}</p>
            <ul class="parties">
                {each(
                    move || desk.view.with(|view| view.parties.clone()),
                    |party| (party.city.id, party.role, party.signed_off_at),
                    move |party| sign_row(desk, party, ask),
                )}
            </ul>
        </div>
        <Dialog id="sign-off-dialog" title=t!("sign_off.ask") open=open>
            <p>{live(move || asked.get().map(|(_, city)| text!("sign_off.consequence", city = city)))}</p>
            {live(move || failure.get().map(|failure| view! { <ProblemView failure=failure/> }))}
            <div class="row">
                <Button label=t!("sign_off.confirm") icon=Icon::Check busy=busy on_press=sign/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </Dialog>
    }
    .into_any()
}

fn sign_row(desk: Desk, party: ApplicationPartyView, ask: Callback<(CityId, String)>) -> AnyView {
    let ApplicationPartyView {
        city,
        role,
        signed_off_at,
    } = party;
    let id = city.id;
    let city = Kept::new(city);
    let name = move || city.with_value(cities::name);
    let own = memo(move || session::own_cities().iter().any(|(known, _)| *known == id));
    let state = move || {
        match (role, signed_off_at) {
        (PartyRole::Associated, _) => {
            view! { <span class="soft">{t!("sign_off.not_needed")}</span> }.into_any()
        }
        (_, Some(at)) => {
            view! {
                <span class="signed">{icon(Icon::Done)} <span>{text!("sign_off.signed", time = intl::date_time(at))}</span></span>
            }
            .into_any()
        }
        (_, None) => view! { <Badge label=t!("sign_off.waiting") tone=BadgeTone::Warning/> }.into_any(),
    }
    };
    let may = move || {
        own.get()
            && role != PartyRole::Associated
            && signed_off_at.is_none()
            && desk
                .view
                .with(|view| view.allowed.contains(&ApplicationAction::SignOff))
    };
    view! {
        <li class="party">
            <div>
                <p class="party-name">{name}</p>
                <p class="small">{state}</p>
            </div>
            {live(move || {
                may()
                    .then(|| {
                        view! {
                            <Button label=t!("sign_off.button") about=Signal::derive(name) icon=Icon::Check on_press=move |()| ask.run((id, untrack(name)))/>
                        }
                    })
            })}
        </li>
    }
    .into_any()
}
