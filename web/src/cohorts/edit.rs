//! Making and changing a cohort: who leads it, until when, at which levels, and what its letters say.

use super::{may_lead, model};
use crate::form::{Field, Form};
use crate::ui::prelude::*;
use crate::{activities, app, client, i18n, session, t, text};
use leptos::prelude::*;
use shared::accounts::Grant;
use shared::cohorts::{
    ABOUT_MAX, CITIES_MIN, CohortAction, CohortDraft, CohortLevel, CohortPatch, CohortView, LETTER_MAX, LETTER_PLACES,
};
use shared::ids::{NetworkId, ProgrammeId};
use shared::language::{Language, Texts};
use shared::networks::NetworkPage;
use shared::problem::{FieldCode, FieldError};
use shared::programmes::ProgrammePage;
use wasm_bindgen_futures::spawn_local;

/// A new cohort.
#[component]
pub fn CohortNewPage() -> impl IntoView {
    view! {
        {live(move || {
            if !session::is_known() {
                return view! { <Skeleton lines=8/> }.into_any();
            }
            if !may_lead() {
                return view! {
                    <PageHeader title=t!("cohorts.new")/>
                    <EmptyState title=t!("cohorts.not_allowed")>
                        {(!session::is_signed_in()).then(|| view! { <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/> })}
                    </EmptyState>
                }
                    .into_any();
            }
            view! { <Editor known=None/> }.into_any()
        })}
    }
    .into_any()
}

/// Changes to a cohort.
#[component]
pub fn CohortEditPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let cohort = load(move || {
        known.track();
        client::get::<CohortView>(format!("/cohorts/{}", id.get()))
    });
    view! {
        <Loaded
            of=cohort
            lines=10
            view=|of: CohortView| {
                if !of.allowed.contains(&CohortAction::Update) {
                    return view! {
                        <PageHeader title=t!("cohorts.edit")/>
                        <EmptyState title=t!("cohorts.not_allowed")>
                            <LinkButton href=format!("/cohorts/{}", of.id) label=t!("cohorts.see") look=Look::Secondary/>
                        </EmptyState>
                    }
                        .into_any();
                }
                view! { <Editor known=Some(of)/> }.into_any()
            }
        />
    }
    .into_any()
}

/// A text in three languages, a field each.
type Fields = [Field; 3];

fn fields(form: Form, ids: [(&'static str, &'static str); 3], known: impl Fn(Language) -> String) -> Fields {
    let mut all = ids.into_iter().zip(Language::ALL);
    std::array::from_fn(|_| {
        // There are as many languages as places.
        let ((id, pointer), language) = all.next().unwrap_or((("", ""), Language::Fr));
        form.field(id, pointer, known(language))
    })
}

