//! The address of the page: its parameters and its query, read and set. A page's filters and tabs live there, so that an
//! address can be shared.

use crate::session;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map, use_query_map};

/// A parameter of the address, such as `id`; tracked.
pub fn param(name: &'static str) -> Signal<String> {
    let params = use_params_map();
    Signal::derive(move || params.with(|params| params.get(name).unwrap_or_default()))
}

/// A value of the address's query, empty where absent; tracked.
pub fn query(name: &'static str) -> Signal<String> {
    let query = use_query_map();
    Signal::derive(move || query.with(|query| query.get(name).unwrap_or_default()))
}

/// Goes to another page; make it while the component is built, use it in its handlers.
pub fn navigator() -> Callback<String> {
    let navigate = use_navigate();
    Callback::new(move |path: String| {
        navigate(
            &path,
            NavigateOptions {
                resolve: false,
                ..Default::default()
            },
        )
    })
}

/// Sets values of the address's query (an empty one is taken out) without leaving the page: filters and tabs live there, so that an address can be shared.
pub fn query_setter() -> Callback<Vec<(&'static str, String)>> {
    let navigate = use_navigate();
    let location = use_location();
    let query = use_query_map();
    Callback::new(move |changes: Vec<(&'static str, String)>| {
        let mut pairs: Vec<(String, String)> = query.with_untracked(|query| {
            query
                .latest_values()
                .map(|(name, value)| (name.to_string(), value.to_owned()))
                .collect()
        });
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            if !value.is_empty() {
                pairs.push((name.to_owned(), value));
            }
        }
        let path = location.pathname.get_untracked();
        navigate(
            &address(&path, &pairs),
            NavigateOptions {
                resolve: false,
                replace: true,
                scroll: false,
                ..Default::default()
            },
        );
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
        out.push_str(&session::encode(value.as_ref()));
        sign = '&';
    }
    out
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
}
