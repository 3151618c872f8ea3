//! The database schema, step by step, for SQLite and PostgreSQL alike.
//!
//! A migration is never changed once it has landed: the schema expands in one, and contracts in a later one. It never
//! imports entities, which tell the schema of today.

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::prelude::{MigratorTrait, SchemaManager};

mod columns;
mod m20261122_000001_create_accounts;
mod m20261122_000002_create_cities;
mod m20261122_000003_create_journal;
mod m20261122_000030_create_matches;
mod m20261122_000040_create_partnerships;
mod m20261122_000101_create_imports;
mod m20261122_000501_create_programmes;
mod m20261122_000502_create_applications;
mod m20261126_000201_say_who_bans;
mod m20261126_000601_create_rounds;
mod m20261126_000701_create_preferences;
mod m20261127_000101_create_digests;
mod m20261127_000801_create_activities;
mod m20261127_000801_create_reviews;
mod m20261127_000802_create_results;
mod m20261127_000901_create_lessons;
mod m20261127_000920_create_funding_grants;
mod m20261127_000921_create_campaigns;
mod m20261127_000940_live_partnerships;
mod m20261127_001000_create_assessments;
mod m20261127_001001_create_recommendations;
mod m20261127_001002_create_sustainability_plans;
mod m20261127_001020_create_doubles;
mod m20261127_001021_index_journal_by_time;
mod m20261127_001060_create_attachments;
mod m20261127_001061_create_receipt_keys;
mod m20261127_001080_end_answers;
mod m20261127_002000_write_forms;
mod m20261127_002020_create_stories;
mod m20261127_002040_reopen_decisions;
mod m20261127_003000_wait_for_money;
mod m20261127_003001_correct_applications;
mod m20261127_003020_create_organisations;
mod m20261127_003021_restore_results;
mod m20261127_003040_create_comments;
mod m20261127_004000_create_cohorts;
mod m20261127_005000_mark_contacts;
mod m20261127_005001_create_elections;
mod m20261127_005002_remind_reports;
mod m20261127_005003_report_jobs;
mod m20261127_006000_keep_versions;

/// All migrations in their order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_create_accounts::Migration),
            Box::new(m20261122_000002_create_cities::Migration),
            Box::new(m20261122_000003_create_journal::Migration),
            Box::new(m20261122_000030_create_matches::Migration),
            Box::new(m20261122_000040_create_partnerships::Migration),
            Box::new(m20261122_000101_create_imports::Migration),
            Box::new(m20261122_000501_create_programmes::Migration),
            Box::new(m20261122_000502_create_applications::Migration),
            Box::new(m20261126_000201_say_who_bans::Migration),
            Box::new(m20261126_000601_create_rounds::Migration),
            Box::new(m20261126_000701_create_preferences::Migration),
            Box::new(m20261127_000101_create_digests::Migration),
            Box::new(m20261127_000801_create_activities::Migration),
            Box::new(m20261127_000802_create_results::Migration),
            Box::new(m20261127_000801_create_reviews::Migration),
            Box::new(m20261127_000901_create_lessons::Migration),
            Box::new(m20261127_000920_create_funding_grants::Migration),
            Box::new(m20261127_000921_create_campaigns::Migration),
            Box::new(m20261127_000940_live_partnerships::Migration),
            Box::new(m20261127_001000_create_assessments::Migration),
            Box::new(m20261127_001001_create_recommendations::Migration),
            Box::new(m20261127_001002_create_sustainability_plans::Migration),
            Box::new(m20261127_001020_create_doubles::Migration),
            Box::new(m20261127_001021_index_journal_by_time::Migration),
            Box::new(m20261127_001060_create_attachments::Migration),
            Box::new(m20261127_001061_create_receipt_keys::Migration),
            Box::new(m20261127_001080_end_answers::Migration),
            Box::new(m20261127_002000_write_forms::Migration),
            Box::new(m20261127_002020_create_stories::Migration),
            Box::new(m20261127_002040_reopen_decisions::Migration),
            Box::new(m20261127_003000_wait_for_money::Migration),
            Box::new(m20261127_003001_correct_applications::Migration),
            Box::new(m20261127_003020_create_organisations::Migration),
            Box::new(m20261127_003021_restore_results::Migration),
            Box::new(m20261127_003040_create_comments::Migration),
            Box::new(m20261127_004000_create_cohorts::Migration),
            Box::new(m20261127_005000_mark_contacts::Migration),
            Box::new(m20261127_005001_create_elections::Migration),
            Box::new(m20261127_005002_remind_reports::Migration),
            Box::new(m20261127_005003_report_jobs::Migration),
            Box::new(m20261127_006000_keep_versions::Migration),
        ]
    }
}
