//! The results of a partnership, in its page.

use super::model::{self, HEIGHT, Line, RIM, WIDTH};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{client, t, text, tf};
use leptos::prelude::*;
use shared::ids::{PartnershipId, ResultId};
use shared::problem::{FieldCode, FieldError};
use shared::results::{Evidence, Measure, ResultAction, ResultPage, ResultView, progress};
use wasm_bindgen_futures::spawn_local;

/// The results of a partnership.
#[component]
pub fn Results(
    /// The partnership.
    id: PartnershipId,
    /// Whether the reader may add some.
    may_add: bool,
) -> impl IntoView {
    let list = load(move || client::get::<ResultPage>(format!("/partnerships/{id}/results?limit=100")));
    view! {
        <section class="stack" aria-labelledby="results">
            <div class="row">
                <h2 id="results">{t!("results.title")}</h2>
                {may_add
                    .then(|| {
                        view! { <LinkButton href=format!("/partnerships/{id}/results/new") label=t!("results.add") look=Look::Secondary icon=Icon::Plus/> }
                    })}
            </div>
            <Loaded
                of=list
                lines=4
                view=move |page: ResultPage| {
                    if page.items.is_empty() {
                        return view! { <p class="soft">{t!("results.none")}</p> }.into_any();
                    }
                    view! { <div class="results">{page.items.into_iter().map(|result| card(result, list)).collect_any()}</div> }.into_any()
                }
            />
        </section>
    }
    .into_any()
}

fn card(result: ResultView, list: Loading<ResultPage>) -> AnyView {
    let may = |action| result.allowed.contains(&action);
    let (update, measure, delete) = (
        may(ResultAction::Update),
        may(ResultAction::Measure),
        may(ResultAction::Delete),
    );
    let (id, version) = (result.id, result.version);
    let (heading, named) = (format!("result-{id}"), format!("result-{id}"));
    let measuring = State::new(false);
    let about = result.about.clone();
    let title = Signal::stored(result.title.clone());
    let evidence = match result.evidence.clone() {
        Evidence::Indicator { unit, baseline, target } => indicator(&result, unit, baseline, target),
        Evidence::Document {
            title,
            url,
            dated_on,
            author,
        } => view! {
            <p>
                {icon(Icon::Document)} " " <a href=url rel="external noopener">{title}</a> <br/>
                <span class="small soft">{author} ", " {live(move || intl::date(dated_on))}</span>
            </p>
        }
        .into_any(),
    };
    let goals = result
        .sdgs
        .iter()
        .map(|goal| {
            let goal = *goal;
            view! { <li><Badge label=t!("results.sdg", number = goal)/></li> }
        })
        .collect_any();
    let theme = result.theme;
    view! {
        <article class="sheet stack result" aria-labelledby=named>
            <div>
                <p class="small soft">{tf!("theme.", theme.slug())}</p>
                <h3 id=heading>{result.title.clone()}</h3>
            </div>
            {(!about.trim().is_empty()).then(|| view! { <p>{about}</p> })}
            {evidence}
            <ul class="badges" aria-label=t!("results.sdgs")>{goals}</ul>
            {(update || measure || delete)
                .then(|| {
                    view! {
                        <div class="row">
                            {measure
                                .then(|| view! { <Button label=t!("results.measure") about=title look=Look::Secondary icon=Icon::Plus on_press=move |()| measuring.set(true)/> })}
                            {update
                                .then(|| view! { <LinkButton href=format!("/results/{id}/edit") label=t!("results.edit") look=Look::Secondary icon=Icon::Edit/> })}
                            {delete
                                .then(|| view! { <Button label=t!("results.delete") about=title look=Look::Quiet icon=Icon::Delete on_press=move |()| remove(id, version, list)/> })}
                        </div>
                    }
                })}
            {measure.then(|| view! { <MeasureDialog of=result.clone() open=measuring list=list/> })}
        </article>
    }
    .into_any()
}

/// Deletes a result; one press takes that back.
fn remove(id: ResultId, version: i64, list: Loading<ResultPage>) {
    spawn_local(async move {
        match client::delete(format!("/results/{id}"), version).await {
            Ok(()) => {
                let restore = Callback::new(move |()| {
                    spawn_local(async move {
                        // Deleting made a version; taking it back names that one.
                        let path = format!("/results/{id}/restore");
                        match client::act::<_, ResultView>(path, version + 1, &()).await {
                            Ok(_) => toast::say(text!("results.restored")),
                            Err(failure) => toast::say(failure_sentence(&failure)),
                        }
                        list.reload();
                    });
                });
                toast::say_with_undo(text!("results.deleted"), restore);
            }
            Err(failure) => toast::say(failure_sentence(&failure)),
        }
        list.reload();
    });
}

