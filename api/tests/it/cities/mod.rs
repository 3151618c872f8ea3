//! The directory: search, lists, profiles, contact persons.

mod as_of;
mod codes;
mod contacts;
mod create;
mod kin;
mod list;
mod read;
mod search;
mod steps;
mod update;
