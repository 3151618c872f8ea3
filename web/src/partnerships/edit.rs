//! Writing a partnership: a new one, or changes to one; parties found in the directory, pairs chosen among them. It saves itself in this tab and merges
//! what others changed meanwhile.

use super::model::{Party, Sheet};
use super::{before, bodies};
use crate::client::Failure;
use crate::form::{DraftNote, Field, Form};
use crate::merge::Outcome;
use crate::ui::prelude::*;
use crate::{app, browser, cities, client, i18n, json, session, t, text, textf, tf};
use leptos::ev;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::{
    NAME_MAX, PartnershipAction, PartnershipKind, PartnershipView, PartyRef, PartyRole, SUMMARY_MAX,
};
use shared::problem::ProblemCode;
use wasm_bindgen_futures::spawn_local;

/// A new partnership.
#[component]
pub fn NewPartnershipPage() -> impl IntoView {
    view! {
        {live(move || {
            if !session::is_known() {
                return view! { <Skeleton lines=8/> }.into_any();
            }
            let Some((city_id, name)) = session::own_cities().into_iter().next() else {
                return view! {
                    <PageHeader title=t!("partnerships.new")/>
                    <EmptyState title=t!("partnership_edit.not_allowed")>
                        {(!session::is_signed_in()).then(|| view! { <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/> })}
                    </EmptyState>
                }
                    .into_any();
            };
            // One's own city leads, until one says otherwise.
            let lead = Party { party: PartyRef::City { city_id }, name, role: PartyRole::Lead };
            view! { <Editor known=None begin=Sheet { parties: vec![lead], ..Sheet::default() }/> }.into_any()
        })}
    }
    .into_any()
}

/// Changes to a partnership.
#[component]
pub fn PartnershipEditPage() -> impl IntoView {
    let id = app::param("id");
    let thing = load(move || client::get::<PartnershipView>(format!("/partnerships/{}", id.get())));
    view! {
        <Loaded
            of=thing
            lines=10
            view=|view: PartnershipView| {
                if !view.allowed.contains(&PartnershipAction::Update) {
                    let page = format!("/partnerships/{}", view.summary.id);
                    return view! {
                        <PageHeader title=Signal::stored(view.summary.name)/>
                        <EmptyState title=t!("partnership_edit.not_allowed")>
                            <LinkButton href=page label=t!("map.open") look=Look::Secondary/>
                        </EmptyState>
                    }
                        .into_any();
                }
                let begin = Sheet::of(&view);
                view! { <Editor known=Some((view.summary.id, view.summary.version)) begin=begin/> }.into_any()
            }
        />
    }
    .into_any()
}

/// What this tab keeps.
#[derive(Clone, Serialize, Deserialize)]
struct Draft {
    base: Sheet,
    mine: Sheet,
}

/// The fields. Cheap to copy; lives as long as the editor.
#[derive(Clone, Copy)]
struct Fields {
    name: Field,
    kind: Field,
    platform: Field,
    about: Field,
    party: Field,
    body: Field,
    parties: State<Vec<Party>>,
    pair: Field,
    pairs: State<Vec<(CityId, CityId)>>,
    theme: Field,
    themes: State<Vec<String>>,
    territories: Field,
    started_on: Field,
    predecessor: Field,
    predecessor_id: State<Option<PartnershipId>>,
}

impl Fields {
    fn new(form: Form, sheet: &Sheet) -> Fields {
        let fields = Fields {
            name: form.field("partnership-name", "/name", ""),
            kind: form.field("partnership-kind", "/kind", ""),
            about: form.field("partnership-about", "/about", ""),
            party: form.field("partnership-party", "/parties", ""),
            body: form.field("partnership-body", "/body", ""),
            parties: State::new(Vec::new()),
            pair: form.field("pair-a", "/pairings", ""),
            pairs: State::new(Vec::new()),
            theme: form.field("partnership-theme", "/themes", ""),
            themes: State::new(Vec::new()),
            platform: form.field("partnership-platform", "/platform", ""),
            territories: form.field("partnership-territories", "/territories", ""),
            started_on: form.field("partnership-since", "/started_on", ""),
            predecessor: form.field("partnership-before", "/predecessor_id", ""),
            predecessor_id: State::new(None),
        };
        fields.write(sheet);
        fields
    }

