//! Numbers, money, dates and the names of countries and languages as the reader's language writes them, by the browser's own `Intl`.
//!
//! Each function reads the active language (tracked), so in views call them inside closures: `{live(move || intl::number(total.get()))}`.

use crate::i18n::{Language, language, locale};
use chrono::{DateTime, NaiveDate, Utc};
use js_sys::{Date, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

mod bindings {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        /// Stands for any of Intl's formatters: they differ only in their constructor and in what `format` takes.
        #[derive(Clone)]
        pub(super) type Formatter;

        #[wasm_bindgen(method)]
        pub(super) fn format(this: &Formatter, value: &JsValue) -> String;

        #[wasm_bindgen(method, js_name = format)]
        pub(super) fn format_unit(this: &Formatter, value: f64, unit: &str) -> String;

        #[wasm_bindgen(method, catch, js_name = of)]
        pub(super) fn name_of(this: &Formatter, code: &str) -> Result<Option<String>, JsValue>;
    }
}
use bindings::Formatter;

thread_local! {
    /// Making a formatter costs a hundred times more than using one.
    static FORMATTERS: RefCell<Vec<(String, Formatter)>> = const { RefCell::new(Vec::new()) };
}

/// The formatter of a class and its options in a language; nothing where the browser refuses them (an unknown currency, an unknown zone).
fn formatter(class: &str, language: Language, options: &[(&str, &str)]) -> Option<Formatter> {
    let mut key = format!("{class} {}", language.tag());
    for (name, value) in options {
        key.push(' ');
        key.push_str(name);
        key.push(':');
        key.push_str(value);
    }
    if let Some(known) = FORMATTERS.with(|all| {
        let all = all.borrow();
        let found = all.iter().find(|(known, _)| *known == key);
        found.map(|(_, formatter)| formatter.clone())
    }) {
        return Some(known);
    }
    let settings = Object::new();
    for (name, value) in options {
        let value = match value.parse::<u8>() {
            Ok(number) => JsValue::from_f64(f64::from(number)),
            Err(_) if *value == "true" => JsValue::TRUE,
            Err(_) => JsValue::from_str(value),
        };
        Reflect::set(&settings, &JsValue::from_str(name), &value).ok()?;
    }
    let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
    let constructor: js_sys::Function =
        wasm_bindgen::JsCast::dyn_into(Reflect::get(&intl, &JsValue::from_str(class)).ok()?).ok()?;
    let arguments = js_sys::Array::of2(&JsValue::from_str(locale(language)), &settings);
    let made: Formatter = wasm_bindgen::JsCast::unchecked_into(Reflect::construct(&constructor, &arguments).ok()?);
    FORMATTERS.with(|known| known.borrow_mut().push((key, made.clone())));
    Some(made)
}

fn format_number(value: f64, options: &[(&str, &str)]) -> String {
    match formatter("NumberFormat", language(), options) {
        Some(formatter) => formatter.format(&JsValue::from_f64(value)),
        None => value.to_string(),
    }
}

/// A number with the language's own separators: `12 345`.
pub fn number(value: f64) -> String {
    format_number(value, &[])
}

/// A whole number of any integer type, such as a population.
pub fn count(value: i64) -> String {
    format_number(value as f64, &[])
}

/// A number with exactly so many decimals.
pub fn decimal(value: f64, digits: u8) -> String {
    let digits = digits.to_string();
    format_number(
        value,
        &[("minimumFractionDigits", &digits), ("maximumFractionDigits", &digits)],
    )
}

/// A large number in few signs: `12,3 k`, `1,2 M`.
pub fn compact(value: f64) -> String {
    format_number(value, &[("notation", "compact"), ("maximumFractionDigits", "1")])
}

/// A share of one as a percentage: `0.576` is `57,6 %`.
pub fn percent(share: f64) -> String {
    format_number(share, &[("style", "percent"), ("maximumFractionDigits", "1")])
}

/// A rate in basis points as a percentage: `5000` is `50 %`.
pub fn rate(basis_points: i64) -> String {
    percent(basis_points as f64 / 10_000.0)
}

/// Money in minor units: `(1234500, "EUR")` is `12 345,00 €`.
pub fn money(amount_minor: i64, currency: &str) -> String {
    let value = amount_minor as f64 / 10f64.powi(shared::money::exponent(currency) as i32);
    match formatter(
        "NumberFormat",
        language(),
        &[("style", "currency"), ("currency", currency)],
    ) {
        Some(formatter) => formatter.format(&JsValue::from_f64(value)),
        None => format!("{value} {currency}"),
    }
}

/// Money without the minor units where there are none: `12 345 €`, `12 345,50 €`.
pub fn money_short(amount_minor: i64, currency: &str) -> String {
    let unit = 10i64.pow(shared::money::exponent(currency));
    if amount_minor % unit != 0 {
        return money(amount_minor, currency);
    }
    let options = [
        ("style", "currency"),
        ("currency", currency),
        ("maximumFractionDigits", "0"),
    ];
    format_number((amount_minor / unit) as f64, &options)
}

/// A distance: `1 240 km`.
pub fn kilometres(value: f64) -> String {
    format_number(
        value,
        &[("style", "unit"), ("unit", "kilometer"), ("maximumFractionDigits", "0")],
    )
}

fn format_date(milliseconds: f64, options: &[(&str, &str)]) -> String {
    match formatter("DateTimeFormat", language(), options) {
        Some(formatter) => formatter.format(&Date::new(&JsValue::from_f64(milliseconds))),
        None => String::new(),
    }
}

