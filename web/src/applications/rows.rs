//! The budget as rows of a form: amounts as they are typed, and the exact budget that they mean.

use super::{amount, time};
use serde::{Deserialize, Serialize};
use shared::budget::{Budget, BudgetLine, Contribution, ContributionKind, InKindTime};
use shared::ids::{BudgetLineId, CityId};
use shared::language::Language;

/// A cost in the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRow {
    /// Names the row on the page.
    pub key: u32,
    /// The line's id, once the server has it.
    pub id: Option<BudgetLineId>,
    /// The head's code.
    pub head: String,
    /// What it is.
    pub label: String,
    /// Where the money works.
    pub country: String,
    /// The amount as typed.
    pub amount: String,
}

/// A contribution in the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributionRow {
    /// Names the row on the page.
    pub key: u32,
    /// The authority that pays; nothing for another funder.
    pub city_id: Option<CityId>,
    /// Who else pays, or a note.
    pub label: String,
    /// Country of who pays.
    pub country: String,
    /// Whether it is in kind.
    pub in_kind: bool,
    /// The code of the time that is given; empty for an amount.
    #[serde(default)]
    pub rate: String,
    /// How many hours or days of it, as typed.
    #[serde(default)]
    pub quantity: String,
    /// The head that it pays for; empty for none.
    pub head: String,
    /// The amount as typed.
    pub amount: String,
}

/// All rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Costs.
    pub lines: Vec<LineRow>,
    /// What others pay.
    pub contributions: Vec<ContributionRow>,
    /// The grant as typed.
    pub grant: String,
    /// The key of the next row.
    next: u32,
    /// Digits behind the currency's decimal sign.
    exponent: u32,
}

/// The exact budget, and the rows whose amounts cannot be read (they count as nothing).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The budget.
    pub budget: Budget,
    /// Ids of the cells that cannot be read.
    pub unreadable: Vec<String>,
}

/// The id of a row's cell on the page.
pub fn cell(kind: &str, key: u32, column: &str) -> String {
    format!("{kind}-{key}-{column}")
}

/// The id of the grant's cell.
pub const GRANT: &str = "grant-asked";

impl Rows {
    /// No rows, in a currency.
    pub fn new(exponent: u32) -> Rows {
        Rows {
            exponent,
            ..Rows::default()
        }
    }

