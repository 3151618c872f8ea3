//! One file beside its sheet. The total is computed while one scores, by the function that the server runs.

use super::{points, review_badge};
use crate::client::Failure;
use crate::form::{Field, Form, lasting};
use crate::forms;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, session, t, text, textf};
use leptos::prelude::*;
use shared::budget::Budget;
use shared::forms::{Question, shown};
use shared::reviews::{
    COMMENT_MAX, ConflictDraft, CriterionScore, FiledSheet, OPINION_MAX, ReviewAction, ReviewCriterion, ReviewView,
    ScoreSheet, tally,
};
use std::collections::BTreeMap;
use wasm_bindgen_futures::spawn_local;

/// A review.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let review = load(move || {
        // Who asks decides what is told.
        known.track();
        client::get::<ReviewView>(format!("/reviews/{}", id.get()))
    });
    view! { <Loaded of=review lines=10 view=move |view: ReviewView| page(review, view)/> }.into_any()
}

fn page(review: Loading<ReviewView>, view: ReviewView) -> AnyView {
    let title = view.summary.title.clone();
    let call = view.summary.call_title.clone();
    let state = view.summary.state;
    let conflict = view.conflict.clone();
    let writes = view.allowed.contains(&ReviewAction::Save);
    let blind = view.summary.blind && view.summary.city_names.is_empty();
    view! {
        <PageHeader title=Signal::derive(move || title.clone()) crumbs=vec![Crumb::new("/reviews", t!("nav.reviews"))]>
            {review_badge(state)}
        </PageHeader>
        <div class="stack">
            <p class="soft file-call">{live(move || i18n::own_text(&call))}</p>
            {blind.then(|| view! { <Notice><p>{t!("reviews.blind")}</p></Notice> })}
            {conflict.map(|reason| view! { <Notice tone=Tone::Warning><p>{t!("reviews.conflict_told")} " " {reason}</p></Notice> })}
            <div class="score-split">
                {file(&view)}
                <div class="score-sheet stack">
                    {if writes { sheet_form(review, view.clone()) } else { sheet_read(&view.plan.criteria, &view.sheet, view.summary.total) }}
                    {others(&view.plan.criteria, view.others)}
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// What the file says.
fn file(view: &ReviewView) -> AnyView {
    let names = view.summary.city_names.clone();
    let countries = view.summary.countries.clone();
    let themes = view.themes.clone();
    let (asked, currency) = (view.summary.grant_asked_minor, view.summary.currency.clone());
    // One level below the title of its section.
    let deeper = !view.form_sections.is_empty();
    let answer = |question: &Question| {
        let label = question.label.clone();
        let words = match view.answers.get(&question.key).cloned() {
            Some(answer) => {
                let (question, currency) = (question.clone(), view.summary.currency.clone());
                live(move || {
                    forms::answer_words(&question, &answer, &currency)
                        .split('\n')
                        .map(|paragraph| view! { <p class="measure">{paragraph.to_owned()}</p> })
                        .collect_any()
                })
            }
            None => view! { <p class="soft">{t!("check.no_answer")}</p> }.into_any(),
        };
        view! {
            <section class="stack score-answer">
                {if deeper {
                    view! { <h4>{live(move || i18n::own_text(&label))}</h4> }.into_any()
                } else {
                    view! { <h3>{live(move || i18n::own_text(&label))}</h3> }.into_any()
                }}
                {words}
            </section>
        }
    };
    let to_answer = shown(&view.questions, &view.answers);
    let answers = forms::by_section(&view.form_sections, to_answer)
        .into_iter()
        .map(|(section, questions)| {
            let title = section.map(|section| {
                let title = section.title.clone();
                view! { <h3 class="score-part">{live(move || i18n::own_text(&title))}</h3> }
            });
            let answers = questions.into_iter().map(&answer).collect_any();
            view! { {title} {answers} }
        });
    view! {
        <article class="stack score-file" aria-labelledby="score-file-title">
            <h2 id="score-file-title">{t!("reviews.file")}</h2>
            <dl class="facts">
                {(!names.is_empty()).then(|| view! { <div><dt>{t!("officer.cities")}</dt><dd>{live(move || intl::list(&names))}</dd></div> })}
                <div>
                    <dt>{t!("reviews.countries")}</dt>
                    <dd>{live(move || intl::list(&countries.iter().map(|code| intl::country(code)).collect::<Vec<_>>()))}</dd>
                </div>
                <div>
                    <dt>{t!("file.themes")}</dt>
                    <dd>{live(move || intl::list(&themes.iter().map(|theme| textf!("theme.", theme.slug())).collect::<Vec<_>>()))}</dd>
                </div>
                <div>
                    <dt>{t!("officer.asked")}</dt>
                    <dd class="numeric">{live(move || intl::money_short(asked, &currency))}</dd>
                </div>
            </dl>
            {answers.collect_any()}
            {budget(&view.budget, &view.summary.currency)}
        </article>
    }
    .into_any()
}

fn budget(budget: &Budget, currency: &str) -> AnyView {
    let money = |amount: i64| {
        let currency = currency.to_owned();
        live(move || intl::money_short(amount, &currency))
    };
    let lines = budget.lines.iter().map(|line| {
        let country = line.country.clone();
        view! {
            <tr>
                <th scope="row">{line.label.clone()}</th>
                <td data-label=t!("budget.country")>{live(move || intl::country(&country))}</td>
                <td class="numeric" data-label=t!("reviews.amount")>{money(line.amount_minor)}</td>
            </tr>
        }
    });
    let lines = lines.collect_any();
    let cost = money(budget.cost_minor());
    view! {
        <section class="stack dense">
            <h3>{t!("step_name.budget")}</h3>
            <Table
                caption=t!("step_name.budget")
                caption_unseen=true
                columns=vec![
                    Column::plain(t!("budget.label")),
                    Column::plain(t!("budget.country")),
                    Column::plain(t!("reviews.amount")).numeric(),
                ]
            >
                {lines}
            </Table>
            <p>{t!("budget.total_cost")} " " <strong class="numeric">{cost}</strong></p>
        </section>
    }
    .into_any()
}

/// A criterion with its fields.
#[derive(Clone)]
struct Line {
    criterion: ReviewCriterion,
    score: Field,
    comment: Field,
}

fn written(lines: &[Line], opinion: Field) -> ScoreSheet {
    let scores = lines.iter().map(|line| {
        let score = CriterionScore {
            value: line.score.text.with(|text| text.parse().ok()),
            comment: line.comment.text.get(),
        };
        (line.criterion.key.clone(), score)
    });
    ScoreSheet {
        scores: scores.collect(),
        opinion: opinion.text.get(),
    }
}

fn sheet_form(review: Loading<ReviewView>, view: ReviewView) -> AnyView {
    let id = view.summary.id;
    let version = State::new(view.summary.version);
    let criteria = view.plan.criteria.clone();
    let form = Form::new(format!("review:{id}"));
    let lines: Vec<Line> = criteria
        .iter()
        .map(|criterion| {
            let told = view.sheet.scores.get(&criterion.key).cloned().unwrap_or_default();
            let key = &criterion.key;
            Line {
                score: form.field(
                    lasting(format!("score-{key}")),
                    lasting(format!("/scores/{key}/value")),
                    told.value.map(|value| value.to_string()).unwrap_or_default(),
                ),
                comment: form.field(
                    lasting(format!("comment-{key}")),
                    lasting(format!("/scores/{key}/comment")),
                    told.comment,
                ),
                criterion: criterion.clone(),
            }
        })
        .collect();
    let opinion = form.field("opinion", "/opinion", view.sheet.opinion.clone());
    form.autosave();
    let all = Kept::new(lines.clone());
    let told = memo(move || {
        let sheet = all.with_value(|lines| written(lines, opinion));
        let tally = tally(&criteria, &sheet.scores);
        (tally.total, tally.scored, tally.missing)
    });
    let asks = State::new(false);
    let declares = State::new(false);
    let save = move |files: bool| {
        if form.busy.get_untracked() {
            return;
        }
        form.clear();
        form.busy.set(true);
        let sheet = untrack(|| all.with_value(|lines| written(lines, opinion)));
        spawn_local(async move {
            let mut answer =
                client::put::<_, ReviewView>(format!("/reviews/{id}/sheet"), version.get_untracked(), &sheet).await;
            if let Ok(view) = &answer {
                version.try_set(view.summary.version);
                form.forget_draft();
                if files {
                    answer = client::act(format!("/reviews/{id}/file"), view.summary.version, &()).await;
                }
            }
            form.busy.try_set(false);
            asks.try_set(false);
            match answer {
                Ok(view) => {
                    if files {
                        toast::say(text!("reviews.filed"));
                        review.set(view);
                        browser::focus_soon("page-title");
                    } else {
                        toast::say(text!("reviews.saved"));
                    }
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let fields = lines.into_iter().map(line_fields).collect_any();
    view! {
        <form
            class="sheet stack"
            novalidate
            on:submit=on(move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                save(false);
            })
        >
            <h2>{t!("reviews.sheet")}</h2>
            <ErrorSummary form=form/>
            {fields}
            <TextArea field=opinion label=t!("reviews.opinion") rows=4 limit=OPINION_MAX as usize optional=true/>
            <div class="score-total" role="status">
                {live(move || {
                    let (total, scored, missing) = told.get();
                    let share = f64::from(total.unwrap_or(0)) / 10_000.0;
                    let words = total.map_or_else(|| "–".to_owned(), points);
                    view! {
                        <Meter label=t!("reviews.total") share=Signal::derive(move || share) words=Signal::derive(move || words.clone())/>
                        <p class="small soft">{text!("reviews.progress", done = scored, all = scored + missing)}</p>
                    }
                })}
            </div>
            <div class="row">
                <Button label=t!("reviews.save") look=Look::Secondary submit=true busy=form.busy/>
                <Button label=t!("reviews.file_it") icon=Icon::Send on_press=move |()| asks.set(true)/>
                <Button label=t!("reviews.declare") look=Look::Quiet on_press=move |()| declares.set(true)/>
            </div>
        </form>
        <Dialog id="file-dialog" title=t!("reviews.file_it") open=asks>
            <p>{t!("reviews.file_words")}</p>
            <div class="row">
                <Button label=t!("reviews.file_confirm") busy=form.busy on_press=move |()| save(true)/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| asks.set(false)/>
            </div>
        </Dialog>
        <Dialog id="conflict-dialog" title=t!("reviews.declare") open=declares>
            {conflict_form(review, declares, version)}
        </Dialog>
    }
    .into_any()
}

/// Radio buttons from the lowest to the highest score, which arrow keys move between, and a comment.
fn line_fields(line: Line) -> AnyView {
    let ReviewCriterion {
        label,
        weight,
        scale_min,
        scale_max,
        ..
    } = line.criterion;
    let label = Signal::derive(move || i18n::own_text(&label));
    let hint = t!("reviews.weight", weight = weight, min = scale_min, max = scale_max);
    let control = if scale_max - scale_min <= 10 {
        let options = (scale_min..=scale_max)
            .map(|value| (value.to_string(), value.to_string()))
            .collect::<Vec<_>>();
        let options = Signal::derive(move || options.clone());
        view! { <RadioGroup field=line.score label=label hint=hint options=options inline=true/> }.into_any()
    } else {
        view! { <TextField field=line.score label=label hint=hint kind=Kind::Number/> }.into_any()
    };
    view! {
        <div class="score-line stack">
            {control}
            <TextArea field=line.comment label=t!("reviews.comment", criterion = label.get()) rows=2 limit=COMMENT_MAX as usize optional=true/>
        </div>
    }
    .into_any()
}

fn conflict_form(review: Loading<ReviewView>, open: State<bool>, version: State<i64>) -> AnyView {
    let form = Form::new("conflict");
    let reason = form.field("conflict-reason", "/reason", "");
    let send = move || {
        form.clear();
        form.busy.set(true);
        let Some(id) = review.ready_now().map(|view| view.summary.id) else {
            return;
        };
        let draft = ConflictDraft {
            reason: reason.trimmed(),
        };
        spawn_local(async move {
            let path = format!("/reviews/{id}/declare-conflict");
            let answer: Result<ReviewView, Failure> = client::act(path, version.get_untracked(), &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(view) => {
                    open.try_set(false);
                    toast::say(text!("reviews.declared"));
                    review.set(view);
                    browser::focus_soon("page-title");
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <form
            class="stack"
            novalidate
            on:submit=on(move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                send();
            })
        >
            <p>{t!("reviews.declare_words")}</p>
            <ErrorSummary form=form/>
            <TextArea field=reason label=t!("reviews.reason")/>
            <div class="row">
                <Button label=t!("reviews.declare") submit=true busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}

/// A sheet that is not written any more.
fn sheet_read(criteria: &[ReviewCriterion], sheet: &ScoreSheet, total: Option<u32>) -> AnyView {
    let empty = BTreeMap::new();
    let scores = if sheet.scores.is_empty() { &empty } else { &sheet.scores };
    let rows = criteria.iter().map(|criterion| {
        let label = criterion.label.clone();
        let score = scores.get(&criterion.key).cloned().unwrap_or_default();
        let value = score
            .value
            .map_or_else(|| "–".to_owned(), |value| format!("{value}/{}", criterion.scale_max));
        view! {
            <div>
                <dt>{live(move || i18n::own_text(&label))}</dt>
                <dd><strong class="numeric">{value}</strong> " " <span class="soft">{score.comment}</span></dd>
            </div>
        }
    });
    let opinion = sheet.opinion.clone();
    view! {
        <section class="sheet stack" aria-labelledby="sheet-title">
            <h2 id="sheet-title">{t!("reviews.sheet")}</h2>
            <dl class="facts">{rows.collect_any()}</dl>
            {(!opinion.is_empty()).then(|| view! { <p class="measure">{opinion}</p> })}
            {total.map(|total| view! { <p class="score-total">{t!("reviews.total")} " " <strong class="numeric">{live(move || points(total))}</strong></p> })}
        </section>
    }
    .into_any()
}

/// What others have filed.
fn others(criteria: &[ReviewCriterion], others: Vec<FiledSheet>) -> AnyView {
    if others.is_empty() {
        return ().into_any();
    }
    let sheets = others.into_iter().map(|other| {
        view! {
            <details class="twin">
                <summary>{other.reviewer_name} " – " <strong class="numeric">{live(move || points(other.total))}</strong></summary>
                {sheet_read(criteria, &other.sheet, None)}
            </details>
        }
    });
    view! {
        <section class="stack" aria-labelledby="others-title">
            <h2 id="others-title">{t!("reviews.others")}</h2>
            {sheets.collect_any()}
        </section>
    }
    .into_any()
}
