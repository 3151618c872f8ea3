//! What a city lies in, what lies in it, and what it took the place of: shown on its page where there is something, and fetched
//! apart. Who may change the city changes what it lies in.

use crate::form::Form;
use crate::split;
use crate::ui::later::later;
use crate::ui::prelude::*;
use crate::{activities, cities, client, t, text, textf};
use leptos::prelude::*;
use shared::cities::kin::{CityKin, CityRef};
use shared::cities::{CityPatch, CityView};
use shared::doubles::SuccessionView;
use shared::ids::CityId;
use shared::problem::{FieldCode, FieldError};
use wasm_bindgen_futures::spawn_local;

/// The kin of a city; the version that was read where the reader may change it.
pub fn kin(id: CityId, version: Option<i64>) -> AnyView {
    split!(
        referent,
        fn draw(id: CityId, version: Option<i64>) -> AnyView {
            view! { <Kin id=id version=version/> }.into_any()
        }
    );
    later(0, move || draw(id, version))
}

#[component]
fn Kin(id: CityId, version: Option<i64>) -> impl IntoView {
    let found = load(move || client::get::<CityKin>(format!("/cities/{id}/kin")));
    let version = State::new(version);
    live(move || {
        let known = found.ready()?;
        let CityKin {
            within,
            children,
            children_total,
            former,
        } = known;
        let may = version.get_untracked().is_some();
        if !may && within.is_empty() && children.is_empty() && former.is_empty() {
            return None;
        }
        let parent = within.first().cloned();
        let within_links = within.into_iter().map(|one| view! { <li>{link(one)}</li> }).collect_any();
        let more = children_total > children.len() as u64;
        let shown = children.len() as u64;
        let listed = (!children.is_empty()).then(|| {
            view! {
                <details class="twin">
                    <summary>{t!("kin.children", count = children_total)}</summary>
                    <ul class="kin-list">{children.into_iter().map(|one| view! { <li>{link(one)}</li> }).collect_any()}</ul>
                    {more.then(|| view! { <p class="small soft">{t!("kin.first", count = shown)}</p> })}
                </details>
            }
        });
        let none = parent.is_none();
        Some(view! {
            <section class="stack" aria-labelledby="kin">
                <h2 id="kin" class="former-title">{t!("kin.title")}</h2>
                {(!none).then(|| view! { <ol class="kin-list" aria-label=t!("kin.within")>{within_links}</ol> })}
                {(none && may).then(|| view! { <p class="soft">{t!("kin.none")}</p> })}
                {listed}
                {may.then(|| change(id, parent.clone(), version, found))}
                {(!former.is_empty())
                    .then(|| {
                        view! {
                            <h3 class="minor">{t!("former.title")}</h3>
                            <ul class="former">{former.into_iter().map(entry).collect_any()}</ul>
                        }
                    })}
            </section>
        })
    })
    .into_any()
}

fn link(of: CityRef) -> AnyView {
    let href = format!("/cities/{}", of.id);
    let kind = of.kind;
    view! {
        <a href=href>{live(move || cities::name_of(&of.name, &of.labels))}</a>
        " "
        <span class="small soft">{live(move || textf!("city_kind.", kind.code()))}</span>
    }
    .into_any()
}

fn entry(of: SuccessionView) -> AnyView {
    let SuccessionView {
        name, reason, note, at, ..
    } = of;
    let words = move || {
        text!(
            "former.words",
            reason = textf!("succession_reason.", reason.code()),
            day = intl::day_of(at)
        )
    };
    view! {
        <li>
            <span class="former-name">{name}</span>
            <span class="small soft">{live(words)}</span>
            {(!note.is_empty()).then(|| view! { <span class="small">{note}</span> })}
        </li>
    }
    .into_any()
}

/// Changing what a city lies in.
fn change(id: CityId, parent: Option<CityRef>, version: State<Option<i64>>, found: Loading<CityKin>) -> AnyView {
    let open = State::new(false);
    let form = Form::new(format!("kin:{id}"));
    let field = form.field("kin-parent", "/parent_id", "");
    let taken: State<Option<(CityId, String)>> = State::new(None);
    field.is_called(t!("kin.parent"));
    let is_set = parent.is_some();
    let write = move |parent: Option<CityId>| {
        let Some(known) = version.get_untracked() else { return };
        let patch = CityPatch {
            parent_id: Some(parent),
            ..CityPatch::default()
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::patch::<_, CityView>(format!("/cities/{id}"), known, &patch).await;
            form.busy.try_set(false);
            match answer {
                Ok(changed) => {
                    version.try_set(Some(changed.summary.version));
                    open.try_set(false);
                    toast::say(text!("kin.changed"));
                    found.reload();
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let send = move || {
        form.clear();
        let words = field.text.get_untracked();
        // The one that was taken, as long as its name stands in the field.
        match taken.get_untracked().filter(|(_, label)| *label == words) {
            Some((city, _)) => write(Some(city)),
            None => form.fail(activities::faulty(vec![FieldError::new(
                "/parent_id",
                FieldCode::Required,
            )])),
        }
    };
    let pick = move |choice: Choice| {
        field.error.set(None);
        let city = choice.value.parse().ok();
        taken.set(city.map(|city| (city, choice.label)));
    };
    view! {
        <div class="row no-print">
            <Button label=t!("kin.change") look=Look::Quiet icon=Icon::Edit on_press=move |()| open.set(true)/>
        </div>
        <Dialog id="kin-change" title=t!("kin.change") open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <ErrorSummary form=form/>
                <Combobox id=field.id label=t!("kin.parent") hint=t!("kin.parent_hint") text=field.text source=cities::search_source() on_pick=pick/>
                {live(move || field.error_text().map(|words| view! { <p class="field-error">{words}</p> }))}
                <div class="row">
                    <Button label=t!("action.save") submit=true busy=form.busy/>
                    {is_set.then(|| view! { <Button label=t!("kin.clear") look=Look::Secondary on_press=move |()| write(None)/> })}
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
