//! Rows that works leave to be inserted before the commit, those of one table in one statement.

use std::any::{Any, TypeId};
use std::future::Future;
use std::pin::Pin;

use sea_orm::{ActiveModelTrait, DatabaseTransaction, DbErr, EntityTrait};

type Row = Box<dyn Any + Send>;
type Inserting<'a> = Pin<Box<dyn Future<Output = Result<(), DbErr>> + Send + 'a>>;

/// Rows of several tables.
#[derive(Debug, Default)]
pub(super) struct Pending(Vec<Table>);

#[derive(Debug)]
struct Table {
    row: TypeId,
    insert: for<'a> fn(&'a DatabaseTransaction, Vec<Row>) -> Inserting<'a>,
    rows: Vec<Row>,
}

impl Pending {
    /// Adds a row of any table.
    pub(super) fn add<A: ActiveModelTrait + Send + 'static>(&mut self, row: A) {
        self.take_in(Table {
            row: TypeId::of::<A>(),
            insert: insert_all::<A>,
            rows: vec![Box::new(row)],
        });
    }

    /// Adds another's rows.
    pub(super) fn extend(&mut self, other: Self) {
        for table in other.0 {
            self.take_in(table);
        }
    }

    fn take_in(&mut self, table: Table) {
        match self.0.iter_mut().find(|known| known.row == table.row) {
            Some(known) => known.rows.extend(table.rows),
            None => self.0.push(table),
        }
    }

    /// Inserts all rows, the tables in the order in which their first rows came.
    pub(super) async fn insert(self, conn: &DatabaseTransaction) -> Result<(), DbErr> {
        for table in self.0 {
            (table.insert)(conn, table.rows).await?;
        }
        Ok(())
    }
}

fn insert_all<A: ActiveModelTrait + Send + 'static>(conn: &DatabaseTransaction, rows: Vec<Row>) -> Inserting<'_> {
    Box::pin(async move {
        // Every row of the table is of this kind: that is what its table was found by.
        let rows = rows
            .into_iter()
            .filter_map(|row| row.downcast::<A>().ok())
            .map(|row| *row);
        A::Entity::insert_many(rows).exec_without_returning(conn).await?;
        Ok(())
    })
}
