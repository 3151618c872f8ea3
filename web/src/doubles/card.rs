//! One proposal: the two beside each other, what speaks for and against, and the decision.

use super::model::{figure, hint_key, href, own_only};
use crate::client::{self, Failure};
use crate::ui::growing::Growing;
use crate::ui::prelude::*;
use crate::{cities, t, text, textf, tf};
use leptos::prelude::*;
use serde::Serialize;
use shared::doubles::{
    DoubleAction, DoubleHint, DoubleMerge, DoubleRejection, DoubleSide, DoubleState, DoubleSubject, DoubleView,
    SuccessionReason,
};
use shared::ids::DoubleId;
use wasm_bindgen_futures::spawn_local;

/// Proposals of a list, as it is shown.
pub type Doubles = Growing<DoubleView>;

/// One proposal as an item of the list.
pub fn card(double: DoubleView, list: Doubles) -> AnyView {
    let failure = State::new(None::<Failure>);
    let busy = State::new(false);
    let reason = State::new(SuccessionReason::Double);
    let (id, version) = (double.id, double.version);
    let both = (double.a.clone(), double.b.clone());
    let title = Signal::derive(move || text!("doubles.pair", a = name(&both.0), b = name(&both.1)));
    let desk = Desk {
        id,
        version,
        list,
        busy,
        failure,
    };
    let may = |action| double.allowed.contains(&action);
    let heading = format!("double-{id}");
    let labelled = heading.clone();
    let (is_city, is_merged) = (
        double.subject == DoubleSubject::City,
        double.state == DoubleState::Merged,
    );
    let merge = may(DoubleAction::Merge).then(|| merging(desk, &double, reason));
    let reject = may(DoubleAction::Reject).then(|| {
        view! { <Button label=t!("doubles.reject") about=title look=Look::Quiet busy=busy on_press=move |()| desk.reject() /> }
    });
    let undo = may(DoubleAction::Undo).then(|| {
        view! { <Button label=t!("action.undo") about=title look=Look::Secondary icon=Icon::Undo busy=busy on_press=move |()| desk.undo() /> }
    });
    let decided = decision(&double);
    let score = double.score;
    view! {
        <li class="double" aria-labelledby=labelled data-double=id.to_string()>
            <div class="double-head">
                <h2 class="double-title" id=heading tabindex="-1">{title}</h2>
                <p class="double-score">
                    <span class="double-percent">{live(move || intl::percent(f64::from(score) / 100.0))}</span>
                    <span class="small soft">{t!("doubles.likely")}</span>
                </p>
            </div>
            <div class="double-sides">{side(double.a.clone(), &double.b, is_merged)} {side(double.b.clone(), &double.a, is_merged)}</div>
            <ul class="double-hints">{double.hints.iter().cloned().map(hint).collect_any()}</ul>
            {decided}
            {(!double.note.is_empty()).then(|| view! { <p class="double-note">{double.note.clone()}</p> })}
            {live(move || failure.get().map(|failure| view! { <ProblemView failure=failure/> }))}
            <div class="double-acts no-print" data-kind=if is_city { "city" } else { "partnership" }>{merge} {reject} {undo}</div>
        </li>
    }
    .into_any()
}

/// The name of one for the reader.
fn name(side: &DoubleSide) -> String {
    cities::name_of(&side.name, &side.labels)
}

fn side(side: DoubleSide, other: &DoubleSide, is_merged: bool) -> AnyView {
    let own_names: Vec<String> = own_only(&side.names, &other.names)
        .into_iter()
        .map(str::to_owned)
        .collect();
    let link = (!side.gone).then(|| href(&side));
    let shown = side.clone();
    let title = move || name(&shown);
    let DoubleSide {
        kind,
        country,
        population,
        codes,
        bonds,
        gone,
        ..
    } = side;
    let is_city = country.is_some();
    let kind_words = if is_city {
        tf!("city_kind.", &kind)
    } else {
        tf!("partnership_kind.", &kind)
    };
    view! {
        <div class="double-side" class:double-gone=gone>
            <p class="double-name">
                {match link {
                    Some(href) => view! { <a href=href>{live(title)}</a> }.into_any(),
                    None => live(title),
                }}
                {is_merged.then(|| {
                    let (label, tone) = if gone {
                        (t!("doubles.gone"), BadgeTone::Plain)
                    } else {
                        (t!("doubles.kept"), BadgeTone::Success)
                    };
                    view! { " " <Badge label=label tone=tone/> }
                })}
            </p>
            <dl class="double-facts">
                <div><dt>{t!("doubles.kind")}</dt><dd>{kind_words}</dd></div>
                {country.map(|country| view! { <div><dt>{t!("doubles.country")}</dt><dd>{live(move || intl::country(&country))}</dd></div> })}
                {is_city.then(|| view! {
                    <div>
                        <dt>{t!("doubles.population")}</dt>
                        <dd>{live(move || population.map_or_else(|| "–".to_owned(), |people| intl::number(people as f64)))}</dd>
                    </div>
                })}
                <div>
                    <dt>{if is_city { t!("doubles.partnerships") } else { t!("doubles.parties") }}</dt>
                    <dd>{live(move || intl::number(f64::from(bonds)))}</dd>
                </div>
                {(!codes.is_empty()).then(|| view! { <div><dt>{t!("doubles.codes")}</dt><dd class="double-codes">{codes.join(", ")}</dd></div> })}
                {(!own_names.is_empty()).then(|| view! { <div><dt>{t!("doubles.names")}</dt><dd>{live(move || intl::list(&own_names))}</dd></div> })}
            </dl>
        </div>
    }
    .into_any()
}

