//! The next step of a partnership, with what it asks for: a reason, a condition, the signatures of both sides, a new term.

use crate::client::Failure;
use crate::form::{Field, Form, lasting};
use crate::ui::later::later;
use crate::ui::prelude::*;
use crate::{client, split, t, text, textf, tf};
use leptos::prelude::*;
use shared::ids::CityId;
use shared::lessons::LessonPage;
use shared::partnerships::{
    PartnershipAdvance, PartnershipState, PartnershipView, PartyRef, PartyRole, REASON_MAX, Signature, StepNeed,
};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use wasm_bindgen_futures::spawn_local;

/// What one authority signs.
#[derive(Clone, Copy)]
struct Side {
    city_id: CityId,
    body: Field,
    day: Field,
    document: Field,
}

impl Side {
    fn new(form: Form, index: usize, city_id: CityId) -> Side {
        let field = |name: &str| {
            let id = lasting(format!("advance-{name}-{index}"));
            form.field(id, lasting(format!("/signatures/{index}/{name}")), "")
        };
        Side {
            city_id,
            body: field("body"),
            day: field("signed_on"),
            document: field("document"),
        }
    }

    /// What is told of it; none where nothing is.
    fn signature(self) -> Option<Result<Signature, FieldError>> {
        let (body, day, document) = (self.body.trimmed(), self.day.trimmed(), self.document.trimmed());
        if body.is_empty() && day.is_empty() && document.is_empty() {
            return None;
        }
        let Some(signed_on) = shared::time::parse_day(&day) else {
            return Some(Err(FieldError::new(self.day.pointer, FieldCode::Required)));
        };
        Some(Ok(Signature {
            city_id: self.city_id,
            body,
            signed_on,
            document: Some(document).filter(|document| !document.is_empty()),
        }))
    }
}

/// The step's dialog, which comes when it is opened for the first time: most who read of a partnership never do.
pub fn dialog(view: PartnershipView, open: State<bool>, loading: Loading<PartnershipView>) -> AnyView {
    split!(
        advance,
        fn draw(view: PartnershipView, open: State<bool>, loading: Loading<PartnershipView>) -> AnyView {
            drawing(view, open, loading)
        }
    );
    let view = Kept::new(view);
    // Once it is there it stays, so that what was typed is found again.
    let opened = State::new(false);
    effect(move || {
        if open.get() && !opened.get_untracked() {
            opened.set(true);
        }
    });
    live(move || opened.get().then(|| later(0, || draw(view.get_value(), open, loading))))
}

