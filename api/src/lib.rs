//! The Passerelle server.
//!
//! A feature is a room: `routes` (HTTP to domain and back), `service` (the use case), `store` (its tables), and pure
//! files that hold the thinking. Below them lies one cellar, [`db`]; in front of them one door, [`http`]; beside them one
//! judge, [`policy`]. A request's story is told in `http/mod.rs`.

pub mod accounts;
pub mod activities;
pub mod applications;
pub mod assessments;
pub mod audit;
pub mod caller;
pub mod campaigns;
pub mod cities;
pub mod clock;
pub mod cohorts;
pub mod common_grants;
pub mod config;
pub mod db;
pub mod demo;
pub mod directory;
pub mod doubles;
pub mod error;
pub mod files;
pub mod forms;
pub mod grants;
pub mod hash;
pub mod housekeeping;
pub mod http;
pub mod jobs;
mod kept;
pub mod lessons;
pub mod mail;
pub mod mandates;
pub mod matches;
pub mod networks;
pub mod observatory;
pub mod organisations;
pub mod partnerships;
pub mod platform;
pub mod policy;
pub mod programmes;
pub mod radar;
pub mod recommendations;
pub mod restoring;
pub mod results;
pub mod reviews;
pub mod rounds;
pub mod stories;
pub mod sustainability;
pub mod telemetry;
pub mod zone;
