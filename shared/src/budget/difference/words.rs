//! The sentences of changes, in French, English and Ukrainian.

use super::*;

/// Most countries that a sentence names.
const NAMED: usize = 12;

/// One sentence in the language that is asked for.
macro_rules! say {
    ($language:expr, $fr:literal, $en:literal, $uk:literal $(,)?) => {
        match $language {
            Language::Fr => format!($fr),
            Language::En => format!($en),
            Language::Uk => format!($uk),
        }
    };
}

impl RuleChange {
    /// One sentence that says it; `country` names a country in that language.
    #[must_use]
    pub fn sentence(&self, language: Language, country: &dyn Fn(&str) -> String) -> String {
        let l = language;
        let named = |texts: &Texts| text_for(texts, l).unwrap_or_default().to_owned();
        match self {
            Self::Name { before, after } => say!(
                l,
                "Le nom devient «\u{a0}{after}\u{a0}»\u{a0}; c’était «\u{a0}{before}\u{a0}».",
                "The name becomes “{after}”; it was “{before}”.",
                "Нова назва — «{after}»; була «{before}».",
            ),
            Self::ValidFrom { before, after } => {
                let (before, after) = (day(*before, l), day(*after, l));
                say!(
                    l,
                    "Les règles valent depuis le {after}\u{a0}; les précédentes valaient depuis le {before}.",
                    "The rules hold since {after}; the former ones held since {before}.",
                    "Правила діють із {after}; попередні діяли з {before}.",
                )
            }
            Self::ValidTo { after: None, .. } => say!(
                l,
                "Elles valent sans date de fin.",
                "They hold without an end.",
                "Вони діють безстроково.",
            ),
            Self::ValidTo { after: Some(after), .. } => {
                let after = day(*after, l);
                say!(
                    l,
                    "Elles valent jusqu’au {after}.",
                    "They hold until {after}.",
                    "Вони діють до {after}.",
                )
            }
            Self::Source => say!(
                l,
                "La source des règles change.",
                "The source of the rules changes.",
                "Змінюється джерело правил.",
            ),
            Self::GroupsSource => say!(
                l,
                "La source des groupes de pays change.",
                "The source of the country groups changes.",
                "Змінюється джерело груп країн.",
            ),
            Self::Currency { before, after } => say!(
                l,
                "Les budgets sont en {after} et non plus en {before}.",
                "Budgets are in {after}, no longer in {before}.",
                "Бюджети складають у {after}, а не в {before}.",
            ),
            Self::HeadAdded { label, rate_bp, .. } => {
                let (head, rate) = (named(label), own_rate(*rate_bp, l));
                say!(
                    l,
                    "Nouveau poste de dépenses\u{a0}: «\u{a0}{head}\u{a0}», payé {rate}.",
                    "New head of costs: “{head}”, paid {rate}.",
                    "Нова стаття витрат: «{head}», оплачується {rate}.",
                )
            }
            Self::HeadRemoved { label, .. } => {
                let head = named(label);
                say!(
                    l,
                    "Le poste «\u{a0}{head}\u{a0}» n’est plus financé.",
                    "The head “{head}” is no longer funded.",
                    "Статтю «{head}» більше не фінансують.",
                )
            }
            Self::HeadRenamed { before, after, .. } => {
                let (before, after) = (named(before), named(after));
                if before == after {
                    return say!(
                        l,
                        "Le nom du poste «\u{a0}{after}\u{a0}» change dans une autre langue.",
                        "The name of the head “{after}” changes in another language.",
                        "Назва статті «{after}» змінюється іншою мовою.",
                    );
                }
                say!(
                    l,
                    "Le poste «\u{a0}{before}\u{a0}» s’appelle «\u{a0}{after}\u{a0}».",
                    "The head “{before}” is called “{after}”.",
                    "Статтю «{before}» названо «{after}».",
                )
            }
            Self::HeadRate {
                label, before, after, ..
            } => {
                let (head, before, after) = (named(label), own_rate(*before, l), own_rate(*after, l));
                say!(
                    l,
                    "Le poste «\u{a0}{head}\u{a0}» est payé {after}\u{a0}; il l’était {before}.",
                    "The head “{head}” is paid {after}; it was {before}.",
                    "Стаття «{head}» оплачується {after}; раніше — {before}.",
                )
            }
            Self::GroupRate { group, before, after } => {
                let group = group_name(*group, l);
                let verb = raised(*before, *after, l);
                let (before, after) = (ceiling(*before, l), ceiling(*after, l));
                say!(
                    l,
                    "{group}\u{a0}: le plafond {verb} de {before} à {after}.",
                    "{group}: the ceiling {verb} from {before} to {after}.",
                    "{group}: максимальна частка {verb} з {before} до {after}.",
                )
            }
            Self::GroupMoved {
                countries,
                before,
                after,
            } => {
                let (countries, before, after) = (
                    list(countries, l, country),
                    group_name(*before, l),
                    group_name(*after, l),
                );
                say!(
                    l,
                    "Changent de groupe, de «\u{a0}{before}\u{a0}» à «\u{a0}{after}\u{a0}»\u{a0}: {countries}.",
                    "Change their group, from “{before}” to “{after}”: {countries}.",
                    "Переходять із групи «{before}» до групи «{after}»: {countries}.",
                )
            }
            Self::SeveralCountriesRate { after: None, .. } => say!(
                l,
                "Le taux unique pour plusieurs pays n’existe plus.",
                "The single rate over several countries is gone.",
                "Єдиної ставки для кількох країн більше немає.",
            ),
            Self::SeveralCountriesRate {
                before: None,
                after: Some(after),
            } => {
                let after = percent(*after, l);
                say!(
                    l,
                    "Nouveau\u{a0}: sur plusieurs pays, un taux unique de {after} sur l’ensemble peut remplacer les taux par pays.",
                    "New: over several countries, a single rate of {after} on the whole may replace the rates by country.",
                    "Нове: для кількох країн єдина ставка {after} від усього кошторису може замінити ставки за країнами.",
                )
            }
            Self::SeveralCountriesRate {
                before: Some(before),
                after: Some(after),
            } => {
                let (before, after) = (percent(*before, l), percent(*after, l));
                say!(
                    l,
                    "Le taux unique pour plusieurs pays passe de {before} à {after}.",
                    "The single rate over several countries goes from {before} to {after}.",
                    "Єдина ставка для кількох країн змінюється з {before} до {after}.",
                )
            }
            Self::OwnShare { before, after } => {
                let (before, after) = (percent(*before, l), percent(*after, l));
                say!(
                    l,
                    "La part minimale des collectivités passe de {before} à {after} du total.",
                    "The least share of the authorities goes from {before} to {after} of the whole.",
                    "Мінімальна частка громад змінюється з {before} до {after} загальної суми.",
                )
            }
            Self::InKindMax { after: None, .. } => say!(
                l,
                "L’apport en nature n’est plus limité.",
                "Contributions in kind are no longer limited.",
                "Негрошовий внесок більше не обмежений.",
            ),
            Self::InKindMax {
                before,
                after: Some(after),
            } => {
                let after = percent(*after, l);
                let before = before.map_or_else(
                    || {
                        say!(
                            l,
                            "il n’y avait pas de limite",
                            "there was no limit",
                            "обмеження не було"
                        )
                    },
                    |before| {
                        let before = percent(before, l);
                        say!(l, "c’était {before}", "it was {before}", "було {before}")
                    },
                );
                say!(
                    l,
                    "L’apport en nature compte pour {after} au plus de la part des collectivités\u{a0}; {before}.",
                    "Contributions in kind count for at most {after} of the authorities’ share; {before}.",
                    "Негрошовий внесок — щонайбільше {after} частки громад; {before}.",
                )
            }
            Self::InKindValue {
                label,
                currency,
                before,
                after,
                ..
            } => {
                let who = named(label);
                let worth = |rate: &InKindRate| value(rate, currency, l);
                match (before, after) {
                    (None, Some(after)) => {
                        let after = worth(after);
                        say!(
                            l,
                            "Valorisation, {who}\u{a0}: {after}.",
                            "Value in kind, {who}: {after}.",
                            "Оцінка негрошового внеску, {who}: {after}.",
                        )
                    }
                    (Some(before), Some(after)) => {
                        let (before, after) = (worth(before), worth(after));
                        say!(
                            l,
                            "Valorisation, {who}\u{a0}: {after}\u{a0}; c’était {before}.",
                            "Value in kind, {who}: {after}; it was {before}.",
                            "Оцінка негрошового внеску, {who}: {after}; було {before}.",
                        )
                    }
                    (_, None) => say!(
                        l,
                        "La valorisation de «\u{a0}{who}\u{a0}» n’est plus fixée.",
                        "The value of “{who}” in kind is no longer set.",
                        "Вартість внеску «{who}» більше не встановлено.",
                    ),
                }
            }
            Self::CitiesMin { before, after } => say!(
                l,
                "Nombre minimal de collectivités\u{a0}: {after} au lieu de {before}.",
                "Least number of authorities: {after} instead of {before}.",
                "Мінімальна кількість громад: {after} замість {before}.",
            ),
            Self::OwnCountry { before, after } => {
                let (before, after) = (country(before), country(after));
                say!(
                    l,
                    "La part propre est due par les collectivités de ce pays\u{a0}: {after}, au lieu de {before}.",
                    "The own share is due by the authorities of {after} instead of {before}.",
                    "Власну частку сплачують громади країни {after} замість {before}.",
                )
            }
            Self::CountriesOpened => say!(
                l,
                "Tous les pays peuvent désormais participer.",
                "All countries may now take part.",
                "Тепер можуть брати участь усі країни.",
            ),
            Self::CountriesLimited { countries } => {
                let countries = list(countries, l, country);
                say!(
                    l,
                    "Seuls ces pays peuvent désormais participer\u{a0}: {countries}.",
                    "Only these countries may now take part: {countries}.",
                    "Тепер можуть брати участь лише ці країни: {countries}.",
                )
            }
            Self::CountriesAdded { countries } => {
                let countries = list(countries, l, country);
                say!(
                    l,
                    "Peuvent désormais participer\u{a0}: {countries}.",
                    "May now take part: {countries}.",
                    "Тепер можуть брати участь: {countries}.",
                )
            }
            Self::CountriesRemoved { countries } => {
                let countries = list(countries, l, country);
                say!(
                    l,
                    "Ne peuvent plus participer\u{a0}: {countries}.",
                    "May no longer take part: {countries}.",
                    "Більше не можуть брати участь: {countries}.",
                )
            }
            Self::Levels { after, .. } if after.is_empty() => say!(
                l,
                "Les collectivités de tous les niveaux peuvent participer.",
                "Authorities of all levels may take part.",
                "Можуть брати участь громади всіх рівнів.",
            ),
            Self::Levels { after, .. } => {
                let names: Vec<&str> = after.iter().map(|&level| level_name(level, l)).collect();
                let levels = names.join(", ");
                say!(
                    l,
                    "Peuvent participer les collectivités de ces niveaux\u{a0}: {levels}.",
                    "Authorities of these levels may take part: {levels}.",
                    "Можуть брати участь громади таких рівнів: {levels}.",
                )
            }
            Self::RequiredSdgs { after, .. } if after.is_empty() => say!(
                l,
                "Aucun ODD n’est plus obligatoire.",
                "No goal is compulsory any more.",
                "Жодна ЦСР більше не обов’язкова.",
            ),
            Self::RequiredSdgs { after, .. } => {
                let goals: Vec<String> = after.iter().map(ToString::to_string).collect();
                let goals = goals.join(", ");
                say!(
                    l,
                    "ODD obligatoires\u{a0}: {goals}.",
                    "Compulsory goals (SDG): {goals}.",
                    "Обов’язкові ЦСР: {goals}.",
                )
            }
            Self::PriorityRegion {
                region, after: None, ..
            } => say!(
                l,
                "La région {region} n’est plus prioritaire.",
                "The region {region} is no longer a priority.",
                "Регіон {region} більше не пріоритетний.",
            ),
            Self::PriorityRegion {
                region,
                before: None,
                after: Some(after),
            } => say!(
                l,
                "Nouvelle région prioritaire\u{a0}: {region}, {after} points sur 100 de plus.",
                "New priority region: {region}, {after} points of 100 more.",
                "Новий пріоритетний регіон: {region}, ще {after} балів зі 100.",
            ),
            Self::PriorityRegion {
                region,
                before: Some(before),
                after: Some(after),
            } => say!(
                l,
                "La région prioritaire {region} compte {after} points au lieu de {before}.",
                "The priority region {region} counts {after} points instead of {before}.",
                "Пріоритетний регіон {region} дає {after} балів замість {before}.",
            ),
            Self::Instalments { before, after } => {
                let (before, after) = (parts(before, l), parts(after, l));
                say!(
                    l,
                    "La dernière tranche est versée {after}\u{a0}; elle l’était {before}.",
                    "The last instalment is paid {after}; it was paid {before}.",
                    "Останній транш виплачують {after}; раніше — {before}.",
                )
            }
            Self::OverdueReport { blocks: true } => say!(
                l,
                "Un compte rendu en retard empêche désormais de déposer un nouveau dossier.",
                "An overdue report now keeps an authority from applying again.",
                "Прострочений звіт відтепер не дає подати нову заявку.",
            ),
            Self::OverdueReport { blocks: false } => say!(
                l,
                "Un compte rendu en retard n’empêche plus de déposer un nouveau dossier.",
                "An overdue report no longer keeps an authority from applying again.",
                "Прострочений звіт більше не заважає подати нову заявку.",
            ),
            Self::ResourceLineAdded { label } => {
                let line = named(label);
                say!(
                    l,
                    "Nouvelle ligne de ressources\u{a0}: «\u{a0}{line}\u{a0}».",
                    "New line of resources: “{line}”.",
                    "Новий рядок надходжень: «{line}».",
                )
            }
            Self::ResourceLineRemoved { label } => {
                let line = named(label);
                say!(
                    l,
                    "La ligne de ressources «\u{a0}{line}\u{a0}» disparaît.",
                    "The line of resources “{line}” is gone.",
                    "Рядок надходжень «{line}» вилучено.",
                )
            }
            Self::ResourceLineChanged { label } => {
                let line = named(label);
                say!(
                    l,
                    "La ligne de ressources «\u{a0}{line}\u{a0}» change.",
                    "The line of resources “{line}” changes.",
                    "Рядок надходжень «{line}» змінюється.",
                )
            }
        }
    }
}

