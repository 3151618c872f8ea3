//! The sheet of one side: ten principles, each with a score and what shows it; read where it is filed.

use super::{model, state_badge};
use crate::form::{Field, Form, lasting};
use crate::ui::prelude::*;
use crate::{app, browser, cities, client, session, t, text, tf};
use leptos::prelude::*;
use shared::assessments::{
    AssessmentAction, AssessmentSheet, AssessmentState, AssessmentView, EVIDENCE_MAX, PRINCIPLES, Principle,
    PrincipleScore, SCORE_MAX, SCORE_MIN,
};
use shared::ids::AssessmentId;
use wasm_bindgen_futures::spawn_local;

/// The assessment of one side.
#[component]
pub fn AssessmentPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let assessment = load(move || {
        // Who asks decides what is told.
        known.track();
        client::get::<AssessmentView>(format!("/assessments/{}", id.get()))
    });
    view! { <Loaded of=assessment lines=10 view=move |view: AssessmentView| page(assessment, view)/> }.into_any()
}

fn page(loading: Loading<AssessmentView>, view: AssessmentView) -> AnyView {
    let may = |action| view.allowed.contains(&action);
    let (writes, takes_back) = (may(AssessmentAction::Save), may(AssessmentAction::TakeBack));
    let id = view.partnership_id;
    let (official, labels, year) = (view.city_name.clone(), view.city_labels.clone(), view.year.to_string());
    let own = year.clone();
    let title = Signal::derive(move || {
        let name = cities::name_of(&official, &labels);
        text!("assessment.of", name = name, year = own.clone())
    });
    let way = vec![
        Crumb::new("/partnerships", t!("nav.partnerships")),
        Crumb::new(
            format!("/partnerships/{id}"),
            Signal::stored(view.partnership_name.clone()),
        ),
        Crumb::new(
            format!("/partnerships/{id}/assessments?year={year}"),
            t!("assessment.title"),
        ),
    ];
    let state = view.state;
    let lead = if writes {
        t!("assessment.edit_lead")
    } else {
        t!("assessment.read_lead")
    };
    let below = if writes {
        editor(view)
    } else {
        read(loading, view, takes_back)
    };
    view! {
        <PageHeader title=title crumbs=way lead=lead>{state_badge(state)}</PageHeader>
        {below}
    }
    .into_any()
}

fn read(loading: Loading<AssessmentView>, view: AssessmentView, takes_back: bool) -> AnyView {
    let (id, version) = (view.id, view.version);
    let entries = view.scores.into_iter().map(|score| {
        let value = score.value.map_or_else(|| "–".to_owned(), |value| value.to_string());
        let share = f64::from(score.value.unwrap_or_default()) / f64::from(SCORE_MAX);
        let words = text!("assessment.of_five", score = value.clone());
        view! {
            <li class="sheet judged">
                <div class="stack">
                    <h2 class="judged-name">{tf!("principle.", score.principle.code())}</h2>
                    <p>{score.evidence}</p>
                </div>
                <Meter label=t!("assessment.score") share=Signal::stored(share) words=Signal::stored(words)/>
            </li>
        }
    });
    let busy = State::new(false);
    let back = takes_back.then(|| {
        view! {
            <Notice>
                <p>{t!("assessment.take_back_words")}</p>
                <Button label=t!("assessment.take_back") look=Look::Secondary icon=Icon::Undo busy=busy on_press=move |()| take_back(id, version, loading, busy)/>
            </Notice>
        }
    });
    view! {
        <div class="stack stack-l">
            {back}
            {(view.state == AssessmentState::Shared).then(|| view! { <Notice><p>{t!("assessment.final")}</p></Notice> })}
            <ol class="judged-list">{entries.collect_any()}</ol>
        </div>
    }
    .into_any()
}

fn take_back(id: AssessmentId, version: i64, loading: Loading<AssessmentView>, busy: State<bool>) {
    busy.set(true);
    spawn_local(async move {
        let answer = client::act::<_, AssessmentView>(format!("/assessments/{id}/take-back"), version, &()).await;
        busy.try_set(false);
        match answer {
            Ok(view) => {
                loading.set(view);
                toast::say(text!("assessment.taken_back"));
                browser::focus_soon("page-title");
            }
            Err(failure) => {
                toast::say(failure_sentence(&failure));
                loading.reload();
            }
        }
    });
}

/// A principle with its fields.
#[derive(Clone, Copy)]
struct Line {
    principle: Principle,
    score: Field,
    evidence: Field,
}

impl Line {
    fn value(self) -> Option<u8> {
        self.score.text.with(|text| text.parse().ok())
    }
}

