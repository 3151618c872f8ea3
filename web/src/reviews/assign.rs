//! Who judges what: the reviewers with their load, the automatic share, and files given by hand.

use super::committee::Desk;
use crate::client::{self, Failure};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{t, text, textf};
use leptos::prelude::*;
use shared::problem::{FieldCode, FieldError};
use shared::programmes::CallState;
use shared::reviews::{AssignmentDraft, AssignmentReport, AssignmentsDraft, BalanceDraft, ReviewerList};
use wasm_bindgen_futures::spawn_local;

fn reviewers_of(desk: Desk) -> Loading<ReviewerList> {
    load(move || {
        // What is given changes their load.
        desk.sheet.track();
        client::get::<ReviewerList>(format!("/calls/{}/reviewers", desk.call.get()))
    })
}

/// The reviewers with their load.
#[component]
pub fn Reviewers(
    /// The committee's desk.
    desk: Desk,
) -> impl IntoView {
    let people = reviewers_of(desk);
    let busy = State::new(false);
    let share = move |()| {
        busy.set(true);
        let path = format!("/calls/{}/balance-reviews", desk.call.get_untracked());
        spawn_local(async move {
            let answer: Result<AssignmentReport, Failure> = client::post(path, &BalanceDraft::default()).await;
            busy.try_set(false);
            match answer {
                Ok(report) => {
                    let words = text!("committee.given", count = report.items.len());
                    let short = report.short.len();
                    toast::say(if short == 0 {
                        words
                    } else {
                        format!("{words} {}", text!("committee.short", count = short))
                    });
                    desk.done();
                }
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
        });
    };
    let judged = move || {
        desk.sheet.with(|sheet| {
            sheet
                .as_ref()
                .is_some_and(|sheet| sheet.call_state == CallState::UnderReview && !sheet.sealed)
        })
    };
    view! {
        <details class="card committee-people">
            <summary>{t!("committee.reviewers")}</summary>
            <div class="stack">
                {live(move || {
                    people
                        .ready()
                        .map(|list| {
                            let rows = list.items.into_iter().map(|person| {
                                view! {
                                    <tr>
                                        <th scope="row">{person.name}</th>
                                        <td class="numeric" data-label=t!("committee.assigned")>{person.assigned}</td>
                                        <td class="numeric" data-label=t!("committee.filed")>{person.filed}</td>
                                        <td class="numeric" data-label=t!("committee.conflicts")>{person.conflicts}</td>
                                    </tr>
                                }
                            });
                            view! {
                                <Table
                                    caption=t!("committee.reviewers")
                                    caption_unseen=true
                                    columns=vec![
                                        Column::plain(t!("committee.name")),
                                        Column::plain(t!("committee.assigned")).numeric(),
                                        Column::plain(t!("committee.filed")).numeric(),
                                        Column::plain(t!("committee.conflicts")).numeric(),
                                    ]
                                >
                                    {rows.collect_any()}
                                </Table>
                            }
                        })
                })}
                {live(move || judged().then(|| view! {
                    <p class="small soft">{t!("committee.share_words")}</p>
                    <div class="row"><Button label=t!("committee.share") look=Look::Secondary busy=busy on_press=share/></div>
                }))}
            </div>
        </details>
    }
    .into_any()
}

/// Gives the files that are ticked to one reviewer.
#[component]
pub fn AssignForm(
    /// The committee's desk.
    desk: Desk,
    /// Whether the dialog is open.
    open: State<bool>,
) -> impl IntoView {
    let people = reviewers_of(desk);
    let form = Form::new("assign");
    let who = form.field("assign-reviewer", "/reviewer_id", "");
    let faults = State::new(Vec::<String>::new());
    let options = Signal::derive(move || {
        people.ready().map_or_else(Vec::new, |list| {
            let people = list.items.into_iter();
            people
                .map(|person| (person.id.to_string(), format!("{} ({})", person.name, person.assigned)))
                .collect::<Vec<_>>()
        })
    });
    let send = move || {
        form.clear();
        faults.set(Vec::new());
        let Ok(reviewer_id) = who.trimmed().parse() else {
            form.fail(Failure::of_field(FieldError::new("/reviewer_id", FieldCode::Required)));
            return;
        };
        let rows = untrack(move || desk.chosen());
        let draft = AssignmentsDraft {
            items: rows
                .iter()
                .map(|row| AssignmentDraft {
                    application_id: row.application_id,
                    reviewer_id,
                })
                .collect(),
        };
        form.busy.set(true);
        let path = format!("/calls/{}/reviews", desk.call.get_untracked());
        spawn_local(async move {
            let answer: Result<AssignmentReport, Failure> = client::post(path, &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(report) => {
                    open.try_set(false);
                    toast::say(text!("committee.given", count = report.items.len()));
                    desk.done();
                }
                Err(mut failure) => {
                    let told = std::mem::take(&mut failure.errors).into_iter().map(|error| {
                        let mut parts = error.pointer.split('/').skip(2);
                        let row = parts.next().and_then(|index| rows.get(index.parse::<usize>().ok()?));
                        let title = row.map(|row| row.title.clone()).unwrap_or_default();
                        let words = match error.params.get("reason") {
                            Some(reason) => textf!("conflict_reason.", reason),
                            None => crate::form::error_sentence(&error),
                        };
                        format!("{title} – {words}")
                    });
                    faults.try_set(told.collect());
                    form.fail(failure);
                }
            }
        });
    };
    view! {
        <form
            class="stack"
            novalidate
            on:submit=submit(form.busy, send)
        >
            <ErrorSummary form=form/>
            {live(move || {
                let faults = faults.get();
                (!faults.is_empty())
                    .then(|| view! { <ul class="small">{faults.into_iter().map(|fault| view! { <li>{fault}</li> }).collect_any()}</ul> })
            })}
            <Select field=who label=t!("committee.reviewer") options=options none=t!("committee.choose")/>
            <div class="row">
                <Button label=t!("committee.give") submit=true busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}
