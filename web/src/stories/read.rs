//! A story as anybody reads it; its sides see above it where it stands and what may come next.

use super::{image, model, state_badge};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::ids::PartnershipId;
use shared::partnerships::{PartnershipAction, PartnershipView, PartyRef};
use shared::problem::{FieldCode, FieldError};
use shared::results::ResultPage;
use shared::stories::{
    STORY_REASON_MAX, StoryAction, StoryAdvance, StoryDraft, StoryPage as Stories, StoryState, StoryView,
};
use wasm_bindgen_futures::spawn_local;

/// How many results stand below a story.
const RESULTS: usize = 3;

/// What the page is made of.
#[derive(Clone, Debug)]
struct Whole {
    partnership: PartnershipView,
    story: Option<StoryView>,
    results: Vec<String>,
}

/// The story of a partnership.
#[component]
pub fn StoryPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let whole = load(move || {
        // Who writes it reads it as a draft too.
        known.track();
        let id = id.get();
        async move {
            let partnership = client::get::<PartnershipView>(format!("/partnerships/{id}")).await?;
            let id = partnership.summary.id;
            // A list says that there is none without a fault.
            let listed = client::get::<Stories>(format!("/stories?partnership_id={id}&limit=1")).await?;
            let (mut story, mut results) = (None, Vec::new());
            if !listed.items.is_empty() {
                story = Some(client::get::<StoryView>(format!("/partnerships/{id}/story")).await?);
                let page = client::get::<ResultPage>(format!("/partnerships/{id}/results?limit={RESULTS}")).await?;
                results = page.items.into_iter().map(|result| result.title).collect();
            }
            Ok(Whole {
                partnership,
                story,
                results,
            })
        }
    });
    view! { <Loaded of=whole lines=12 view=move |of: Whole| page(of, whole)/> }.into_any()
}

fn page(of: Whole, loading: Loading<Whole>) -> AnyView {
    let Some(story) = of.story.clone() else {
        return none_yet(&of.partnership);
    };
    let id = of.partnership.summary.id;
    let name = of.partnership.summary.name.clone();
    let (title, lead, words) = (
        story.words.title.clone(),
        story.words.lead.clone(),
        story.words.text.clone(),
    );
    let shown = move || {
        let title = i18n::own_text(&title);
        // A draft may have none yet.
        if title.is_empty() {
            text!("story.untitled")
        } else {
            title
        }
    };
    let title = Signal::derive(shown);
    app::announce_page(title);
    let body = move || {
        let all = model::paragraphs(&i18n::own_text(&words));
        all.into_iter().map(|one| view! { <p>{one}</p> }).collect_any()
    };
    let published = story.published_at.filter(|_| story.state == StoryState::Published);
    let desk = (!story.allowed.is_empty()).then(|| desk(of.clone(), story.clone(), loading));
    view! {
        <nav class="crumbs" aria-label=t!("page.crumbs")>
            <ol>
                <li><a href="/stories">{t!("story.stories")}</a>{icon(Icon::ChevronRight)}</li>
                <li><a href=format!("/partnerships/{id}")>{name.clone()}</a>{icon(Icon::ChevronRight)}</li>
            </ol>
        </nav>
        {desk}
        <article class="story" aria-labelledby="page-title">
            <header class="story-head">
                <p class="story-over">{name}</p>
                <h1 id="page-title" tabindex="-1">{title}</h1>
                <p class="story-lead">{live(move || i18n::own_text(&lead))}</p>
            </header>
            {figure(&story)}
            <div class="story-text">{live(body)}</div>
            <p class="story-end small soft">
                {published.map(|at| view! { <span>{live(move || text!("story.published_on", day = intl::day_of(at)))}</span> })}
            </p>
        </article>
        {around(&of)}
        <div class="row no-print story-tools"><Button label=t!("action.print") look=Look::Secondary icon=Icon::Print on_press=print/></div>
    }
    .into_any()
}

