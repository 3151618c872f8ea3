//! One file on somebody's desk: what the server has, what is being written, and the saving between the two.
//!
//! What is written is sent a moment after the last key. When somebody else was faster (412), the file is fetched again and merged field by field
//! ([`Content::merge`]): what only they changed is taken over, what only oneself changed is kept and sent again. A field that the server refuses keeps its text and
//! its error while the rest is saved. What cannot be sent is kept in this tab and merged when the page opens again.

use super::model::{Change, Content, PartyChange, without_refused};
use super::rows::Rows;
use crate::client::{self, Answer, Failure};
use crate::form::{Field, Form, lasting};
use crate::ui::prelude::*;
use crate::{browser, i18n, json, text};
use leptos::ev;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::applications::{ApplicationAction, ApplicationPatch, ApplicationView, BudgetView};
use shared::budget::RuleSet;
use shared::ids::ApplicationId;
use shared::problem::{FieldError, ProblemCode};
use shared::themes::Theme;
use std::collections::BTreeMap;
use wasm_bindgen_futures::spawn_local;

/// How long after the last key what was written is sent.
const PAUSE: u32 = 1_200;
/// How long after a failure of the network it is tried again.
const AGAIN: u32 = 10_000;
/// How often a change is merged and sent again before giving up.
const TRIES: usize = 6;

/// Where saving stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Saving {
    /// Nothing was written yet.
    Calm,
    /// Something waits to be sent.
    Waiting,
    /// It is on its way.
    Busy,
    /// Everything is on the server since this moment.
    Saved(f64),
    /// It could not be sent.
    Failed(Failure),
}

/// What this tab keeps while the server does not have it.
#[derive(Serialize, Deserialize)]
struct Draft {
    base: Content,
    mine: Content,
}

/// The file. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Which file.
    pub id: ApplicationId,
    /// The file as the server last told it.
    pub view: State<ApplicationView>,
    /// The call's rules.
    pub rules: Kept<RuleSet>,
    /// The title.
    pub title: Field,
    /// The answers, with the keys of their questions.
    pub answers: Kept<Vec<(String, Field)>>,
    /// The field of the themes: its error.
    pub theme: Field,
    /// The slugs of the themes.
    pub themes: State<Vec<String>>,
    /// The budget.
    pub rows: State<Rows>,
    /// What the server refused in the budget, by cell.
    pub wrong_cells: State<Vec<(String, FieldError)>>,
    /// Where saving stands.
    pub saving: State<Saving>,
    /// What others changed meanwhile.
    pub changes: State<Vec<Change>>,
    /// What the server holds of what people write.
    pub base: State<Content>,
    held: Kept<bool>,
}

impl Desk {
    /// Puts a file on the desk; a file that may be written in saves itself from now on.
    pub fn new(view: ApplicationView, budget: BudgetView, rules: RuleSet) -> Desk {
        let id = view.summary.id;
        let server = Content::of(&view, &budget);
        let form = Form::new(format!("file:{id}"));
        let answers = view
            .questions
            .iter()
            .map(|question| {
                let pointer = lasting(format!("/answers/{}", question.key));
                let name = lasting(format!("answer-{}", question.key));
                (question.key.clone(), form.field(name, pointer, ""))
            })
            .collect();
        let desk = Desk {
            id,
            title: form.field("file-title", "/title", ""),
            answers: Kept::new(answers),
            theme: form.field("file-themes", "/themes", ""),
            themes: State::new(Vec::new()),
            rows: State::new(Rows::new(shared::money::exponent(&budget.currency))),
            wrong_cells: State::new(Vec::new()),
            saving: State::new(Saving::Calm),
            changes: State::new(Vec::new()),
            base: State::new(server.clone()),
            held: Kept::new(false),
            rules: Kept::new(rules),
            view: State::new(view),
        };
        desk.write(&server);
        if desk.may(ApplicationAction::Update) {
            desk.take_up_draft(&server);
            desk.save_by_itself();
        }
        desk
    }

