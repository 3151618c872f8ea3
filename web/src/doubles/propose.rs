//! "These two are the same": a person names two that the search did not see.

use crate::cities;
use crate::client;
use crate::form::{Field, Form};
use crate::ui::prelude::*;
use crate::{t, text};
use leptos::prelude::*;
use shared::doubles::{DoubleDraft, DoubleSubject, DoubleView, NOTE_MAX};
use shared::ids::CityId;
use shared::problem::{FieldCode, FieldError};
use wasm_bindgen_futures::spawn_local;

/// One of the two: its field, and which city was taken for what stands in it.
#[derive(Clone, Copy)]
struct Side {
    field: Field,
    taken: State<Option<(CityId, String)>>,
}

impl Side {
    fn new(form: Form, id: &'static str, pointer: &'static str) -> Side {
        Side {
            field: form.field(id, pointer, ""),
            taken: State::new(None),
        }
    }

    /// The city, as long as its name stands in the field.
    fn city(self) -> Option<CityId> {
        let words = self.field.text.get_untracked();
        let taken = self.taken.get_untracked();
        taken.filter(|(_, label)| *label == words).map(|(city, _)| city)
    }

    fn view(self, label: Signal<String>) -> AnyView {
        self.field.is_called(label);
        let pick = move |choice: Choice| {
            let city = choice.value.parse().ok();
            self.field.error.set(None);
            self.taken.set(city.map(|city| (city, choice.label)));
        };
        view! {
            <div class="stack">
                <Combobox id=self.field.id label=label hint=t!("doubles.side_hint") text=self.field.text source=cities::search_source() on_pick=pick/>
                {live(move || self.field.error_text().map(|words| view! { <p class="field-error">{words}</p> }))}
            </div>
        }
        .into_any()
    }
}

/// The dialog in which two cities are named; `done` hears that there is a proposal.
pub(super) fn dialog(open: State<bool>, done: Callback<()>) -> AnyView {
    let form = Form::new("double:new");
    let (a, b) = (Side::new(form, "double-a", "/a"), Side::new(form, "double-b", "/b"));
    let note = form.field("double-note", "/note", "");
    let send = move || {
        form.clear();
        let required = |side: Side| {
            let missing = side.city().is_none();
            missing.then(|| FieldError::new(side.field.pointer, FieldCode::Required))
        };
        let faults: Vec<FieldError> = [a, b].into_iter().filter_map(required).collect();
        let (Some(first), Some(second)) = (a.city(), b.city()) else {
            return form.fail(crate::activities::faulty(faults));
        };
        let draft = DoubleDraft {
            subject: DoubleSubject::City,
            a: first.0,
            b: second.0,
            note: note.trimmed(),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::post::<_, DoubleView>("/doubles", &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    for field in [a.field, b.field, note] {
                        field.text.try_set(String::new());
                    }
                    open.try_set(false);
                    toast::say(text!("doubles.proposed"));
                    done.run(());
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <Dialog id="propose-double" title=t!("doubles.propose_title") open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <p>{t!("doubles.propose_words")}</p>
                <ErrorSummary form=form/>
                {a.view(t!("doubles.side_a"))}
                {b.view(t!("doubles.side_b"))}
                <TextArea field=note label=t!("doubles.note") rows=2 limit=NOTE_MAX as usize optional=true/>
                <div class="row">
                    <Button label=t!("doubles.propose_now") submit=true busy=form.busy/>
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
