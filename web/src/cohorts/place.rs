//! A city's place in a cohort: the form that joins, and the one that changes it.

use super::CityPick;
use crate::form::{Field, Form};
use crate::ui::prelude::*;
use crate::{activities, client, i18n, session, t, text, textf};
use leptos::prelude::*;
use shared::cohorts::{
    CohortLevel, CohortMemberDraft, CohortMemberPatch, CohortMemberView, CohortView, CohortWay, Referent,
};
use shared::ids::CityId;
use shared::problem::{FieldCode, FieldError};
use wasm_bindgen_futures::spawn_local;

/// What is asked of a city, whoever enters it.
#[derive(Clone, Copy)]
struct Sheet {
    way: Field,
    level: Field,
    levels: State<Vec<String>>,
    partner: CityPick,
    name: Field,
    function: Field,
    email: Field,
}

impl Sheet {
    fn new(form: Form, known: Option<&CohortMemberView>) -> Sheet {
        let referent = known.and_then(|of| of.referent.clone());
        let word = |part: fn(&Referent) -> &String| referent.as_ref().map(part).cloned().unwrap_or_default();
        let way = known.map_or(CohortWay::Start, |of| of.way);
        Sheet {
            way: form.field("place-way", "/way", way.code()),
            level: form.field("place-levels", "/levels", ""),
            levels: State::new(known.map(|of| of.levels.clone()).unwrap_or_default()),
            partner: CityPick::new(
                form,
                "place-partner",
                "/partner_id",
                known.and_then(|of| of.partner.as_ref()),
            ),
            name: form.field("place-name", "/referent/name", word(|of| &of.name)),
            function: form.field("place-function", "/referent/function", word(|of| &of.function)),
            email: form.field("place-email", "/referent/email", word(|of| &of.email)),
        }
    }

    fn way(self) -> CohortWay {
        CohortWay::from_code(&self.way.trimmed()).unwrap_or(CohortWay::Start)
    }

    fn referent(self) -> Referent {
        Referent {
            name: self.name.trimmed(),
            function: self.function.trimmed(),
            email: self.email.trimmed(),
        }
    }

    /// What is missing before anything is sent.
    fn faults(self) -> Vec<FieldError> {
        let wrong = [
            (
                "/levels",
                FieldCode::Required,
                self.levels.with_untracked(Vec::is_empty),
            ),
            ("/partner_id", FieldCode::Reference, self.partner.is_unclear()),
            ("/referent/name", FieldCode::Required, self.name.trimmed().is_empty()),
        ];
        let wrong = wrong.into_iter().filter(|(.., is_wrong)| *is_wrong);
        wrong.map(|(pointer, code, _)| FieldError::new(pointer, code)).collect()
    }

