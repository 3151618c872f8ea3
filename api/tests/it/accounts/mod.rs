//! Signing in and out, sessions, programs, the demonstration's accounts.

mod clients;
mod demo;
mod me;
mod refresh;
mod sign_in;
mod sign_out;
