//! A letter of engagement: read and printed in the language that its reader chooses, signed or refused by the city, sent, filed
//! and taken back by who leads the cohort; with the city's place beside it.

use super::place::Change;
use super::{city_name, letter_badge, way_words};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{activities, app, browser, client, i18n, session, t, text, textf, tf};
use leptos::prelude::*;
use serde::Serialize;
use shared::cohorts::{
    CohortMemberAction, CohortMemberView, CohortView, EngagementLetter, Filing, LetterAction, LetterReason,
    LetterState, REASON_MAX, Signing, WORD_MAX,
};
use shared::language::Language;
use shared::problem::{FieldCode, FieldError};
use wasm_bindgen_futures::spawn_local;

/// A letter of engagement.
#[component]
pub fn EngagementPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let member = load(move || {
        // What one may do depends on who one is.
        known.track();
        client::get::<CohortMemberView>(format!("/cohort-members/{}", id.get()))
    });
    view! { <Loaded of=member lines=10 view=move |of: CohortMemberView| page(member, of)/> }.into_any()
}

fn page(loading: Loading<CohortMemberView>, of: CohortMemberView) -> AnyView {
    let (id, cohort_id) = (of.id, of.cohort_id);
    let (city, name) = (of.city.clone(), of.cohort_name.clone());
    let inside = of.referent.is_some();
    let print = |()| {
        if let Some(window) = browser::window() {
            // A browser without a printer has nothing to say about it.
            window.print().ok();
        }
    };
    let letter = inside.then(|| {
        let letter = load(move || client::get::<EngagementLetter>(format!("/cohort-members/{id}/letter")));
        view! { <Loaded of=letter lines=10 view=|letter: EngagementLetter| sheet(letter)/> }
    });
    let changes = of
        .allowed
        .contains(&CohortMemberAction::Update)
        .then(|| change(&of, loading));
    view! {
        <PageHeader
            title=t!("engagement.title")
            crumbs=vec![
                Crumb::new("/cohorts", t!("cohorts.title")),
                Crumb::new(format!("/cohorts/{cohort_id}"), Signal::derive(move || i18n::own_text(&name))),
            ]
        >
            {inside.then(|| view! { <Button label=t!("action.print") look=Look::Secondary icon=Icon::Print on_press=print/> })}
        </PageHeader>
        <div class="stack stack-l">
            <div class="stack no-print">
                <p class="row">
                    <a href=format!("/cities/{}", of.city.id)>{live(move || city_name(&city))}</a>
                    {letter_badge(of.letter.state, of.letter.late)}
                </p>
                {place(&of)}
                {changes}
            </div>
            {acts(&of, loading)}
            {letter}
            {steps(&of)}
        </div>
    }
    .into_any()
}

/// How the city takes part.
fn place(of: &CohortMemberView) -> AnyView {
    let (known, referent) = (of.clone(), of.referent.clone());
    view! {
        <dl class="facts">
            <div><dt>{t!("cohorts.way")}</dt><dd>{live(move || way_words(&known))}</dd></div>
            {referent
                .map(|referent| {
                    let words = [referent.name, referent.function, referent.email];
                    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
                    view! { <div><dt>{t!("place.referent")}</dt><dd>{words.join(", ")}</dd></div> }
                })}
        </dl>
    }
    .into_any()
}