/// A rate: `5000` is `50 %`, `3333` is `33,33 %`.
fn percent(bp: u32, language: Language) -> String {
    let (point, sign) = match language {
        Language::Fr => (',', "\u{202f}%"),
        Language::En => ('.', "%"),
        Language::Uk => (',', "%"),
    };
    let (whole, part) = (bp / 100, bp % 100);
    if part == 0 {
        return format!("{whole}{sign}");
    }
    let digits = format!("{part:02}");
    let digits = digits.trim_end_matches('0');
    format!("{whole}{point}{digits}{sign}")
}

/// What a head is paid: at its own rate, or at that of the country.
fn own_rate(bp: Option<u32>, language: Language) -> String {
    let Some(bp) = bp else {
        return say!(
            language,
            "au taux du pays",
            "at the country’s rate",
            "за ставкою країни"
        );
    };
    let rate = percent(bp, language);
    say!(language, "à {rate}", "at {rate}", "на {rate}")
}

/// The ceiling of a group, where anything is paid there.
fn ceiling(bp: Option<u32>, language: Language) -> String {
    percent(bp.unwrap_or(0), language)
}

/// Whether a ceiling grows or shrinks.
fn raised(before: Option<u32>, after: Option<u32>, language: Language) -> String {
    if after.unwrap_or(0) >= before.unwrap_or(0) {
        say!(language, "monte", "rises", "зростає")
    } else {
        say!(language, "baisse", "falls", "знижується")
    }
}