fn drawing(view: PartnershipView, open: State<bool>, loading: Loading<PartnershipView>) -> AnyView {
    let (id, version, from) = (view.summary.id, view.summary.version, view.summary.state);
    let next = view.next_states;
    let form = Form::new(format!("partnership-advance:{id}"));
    let first = if next.len() == 1 {
        next.first().map_or("", |state| state.code())
    } else {
        ""
    };
    let to: Field = form.field("advance-to", "/to", first);
    let reason: Field = form.field("advance-reason", "/reason", "");
    let condition: Field = form.field("advance-condition", "/condition", "");
    let names: Vec<(CityId, String)> = view
        .parties
        .iter()
        .filter(|party| party.role != PartyRole::Associated)
        .filter_map(|party| match party.party {
            PartyRef::City { city_id } => Some((city_id, party.name.clone())),
            _ => None,
        })
        .collect();
    let asks_signatures = next.iter().any(|state| state.needs().contains(&StepNeed::Signatures));
    let sides: Vec<(Side, String)> = names
        .into_iter()
        .filter(|_| asks_signatures)
        .enumerate()
        .map(|(index, (city_id, name))| (Side::new(form, index, city_id), name))
        .collect();
    let ends_on: Field = form.field("advance-ends", "/ends_on", "");
    let sides = Kept::new(sides);
    // What was learned is asked for where the partnership can be renewed.
    let expired = from == PartnershipState::Expired;
    let usable = load(move || async move {
        if !expired {
            return Ok(Vec::new());
        }
        let path = format!("/lessons?for_renewal_of={id}&limit=100");
        Ok(client::get::<LessonPage>(path).await?.items)
    });
    let lessons = Signal::derive(move || {
        let usable = usable.ready().unwrap_or_default().into_iter();
        usable
            .map(|lesson| (lesson.id.to_string(), lesson.text))
            .collect::<Vec<_>>()
    });
    let lesson: Field = form.field("advance-lessons", "/lesson_ids", "");
    let used = State::new(Vec::<String>::new());
    let options = Signal::derive(move || {
        next.iter()
            .map(|state| (state.code().to_owned(), textf!("partnership_state.", state.code())))
            .collect::<Vec<_>>()
    });
    let chosen = memo(move || to.text.with(|code| PartnershipState::from_code(code)));
    let needs = move |need: StepNeed| chosen.get().is_some_and(|state| state.needs().contains(&need));
    let renews = move || chosen.get().is_some_and(|to| from.is_renewed_by(to));
    let asks_term = move || renews() || needs(StepNeed::Signatures);
    let send = move || {
        form.clear();
        let Some(to_state) = chosen.get_untracked() else {
            to.error.set(Some(FieldError::new("/to", FieldCode::Required)));
            form.attempt.update(|attempt| *attempt += 1);
            return;
        };
        let (mut signatures, mut places, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        if to_state.needs().contains(&StepNeed::Signatures) {
            for (index, (side, _)) in sides.get_value().into_iter().enumerate() {
                match side.signature() {
                    Some(Ok(signature)) => {
                        signatures.push(signature);
                        places.push(index);
                    }
                    Some(Err(fault)) => faults.push(fault),
                    None => {}
                }
            }
        }
        if let Some(fault) = faults.into_iter().next() {
            form.fail(Failure::of_field(fault));
            return;
        }
        let needed = |need: StepNeed| to_state.needs().contains(&need);
        let told = |field: Field| Some(field.trimmed()).filter(|text| !text.is_empty());
        let advance = PartnershipAdvance {
            to: to_state,
            reason: told(reason),
            condition: told(condition).filter(|_| needed(StepNeed::Condition)),
            signatures,
            ends_on: shared::time::parse_day(&ends_on.trimmed()).filter(|_| asks_term()),
            lesson_ids: if from.is_renewed_by(to_state) {
                used.get_untracked().iter().filter_map(|id| id.parse().ok()).collect()
            } else {
                Vec::new()
            },
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer =
                client::act::<_, PartnershipView>(format!("/partnerships/{id}/advance"), version, &advance).await;
            form.busy.try_set(false);
            match answer {
                Ok(changed) => {
                    open.try_set(false);
                    toast::say(text!(
                        "partnership.advanced",
                        state = textf!("partnership_state.", to_state.code())
                    ));
                    loading.set(changed);
                }
                Err(failure) if failure.is(ProblemCode::Stale) || failure.is(ProblemCode::StateConflict) => {
                    open.try_set(false);
                    toast::say(failure_sentence(&failure));
                    loading.reload();
                }
                Err(failure) => form.fail(placed(failure, &places)),
            }
        });
    };
    let signing = move || {
        needs(StepNeed::Signatures).then(|| {
            let sides = sides.get_value().into_iter().map(|(side, name)| {
                view! {
                    <fieldset class="stack">
                        <legend>{name}</legend>
                        <TextField field=side.body label=t!("partnership.body") hint=t!("partnership.body_hint")/>
                        <TextField field=side.day label=t!("partnership.signed_on") kind=Kind::Date/>
                        <TextField field=side.document label=t!("partnership.document") hint=t!("partnership.document_hint") kind=Kind::Url optional=true/>
                    </fieldset>
                }
            });
            view! { <p class="soft">{t!("partnership.both_sign")}</p> {sides.collect_any()} }
        })
    };
    view! {
        <Dialog id="advance" title=t!("partnership.advance") open=open>
            <form
                class="stack"
                novalidate
                on:submit=submit(form.busy, send)
            >
                <ErrorSummary form=form/>
                <RadioGroup field=to label=t!("partnership.advance_to") options=options/>
                {live(move || chosen.get().map(|state| view! { <p class="soft">{tf!("partnership_state_words.", state.code())}</p> }))}
                {live(signing)}
                {live(move || asks_term().then(|| view! {
                    <TextField field=ends_on label=t!("partnership.until_day") hint=t!("partnership.until_hint") kind=Kind::Date optional=true/>
                }))}
                {live(move || {
                    let needed = needs(StepNeed::Reason);
                    view! {
                        <TextArea
                            field=reason
                            label=t!("partnership.reason")
                            hint=t!("partnership.reason_hint")
                            rows=3
                            limit=REASON_MAX as usize
                            optional=!needed
                        />
                    }
                })}
                {live(move || {
                    (renews() && !lessons.with(Vec::is_empty)).then(|| view! {
                        <Picks
                            field=lesson
                            label=t!("partnership.renewal_lessons")
                            hint=t!("partnership.renewal_lessons_hint")
                            options=lessons
                            chosen=used
                        />
                    })
                })}
                {live(move || needs(StepNeed::Condition).then(|| view! {
                    <TextArea field=condition label=t!("partnership.condition") hint=t!("partnership.condition_hint") rows=2 limit=REASON_MAX as usize/>
                }))}
                <div class="row">
                    <Button label=t!("action.save") submit=true busy=form.busy/>
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// Errors of the signatures that were sent, at the sides where they stand in the form.
fn placed(mut failure: Failure, places: &[usize]) -> Failure {
    for error in &mut failure.errors {
        let place = error.pointer.strip_prefix("/signatures/").and_then(|rest| {
            let (index, field) = rest.split_once('/')?;
            let place = places.get(index.parse::<usize>().ok()?)?;
            Some(format!("/signatures/{place}/{field}"))
        });
        if let Some(place) = place {
            error.pointer = place;
        }
    }
    failure
}
