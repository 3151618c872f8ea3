//! Writing a result: a new one of a partnership, or changes to one.

use super::model::Sheet;
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{app, client, i18n, t, text, textf};
use leptos::prelude::*;
use shared::partnerships::{PartnershipAction, PartnershipView};
use shared::results::{ABOUT_MAX, ResultAction, ResultPatch, ResultView};
use wasm_bindgen_futures::spawn_local;

/// A new result of a partnership.
#[component]
pub fn ResultNewPage() -> impl IntoView {
    let id = app::param("id");
    let partnership = load(move || client::get::<PartnershipView>(format!("/partnerships/{}", id.get())));
    view! {
        <Loaded
            of=partnership
            lines=8
            view=|partnership: PartnershipView| {
                if !partnership.allowed.contains(&PartnershipAction::Update) {
                    return not_allowed(&partnership);
                }
                view! { <Editor partnership=partnership known=None/> }.into_any()
            }
        />
    }
    .into_any()
}

/// Changes to a result.
#[component]
pub fn ResultEditPage() -> impl IntoView {
    let id = app::param("id");
    let both = load(move || {
        let path = format!("/results/{}", id.get());
        async move {
            let result = client::get::<ResultView>(path).await?;
            let partnership =
                client::get::<PartnershipView>(format!("/partnerships/{}", result.partnership_id)).await?;
            Ok((result, partnership))
        }
    });
    view! {
        <Loaded
            of=both
            lines=8
            view=|(result, partnership): (ResultView, PartnershipView)| {
                if !result.allowed.contains(&ResultAction::Update) {
                    return not_allowed(&partnership);
                }
                view! { <Editor partnership=partnership known=Some(result)/> }.into_any()
            }
        />
    }
    .into_any()
}