fn indicator(result: &ResultView, unit: String, baseline: f64, target: f64) -> AnyView {
    let measures = result.measures.clone();
    let figure = move |value: f64| format!("{} {unit}", intl::number(value));
    let figure = Kept::new(figure);
    let words = move |value: f64| figure.with_value(|figure| figure(value));
    let actual = result.actual;
    let share = actual.and_then(|actual| progress(baseline, target, actual));
    let drawn = (!measures.is_empty()).then(|| spark(&model::line(baseline, target, &measures)));
    let rows = measures.into_iter().rev().map(|measure| {
        let Measure {
            measured_on,
            value,
            author,
        } = measure;
        view! {
            <tr>
                <th scope="row">{live(move || intl::date(measured_on))}</th>
                <td class="numeric" data-label=t!("results.value")>{live(move || words(value))}</td>
                <td data-label=t!("results.author")>{author}</td>
            </tr>
        }
    });
    view! {
        <div class="stack">
            {drawn}
            <dl class="facts result-figures">
                <div><dt>{t!("results.baseline")}</dt> <dd class="numeric">{live(move || words(baseline))}</dd></div>
                <div><dt>{t!("results.actual")}</dt> <dd class="numeric">{live(move || actual.map_or_else(|| text!("results.not_measured"), words))}</dd></div>
                <div><dt>{t!("results.target")}</dt> <dd class="numeric">{live(move || words(target))}</dd></div>
            </dl>
            {share.map(|share| view! { <Meter label=t!("results.progress") share=share/> })}
            {actual
                .is_some()
                .then(|| {
                    view! {
                        <details class="twin">
                            <summary>{t!("results.measures")}</summary>
                            <div class="table-frame">
                                <table class="table">
                                    <caption class="unseen">{t!("results.measures")}</caption>
                                    <thead>
                                        <tr>
                                            <th scope="col">{t!("results.day")}</th>
                                            <th scope="col" class="numeric">{t!("results.value")}</th>
                                            <th scope="col">{t!("results.author")}</th>
                                        </tr>
                                    </thead>
                                    <tbody>{rows.collect_any()}</tbody>
                                </table>
                            </div>
                        </details>
                    }
                })}
        </div>
    }
    .into_any()
}

/// What was measured as a line, with the target above or below it; the figures stand beside it in words.
fn spark(line: &Line) -> AnyView {
    let (width, height) = (WIDTH + 2 * RIM, HEIGHT + 2 * RIM);
    let last = line.points.last().copied();
    let (right, target, baseline) = (width.to_string(), line.target.to_string(), line.baseline.to_string());
    view! {
        <svg class="spark" viewBox=format!("0 0 {width} {height}") aria-hidden="true" focusable="false">
            <line class="spark-baseline" x1="0" x2=right.clone() y1=baseline.clone() y2=baseline></line>
            <line class="spark-target" x1="0" x2=right y1=target.clone() y2=target></line>
            <polyline class="spark-line" points=model::points(line)></polyline>
            {last.map(|(x, y)| view! { <circle class="spark-last" cx=x.to_string() cy=y.to_string() r="4"></circle> })}
        </svg>
    }
    .into_any()
}

/// A value on a day; the one of the same day is corrected.
#[component]
fn MeasureDialog(of: ResultView, open: State<bool>, list: Loading<ResultPage>) -> impl IntoView {
    let (id, version) = (of.id, of.version);
    let form = Form::new(format!("measure:{id}"));
    let day = form.field(crate::form::lasting(format!("day-{id}")), "/measured_on", "");
    let value = form.field(crate::form::lasting(format!("value-{id}")), "/value", "");
    let author = form.field(
        crate::form::lasting(format!("author-{id}")),
        "/author",
        of.measures
            .last()
            .map(|measure| measure.author.clone())
            .unwrap_or_default(),
    );
    let send = move || {
        form.clear();
        let (on, number) = (shared::time::parse_day(&day.trimmed()), model::number(&value.trimmed()));
        let (Some(measured_on), Some(number), false) = (on, number, author.trimmed().is_empty()) else {
            let missing = [
                ("/measured_on", on.is_none()),
                ("/value", number.is_none()),
                ("/author", author.trimmed().is_empty()),
            ];
            let missing = missing.into_iter().filter(|(_, missing)| *missing);
            let faults = missing.map(|(pointer, _)| FieldError::new(pointer, FieldCode::Required));
            return form.fail(crate::activities::faulty(faults.collect()));
        };
        let measure = Measure {
            measured_on,
            value: number,
            author: author.trimmed(),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::act::<_, ResultView>(format!("/results/{id}/measures"), version, &measure).await;
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    open.try_set(false);
                    toast::say(text!("results.measured"));
                    list.reload();
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <Dialog id=crate::form::lasting(format!("measure-{id}")) title=t!("results.measure") open=open>
            <form
                class="stack"
                novalidate
                on:submit=submit(form.busy, send)
            >
                <ErrorSummary form=form/>
                <TextField field=day label=t!("results.day") kind=Kind::Date/>
                <TextField field=value label=t!("results.value") kind=Kind::Amount/>
                <TextField field=author label=t!("results.author") hint=t!("results.author_hint")/>
                <div class="row">
                    <Button label=t!("action.save") submit=true busy=form.busy/>
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
