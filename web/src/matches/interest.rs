//! Saying "interested" to another city, with a message, without leaving the page.

use super::synergy;
use crate::form::{DraftNote, Form};
use crate::ui::prelude::*;
use crate::{client, t, text};
use leptos::prelude::*;
use shared::ids::CityId;
use shared::matches::{MESSAGE_MAX, MatchDraft, MatchView};
use wasm_bindgen_futures::spawn_local;

/// The dialog. What is typed stays when it is closed.
#[component]
pub fn InterestDialog(
    /// The city in whose name one speaks.
    from: CityId,
    /// Its name.
    from_name: String,
    /// The city one speaks to.
    to: CityId,
    /// Its name.
    #[prop(into)]
    to_name: Signal<String>,
    /// Whether the dialog is open.
    open: State<bool>,
    /// What happens with the match that came of it.
    #[prop(optional, into)]
    on_sent: Option<Callback<MatchView>>,
) -> impl IntoView {
    let form = Form::new(format!("interest:{from}:{to}"));
    let message = form.field("interest-message", "/message", "");
    form.autosave();
    let send = move || {
        form.clear();
        form.busy.set(true);
        let draft = MatchDraft {
            from_city_id: from,
            to_city_id: to,
            message: message.trimmed(),
        };
        spawn_local(async move {
            let answer = client::post::<_, MatchView>("/matches", &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(made) => {
                    form.forget_draft();
                    open.try_set(false);
                    toast::say(text!("interest.sent", city = to_name.get_untracked()));
                    if let Some(on_sent) = on_sent {
                        on_sent.try_run(made);
                    }
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let from_name = Kept::new(from_name);
    view! {
        <Dialog id="interest" title=t!("interest.title", city = to_name.get()) open=open>
            <form
                class="stack"
                novalidate
                on:submit=submit(form.busy, send)
            >
                <ErrorSummary form=form/>
                <p>{t!("interest.words", city = from_name.get_value())}</p>
                {synergy::note(from, to)}
                <TextArea field=message label=t!("interest.message") hint=t!("interest.hint") rows=6 limit=MESSAGE_MAX as usize/>
                <DraftNote form=form/>
                <div class="row">
                    <Button label=t!("interest.send") submit=true icon=Icon::Send busy=form.busy/>
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
