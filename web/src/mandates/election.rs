//! Entering an election: of one city by its staff, of a country by administrators.

use crate::form::{Field, Form};
use crate::ui::prelude::*;
use crate::{activities, client, t, text, textf};
use leptos::prelude::*;
use shared::cities::CityKind;
use shared::mandates::{ElectionDraft, ElectionView};
use shared::problem::{FieldCode, FieldError};
use wasm_bindgen_futures::spawn_local;

/// The button that opens the form.
#[component]
pub fn RecordElection(
    /// The city whose election it is; without one, a country is asked for.
    #[prop(optional, into)]
    city: Option<String>,
    /// Hears that one was entered.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let open = State::new(false);
    let form = Form::new("election:new");
    let day = form.field("election-day", "/day", "");
    let name = form.field("election-name", "/name", "");
    let country = form.field("election-country", "/country", "FR");
    let kind = form.field("election-kind", "/kind", "");
    let source = form.field("election-source", "/source", "");
    let city_id = city.and_then(|id| id.parse().ok());
    let send = move || {
        form.clear();
        let mut faults = Vec::new();
        let on = shared::time::parse_day(&day.trimmed());
        if on.is_none() {
            faults.push(FieldError::new("/day", FieldCode::Required));
        }
        let empty = [name, source]
            .into_iter()
            .filter(|field: &Field| field.trimmed().is_empty());
        faults.extend(empty.map(|field| FieldError::new(field.pointer, FieldCode::Required)));
        let Some(on) = on.filter(|_| faults.is_empty()) else {
            return form.fail(activities::faulty(faults));
        };
        let whole = city_id.is_none();
        let draft = ElectionDraft {
            day: on,
            name: name.trimmed(),
            city_id,
            country: whole.then(|| country.trimmed()),
            kind: CityKind::from_code(&kind.trimmed()).filter(|_| whole),
            source: source.trimmed(),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::post::<_, ElectionView>("/elections", &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    for field in [day, name, source] {
                        field.text.try_set(String::new());
                    }
                    open.try_set(false);
                    toast::say(text!("elections.entered"));
                    done.run(());
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let kinds = Signal::derive(|| {
        CityKind::ALL
            .iter()
            .map(|kind| (kind.code().to_owned(), textf!("city_kind.", kind.code())))
            .collect::<Vec<_>>()
    });
    let place = move || {
        city_id.is_none().then(|| {
            view! {
                <Select field=country label=t!("elections.country") options=Signal::derive(intl::countries)/>
                <Select field=kind label=t!("elections.kind") options=kinds none=t!("elections.all_kinds") optional=true/>
            }
        })
    };
    view! {
        <div><Button label=t!("elections.add") look=Look::Secondary icon=Icon::Plus on_press=move |()| open.set(true)/></div>
        <Dialog id="election-new" title=t!("elections.add") open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <p>{t!("elections.add_words")}</p>
                <ErrorSummary form=form/>
                <TextField field=name label=t!("elections.name") hint=t!("elections.name_hint")/>
                <TextField field=day label=t!("elections.day") hint=t!("elections.day_hint") kind=Kind::Date/>
                {place()}
                <TextField field=source label=t!("elections.source") hint=t!("elections.source_hint")/>
                <div class="row">
                    <Button label=t!("action.save") submit=true busy=form.busy/>
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
