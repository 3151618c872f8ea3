//! Preparing a round: its sides and whom they take, how it is matched, what counts how much.

use super::model::{self, Coded, Sheet, SideSheet};
use crate::client::Failure;
use crate::form::{Field, Form};
use crate::matches::model::with_weight;
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::accounts::Grant;
use shared::ids::ProgrammeId;
use shared::programmes::ProgrammePage;
use shared::rounds::{RoundAction, RoundDraft, RoundMode, RoundPatch, RoundView};
use shared::scoring::{Criterion, Weights};
use wasm_bindgen_futures::spawn_local;

/// A new round.
#[component]
pub fn RoundNewPage() -> impl IntoView {
    view! {
        {live(move || {
            if !session::is_known() {
                return view! { <Skeleton lines=8/> }.into_any();
            }
            if !session::is_officer() {
                return view! {
                    <PageHeader title=t!("rounds.new")/>
                    <EmptyState title=t!("rounds.not_allowed")>
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

/// Changes to a round.
#[component]
pub fn RoundEditPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let round = load(move || {
        known.track();
        client::get::<RoundView>(format!("/rounds/{}", id.get()))
    });
    view! {
        <Loaded
            of=round
            lines=10
            view=|view: RoundView| {
                if !view.allowed.contains(&RoundAction::Update) {
                    return view! {
                        <PageHeader title=t!("rounds.edit")/>
                        <EmptyState title=t!("rounds.not_allowed")>
                            <LinkButton href=format!("/rounds/{}", view.id) label=t!("rounds.see") look=Look::Secondary/>
                        </EmptyState>
                    }
                        .into_any();
                }
                view! { <Editor known=Some(view)/> }.into_any()
            }
        />
    }
    .into_any()
}

/// The fields of a side.
#[derive(Clone, Copy)]
struct SideFields {
    name: Field,
    country: Field,
    countries: State<Vec<String>>,
    places: Field,
    population_min: Field,
    population_max: Field,
    only_open: State<bool>,
}

/// The ids and pointers of the fields of both sides.
const SIDES: [[(&str, &str); 5]; 2] = [
    [
        ("first-name", "/rules/sides/0/name"),
        ("first-countries", "/rules/sides/0/countries"),
        ("first-places", "/rules/sides/0/places"),
        ("first-population-min", "/rules/sides/0/population_min"),
        ("first-population-max", "/rules/sides/0/population_max"),
    ],
    [
        ("second-name", "/rules/sides/1/name"),
        ("second-countries", "/rules/sides/1/countries"),
        ("second-places", "/rules/sides/1/places"),
        ("second-population-min", "/rules/sides/1/population_min"),
        ("second-population-max", "/rules/sides/1/population_max"),
    ],
];

impl SideFields {
    fn new(form: Form, index: usize, sheet: &SideSheet) -> SideFields {
        let [name, countries, places, population_min, population_max] = SIDES[index];
        SideFields {
            name: form.field(name.0, name.1, sheet.name.clone()),
            country: form.field(countries.0, countries.1, ""),
            countries: State::new(sheet.countries.clone()),
            places: form.field(places.0, places.1, sheet.places.clone()),
            population_min: form.field(population_min.0, population_min.1, sheet.population_min.clone()),
            population_max: form.field(population_max.0, population_max.1, sheet.population_max.clone()),
            only_open: State::new(sheet.only_open),
        }
    }

    fn read(self) -> SideSheet {
        SideSheet {
            name: self.name.trimmed(),
            countries: self.countries.get_untracked(),
            places: self.places.trimmed(),
            population_min: self.population_min.trimmed(),
            population_max: self.population_max.trimmed(),
            only_open: self.only_open.get_untracked(),
        }
    }
}

#[component]
fn Editor(known: Option<RoundView>) -> impl IntoView {
    let language = i18n::language_now();
    let sheet = known
        .as_ref()
        .map_or_else(Sheet::default, |round| Sheet::of(round, language));
    let form = Form::new("round");
    let id = known.as_ref().map(|round| round.id);
    let is_shown = known.as_ref().is_some_and(|round| !round.state.is_editable());
    let programme = form.field("round-programme", "/programme_id", "");
    let name = form.field("round-name", "/name", sheet.name.clone());
    let about = form.field("round-about", "/about", sheet.about.clone());
    let until = form.field(
        "round-until",
        "/wishes_until",
        sheet.wishes_until.map(|day| day.to_string()).unwrap_or_default(),
    );
    let answers = form.field(
        "round-answers",
        "/answers_until",
        sheet.answers_until.map(|day| day.to_string()).unwrap_or_default(),
    );
    let mode = form.field("round-mode", "/rules/mode", sheet.mode.code());
    let shape = form.field(
        "round-shape",
        "/rules/sides",
        if sheet.sides.len() == 1 { "one" } else { "two" },
    );
    let second = sheet
        .sides
        .get(1)
        .cloned()
        .unwrap_or_else(|| Sheet::default().sides[1].clone());
    let first = SideFields::new(form, 0, &sheet.sides[0]);
    let second = SideFields::new(form, 1, &second);
    let same_country = State::new(sheet.same_country);
    let caps = (
        form.field("round-caps", "/rules/caps", ""),
        State::new(sheet.caps.clone()),
    );
    let priorities = (
        form.field("round-priorities", "/rules/priorities", ""),
        State::new(sheet.priorities.clone()),
    );
    let seed = form.field("round-seed", "/rules/seed", sheet.seed.clone());
    let weights = Criterion::ALL
        .iter()
        .map(|&criterion| (criterion, State::new(sheet.weights.of(criterion))))
        .collect::<Vec<_>>();
    let weights = Kept::new(weights);
    let known_round = Kept::new(known.clone());

    let read = move || {
        let mut sides = vec![first.read()];
        if shape.trimmed() != "one" {
            sides.push(second.read());
        }
        Sheet {
            name: name.trimmed(),
            about: about.trimmed(),
            mode: RoundMode::from_code(&mode.trimmed()).unwrap_or(RoundMode::Stable),
            sides,
            same_country: same_country.get_untracked(),
            weights: weights.with_value(|weights| weights_of(weights)),
            priorities: priorities.1.get_untracked(),
            caps: caps.1.get_untracked(),
            seed: seed.trimmed(),
            wishes_until: shared::time::parse_day(&until.trimmed()),
            answers_until: shared::time::parse_day(&answers.trimmed()),
        }
    };
    let go = app::navigator();
    let save = move || {
        form.clear();
        form.busy.set(true);
        let sheet = read();
        let chosen = programme.trimmed().parse::<ProgrammeId>();
        spawn_local(async move {
            let answer = match known_round.get_value() {
                None => {
                    let Ok(programme_id) = chosen else {
                        form.busy.try_set(false);
                        let missing =
                            shared::problem::FieldError::new("/programme_id", shared::problem::FieldCode::Required);
                        return form.fail(Failure::of_field(missing));
                    };
                    let draft = RoundDraft {
                        programme_id,
                        name: model::with_text(&Default::default(), language, &sheet.name),
                        about: model::with_text(&Default::default(), language, &sheet.about),
                        rules: sheet.rules(None, language),
                        wishes_until: sheet.window_end(),
                        answers_until: sheet.answers_end(),
                    };
                    client::post::<_, RoundView>("/rounds", &draft).await
                }
                Some(round) => {
                    let patch = RoundPatch {
                        name: Some(model::with_text(&round.name, language, &sheet.name)),
                        about: Some(model::with_text(&round.about, language, &sheet.about)),
                        rules: (!is_shown).then(|| sheet.rules(Some(&round.rules), language)),
                        wishes_until: (!is_shown).then(|| sheet.window_end()),
                        answers_until: Some(sheet.answers_end()),
                    };
                    client::patch::<_, RoundView>(format!("/rounds/{}", round.id), round.version, &patch).await
                }
            };
            form.busy.try_set(false);
            match answer {
                Ok(round) => {
                    toast::say(text!("rounds.saved"));
                    go.try_run(format!("/rounds/{}", round.id));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };

    let programmes = load(|| client::get::<ProgrammePage>("/programmes?limit=100"));
    let programme_options = Signal::derive(move || {
        let own = own_programmes();
        let page = programmes.ready();
        let all = page.iter().flat_map(|page| &page.items);
        let mine = all.filter(|programme| own.as_ref().is_none_or(|own| own.contains(&programme.id)));
        mine.map(|programme| (programme.id.to_string(), i18n::own_text(&programme.name)))
            .collect::<Vec<_>>()
    });
    // Who runs one programme only is not asked which.
    effect(move || {
        let options = programme_options.get();
        if let [(only, _)] = options.as_slice()
            && programme.text.with_untracked(String::is_empty)
        {
            programme.text.set(only.clone());
        }
    });
    let modes = Signal::derive(|| {
        codes(RoundMode::ALL.iter().map(|mode| mode.code()), |code| {
            textf!("round_mode_words.", code)
        })
    });
    let shapes = Signal::derive(|| codes(["two", "one"].into_iter(), |code| textf!("round_shape.", code)));
    let is_two_sided = move || shape.text.with(|shape| shape != "one");
    let back = id.map_or_else(|| "/rounds".to_owned(), |id| format!("/rounds/{id}"));
    let title = if id.is_some() {
        t!("rounds.edit")
    } else {
        t!("rounds.new")
    };
    let sliders = weights.with_value(|weights| {
        weights
            .iter()
            .map(|&(criterion, value)| {
                view! {
                    <Slider
                        id=format!("weight-{}", criterion.code())
                        label=tf!("criterion.", criterion.code())
                        value=value
                        words=|value: u32| intl::number(f64::from(value))
                    />
                }
            })
            .collect_any()
    });
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("/rounds", t!("nav.rounds"))] lead=t!("round_edit.lead")/>
        <form
            class="stack stack-l measure edit-form"
            novalidate
            on:submit=submit(form.busy, save)
        >
            <ErrorSummary form=form/>
            {is_shown.then(|| view! { <Notice><p>{t!("round_edit.shown")}</p></Notice> })}
            {id.is_none().then(|| view! { <Select field=programme label=t!("calls.programme") options=programme_options none=t!("round_edit.choose")/> })}
            <TextField field=name label=t!("round_edit.name") hint=t!("round_edit.name_hint")/>
            <TextArea field=about label=t!("round_edit.about") rows=4 optional=true/>
            <TextField field=answers label=t!("round_facts.answers") hint=t!("round_edit.answers_hint") kind=Kind::Date optional=true/>
            {(!is_shown)
                .then(|| {
                    view! {
                        <RadioGroup field=shape label=t!("round_edit.shape") options=shapes/>
                        {side_fields(first, Signal::derive(move || if is_two_sided() { text!("round_edit.first_side") } else { text!("round_edit.only_side") }))}
                        {live(move || is_two_sided().then(|| side_fields(second, t!("round_edit.second_side"))))}
                        <RadioGroup field=mode label=t!("round_facts.mode") options=modes/>
                        <Checkbox id="round-same-country" label=t!("round_edit.same_country") checked=same_country/>
                        <TextField field=until label=t!("round_facts.wishes") hint=t!("round_edit.until_hint") kind=Kind::Date optional=true/>
                        {rows(caps, t!("round_facts.caps"), t!("round_edit.caps_hint"))}
                        {rows(priorities, t!("round_facts.priorities"), t!("round_edit.priorities_hint"))}
                        <details>
                            <summary>{t!("round_edit.weights")}</summary>
                            <div class="stack">
                                <p class="field-hint">{t!("round_edit.weights_hint")}</p>
                                {sliders}
                                <TextField field=seed label=t!("round_edit.seed") hint=t!("round_edit.seed_hint") kind=Kind::Number/>
                            </div>
                        </details>
                    }
                })}
            <div class="savebar">
                <Button label=t!("action.save") submit=true icon=Icon::Check busy=form.busy/>
                <a href=back>{t!("action.cancel")}</a>
            </div>
        </form>
    }
    .into_any()
}

fn codes(codes: impl Iterator<Item = &'static str>, words: fn(&str) -> String) -> Vec<(String, String)> {
    codes.map(|code| (code.to_owned(), words(code))).collect()
}

fn weights_of(states: &[(Criterion, State<u32>)]) -> Weights {
    states.iter().fold(Weights::default(), |weights, (criterion, state)| {
        with_weight(weights, *criterion, state.get_untracked())
    })
}

/// The programmes that one is an officer of; none for all.
fn own_programmes() -> Option<Vec<ProgrammeId>> {
    let grants = session::account().map(|account| account.grants).unwrap_or_default();
    if grants.iter().any(|view| view.grant == Grant::Admin) {
        return None;
    }
    let own = grants.iter().filter_map(|view| match view.grant {
        Grant::ProgrammeOfficer { programme_id } => Some(programme_id),
        _ => None,
    });
    Some(own.collect())
}

fn side_fields(side: SideFields, title: Signal<String>) -> AnyView {
    let countries = Signal::derive(intl::countries);
    view! {
        <fieldset class="stack">
            <legend class="legend-title">{title}</legend>
            <TextField field=side.name label=t!("round_edit.side_name") hint=t!("round_edit.side_name_hint")/>
            <Picks field=side.country label=t!("round_edit.countries") hint=t!("round_edit.countries_hint") options=countries chosen=side.countries/>
            <TextField field=side.places label=t!("round_members.places") hint=t!("round_edit.places_hint") kind=Kind::Number/>
            <TextField field=side.population_min label=t!("round_edit.population_min") kind=Kind::Number optional=true/>
            <TextField field=side.population_max label=t!("round_edit.population_max") kind=Kind::Number optional=true/>
            <Checkbox id=format!("{}-open", side.name.id) label=t!("round_edit.only_open") checked=side.only_open/>
        </fieldset>
    }
    .into_any()
}

/// Codes with numbers, added one by one.
fn rows((field, chosen): (Field, State<Vec<Coded>>), label: Signal<String>, hint: Signal<String>) -> AnyView {
    let add = move |()| match model::coded(&field.trimmed()) {
        Some(row) => {
            field.type_text(String::new());
            chosen.update(|rows| {
                rows.retain(|known| known.code != row.code);
                rows.push(row);
            });
        }
        None => field.error.set(Some(shared::problem::FieldError::new(
            "",
            shared::problem::FieldCode::Format,
        ))),
    };
    view! {
        <div class="stack">
            <TextField field=field label=label hint=hint optional=true/>
            <div class="row"><Button label=t!("round_edit.add") about=label look=Look::Secondary icon=Icon::Plus on_press=add/></div>
            <ul class="plain-list" aria-label=label>
                {each(
                    move || chosen.get(),
                    |row| (row.code.clone(), row.number),
                    move |row| {
                        let shown = format!("{} {}", row.code, row.number);
                        let code = row.code;
                        view! {
                            <li>
                                <button type="button" class="tag" on:click=on(move |_| chosen.update(|rows| rows.retain(|known| known.code != code)))>
                                    <span class="unseen">{t!("picks.remove")} " "</span>
                                    <span>{shown}</span>
                                    {icon(Icon::Close)}
                                </button>
                            </li>
                        }
                    },
                )}
            </ul>
        </div>
    }
    .into_any()
}
