//! What can be done with joint applications, what is said about them, and their grants.

use std::sync::LazyLock;

use shared::applications::{ApplicationAction, CommentAction};
use shared::grants::GrantAction;
use shared::ids::AccountId;
use shared::partnerships::PartyRole;

use super::super::{Action, FileFacts, FundingFacts};
use super::{CITY, OTHER_CITY, PROGRAMME, id};

/// A file that the city leads with the other city as its partner: while it is written, and once it is handed in.
static DRAFT: LazyLock<FileFacts> = LazyLock::new(|| FileFacts {
    programme: PROGRAMME,
    handed_in: false,
    blind: false,
    published: false,
    parties: vec![(CITY, PartyRole::Lead), (OTHER_CITY, PartyRole::Partner)],
});
static HANDED_IN: LazyLock<FileFacts> = LazyLock::new(|| FileFacts {
    handed_in: true,
    ..DRAFT.clone()
});

static PUBLISHED: LazyLock<FileFacts> = LazyLock::new(|| FileFacts {
    published: true,
    ..HANDED_IN.clone()
});

static FUNDING: LazyLock<FundingFacts> = LazyLock::new(|| FundingFacts {
    programme: PROGRAMME,
    parties: DRAFT.parties.clone(),
});

static BLIND: LazyLock<FileFacts> = LazyLock::new(|| FileFacts {
    blind: true,
    ..HANDED_IN.clone()
});

/// The actions, as [`super::actions`] has them.
pub(super) fn actions() -> Vec<(&'static str, Action<'static>)> {
    vec![
        ("list applications", Action::ListApplications),
        ("create application", Action::CreateApplication { city: CITY }),
        ("read application, draft", Action::ReadApplication { file: &DRAFT }),
        (
            "read application, handed in",
            Action::ReadApplication { file: &HANDED_IN },
        ),
        (
            "read application to a blind call",
            Action::ReadApplication { file: &BLIND },
        ),
        (
            "read correction of application",
            Action::ReadCorrection { file: &HANDED_IN },
        ),
        ("read decision, unpublished", Action::ReadDecision { file: &HANDED_IN }),
        ("read decision, published", Action::ReadDecision { file: &PUBLISHED }),
        ("update application", on(ApplicationAction::Update, &DRAFT)),
        (
            "manage parties of application",
            on(ApplicationAction::ManageParties, &DRAFT),
        ),
        ("submit application", on(ApplicationAction::Submit, &DRAFT)),
        ("delete application", on(ApplicationAction::Delete, &DRAFT)),
        ("withdraw application", on(ApplicationAction::Withdraw, &HANDED_IN)),
        (
            "start review of application",
            on(ApplicationAction::StartReview, &HANDED_IN),
        ),
        ("shortlist application", on(ApplicationAction::Shortlist, &HANDED_IN)),
        (
            "ask for correction of application",
            on(ApplicationAction::RequestCorrection, &HANDED_IN),
        ),
        ("decide application", on(ApplicationAction::Decide, &HANDED_IN)),
        ("reopen decision", on(ApplicationAction::Reopen, &HANDED_IN)),
        ("list grants", Action::ListGrants),
        ("make grant", Action::CreateGrant { programme: PROGRAMME }),
        ("read grant", Action::ReadGrant { grant: &FUNDING }),
        ("sign grant", on_grant(GrantAction::Sign)),
        ("ask for instalment", on_grant(GrantAction::Request)),
        ("approve instalment", on_grant(GrantAction::Approve)),
        ("return instalment", on_grant(GrantAction::Return)),
        ("pay instalment", on_grant(GrantAction::Pay)),
        ("hand in final report", on_grant(GrantAction::HandInReport)),
        ("accept final report", on_grant(GrantAction::AcceptReport)),
        ("return final report", on_grant(GrantAction::ReturnReport)),
        ("close grant", on_grant(GrantAction::Close)),
        ("read comments on draft", Action::ReadComments { file: &DRAFT }),
        (
            "read comments on application, handed in",
            Action::ReadComments { file: &HANDED_IN },
        ),
        (
            "read versions of application, handed in",
            Action::ReadVersions { file: &HANDED_IN },
        ),
        ("comment on draft", Action::Comment { file: &DRAFT }),
        (
            "comment on application, handed in",
            Action::Comment { file: &HANDED_IN },
        ),
        (
            "update own comment",
            on_comment(CommentAction::Update, Some(AccountId(id(100)))),
        ),
        (
            "update comment of somebody else",
            on_comment(CommentAction::Update, Some(AccountId(id(103)))),
        ),
        ("delete comment of a program", on_comment(CommentAction::Delete, None)),
        (
            "settle conversation of somebody else",
            on_comment(CommentAction::Settle, Some(AccountId(id(103)))),
        ),
        ("be present at draft", Action::BePresent { file: &DRAFT }),
        (
            "sign off application for the other city",
            Action::SignOffApplication {
                city: OTHER_CITY,
                file: &DRAFT,
            },
        ),
    ]
}

fn on_grant(action: GrantAction) -> Action<'static> {
    Action::ActOnGrant {
        action,
        grant: &FUNDING,
    }
}

fn on_comment(action: CommentAction, author: Option<AccountId>) -> Action<'static> {
    Action::ActOnComment {
        action,
        author,
        file: &DRAFT,
    }
}

const fn on(action: ApplicationAction, file: &FileFacts) -> Action<'_> {
    Action::ActOnApplication { action, file }
}
