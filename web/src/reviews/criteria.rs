//! What the files of a call are judged by: criteria with weights and scales, blind or not, how many reviewers. Everybody reads it; officers set it
//! before the files are judged.

use crate::client::Failure;
use crate::form::{Field, Form, lasting};
use crate::programmes::rule_sheet::code_for;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, session, t, text};
use leptos::prelude::*;
use shared::problem::{FieldCode, FieldError};
use shared::programmes::CallView;
use shared::reviews::{ReviewCriterion, ReviewPlan, ReviewPlanView};
use std::collections::BTreeSet;
use wasm_bindgen_futures::spawn_local;

/// The criteria of a call.
#[component]
pub fn CriteriaPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let found = load(move || {
        known.track();
        let id = id.get();
        async move {
            let call = client::get::<CallView>(format!("/calls/{id}")).await?;
            let plan = client::get::<ReviewPlanView>(format!("/calls/{id}/review-plan")).await?;
            Ok((call, plan))
        }
    });
    let shown = |(call, plan): (CallView, ReviewPlanView)| {
        let title = call.title.clone();
        let title = Signal::derive(move || i18n::own_text(&title));
        let path = format!("/calls/{}", call.id);
        let crumbs = vec![Crumb::new("/calls", t!("nav.calls")), Crumb::new(path, title)];
        let body = if plan.can_update {
            view! { <Editor plan=plan/> }.into_any()
        } else {
            told(plan.plan)
        };
        view! { <PageHeader title=t!("criteria.title") lead=title crumbs=crumbs/> {body} }.into_any()
    };
    view! { <Loaded of=found lines=8 view=shown/> }.into_any()
}

/// The share of a weight in all of them, in words.
fn share(weight: u32, all: u32) -> String {
    intl::percent(f64::from(weight) / f64::from(all.max(1)))
}

/// The plan where it cannot be changed.
fn told(plan: ReviewPlan) -> AnyView {
    if plan.criteria.is_empty() {
        return view! { <EmptyState title=t!("criteria.none") words=t!("criteria.none_words")/> }.into_any();
    }
    let all: u32 = plan.criteria.iter().map(|criterion| criterion.weight).sum();
    let rows = plan
        .criteria
        .into_iter()
        .map(|criterion| {
            let ReviewCriterion {
                label,
                weight,
                scale_min,
                scale_max,
                ..
            } = criterion;
            view! {
                <tr>
                    <th scope="row">{live(move || i18n::own_text(&label))}</th>
                    <td class="numeric" data-label=t!("criteria.share")>{live(move || share(weight, all))}</td>
                    <td class="numeric" data-label=t!("criteria.scale")>{format!("{scale_min}–{scale_max}")}</td>
                </tr>
            }
        })
        .collect_any();
    let blind = if plan.blind {
        t!("criteria.is_blind")
    } else {
        t!("criteria.is_open")
    };
    view! {
        <div class="stack measure">
            <Table
                caption=t!("criteria.title")
                caption_unseen=true
                columns=vec![
                    Column::plain(t!("criteria.label")),
                    Column::plain(t!("criteria.share")).numeric(),
                    Column::plain(t!("criteria.scale")).numeric(),
                ]
            >
                {rows}
            </Table>
            <p>{blind}</p>
        </div>
    }
    .into_any()
}

/// A criterion in the form.
#[derive(Clone, Copy)]
struct Row {
    key: u32,
    known: Kept<Option<ReviewCriterion>>,
    label: Field,
    weight: Field,
    low: Field,
    high: Field,
}

impl Row {
    fn new(form: Form, key: u32, known: Option<ReviewCriterion>) -> Row {
        let field = |column: &str, text: String| {
            form.field(
                lasting(format!("criterion-{key}-{column}")),
                lasting(format!("/row/{key}/{column}")),
                text,
            )
        };
        let number = |look: fn(&ReviewCriterion) -> u32, usual: u32| known.as_ref().map_or(usual, look).to_string();
        let label = known.as_ref().map(|criterion| i18n::own_text(&criterion.label));
        Row {
            key,
            label: field("label", label.unwrap_or_default()),
            weight: field("weight", number(|criterion| criterion.weight, 1)),
            low: field("scale_min", number(|criterion| criterion.scale_min, 0)),
            high: field("scale_max", number(|criterion| criterion.scale_max, 5)),
            known: Kept::new(known),
        }
    }

    /// The criterion that is typed; what is no number is added to `wrong`. Tracked.
    fn read(self, taken: &mut BTreeSet<String>, wrong: &mut Vec<FieldError>) -> ReviewCriterion {
        let mut number = |field: Field| {
            field.text.with(|text| text.trim().parse().ok()).unwrap_or_else(|| {
                wrong.push(FieldError::new(field.pointer, FieldCode::Format));
                0
            })
        };
        let known = self.known.get_value();
        let typed = self.label.text.with(|text| text.trim().to_owned());
        let key = match &known {
            Some(criterion) => criterion.key.clone(),
            None => code_for(&typed, self.key, taken),
        };
        taken.insert(key.clone());
        let mut label = known.map(|criterion| criterion.label).unwrap_or_default();
        if i18n::own_text(&label) != typed {
            label.insert(i18n::language_now().tag().to_owned(), typed);
        }
        ReviewCriterion {
            key,
            label,
            weight: number(self.weight),
            scale_min: number(self.low),
            scale_max: number(self.high),
        }
    }
}

