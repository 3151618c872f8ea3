//! The tests that speak HTTP to the real server with a real database: SQLite, or PostgreSQL where `TEST_DATABASE_URL`
//! names a server. One binary, a room for each feature, a database for each test.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod accounts;
mod activities;
mod applications;
mod assessments;
mod audit;
mod authorization;
mod cities;
mod cohorts;
mod directory;
mod doubles;
mod failure;
mod forms;
mod grants;
mod http;
mod lessons;
mod mail;
mod mandates;
mod matches;
mod networks;
mod observatory;
mod organisations;
mod partnerships;
mod programmes;
mod radar;
mod recommendations;
mod results;
mod reviews;
mod rounds;
mod stories;
mod support;
mod sustainability;
