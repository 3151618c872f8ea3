//! Words in the reader's language.
//!
//! Each language is one flat JSON file, `web/locales/<code>.json`; only the active one is fetched. A value is a sentence with named places
//! (`"Résultats pour {text}"`) or, where a number decides the form, a set of them (`{"one": "…", "other": "…"}`) of which the browser's own
//! `Intl.PluralRules` picks one by the parameter `count`. Why not a library: the usual one brings ICU data of about 100 kB brotli, a third of
//! the whole budget, for what every browser already has.
//!
//! In views, use [`t!`](crate::t): it gives a `Signal<String>` that follows the language. In event handlers and inside closures that are
//! already reactive, use [`text!`](crate::text), which gives the `String` of this moment. For words whose key is known only at run time
//! (a problem's code, a state, a theme) use [`tf!`](crate::tf) and [`textf!`](crate::textf) with a literal prefix; an unknown code shows as itself.
//!
//! ```ignore
//! view! { <p>{t!("cities.count", count = total.get())}</p> <Button label=t!("action.save") on_press=move |()| toast::say(text!("form.saved"))/> }
//! ```
//!
//! A native test (`cargo test -p web --lib`) reads the sources and the three files: every key used exists in all three with the same
//! parameters, none is left over, and the files are sorted, so that two people's additions seldom meet.

use crate::browser;
use leptos::prelude::*;
use shared::themes::Theme;
use std::cell::RefCell;
use std::sync::LazyLock;
use wasm_bindgen::JsValue;

pub use shared::language::Language;

/// A language's name in itself.
pub fn own_name(language: Language) -> &'static str {
    match language {
        Language::Fr => "Français",
        Language::En => "English",
        Language::Uk => "Українська",
    }
}

/// The locale for `Intl`: British English has the day before the month, as the other two.
pub fn locale(language: Language) -> &'static str {
    match language {
        Language::Fr => "fr-FR",
        Language::En => "en-GB",
        Language::Uk => "uk-UA",
    }
}

const PREFERENCE: &str = "lang";

static LANGUAGE: LazyLock<ArcRwSignal<Language>> = LazyLock::new(|| ArcRwSignal::new(Language::Fr));

thread_local! {
    /// The active file, parsed by the browser. Kept as a JavaScript object: reading one entry is cheaper than owning them all.
    static TEXTS: RefCell<JsValue> = const { RefCell::new(JsValue::UNDEFINED) };
    static PLURALS: RefCell<Option<(Language, PluralRules)>> = const { RefCell::new(None) };
}

mod bindings {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        pub(super) type PluralRules;

        #[wasm_bindgen(constructor, js_namespace = Intl)]
        pub(super) fn new(locale: &str) -> PluralRules;

        #[wasm_bindgen(method)]
        pub(super) fn select(this: &PluralRules, number: f64) -> String;
    }
}
use bindings::PluralRules;

/// The active language, tracked: what reads it runs again when the reader switches.
pub fn language() -> Language {
    // Words are asked for in event handlers as well as in views; only in the latter is there anything to track.
    let _quiet = leptos::reactive::diagnostics::SpecialNonReactiveZone::enter();
    LANGUAGE.get()
}

/// The active language, not tracked: for requests and event handlers.
pub fn language_now() -> Language {
    LANGUAGE.get_untracked()
}

/// The language that this reader wants: the one chosen before, else the first of the browser's that we speak, else French.
pub fn preferred() -> Language {
    browser::preference(PREFERENCE)
        .and_then(|tag| Language::from_tag(&tag))
        .or_else(|| browser::languages().iter().find_map(|tag| Language::from_tag(tag)))
        .unwrap_or(Language::Fr)
}

/// Fetches a language's file and makes it the active one. The old one stays until the new one is there; false when it cannot be had.
pub async fn load(language: Language) -> bool {
    let manifest = match language {
        Language::Fr => "i18n-fr",
        Language::En => "i18n-en",
        Language::Uk => "i18n-uk",
    };
    let Some(address) = browser::meta(manifest) else {
        return false;
    };
    let Some(texts) = browser::fetch_json(&address).await else {
        return false;
    };
    TEXTS.with(|slot| *slot.borrow_mut() = texts);
    browser::set_root_attribute("lang", language.tag());
    LANGUAGE.set(language);
    true
}

/// Switches the language and remembers the choice.
pub async fn choose(language: Language) -> bool {
    let loaded = load(language).await;
    if loaded {
        browser::remember_preference(PREFERENCE, language.tag());
    }
    loaded
}

/// What can stand in a sentence's `{place}`.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// A word or a name, as it is.
    Text(String),
    /// A number, written as the language writes it; the one named `count` also chooses the plural form.
    Number(f64),
}

impl From<&str> for Param {
    fn from(value: &str) -> Self {
        Param::Text(value.to_owned())
    }
}

impl From<String> for Param {
    fn from(value: String) -> Self {
        Param::Text(value)
    }
}

macro_rules! number_params {
    ($($number:ty),*) => {$(
        impl From<$number> for Param {
            fn from(value: $number) -> Self {
                Param::Number(value as f64)
            }
        }
    )*};
}
number_params!(i32, u8, u16, u32, i64, u64, usize, f64);

