//! Two cohorts of INSPIRE: the one of 2022, of which the presentation of the programme tells networks, ways in, levels and
//! the month in which letters were due, and no city; and one that is open today, with cities of the directory. That one is
//! invented, and its words say so.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::json;
use shared::accounts::Role;
use shared::audit::Resource;
use shared::cohorts::{CohortLevel, CohortWay, LetterSignature, LetterState, LetterStep, Referent};
use shared::ids::{CityId, CohortId, CohortMemberId, NetworkId, ProgrammeId};
use shared::language::Texts;
use uuid::Uuid;

use super::programmes::INSPIRE;
use crate::accounts::store::{network_by_name, scope_id};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::cohorts::letters::text::{self, LetterFacts, Named};
use crate::cohorts::members::store::{self as members, Member};
use crate::cohorts::store::{self, Cohort, CohortFilter, MemberScope};
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::programmes;
use crate::zone::{day_in, end_of_day};

/// The networks that lead INSPIRE.
const NETWORKS: [&str; 3] = [
    "Lianes coopération",
    "Pays de la Loire Coopération Internationale",
    "SO Coopération",
];
const ZONE: &str = "Europe/Paris";
/// Days for which the invented cohort is open from the day on which it is loaded.
const OPEN_DAYS: u64 = 30;

/// A city of the invented cohort: its code and name, its way in and levels, its partner's code and name, and where its letter
/// stands.
struct Joined {
    code: &'static str,
    name: &'static str,
    way: CohortWay,
    levels: &'static [&'static str],
    partner: Option<(&'static str, &'static str)>,
    letter: LetterState,
}

const JOINED: [Joined; 6] = [
    Joined {
        code: "fr:insee:38185",
        name: "Grenoble",
        way: CohortWay::Start,
        levels: &["network", "events"],
        partner: None,
        letter: LetterState::Sent,
    },
    Joined {
        code: "fr:insee:63113",
        name: "Clermont-Ferrand",
        way: CohortWay::Strengthen,
        levels: &["network", "delegations"],
        partner: Some(("ua:katottg:UA53020110010031694", "Кременчук")),
        letter: LetterState::Signed,
    },
    Joined {
        code: "fr:insee:59350",
        name: "Lille",
        way: CohortWay::Strengthen,
        levels: &["network", "delegations", "events", "support"],
        partner: None,
        letter: LetterState::Filed,
    },
    Joined {
        code: "fr:insee:44109",
        name: "Nantes",
        way: CohortWay::Start,
        levels: &["network"],
        partner: None,
        letter: LetterState::Drafted,
    },
    Joined {
        code: "fr:insee:86194",
        name: "Poitiers",
        way: CohortWay::Start,
        levels: &["events"],
        partner: None,
        letter: LetterState::Refused,
    },
    Joined {
        code: "fr:insee:80021",
        name: "Amiens",
        way: CohortWay::Start,
        levels: &["network", "support"],
        partner: None,
        letter: LetterState::Sent,
    },
];

/// Adds the cohorts, where the programme and its networks are there and it has none; says how many were added.
///
/// # Errors
/// Those of the database.
pub async fn load(db: &Db, clock: &Clock) -> Result<usize, Error> {
    let Some(programme) = programmes::store::programme_named(db.read(), INSPIRE).await? else {
        return Ok(0);
    };
    let filter = CohortFilter {
        programme_id: Some(programme.id),
        ..CohortFilter::default()
    };
    if !store::list(db, &filter, &MemberScope::All, None, 1).await?.is_empty() {
        return Ok(0);
    }
    let mut networks: Vec<NetworkId> = Vec::new();
    for name in NETWORKS {
        networks.extend(network_by_name(db.read(), name).await?);
    }
    if networks.is_empty() {
        return Ok(0);
    }
    let city = async |code: &str| -> Result<Option<CityId>, Error> {
        Ok(scope_id(db.read(), Role::CityStaff, code).await?.map(CityId))
    };
    let mut joined = Vec::new();
    for of in &JOINED {
        let partner = match of.partner {
            Some((code, _)) => city(code).await?,
            None => None,
        };
        joined.extend(city(of.code).await?.map(|id| (of, id, partner)));
    }
    let caller = Caller::system(clock.now());
    db.write(&caller, async |tx| {
        let past = past(tx.now(), (programme.id, &programme.name), &networks);
        insert(tx, &past).await?;
        let open = open(tx.now(), (programme.id, &programme.name), &networks);
        insert(tx, &open).await?;
        for (index, (of, id, partner)) in joined.iter().enumerate() {
            let member = member(&open, index, of, *id, *partner);
            members::insert(tx, &member).await?;
            let details = json!({ "cohort_id": open.id, "city_id": id, "letter": member.letter_state });
            tx.record("join", Resource::CohortMember, member.id.0, member.version, details)
                .await?;
        }
        Ok(2)
    })
    .await
}