    /// The sheet as it stands in the form; tracked.
    fn read(self) -> Sheet {
        let text = |field: Field| field.text.get().trim().to_owned();
        Sheet {
            name: text(self.name),
            kind: PartnershipKind::from_code(&self.kind.text.get())
                .unwrap_or(PartnershipKind::DecentralisedCooperation),
            platform: text(self.platform),
            about: text(self.about),
            parties: self.parties.get(),
            pairs: self.pairs.get(),
            themes: self.themes.get(),
            territories: text(self.territories),
            started_on: shared::time::parse_day(&self.started_on.text.get()),
            predecessor_id: self.predecessor_id.get(),
        }
    }

    fn try_read(self) -> Option<Sheet> {
        self.parties.try_get_untracked().map(|_| untrack(|| self.read()))
    }

    fn write(self, sheet: &Sheet) {
        let put = |field: Field, text: &str| {
            if field.text.with_untracked(|known| known.trim() != text) {
                field.text.set(text.to_owned());
            }
        };
        put(self.name, &sheet.name);
        put(self.kind, sheet.kind.code());
        put(self.platform, &sheet.platform);
        put(self.about, &sheet.about);
        put(self.territories, &sheet.territories);
        put(
            self.started_on,
            &sheet.started_on.map(|day| day.to_string()).unwrap_or_default(),
        );
        self.parties.set(sheet.parties.clone());
        self.pairs.set(sheet.pairs.clone());
        self.themes.set(sheet.themes.clone());
        if self.predecessor_id.get_untracked() != sheet.predecessor_id {
            self.predecessor_id.set(sheet.predecessor_id);
        }
    }
}

