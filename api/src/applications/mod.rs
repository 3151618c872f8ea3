//! Joint applications: one file that several cities write, sign off and hand in, and that its funder decides on.
//!
//! [`begin`] starts it, [`service`] is what its cities do while they write, [`budget`] their money, [`attachments`] their
//! documents, [`comments`] what they say to each other, [`presence`] who is there, [`versions`] what it said before, [`handover`] the way from sign-off to the
//! decision, [`decisions`] what all decisions of a call may grant, [`shortlist`] the best before that, [`corrections`] what a
//! file is mended in, [`waitlist`] the order of those that wait for money, [`reopening`] takes a decision back, [`letters`]
//! tells of it, [`receipts`] the proof. What they think with is pure: [`content`] says what is signed and hashed, [`gaps`]
//! what is still missing, [`ready`] whether that is nothing.

pub mod attachments;
pub mod begin;
pub mod budget;
pub mod comments;
pub mod content;
pub mod corrections;
pub mod decisions;
pub mod gaps;
pub mod handover;
pub mod letters;
pub mod list;
pub mod presence;
pub mod ready;
pub mod receipts;
pub mod reopening;
pub mod routes;
pub mod service;
pub mod shortlist;
pub mod store;
pub mod versions;
pub mod view;
pub mod waitlist;