fn not_allowed(partnership: &PartnershipView) -> AnyView {
    let back = format!("/partnerships/{}/life", partnership.summary.id);
    view! {
        <PageHeader title=t!("results.edit")/>
        <EmptyState title=t!("results.not_allowed")>
            <LinkButton href=back label=t!("map.open") look=Look::Secondary/>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Editor(partnership: PartnershipView, known: Option<ResultView>) -> impl IntoView {
    let sheet = known.as_ref().map(Sheet::of).unwrap_or_default();
    let partnership_id = partnership.summary.id;
    let known = known.map(|result| (result.id, result.version));
    let form = Form::new(match known {
        Some((id, _)) => format!("result:{id}"),
        None => format!("result:new:{partnership_id}"),
    });
    let title = form.field("result-title", "/title", sheet.title.clone());
    let theme = form.field("result-theme", "/theme", sheet.theme.clone());
    let about = form.field("result-about", "/about", sheet.about.clone());
    let shown_by = form.field(
        "result-evidence",
        "/evidence",
        if sheet.is_document { "document" } else { "indicator" },
    );
    let unit = form.field("result-unit", "/evidence/unit", sheet.unit.clone());
    let baseline = form.field("result-baseline", "/evidence/baseline", sheet.baseline.clone());
    let target = form.field("result-target", "/evidence/target", sheet.target.clone());
    let document = form.field("result-document", "/evidence/title", sheet.document.clone());
    let url = form.field("result-url", "/evidence/url", sheet.url.clone());
    let dated_on = form.field("result-dated", "/evidence/dated_on", sheet.dated_on.clone());
    let author = form.field("result-author", "/evidence/author", sheet.author.clone());
    let goal = form.field("result-sdgs", "/sdgs", "");
    let sdgs = State::new(sheet.sdgs.clone());
    form.autosave();
    let is_document = memo(move || shown_by.text.with(|code| code == "document"));

    let go = app::navigator();
    let save = move || {
        form.clear();
        let sheet = Sheet {
            theme: theme.trimmed(),
            title: title.trimmed(),
            about: about.trimmed(),
            sdgs: sdgs.get_untracked(),
            is_document: is_document.get_untracked(),
            unit: unit.trimmed(),
            baseline: baseline.trimmed(),
            target: target.trimmed(),
            document: document.trimmed(),
            url: url.trimmed(),
            dated_on: dated_on.trimmed(),
            author: author.trimmed(),
        };
        let draft = match sheet.draft() {
            Ok(draft) => draft,
            Err(faults) => return form.fail(crate::activities::faulty(faults)),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = match known {
                None => client::post::<_, ResultView>(format!("/partnerships/{partnership_id}/results"), &draft).await,
                Some((id, version)) => {
                    let patch = ResultPatch {
                        theme: Some(draft.theme),
                        title: Some(draft.title),
                        about: Some(draft.about),
                        sdgs: Some(draft.sdgs),
                        evidence: Some(draft.evidence),
                    };
                    client::patch::<_, ResultView>(format!("/results/{id}"), version, &patch).await
                }
            };
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    form.forget_draft();
                    toast::say(text!("results.saved"));
                    go.try_run(format!("/partnerships/{partnership_id}/life"));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };

    let themes = Signal::derive(i18n::themes);
    let goals = Signal::derive(|| {
        (1..=17_u8)
            .map(|goal| (goal.to_string(), text!("results.sdg", number = goal)))
            .collect::<Vec<_>>()
    });
    let kinds = Signal::derive(|| {
        ["indicator", "document"]
            .map(|code| (code.to_owned(), textf!("results_evidence.", code)))
            .to_vec()
    });
    let is_new = known.is_none();
    let heading = if is_new { t!("results.add") } else { t!("results.edit") };
    let page = format!("/partnerships/{partnership_id}/life");
    let way = vec![
        Crumb::new("/partnerships", t!("nav.partnerships")),
        Crumb::new(
            format!("/partnerships/{partnership_id}"),
            Signal::stored(partnership.summary.name.clone()),
        ),
        Crumb::new(page.clone(), t!("life.title")),
    ];
    view! {
        <PageHeader title=heading crumbs=way lead=t!("activity_edit.lead")/>
        <form
            class="stack stack-l measure edit-form"
            novalidate
            on:submit=submit(form.busy, save)
        >
            <ErrorSummary form=form/>
            <TextField field=title label=t!("results.name") hint=t!("results.name_hint")/>
            <Select field=theme label=t!("results.theme") options=themes none=t!("results.choose")/>
            {is_new.then(|| view! { <RadioGroup field=shown_by label=t!("results.evidence") options=kinds/> })}
            {live(move || {
                if is_document.get() {
                    view! {
                        <div class="stack">
                            <TextField field=document label=t!("results.document")/>
                            <TextField field=url label=t!("results.url") hint=t!("results.url_hint") kind=Kind::Url/>
                            <TextField field=dated_on label=t!("results.dated_on") kind=Kind::Date/>
                            <TextField field=author label=t!("results.author") hint=t!("results.author_hint")/>
                        </div>
                    }
                        .into_any()
                } else {
                    view! {
                        <div class="stack">
                            <TextField field=unit label=t!("results.unit") hint=t!("results.unit_hint")/>
                            <div class="pair-choice">
                                <TextField field=baseline label=t!("results.baseline") kind=Kind::Amount/>
                                <TextField field=target label=t!("results.target") kind=Kind::Amount/>
                            </div>
                        </div>
                    }
                        .into_any()
                }
            })}
            <Picks field=goal label=t!("results.sdgs") hint=t!("results.sdgs_hint") options=goals chosen=sdgs/>
            <TextArea field=about label=t!("results.about") rows=4 limit=ABOUT_MAX as usize optional=true/>
            <div class="row">
                <Button label=t!("action.save") submit=true busy=form.busy/>
                <LinkButton href=page label=t!("action.cancel") look=Look::Secondary/>
            </div>
            <crate::form::DraftNote form=form/>
        </form>
    }
    .into_any()
}
