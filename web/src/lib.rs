//! The Passerelle web app.
use leptos::prelude::*;
use leptos_router::components::Router;
use wasm_bindgen::prelude::*;

/// Starts the app.
#[wasm_bindgen(start)]
pub fn start() {
    leptos::mount::mount_to_body(|| view! { <Router><p>"x"</p></Router> });
}