/// The parts of an instalment: at once, or `80 %, then 20 %`.
fn parts(shares: &[u32], language: Language) -> String {
    if shares.len() <= 1 {
        return say!(language, "en une fois", "at once", "одразу повністю");
    }
    let then = match language {
        Language::Fr => " puis ",
        Language::En => " then ",
        Language::Uk => " і потім ",
    };
    let shares: Vec<String> = shares.iter().map(|&bp| percent(bp, language)).collect();
    shares.join(then)
}

/// What one unit of time is worth.
fn value(rate: &InKindRate, currency: &str, language: Language) -> String {
    let digits = exponent(currency);
    let unit = 10_i64.pow(digits);
    let (whole, minor) = (rate.amount_minor / unit, rate.amount_minor % unit);
    let point = if language == Language::En { '.' } else { ',' };
    let amount = if minor == 0 {
        whole.to_string()
    } else {
        format!("{whole}{point}{minor:0width$}", width = digits as usize)
    };
    let per = match (rate.unit, language) {
        (InKindUnit::Hour, Language::Fr) => "l’heure",
        (InKindUnit::Hour, Language::En) => "an hour",
        (InKindUnit::Hour, Language::Uk) => "за годину",
        (InKindUnit::Day, Language::Fr) => "la journée",
        (InKindUnit::Day, Language::En) => "a day",
        (InKindUnit::Day, Language::Uk) => "за день",
    };
    format!("{amount}\u{a0}{currency} {per}")
}

