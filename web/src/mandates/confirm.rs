//! What the link of a mail opens: whom it is about, and one button. Opening it changes nothing, for programs look into mails before people
//! do.

use crate::client;
use crate::ui::prelude::*;
use crate::{app, t};
use leptos::prelude::*;
use shared::mandates::ContactConfirmation;
use wasm_bindgen_futures::spawn_local;

/// One click: still the right person.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let (token, city) = (app::query("token"), app::query("city"));
    let of = load(move || client::get::<ContactConfirmation>(path(&token.get())));
    let (busy, done) = (State::new(false), State::new(false));
    let confirm = move |()| {
        busy.set(true);
        spawn_local(async move {
            let answer = client::post::<_, ContactConfirmation>(path(&token.get_untracked()), &()).await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    done.try_set(true);
                    crate::browser::focus_soon("confirmed");
                }
                Err(failure) => {
                    toast::say(failure_sentence(&failure));
                    of.reload();
                }
            }
        });
    };
    let list = Signal::derive(move || match city.get() {
        id if id.is_empty() => "/".to_owned(),
        id => format!("/cities/{id}/contacts"),
    });
    let body = move || {
        if done.get() {
            return view! {
                <div id="confirmed" tabindex="-1">
                    <Notice tone=Tone::Success><p role="status">{t!("confirm.thanks")}</p></Notice>
                </div>
            }
            .into_any();
        }
        match of.get() {
            Load::Waiting => view! { <Skeleton lines=4/> }.into_any(),
            Load::Failed(failure) => view! {
                <div class="stack">
                    <ProblemView failure=failure/>
                    <p><a href=by(move || list.get())>{t!("confirm.sign_in")}</a></p>
                </div>
            }
            .into_any(),
            Load::Ready(of) => view! {
                <div class="sheet stack">
                    <p><strong>{of.name}</strong></p>
                    {(!of.function.is_empty()).then(|| view! { <p class="soft">{of.function}</p> })}
                    <p>{t!("confirm.question")}</p>
                    <div class="row">
                        <Button label=t!("confirm.still_right") icon=Icon::Check busy=busy on_press=confirm/>
                        <LinkButton href=list label=t!("confirm.changed") look=Look::Secondary icon=Icon::Edit/>
                    </div>
                    <p class="small soft">{t!("confirm.changed_words")}</p>
                </div>
            }
            .into_any(),
        }
    };
    view! {
        <PageHeader title=t!("confirm.title") lead=t!("confirm.lead")/>
        <div class="stack measure">{live(body)}</div>
    }
    .into_any()
}

fn path(token: &str) -> String {
    app::address("/contact-confirmation", &[("token", token)])
}
