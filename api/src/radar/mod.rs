//! A city's radar: one list of what needs attention, from what is known of its partnerships and its contact persons.
//!
//! [`look`] thinks, `grants` looks at the money, `letters` at what waits for a signature, [`service`] gathers. Another source adds its reason to `shared::radar` and its findings in
//! [`service::read`].

mod grants;
mod letters;
pub mod look;
pub mod routes;
pub mod service;
pub mod store;
