//! Writing a story: a sheet for each language, and the picture with who agreed to it.

use super::model;
use super::picture::{Frame, choice};
use crate::form::{Field, Form, lasting};
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text};
use leptos::prelude::*;
use shared::language::{Language, Texts};
use shared::partnerships::PartnershipView;
use shared::problem::{FieldCode, FieldError};
use shared::stories::{STORY_ALT_MAX, STORY_LEAD_MAX, STORY_TEXT_MAX, StoryAction, StoryDraft, StoryView};
use shared::time::parse_day;
use wasm_bindgen_futures::spawn_local;

/// The form of a story.
#[component]
pub fn StoryEditPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let whole = load(move || {
        known.track();
        let id = id.get();
        async move {
            let partnership = client::get::<PartnershipView>(format!("/partnerships/{id}")).await?;
            let story = client::get::<StoryView>(format!("/partnerships/{id}/story")).await?;
            Ok((partnership, story))
        }
    });
    view! { <Loaded of=whole lines=12 view=editor/> }.into_any()
}

fn editor((partnership, story): (PartnershipView, StoryView)) -> AnyView {
    let id = partnership.summary.id;
    let page = format!("/partnerships/{id}/story");
    let header = view! {
        <PageHeader
            title=t!("story.edit")
            crumbs=vec![
                Crumb::new("/partnerships", t!("nav.partnerships")),
                Crumb::new(format!("/partnerships/{id}"), Signal::stored(partnership.summary.name)),
                Crumb::new(page.clone(), t!("story.title")),
            ]
            lead=t!("story.edit_lead")
        />
    };
    if story.allowed.contains(&StoryAction::Update) {
        return view! { {header} {form_of(story)} }.into_any();
    }
    view! {
        {header}
        <EmptyState title=t!("story.not_allowed")>
            <LinkButton href=page label=t!("story.title") look=Look::Secondary/>
        </EmptyState>
    }
    .into_any()
}

/// The fields of a text in each language.
fn in_each(form: Form, name: &str, known: &Texts) -> [Field; 3] {
    [Language::Fr, Language::En, Language::Uk].map(|language| {
        let tag = language.tag();
        let text = known.get(tag).cloned().unwrap_or_default();
        form.field(
            lasting(format!("story-{name}-{tag}")),
            lasting(format!("/{name}/{tag}")),
            text,
        )
    })
}

fn form_of(story: StoryView) -> AnyView {
    let id = story.partnership_id;
    let words = story.words.clone();
    let form = Form::new(format!("story:{id}:{}", story.version));
    let title = in_each(form, "title", &words.title);
    let lead = in_each(form, "lead", &words.lead);
    let body = in_each(form, "text", &words.text);
    let alt = in_each(form, "alt", &words.alt);
    let credit = form.field("story-credit", "/credit", words.credit);
    let consent_by = form.field("story-consent-by", "/consent_by", words.consent_by);
    let day = words.consent_on.map(|day| day.to_string()).unwrap_or_default();
    let consent_on = form.field("story-consent-on", "/consent_on", day);
    form.autosave();
    let of_picture = [alt[0], alt[1], alt[2], credit, consent_by, consent_on];
    let frame = Frame {
        id,
        state: story.state,
        version: State::new(story.version),
        picture: State::new(story.picture),
        forget: Callback::new(move |()| {
            for field in of_picture {
                field.type_text(String::new());
            }
        }),
    };
    let go = app::navigator();
    let page = format!("/partnerships/{id}/story");
    let save = move || {
        form.clear();
        let told = consent_on.trimmed();
        let consent = parse_day(&told);
        if consent.is_none() && !told.is_empty() {
            let wrong = FieldError::new("/consent_on", FieldCode::Format);
            return form.fail(crate::activities::faulty(vec![wrong]));
        }
        let draft = StoryDraft {
            title: model::texts(title.map(Field::trimmed)),
            lead: model::texts(lead.map(Field::trimmed)),
            text: model::texts(body.map(Field::trimmed)),
            alt: model::texts(alt.map(Field::trimmed)),
            credit: credit.trimmed(),
            consent_by: consent_by.trimmed(),
            consent_on: consent,
        };
        form.busy.set(true);
        spawn_local(async move {
            let path = format!("/partnerships/{id}/story");
            let answer = client::put::<_, StoryView>(path, frame.version.get_untracked(), &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    form.forget_draft();
                    toast::say(text!("story.saved"));
                    go.try_run(format!("/partnerships/{id}/story"));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let sheets = Language::ALL.iter().enumerate().map(|(at, &language)| {
        let tag = language.tag();
        let anchor = format!("story-{tag}");
        view! {
            <fieldset class="sheet stack story-language" id=anchor tabindex="-1">
                <legend class="plan-legend">{i18n::own_name(language)}</legend>
                <TextField field=title[at] label=t!("story.field_title") optional=true lang=tag.to_owned()/>
                <TextArea field=lead[at] label=t!("story.field_lead") rows=3 limit=STORY_LEAD_MAX as usize optional=true lang=tag.to_owned()/>
                <TextArea
                    field=body[at]
                    label=t!("story.field_text")
                    hint=t!("story.text_hint")
                    rows=14
                    limit=STORY_TEXT_MAX as usize
                    optional=true
                    lang=tag.to_owned()
                />
            </fieldset>
        }
    });
    let alts = Language::ALL.iter().enumerate().map(|(at, &language)| {
        let label = Signal::derive(move || text!("story.field_alt", language = i18n::own_name(language)));
        view! { <TextArea field=alt[at] label=label rows=2 limit=STORY_ALT_MAX as usize optional=true lang=language.tag().to_owned()/> }
    });
    let has_picture = memo(move || frame.picture.with(Option::is_some));
    let about = view! {
        <div class="stack" hidden=by(move || !has_picture.get())>
            <p class="small soft">{t!("story.alt_hint")}</p>
            {alts.collect_any()}
            <TextField field=credit label=t!("story.field_credit") hint=t!("story.credit_hint") optional=true/>
            <TextField field=consent_by label=t!("story.field_consent_by") hint=t!("story.consent_hint") optional=true/>
            <TextField field=consent_on label=t!("story.field_consent_on") kind=Kind::Date optional=true/>
        </div>
    };
    view! {
        <form class="stack stack-l edit-form story-form" novalidate on:submit=submit(form.busy, save)>
            <ErrorSummary form=form/>
            <div class="story-languages">{sheets.collect_any()}</div>
            <fieldset class="sheet stack" id="story-picture" tabindex="-1">
                <legend class="plan-legend">{t!("story.picture")}</legend>
                <p class="measure">{t!("story.picture_words")}</p>
                {choice(frame)}
                {about}
            </fieldset>
            <div class="row">
                <Button label=t!("action.save") submit=true busy=form.busy/>
                <LinkButton href=page label=t!("action.cancel") look=Look::Secondary/>
            </div>
            <crate::form::DraftNote form=form/>
        </form>
    }
    .into_any()
}
