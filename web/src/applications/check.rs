//! The whole file on one page: to check before handing it in, to read afterwards, to print; and the handing in itself with its receipt.

use super::desk::Desk;
use super::documents::papers_answers;
use super::{missing_place, missing_words, time};
use crate::cities;
use crate::client::Failure;
use crate::forms;
use crate::programmes::deadline::Deadline;
use crate::ui::prelude::*;
use crate::{browser, i18n, t, text, textf, tf};
use leptos::prelude::*;
use shared::applications::{ApplicationAction, ApplicationView};
use shared::budget::ContributionKind;
use shared::forms::shown;
use wasm_bindgen_futures::spawn_local;

/// The last step: what is missing, the answers, the deadline, the button.
#[component]
pub fn CheckStep(
    /// The file.
    desk: Desk,
    /// Goes to a place of a step.
    go_to: Callback<(&'static str, String)>,
) -> impl IntoView {
    let open = State::new(false);
    let busy = State::new(false);
    let failure = State::new(None::<Failure>);
    let (window, server_time) = desk.view.with_untracked(|view| (view.window.clone(), view.server_time));
    let complete = memo(move || {
        desk.view
            .with(|view| view.sections.iter().all(|section| section.complete))
    });
    let may_submit = memo(move || desk.view.with(|view| view.allowed.contains(&ApplicationAction::Submit)));
    let submit = move |()| {
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = desk.act("submit", &()).await;
            busy.try_set(false);
            open.try_set(false);
            match answer {
                Ok(()) => {
                    if let Some(window) = browser::window() {
                        window.scroll_to_with_x_and_y(0.0, 0.0);
                    }
                    browser::focus_soon("receipt-title");
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                    browser::focus_soon("missing");
                }
            }
        });
    };
    view! {
        <div class="stack stack-l">
            {live(move || missing_list(desk, go_to, failure.get()))}
            <Answers desk=desk go_to=go_to/>
            <div class="sheet stack submit-box no-print">
                <h3>{t!("check.submit_title")}</h3>
                <Deadline window=window.clone() server_time=server_time/>
                {live(move || {
                    if may_submit.get() && complete.get() {
                        view! {
                            <p>{t!("check.ready")}</p>
                            <div class="row">
                                <Button label=t!("check.submit") icon=Icon::Send on_press=move |()| open.set(true)/>
                                {print_button()}
                            </div>
                        }
                            .into_any()
                    } else {
                        let words = if complete.get() { t!("check.only_lead") } else { t!("check.not_ready") };
                        view! { <p>{words}</p> <div class="row">{print_button()}</div> }.into_any()
                    }
                })}
            </div>
        </div>
        <Dialog id="submit-dialog" title=t!("check.submit_title") open=open>
            <p>{t!("check.consequence")}</p>
            <div class="row">
                <Button label=t!("check.confirm") icon=Icon::Send busy=busy on_press=submit/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Prints the page.
pub fn print_button() -> AnyView {
    let print = |()| {
        if let Some(window) = browser::window() {
            // A browser without a printer has nothing to say about it.
            window.print().ok();
        }
    };
    view! { <Button label=t!("action.print") look=Look::Secondary icon=Icon::Print on_press=print/> }.into_any()
}

/// What is missing, each with a link to where it is mended.
fn missing_list(desk: Desk, go_to: Callback<(&'static str, String)>, failure: Option<Failure>) -> AnyView {
    let missing: Vec<(&'static str, String, String)> = desk.view.with(|view| {
        let sections = view.sections.iter();
        sections
            .flat_map(|status| {
                status.missing.iter().map(|name| {
                    let words = missing_words(view, status.section, name);
                    (status.section.code(), missing_place(status.section, name), words)
                })
            })
            .collect()
    });
    if missing.is_empty() && failure.is_none() {
        return ().into_any();
    }
    let title = match &failure {
        Some(failure) => failure_sentence(failure),
        None => text!("check.missing", count = missing.len()),
    };
    let class = if failure.is_some() {
        "notice notice-danger"
    } else {
        "notice notice-warning"
    };
    view! {
        <div class=class id="missing" tabindex="-1" role="group" aria-labelledby="missing-title">
            {icon(Icon::Warning)}
            <div class="stack">
                <h3 class="notice-title" id="missing-title">{title}</h3>
                <ul>
                    {missing
                        .into_iter()
                        .map(|(step, place, words)| {
                            let to = place.clone();
                            view! {
                                <li>
                                    <a
                                        href=format!("?step={step}#{place}")
                                        on:click=on(move |event: leptos::ev::MouseEvent| {
                                            event.prevent_default();
                                            event.stop_propagation();
                                            go_to.run((step, to.clone()));
                                        })
                                    >
                                        {words}
                                    </a>
                                </li>
                            }
                        })
                        .collect_any()}
                </ul>
            </div>
        </div>
    }
    .into_any()
}

/// All that the file says, part by part, with the way back to each while it may be changed.
#[component]
pub fn Answers(
    /// The file.
    desk: Desk,
    /// Goes to a place of a step; without it nothing can be changed.
    #[prop(optional, into)]
    go_to: Option<Callback<(&'static str, String)>>,
) -> impl IntoView {
    let head = move |title: Signal<String>, step: &'static str| {
        let change = go_to.map(|go_to| {
            view! {
                <span class="no-print">
                    <Button label=t!("check.change") about=title look=Look::Quiet icon=Icon::Edit on_press=move |()| go_to.run((step, "step-title".to_owned()))/>
                </span>
            }
        });
        view! { <div class="row row-apart answers-head"><h3>{title}</h3>{change}</div> }.into_any()
    };
    view! {
        <div class="stack stack-l answers">
            <section class="stack">
                {head(t!("step_name.project"), "project")}
                {live(move || desk.view.with(project_answers))}
            </section>
            <section class="stack">
                {head(t!("step_name.parties"), "parties")}
                {live(move || desk.view.with(party_answers))}
            </section>
            <section class="stack">
                {head(t!("step_name.budget"), "budget")}
                {live(move || budget_answers(desk))}
            </section>
            <section class="stack">
                {head(t!("step_name.documents"), "documents")}
                {live(move || desk.view.with(papers_answers))}
            </section>
        </div>
    }
    .into_any()
}

fn answer(label: String, text: String) -> AnyView {
    let empty = text.trim().is_empty();
    let body = if empty {
        view! { <span class="soft">{t!("check.no_answer")}</span> }.into_any()
    } else {
        text.split('\n')
            .map(|line| view! { <p>{line.to_owned()}</p> })
            .collect_any()
            .into_any()
    };
    view! { <div><dt>{label}</dt><dd>{body}</dd></div> }.into_any()
}

fn project_answers(view: &ApplicationView) -> AnyView {
    let themes: Vec<String> = view.themes.iter().map(|theme| textf!("theme.", theme.slug())).collect();
    let mut rows = vec![
        answer(text!("file.title"), view.summary.title.clone()),
        answer(text!("file.themes"), intl::list(&themes)),
    ];
    let currency = &view.summary.currency;
    let mut told = Vec::new();
    for (section, questions) in forms::by_section(&view.form_sections, shown(&view.questions, &view.answers)) {
        if let Some(section) = section {
            told.push(view! { <dl class="answer-list">{std::mem::take(&mut rows)}</dl> }.into_any());
            told.push(view! { <h4>{i18n::own_text(&section.title)}</h4> }.into_any());
        }
        rows.extend(questions.into_iter().map(|question| {
            let given = view.answers.get(&question.key).map(String::as_str).unwrap_or_default();
            answer(
                i18n::own_text(&question.label),
                forms::answer_words(question, given, currency),
            )
        }));
    }
    told.push(view! { <dl class="answer-list">{rows}</dl> }.into_any());
    told.into_any()
}

fn party_answers(view: &ApplicationView) -> AnyView {
    let rows = view
        .parties
        .iter()
        .map(|party| {
            let signed = party.signed_off_at;
            view! {
                <tr>
                    <th scope="row">{cities::name(&party.city)}</th>
                    <td data-label=t!("cities.country")>{intl::country(&party.city.country)}</td>
                    <td data-label=t!("check.role")>{textf!("party_role.", party.role.code())}</td>
                    <td data-label=t!("step_name.sign_off")>{signed.map_or_else(|| "–".to_owned(), intl::date_time)}</td>
                </tr>
            }
        })
        .collect_any();
    view! {
        <Table
            caption=t!("step_name.parties")
            caption_unseen=true
            columns=vec![
                Column::plain(t!("map.place")),
                Column::plain(t!("cities.country")),
                Column::plain(t!("check.role")),
                Column::plain(t!("step_name.sign_off")),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn budget_answers(desk: Desk) -> AnyView {
    let money = move |amount: i64| {
        desk.rules
            .with_value(|rules| intl::money_short(amount, &rules.currency))
    };
    let budget = desk.base.with(|base| base.budget.clone());
    let head_name = |code: &str| {
        desk.rules.with_value(|rules| {
            let head = rules.heads.iter().find(|head| head.code == code);
            head.map_or_else(|| code.to_owned(), |head| i18n::own_text(&head.label))
        })
    };
    let cost = budget.cost_minor();
    let lines = budget
        .lines
        .iter()
        .map(|line| {
            view! {
                <tr>
                    <th scope="row">{head_name(&line.head)}</th>
                    <td data-label=t!("budget.label")>{line.label.clone()}</td>
                    <td data-label=t!("budget.country")>{intl::country(&line.country)}</td>
                    <td class="numeric" data-label=t!("budget.cost")>{money(line.amount_minor)}</td>
                </tr>
            }
        })
        .collect_any();
    let payer = |id| {
        desk.view.with(|view| {
            let party = view.parties.iter().find(|party| Some(party.city.id) == id);
            party.map(|party| cities::name(&party.city))
        })
    };
    let contributions = budget
        .contributions
        .iter()
        .map(|item| {
            let who = payer(item.city_id).unwrap_or_else(|| text!("budget.other_funder"));
            let kind = match item.kind {
                ContributionKind::Cash => text!("budget.cash"),
                ContributionKind::InKind => match &item.time {
                    Some(time) => desk.rules.with_value(|rules| time::words(rules, time)),
                    None => text!("budget.in_kind"),
                },
            };
            view! {
                <tr>
                    <th scope="row">{who}</th>
                    <td data-label=t!("budget.label")>{item.label.clone()}</td>
                    <td data-label=t!("budget.kind")>{kind}</td>
                    <td class="numeric" data-label=t!("budget.cost")>{money(item.amount_minor)}</td>
                </tr>
            }
        })
        .collect_any();
    view! {
        <Table
            caption=t!("budget.costs")
            columns=vec![
                Column::plain(t!("budget.head")),
                Column::plain(t!("budget.label")),
                Column::plain(t!("budget.country")),
                Column::plain(t!("budget.cost")).numeric(),
            ]
        >
            {lines}
            <tr class="total-row">
                <th scope="row">{t!("budget.total_cost")}</th>
                <td></td>
                <td></td>
                <td class="numeric">{money(cost)}</td>
            </tr>
        </Table>
        <Table
            caption=t!("budget.contributions")
            columns=vec![
                Column::plain(t!("budget.who")),
                Column::plain(t!("budget.label")),
                Column::plain(t!("budget.kind")),
                Column::plain(t!("budget.cost")).numeric(),
            ]
        >
            {contributions}
            <tr class="total-row">
                <th scope="row">{t!("budget.grant")}</th>
                <td></td>
                <td></td>
                <td class="numeric">{money(budget.grant_asked_minor)}</td>
            </tr>
        </Table>
    }
    .into_any()
}

/// The proof that the file was handed in: when by the server's clock, and the hash of what it said.
#[component]
pub fn ReceiptView(
    /// The file.
    view: ApplicationView,
) -> impl IntoView {
    let Some((at, hash)) = view.summary.submitted_at.zip(view.receipt_sha256.clone()) else {
        return ().into_any();
    };
    let zone = view.window.zone.clone();
    let id = view.summary.id;
    view! {
        <section class="sheet stack receipt" aria-labelledby="receipt-title">
            <h2 id="receipt-title" tabindex="-1">{icon(Icon::Done)} <span>{t!("receipt.title")}</span></h2>
            <p>{t!("receipt.words")}</p>
            <dl class="answer-list">
                <div><dt>{t!("receipt.time")}</dt><dd>{live(move || intl::date_time_in(at, &zone))}</dd></div>
                <div><dt>{t!("receipt.number")}</dt><dd><code>{id.to_string()}</code></dd></div>
                <div><dt>{t!("receipt.hash")}</dt><dd><code class="hash">{hash}</code></dd></div>
            </dl>
            <p class="small soft">{t!("receipt.hash_words")}</p>
            <div class="row no-print">
                <a class="button button-secondary" href=format!("/api/v1/applications/{id}/receipt") rel="external" download=format!("receipt-{id}.json")>
                    {icon(Icon::Download)}
                    <span>{t!("receipt.download")}</span>
                </a>
                {print_button()}
            </div>
        </section>
    }
    .into_any()
}

/// The funder's decision with its reason.
#[component]
pub fn DecisionSheet(
    /// The file.
    view: ApplicationView,
) -> impl IntoView {
    let Some(decision) = view.decision.clone() else {
        return ().into_any();
    };
    let currency = view.summary.currency.clone();
    let granted = decision.granted_minor;
    let (id, at) = (view.summary.id, decision.decided_at);
    view! {
        <section class="sheet stack decision" aria-labelledby="decision-title">
            <h2 id="decision-title" tabindex="-1">{tf!("decision_title.", decision.outcome.code())}</h2>
            {granted.map(|amount| view! { <p class="decision-amount">{live(move || text!("decision.granted", amount = intl::money_short(amount, &currency)))}</p> })}
            {decision.waitlist_place.map(|place| view! { <p class="decision-amount">{t!("decision.place", place = place)}</p> })}
            <div class="decision-reason">{decision.reason.split('\n').map(|line| view! { <p>{line.to_owned()}</p> }).collect_any()}</div>
            <p class="small soft">{live(move || text!("decision.at", time = intl::date_time(at)))}</p>
            {decision.has_letter.then(|| view! { <p class="no-print"><a href=format!("/applications/{id}/letter")>{t!("letter.title")}</a></p> })}
        </section>
    }
    .into_any()
}