fn print(_: ()) {
    if let Some(window) = web_sys::window() {
        // Fails only where a browser cannot print, and then nothing happens.
        window.print().ok();
    }
}

fn none_yet(partnership: &PartnershipView) -> AnyView {
    let id = partnership.summary.id;
    let go = app::navigator();
    let busy = State::new(false);
    let begin = move |()| {
        busy.set(true);
        spawn_local(async move {
            let draft = StoryDraft::default();
            match client::post::<_, StoryView>(format!("/partnerships/{id}/story"), &draft).await {
                Ok(_) => {
                    go.try_run(format!("/partnerships/{id}/story/edit"));
                }
                Err(failure) => {
                    busy.try_set(false);
                    toast::say(failure_sentence(&failure));
                }
            }
        });
    };
    let may = partnership.allowed.contains(&PartnershipAction::Update);
    view! {
        <PageHeader
            title=t!("story.title")
            crumbs=vec![
                Crumb::new("/partnerships", t!("nav.partnerships")),
                Crumb::new(format!("/partnerships/{id}"), Signal::stored(partnership.summary.name.clone())),
            ]
        />
        <EmptyState title=t!("story.none") words=t!("story.none_words")>
            {may.then(|| view! { <Button label=t!("story.begin") icon=Icon::Plus busy=busy on_press=begin/> })}
        </EmptyState>
    }
    .into_any()
}

/// The picture with who made it, and that who is in it agreed.
fn figure(story: &StoryView) -> Option<AnyView> {
    let picture = story.picture.as_ref()?;
    let alt = story.words.alt.clone();
    let credit = story.words.credit.clone();
    let agreed = story.words.consent_on.map(|day| {
        view! { <span>{live(move || text!("story.agreed_on", day = intl::date(day)))}</span> }
    });
    Some(
        view! {
            <figure class="story-figure">
                {image(picture, move || i18n::own_text(&alt))}
                <figcaption class="small soft">
                    {(!credit.is_empty()).then(|| view! { <span>{live(move || text!("story.credit", name = credit.clone()))}</span> })} {agreed}
                </figcaption>
            </figure>
        }
        .into_any(),
    )
}

/// Who tells it, and what it came to: the ways from here.
fn around(of: &Whole) -> AnyView {
    let id = of.partnership.summary.id;
    let parties = of.partnership.parties.iter().map(|party| {
        let name = party.name.clone();
        let country = party.country.clone();
        let name = match &party.party {
            PartyRef::City { city_id } => view! { <a href=format!("/cities/{city_id}")>{name}</a> }.into_any(),
            _ => view! { <span>{name}</span> }.into_any(),
        };
        view! { <li>{name} " " <span class="small soft">{live(move || intl::country(&country))}</span></li> }
    });
    let parties = parties.collect_any();
    let results = of.results.iter().cloned().map(|title| view! { <li>{title}</li> });
    let achieved = (!of.results.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="story-results">
                <h2 id="story-results" class="minor">{t!("story.results")}</h2>
                <ul class="story-list">{results.collect_any()}</ul>
                <p><a href=format!("/partnerships/{id}/life#results")>{t!("story.all_results")}</a></p>
            </section>
        }
    });
    view! {
        <div class="story-around">
            <section class="stack" aria-labelledby="story-parties">
                <h2 id="story-parties" class="minor">{t!("story.parties")}</h2>
                <ul class="story-list">{parties}</ul>
                <p><a href=format!("/partnerships/{id}")>{t!("story.partnership")}</a></p>
            </section>
            {achieved}
        </div>
    }
    .into_any()
}

