//! Contact persons: seen by the city's staff, and by those in contact with it through a match.

use super::fields::{ContactSlot, Fields};
use crate::t;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::cities::CONTACTS_MAX;

/// The contact persons in the form, and a way to add one.
pub(super) fn editor(fields: Fields) -> AnyView {
    let pool = fields.contacts;
    let full = move || pool.used.get() >= CONTACTS_MAX as usize;
    view! {
        {each(
            move || (0..pool.used.get()).collect(),
            |at| *at,
            move |at| pool.slots.with_value(|slots| slots.get(at).copied()).map(|slot| contact(fields, at, slot)),
        )}
        <div id="add-contact" tabindex="-1" hidden=full>
            <Button label=t!("edit.add_contact") look=Look::Secondary icon=Icon::Plus on_press=move |()| fields.add_contact()/>
        </div>
    }
    .into_any()
}

fn contact(fields: Fields, at: usize, slot: ContactSlot) -> AnyView {
    let about = Signal::derive(move || slot.name.text.get());
    view! {
        <fieldset class="slot stack">
            <legend>{t!("edit.contact", number = at + 1)}</legend>
            <div class="slot-columns">
                <TextField field=slot.name label=t!("edit.contact_name")/>
                <TextField field=slot.function label=t!("edit.contact_function")/>
                <TextField field=slot.email label=t!("edit.contact_email") kind=Kind::Email/>
                <TextField field=slot.phone label=t!("edit.contact_phone") optional=true/>
                <TextField field=slot.until label=t!("edit.contact_until") hint=t!("edit.contact_until_hint") kind=Kind::Date optional=true/>
            </div>
            <Checkbox id=format!("contact-{at}-elected") label=t!("edit.contact_elected") hint=t!("edit.contact_elected_hint") checked=slot.elected/>
            <div>
                <Button label=t!("edit.remove") about=about look=Look::Quiet icon=Icon::Delete on_press=move |()| fields.remove_contact(at)/>
            </div>
        </fieldset>
    }
    .into_any()
}
