//! The journal: the audit trail and the public log of changes.

mod changes;
mod entries;
mod housekeeping;
