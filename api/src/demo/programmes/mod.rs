//! Programmes of the demonstration: INSPIRE and the ministry's calls, with their dated rules, calls that are open today,
//! one that is under review, and files that cities write and have handed in.
//!
//! The rules are facts (`api/data/rules`, each with its source). The open calls are not: their dates are made when they are
//! loaded, and their texts say so. Neither are the values of time given in kind that some of them have beside the published
//! rules: the name and the source of those rules say so.

mod campaign;
mod files;
mod forms;
mod granted;
mod judged;
mod store;

pub use campaign::load_campaign;
pub(crate) use files::draft;
pub(crate) use granted::load_grants;
pub(crate) use judged::load_reviews;

use anyhow::Context as _;
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeZone, Utc};
use chrono_tz::Europe::Paris;
use serde_json::json;
use shared::audit::Resource;
use shared::budget::{InKindRate, InKindUnit, RuleSet, RuleSetDraft};
use shared::forms::CallForm;
use shared::ids::{CallId, ProgrammeId, RuleSetId};
use shared::language::Texts;
use shared::programmes::{CallState, CallWindow, ProgrammeView};
use shared::reviews::ReviewPlan;
use uuid::Uuid;

use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::programmes::{self, CallRecord};

/// The name of the ministry's programme.
pub const MEAE: &str = "MEAE";
/// The name of the programme of the three networks.
pub const INSPIRE: &str = "INSPIRE";
/// Days for which the open calls are open from the day on which they are loaded.
const OPEN_DAYS: u64 = 45;

/// The code of the time of staff in the rules of the demonstration.
const STAFF_TIME: &str = "staff";
/// What an hour of it is worth, in euros: made up.
const STAFF_HOUR: i64 = 30;

const MEAE_2024: &str = include_str!("../../../data/rules/meae_2024.json");
const MEAE_2025: &str = include_str!("../../../data/rules/meae_2025.json");
const INSPIRE_2022: &str = include_str!("../../../data/rules/inspire_2022.json");

/// Adds what is missing: programmes with rules and calls, then files of those cities that are in the directory. Says how
/// many things were added.
///
/// # Errors
/// Those of the database.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let caller = Caller::system(clock.now());
    let added = db
        .write(&caller, async |tx| Ok(add_meae(tx).await? + add_inspire(tx).await?))
        .await?;
    let files = files::load(db, clock).await.context("loading applications")?;
    Ok(added + files)
}

fn texts(fr: &str, en: &str, uk: &str) -> Texts {
    [("fr", fr), ("en", en), ("uk", uk)]
        .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
        .into()
}

/// The instant of a wall clock in Paris.
fn in_paris(date: NaiveDate, (hour, minute, second): (u32, u32, u32)) -> DateTime<Utc> {
    Paris
        .with_ymd_and_hms(date.year(), date.month(), date.day(), hour, minute, second)
        .earliest()
        .map_or_else(DateTime::default, |time| time.with_timezone(&Utc))
}

/// From the morning of a day to the last second of another one, in Paris.
fn window(opens: NaiveDate, closes: NaiveDate, grace_s: u32) -> CallWindow {
    CallWindow {
        opens_at: in_paris(opens, (9, 0, 0)),
        closes_at: in_paris(closes, (23, 59, 59)),
        zone: Paris.name().to_owned(),
        grace_s,
    }
}