/// The texts that say something.
fn texts(fields: Fields) -> Texts {
    let said = Language::ALL.into_iter().zip(fields);
    said.map(|(language, field)| (language.tag().to_owned(), field.trimmed()))
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

fn areas(fields: Fields, label: fn(&'static str) -> Signal<String>, rows: u8, limit: u64) -> AnyView {
    let all = fields.into_iter().zip(Language::ALL);
    all.map(|(field, language)| {
        let label = label(i18n::own_name(language));
        view! { <TextArea field=field label=label rows=rows limit=limit as usize lang=language.tag() optional=true/> }
    })
    .collect_any()
}

#[component]
fn Editor(known: Option<CohortView>) -> impl IntoView {
    let of = known.as_ref();
    let is_new = known.is_none();
    let form = Form::new(of.map_or_else(|| "cohort:new".to_owned(), |of| format!("cohort:{}", of.id)));
    let said = |part: fn(&CohortView) -> &Texts, language: Language| {
        of.and_then(|of| part(of).get(language.tag()).cloned())
            .unwrap_or_default()
    };
    let programme = form.field("cohort-programme", "/programme_id", "");
    let name = fields(
        form,
        [("name-fr", "/name"), ("name-en", "/name/en"), ("name-uk", "/name/uk")],
        |language| said(|of| &of.name, language),
    );
    let about = fields(
        form,
        [
            ("about-fr", "/about"),
            ("about-en", "/about/en"),
            ("about-uk", "/about/uk"),
        ],
        |language| said(|of| &of.about, language),
    );
    let level_lines = fields(
        form,
        [
            ("levels-fr", "/levels"),
            ("levels-en", "/levels/en"),
            ("levels-uk", "/levels/uk"),
        ],
        |language| of.map_or_else(String::new, |of| model::lines(&of.levels, language)),
    );
    let letter = fields(
        form,
        [
            ("letter-fr", "/letter"),
            ("letter-en", "/letter/en"),
            ("letter-uk", "/letter/uk"),
        ],
        |language| said(|of| &of.letter, language),
    );
    let network = form.field("cohort-networks", "/network_ids", "");
    let leading = State::new(of.map_or_else(own_networks, |of| {
        of.networks.iter().map(|network| network.id.to_string()).collect()
    }));
    let minimum = form.field(
        "cohort-minimum",
        "/minimum_cities",
        of.map_or(CITIES_MIN, |of| of.minimum_cities).to_string(),
    );
    let closes_on = form.field(
        "cohort-closes",
        "/closes_on",
        of.map(|of| of.closes_on.to_string()).unwrap_or_default(),
    );
    let zone = form.field(
        "cohort-zone",
        "/zone",
        of.map_or_else(|| "Europe/Paris".to_owned(), |of| of.zone.clone()),
    );
    let networks = load(|| client::get::<NetworkPage>("/networks?limit=100"));
    let networks = Signal::derive(move || {
        let all = networks.ready().map(|page| page.items).unwrap_or_default();
        all.into_iter()
            .map(|network| (network.id.to_string(), network.name))
            .collect::<Vec<_>>()
    });
    let kept = Kept::new(known.clone());
    let go = app::navigator();
    let send = move || {
        form.clear();
        let levels = model::levels(
            &level_lines.map(|field| field.text.get_untracked()),
            &kept.with_value(|known| known.as_ref().map(|of| of.levels.clone()).unwrap_or_default()),
        );
        let sheet = Sheet {
            name: texts(name),
            about: texts(about),
            networks: leading
                .get_untracked()
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
            minimum: minimum.trimmed().parse().ok(),
            levels,
            letter: texts(letter),
            closes_on: shared::time::parse_day(&closes_on.trimmed()),
            zone: zone.trimmed(),
        };
        let programme_id = programme.trimmed().parse().ok();
        match kept.get_value() {
            None => match sheet.draft(programme_id) {
                Ok(draft) => make(form, draft, go),
                Err(faults) => form.fail(activities::faulty(faults)),
            },
            Some(before) => match sheet.patch(&before) {
                Ok(patch) => change(form, (before, patch), go),
                Err(faults) => form.fail(activities::faulty(faults)),
            },
        }
    };
    let title = if is_new { t!("cohorts.new") } else { t!("cohorts.edit") };
    let places = LETTER_PLACES.map(|place| format!("{{{place}}}")).join(" ");
    let sent = of.is_some_and(|of| of.counts.sent > 0);
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("/cohorts", t!("cohorts.title"))]/>
        <form class="stack stack-l measure" novalidate on:submit=submit(form.busy, send)>
            <ErrorSummary form=form/>
            {sent.then(|| view! { <Notice tone=Tone::Warning><p>{t!("cohorts.edit_words")}</p></Notice> })}
            {is_new.then(|| view! { <Programmes field=programme/> })}
            <fieldset class="stack">
                <legend>{t!("cohorts.name")}</legend>
                {name
                    .into_iter()
                    .zip(Language::ALL)
                    .map(|(field, language)| {
                        view! { <TextField field=field label=Signal::stored(i18n::own_name(language).to_owned()) lang=language.tag() optional=true/> }
                    })
                    .collect_any()}
            </fieldset>
            <fieldset class="stack">
                <legend>{t!("cohorts.about")}</legend>
                {areas(about, |name| Signal::stored(name.to_owned()), 3, ABOUT_MAX)}
            </fieldset>
            <CheckboxGroup field=network label=t!("cohorts.networks") options=networks chosen=leading columns=true/>
            <div class="pair-choice">
                <TextField field=closes_on label=t!("cohorts.closes_on") hint=t!("cohorts.closes_on_hint") kind=Kind::Date/>
                <TextField field=zone label=t!("cohorts.zone") hint=t!("cohorts.zone_hint")/>
            </div>
            <TextField field=minimum label=t!("cohorts.minimum") hint=t!("cohorts.minimum_hint", min = CITIES_MIN) kind=Kind::Number/>
            <fieldset class="stack">
                <legend>{t!("cohorts.levels")}</legend>
                <p class="small soft">{t!("cohorts.levels_hint")}</p>
                {areas(level_lines, |name| Signal::stored(name.to_owned()), 4, 4_000)}
            </fieldset>
            <fieldset class="stack">
                <legend>{t!("cohorts.letter_text")}</legend>
                <p class="small soft">{t!("cohorts.letter_text_hint")} " " <code>{places}</code></p>
                {is_new.then(|| view! { <p class="small soft">{t!("cohorts.letter_usual")}</p> })}
                {areas(letter, |name| Signal::stored(name.to_owned()), 8, LETTER_MAX)}
            </fieldset>
            <div class="row"><Button label=t!("action.save") submit=true busy=form.busy/></div>
        </form>
    }
    .into_any()
}

