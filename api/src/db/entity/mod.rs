//! The tables as they are today, one file each. Relations are joined explicitly in the stores.

pub mod account;
pub mod actor;
pub mod api_client;
pub mod audit_entry;
pub mod banned_pair;
pub mod city;
pub mod city_code;
pub mod city_match;
pub mod city_name;
pub mod city_statement;
pub mod contact;
pub mod grant;
pub mod idempotency_key;
pub mod import;
pub mod network;
pub mod outbox;
pub mod pairing;
pub mod partnership;
pub mod partnership_party;
pub mod session;
pub mod sign_in_attempt;
pub mod signing_key;
