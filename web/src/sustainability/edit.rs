//! Writing the plan: three parts, each with its words and who does what by when.

use super::model::{self, Row};
use crate::form::{Field, Form, lasting};
use crate::ui::prelude::*;
use crate::{app, client, t, text, textf, tf};
use leptos::prelude::*;
use shared::ids::PartnershipId;
use shared::partnerships::{PartnershipAction, PartnershipView};
use shared::sustainability::{
    PART_MAX, PlanPartName, SustainabilityPlanDraft, SustainabilityPlanEdition, SustainabilityPlanPage,
    SustainabilityPlanView,
};
use wasm_bindgen_futures::spawn_local;

/// The form of a plan.
#[component]
pub fn PlanEditPage() -> impl IntoView {
    let id = app::param("id");
    let whole = load(move || {
        let id = id.get();
        async move {
            let partnership = client::get::<PartnershipView>(format!("/partnerships/{id}")).await?;
            let page =
                client::get::<SustainabilityPlanPage>(format!("/partnerships/{id}/plan/editions?limit=1")).await?;
            Ok((partnership, page.items.into_iter().next()))
        }
    });
    view! { <Loaded of=whole lines=10 view=editor/> }.into_any()
}

fn editor((partnership, known): (PartnershipView, Option<SustainabilityPlanEdition>)) -> AnyView {
    let id = partnership.summary.id;
    let title = if known.is_some() {
        t!("plan.edit")
    } else {
        t!("plan.begin")
    };
    if partnership.allowed.contains(&PartnershipAction::Update) {
        let way = vec![
            Crumb::new("/partnerships", t!("nav.partnerships")),
            Crumb::new(format!("/partnerships/{id}"), Signal::stored(partnership.summary.name)),
            Crumb::new(format!("/partnerships/{id}/plan"), t!("plan.title")),
        ];
        return view! {
            <PageHeader title=title crumbs=way lead=t!("plan.edit_lead")/>
            {form_of(id, known)}
        }
        .into_any();
    }
    view! {
        <PageHeader title=title/>
        <EmptyState title=t!("plan.not_allowed")>
            <LinkButton href=format!("/partnerships/{id}/plan") label=t!("plan.title") look=Look::Secondary/>
        </EmptyState>
    }
    .into_any()
}

/// A row with its fields.
#[derive(Clone, Copy)]
struct RowFields {
    what: Field,
    who: Field,
    due_on: Field,
}

impl RowFields {
    fn row(self) -> Row {
        Row {
            what: self.what.trimmed(),
            who: self.who.trimmed(),
            due_on: self.due_on.trimmed(),
        }
    }
}

/// A part with its fields, and how many of its rows are shown.
#[derive(Clone)]
struct PartFields {
    name: PlanPartName,
    text: Field,
    rows: Vec<RowFields>,
    shown: State<usize>,
}

fn part_fields(form: Form, name: PlanPartName, known: &SustainabilityPlanDraft) -> PartFields {
    let (part, code) = (model::of(known, name), name.code());
    let text = form.field(
        lasting(format!("plan-{code}")),
        lasting(format!("/{code}/text")),
        part.text.clone(),
    );
    let row = |index: usize| {
        let told = part.commitments.get(index).cloned();
        let day = told.as_ref().and_then(|told| told.due_on).map(|day| day.to_string());
        let (what, who) = told.map(|told| (told.what, told.who)).unwrap_or_default();
        let field = |field: &str, text: String| {
            let id = lasting(format!("plan-{code}-{index}-{field}"));
            form.field(id, lasting(format!("/{code}/commitments/{index}/{field}")), text)
        };
        RowFields {
            what: field("what", what),
            who: field("who", who),
            due_on: field("due_on", day.unwrap_or_default()),
        }
    };
    PartFields {
        name,
        text,
        rows: (0..model::slots(part.commitments.len())).map(row).collect(),
        shown: State::new(0),
    }
}