/// The networks that the reader coordinates.
fn own_networks() -> Vec<String> {
    let grants = session::account().map(|account| account.grants).unwrap_or_default();
    let own = grants.into_iter().filter_map(|held| match held.grant {
        Grant::NetworkCoordinator { network_id } => Some(network_id.to_string()),
        _ => None,
    });
    own.collect()
}

/// Which programme it is of.
#[component]
fn Programmes(field: Field) -> impl IntoView {
    let all = load(|| client::get::<ProgrammePage>("/programmes?limit=100"));
    let options = Signal::derive(move || {
        let all = all.ready().map(|page| page.items).unwrap_or_default();
        all.into_iter()
            .map(|programme| (programme.id.to_string(), i18n::own_text(&programme.name)))
            .collect::<Vec<_>>()
    });
    view! { <Select field=field label=t!("cohorts.programme") options=options none=t!("cohorts.choose")/> }.into_any()
}

/// What the form says.
struct Sheet {
    name: Texts,
    about: Texts,
    networks: Vec<NetworkId>,
    minimum: Option<u32>,
    levels: Vec<CohortLevel>,
    letter: Texts,
    closes_on: Option<chrono::NaiveDate>,
    zone: String,
}

impl Sheet {
    /// What no body can say.
    fn unreadable(&self) -> Vec<FieldError> {
        let minimum = self
            .minimum
            .is_none()
            .then(|| FieldError::new("/minimum_cities", FieldCode::Format));
        let day = self
            .closes_on
            .is_none()
            .then(|| FieldError::new("/closes_on", FieldCode::Required));
        minimum.into_iter().chain(day).collect()
    }

    fn draft(self, programme: Option<ProgrammeId>) -> Result<CohortDraft, Vec<FieldError>> {
        let mut faults = self.unreadable();
        if programme.is_none() {
            faults.insert(0, FieldError::new("/programme_id", FieldCode::Required));
        }
        let (Some(programme_id), Some(minimum_cities), Some(closes_on)) = (programme, self.minimum, self.closes_on)
        else {
            return Err(faults);
        };
        Ok(CohortDraft {
            programme_id,
            name: self.name,
            about: self.about,
            network_ids: self.networks,
            minimum_cities,
            levels: self.levels,
            letter: self.letter,
            closes_on,
            zone: self.zone,
        })
    }

    /// Only what is another than before: a closed cohort has no other day.
    fn patch(self, before: &CohortView) -> Result<CohortPatch, Vec<FieldError>> {
        let faults = self.unreadable();
        if !faults.is_empty() {
            return Err(faults);
        }
        let networks: Vec<NetworkId> = before.networks.iter().map(|network| network.id).collect();
        Ok(CohortPatch {
            name: Some(self.name).filter(|name| *name != before.name),
            about: Some(self.about).filter(|about| *about != before.about),
            network_ids: Some(self.networks).filter(|ids| *ids != networks),
            minimum_cities: self.minimum.filter(|minimum| *minimum != before.minimum_cities),
            levels: Some(self.levels).filter(|levels| *levels != before.levels),
            letter: Some(self.letter).filter(|letter| *letter != before.letter),
            closes_on: self.closes_on.filter(|day| *day != before.closes_on),
            zone: Some(self.zone).filter(|zone| *zone != before.zone),
        })
    }
}

fn make(form: Form, draft: CohortDraft, go: Callback<String>) {
    form.busy.set(true);
    spawn_local(async move {
        let answer = client::post::<_, CohortView>("/cohorts", &draft).await;
        form.busy.try_set(false);
        match answer {
            Ok(made) => {
                toast::say(text!("cohorts.made"));
                go.try_run(format!("/cohorts/{}", made.id));
            }
            Err(failure) => form.fail(failure),
        }
    });
}

fn change(form: Form, (before, patch): (CohortView, CohortPatch), go: Callback<String>) {
    form.busy.set(true);
    spawn_local(async move {
        let path = format!("/cohorts/{}", before.id);
        let answer = client::patch::<_, CohortView>(&path, before.version, &patch).await;
        form.busy.try_set(false);
        match answer {
            Ok(_) => {
                toast::say(text!("account.saved"));
                go.try_run(path);
            }
            Err(failure) => form.fail(failure),
        }
    });
}
