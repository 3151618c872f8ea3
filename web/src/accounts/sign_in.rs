//! The sign-in page. A failure never says whether the address or the password was wrong; afterwards the reader is back where they were.

use crate::form::Form;
use crate::ui::prelude::*;
use crate::{app, session, t, text};
use leptos::prelude::*;
use shared::accounts::Credentials;
use wasm_bindgen_futures::spawn_local;

/// The sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let back = app::query("return");
    let go = app::navigator();
    let form = Form::new("sign-in");
    let email = form.field("email", "/email", "");
    let password = form.field("password", "/password", "");

    // Somebody who is signed in already, or has just done so in another tab, has nothing to do here.
    effect(move || {
        if session::is_signed_in() {
            go.run(session::return_path(Some(&back.get_untracked())));
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if form.busy.get_untracked() {
            return;
        }
        form.clear();
        form.busy.set(true);
        let credentials = Credentials {
            email: email.trimmed(),
            password: password.text.get_untracked(),
        };
        spawn_local(async move {
            let answer = session::sign_in(&credentials).await;
            form.busy.try_set(false);
            match answer {
                Ok(()) => toast::say(text!("sign_in.done")),
                Err(failure) => {
                    password.text.try_set(String::new());
                    form.fail(failure);
                }
            }
        });
    };
    view! {
        <PageHeader title=t!("sign_in.title") lead=t!("sign_in.lead")/>
        <div class="narrow">
            <ErrorSummary form=form/>
            <form class="stack" novalidate on:submit=submit>
                <TextField field=email label=t!("sign_in.email") kind=Kind::Email autocomplete="username"/>
                <TextField field=password label=t!("sign_in.password") kind=Kind::Password autocomplete="current-password"/>
                <div class="row"><Button label=t!("action.sign_in") submit=true busy=form.busy/></div>
            </form>
            <p class="soft small">{t!("sign_in.help")}</p>
        </div>
    }
    .into_any()
}
