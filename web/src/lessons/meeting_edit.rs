//! What is said of a meeting, changed in its page: its name in three languages, its place, its days, its source.

use super::model;
use crate::form::Form;
use crate::i18n::{self, Language};
use crate::ui::prelude::*;
use crate::{client, t, text};
use leptos::prelude::*;
use shared::lessons::{MEETING_NAME_MAX, MeetingPatch, MeetingSummary, MeetingView};
use shared::problem::{FieldCode, FieldError};
use wasm_bindgen_futures::spawn_local;

/// The button that opens the form, and the form.
pub fn change(of: &MeetingSummary, loading: Loading<MeetingView>) -> AnyView {
    let (id, version) = (of.id, of.version);
    let open = State::new(false);
    let form = Form::new(format!("meeting:{id}:{version}"));
    let said = |language: Language| of.name.get(language.tag()).cloned().unwrap_or_default();
    let names = [
        form.field("meeting-name-fr", "/name/fr", said(Language::Fr)),
        form.field("meeting-name-en", "/name/en", said(Language::En)),
        form.field("meeting-name-uk", "/name/uk", said(Language::Uk)),
    ];
    let place = form.field("meeting-place", "/place", of.place.clone());
    let starts_on = form.field("meeting-starts", "/starts_on", of.starts_on.to_string());
    let ends_on = form.field("meeting-ends", "/ends_on", of.ends_on.to_string());
    let source = form.field("meeting-source", "/source", of.source.clone().unwrap_or_default());
    let send = move || {
        form.clear();
        let name = model::texts(names.map(crate::form::Field::trimmed));
        let days = [starts_on, ends_on].map(|field| shared::time::parse_day(&field.trimmed()));
        let missing = [
            ("/name/fr", name.is_empty()),
            ("/starts_on", days[0].is_none()),
            ("/ends_on", days[1].is_none()),
        ];
        let missing = missing.into_iter().filter(|(_, missing)| *missing);
        let faults: Vec<FieldError> = missing
            .map(|(at, _)| FieldError::new(at, FieldCode::Required))
            .collect();
        if !faults.is_empty() {
            return form.fail(crate::activities::faulty(faults));
        }
        let patch = MeetingPatch {
            name: Some(name),
            place: Some(place.trimmed()),
            starts_on: days[0],
            ends_on: days[1],
            source: Some(Some(source.trimmed()).filter(|words| !words.is_empty())),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::patch::<_, MeetingView>(format!("/meetings/{id}"), version, &patch).await;
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    open.try_set(false);
                    toast::say(text!("meetings.changed"));
                    loading.reload();
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <Button label=t!("meetings.edit") look=Look::Secondary icon=Icon::Edit on_press=move |()| open.set(true)/>
        <Dialog id="meeting-edit" title=t!("meetings.edit") open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <ErrorSummary form=form/>
                <fieldset class="stack">
                    <legend>{t!("meetings.name")}</legend>
                    {names
                        .into_iter()
                        .zip(Language::ALL)
                        .map(|(field, language)| {
                            let label = Signal::stored(i18n::own_name(language).to_owned());
                            view! { <TextArea field=field label=label rows=1 limit=MEETING_NAME_MAX as usize optional=true/> }
                        })
                        .collect_any()}
                </fieldset>
                <TextField field=place label=t!("meetings.place") optional=true/>
                <div class="pair-choice">
                    <TextField field=starts_on label=t!("meetings.starts_on") kind=Kind::Date/>
                    <TextField field=ends_on label=t!("meetings.ends_on") kind=Kind::Date/>
                </div>
                <TextField field=source label=t!("partnership.source") optional=true/>
                <div class="row">
                    <Button label=t!("action.save") submit=true busy=form.busy/>
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
