//! An organisation: its name, what it was called before and why, what it went into or what went into it, and what it funds.

use super::edit::Changes;
use super::{full, kind_and_country, names, timeline};
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text};
use leptos::prelude::*;
use shared::organisations::{OrganisationChangeView, OrganisationStep, OrganisationView};

/// An organisation.
#[component]
pub fn OrganisationPage() -> impl IntoView {
    let id = app::param("id");
    let day = app::query("as_of");
    let known = memo(session::is_known);
    let whole = load(move || {
        // What one may do depends on who one is.
        known.track();
        let day = day.get();
        let query: Vec<_> = Some(("as_of", day))
            .filter(|(_, day)| !day.is_empty())
            .into_iter()
            .collect();
        client::get::<OrganisationView>(app::address(&format!("/organisations/{}", id.get()), &query))
    });
    view! { <Loaded of=whole lines=8 view=move |view: OrganisationView| sheet(view, whole)/> }.into_any()
}

fn sheet(of: OrganisationView, loading: Loading<OrganisationView>) -> AnyView {
    let (title, id) = (full(names(&of)), of.id);
    let past = of.as_of.map(|day| {
        view! {
            <Notice>
                <p>{live(move || text!("organisations.as_of", day = intl::date(day)))}</p>
                <p><a href=format!("/organisations/{id}")>{t!("organisations.today")}</a></p>
            </Notice>
        }
    });
    let gone = of.successor().map(|change| {
        let into = change.into.clone();
        let day = change.on;
        let way = into.map(|into| {
            let label = full((&into.name, into.short_name.as_deref()));
            view! { <p><a href=format!("/organisations/{}", into.id)>{label}</a></p> }
        });
        view! {
            <Notice tone=Tone::Warning>
                <p>{live(move || text!("organisations.gone", day = intl::date(day)))}</p>
                {way}
            </Notice>
        }
    });
    let acts = (!of.allowed.is_empty()).then(|| view! { <Changes of=of.clone() loading=loading/> });
    let facts = of.clone();
    let (part_of, website) = (of.part_of.clone(), of.website.clone());
    let became = (!of.changes.is_empty()).then(|| {
        section(
            "became",
            t!("organisations.became"),
            timeline(of.changes.clone(), became_words),
        )
    });
    let absorbed = (!of.absorbed.is_empty()).then(|| {
        section(
            "absorbed",
            t!("organisations.absorbed"),
            timeline(of.absorbed.clone(), absorbed_words),
        )
    });
    let programmes = (!of.programmes.is_empty()).then(|| {
        let items = of.programmes.into_iter().map(|programme| {
            let href = format!("/programmes/{}/rules", programme.id);
            view! { <li><a href=href>{live(move || i18n::own_text(&programme.name))}</a></li> }
        });
        section(
            "programmes",
            t!("organisations.programmes"),
            view! { <ul>{items.collect_any()}</ul> }.into_any(),
        )
    });
    view! {
        <PageHeader title=Signal::stored(title) crumbs=vec![Crumb::new("/organisations", t!("organisations.title"))]/>
        <div class="stack stack-l measure">
            {past}
            {gone}
            <div>
                <p>{live(move || kind_and_country(&facts))}</p>
                {part_of.map(|whole| view! { <p class="soft">{live(move || text!("organisations.part_of", name = whole.clone()))}</p> })}
                {website.map(|site| {
                    let label = site.clone();
                    view! { <p><a href=site rel="external noopener">{label}</a></p> }
                })}
            </div>
            {became}
            {absorbed}
            {programmes}
            {acts}
        </div>
    }
    .into_any()
}

fn section(id: &'static str, title: Signal<String>, body: AnyView) -> AnyView {
    view! {
        <section class="stack" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {body}
        </section>
    }
    .into_any()
}

fn became_words(change: &OrganisationChangeView) -> String {
    let name = full(change.names());
    match change.step {
        OrganisationStep::Renamed => text!("organisations.was_called", name = name),
        OrganisationStep::Merged => text!("organisations.went_into"),
    }
}

fn absorbed_words(change: &OrganisationChangeView) -> String {
    full(change.names())
}
