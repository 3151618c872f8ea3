//! Partnerships: several parties over several countries, with pairs inside, and how they change over time.
//!
//! [`check`] says what a partnership must be, [`guards`] what a step asks for, [`history`] what once was, [`service`] what is done with it, [`atlas`] keeps in memory who is bound to
//! whom, and [`map`] draws that.

pub mod atlas;
pub mod check;
mod formats;
pub mod guards;
pub mod history;
mod links;
pub mod list;
pub mod map;
pub mod parts;
pub mod routes;
pub mod service;
pub mod store;
pub mod twinnings;
pub mod views;