fn form_of(id: PartnershipId, known: Option<SustainabilityPlanEdition>) -> AnyView {
    let version = known.as_ref().map(|edition| edition.version);
    let plan = known.map(|edition| edition.plan).unwrap_or_default();
    let form = Form::new(format!("plan:{id}:{}", version.unwrap_or_default()));
    let parts: Vec<PartFields> = PlanPartName::ALL
        .iter()
        .map(|&name| part_fields(form, name, &plan))
        .collect();
    form.autosave();
    for part in &parts {
        // What was restored is shown too.
        let last = part.rows.iter().rposition(|row| !row.row().is_empty());
        part.shown.set(last.map_or(1, |last| last + 1));
    }
    let all = Kept::new(parts.clone());
    let go = app::navigator();
    let page = format!("/partnerships/{id}/plan");
    let save = move || {
        form.clear();
        let written = all.with_value(|parts| {
            let told = parts.iter().map(|part| {
                let rows: Vec<Row> = part.rows.iter().map(|row| row.row()).collect();
                model::part(part.text.trimmed(), &rows)
            });
            told.collect::<Vec<_>>()
        });
        let places = written.iter().map(|(_, places)| places.clone());
        let sent: Vec<_> = PlanPartName::ALL.iter().copied().zip(places).collect();
        let mut told = written.into_iter().map(|(part, _)| part);
        let mut next = || told.next().unwrap_or_default();
        let draft = SustainabilityPlanDraft {
            cities: next(),
            delegation: next(),
            headquarters: next(),
        };
        form.busy.set(true);
        spawn_local(async move {
            let path = format!("/partnerships/{id}/plan");
            let answer = match version {
                None => client::post::<_, SustainabilityPlanView>(path, &draft).await,
                Some(version) => client::put::<_, SustainabilityPlanView>(path, version, &draft).await,
            };
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    form.forget_draft();
                    toast::say(text!("plan.saved"));
                    go.try_run(format!("/partnerships/{id}/plan"));
                }
                Err(mut failure) => {
                    model::told_at_rows(&mut failure.errors, &sent);
                    form.fail(failure);
                }
            }
        });
    };
    let fields = parts.into_iter().map(fields).collect_any();
    view! {
        <form class="stack stack-l edit-form plan-form" novalidate on:submit=submit(form.busy, save)>
            <ErrorSummary form=form/>
            {fields}
            <div class="row">
                <Button label=t!("action.save") submit=true busy=form.busy/>
                <LinkButton href=page label=t!("action.cancel") look=Look::Secondary/>
            </div>
            <crate::form::DraftNote form=form/>
        </form>
    }
    .into_any()
}

fn fields(part: PartFields) -> AnyView {
    let PartFields {
        name,
        text,
        rows,
        shown,
    } = part;
    let slots = rows.len();
    let lines = rows.into_iter().enumerate().map(|(index, row)| {
        let number = index + 1;
        view! {
            {live(move || {
                (index < shown.get())
                    .then(|| {
                        view! {
                            <li class="plan-row">
                                <TextField field=row.what label=t!("plan.what", number = number) optional=true/>
                                <TextField field=row.who label=t!("plan.who", number = number) optional=true/>
                                <TextField field=row.due_on label=t!("plan.due_on", number = number) kind=Kind::Date optional=true/>
                            </li>
                        }
                    })
            })}
        }
    });
    let more = move || {
        (shown.get() < slots).then(|| {
            view! {
                <Button
                    label=t!("plan.add")
                    about=tf!("plan_part.", name.code())
                    look=Look::Quiet
                    icon=Icon::Plus
                    on_press=move |()| shown.update(|shown| *shown += 1)
                />
            }
        })
    };
    view! {
        <fieldset class="sheet stack plan-part">
            <legend class="plan-legend">{tf!("plan_part.", name.code())}</legend>
            <TextArea
                field=text
                label=t!("plan.words", part = textf!("plan_part.", name.code()))
                hint=tf!("plan_hint.", name.code())
                rows=4
                limit=PART_MAX as usize
                optional=true
            />
            <h2 class="minor">{t!("plan.commitments")}</h2>
            <p class="small soft">{t!("plan.commitments_hint")}</p>
            <ol class="plan-rows">{lines.collect_any()}</ol>
            {live(more)}
        </fieldset>
    }
    .into_any()
}