fn editor(view: AssessmentView) -> AnyView {
    let id = view.id;
    let page = format!("/partnerships/{}/assessments?year={}", view.partnership_id, view.year);
    let version = State::new(view.version);
    let form = Form::new(format!("assessment:{id}"));
    let lines: Vec<Line> = view
        .scores
        .iter()
        .enumerate()
        .map(|(index, told)| {
            let code = told.principle.code();
            Line {
                principle: told.principle,
                score: form.field(
                    lasting(format!("score-{code}")),
                    lasting(format!("/scores/{index}/value")),
                    told.value.map(|value| value.to_string()).unwrap_or_default(),
                ),
                evidence: form.field(
                    lasting(format!("evidence-{code}")),
                    lasting(format!("/scores/{index}/evidence")),
                    told.evidence.clone(),
                ),
            }
        })
        .collect();
    form.autosave();
    let all = Kept::new(lines.clone());
    let done = memo(move || {
        all.with_value(|lines| {
            let told = lines
                .iter()
                .map(|line| (line.value(), line.evidence.text.with(|text| !text.trim().is_empty())));
            model::done(&told.collect::<Vec<_>>())
        })
    });
    let asks = State::new(false);
    let go = app::navigator();
    let back = Kept::new(page.clone());
    let save = move |files: bool| {
        if form.busy.get_untracked() {
            return;
        }
        form.clear();
        form.busy.set(true);
        let sheet = untrack(|| all.with_value(|lines| written(lines)));
        let back = back.get_value();
        spawn_local(async move {
            let path = format!("/assessments/{id}/sheet");
            let mut answer = client::put::<_, AssessmentView>(path, version.get_untracked(), &sheet).await;
            if let Ok(view) = &answer {
                version.try_set(view.version);
                form.forget_draft();
                if files {
                    answer = client::act(format!("/assessments/{id}/file"), view.version, &()).await;
                }
            }
            form.busy.try_set(false);
            asks.try_set(false);
            match answer {
                Ok(_) if files => {
                    toast::say(text!("assessment.filed"));
                    go.try_run(back);
                }
                Ok(_) => toast::say(text!("assessment.saved")),
                Err(failure) => form.fail(failure),
            }
        });
    };
    let fields = lines.into_iter().map(fields).collect_any();
    view! {
        <form class="stack stack-l judging" novalidate on:submit=submit(form.busy, move || save(false))>
            <ErrorSummary form=form/>
            <p class="measure soft">{t!("assessment.scale")}</p>
            <ol class="judged-list">{fields}</ol>
            <div class="judging-end sheet stack">
                <div role="status">
                    {live(move || {
                        let done = done.get();
                        let share = done as f64 / PRINCIPLES as f64;
                        let words = text!("assessment.progress", done = done, all = PRINCIPLES);
                        view! { <Meter label=t!("assessment.done") share=Signal::stored(share) words=Signal::stored(words)/> }
                    })}
                </div>
                <div class="row">
                    <Button label=t!("assessment.save") look=Look::Secondary submit=true busy=form.busy/>
                    <Button label=t!("assessment.file") icon=Icon::Send on_press=move |()| asks.set(true)/>
                    <LinkButton href=page label=t!("action.cancel") look=Look::Quiet/>
                </div>
                <crate::form::DraftNote form=form/>
            </div>
        </form>
        <Dialog id="file-assessment" title=t!("assessment.file") open=asks>
            <p>{t!("assessment.file_words")}</p>
            <div class="row">
                <Button label=t!("assessment.file_confirm") busy=form.busy on_press=move |()| save(true)/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| asks.set(false)/>
            </div>
        </Dialog>
    }
    .into_any()
}

fn written(lines: &[Line]) -> AssessmentSheet {
    let scores = lines.iter().map(|line| PrincipleScore {
        principle: line.principle,
        value: line.value(),
        evidence: line.evidence.text.get(),
    });
    AssessmentSheet {
        scores: scores.collect(),
    }
}

/// The five scores, which arrow keys move between, and what shows the one that is chosen.
fn fields(line: Line) -> AnyView {
    let options = (SCORE_MIN..=SCORE_MAX).map(|value| (value.to_string(), value.to_string()));
    let options = Signal::stored(options.collect::<Vec<_>>());
    let name = tf!("principle.", line.principle.code());
    let hint = tf!("principle_hint.", line.principle.code());
    view! {
        <li class="sheet stack judging-line">
            <RadioGroup field=line.score label=name hint=hint options=options inline=true/>
            <TextArea field=line.evidence label=t!("assessment.evidence", principle = name.get()) rows=2 limit=EVIDENCE_MAX as usize/>
        </li>
    }
    .into_any()
}