/// A window that is open now and closes some weeks from now.
fn open_window(now: DateTime<Utc>) -> CallWindow {
    let today = now.with_timezone(&Paris).date_naive();
    window(today - Days::new(15), today + Days::new(OPEN_DAYS), 300)
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

async fn add_programme(
    tx: &Tx<'_>,
    name: &str,
    about: Texts,
    funders: &[&str],
    source: &str,
) -> Result<ProgrammeId, Error> {
    let view = ProgrammeView {
        id: ProgrammeId(Uuid::now_v7()),
        version: 1,
        name: texts(name, name, name),
        about,
        funders: funders.iter().map(|&funder| funder.to_owned()).collect(),
        source: Some(source.to_owned()),
    };
    programmes::store::insert_programme(tx, &view).await?;
    tx.record("create", Resource::Programme, view.id.0, 1, json!({"name": name}))
        .await?;
    Ok(view.id)
}

/// Published rules with values of time given in kind, which they do not tell: these are made up, and the name and the source
/// say so.
fn rules_with_time(text: &str) -> Result<RuleSetDraft, Error> {
    let mut rules: RuleSetDraft = serde_json::from_str(text)?;
    rules.name.push_str(" (démonstration)");
    rules.source = format!(
        "Démonstration : les règles publiées, avec des valeurs inventées pour le temps donné en nature. {}",
        rules.source
    );
    let rate = |code: &str, label: Texts, unit, euros: i64| InKindRate {
        code: code.to_owned(),
        label,
        unit,
        amount_minor: euros * 100,
    };
    rules.in_kind_rates = vec![
        rate(
            STAFF_TIME,
            texts("Temps d'agents", "Time of staff", "Час працівників"),
            InKindUnit::Hour,
            STAFF_HOUR,
        ),
        rate(
            "elected",
            texts("Temps d'élus", "Time of elected members", "Час депутатів"),
            InKindUnit::Day,
            200,
        ),
    ];
    Ok(rules)
}

async fn add_rules(tx: &Tx<'_>, programme: ProgrammeId, draft: RuleSetDraft) -> Result<RuleSet, Error> {
    let rules = draft.into_rules(RuleSetId(Uuid::now_v7()), 1);
    programmes::store::insert_rule_set(tx, programme, &rules).await?;
    let details = json!({"rule_set_id": rules.id, "name": rules.name, "version": rules.version});
    tx.record("add_rules", Resource::Programme, programme.0, 1, details)
        .await?;
    Ok(rules)
}

/// What a call of the demonstration says.
struct Call {
    title: Texts,
    about: Texts,
    state: CallState,
    window: CallWindow,
    form: CallForm,
    envelope_minor: Option<i64>,
    plan: ReviewPlan,
}

async fn add_call(tx: &Tx<'_>, programme: (ProgrammeId, &str), rules: &RuleSet, call: Call) -> Result<CallId, Error> {
    let record = CallRecord {
        id: CallId(Uuid::now_v7()),
        version: 1,
        programme_id: programme.0,
        programme_name: texts(programme.1, programme.1, programme.1),
        title: call.title,
        about: call.about,
        state: call.state,
        window: call.window,
        rules: rules.clone(),
        sections: call.form.sections,
        questions: call.form.questions,
        envelope_minor: call.envelope_minor,
        plan: call.plan,
    };
    programmes::calls::store::insert_call(tx, &record).await?;
    let details = json!({"programme_id": record.programme_id, "rule_set_id": record.rules.id, "state": record.state});
    tx.record("create", Resource::Call, record.id.0, 1, details).await?;
    Ok(record.id)
}

async fn add_meae(tx: &Tx<'_>) -> Result<usize, Error> {
    if programmes::store::programme_named(tx.conn(), MEAE).await?.is_some() {
        return Ok(0);
    }
    let about = texts(
        "Le ministère de l'Europe et des Affaires étrangères cofinance les projets de coopération décentralisée des collectivités françaises avec leurs partenaires. Ses taux changent d'une année à l'autre : chaque appel garde les siens.",
        "The French Ministry for Europe and Foreign Affairs cofinances projects of decentralised cooperation between French authorities and their partners. Its rates change from year to year: each call keeps its own.",
        "Міністерство Європи та закордонних справ Франції співфінансує проєкти децентралізованої співпраці французьких громад із партнерами. Ставки щороку змінюються: кожен конкурс зберігає свої.",
    );
    let funders = ["Ministère de l'Europe et des Affaires étrangères (DCTCIV)"];
    let source = "Public announcements of the ministry's calls of 2024 and 2025";
    let id = add_programme(tx, MEAE, about, &funders, source).await?;
    // Added before the others: whoever looks at what changed compares the published rules with each other.
    let with_time = add_rules(tx, id, rules_with_time(MEAE_2025)?).await?;
    let rules_2024 = add_rules(tx, id, serde_json::from_str(MEAE_2024)?).await?;
    let rules_2025 = add_rules(tx, id, serde_json::from_str(MEAE_2025)?).await?;
    let past = Call {
        title: texts(
            "MEAE 2024, appel généraliste",
            "MEAE 2024, general call",
            "MEAE 2024, загальний конкурс",
        ),
        about: texts(
            "Gardé pour mémoire, avec les taux de 2024 : 90 % avec les pays les moins avancés, 70 % ailleurs.",
            "Kept for the record, with the rates of 2024: 90 % with least developed countries, 70 % elsewhere.",
            "Збережено для пам'яті зі ставками 2024 року: 90 % для найменш розвинених країн, 70 % для інших.",
        ),
        state: CallState::Archived,
        window: window(day(2024, 3, 1), day(2024, 5, 6), 0),
        form: forms::meae_2024(),
        envelope_minor: None,
        plan: ReviewPlan::default(),
    };
    add_call(tx, (id, MEAE), &rules_2024, past).await?;
    let open = Call {
        title: texts(
            "MEAE 2025, coopération décentralisée (démonstration)",
            "MEAE 2025, decentralised cooperation (demonstration)",
            "MEAE 2025, децентралізована співпраця (демонстрація)",
        ),
        about: texts(
            "Appel de démonstration : les règles de financement sont celles de 2025 ; les dates et l'enveloppe sont inventées pour que l'appel soit ouvert aujourd'hui.",
            "A call of the demonstration: the funding rules are those of 2025; dates and envelope are made up, so that the call is open today.",
            "Демонстраційний конкурс: правила фінансування — 2025 року; дати й обсяг коштів вигадані, щоб конкурс був відкритий сьогодні.",
        ),
        state: CallState::Open,
        window: open_window(tx.now()),
        form: forms::meae_2025(),
        envelope_minor: Some(150_000_000),
        plan: judged::plan(),
    };
    add_call(tx, (id, MEAE), &rules_2025, open).await?;
    let judged = Call {
        title: texts(
            "MEAE 2025, première session (démonstration)",
            "MEAE 2025, first session (demonstration)",
            "MEAE 2025, перша сесія (демонстрація)",
        ),
        about: texts(
            "Appel de démonstration dont la date limite est passée : ses dossiers sont en instruction. Dates, dossiers, notes et valeurs du temps donné sont inventés.",
            "A call of the demonstration whose deadline is over: its files are being judged. Dates, files, scores and values of time given are made up.",
            "Демонстраційний конкурс, термін якого минув: заявки розглядаються. Дати, заявки, оцінки й вартість наданого часу вигадані.",
        ),
        state: CallState::UnderReview,
        window: judged::past_window(tx.now()),
        form: forms::meae_2025(),
        envelope_minor: Some(judged::ENVELOPE),
        plan: judged::plan(),
    };
    add_call(tx, (id, MEAE), &with_time, judged).await?;
    add_call(tx, (id, MEAE), &rules_2025, granted::call(tx.now())).await?;
    Ok(8)
}

async fn add_inspire(tx: &Tx<'_>) -> Result<usize, Error> {
    if programmes::store::programme_named(tx.conn(), INSPIRE).await?.is_some() {
        return Ok(0);
    }
    let about = texts(
        "Intensify Networking to Strengthen Peacebuilding Institutions and Relations in Europe : un programme « clés en main » de trois réseaux régionaux. Les collectivités l'intègrent avec ou sans partenaire, pour amorcer ou renforcer une coopération avec l'Europe centrale et orientale, autour de la paix (ODD 16).",
        "Intensify Networking to Strengthen Peacebuilding Institutions and Relations in Europe: a turnkey programme of three regional networks. Authorities join it with or without a partner, to start or to strengthen a cooperation with Central and Eastern Europe, for peace (SDG 16).",
        "Intensify Networking to Strengthen Peacebuilding Institutions and Relations in Europe: програма «під ключ» трьох регіональних мереж. Громади приєднуються з партнером чи без нього, щоб започаткувати або зміцнити співпрацю з Центральною та Східною Європою заради миру (ЦСР 16).",
    );
    let funders = [
        "Ministère de l'Europe et des Affaires étrangères (DAECT)",
        "Lianes coopération",
        "Pays de la Loire Coopération Internationale",
        "SO Coopération",
    ];
    let source = "Presentation of the INSPIRE programme by its three networks, 2022";
    let id = add_programme(tx, INSPIRE, about, &funders, source).await?;
    let with_time = add_rules(tx, id, rules_with_time(INSPIRE_2022)?).await?;
    let rules = add_rules(tx, id, serde_json::from_str(INSPIRE_2022)?).await?;
    let past = Call {
        title: texts(
            "INSPIRE 2022, premier ensemble de collectivités",
            "INSPIRE 2022, first cohort of authorities",
            "INSPIRE 2022, перша група громад",
        ),
        about: texts(
            "Gardé pour mémoire : les lettres d'engagement étaient attendues en octobre 2022. Le jour d'ouverture n'est pas connu ; il est noté au début du mois.",
            "Kept for the record: letters of engagement were due in October 2022. The day on which it opened is not known; it is noted as the beginning of that month.",
            "Збережено для пам'яті: листи-зобов'язання очікувалися в жовтні 2022 року. День відкриття невідомий; записано початок місяця.",
        ),
        state: CallState::Archived,
        window: window(day(2022, 10, 1), day(2022, 10, 31), 0),
        form: forms::inspire(),
        envelope_minor: None,
        plan: ReviewPlan::default(),
    };
    add_call(tx, (id, INSPIRE), &rules, past).await?;
    let open = Call {
        title: texts(
            "INSPIRE, nouvelle cohorte (démonstration)",
            "INSPIRE, new cohort (demonstration)",
            "INSPIRE, нова група (демонстрація)",
        ),
        about: texts(
            "Appel de démonstration, avec les règles de 2022 : 50 % des coûts du programme, 30 % des actions, au moins trois collectivités. Les dates sont inventées pour que l'appel soit ouvert aujourd'hui, de même que les valeurs du temps donné.",
            "A call of the demonstration, with the rules of 2022: 50 % of programme costs, 30 % of actions, at least three authorities. The dates are made up, so that the call is open today, and so are the values of time given.",
            "Демонстраційний конкурс за правилами 2022 року: 50 % витрат програми, 30 % заходів, щонайменше три громади. Дати вигадані, щоб конкурс був відкритий сьогодні; вартість наданого часу теж вигадана.",
        ),
        state: CallState::Open,
        window: open_window(tx.now()),
        form: forms::inspire(),
        envelope_minor: None,
        plan: ReviewPlan::default(),
    };
    add_call(tx, (id, INSPIRE), &with_time, open).await?;
    Ok(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_rules_are_sound() {
        for text in [MEAE_2024, MEAE_2025, INSPIRE_2022] {
            let draft: RuleSetDraft = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(draft.faults(), []);
        }
    }

    #[test]
    fn rules_with_made_up_values_say_so() -> Result<(), Error> {
        for text in [MEAE_2025, INSPIRE_2022] {
            let rules = rules_with_time(text)?;
            assert_eq!(rules.faults(), []);
            assert!(rules.name.contains("démonstration") && rules.source.contains("valeurs inventées"));
        }
        Ok(())
    }

    #[test]
    fn inspire_2022_is_what_its_presentation_says() -> Result<(), serde_json::Error> {
        let rules: RuleSetDraft = serde_json::from_str(INSPIRE_2022)?;
        assert_eq!((rules.countries.len(), rules.resource_lines.len()), (12, 5));
        assert_eq!((rules.required_sdgs.as_slice(), rules.cities_min), (&[16_u8][..], 3));
        let rates: Vec<Option<u32>> = rules.heads.iter().map(|head| head.rate_bp).collect();
        assert_eq!(rates, [[Some(5_000); 4].as_slice(), &[Some(3_000); 3]].concat());
        Ok(())
    }

    #[test]
    fn an_open_call_is_open_now_and_closes_at_the_end_of_a_day_in_paris() {
        let now = in_paris(day(2026, 3, 10), (12, 0, 0));
        let window = open_window(now);
        assert!(window.takes(now) && window.faults().is_empty());
        // Summer time has begun by then.
        assert_eq!(window.closes_at.to_rfc3339(), "2026-04-24T21:59:59+00:00");
    }
}
