//! Contracts of several accepted files of a call, made together.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{FundingDraft, one};
use crate::ids::{ApplicationId, FundingId};
use crate::problem::{FieldCode, FieldError};
use crate::reviews::BULK_MAX;

/// The contract of one file of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ContractItem {
    /// The accepted application.
    pub application_id: ApplicationId,
    /// The version that you know.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub version: i64,
    /// The contract's reference.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 80, example = "MEAE-2025-017")
    )]
    pub reference: String,
}

/// Contracts to be: all of them are made, or none is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ContractsDraft {
    /// The files, each with its reference.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub items: Vec<ContractItem>,
    /// The date of all these contracts.
    #[serde(with = "crate::time::day")]
    pub contracted_on: NaiveDate,
    /// For how many years: each brings an instalment, and the last one is paid in the parts that the rules tell.
    #[serde(default = "one")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 5, default = 1))]
    pub years: u32,
    /// Until when the final reports are to be handed in; three months after the last year where it is not told.
    #[serde(default, with = "crate::time::day_option")]
    pub final_report_due_on: Option<NaiveDate>,
}

impl ContractsDraft {
    /// What is wrong with it, before it is held against the files: each fault with its place.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if !(1..=BULK_MAX).contains(&self.items.len()) {
            let fault = FieldError::new("/items", FieldCode::Length);
            faults.push(fault.with("min", 1).with("max", BULK_MAX));
        }
        let (mut files, mut references) = (BTreeSet::new(), BTreeSet::new());
        for (index, item) in self.items.iter().enumerate() {
            let one = self.of(item);
            let (own, common): (Vec<FieldError>, Vec<FieldError>) = one
                .faults()
                .into_iter()
                .partition(|fault| fault.pointer == "/reference");
            // What all contracts have in common is said once.
            if index == 0 {
                faults.extend(common);
            }
            faults.extend(own.into_iter().map(|fault| FieldError {
                pointer: format!("/items/{index}{}", fault.pointer),
                ..fault
            }));
            for (is_new, field) in [
                (files.insert(item.application_id), "application_id"),
                (references.insert(item.reference.trim()), "reference"),
            ] {
                if !is_new {
                    faults.push(FieldError::new(format!("/items/{index}/{field}"), FieldCode::Duplicate));
                }
            }
        }
        faults
    }

    /// The contract of one file.
    #[must_use]
    pub fn of(&self, item: &ContractItem) -> FundingDraft {
        FundingDraft {
            application_id: item.application_id,
            reference: item.reference.clone(),
            contracted_on: self.contracted_on,
            years: self.years,
            final_report_due_on: self.final_report_due_on,
        }
    }
}

/// A contract that was made together with others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeContract {
    /// The file.
    pub application_id: ApplicationId,
    /// Its grant.
    pub grant_id: FundingId,
    /// The contract's reference.
    pub reference: String,
    /// What was awarded, in minor units.
    pub awarded_minor: i64,
}

/// What was made together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContractsReport {
    /// The contracts, in the order of the files that were told.
    pub items: Vec<MadeContract>,
    /// What they award together, in minor units.
    pub awarded_minor: i64,
    /// The currency, ISO 4217.
    pub currency: String,
}

/// The reference that is so many after the first: its last figures count on and keep their width, `-2`, `-3` follow where it
/// has none.
#[must_use]
pub fn reference_after(first: &str, count: u32) -> String {
    let digits = first.bytes().rev().take_while(u8::is_ascii_digit).count().min(9);
    let (stem, number) = first.split_at(first.len() - digits);
    match number.parse::<u32>() {
        Ok(number) => format!("{stem}{:0digits$}", number.saturating_add(count)),
        Err(_) if count == 0 => first.to_owned(),
        Err(_) => format!("{first}-{}", count.saturating_add(1)),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn references_count_on_from_the_first() {
        for (first, count, reference) in [
            ("MEAE-2025-017", 0, "MEAE-2025-017"),
            ("MEAE-2025-017", 3, "MEAE-2025-020"),
            ("MEAE-99", 1, "MEAE-100"),
            ("MEAE", 0, "MEAE"),
            ("MEAE", 1, "MEAE-2"),
            ("№ 20260000000000", 1, "№ 20260000000001"),
            ("7", 5, "12"),
        ] {
            assert_eq!(reference_after(first, count), reference);
        }
    }

    #[test]
    fn each_fault_of_several_contracts_has_its_place() {
        let item = |number: u128, reference: &str| ContractItem {
            application_id: ApplicationId(Uuid::from_u128(number)),
            version: 1,
            reference: reference.into(),
        };
        let draft = ContractsDraft {
            items: vec![item(1, "A-1"), item(2, " "), item(1, "A-1 ")],
            contracted_on: NaiveDate::default(),
            years: 6,
            final_report_due_on: None,
        };
        let told: Vec<_> = draft
            .faults()
            .into_iter()
            .map(|fault| (fault.pointer, fault.code))
            .collect();
        assert_eq!(
            told,
            [
                ("/years".to_owned(), FieldCode::Range),
                ("/items/1/reference".to_owned(), FieldCode::Required),
                ("/items/2/application_id".to_owned(), FieldCode::Duplicate),
                ("/items/2/reference".to_owned(), FieldCode::Duplicate),
            ]
        );
        let none = ContractsDraft {
            items: Vec::new(),
            ..draft
        };
        assert_eq!(none.faults()[0].pointer, "/items");
    }
}