#[component]
fn Editor(known: Option<(PartnershipId, i64)>, begin: Sheet) -> impl IntoView {
    let id = known.map(|(id, _)| id);
    let version = Kept::new(known.map_or(0, |(_, version)| version));
    let draft_name = Kept::new(match id {
        Some(id) => format!("draft:partnership:{id}"),
        None => "draft:partnership:new".to_owned(),
    });
    let form = Form::new("partnership-errors");
    let fields = Fields::new(form, &begin);
    let base = State::new(begin.clone());
    let meanwhile = State::new(None::<Vec<(&'static str, Outcome)>>);
    let restored = State::new(false);
    if let Some(kept) = browser::kept(&draft_name.get_value()).and_then(|text| json::parse::<Draft>(&text)) {
        let (merged, changes) = Sheet::merge(&kept.base, &kept.mine, &begin);
        if merged != begin {
            fields.write(&merged);
            restored.set(true);
            meanwhile.set((!changes.is_empty()).then_some(changes));
        }
    }

    let pending = Kept::new(None::<Draft>);
    let keep = move || {
        let Some(Some(draft)) = pending.try_update_value(Option::take) else {
            return;
        };
        if let Ok(text) = serde_json::to_string(&draft)
            && browser::keep(&draft_name.get_value(), &text)
        {
            form.saved_at.try_set(Some(browser::now_ms()));
        }
    };
    let turn = Kept::new(0u32);
    let dirty = State::new(restored.get_untracked());
    Effect::new(move |before: Option<Sheet>| {
        let mine = fields.read();
        let base = base.get();
        dirty.set(mine != base);
        if before.as_ref().is_some_and(|before| *before != mine) && mine != base {
            pending.set_value(Some(Draft {
                base,
                mine: mine.clone(),
            }));
            turn.update_value(|turn| *turn = turn.wrapping_add(1));
            let own = turn.get_value();
            spawn_local(async move {
                browser::rest(2_000).await;
                if turn.try_get_value() == Some(own) {
                    keep();
                }
            });
        }
        mine
    });
    let leaving = window_event_listener(ev::beforeunload, move |event| {
        if dirty.try_get_untracked() == Some(true) {
            keep();
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        leaving.remove();
        if dirty.try_get_untracked() == Some(true) {
            keep();
            toast::say(text!("edit.kept"));
        }
    });
    let forget = move || {
        pending.set_value(None);
        browser::forget(&draft_name.get_value());
        dirty.try_set(false);
    };
    let discard = move |()| {
        fields.write(&base.get_untracked());
        meanwhile.set(None);
        restored.set(false);
        form.clear();
        form.saved_at.set(None);
        forget();
    };

    let go = app::navigator();
    let fail = move |failure: Failure| {
        form.busy.try_set(false);
        let Some(id) = id.filter(|_| failure.is(ProblemCode::Stale)) else {
            return form.fail(failure);
        };
        spawn_local(async move {
            let fresh = match client::get::<PartnershipView>(format!("/partnerships/{id}")).await {
                Ok(fresh) => fresh,
                Err(failure) => return form.fail(failure),
            };
            let theirs = Sheet::of(&fresh);
            let Some(mine) = fields.try_read() else { return };
            let (merged, changes) = Sheet::merge(&base.get_untracked(), &mine, &theirs);
            version.set_value(fresh.summary.version);
            base.set(theirs);
            fields.write(&merged);
            meanwhile.set(Some(changes));
            browser::focus_soon("meanwhile");
        });
    };
    let save = move || {
        form.clear();
        let mine = untrack(|| fields.read());
        let known = base.get_untracked();
        form.busy.set(true);
        spawn_local(async move {
            let answer = match id {
                None => client::post::<_, PartnershipView>("/partnerships", &mine.draft())
                    .await
                    .map(|made| made.summary.id),
                Some(id) => match mine.patch(&known) {
                    None => Ok(id),
                    Some(patch) => {
                        client::patch::<_, PartnershipView>(format!("/partnerships/{id}"), version.get_value(), &patch)
                            .await
                            .map(|_| id)
                    }
                },
            };
            match answer {
                Ok(id) => {
                    form.busy.try_set(false);
                    forget();
                    toast::say(text!("partnership_edit.saved"));
                    go.try_run(format!("/partnerships/{id}"));
                }
                Err(failure) => fail(failure),
            }
        });
    };

    let kinds = Signal::derive(|| {
        PartnershipKind::ALL
            .iter()
            .map(|kind| (kind.code().to_owned(), textf!("partnership_kind.", kind.code())))
            .collect::<Vec<_>>()
    });
    let themes = Signal::derive(i18n::themes);
    let title = if id.is_some() {
        t!("partnership_edit.title")
    } else {
        t!("partnerships.new")
    };
    let mut way = vec![Crumb::new("/partnerships", t!("nav.partnerships"))];
    way.extend(id.map(|id| Crumb::new(format!("/partnerships/{id}"), Signal::stored(begin.name.clone()))));
    let back = id.map_or_else(|| "/partnerships".to_owned(), |id| format!("/partnerships/{id}"));
    view! {
        <PageHeader title=title crumbs=way lead=t!("partnership_edit.lead")/>
        <form
            class="stack stack-l measure edit-form"
            novalidate
            on:submit=submit(form.busy, save)
        >
            {live(move || {
                restored
                    .get()
                    .then(|| {
                        view! {
                            <Notice>
                                <p>{t!("edit.restored")}</p>
                                <div class="row"><Button label=t!("edit.discard") look=Look::Quiet icon=Icon::Undo on_press=discard/></div>
                            </Notice>
                        }
                    })
            })}
            {live(move || meanwhile.get().map(meanwhile_notice))}
            <ErrorSummary form=form/>
            <TextField field=fields.name label=t!("partnership_edit.name") hint=t!("partnership_edit.name_hint", count = NAME_MAX)/>
            <RadioGroup field=fields.kind label=t!("partnership_edit.kind") options=kinds/>
            <TextArea field=fields.about label=t!("partnership_edit.about") rows=6 limit=SUMMARY_MAX as usize optional=true/>
            {parties(fields)}
            {pairs(fields)}
            <Picks field=fields.theme label=t!("partnership_edit.themes") hint=t!("edit.theme_hint") options=themes chosen=fields.themes/>
            <TextField field=fields.platform label=t!("partnership_edit.platform") hint=t!("partnership_edit.platform_hint") optional=true/>
            <TextArea field=fields.territories label=t!("partnership_edit.territories") hint=t!("partnership_edit.territories_hint") rows=3 optional=true/>
            {id.is_none().then(|| view! { <TextField field=fields.started_on label=t!("partnership.since") kind=Kind::Date optional=true/> })}
            {before::choice(fields.predecessor, fields.predecessor_id, id)}
            <div class="savebar">
                <Button label=if id.is_some() { t!("action.save") } else { t!("partnership_edit.make") } submit=true icon=Icon::Check busy=form.busy/>
                <a href=back>{t!("action.cancel")}</a>
                <DraftNote form=form/>
            </div>
        </form>
    }
    .into_any()
}

fn meanwhile_notice(changes: Vec<(&'static str, Outcome)>) -> AnyView {
    let none = changes.is_empty();
    let lines = changes.into_iter().map(|(part, outcome)| {
        let words = move || {
            let part = textf!("partnership_part.", part);
            if outcome == Outcome::Taken {
                text!("edit.taken", part = part)
            } else {
                text!("partnership_edit.clash", part = part)
            }
        };
        view! { <li>{words}</li> }
    });
    view! {
        <div id="meanwhile" tabindex="-1" role="group" aria-label=t!("edit.meanwhile")>
            <Notice tone=Tone::Warning>
                <p class="notice-title">{t!("edit.meanwhile")}</p>
                <p>{if none { t!("edit.meanwhile_none") } else { t!("edit.meanwhile_words") }}</p>
                <ul>{lines.collect_any()}</ul>
            </Notice>
        </div>
    }
    .into_any()
}

/// Who takes part: found in the directory, each with a role.
fn parties(fields: Fields) -> AnyView {
    let field = fields.party;
    let add = move |choice: Choice| {
        field.type_text(String::new());
        let Ok(city_id) = choice.value.parse::<CityId>() else {
            return;
        };
        let party = PartyRef::City { city_id };
        if !fields
            .parties
            .with_untracked(|parties| parties.iter().any(|known| known.party == party))
        {
            fields.parties.update(|parties| {
                parties.push(Party {
                    party,
                    name: choice.label,
                    role: PartyRole::Partner,
                })
            });
        }
    };
    let row = move |party: Party| {
        let who = party.party;
        let name = Signal::stored(party.name.clone());
        let id = match who {
            PartyRef::City { city_id } => format!("role-{city_id}"),
            PartyRef::Network { network_id } => format!("role-{network_id}"),
            PartyRef::Actor { actor_id } => format!("role-{actor_id}"),
        };
        let role = move || {
            fields
                .parties
                .with(|parties| parties.iter().find(|known| known.party == who).map(|known| known.role))
        };
        let change = move |event: web_sys::Event| {
            if let Some(role) = PartyRole::from_code(&browser::event_text(&event)) {
                let mut sheet = untrack(|| fields.read());
                sheet.set_role(who, role);
                fields.parties.set(sheet.parties);
            }
        };
        let remove = move |()| {
            let mut sheet = untrack(|| fields.read());
            sheet.remove_party(who);
            fields.parties.set(sheet.parties);
            fields.pairs.set(sheet.pairs);
            browser::focus(field.id);
        };
        let options = PartyRole::ALL
            .iter()
            .map(|&each| view! { <option value=each.code() selected=by(move || role() == Some(each))>{tf!("party_role.", each.code())}</option> })
            .collect_any();
        view! {
            <li class="party-row">
                <strong>{name}</strong>
                <label class="unseen" for=id.clone()>{t!("partnership_edit.role_of", party = name.get())}</label>
                <span class="select">
                    <select class="input" id=id on:change=change>{options}</select>
                    {icon(Icon::ChevronDown)}
                </span>
                <Button label=t!("edit.remove") about=name look=Look::Quiet icon=Icon::Delete on_press=remove/>
            </li>
        }
    };
    view! {
        <fieldset class="stack" class:field-wrong=by(move || field.error.with(Option::is_some))>
            <legend class="legend-title">{t!("partnership.parties")}</legend>
            <p class="field-hint">{t!("partnership_edit.parties_hint")}</p>
            {crate::ui::field::error_line(field)}
            <ul class="party-rows">
                {each(move || fields.parties.get(), |party| party.party, row)}
            </ul>
            <Combobox
                id=field.id
                label=t!("partnership_edit.add_party")
                hint=t!("home.search_hint")
                text=field.text
                source=cities::search_source()
                on_pick=add
            />
            {bodies::choice(fields.body, fields.parties)}
        </fieldset>
    }
    .into_any()
}

/// Pairs: two of the authorities that take part.
fn pairs(fields: Fields) -> AnyView {
    let members = Signal::derive(move || fields.read().cities());
    let other = Field::alone("pair-b", "");
    let options = Signal::derive(move || {
        members
            .get()
            .into_iter()
            .map(|(id, name)| (id.to_string(), name))
            .collect::<Vec<_>>()
    });
    let name_of = move |id: CityId| {
        members.with(|members| {
            members
                .iter()
                .find(|(known, _)| *known == id)
                .map(|(_, name)| name.clone())
                .unwrap_or_default()
        })
    };
    let add = move |()| {
        let id = |field: Field| field.text.with_untracked(|text| text.parse::<CityId>().ok());
        if let (Some(a), Some(b)) = (id(fields.pair), id(other))
            && a != b
        {
            fields.pairs.update(|pairs| {
                if !pairs.iter().any(|known| *known == (a, b) || *known == (b, a)) {
                    pairs.push((a, b));
                }
            });
            fields.pair.type_text(String::new());
            other.type_text(String::new());
            browser::focus(fields.pair.id);
        }
    };
    view! {
        <fieldset class="stack">
            <legend class="legend-title">{t!("partnership.pairs")}</legend>
            <p class="field-hint">{t!("partnership_edit.pairs_hint")}</p>
            <ul class="party-rows">
                {each(
                    move || fields.pairs.get(),
                    |pair| *pair,
                    move |pair| {
                        let words = Signal::derive(move || format!("{} – {}", name_of(pair.0), name_of(pair.1)));
                        let remove = move |()| {
                            fields.pairs.update(|pairs| pairs.retain(|known| *known != pair));
                            browser::focus(fields.pair.id);
                        };
                        view! {
                            <li class="party-row">
                                <span>{words}</span>
                                <Button label=t!("edit.remove") about=words look=Look::Quiet icon=Icon::Delete on_press=remove/>
                            </li>
                        }
                    },
                )}
            </ul>
            <div class="pair-choice" hidden=by(move || members.with(Vec::len) < 2)>
                <Select field=fields.pair label=t!("partnership_edit.pair_one") options=options none=t!("partnership_edit.choose")/>
                <Select field=other label=t!("partnership_edit.pair_other") options=options none=t!("partnership_edit.choose")/>
                <Button label=t!("partnership_edit.add_pair") look=Look::Secondary icon=Icon::Plus on_press=add/>
            </div>
        </fieldset>
    }
    .into_any()
}
