//! The project: title, themes, answers to the call's questions.

use super::desk::Desk;
use crate::ui::prelude::*;
use crate::{i18n, t};
use leptos::prelude::*;
use shared::applications::TITLE_MAX;

/// The step of the project.
#[component]
pub fn ProjectStep(
    /// The file.
    desk: Desk,
) -> impl IntoView {
    let options = Signal::derive(i18n::themes);
    let questions = desk.view.with_untracked(|view| view.questions.clone());
    let fields = desk.answers.get_value();
    view! {
        <div class="stack stack-l">
            <TextField field=desk.title label=t!("file.title") hint=t!("file.title_hint", count = TITLE_MAX)/>
            <CheckboxGroup
                field=desk.theme
                label=t!("file.themes")
                hint=t!("file.themes_hint")
                options=options
                chosen=desk.themes
                columns=true
            />
            {questions
                .into_iter()
                .filter_map(|question| {
                    let (_, field) = fields.iter().find(|(key, _)| *key == question.key)?;
                    let label = question.label.clone();
                    let hint = question.hint.clone();
                    // An empty hint would be an empty line that is read out.
                    let hint = (!hint.is_empty()).then(|| Signal::derive(move || i18n::own_text(&hint)));
                    let limit = question.max_length as usize;
                    let rows = if limit > 1_500 { 10 } else { 5 };
                    let optional = !question.required;
                    let label = Signal::derive(move || i18n::own_text(&label));
                    Some(match hint {
                        Some(hint) => view! { <TextArea field=*field label=label hint=hint rows=rows limit=limit optional=optional/> }.into_any(),
                        None => view! { <TextArea field=*field label=label rows=rows limit=limit optional=optional/> }.into_any(),
                    })
                })
                .collect_any()}
        </div>
    }
    .into_any()
}
