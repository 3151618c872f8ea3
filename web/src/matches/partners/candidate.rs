//! One candidate: who, how well it fits, what each side would gain, why.

use super::Search;
use super::reasons::{precedent, raises, reasons};
use crate::matches::bans;
use crate::matches::model::{self, COMPARED_MAX};
use crate::matches::synergy;
use crate::ui::chart;
use crate::ui::prelude::*;
use crate::{browser, cities, t, text, textf};
use leptos::prelude::*;
use shared::cities::CityAction;
use shared::history::precedents::PrecedentView;
use shared::scoring::{Facts, reweigh};
use shared::themes::Theme;
use wasm_bindgen_futures::spawn_local;

/// One candidate: who, how well it fits, what each would gain, why.
pub(super) fn candidate(search: Search, at: usize) -> AnyView {
    let Some(item) = search
        .candidates
        .items
        .with_untracked(|items| items.as_ref()?.get(at).cloned())
    else {
        return ().into_any();
    };
    let id = item.city.id;
    // The match can come while the card is there.
    let in_contact = memo(move || {
        search.candidates.items.with(|items| {
            items
                .as_ref()
                .and_then(|items| items.iter().find(|item| item.city.id == id))
                .is_some_and(|item| item.match_id.is_some())
        })
    });
    // The browser leaves out what is out of sight, and so do we while a slider moves: with hundreds of cards that is most of the work.
    let out_of_sight = State::new(false);
    let weights = State::new(search.weights.get_untracked());
    effect(move || {
        if !(out_of_sight.get() && search.moving.get()) {
            weights.set(search.weights.get());
        }
    });
    let score = {
        let given = item.score.clone();
        memo(move || weights.with(|weights| reweigh(&given, weights)))
    };
    let item = Kept::new(item);
    let city = move || item.with_value(|item| item.city.clone());
    let name = Signal::derive(move || item.with_value(|item| cities::name(&item.city)));
    let own_name = Signal::derive(move || {
        search
            .own
            .with(|own| own.as_ref().map(|own| cities::name(&own.summary)).unwrap_or_default())
    });
    let line = move || {
        let city = city();
        let mut parts = vec![cities::kind_and_country(&city)];
        parts.extend(city.population.map(|count| text!("cities.population", count = count)));
        parts.extend(
            item.with_value(|item| item.distance_km)
                .map(|km| intl::kilometres(f64::from(km))),
        );
        parts.join(" · ")
    };
    let whole = Signal::derive(move || score.with(|score| model::share(score.total, score)));
    let gains = move || {
        search.facts.with(|us| {
            us.as_ref()
                .map(|us| item.with_value(|item| gains(us, &item.facts, name)))
        })
    };
    let past = live(move || item.with_value(|item| item.precedents.first().map(past)));
    let reasons = Signal::derive(move || {
        search.facts.with(|us| {
            us.as_ref()
                .map(|us| item.with_value(|item| score.with(|score| reasons(us, item, score))))
                .unwrap_or_default()
        })
    });
    let raise = move || item.with_value(|item| score.with(|score| raises(item, score)));
    let is_compared = Signal::derive(move || {
        search
            .compared
            .with(|compared| compared.iter().any(|known| known.city.id == id))
    });
    let compare = move |()| {
        search
            .compared
            .update(|compared| match compared.iter().position(|known| known.city.id == id) {
                Some(at) => {
                    compared.remove(at);
                }
                None if compared.len() < COMPARED_MAX => compared.push(item.get_value()),
                None => toast::say(text!("partners.compare_full", count = COMPARED_MAX)),
            });
    };
    let interested = move |()| {
        search.wanted.set(Some((id, name.get_untracked())));
        // The dialog is made with the city; it opens once it is there.
        spawn_local(async move {
            browser::rest(0).await;
            search.asking.try_set(true);
        });
    };
    let may_ban = search.own.with_untracked(|own| {
        own.as_ref()
            .is_some_and(|own| own.allowed.contains(&CityAction::ManagePrivate))
    });
    let never = move |()| {
        if let Some(own) = search.own.with_untracked(|own| own.as_ref().map(|own| own.summary.id)) {
            bans::never(own, id, name.get_untracked(), search.ruled_out);
        }
    };
    let why_open = State::new(false);
    let why = NodeRef::<leptos::html::Details>::new();
    let drawn_or_not = move |event: web_sys::Event| {
        let skipped = browser::property(&event, "skipped").is_some_and(|skipped| skipped.is_truthy());
        out_of_sight.set(skipped);
        search.sees(id, !skipped);
    };
    view! {
        <li on:contentvisibilityautostatechange=on(drawn_or_not)>
            <article class="card partner">
                <div class="partner-head">
                    <div>
                        <h2 class="card-title"><a id=format!("partner-{id}") href=format!("/cities/{id}")>{name}</a></h2>
                        {live(move || cities::official_name(&city()).map(|official| view! { <p class="small soft">{official}</p> }))}
                        <p class="small">{line}</p>
                    </div>
                    <p class="partner-score">
                        <span class="unseen">{t!("partners.score")} " "</span>
                        <strong class="numeric">{live(move || intl::percent((whole.get() * 100.0).round() / 100.0))}</strong>
                        {live(move || chart::bar(whole.get(), "bar-a"))}
                    </p>
                </div>
                {live(move || city().open_to_partners.then(|| view! { <p><Badge label=t!("cities.open") tone=BadgeTone::Accent/></p> }))}
                {gains}
                {past}
                <details class="twin why" node_ref=why on:toggle=on(move |_| why_open.set(why.get_untracked().is_some_and(|details| details.open())))>
                    <summary>{t!("partners.why")} <span class="unseen">" " {name}</span></summary>
                    {live(move || {
                        why_open
                            .get()
                            .then(|| {
                                view! {
                                    <p class="small soft">{t!("partners.why_words")}</p>
                                    <Reasons
                                        label=t!("partners.reasons", city = name.get())
                                        forward=t!("partners.for", city = own_name.get())
                                        backward=t!("partners.for", city = name.get())
                                        reasons=reasons
                                    />
                                    {search.own.with_untracked(|own| own.as_ref().map(|own| own.summary.id)).map(|own| synergy::note(own, id))}
                                    {raise_list(raise())}
                                }
                            })
                    })}
                </details>
                <div class="row">
                    {live(move || {
                        if in_contact.get() {
                            view! { <a class="button button-secondary" href="/matches">{icon(Icon::Mail)} <span>{t!("partners.in_contact")}</span></a> }.into_any()
                        } else {
                            view! { <Button label=t!("interest.begin") about=name icon=Icon::Send on_press=interested/> }.into_any()
                        }
                    })}
                    <Button label=t!("partners.compare") about=name look=Look::Secondary icon=Icon::Compare pressed=is_compared on_press=compare/>
                    {live(move || {
                        (may_ban && !in_contact.get()).then(|| view! { <Button label=t!("bans.card") about=name look=Look::Quiet on_press=never/> })
                    })}
                </div>
            </article>
        </li>
    }
    .into_any()
}