/// Where it stands, what it lacks, and what its sides may do with it.
fn desk(of: Whole, story: StoryView, loading: Loading<Whole>) -> AnyView {
    let id = story.partnership_id;
    let (state, version) = (story.state, story.version);
    let may = |action| story.allowed.contains(&action);
    let (updates, advances) = (may(StoryAction::Update), may(StoryAction::Advance));
    let form = Form::new(format!("story-step:{id}:{version}"));
    let reason = form.field("story-reason", "/reason", "");
    let withdrawing = State::new(false);
    let of = Kept::new(of);
    let go = move |to: StoryState| {
        form.clear();
        if to.needs_reason() && reason.trimmed().is_empty() {
            let missing = FieldError::new("/reason", FieldCode::Required);
            return form.fail(crate::activities::faulty(vec![missing]));
        }
        form.busy.set(true);
        let step = StoryAdvance {
            to,
            reason: Some(reason.trimmed()).filter(|words| !words.is_empty()),
        };
        spawn_local(async move {
            let path = format!("/partnerships/{id}/story/advance");
            let answer = client::act::<_, StoryView>(path, version, &step).await;
            form.busy.try_set(false);
            match answer {
                Ok(story) => {
                    withdrawing.try_set(false);
                    toast::say(textf!("story_moved.", story.state.code()));
                    let mut whole = of.get_value();
                    whole.story = Some(story);
                    loading.set(whole);
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let next = story.next_states.first().copied().filter(|_| advances).map(|to| {
        let lacks = to == StoryState::Published && !story.missing.is_empty();
        if lacks {
            return ().into_any();
        }
        if to.needs_reason() {
            return view! { <Button label=tf!("story_step.", to.code()) look=Look::Secondary icon=Icon::Hidden on_press=move |()| withdrawing.set(true)/> }
                .into_any();
        }
        view! { <Button label=tf!("story_step.", to.code()) icon=Icon::Done busy=form.busy on_press=move |()| go(to)/> }.into_any()
    });
    let reason_told = story.state_reason.clone();
    view! {
        <aside class="sheet stack story-desk no-print" aria-label=t!("story.desk")>
            <div class="row row-apart">
                <p class="row">{state_badge(state)} <span>{tf!("story_state_words.", state.code())}</span></p>
                <div class="row">
                    {updates
                        .then(|| view! { <LinkButton href=format!("/partnerships/{id}/story/edit") label=t!("story.edit") look=Look::Secondary icon=Icon::Edit/> })}
                    {next}
                </div>
            </div>
            {reason_told.map(|reason| view! { <blockquote><p>{reason}</p></blockquote> })}
            {(state == StoryState::Draft).then(|| to_do(id, &story))}
            <ErrorSummary form=form/>
        </aside>
        <Dialog id="withdraw" title=t!("story.withdraw_title") open=withdrawing>
            <p>{t!("story.withdraw_words")}</p>
            <TextArea field=reason label=t!("story.reason") hint=t!("story.reason_hint") rows=3 limit=STORY_REASON_MAX as usize/>
            <div class="row">
                <Button label=t!("story_step.withdrawn") look=Look::Danger busy=form.busy on_press=move |()| go(StoryState::Withdrawn)/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| withdrawing.set(false)/>
            </div>
        </Dialog>
    }
    .into_any()
}

/// What a draft lacks to be published, in a few words.
fn to_do(id: PartnershipId, story: &StoryView) -> AnyView {
    if story.missing.is_empty() {
        return view! { <p class="soft">{t!("story.ready")}</p> }.into_any();
    }
    let languages = model::open_languages(&story.missing);
    let consent = model::lacks_consent(&story.missing);
    let edit = format!("/partnerships/{id}/story/edit");
    let lines = languages.into_iter().map(|language| {
        let href = format!("{edit}#story-{}", language.tag());
        view! { <li><a href=href>{live(move || text!("story.lacks_language", language = i18n::own_name(language)))}</a></li> }
    });
    view! {
        <div>
            <p>{t!("story.lacks")}</p>
            <ul class="story-lacks">
                {lines.collect_any()}
                {consent.then(|| view! { <li><a href=format!("{edit}#story-picture")>{t!("story.lacks_consent")}</a></li> })}
            </ul>
        </div>
    }
    .into_any()
}
