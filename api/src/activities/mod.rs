//! What partnerships do: delegations, events, technical cooperation, trainings, exhibitions.
//!
//! [`check`] says what an activity must be, [`service`] what is done with it, [`bookings`] lets an exhibition travel from
//! place to place without being in two at once, and [`calendar`] writes all that as iCalendar.

pub mod bookings;
pub mod calendar;
pub mod check;
mod formats;
pub mod list;
pub mod routes;
pub mod service;
pub mod store;
pub mod views;
