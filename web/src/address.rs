//! The address of the page: followed, read, and set. A page's filters and tabs live in its query, so that an address can be shared.
//!
//! A router of our own over the browser's history: the usual one weighs 20 kB of the budget for nested routes, loaders and redirects that flat pages have no use for.
//! [`follow`] starts it; links are ordinary `<a href>`, and what is not an address of ours (another site, a file, `rel="external"`) is left to the browser.

use crate::browser;
use leptos::ev;
use leptos::prelude::*;
use std::sync::LazyLock;
use wasm_bindgen::JsCast;

/// Where the reader is: the path, and the query without its question mark.
#[derive(Clone, Debug, Default, PartialEq)]
struct Place {
    path: String,
    query: String,
}

static HERE: LazyLock<ArcRwSignal<Place>> = LazyLock::new(|| ArcRwSignal::new(Place::default()));

/// The parameters of the page's address, told to the page when it is made.
#[derive(Clone)]
struct Params(Vec<(&'static str, String)>);

/// A page's address, such as `/cities/:id`, with what makes its view.
pub type Route = (&'static str, fn() -> AnyView);

/// Follows the browser's history and the links of the page from now on.
pub fn follow() {
    HERE.set(current());
    window_event_listener(ev::popstate, |_| HERE.set(current()));
    window_event_listener(ev::click, |event| {
        if let Some(address) = own_address(&event) {
            event.prevent_default();
            go(&address, Step::Forward);
        }
    });
}

fn current() -> Place {
    let Some(location) = browser::window().map(|window| window.location()) else {
        return Place::default();
    };
    Place {
        path: location.pathname().unwrap_or_default(),
        query: location.search().unwrap_or_default().trim_start_matches('?').to_owned(),
    }
}

/// The address that a click leads to, where it is a page of ours and is to be opened in this window.
fn own_address(event: &web_sys::MouseEvent) -> Option<String> {
    if event.default_prevented()
        || event.button() != 0
        || event.meta_key()
        || event.ctrl_key()
        || event.shift_key()
        || event.alt_key()
    {
        return None;
    }
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = target.closest("a[href]").ok()??;
    let is_left_to_the_browser = link.has_attribute("download")
        || link.get_attribute("target").is_some_and(|target| target != "_self")
        || link
            .get_attribute("rel")
            .is_some_and(|words| words.split(' ').any(|word| word == "external"));
    let href = link.get_attribute("href")?;
    (!is_left_to_the_browser && href.starts_with('/') && !href.starts_with("//")).then_some(href)
}

/// How an address comes into the history.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    /// After the one before; the new page is seen from its top.
    Forward,
    /// In its place; nothing moves.
    Replace,
}

fn go(address: &str, step: Step) {
    let Some(history) = browser::window().and_then(|window| window.history().ok()) else {
        return;
    };
    let state = wasm_bindgen::JsValue::NULL;
    let done = match step {
        Step::Forward => history.push_state_with_url(&state, "", Some(address)),
        Step::Replace => history.replace_state_with_url(&state, "", Some(address)),
    };
    if done.is_err() {
        return;
    }
    let place = current();
    let is_another_page = HERE.with_untracked(|here| here.path != place.path);
    HERE.set(place);
    if step == Step::Forward
        && is_another_page
        && let Some(window) = browser::window()
    {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// The page of the first route that fits the path; made anew when the path changes, not when only the query does.
pub fn pages(routes: &'static [Route], missing: fn() -> AnyView) -> AnyView {
    let path = path();
    let page: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || {
        let path = path.get();
        let found = routes
            .iter()
            .find_map(|(pattern, page)| Some((parameters(pattern, &path)?, page)));
        let (params, page) = found.unwrap_or((Vec::new(), &missing));
        provide_context(Params(params));
        page()
    });
    page.into_any()
}

/// The parameters of a path that fits a pattern.
fn parameters(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut params = Vec::new();
    let mut steps = path.trim_matches('/').split('/');
    for wanted in pattern.trim_matches('/').split('/') {
        let step = steps.next()?;
        match wanted.strip_prefix(':') {
            Some(name) if !step.is_empty() => params.push((name, decode(step))),
            None if step == wanted => {}
            _ => return None,
        }
    }
    steps.next().is_none().then_some(params)
}

/// The path; tracked, and told only when it changes.
pub fn path() -> Signal<String> {
    crate::ui::state::memo(|| HERE.with(|here| here.path.clone())).into()
}

/// The path now.
pub fn path_now() -> String {
    HERE.with_untracked(|here| here.path.clone())
}

/// A parameter of the address, such as `id`. The page lives as long as its path: it stays what it is.
pub fn param(name: &str) -> Signal<String> {
    let value = use_context::<Params>().and_then(|Params(params)| {
        let found = params.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value)
    });
    Signal::stored(value.unwrap_or_default())
}

/// A value of the address's query, empty where absent; tracked.
pub fn query(name: &'static str) -> Signal<String> {
    crate::ui::state::memo(move || HERE.with(|here| value_of(&here.query, name))).into()
}

fn value_of(query: &str, name: &str) -> String {
    let mut values = pairs_of(query);
    // The last of several wins.
    values
        .rfind(|(known, _)| known == name)
        .map(|(_, value)| value)
        .unwrap_or_default()
}

fn pairs_of(query: &str) -> impl DoubleEndedIterator<Item = (String, String)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let read = |text: &str| decode(&text.replace('+', " "));
        (read(name), read(value))
    })
}