/// Parameters by name.
pub type Params = Vec<(&'static str, Param)>;

/// The sentence of a key in the active language; tracked. The key itself where the sentence is missing. Called by [`text!`](crate::text).
pub fn sentence(key: &str, params: &[(&'static str, Param)]) -> String {
    let language = language();
    match template(key, language, params) {
        Some(template) => fill(&template, params, crate::ui::intl::number),
        None => key.to_owned(),
    }
}

/// As [`sentence`], as a signal. Called by [`t!`](crate::t).
pub fn signal(key: &'static str) -> Signal<String> {
    Signal::derive(move || sentence(key, &[]))
}

/// As [`signal`], with parameters that are read anew each time. Called by [`t!`](crate::t).
pub fn signal_with(key: &'static str, params: impl Fn() -> Params + Send + Sync + 'static) -> Signal<String> {
    let params: Box<dyn Fn() -> Params + Send + Sync> = Box::new(params);
    boxed_signal(key, params)
}

fn boxed_signal(key: &'static str, params: Box<dyn Fn() -> Params + Send + Sync>) -> Signal<String> {
    Signal::derive(move || sentence(key, &params()))
}

/// The word for a code of a family, such as `problem.` + `stale`; the code itself where there is none. Called by [`textf!`](crate::textf).
pub fn family(prefix: &'static str, code: &str, params: &[(&'static str, Param)]) -> String {
    let key = format!("{prefix}{code}");
    let language = language();
    match template(&key, language, params) {
        Some(template) => fill(&template, params, crate::ui::intl::number),
        None => code.to_owned(),
    }
}

/// As [`family`], as a signal. Called by [`tf!`](crate::tf).
pub fn family_signal(prefix: &'static str, code: impl Into<String>) -> Signal<String> {
    let code: String = code.into();
    boxed_family(prefix, code)
}

fn boxed_family(prefix: &'static str, code: String) -> Signal<String> {
    Signal::derive(move || family(prefix, &code, &[]))
}

/// The themes with their words, to be chosen from; tracked.
pub fn themes() -> Vec<(String, String)> {
    let words = |theme: &Theme| (theme.slug().to_owned(), crate::textf!("theme.", theme.slug()));
    Theme::ALL.iter().map(words).collect()
}

/// A text that exists in several languages, in the reader's or the nearest; tracked.
pub fn own_text(texts: &shared::language::Texts) -> String {
    shared::language::text_for(texts, language())
        .unwrap_or_default()
        .to_owned()
}

/// Whether a family has a word for a code.
pub fn has(prefix: &str, code: &str) -> bool {
    template(&format!("{prefix}{code}"), language(), &[]).is_some()
}

fn template(key: &str, language: Language, params: &[(&'static str, Param)]) -> Option<String> {
    let entry = TEXTS.with(|texts| browser::property(&texts.borrow(), key))?;
    if let Some(text) = entry.as_string() {
        return Some(text);
    }
    let count = params.iter().find_map(|(name, value)| match value {
        Param::Number(number) if *name == "count" => Some(*number),
        _ => None,
    })?;
    let form = PLURALS.with(|slot| {
        let mut slot = slot.borrow_mut();
        match slot.as_ref() {
            Some((known, rules)) if *known == language => rules.select(count),
            _ => {
                let rules = PluralRules::new(locale(language));
                let form = rules.select(count);
                *slot = Some((language, rules));
                form
            }
        }
    });
    browser::property(&entry, &form)
        .or_else(|| browser::property(&entry, "other"))
        .and_then(|text| text.as_string())
}

/// Puts the parameters into their `{places}`. A place without a parameter stays, so that it is seen.
fn fill(template: &str, params: &[(&'static str, Param)], number: impl Fn(f64) -> String) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let inner = &rest[open + 1..];
        let Some(close) = inner.find('}') else {
            out.push_str(&rest[open..]);
            return out;
        };
        let name = &inner[..close];
        match params.iter().find(|(known, _)| *known == name) {
            Some((_, Param::Text(text))) => out.push_str(text),
            Some((_, Param::Number(value))) => out.push_str(&number(*value)),
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = &inner[close + 1..];
    }
    out.push_str(rest);
    out
}

/// A sentence as a `Signal<String>` that follows the language: `t!("home.title")`, `t!("cities.count", count = total.get())`.
/// Parameters are read inside the signal, so a signal read there keeps the sentence up to date.
#[macro_export]
macro_rules! t {
    ($key:literal) => { $crate::i18n::signal($key) };
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::signal_with($key, move || vec![$((stringify!($name), $crate::i18n::Param::from($value))),+])
    };
}

/// A sentence as the `String` of this moment (tracked when read inside a reactive closure).
#[macro_export]
macro_rules! text {
    ($key:literal) => { $crate::i18n::sentence($key, &[]) };
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::sentence($key, &[$((stringify!($name), $crate::i18n::Param::from($value))),+])
    };
}

/// The word for a code of a family as a signal: `tf!("country_group.", view.group.code())`. The prefix is a literal that ends with a dot.
#[macro_export]
macro_rules! tf {
    ($prefix:literal, $code:expr) => {
        $crate::i18n::family_signal($prefix, $code)
    };
}

/// The word for a code of a family as the `String` of this moment: `textf!("problem.", code)`; parameters may follow.
#[macro_export]
macro_rules! textf {
    ($prefix:literal, $code:expr) => { $crate::i18n::family($prefix, $code, &[]) };
    ($prefix:literal, $code:expr, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::family($prefix, $code, &[$((stringify!($name), $crate::i18n::Param::from($value))),+])
    };
}

#[cfg(test)]
mod tests;