async fn insert(tx: &Tx<'_>, of: &Cohort) -> Result<(), Error> {
    store::insert(tx, of).await?;
    let details = json!({ "programme_id": of.programme_id, "networks": of.networks });
    tx.record("create", Resource::Cohort, of.id.0, of.version, details)
        .await
}

fn past(now: DateTime<Utc>, programme: (ProgrammeId, &Texts), networks: &[NetworkId]) -> Cohort {
    let name = texts(
        "INSPIRE 2022, premier ensemble de collectivités",
        "INSPIRE 2022, first cohort of authorities",
        "INSPIRE 2022, перша група громад",
    );
    let about = texts(
        "Les lettres d’engagement étaient attendues en octobre 2022. Le jour n’est pas connu : c’est la fin du mois qui est notée. La présentation du programme ne nomme pas les collectivités engagées.",
        "Letters of engagement were due in October 2022. The day is not known: the end of the month is noted. The presentation of the programme does not name the authorities that joined.",
        "Листи-зобов’язання очікувалися в жовтні 2022 року. День невідомий, тож записано кінець місяця. Презентація програми не називає громад, що приєдналися.",
    );
    let closes_on = NaiveDate::from_ymd_opt(2022, 10, 31).unwrap_or_default();
    Cohort {
        source: Some("Presentation of the INSPIRE programme by its three networks, 2022".to_owned()),
        ..cohort(now, programme, networks, (name, about, closes_on))
    }
}

fn open(now: DateTime<Utc>, programme: (ProgrammeId, &Texts), networks: &[NetworkId]) -> Cohort {
    let name = texts(
        "INSPIRE, nouvelle cohorte (démonstration)",
        "INSPIRE, new cohort (demonstration)",
        "INSPIRE, нова група (демонстрація)",
    );
    let about = texts(
        "Cohorte de démonstration : sa date est inventée pour qu’elle soit ouverte aujourd’hui ; les collectivités viennent de l’annuaire et ne se sont engagées à rien. Les voies d’entrée et les niveaux d’engagement sont ceux d’INSPIRE.",
        "A cohort of the demonstration: its date is made up, so that it is open today; the authorities come from the directory and have committed themselves to nothing. The ways in and the levels of engagement are those of INSPIRE.",
        "Демонстраційна група: дату вигадано, щоб вона була відкрита сьогодні; громади взято з довідника, і вони ні до чого не зобов’язалися. Способи вступу й рівні участі — ті самі, що в INSPIRE.",
    );
    let closes_on = day_in(now, ZONE) + Days::new(OPEN_DAYS);
    cohort(now, programme, networks, (name, about, closes_on))
}

fn cohort(
    now: DateTime<Utc>,
    (programme_id, programme_name): (ProgrammeId, &Texts),
    networks: &[NetworkId],
    (name, about, closes_on): (Texts, Texts, NaiveDate),
) -> Cohort {
    Cohort {
        id: CohortId(Uuid::now_v7()),
        version: 1,
        created_at: now,
        updated_at: now,
        programme_id,
        programme_name: programme_name.clone(),
        name,
        about,
        networks: networks.to_vec(),
        minimum_cities: 3,
        levels: levels(),
        letter: text::usual(),
        closes_on,
        zone: ZONE.to_owned(),
        closes_at: end_of_day(closes_on, ZONE).unwrap_or(now),
        source: None,
        deleted_at: None,
    }
}