/// Goes to another page.
pub fn navigator() -> Callback<String> {
    Callback::new(|path: String| go(&path, Step::Forward))
}

/// Puts another page in the place of this one: going back does not lead here again.
pub fn replace(path: &str) {
    go(path, Step::Replace);
}

/// Sets values of the address's query (an empty one is taken out) without leaving the page: filters and tabs live there, so that an address can be shared.
pub fn query_setter() -> Callback<Vec<(&'static str, String)>> {
    Callback::new(|changes: Vec<(&'static str, String)>| {
        let mut pairs: Vec<(String, String)> = HERE.with_untracked(|here| pairs_of(&here.query).collect());
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            if !value.is_empty() {
                pairs.push((name.to_owned(), value));
            }
        }
        go(&address(&path_now(), &pairs), Step::Replace);
    })
}

/// An address of a path and its query.
pub fn address<N: AsRef<str>, V: AsRef<str>>(path: &str, pairs: &[(N, V)]) -> String {
    let mut out = path.to_owned();
    let mut sign = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.as_ref().is_empty()) {
        out.push(sign);
        out.push_str(name.as_ref());
        out.push('=');
        out.push_str(&encode(value.as_ref()));
        sign = '&';
    }
    out
}

/// Makes a text safe as a value in an address's query.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                out.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
            }
        }
    }
    out
}

/// The text that was made safe. What is not written as it should be stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'%')
            .then(|| Some((half(*after.first()?)? << 4) | half(*after.get(1)?)?))
            .flatten();
        match escaped {
            Some(escaped) => {
                bytes.push(escaped);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn half(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leaves_out_what_is_empty() {
        assert_eq!(
            address(
                "/cities",
                &[("q", "Saint-Étienne & co"), ("country", ""), ("sort", "-population")]
            ),
            "/cities?q=Saint-%C3%89tienne%20%26%20co&sort=-population"
        );
        assert_eq!(address("/cities", &[("q", "")]), "/cities");
    }

    #[test]
    fn what_an_address_says_is_read_back() {
        let query = "q=Saint-%C3%89tienne%20%26%20co&sort=name&sort=-population&open";
        assert_eq!(value_of(query, "q"), "Saint-Étienne & co");
        assert_eq!(value_of(query, "sort"), "-population");
        assert_eq!(value_of(query, "open"), "");
        assert_eq!(value_of("q=st+etienne", "q"), "st etienne");
        assert_eq!(value_of("", "q"), "");
    }

    #[test]
    fn what_is_not_escaped_as_it_should_be_stays() {
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%2"), "%zz%2");
        assert_eq!(decode(&encode("Київ & co")), "Київ & co");
    }

    #[test]
    fn a_path_fits_a_pattern_step_by_step() {
        assert_eq!(parameters("/", "/"), Some(vec![]));
        assert_eq!(parameters("/cities", "/cities/"), Some(vec![]));
        assert_eq!(
            parameters("/cities/:id/edit", "/cities/fr%3Ainsee%3A38185/edit"),
            Some(vec![("id", "fr:insee:38185".to_owned())])
        );
        assert_eq!(parameters("/cities/:id", "/cities"), None);
        assert_eq!(parameters("/cities/:id", "/cities/1/edit"), None);
        assert_eq!(parameters("/", "/cities"), None);
    }
}