    /// Whether the reader may do it now; not tracked.
    pub fn may(self, action: ApplicationAction) -> bool {
        self.view.with_untracked(|view| view.allowed.contains(&action))
    }

    /// What stands in the form; tracked.
    pub fn read(self) -> Content {
        let answers: BTreeMap<String, String> = self.answers.with_value(|answers| {
            answers
                .iter()
                .map(|(key, field)| (key.clone(), field.text.get()))
                .filter(|(_, answer)| !answer.trim().is_empty())
                .collect()
        });
        Content {
            title: self.title.text.with(|title| title.trim().to_owned()),
            themes: self
                .themes
                .with(|themes| themes.iter().filter_map(|slug| Theme::from_slug(slug)).collect()),
            answers,
            budget: self.rows.with(|rows| rows.read().budget),
        }
    }

    fn read_now(self) -> Option<Content> {
        // The page may be gone: its signals are disposed together.
        self.rows.try_get_untracked()?;
        Some(untrack(|| self.read()))
    }

    fn write(self, content: &Content) {
        if self.title.text.with_untracked(|title| title.trim() != content.title) {
            self.title.text.set(content.title.clone());
        }
        let slugs: Vec<String> = content.themes.iter().map(|theme| theme.slug().to_owned()).collect();
        if self.themes.with_untracked(|themes| *themes != slugs) {
            self.themes.set(slugs);
        }
        self.answers.with_value(|answers| {
            for (key, field) in answers {
                let wanted = content.answers.get(key).map_or("", String::as_str);
                let differs = field
                    .text
                    .with_untracked(|text| text != wanted && !(text.trim().is_empty() && wanted.is_empty()));
                if differs {
                    field.text.set(wanted.to_owned());
                }
            }
        });
        let mut rows = self.rows.get_untracked();
        rows.take(&content.budget, i18n::language_now());
        if self.rows.with_untracked(|known| *known != rows) {
            self.rows.set(rows);
        }
    }

    fn draft_name(self) -> String {
        format!("draft:file:{}", self.id)
    }

    /// What an earlier visit could not send is merged with what the server has now, and sent by the saving that follows.
    fn take_up_draft(self, server: &Content) {
        let kept = browser::kept(&self.draft_name()).and_then(|text| json::parse::<Draft>(&text));
        let Some(kept) = kept else { return };
        browser::forget(&self.draft_name());
        let (merged, changes) = Content::merge(&kept.base, &kept.mine, server);
        if merged != *server {
            self.write(&merged);
            self.changes.set(changes);
            spawn_local(async move {
                self.save().await;
            });
        }
    }

    fn keep_draft(self) {
        let (Some(base), Some(mine)) = (self.base.try_get_untracked(), self.read_now()) else {
            return;
        };
        if let Ok(text) = serde_json::to_string(&Draft { base, mine }) {
            browser::keep(&self.draft_name(), &text);
        }
    }

    /// Whether something is written that the server does not have; tracked.
    pub fn is_unsaved(self) -> bool {
        let unreadable = self.rows.with(|rows| !rows.read().unreadable.is_empty());
        let mine = self.read();
        unreadable || self.base.with(|base| *base != mine)
    }

