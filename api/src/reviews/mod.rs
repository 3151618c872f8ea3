//! Reviews: what the files of a call are judged by, who judges them, and the committee's sheet.
//!
//! [`plan`] holds criteria and whether the call is blind, [`assignment`] gives files to reviewers, [`own`] and [`service`]
//! are what reviewers do, [`committee`] what officers make of it. What thinks is pure: [`conflicts`] says who may not judge,
//! [`balance`] spreads the load, [`blind`] takes names out, and `shared::reviews` adds up, ranks and walks down the
//! envelope. Decisions are made in `applications`.

pub mod assignment;
pub mod balance;
pub mod blind;
pub mod committee;
pub mod conflicts;
pub mod own;
pub mod plan;
pub mod routes;
pub mod service;
pub mod store;
pub mod view;
