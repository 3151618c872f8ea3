//! Table `contacts`: contact persons of cities: personal data.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{CityId, ContactId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    pub city_id: CityId,
    pub position: i32,
    pub name: String,
    pub function: String,
    pub email: String,
    pub phone: Option<String>,
    pub mandate_ends_on: Option<Date>,
    pub elected: bool,
    pub confirmed_on: Option<Date>,
    pub confirm_reason: Option<String>,
    pub confirm_day: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