    fn save_by_itself(self) {
        let turn = Kept::new(0u32);
        Effect::new(move |before: Option<Content>| {
            let mine = self.read();
            let unsaved = self.base.with_untracked(|base| *base != mine);
            let changed = before.is_some_and(|before| before != mine);
            if changed && !unsaved && self.saving.with_untracked(|saving| matches!(saving, Saving::Failed(_))) {
                // What was refused is again as the server has it.
                self.saving.set(Saving::Saved(browser::now_ms()));
                browser::forget(&self.draft_name());
            }
            if changed && unsaved {
                self.saving.set(Saving::Waiting);
                turn.update_value(|turn| *turn = turn.wrapping_add(1));
                let own = turn.get_value();
                spawn_local(async move {
                    browser::rest(PAUSE).await;
                    while turn.try_get_value() == Some(own) {
                        // Only a failure of the network comes back by itself; a refusal waits for the next change.
                        if self.save().await || !self.failed_on_the_way() {
                            return;
                        }
                        browser::rest(AGAIN).await;
                    }
                });
            }
            mine
        });
        let leaving = window_event_listener(ev::beforeunload, move |event| {
            if self.read_now().is_some() && untrack(|| self.is_unsaved()) {
                self.keep_draft();
                event.prevent_default();
            }
        });
        // Somebody who comes back to this page sees what the others did meanwhile.
        let returning = window_event_listener(ev::focus, move |_| {
            spawn_local(async move {
                if self.held.try_get_value() == Some(false) {
                    self.look_again().await;
                }
            });
        });
        on_cleanup(move || {
            leaving.remove();
            returning.remove();
            if self.may(ApplicationAction::Update) && untrack(|| self.is_unsaved()) {
                self.keep_draft();
                self.send_last();
            }
        });
    }

    fn failed_on_the_way(self) -> bool {
        self.saving
            .try_get_untracked()
            .is_some_and(|saving| matches!(saving, Saving::Failed(failure) if failure.status == 0 || failure.status >= 500 || failure.status == 429))
    }

    /// The page is being left: what is written goes out without waiting; the tab keeps it until it has arrived.
    fn send_last(self) {
        let (Some(mine), Some(base)) = (self.read_now(), self.base.try_get_untracked()) else {
            return;
        };
        let version = self.view.with_untracked(|view| view.summary.version);
        let readable = self.rows.with_untracked(|rows| rows.read().unreadable.is_empty());
        let (id, name) = (self.id, self.draft_name());
        spawn_local(async move {
            let mut version = version;
            let mut sent = true;
            if let Some(patch) = mine.patch(&base) {
                match client::patch::<_, ApplicationView>(format!("/applications/{id}"), version, &patch).await {
                    Ok(view) => version = view.summary.version,
                    Err(_) => sent = false,
                }
            }
            if mine.budget != base.budget && readable && sent {
                let path = format!("/applications/{id}/budget");
                sent = client::put::<_, BudgetView>(path, version, &mine.budget).await.is_ok();
            }
            if sent && readable {
                browser::forget(&name);
            } else {
                toast::say(text!("file.kept"));
            }
        });
    }

    /// Waits until nothing else of this page is on its way: each request needs the version that the one before answered.
    async fn hold(self) -> bool {
        loop {
            match self.held.try_get_value() {
                None => return false,
                Some(false) => break,
                Some(true) => browser::rest(40).await,
            }
        }
        self.held.set_value(true);
        true
    }

    fn release(self) {
        self.held.set_value(false);
    }

    /// Sends what is written; whether the server has everything now.
    pub async fn save(self) -> bool {
        if !self.hold().await {
            return false;
        }
        let answer = self.send().await;
        self.release();
        match answer {
            Ok(()) => {
                if self.read_now().is_some() && untrack(|| self.is_unsaved()) {
                    return false;
                }
                if self
                    .saving
                    .try_get_untracked()
                    .is_some_and(|saving| saving != Saving::Calm)
                {
                    self.saving.try_set(Saving::Saved(browser::now_ms()));
                }
                browser::forget(&self.draft_name());
                true
            }
            Err(failure) => {
                self.keep_draft();
                self.saving.try_set(Saving::Failed(failure));
                false
            }
        }
    }

    /// The version of what is shown.
    pub fn version(self) -> i64 {
        self.view.try_with_untracked(|view| view.summary.version).unwrap_or(0)
    }