fn list(countries: &[String], language: Language, country: &dyn Fn(&str) -> String) -> String {
    let names: Vec<String> = countries.iter().take(NAMED).map(|code| country(code)).collect();
    let names = names.join(", ");
    let rest = countries.len().saturating_sub(NAMED);
    if rest == 0 {
        return names;
    }
    say!(
        language,
        "{names} et {rest} autres",
        "{names} and {rest} more",
        "{names} та ще {rest}",
    )
}

const fn group_name(group: CountryGroup, language: Language) -> &'static str {
    match (group, language) {
        (CountryGroup::Ldc, Language::Fr) => "Pays les moins avancés",
        (CountryGroup::Ldc, Language::En) => "Least developed countries",
        (CountryGroup::Ldc, Language::Uk) => "Найменш розвинені країни",
        (CountryGroup::OtherOda, Language::Fr) => "Autres bénéficiaires de l’aide",
        (CountryGroup::OtherOda, Language::En) => "Other recipients of aid",
        (CountryGroup::OtherOda, Language::Uk) => "Інші одержувачі допомоги",
        (CountryGroup::Other, Language::Fr) => "Autres pays",
        (CountryGroup::Other, Language::En) => "Other countries",
        (CountryGroup::Other, Language::Uk) => "Інші країни",
    }
}