    fn key(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// A new cost, with the head and country of the last one: the next line is usually of the same kind. Answers its key.
    pub fn add_line(&mut self, head: &str, country: &str) -> u32 {
        let key = self.key();
        let last = self.lines.last();
        let row = LineRow {
            key,
            id: None,
            head: last.map_or(head, |last| &last.head).to_owned(),
            label: String::new(),
            country: last.map_or(country, |last| &last.country).to_owned(),
            amount: String::new(),
        };
        self.lines.push(row);
        key
    }

    /// A new contribution. Answers its key.
    pub fn add_contribution(&mut self, city_id: Option<CityId>, country: &str) -> u32 {
        let key = self.key();
        self.contributions.push(ContributionRow {
            key,
            city_id,
            label: String::new(),
            country: country.to_owned(),
            in_kind: false,
            rate: String::new(),
            quantity: String::new(),
            head: String::new(),
            amount: String::new(),
        });
        key
    }

    /// The exact budget that the rows mean.
    pub fn read(&self) -> Reading {
        let mut unreadable = Vec::new();
        let mut amount = |text: &str, id: String| {
            amount::parse(text, self.exponent).unwrap_or_else(|| {
                unreadable.push(id);
                0
            })
        };
        let lines = self
            .lines
            .iter()
            .map(|row| BudgetLine {
                amount_minor: amount(&row.amount, cell("line", row.key, "amount")),
                ..line_of(row)
            })
            .collect();
        let contributions = self
            .contributions
            .iter()
            .map(|row| Contribution {
                amount_minor: amount(&row.amount, cell("contribution", row.key, "amount")),
                ..contribution_of(row)
            })
            .collect();
        let untimed = self.contributions.iter().filter(|row| {
            let is_typed = !row.rate.is_empty() && !row.quantity.trim().is_empty();
            is_typed && time_of(row).is_none()
        });
        let untimed: Vec<String> = untimed.map(|row| cell("contribution", row.key, "time")).collect();
        let grant_asked_minor = amount(&self.grant, GRANT.to_owned());
        unreadable.extend(untimed);
        let budget = Budget {
            lines,
            contributions,
            grant_asked_minor,
        };
        Reading { budget, unreadable }
    }

    /// Makes the rows mean `budget`. Rows that already mean their part of it stay as they are typed.
    pub fn take(&mut self, budget: &Budget, language: Language) {
        let exponent = self.exponent;
        // What cannot be read counts as nothing in the budget: it is not overwritten before its writer has mended it.
        let means = |text: &str, amount: i64| amount::parse(text, exponent).unwrap_or(0) == amount;
        let write = |amount: i64| amount::write(amount, exponent, language);
        let mut old = std::mem::take(&mut self.lines);
        for line in &budget.lines {
            let same = |row: &LineRow| match line.id {
                Some(id) => row.id == Some(id),
                None => {
                    row.id.is_none()
                        && line_of(row)
                            == BudgetLine {
                                amount_minor: 0,
                                ..line.clone()
                            }
                        && means(&row.amount, line.amount_minor)
                }
            };
            let known = old.iter().position(same).map(|at| old.remove(at));
            let row = match known {
                Some(row) => LineRow {
                    amount: if means(&row.amount, line.amount_minor) {
                        row.amount
                    } else {
                        write(line.amount_minor)
                    },
                    head: line.head.clone(),
                    label: if row.label.trim() == line.label {
                        row.label
                    } else {
                        line.label.clone()
                    },
                    country: line.country.clone(),
                    ..row
                },
                None => LineRow {
                    key: self.key(),
                    id: line.id,
                    head: line.head.clone(),
                    label: line.label.clone(),
                    country: line.country.clone(),
                    amount: write(line.amount_minor),
                },
            };
            self.lines.push(row);
        }
        let mut old = std::mem::take(&mut self.contributions);
        for item in &budget.contributions {
            let same = |row: &ContributionRow| {
                contribution_of(row)
                    == Contribution {
                        amount_minor: 0,
                        ..item.clone()
                    }
            };
            let at = old
                .iter()
                .position(|row| same(row) && means(&row.amount, item.amount_minor))
                .or_else(|| old.iter().position(same));
            let row = match at.map(|at| old.remove(at)) {
                Some(row) => ContributionRow {
                    amount: if means(&row.amount, item.amount_minor) {
                        row.amount
                    } else {
                        write(item.amount_minor)
                    },
                    ..row
                },
                None => ContributionRow {
                    key: self.key(),
                    city_id: item.city_id,
                    label: item.label.clone(),
                    country: item.country.clone(),
                    in_kind: item.kind == ContributionKind::InKind,
                    rate: item.time.as_ref().map(|time| time.rate.clone()).unwrap_or_default(),
                    quantity: item
                        .time
                        .as_ref()
                        .map(|time| amount::write(time.quantity_hundredths, 2, language))
                        .unwrap_or_default(),
                    head: item.head.clone().unwrap_or_default(),
                    amount: write(item.amount_minor),
                },
            };
            self.contributions.push(row);
        }
        if !means(&self.grant, budget.grant_asked_minor) {
            self.grant = write(budget.grant_asked_minor);
        }
    }

    /// Gives rows the ids that the server made for them: `sent` are their keys in the order of the lines answered.
    pub fn adopt_ids(&mut self, sent: &[u32], answered: &[BudgetLine]) {
        for (key, line) in sent.iter().zip(answered) {
            if let Some(row) = self.lines.iter_mut().find(|row| row.key == *key) {
                row.id = line.id;
            }
        }
    }

    /// The keys of the lines, in order.
    pub fn line_keys(&self) -> Vec<u32> {
        self.lines.iter().map(|row| row.key).collect()
    }

    /// The id of the cell that a pointer into the budget means, such as `/lines/2/amount_minor`.
    pub fn cell_of(&self, pointer: &str) -> Option<String> {
        let mut parts = pointer.trim_start_matches("/budget").split('/').skip(1);
        let list = parts.next()?;
        if list == "grant_asked_minor" {
            return Some(GRANT.to_owned());
        }
        let at = parts.next().and_then(|at| at.parse::<usize>().ok());
        let column = match parts.next() {
            Some("amount_minor") | None => "amount",
            Some("city_id") => "who",
            Some("kind") => "kind",
            Some("head") => "head",
            Some("country") => "country",
            Some("time") if pointer.ends_with("/quantity_hundredths") => "time",
            Some("time") => "kind",
            Some(_) => "label",
        };
        match (list, at) {
            ("lines", Some(at)) => self.lines.get(at).map(|row| cell("line", row.key, column)),
            ("contributions", Some(at)) => self
                .contributions
                .get(at)
                .map(|row| cell("contribution", row.key, column)),
            ("lines", None) => Some("costs-title".to_owned()),
            ("contributions", None) => Some("contributions-title".to_owned()),
            _ => None,
        }
    }
}

fn line_of(row: &LineRow) -> BudgetLine {
    BudgetLine {
        id: row.id,
        head: row.head.clone(),
        label: row.label.trim().to_owned(),
        country: row.country.clone(),
        amount_minor: 0,
    }
}

fn contribution_of(row: &ContributionRow) -> Contribution {
    Contribution {
        city_id: row.city_id,
        label: row.label.trim().to_owned(),
        country: row.country.clone(),
        kind: if row.in_kind {
            ContributionKind::InKind
        } else {
            ContributionKind::Cash
        },
        head: (!row.head.is_empty()).then(|| row.head.clone()),
        time: time_of(row),
        amount_minor: 0,
    }
}

/// The time that a row gives; none while it cannot be read.
fn time_of(row: &ContributionRow) -> Option<InKindTime> {
    let quantity_hundredths = time::parse(&row.quantity).filter(|_| row.in_kind && !row.rate.is_empty())?;
    Some(InKindTime {
        rate: row.rate.clone(),
        quantity_hundredths,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Rows {
        let mut rows = Rows::new(2);
        rows.add_line("travel", "FR");
        rows.lines[0].amount = "1 000,50".into();
        rows.lines[0].label = "Trains ".into();
        rows.add_contribution(None, "FR");
        rows.contributions[0].label = "Region".into();
        rows.contributions[0].amount = "12,".into();
        rows.grant = "500".into();
        rows
    }

    #[test]
    fn rows_mean_an_exact_budget() {
        let mut rows = rows();
        let Reading { budget, unreadable } = rows.read();
        assert_eq!(unreadable, Vec::<String>::new());
        assert_eq!(budget.lines[0].amount_minor, 100_050);
        assert_eq!(budget.lines[0].label, "Trains");
        assert_eq!(budget.contributions[0].amount_minor, 1_200);
        rows.lines[0].amount = "ten".into();
        assert_eq!(rows.read().unreadable, ["line-1-amount"]);
        assert_eq!(rows.read().budget.lines[0].amount_minor, 0);
    }

    #[test]
    fn what_is_being_typed_stays_as_it_is_typed() {
        let mut rows = rows();
        let budget = rows.read().budget;
        let before = rows.clone();
        rows.take(&budget, Language::Fr);
        assert_eq!(rows, before);
    }

    #[test]
    fn others_changes_come_into_the_rows() {
        let mut rows = rows();
        let mut budget = rows.read().budget;
        budget.lines[0].id = "00000000-0000-0000-0000-000000000001".parse().ok();
        rows.adopt_ids(&rows.line_keys(), &budget.lines);
        budget.lines[0].amount_minor = 200_000;
        budget.contributions.clear();
        budget.grant_asked_minor = 70_000;
        rows.take(&budget, Language::En);
        assert_eq!(rows.lines[0].amount, "2,000");
        assert_eq!(rows.lines[0].key, 1);
        assert_eq!(rows.grant, "700");
        assert!(rows.contributions.is_empty());
        assert_eq!(rows.read().budget, budget);
    }

    #[test]
    fn time_is_kept_exactly_and_as_it_is_typed() {
        let mut rows = rows();
        let row = &mut rows.contributions[0];
        (row.in_kind, row.rate, row.quantity) = (true, "staff".into(), "12,50".into());
        let budget = rows.read().budget;
        let told = InKindTime {
            rate: "staff".into(),
            quantity_hundredths: 1_250,
        };
        assert_eq!(budget.contributions[0].time, Some(told));
        let before = rows.clone();
        rows.take(&budget, Language::Fr);
        assert_eq!(rows, before);

        let mut fresh = Rows::new(2);
        fresh.take(&budget, Language::En);
        assert_eq!(fresh.contributions[0].quantity, "12.50");
        assert_eq!(fresh.read().budget, budget);

        rows.contributions[0].quantity = "twelve".into();
        assert_eq!(rows.read().unreadable, ["contribution-2-time"]);
        assert_eq!(rows.read().budget.contributions[0].time, None);
        let place = rows.cell_of("/contributions/0/time/quantity_hundredths");
        assert_eq!(place.as_deref(), Some("contribution-2-time"));
    }

    #[test]
    fn pointers_lead_to_cells() {
        let rows = rows();
        assert_eq!(
            rows.cell_of("/budget/lines/0/country").as_deref(),
            Some("line-1-country")
        );
        assert_eq!(
            rows.cell_of("/contributions/0/amount_minor").as_deref(),
            Some("contribution-2-amount")
        );
        assert_eq!(
            rows.cell_of("/budget/contributions").as_deref(),
            Some("contributions-title")
        );
        assert_eq!(rows.cell_of("/grant_asked_minor").as_deref(), Some(GRANT));
        assert_eq!(rows.cell_of("/lines/9/head"), None);
    }
}
