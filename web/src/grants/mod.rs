//! Grants: what is due first, and the page of one with its contract, its money and its reports.

pub mod act;
pub mod campaign;
pub mod contract;
pub mod contracts;
pub mod detail;
pub mod letter;
pub mod list;
pub mod results;

use crate::tf;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::grants::{GrantState, InstalmentState, ReportState};

/// A grant's state in words.
pub fn state_badge(state: GrantState) -> AnyView {
    let tone = match state {
        GrantState::Contracted => BadgeTone::Warning,
        GrantState::Running | GrantState::FinalReport => BadgeTone::Accent,
        GrantState::Closed => BadgeTone::Success,
    };
    view! { <Badge label=tf!("grant_state.", state.code()) tone=tone/> }.into_any()
}

/// An instalment's state in words.
pub fn instalment_badge(state: InstalmentState) -> AnyView {
    let tone = match state {
        InstalmentState::Planned => BadgeTone::Plain,
        InstalmentState::Requested | InstalmentState::Approved => BadgeTone::Accent,
        InstalmentState::Returned => BadgeTone::Warning,
        InstalmentState::Paid => BadgeTone::Success,
    };
    view! { <Badge label=tf!("instalment_state.", state.code()) tone=tone/> }.into_any()
}

/// A report's state in words; what is overdue says so.
pub fn report_badge(state: ReportState, overdue: bool) -> AnyView {
    if overdue {
        return view! { <Badge label=crate::t!("grants.overdue") tone=BadgeTone::Danger/> }.into_any();
    }
    let tone = match state {
        ReportState::Due => BadgeTone::Plain,
        ReportState::HandedIn => BadgeTone::Accent,
        ReportState::Returned => BadgeTone::Warning,
        ReportState::Accepted => BadgeTone::Success,
    };
    view! { <Badge label=tf!("report_state.", state.code()) tone=tone/> }.into_any()
}