#[component]
fn Editor(plan: ReviewPlanView) -> impl IntoView {
    let (call, version) = (plan.call_id, plan.version);
    let form = Form::new("criteria");
    let ReviewPlan {
        criteria,
        blind,
        reviewers_per_file,
    } = plan.plan;
    let next = Kept::new(0_u32);
    let new_row = move |known: Option<ReviewCriterion>| {
        next.update_value(|next| *next += 1);
        Row::new(form, next.get_value(), known)
    };
    let rows = State::new(
        criteria
            .into_iter()
            .map(|criterion| new_row(Some(criterion)))
            .collect::<Vec<_>>(),
    );
    let blind = State::new(blind);
    let reviewers = form.field(
        "criteria-reviewers",
        "/reviewers_per_file",
        reviewers_per_file.to_string(),
    );
    let read = move || {
        let (mut taken, mut wrong) = (BTreeSet::new(), Vec::new());
        let criteria = rows
            .get()
            .into_iter()
            .map(|row| row.read(&mut taken, &mut wrong))
            .collect();
        let count = reviewers.text.with(|text| text.trim().parse().ok());
        if count.is_none() {
            wrong.push(FieldError::new(reviewers.pointer, FieldCode::Format));
        }
        let plan = ReviewPlan {
            criteria,
            blind: blind.get(),
            reviewers_per_file: count.unwrap_or(0),
        };
        (plan, wrong)
    };
    // A fault of a criterion, told at the field of its row.
    let placed = move |mut fault: FieldError| {
        let mut parts = fault.pointer.split('/').skip(1);
        if parts.next() == Some("criteria") {
            let at = parts.next().and_then(|at| at.parse::<usize>().ok());
            let column = match parts.next() {
                None | Some("key") => "label",
                Some(column) => column,
            };
            let row = at.and_then(|at| rows.with_untracked(|rows| rows.get(at).map(|row| row.key)));
            if let Some(key) = row {
                fault.pointer = format!("/row/{key}/{column}");
            }
        }
        fault
    };
    let all = memo(move || {
        read()
            .0
            .criteria
            .iter()
            .map(|criterion| criterion.weight)
            .fold(0, u32::saturating_add)
    });
    let go = app::navigator();
    let save = move || {
        form.clear();
        let (plan, mut wrong) = untrack(read);
        wrong.extend(plan.faults().into_iter().map(placed));
        let mut wrong = wrong.into_iter();
        if let Some(first) = wrong.next() {
            let mut failure = Failure::of_field(first);
            failure.errors.extend(wrong);
            return form.fail(failure);
        }
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::put::<_, ReviewPlanView>(format!("/calls/{call}/review-plan"), version, &plan).await;
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    toast::say(text!("criteria.saved"));
                    go.try_run(format!("/calls/{call}/committee"));
                }
                Err(mut failure) => {
                    failure.errors = failure.errors.into_iter().map(placed).collect();
                    form.fail(failure);
                }
            }
        });
    };
    let add = move |()| {
        let row = new_row(None);
        rows.update(|rows| rows.push(row));
        browser::focus_soon(row.label.id);
    };
    let card = move |row: Row| {
        let counts = move || {
            let weight = row.weight.text.with(|text| text.trim().parse().unwrap_or(0));
            text!("criteria.counts", share = share(weight, all.get()))
        };
        view! {
            <li class="sheet stack criterion-card">
                <TextField field=row.label label=t!("criteria.label") hint=t!("criteria.label_hint")/>
                <div class="criterion-fields">
                    <TextField field=row.weight label=t!("criteria.weight") kind=Kind::Number/>
                    <TextField field=row.low label=t!("criteria.low") kind=Kind::Number/>
                    <TextField field=row.high label=t!("criteria.high") kind=Kind::Number/>
                </div>
                <div class="row">
                    <p class="small soft">{live(counts)}</p>
                    <Button
                        label=t!("criteria.remove")
                        about=Signal::derive(move || row.label.text.get())
                        look=Look::Quiet
                        icon=Icon::Close
                        on_press=move |()| rows.update(|rows| rows.retain(|known| known.key != row.key))
                    />
                </div>
            </li>
        }
        .into_any()
    };
    view! {
        <form class="stack stack-l measure edit-form" novalidate on:submit=submit(form.busy, save)>
            <ErrorSummary form=form/>
            <p class="soft">{t!("criteria.lead")}</p>
            {live(move || rows.with(Vec::is_empty).then(|| view! { <p>{t!("criteria.none")}</p> }))}
            <ol class="rule-rows">{each(move || rows.get(), |row| row.key, card)}</ol>
            <div class="row"><Button label=t!("criteria.add") look=Look::Secondary icon=Icon::Plus on_press=add/></div>
            <TextField field=reviewers label=t!("criteria.reviewers") hint=t!("criteria.reviewers_hint") kind=Kind::Number/>
            <Checkbox id="criteria-blind" label=t!("criteria.blind") hint=t!("criteria.blind_hint") checked=blind/>
            <div class="savebar">
                <Button label=t!("action.save") submit=true icon=Icon::Check busy=form.busy/>
                <a href=format!("/calls/{call}/committee")>{t!("action.cancel")}</a>
            </div>
        </form>
    }
    .into_any()
}
