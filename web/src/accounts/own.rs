//! One's own account: the name that others read, the language of mails, and how often the digest comes.

use crate::form::Form;
use crate::ui::prelude::*;
use crate::{client, session, t, text, textf};
use leptos::prelude::*;
use shared::accounts::{AccountPatch, AccountView, Digest};
use shared::language::Language;
use wasm_bindgen_futures::spawn_local;

/// One's own account.
#[component]
pub fn AccountPage() -> impl IntoView {
    view! {
        {live(move || match session::is_known().then(session::is_signed_in) {
            None => view! { <Skeleton lines=6/> }.into_any(),
            Some(false) => {
                view! {
                    <PageHeader title=t!("account.title")/>
                    <EmptyState title=t!("problem.unauthenticated")>
                        <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/>
                    </EmptyState>
                }
                    .into_any()
            }
            Some(true) => own(),
        })}
    }
    .into_any()
}

fn own() -> AnyView {
    let account = load(|| client::get::<AccountView>("/me"));
    view! {
        <PageHeader title=t!("account.title") lead=t!("account.lead")/>
        <Loaded of=account view=|account: AccountView| view! { <Editor account=account/> }.into_any()/>
    }
    .into_any()
}

#[component]
fn Editor(account: AccountView) -> impl IntoView {
    let form = Form::new("account");
    let version = Kept::new(account.version);
    let name = form.field("account-name", "/name", account.name.clone());
    let language = form.field("account-language", "/language", account.language.tag());
    let digest = form.field("account-digest", "/digest", account.digest.code());
    let languages = Signal::derive(|| {
        Language::ALL
            .map(|language| (language.tag().to_owned(), intl::own_language_name(language.tag())))
            .to_vec()
    });
    let choices = Signal::derive(|| {
        Digest::ALL
            .iter()
            .map(|digest| (digest.code().to_owned(), textf!("digest.", digest.code())))
            .collect::<Vec<_>>()
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if form.busy.get_untracked() {
            return;
        }
        form.clear();
        form.busy.set(true);
        let patch = AccountPatch {
            name: Some(name.trimmed()),
            language: Language::from_tag(&language.trimmed()),
            digest: Digest::from_code(&digest.trimmed()),
        };
        spawn_local(async move {
            let answer = client::patch::<_, AccountView>("/me", version.get_value(), &patch).await;
            form.busy.try_set(false);
            match answer {
                Ok(account) => {
                    version.set_value(account.version);
                    session::know(account);
                    toast::say(text!("account.saved"));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <div class="narrow">
            <ErrorSummary form=form/>
            <form class="stack" novalidate on:submit=submit>
                <p class="soft">{t!("account.email")} " " <strong>{account.email.clone()}</strong></p>
                <TextField field=name label=t!("account.name") hint=t!("account.name_hint") autocomplete="name"/>
                <Select field=language label=t!("account.language") hint=t!("account.language_hint") options=languages/>
                <RadioGroup field=digest label=t!("account.digest") hint=t!("account.digest_hint") options=choices/>
                <div class="row"><Button label=t!("action.save") submit=true busy=form.busy/></div>
            </form>
        </div>
    }
    .into_any()
}
