//! Our states as those of the protocol: the nearest value that it has, and our finer code as the custom value.

use shared::applications::ApplicationState;
use shared::grants::GrantState;
use shared::programmes::CallState;

use super::model::Status;

fn told(value: &'static str, code: &'static str) -> Status {
    Status {
        value: value.to_owned(),
        custom_value: (value != code).then(|| code.to_owned()),
    }
}

/// An opportunity's: `forecasted`, `open`, `closed` or `custom`.
#[must_use]
pub fn of_call(state: CallState) -> Status {
    let value = match state {
        CallState::Announced => "forecasted",
        CallState::Open => "open",
        CallState::Closed | CallState::UnderReview | CallState::ResultsPublished => "closed",
        CallState::Draft | CallState::Archived | CallState::Withdrawn => "custom",
    };
    told(value, state.code())
}

/// An application's: `inProgress`, `submitted`, `accepted`, `rejected` or `custom`.
#[must_use]
pub fn of_application(state: ApplicationState) -> Status {
    let value = match state {
        ApplicationState::Draft | ApplicationState::Ready => "inProgress",
        ApplicationState::Submitted
        | ApplicationState::InReview
        | ApplicationState::CorrectionRequested
        | ApplicationState::Shortlisted
        | ApplicationState::Waitlisted => "submitted",
        ApplicationState::Accepted => "accepted",
        ApplicationState::Rejected => "rejected",
        ApplicationState::Withdrawn => "custom",
    };
    told(value, state.code())
}

/// A form response's: `notStarted`, `inProgress` or `complete`.
#[must_use]
pub fn of_answers(answered: usize, state: ApplicationState) -> Status {
    let value = if state != ApplicationState::Draft {
        "complete"
    } else if answered == 0 {
        "notStarted"
    } else {
        "inProgress"
    };
    told(value, value)
}

/// An award's: `awarded`, `completed`, `cancelled` or `custom`.
#[must_use]
pub fn of_grant(state: GrantState) -> Status {
    let value = match state {
        GrantState::Contracted | GrantState::Running | GrantState::FinalReport => "awarded",
        GrantState::Closed => "completed",
    };
    told(value, state.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(status: Status) -> (String, Option<String>) {
        (status.value, status.custom_value)
    }

    /// The values that version 0.4 of the protocol accepts.
    const CALLS: [&str; 4] = ["forecasted", "open", "closed", "custom"];
    const APPLICATIONS: [&str; 5] = ["inProgress", "submitted", "accepted", "rejected", "custom"];
    const AWARDS: [&str; 4] = ["awarded", "completed", "cancelled", "custom"];

    #[test]
    fn every_state_has_a_value_of_the_protocol_and_none_loses_its_own() {
        for state in CallState::ALL {
            let (value, own) = pair(of_call(*state));
            assert!(CALLS.contains(&value.as_str()));
            assert_eq!(own.unwrap_or(value), state.code());
        }
        for state in ApplicationState::ALL {
            let (value, own) = pair(of_application(*state));
            assert!(APPLICATIONS.contains(&value.as_str()));
            assert_eq!(own.unwrap_or(value), state.code());
        }
        for state in GrantState::ALL {
            let (value, own) = pair(of_grant(*state));
            assert!(AWARDS.contains(&value.as_str()));
            assert_eq!(own.unwrap_or(value), state.code());
        }
        assert_eq!(
            pair(of_call(CallState::Announced)),
            ("forecasted".into(), Some("announced".into()))
        );
        assert_eq!(
            pair(of_application(ApplicationState::Accepted)),
            ("accepted".into(), None)
        );
    }
}
