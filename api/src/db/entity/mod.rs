//! The tables as they are today, one file each. Relations are joined explicitly in the stores.

pub mod account;
pub mod actor;
pub mod api_client;
pub mod application;
pub mod application_party;
pub mod audit_entry;
pub mod call;
pub mod city;
pub mod city_code;
pub mod city_name;
pub mod city_statement;
pub mod contact;
pub mod grant;
pub mod idempotency_key;
pub mod import;
pub mod network;
pub mod outbox;
pub mod programme;
pub mod rule_set;
pub mod session;
pub mod sign_in_attempt;
pub mod signing_key;