/// What each side would gain, in words: the sentence that decides.
fn gains(us: &Facts, them: &Facts, name: Signal<String>) -> AnyView {
    let themes = |met: Vec<(Theme, shared::cities::Urgency)>| -> Vec<Theme> {
        met.into_iter().map(|(theme, _)| theme).collect()
    };
    let (for_us, for_them) = (
        themes(model::met(&us.needs, &them.offers)),
        themes(model::met(&them.needs, &us.offers)),
    );
    let words = |themes: Vec<Theme>| {
        move || {
            intl::list(
                &themes
                    .iter()
                    .map(|theme| textf!("theme.", theme.slug()))
                    .collect::<Vec<_>>(),
            )
        }
    };
    let nothing = for_us.is_empty() && for_them.is_empty();
    view! {
        <dl class="gains">
            {(!for_us.is_empty()).then(|| view! { <div class="gains-a"><dt>{t!("partners.brings", city = name.get())}</dt> <dd>{words(for_us)}</dd></div> })}
            {(!for_them.is_empty()).then(|| view! { <div class="gains-b"><dt>{t!("partners.receives", city = name.get())}</dt> <dd>{words(for_them)}</dd></div> })}
            {nothing.then(|| view! { <div><dt class="unseen">{t!("chart.detail")}</dt> <dd class="soft">{t!("partners.no_exchange")}</dd></div> })}
        </dl>
    }
    .into_any()
}

/// What partnerships nearby say, apart from what the two would gain.
fn past(told: &PrecedentView) -> AnyView {
    view! {
        <p class="past">
            <span class="past-label">{t!("partners.past")}</span>
            " "
            {precedent(told)}
        </p>
    }
    .into_any()
}

/// What would bring the two nearer to each other.
fn raise_list(sentences: Vec<String>) -> Option<AnyView> {
    (!sentences.is_empty()).then(|| {
        view! {
            <p class="reasons-label">{t!("partners.raise")}</p>
            <ul class="small">{sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_any()}</ul>
        }
        .into_any()
    })
}