/// The four levels of INSPIRE, as its presentation tells them.
fn levels() -> Vec<CohortLevel> {
    let level = |key: &str, name: Texts, about: Texts| CohortLevel {
        key: key.to_owned(),
        name,
        about,
    };
    vec![
        level(
            "network",
            texts(
                "Intégrer un réseau de collectivités",
                "Join a network of authorities",
                "Приєднатися до мережі громад",
            ),
            texts(
                "Création de synergies avec d’autres collectivités qui s’engagent en Europe centrale et orientale.",
                "Synergies with other authorities that are active in Central and Eastern Europe.",
                "Взаємодія з іншими громадами, що працюють у Центральній та Східній Європі.",
            ),
        ),
        level(
            "delegations",
            texts(
                "Dynamiser sa coopération",
                "Give one’s cooperation new life",
                "Пожвавити свою співпрацю",
            ),
            texts(
                "Soutien à l’accueil et à l’envoi de délégations depuis et dans les pays partenaires.",
                "Support for receiving and sending delegations from and to the partner countries.",
                "Підтримка приймання та відрядження делегацій із країн-партнерів і до них.",
            ),
        ),
        level(
            "events",
            texts(
                "Valoriser les engagements de sa commune",
                "Show what one’s town stands for",
                "Показати, що робить своя громада",
            ),
            texts(
                "Événements socio-culturels sur le territoire, avec une exposition itinérante « clés en main » sur les racines et les enjeux de la guerre en Ukraine.",
                "Social and cultural events at home, with a ready-made travelling exhibition on the roots and the stakes of the war in Ukraine.",
                "Соціокультурні події вдома з готовою пересувною виставкою про витоки й наслідки війни в Україні.",
            ),
        ),
        level(
            "support",
            texts(
                "Soutenir ses partenaires européens",
                "Support one’s European partners",
                "Підтримати своїх європейських партнерів",
            ),
            texts(
                "Appui méthodologique et financier aux activités de réponse à la crise ukrainienne des partenaires des pays limitrophes.",
                "Advice and money for what partners in neighbouring countries do about the crisis in Ukraine.",
                "Методична й фінансова підтримка заходів партнерів із сусідніх країн у відповідь на кризу в Україні.",
            ),
        ),
    ]
}

/// A city of the invented cohort, with a letter that stands where it is told.
fn member(cohort: &Cohort, index: usize, of: &Joined, city_id: CityId, partner_id: Option<CityId>) -> Member {
    let now = cohort.created_at;
    let named = |name: &str| Named {
        name: name.to_owned(),
        labels: Texts::new(),
    };
    let mut member = Member {
        id: CohortMemberId(Uuid::now_v7()),
        version: 1,
        created_at: now,
        updated_at: now,
        cohort_id: cohort.id,
        city_id,
        way: of.way,
        levels: of.levels.iter().map(|&key| key.to_owned()).collect(),
        partner_id,
        referent: Referent {
            name: "Personne référente (démonstration)".to_owned(),
            function: String::new(),
            email: String::new(),
        },
        joined_at: now,
        letter_state: LetterState::Drafted,
        letter: None,
        sent_at: None,
        signature: None,
        reference: None,
        steps: vec![LetterStep {
            state: LetterState::Drafted,
            at: now - TimeDelta::days(9),
            note: None,
        }],
        left_at: None,
        left_why: None,
    };
    if of.letter == LetterState::Drafted {
        return member;
    }
    let facts = LetterFacts {
        city: named(of.name),
        cohort: &cohort.name,
        programme: &cohort.programme_name,
        networks: NETWORKS.map(str::to_owned).to_vec(),
        way: of.way,
        levels: cohort
            .levels
            .iter()
            .filter(|level| of.levels.contains(&level.key.as_str()))
            .collect(),
        partner: of.partner.filter(|_| partner_id.is_some()).map(|(_, name)| named(name)),
        closes_on: cohort.closes_on,
    };
    member.letter = Some(text::filled(&cohort.letter, &facts));
    let sent_at = now - TimeDelta::days(7);
    member.sent_at = Some(sent_at);
    member.step(LetterState::Sent, sent_at, None);
    let answered_at = now - TimeDelta::days(3);
    match of.letter {
        LetterState::Drafted | LetterState::Sent => {}
        LetterState::Refused => {
            let why = "Le conseil se prononcera l’an prochain (démonstration).";
            member.step(LetterState::Refused, answered_at, Some(why));
        }
        LetterState::Signed | LetterState::Filed => {
            member.signature = Some(LetterSignature {
                name: "Signataire (démonstration)".to_owned(),
                function: "Maire".to_owned(),
                on: day_in(answered_at, ZONE),
                at: answered_at,
            });
            member.step(LetterState::Signed, answered_at, None);
            if of.letter == LetterState::Filed {
                let reference = format!("DEMO-{:03}", index + 1);
                member.step(LetterState::Filed, now - TimeDelta::days(1), Some(&reference));
                member.reference = Some(reference);
            }
        }
    }
    member
}

fn texts(fr: &str, en: &str, uk: &str) -> Texts {
    [("fr", fr), ("en", en), ("uk", uk)]
        .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_cohort_closed_with_its_month_in_paris() {
        let name = texts(INSPIRE, INSPIRE, INSPIRE);
        let of = past(DateTime::default(), (ProgrammeId(Uuid::nil()), &name), &[]);
        assert_eq!(shared::time::text(&of.closes_at), "2022-10-31T22:59:59.999Z");
        assert_eq!(of.levels.len(), 4);
    }
}