    async fn send(self) -> Answer<()> {
        let mut refused: Option<Failure> = None;
        for _ in 0..TRIES {
            let (Some(mine), Some(base)) = (self.read_now(), self.base.try_get_untracked()) else {
                return Ok(());
            };
            let mut patch = mine.patch(&base);
            if let (Some(failure), Some(whole)) = (&refused, patch.clone()) {
                patch = without_refused(whole, &failure.errors);
            }
            let Some(patch) = patch else {
                let budget = self.send_budget(&mine, &base).await;
                match (budget, refused) {
                    (Err(failure), None) if failure.is(ProblemCode::Stale) => {
                        self.refresh().await?;
                        refused = None;
                        continue;
                    }
                    (Err(failure), _) => return Err(failure),
                    (Ok(()), Some(failure)) => return Err(failure),
                    (Ok(()), None) => return Ok(()),
                }
            };
            self.saving.try_set(Saving::Busy);
            let path = format!("/applications/{}", self.id);
            match client::patch::<_, ApplicationView>(path, self.version(), &patch).await {
                Ok(view) => {
                    self.base.try_update(|base| {
                        base.title.clone_from(&view.summary.title);
                        base.themes.clone_from(&view.themes);
                        base.answers.clone_from(&view.answers);
                    });
                    self.view.try_set(view);
                }
                Err(failure) if failure.is(ProblemCode::Stale) => self.refresh().await?,
                Err(failure) if failure.is(ProblemCode::Invalid) && refused.is_none() => {
                    self.show_refused(&failure.errors);
                    refused = Some(failure);
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    async fn send_budget(self, mine: &Content, base: &Content) -> Answer<()> {
        let readable = self.rows.try_with_untracked(|rows| rows.read().unreadable.is_empty());
        if mine.budget == base.budget || readable != Some(true) {
            return Ok(());
        }
        self.saving.try_set(Saving::Busy);
        let keys = self.rows.try_with_untracked(Rows::line_keys).unwrap_or_default();
        let path = format!("/applications/{}/budget", self.id);
        let answer = client::put::<_, BudgetView>(path, self.version(), &mine.budget).await;
        match answer {
            Ok(budget) => {
                self.wrong_cells.try_set(Vec::new());
                self.rows.try_update(|rows| rows.adopt_ids(&keys, &budget.budget.lines));
                self.base.try_update(|base| base.budget = budget.budget.clone());
                self.view.try_update(|view| view.summary.version = budget.version);
                // What is missing is told by the file only.
                if let Ok(view) = client::get::<ApplicationView>(format!("/applications/{}", self.id)).await
                    && view.summary.version == budget.version
                {
                    self.view.try_set(view);
                }
                Ok(())
            }
            Err(failure) => {
                if failure.is(ProblemCode::Invalid) {
                    let cells = self.rows.try_with_untracked(|rows| {
                        let errors = failure.errors.iter();
                        errors
                            .filter_map(|error| Some((rows.cell_of(&error.pointer)?, error.clone())))
                            .collect()
                    });
                    self.wrong_cells.try_set(cells.unwrap_or_default());
                }
                Err(failure)
            }
        }
    }

    /// Puts the server's errors at their fields without taking the focus: somebody is writing.
    fn show_refused(self, errors: &[FieldError]) {
        let fields: Vec<Field> = self
            .answers
            .try_with_value(|answers| answers.iter().map(|(_, field)| *field).collect::<Vec<_>>())
            .unwrap_or_default();
        for error in errors {
            let found = fields.iter().chain([&self.title, &self.theme]).find(|field| {
                error.pointer == field.pointer || error.pointer.starts_with(&format!("{}/", field.pointer))
            });
            if let Some(field) = found {
                field.error.try_set(Some(error.clone()));
            }
        }
    }

    /// Fetches the file and merges what is being written into it.
    async fn refresh(self) -> Answer<()> {
        let mut view = client::get::<ApplicationView>(format!("/applications/{}", self.id)).await?;
        let mut budget = client::get::<BudgetView>(format!("/applications/{}/budget", self.id)).await?;
        for _ in 0..TRIES {
            if view.summary.version == budget.version {
                break;
            }
            view = client::get(format!("/applications/{}", self.id)).await?;
            budget = client::get(format!("/applications/{}/budget", self.id)).await?;
        }
        let theirs = Content::of(&view, &budget);
        let (Some(mine), Some(base)) = (self.read_now(), self.base.try_get_untracked()) else {
            return Ok(());
        };
        let (merged, changes) = Content::merge(&base, &mine, &theirs);
        self.base.try_set(theirs);
        self.view.try_set(view);
        self.write(&merged);
        if !changes.is_empty() {
            self.changes.try_set(changes);
        }
        Ok(())
    }

    /// Fetches the file again, where it has changed.
    pub async fn look_again(self) {
        if !self.hold().await {
            return;
        }
        let known = self.version();
        if let Ok(view) = client::get::<ApplicationView>(format!("/applications/{}", self.id)).await
            && view.summary.version != known
        {
            // Should it fail, the next change tells.
            self.refresh().await.ok();
        }
        self.release();
    }

    /// Changes who takes part, at once and whoever takes part by now.
    pub async fn change_parties(self, change: PartyChange) -> Answer<()> {
        if !self.hold().await {
            return Ok(());
        }
        let answer = self.send_parties(change).await;
        self.release();
        answer
    }

    async fn send_parties(self, change: PartyChange) -> Answer<()> {
        for _ in 0..TRIES {
            let Some(Some(draft)) = self.view.try_with_untracked(|view| change.apply(&view.parties)) else {
                return Ok(());
            };
            let path = format!("/applications/{}/parties", self.id);
            match client::put::<_, ApplicationView>(path, self.version(), &draft).await {
                Ok(view) => {
                    self.view.try_set(view);
                    return Ok(());
                }
                Err(failure) if failure.is(ProblemCode::Stale) => self.refresh().await?,
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Sends a change that is none of what is written: that an answer which nobody wrote holds, for instance.
    pub async fn confirm(self, patch: &ApplicationPatch) -> Answer<()> {
        if !self.hold().await {
            return Ok(());
        }
        let path = format!("/applications/{}", self.id);
        let mut answer = client::patch::<_, ApplicationView>(path.clone(), self.version(), patch).await;
        if answer.as_ref().is_err_and(|failure| failure.is(ProblemCode::Stale)) && self.refresh().await.is_ok() {
            answer = client::patch::<_, ApplicationView>(path, self.version(), patch).await;
        }
        self.release();
        self.view.try_set(answer?);
        Ok(())
    }

    /// Acts on the file as it is: what is written is saved first. A file that somebody changed meanwhile is fetched, and nothing is done before it has
    /// been looked at.
    pub async fn act<B: Serialize>(self, verb: &str, body: &B) -> Answer<()> {
        self.act_on(verb, body, false).await
    }

    /// Like [`Desk::act`], where it changes what is written.
    pub async fn rewrite<B: Serialize>(self, verb: &str, body: &B) -> Answer<()> {
        self.act_on(verb, body, true).await
    }

    async fn act_on<B: Serialize>(self, verb: &str, body: &B, rewrites: bool) -> Answer<()> {
        if self.may(ApplicationAction::Update) && !self.save().await && untrack(|| self.is_unsaved()) {
            return Err(match self.saving.try_get_untracked() {
                Some(Saving::Failed(failure)) => failure,
                _ => Failure::unsaved(),
            });
        }
        if !self.hold().await {
            return Ok(());
        }
        let path = format!("/applications/{}/{verb}", self.id);
        let answer = client::act::<_, ApplicationView>(path, self.version(), body).await;
        let answer = match answer {
            Ok(_) if rewrites => self.refresh().await,
            Ok(view) => {
                self.view.try_set(view);
                Ok(())
            }
            Err(failure) => {
                if failure.status == 409 || failure.status == 412 {
                    // Should it fail, the sentence of the first failure is what counts.
                    self.refresh().await.ok();
                }
                Err(failure)
            }
        };
        self.release();
        answer
    }
}
