//! Mails: written in the transaction that they follow from, or by the platform itself, kept in the outbox, and sent from there.
//!
//! [`digest`] writes what waits for a person, [`notice`] what has happened to a file of theirs; [`words`] fills a text in; [`post`] sends, tries again where a server does not take a mail at once, and gives up at
//! last; [`stop`] is for who wants no more of them. A mail may come twice where a process ends between sending and noting it: it then has the same `Message-ID`. The outbox names
//! the account, not its address, and forgets the words of what was sent.

pub mod digest;
pub mod notice;
pub mod post;
pub mod routes;
pub mod stop;
pub mod store;
pub mod words;

use serde::{Deserialize, Serialize};
use shared::ids::AccountId;

/// A mail to be sent, in the language of its reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// To whom.
    pub account: AccountId,
    /// Its subject.
    pub subject: String,
    /// Its words: plain text, which every reader and screen reader shows. Where links begin stands [`words::URL`].
    pub text: String,
    /// Whether it comes again and again, so that its reader may stop it.
    #[serde(default = "as_digests_do")]
    pub stoppable: bool,
}

/// Letters of an older process are digests.
const fn as_digests_do() -> bool {
    true
}
