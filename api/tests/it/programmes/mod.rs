//! Programmes, their rules and their calls.

mod calls;
mod campaigns;
mod demo;
mod rules;
