//! The description, one tab for each language.

use super::fields::{Fields, language_options, tab_id};
use crate::t;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::cities::DESCRIPTION_MAX;

/// Tabs, their texts, and a way to add a language.
pub(super) fn editor(fields: Fields) -> AnyView {
    let tabs = move || {
        let tabs: Vec<Tab> = fields
            .tabs
            .get()
            .into_iter()
            .map(|tag| Tab {
                id: tab_id(&tag),
                label: Signal::derive(move || intl::language_name(&tag)),
            })
            .collect();
        view! { <Tabs label=t!("city.description_languages") tabs=tabs selected=fields.tab/> }
    };
    let taken = fields.tabs;
    view! {
        {tabs}
        {each(
            move || fields.tabs.get(),
            String::clone,
            move |tag| {
                let field = fields.described(&tag);
                let name = tag.clone();
                let label = t!("edit.description_in", language = intl::language_name(&name));
                view! {
                    <TabPanel id=tab_id(&tag) selected=fields.tab>
                        <TextArea field=field label=label hint=t!("edit.description_hint") rows=8 limit=DESCRIPTION_MAX as usize optional=true lang=tag/>
                    </TabPanel>
                }
            },
        )}
        <div class="measure">
            <Combobox
                id=fields.new_language.id
                label=t!("edit.description_add")
                text=fields.new_language.text
                from=0
                source=local_source(Signal::derive(language_options), taken.into())
                on_pick=move |choice: Choice| {
                    fields.new_language.text.set(String::new());
                    fields.add_language(&choice.value);
                    crate::browser::focus_soon(fields.described(&choice.value).id);
                }
            />
        </div>
    }
    .into_any()
}
