//! A city's way in five steps, judged from figures that are counted when it is asked for.

pub mod routes;
pub mod service;
pub mod store;