const fn level_name(level: Level, language: Language) -> &'static str {
    match (level, language) {
        (Level::Local, Language::Fr) => "local",
        (Level::Local, Language::En) => "local",
        (Level::Local, Language::Uk) => "місцевий",
        (Level::Intermunicipal, Language::Fr) => "intercommunal",
        (Level::Intermunicipal, Language::En) => "intermunicipal",
        (Level::Intermunicipal, Language::Uk) => "міжмуніципальний",
        (Level::Intermediate, Language::Fr) => "intermédiaire",
        (Level::Intermediate, Language::En) => "intermediate",
        (Level::Intermediate, Language::Uk) => "проміжний",
        (Level::Regional, Language::Fr) => "régional",
        (Level::Regional, Language::En) => "regional",
        (Level::Regional, Language::Uk) => "регіональний",
    }
}

/// A day as the language writes it: `1er janvier 2025`, `1 January 2025`, `1 січня 2025 року`.
fn day(date: NaiveDate, language: Language) -> String {
    const MONTHS: [[&str; 3]; 12] = [
        ["janvier", "January", "січня"],
        ["février", "February", "лютого"],
        ["mars", "March", "березня"],
        ["avril", "April", "квітня"],
        ["mai", "May", "травня"],
        ["juin", "June", "червня"],
        ["juillet", "July", "липня"],
        ["août", "August", "серпня"],
        ["septembre", "September", "вересня"],
        ["octobre", "October", "жовтня"],
        ["novembre", "November", "листопада"],
        ["décembre", "December", "грудня"],
    ];
    let column = match language {
        Language::Fr => 0,
        Language::En => 1,
        Language::Uk => 2,
    };
    let month = MONTHS[date.month0() as usize][column];
    let (number, year) = (date.day(), date.year());
    let first = if number == 1 { "er" } else { "" };
    say!(
        language,
        "{number}{first} {month} {year}",
        "{number} {month} {year}",
        "{number} {month} {year} року",
    )
}
