//! The phase before a partnership: found by name, shown as a link, taken out again.

use crate::form::Field;
use crate::ui::prelude::*;
use crate::{app, browser, client, t, tf};
use leptos::prelude::*;
use shared::ids::PartnershipId;
use shared::partnerships::{PartnershipPage, PartnershipView};

/// The choice of the phase before; `own` is never its own.
pub(super) fn choice(field: Field, chosen: State<Option<PartnershipId>>, own: Option<PartnershipId>) -> AnyView {
    let label = t!("partnership.predecessor");
    field.is_called(label);
    let source = source(move |words: String| async move {
        let path = app::address("/partnerships", &[("q", words.trim()), ("limit", "8")]);
        let found = client::get::<PartnershipPage>(path).await;
        let choices = found.map(|page| {
            let others = page.items.into_iter().filter(|of| Some(of.id) != own);
            let choices = others.map(|of| Choice {
                value: of.id.to_string(),
                detail: of.party_names.join(", "),
                label: of.name,
            });
            choices.collect()
        });
        choices.unwrap_or_default()
    });
    let pick = move |choice: Choice| {
        field.type_text(String::new());
        if let Ok(id) = choice.value.parse() {
            field.error.set(None);
            chosen.set(Some(id));
        }
    };
    let remove = move |()| {
        chosen.set(None);
        browser::focus(field.id);
    };
    view! {
        <fieldset class="stack" class:field-wrong=by(move || field.error.with(Option::is_some))>
            <legend class="legend-title">{label}</legend>
            <p class="field-hint">{t!("partnership_edit.predecessor_hint")}</p>
            {crate::ui::field::error_line(field)}
            <ul class="party-rows">{live(move || chosen.get().map(|id| row(id, remove)))}</ul>
            <Combobox
                id=field.id
                label=t!("partnership_edit.predecessor_find")
                text=field.text
                source=source
                on_pick=pick
            />
        </fieldset>
    }
    .into_any()
}

fn row(id: PartnershipId, remove: impl Fn(()) + Copy + Send + Sync + 'static) -> AnyView {
    let of = load(move || client::get::<PartnershipView>(format!("/partnerships/{id}")));
    // As long as its name is not there, it is what it is.
    let name = Signal::derive(move || match of.ready() {
        Some(view) => view.summary.name,
        None => crate::text!("partnership.predecessor"),
    });
    let state = move || {
        of.ready().map(
            |view| view! { <span class="small soft">{tf!("partnership_state.", view.summary.state.code())}</span> },
        )
    };
    view! {
        <li class="party-row">
            <a href=format!("/partnerships/{id}")>{name}</a>
            {live(state)}
            <Button label=t!("edit.remove") about=name look=Look::Quiet icon=Icon::Delete on_press=remove/>
        </li>
    }
    .into_any()
}
