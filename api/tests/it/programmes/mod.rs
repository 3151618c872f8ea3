//! Programmes, their rules and their calls.

mod calls;
mod demo;
mod rules;