    fn view(self, levels: Vec<CohortLevel>) -> AnyView {
        let ways = Signal::derive(|| {
            let all = CohortWay::ALL.iter();
            all.map(|way| (way.code().to_owned(), textf!("cohort_way.", way.code())))
                .collect::<Vec<_>>()
        });
        let levels = Signal::derive(move || {
            let all = levels.iter();
            all.map(|level| (level.key.clone(), i18n::own_text(&level.name)))
                .collect::<Vec<_>>()
        });
        view! {
            <RadioGroup field=self.way label=t!("place.way") options=ways/>
            <CheckboxGroup field=self.level label=t!("place.levels") hint=t!("place.levels_hint") options=levels chosen=self.levels/>
            {self.partner.view(t!("place.partner"), t!("place.partner_hint"))}
            <TextField field=self.name label=t!("place.referent") hint=t!("place.referent_hint") autocomplete="name"/>
            <TextField field=self.function label=t!("place.function") optional=true/>
            <TextField field=self.email label=t!("place.email") kind=Kind::Email autocomplete="email" optional=true/>
        }
        .into_any()
    }
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

/// The dialog in which a city joins: one of the reader's own, or any that who leads the cohort adds.
#[component]
pub fn Place(
    /// Its id on the page.
    id: &'static str,
    /// The cohort.
    of: CohortView,
    /// Whether it is one of the reader's own cities.
    own: bool,
    /// Whether it is open.
    open: State<bool>,
    /// The page, which is read again afterwards.
    cohort: Loading<CohortView>,
) -> impl IntoView {
    let title = if own { t!("cohorts.join") } else { t!("cohorts.add") };
    let known = Kept::new(of);
    view! {
        <Dialog id=id title=title open=open>
            {known.with_value(|of| joining(of, own, open, cohort))}
        </Dialog>
    }
    .into_any()
}

fn joining(of: &CohortView, own: bool, open: State<bool>, cohort: Loading<CohortView>) -> AnyView {
    let id = of.id;
    let form = Form::new(format!("cohort:{id}:join"));
    let inside: Vec<CityId> = of.own.iter().map(|member| member.city_id).collect();
    let free: Vec<(String, String)> = session::own_cities()
        .into_iter()
        .filter(|(city, _)| !inside.contains(city))
        .map(|(city, name)| (city.to_string(), name))
        .collect();
    let first = free.first().map(|(city, _)| city.clone()).unwrap_or_default();
    // One of one's own is chosen, any other is looked for.
    let chosen = own.then(|| form.field("place-city", "/city_id", first));
    let looked = (!own).then(|| CityPick::new(form, "place-any-city", "/city_id", None));
    let sheet = Sheet::new(form, None);
    let send = move || {
        form.clear();
        let city = chosen
            .and_then(|field| field.trimmed().parse::<CityId>().ok())
            .or_else(|| looked.and_then(CityPick::city));
        let mut faults = sheet.faults();
        if city.is_none() {
            faults.insert(0, FieldError::new("/city_id", FieldCode::Required));
        }
        let Some(city_id) = city.filter(|_| faults.is_empty()) else {
            return form.fail(activities::faulty(faults));
        };
        let draft = CohortMemberDraft {
            city_id,
            way: sheet.way(),
            levels: sheet.levels.get_untracked(),
            partner_id: sheet.partner.city(),
            referent: sheet.referent(),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::post::<_, CohortMemberView>(format!("/cohorts/{id}/members"), &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(made) => {
                    open.try_set(false);
                    toast::say(text!("cohorts.joined", city = super::city_name(&made.city)));
                    cohort.reload();
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    let several = free.len() > 1;
    let options = Signal::stored(free);
    view! {
        <form class="stack" novalidate on:submit=submit(form.busy, send)>
            <ErrorSummary form=form/>
            {chosen.filter(|_| several).map(|field| view! { <Select field=field label=t!("place.city") options=options/> })}
            {looked.map(|pick| pick.view(t!("place.city"), t!("place.city_hint")))}
            {sheet.view(of.levels.clone())}
            {buttons(form, open, if own { t!("cohorts.join") } else { t!("cohorts.add") })}
        </form>
    }
    .into_any()
}

/// The dialog that changes a city's place.
#[component]
pub fn Change(
    /// The place.
    of: CohortMemberView,
    /// The levels that the cohort offers.
    levels: Vec<CohortLevel>,
    /// Whether it is open.
    open: State<bool>,
    /// What to do with the place as it then is.
    done: Callback<CohortMemberView>,
) -> impl IntoView {
    let known = Kept::new((of, levels));
    view! {
        <Dialog id="place-change" title=t!("place.change") open=open>
            {known.with_value(|(of, levels)| changing(of, levels.clone(), open, done))}
        </Dialog>
    }
    .into_any()
}

fn changing(
    of: &CohortMemberView,
    levels: Vec<CohortLevel>,
    open: State<bool>,
    done: Callback<CohortMemberView>,
) -> AnyView {
    let (id, version) = (of.id, of.version);
    let form = Form::new(format!("cohort-member:{id}:{version}"));
    let sheet = Sheet::new(form, Some(of));
    let send = move || {
        form.clear();
        let faults = sheet.faults();
        if !faults.is_empty() {
            return form.fail(activities::faulty(faults));
        }
        let patch = CohortMemberPatch {
            way: Some(sheet.way()),
            levels: Some(sheet.levels.get_untracked()),
            partner_id: Some(sheet.partner.city()),
            referent: Some(sheet.referent()),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::patch::<_, CohortMemberView>(format!("/cohort-members/{id}"), version, &patch).await;
            form.busy.try_set(false);
            match answer {
                Ok(view) => {
                    open.try_set(false);
                    toast::say(text!("account.saved"));
                    done.try_run(view);
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <form class="stack" novalidate on:submit=submit(form.busy, send)>
            <p>{t!("place.change_words")}</p>
            <ErrorSummary form=form/>
            {sheet.view(levels)}
            {buttons(form, open, t!("action.save"))}
        </form>
    }
    .into_any()
}