/// A day: `21 novembre 2026`. A plain date has no time zone, so it is read and written in UTC.
pub fn date(day: NaiveDate) -> String {
    let milliseconds = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
    format_date(milliseconds as f64, &[("dateStyle", "long"), ("timeZone", "UTC")])
}

/// The day of an instant, where the reader is.
pub fn day_of(at: DateTime<Utc>) -> String {
    format_date(at.timestamp_millis() as f64, &[("dateStyle", "long")])
}

/// A day and time where the reader is.
pub fn date_time(at: DateTime<Utc>) -> String {
    format_date(
        at.timestamp_millis() as f64,
        &[("dateStyle", "long"), ("timeStyle", "short")],
    )
}

/// A day and time in a given zone, with the zone's name: deadlines are told in the call's own time.
pub fn date_time_in(at: DateTime<Utc>, zone: &str) -> String {
    let parts = [
        ("year", "numeric"),
        ("month", "long"),
        ("day", "numeric"),
        ("hour", "numeric"),
        ("minute", "2-digit"),
        ("timeZone", zone),
        ("timeZoneName", "short"),
    ];
    format_date(at.timestamp_millis() as f64, &parts)
}

/// The IANA name of the reader's time zone, where the browser tells it.
pub fn own_zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &Object::new());
    crate::browser::property(&format.resolved_options(), "timeZone")?.as_string()
}

/// The time of a moment in milliseconds since 1970, where the reader is: `14:02`.
pub fn time_ms(milliseconds: f64) -> String {
    format_date(milliseconds, &[("timeStyle", "short")])
}

/// How far a moment is from now, in the unit that says most: `il y a 3 jours`, `in 2 hours`.
pub fn from_now(at: DateTime<Utc>) -> String {
    let seconds = (at.timestamp_millis() as f64 - crate::browser::now_ms()) / 1000.0;
    let (value, unit) = match seconds.abs() {
        less if less < 90.0 => (0.0, "minute"),
        less if less < 5_400.0 => ((seconds / 60.0).round(), "minute"),
        less if less < 129_600.0 => ((seconds / 3_600.0).round(), "hour"),
        less if less < 5_184_000.0 => ((seconds / 86_400.0).round(), "day"),
        less if less < 47_304_000.0 => ((seconds / 2_592_000.0).round(), "month"),
        _ => ((seconds / 31_536_000.0).round(), "year"),
    };
    match formatter("RelativeTimeFormat", language(), &[("numeric", "auto")]) {
        Some(formatter) => formatter.format_unit(value, unit),
        None => date_time(at),
    }
}

fn name(kind: &str, code: &str) -> String {
    formatter("DisplayNames", language(), &[("type", kind), ("fallback", "code")])
        .and_then(|names| names.name_of(code).ok().flatten())
        .unwrap_or_else(|| code.to_owned())
}

/// A country's name by its ISO 3166-1 alpha-2 code (`XK` too).
pub fn country(code: &str) -> String {
    name("region", code)
}

/// A language's name by its BCP 47 tag.
pub fn language_name(tag: &str) -> String {
    name("language", tag)
}

/// A language's name in that language itself: `українська`.
pub fn own_language_name(tag: &str) -> String {
    let settings = Object::new();
    let made = || -> Option<Formatter> {
        Reflect::set(&settings, &JsValue::from_str("type"), &JsValue::from_str("language")).ok()?;
        let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
        let constructor: js_sys::Function =
            wasm_bindgen::JsCast::dyn_into(Reflect::get(&intl, &JsValue::from_str("DisplayNames")).ok()?).ok()?;
        let arguments = js_sys::Array::of2(&JsValue::from_str(tag), &settings);
        Some(wasm_bindgen::JsCast::unchecked_into(
            Reflect::construct(&constructor, &arguments).ok()?,
        ))
    };
    made()
        .and_then(|names| names.name_of(tag).ok().flatten())
        .unwrap_or_else(|| tag.to_owned())
}

/// A currency's name by its ISO 4217 code.
pub fn currency_name(code: &str) -> String {
    name("currency", code)
}

/// Several words as one phrase: `Grenoble, Vienne et Isère`.
pub fn list(words: &[String]) -> String {
    match formatter("ListFormat", language(), &[("type", "conjunction")]) {
        Some(formatter) => {
            let array: js_sys::Array = words.iter().map(|word| JsValue::from_str(word)).collect();
            formatter.format(&array)
        }
        None => words.join(", "),
    }
}

/// Every country code of ISO 3166-1, and `XK`.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK \
    CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS \
    GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV \
    LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM \
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR \
    TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Every country with its name, in the language's own order: the options of a select.
pub fn countries() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = COUNTRIES
        .split_ascii_whitespace()
        .map(|code| (code.to_owned(), country(code)))
        .collect();
    let locale = locale(language());
    all.sort_by(|(_, a), (_, b)| {
        let order = js_sys::JsString::from(a.as_str()).locale_compare(
            b,
            &js_sys::Array::of1(&JsValue::from_str(locale)),
            &Object::new(),
        );
        order.cmp(&0)
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn country_codes_are_all_there_once() {
        let mut codes: Vec<&str> = COUNTRIES.split_ascii_whitespace().collect();
        assert_eq!(codes.len(), 250);
        assert!(codes.iter().all(|code| code.len() == 2) && codes.contains(&"XK"));
        codes.dedup();
        assert_eq!(codes.len(), 250);
    }
}
