//! The directory: search, lists, profiles, contact persons.

mod codes;
mod contacts;
mod create;
mod list;
mod read;
mod search;
mod steps;
mod update;
