//! Calls for projects: which are open, until when, and by which rules.

pub mod deadline;
pub mod detail;
pub mod list;
pub mod model;
pub mod rule_edit;
pub mod rule_form;
pub mod rule_sheet;
pub mod rules;
pub mod start;
pub mod trial;
pub mod versions;

use crate::tf;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::programmes::{CallState, CallView};

/// A call's state in words.
pub fn state_badge(call: &CallView) -> AnyView {
    // What counts for an applicant is whether files are taken now, which its window decides too.
    let code = if call.takes_applications {
        CallState::Open.code()
    } else if call.state == CallState::Open && call.window.is_over(call.server_time) {
        CallState::Closed.code()
    } else {
        call.state.code()
    };
    let tone = match code {
        "open" => BadgeTone::Success,
        "announced" => BadgeTone::Accent,
        "draft" | "withdrawn" => BadgeTone::Warning,
        _ => BadgeTone::Plain,
    };
    view! { <Badge label=tf!("call_state.", code) tone=tone/> }.into_any()
}