fn hint(hint: DoubleHint) -> AnyView {
    let sign = if hint.speaks_for { Icon::Check } else { Icon::Minus };
    let class = if hint.speaks_for {
        "double-for"
    } else {
        "double-against"
    };
    let said = hint.speaks_for;
    let words = move || {
        let value = match figure(&hint) {
            Some(figure) => intl::number(figure),
            None => hint.value.clone().unwrap_or_default(),
        };
        let key = hint_key(&hint);
        textf!("double_hint.", key, value = value)
    };
    view! {
        <li class=class>
            {icon(sign)}
            <span>
                <span class="unseen">{if said { t!("doubles.speaks_for") } else { t!("doubles.speaks_against") }} " "</span>
                {live(words)}
            </span>
        </li>
    }
    .into_any()
}

fn decision(double: &DoubleView) -> Option<AnyView> {
    let at = double.decided_at?;
    let by = double.decided_by.clone();
    let reason = double.reason;
    let words = move || {
        let when = intl::date_time(at);
        match (&by, reason) {
            (Some(by), Some(reason)) => {
                text!(
                    "doubles.merged_by",
                    by = by.clone(),
                    when = when,
                    reason = textf!("succession_reason.", reason.code())
                )
            }
            (Some(by), None) => text!("doubles.rejected_by", by = by.clone(), when = when),
            (None, _) => when,
        }
    };
    Some(view! { <p class="small soft">{live(words)}</p> }.into_any())
}

/// The reason, and which one to keep.
fn merging(desk: Desk, double: &DoubleView, reason: State<SuccessionReason>) -> AnyView {
    let keep = |side: &DoubleSide, look: Look, class: &'static str| {
        let id = side.id;
        let shown = side.clone();
        let label = Signal::derive(move || text!("doubles.keep", name = name(&shown)));
        view! {
            <span class=class>
                <Button label=label look=look busy=desk.busy on_press=move |()| desk.merge(DoubleMerge { keep: id, reason: reason.get_untracked(), note: String::new() })/>
            </span>
        }
        .into_any()
    };
    let select = format!("reason-{}", double.id);
    let labelled = select.clone();
    view! {
        <label class="double-reason" for=labelled>
            <span class="small">{t!("doubles.reason")}</span>
            <span class="select">
            <select
                class="input"
                id=select
                on:change=on(move |event: leptos::ev::Event| {
                    if let Some(told) = SuccessionReason::from_code(&crate::browser::event_text(&event)) {
                        reason.set(told);
                    }
                })
            >
                {SuccessionReason::ALL
                    .iter()
                    .map(|reason| view! { <option value=reason.code()>{tf!("succession_reason.", reason.code())}</option> })
                    .collect_any()}
            </select>
            {icon(Icon::ChevronDown)}
            </span>
        </label>
        {keep(&double.a, Look::Primary, "double-keep")}
        {keep(&double.b, Look::Secondary, "double-keep-other")}
    }
    .into_any()
}

/// Where a proposal is decided on.
#[derive(Clone, Copy)]
struct Desk {
    id: DoubleId,
    version: i64,
    list: Doubles,
    busy: State<bool>,
    failure: State<Option<Failure>>,
}

impl Desk {
    fn merge(self, told: DoubleMerge) {
        self.send("merge", told, || text!("doubles.merged_now"));
    }

    fn reject(self) {
        self.send("reject", DoubleRejection::default(), || text!("doubles.rejected_now"));
    }

    fn undo(self) {
        let Desk { id, version, list, .. } = self;
        take_back(id, version, list);
    }

    /// Sends a decision; the proposal leaves the list, and what was done can be taken back.
    fn send<B: Serialize + 'static>(self, verb: &'static str, told: B, said: fn() -> String) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        let Desk {
            id,
            version,
            list,
            busy,
            failure,
        } = self;
        spawn_local(async move {
            match client::act::<_, DoubleView>(format!("/doubles/{id}/{verb}"), version, &told).await {
                Ok(done) => {
                    super::list::go_on(id);
                    list.update(|items| items.retain(|item| item.id != id));
                    list.total
                        .try_update(|total| *total = total.map(|total| total.saturating_sub(1)));
                    let version = done.version;
                    toast::say_with_undo(said(), Callback::new(move |()| take_back(id, version, list)));
                }
                Err(why) => {
                    failure.try_set(Some(why));
                    busy.try_set(false);
                }
            }
        });
    }
}

/// Takes a decision back, from the list or from the message about it.
fn take_back(id: DoubleId, version: i64, list: Doubles) {
    spawn_local(async move {
        match client::act::<_, DoubleView>(format!("/doubles/{id}/undo"), version, &()).await {
            Ok(_) => {
                list.reload();
                toast::say(text!("doubles.undone"));
            }
            Err(failure) => toast::say(failure_sentence(&failure)),
        }
    });
}
