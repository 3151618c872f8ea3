//! Importers.

mod columns;
pub mod entry;
pub mod geonames;
pub mod insee;
pub mod katottg;
pub mod pairs;
pub mod report;