/// Changing the place, and leaving it.
fn change(of: &CohortMemberView, loading: Loading<CohortMemberView>) -> AnyView {
    let (id, version, cohort_id) = (of.id, of.version, of.cohort_id);
    let cohort = load(move || client::get::<CohortView>(format!("/cohorts/{cohort_id}")));
    let (open, removing) = (State::new(false), State::new(false));
    let go = app::navigator();
    let kept = Kept::new(of.clone());
    let done = Callback::new(move |view: CohortMemberView| loading.set(view));
    let back = Callback::new(move |version: i64| {
        spawn_local(async move {
            // Leaving made a version; taking it back names that one.
            let path = format!("/cohort-members/{id}/restore");
            match client::act::<_, CohortMemberView>(path, version, &()).await {
                Ok(_) => {
                    toast::say(text!("place.restored"));
                    go.try_run(format!("/cohort-members/{id}"));
                }
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
        });
    });
    let leave = move |()| {
        spawn_local(async move {
            match client::delete(format!("/cohort-members/{id}"), version).await {
                Ok(()) => {
                    toast::say_with_undo(text!("place.left"), Callback::new(move |()| back.run(version + 1)));
                    go.try_run(format!("/cohorts/{cohort_id}"));
                }
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
        });
    };
    let leaves = of.allowed.contains(&CohortMemberAction::Leave);
    let removes = of.allowed.contains(&CohortMemberAction::Remove);
    let gone = Callback::new(move |view: CohortMemberView| {
        let version = view.version;
        toast::say_with_undo(text!("place.removed"), Callback::new(move |()| back.run(version)));
        go.try_run(format!("/cohorts/{cohort_id}"));
    });
    let levels = Signal::derive(move || cohort.ready().map(|cohort| cohort.levels).unwrap_or_default());
    view! {
        <div class="row">
            <Button label=t!("place.change") look=Look::Secondary icon=Icon::Edit on_press=move |()| open.set(true)/>
            {leaves.then(|| view! { <Button label=t!("place.leave") look=Look::Quiet on_press=leave/> })}
            {removes.then(|| view! { <Button label=t!("place.remove") look=Look::Quiet on_press=move |()| removing.set(true)/> })}
        </div>
        {live(move || {
            let levels = levels.get();
            (!levels.is_empty()).then(|| view! { <Change of=kept.get_value() levels=levels open=open done=done/> })
        })}
        {removes.then(|| asked(Asked { id: "place-remove", title: t!("place.remove"), words: t!("place.remove_words"), path: format!("/cohort-members/{id}/remove") }, version, removing, gone))}
    }
    .into_any()
}

/// A question for a reason.
struct Asked {
    id: &'static str,
    title: Signal<String>,
    words: Signal<String>,
    path: String,
}

/// The dialog that asks why, and then does it.
fn asked(of: Asked, version: i64, open: State<bool>, done: Callback<CohortMemberView>) -> AnyView {
    let Asked { id, title, words, path } = of;
    let form = Form::new(format!("{path}:{version}"));
    let reason = form.field(id, "/reason", "");
    let path = Kept::new(path);
    let send = move || {
        let told = LetterReason {
            reason: reason.trimmed(),
        };
        form.clear();
        if told.reason.is_empty() {
            return form.fail(activities::faulty(vec![FieldError::new(
                "/reason",
                FieldCode::Required,
            )]));
        }
        enter(form, path.get_value(), version, told, open, done);
    };
    let dialog = match id {
        "place-remove" => "place-removing",
        "letter-refuse" => "letter-refusing",
        _ => "letter-withdrawing",
    };
    view! {
        <Dialog id=dialog title=title open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <p>{words}</p>
                <ErrorSummary form=form/>
                <TextArea field=reason label=t!("engagement.reason") rows=3 limit=REASON_MAX as usize/>
                {buttons(form, open, title)}
            </form>
        </Dialog>
    }
    .into_any()
}

fn buttons(form: Form, open: State<bool>, label: Signal<String>) -> AnyView {
    view! {
        <div class="row">
            <Button label=label submit=true busy=form.busy/>
            <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
        </div>
    }
    .into_any()
}

fn enter<B: Serialize + 'static>(
    form: Form,
    path: String,
    version: i64,
    told: B,
    open: State<bool>,
    done: Callback<CohortMemberView>,
) {
    form.busy.set(true);
    spawn_local(async move {
        let answer = client::act::<_, CohortMemberView>(path, version, &told).await;
        form.busy.try_set(false);
        match answer {
            Ok(view) => {
                open.try_set(false);
                done.try_run(view);
            }
            Err(failure) => form.fail(failure),
        }
    });
}

/// What can be done with the letter now.
fn acts(of: &CohortMemberView, loading: Loading<CohortMemberView>) -> Option<AnyView> {
    if of.letter_actions.is_empty() {
        return None;
    }
    let (id, version) = (of.id, of.version);
    let path = move |step: &str| format!("/cohort-members/{id}/{step}");
    let may = |action: LetterAction| of.letter_actions.contains(&action);
    let done = Callback::new(move |view: CohortMemberView| {
        toast::say(textf!("engagement_moved.", view.letter.state.code()));
        loading.set(view);
        browser::focus_soon("page-title");
    });
    let (signing, refusing, filing, withdrawing) = (
        State::new(false),
        State::new(false),
        State::new(false),
        State::new(false),
    );
    let sending = Form::new(format!("engagement:{id}:send"));
    let send = move |()| enter(sending, path("send"), version, (), State::new(false), done);
    let dialogs = view! {
        {may(LetterAction::Sign).then(|| sign_dialog(path("sign"), version, signing, done))}
        {may(LetterAction::Refuse)
            .then(|| asked(Asked { id: "letter-refuse", title: t!("engagement.refuse"), words: t!("engagement.refuse_words"), path: path("refuse") }, version, refusing, done))}
        {may(LetterAction::File).then(|| file_dialog(path("file"), version, filing, done))}
        {may(LetterAction::Withdraw)
            .then(|| asked(Asked { id: "letter-withdraw", title: t!("engagement.withdraw"), words: t!("engagement.withdraw_words"), path: path("withdraw") }, version, withdrawing, done))}
    };
    let opener = |action: LetterAction, label: Signal<String>, look: Look, open: State<bool>| {
        may(action).then(|| view! { <Button label=label look=look on_press=move |()| open.set(true)/> })
    };
    Some(
        view! {
            <section class="sheet stack no-print" aria-labelledby="letter-next">
                <h2 id="letter-next">{tf!("engagement_next.", of.letter.state.code())}</h2>
                <ErrorSummary form=sending/>
                <div class="row">
                    {opener(LetterAction::Sign, t!("engagement.sign"), Look::Primary, signing)}
                    {opener(LetterAction::Refuse, t!("engagement.refuse"), Look::Secondary, refusing)}
                    {may(LetterAction::Send)
                        .then(|| view! { <Button label=t!("engagement.send") icon=Icon::Send busy=sending.busy on_press=send/> })}
                    {opener(LetterAction::File, t!("engagement.file"), Look::Primary, filing)}
                    {opener(LetterAction::Withdraw, t!("engagement.withdraw"), Look::Quiet, withdrawing)}
                </div>
            </section>
            {dialogs}
        }
        .into_any(),
    )
}

fn sign_dialog(path: String, version: i64, open: State<bool>, done: Callback<CohortMemberView>) -> AnyView {
    let form = Form::new(format!("{path}:{version}"));
    let name = form.field("sign-name", "/name", "");
    let function = form.field("sign-function", "/function", "");
    let on = form.field("sign-on", "/on", "");
    let path = Kept::new(path);
    let send = move || {
        form.clear();
        let day = shared::time::parse_day(&on.trimmed());
        let missing = [
            ("/name", name.trimmed().is_empty()),
            ("/function", function.trimmed().is_empty()),
            ("/on", day.is_none()),
        ];
        let missing = missing.into_iter().filter(|(_, missing)| *missing);
        let faults: Vec<FieldError> = missing
            .map(|(pointer, _)| FieldError::new(pointer, FieldCode::Required))
            .collect();
        let Some(on) = day.filter(|_| faults.is_empty()) else {
            return form.fail(activities::faulty(faults));
        };
        let told = Signing {
            name: name.trimmed(),
            function: function.trimmed(),
            on,
        };
        enter(form, path.get_value(), version, told, open, done);
    };
    view! {
        <Dialog id="letter-signing" title=t!("engagement.sign") open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <p>{t!("engagement.sign_words")}</p>
                <ErrorSummary form=form/>
                <TextField field=name label=t!("engagement.signatory") hint=t!("engagement.signatory_hint", max = WORD_MAX)/>
                <TextField field=function label=t!("engagement.function") hint=t!("engagement.function_hint")/>
                <TextField field=on label=t!("engagement.signed_on") kind=Kind::Date/>
                {buttons(form, open, t!("engagement.sign"))}
            </form>
        </Dialog>
    }
    .into_any()
}

fn file_dialog(path: String, version: i64, open: State<bool>, done: Callback<CohortMemberView>) -> AnyView {
    let form = Form::new(format!("{path}:{version}"));
    let reference = form.field("file-reference", "/reference", "");
    let path = Kept::new(path);
    let send = move || {
        form.clear();
        let told = Filing {
            reference: reference.trimmed(),
        };
        if told.reference.is_empty() {
            return form.fail(activities::faulty(vec![FieldError::new(
                "/reference",
                FieldCode::Required,
            )]));
        }
        enter(form, path.get_value(), version, told, open, done);
    };
    view! {
        <Dialog id="letter-filing" title=t!("engagement.file_title") open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <ErrorSummary form=form/>
                <TextField field=reference label=t!("engagement.reference") hint=t!("engagement.reference_hint", max = WORD_MAX)/>
                {buttons(form, open, t!("engagement.file"))}
            </form>
        </Dialog>
    }
    .into_any()
}

/// The letter as a sheet, in the reader's language or in another one that it has.
fn sheet(letter: EngagementLetter) -> AnyView {
    let wanted = app::query("language");
    let texts = Kept::new(letter.text.clone());
    let chosen = memo(move || {
        let wanted = Language::from_tag(&wanted.get()).unwrap_or_else(i18n::language);
        let has = |language: &Language| texts.with_value(|texts| texts.contains_key(language.tag()));
        let mut order = [wanted].into_iter().chain(Language::ALL);
        order.find(has).unwrap_or(wanted)
    });
    let id = letter.member_id;
    let others = move || {
        let there = |language: &Language| texts.with_value(|texts| texts.contains_key(language.tag()));
        let all = Language::ALL.into_iter().filter(there);
        all.map(|other| {
            let name = i18n::own_name(other);
            if other == chosen.get() {
                view! { <li><strong lang=other.tag()>{name}</strong></li> }.into_any()
            } else {
                let href = format!("/cohort-members/{id}?language={}", other.tag());
                view! { <li><a href=href lang=other.tag()>{name}</a></li> }.into_any()
            }
        })
        .collect_any()
    };
    let words = move || {
        let text = texts.with_value(|texts| texts.get(chosen.get().tag()).cloned().unwrap_or_default());
        let mut parts = text.trim().split("\n\n").map(str::to_owned);
        let head = parts.next().unwrap_or_default();
        let rest = parts.map(|paragraph| view! { <p>{paragraph}</p> }).collect_any();
        view! {
            <h2>{head}</h2>
            {rest}
        }
    };
    let is_draft = letter.state == LetterState::Drafted;
    let signature = letter.signature.map(|signature| {
        let on = signature.on;
        view! {
            <p>
                <strong>{signature.name}</strong> <br/> {signature.function} <br/> {live(move || intl::date(on))}
            </p>
        }
    });
    let reference = letter.reference.map(|reference| {
        view! { <p class="small soft">{live(move || text!("engagement.under", reference = reference.clone()))}</p> }
    });
    view! {
        <div class="row no-print">
            <nav aria-label=t!("letter.languages")><ul class="letter-languages" role="list">{live(others)}</ul></nav>
        </div>
        {is_draft.then(|| view! { <Notice><p>{t!("engagement.draft_words")}</p></Notice> })}
        <article class="sheet letter-sheet" lang=move || chosen.get().tag()>
            {live(words)}
            {signature}
            {reference}
        </article>
    }
    .into_any()
}

/// What became of the letter, for those who are told.
fn steps(of: &CohortMemberView) -> Option<AnyView> {
    if of.letter.steps.is_empty() {
        return None;
    }
    let steps = of.letter.steps.iter().map(|step| {
        let (at, note) = (step.at, step.note.clone());
        view! {
            <li class="agenda-entry agenda-past">
                <p class="agenda-days small">{live(move || intl::date_time(at))}</p>
                <div class="agenda-words">
                    <p class="agenda-title">{tf!("engagement_state.", step.state.code())}</p>
                    {note.map(|note| view! { <p>{note}</p> })}
                </div>
            </li>
        }
    });
    Some(
        view! {
            <section class="stack no-print" aria-labelledby="letter-steps">
                <h2 id="letter-steps">{t!("engagement.steps")}</h2>
                <ol class="agenda">{steps.collect_any()}</ol>
            </section>
        }
        .into_any(),
    )
}
