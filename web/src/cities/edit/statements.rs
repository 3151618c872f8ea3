//! Needs and offers: a theme, how pressing, a sentence, a place.

use super::fields::{Fields, StatementSlot};
use super::urgency_words;
use crate::ui::prelude::*;
use crate::{i18n, t, text, textf, tf};
use leptos::prelude::*;
use shared::cities::{SENTENCE_MAX, STATEMENTS_MAX, Urgency};
use shared::themes::Theme;

/// The statements in the form, and a way to add one.
pub(super) fn editor(fields: Fields, needs: bool) -> AnyView {
    let (pool, field) = if needs {
        (fields.needs, fields.need)
    } else {
        (fields.offers, fields.offer)
    };
    let themes = Signal::derive(i18n::themes);
    let taken = Signal::derive(move || {
        pool.in_use()
            .into_iter()
            .filter_map(|slot| slot.theme.get())
            .map(|theme| theme.slug().to_owned())
            .collect::<Vec<_>>()
    });
    let full = move || pool.used.get() >= STATEMENTS_MAX as usize;
    let label = if needs {
        t!("edit.add_need")
    } else {
        t!("edit.add_offer")
    };
    view! {
        {each(
            move || (0..pool.used.get()).collect(),
            |at| *at,
            move |at| pool.slots.with_value(|slots| slots.get(at).copied()).map(|slot| statement(fields, needs, at, slot)),
        )}
        <div class="measure stack" class:field-wrong=by(move || field.error.with(Option::is_some))>
            {crate::ui::field::error_line(field)}
            <div hidden=full>
                <Combobox
                    id=field.id
                    label=label
                    hint=t!("edit.theme_hint")
                    text=field.text
                    from=0
                    source=local_source(themes, taken)
                    on_pick=move |choice: Choice| {
                        field.type_text(String::new());
                        if let Some(theme) = Theme::from_slug(&choice.value) {
                            fields.add_statement(needs, theme);
                        }
                    }
                />
            </div>
        </div>
    }
    .into_any()
}

fn statement(fields: Fields, needs: bool, at: usize, slot: StatementSlot) -> AnyView {
    let theme = Signal::derive(move || {
        slot.theme
            .get()
            .map(|theme| textf!("theme.", theme.slug()))
            .unwrap_or_default()
    });
    let urgencies = Signal::derive(move || {
        Urgency::ALL
            .iter()
            .rev()
            .map(|urgency| (urgency.code().to_owned(), urgency_words(needs, urgency.code()).get()))
            .collect::<Vec<_>>()
    });
    let kind = if needs {
        tf!("statement.", "need")
    } else {
        tf!("statement.", "offer")
    };
    let drawn = view! {
        <fieldset class="slot stack">
            <legend><span class="unseen">{kind} " "</span> {theme}</legend>
            <TextArea field=slot.sentence label=t!("edit.sentence") hint=t!("edit.sentence_hint") rows=2 limit=SENTENCE_MAX as usize optional=true/>
            <RadioGroup field=slot.urgency label=if needs { t!("edit.urgency") } else { t!("edit.readiness") } options=urgencies inline=true/>
            <TextField field=slot.place label=t!("edit.place") hint=t!("edit.place_hint") optional=true/>
            <div>
                <Button label=t!("edit.remove") about=theme look=Look::Quiet icon=Icon::Delete on_press=move |()| fields.remove_statement(needs, at)/>
            </div>
        </fieldset>
    }
    .into_any();
    // In the summary of errors the sentence is one among many: there it is called by its theme.
    slot.sentence.is_called(Signal::derive(move || {
        format!("{} – {}", theme.get(), text!("edit.sentence"))
    }));
    drawn
}
