//! Columns and tables as every migration spells them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, timestamp_with_time_zone, uuid};

/// A table with a UUID primary key `id`.
pub(crate) fn table(name: &'static str) -> TableCreateStatement {
    let mut statement = Table::create();
    statement.table(name).col(uuid("id").primary_key());
    statement
}

/// A table with `id`, `version`, `created_at` and `updated_at`: a resource that is changed under `If-Match`.
pub(crate) fn versioned_table(name: &'static str) -> TableCreateStatement {
    let mut statement = table(name);
    statement
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"));
    statement
}

/// A foreign key whose rows go when their parent goes.
pub(crate) fn cascade(table: &'static str, column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    foreign_key(table, column, parent, ForeignKeyAction::Cascade)
}

/// A foreign key whose parent cannot go while it is named.
pub(crate) fn restrict(table: &'static str, column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    foreign_key(table, column, parent, ForeignKeyAction::Restrict)
}

fn foreign_key(
    table: &'static str,
    column: &'static str,
    parent: &'static str,
    action: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_{column}"))
        .from(table, column)
        .to(parent, "id")
        .on_delete(action)
        .to_owned()
}

/// An index named after its table and columns.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut statement = Index::create();
    statement.name(format!("ix_{table}_{}", columns.join("_"))).table(table);
    for &column in columns {
        statement.col(column);
    }
    statement
}

/// A unique index named after its table and columns; stores map the name to a problem.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut statement = index(table, columns);
    statement.name(format!("uq_{table}_{}", columns.join("_"))).unique();
    statement
}
