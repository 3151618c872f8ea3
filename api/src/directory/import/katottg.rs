//! The Ukrainian register of territorial units (KATOTTG).

use std::collections::HashMap;
use std::io::Read;

use anyhow::Result;
use shared::cities::{CityKind, NameKind};

use super::columns::{Columns, field};
use super::entry::{Code, Entry, KATOTTG, OtherName, Refused, Row, Standing, name};
use crate::directory::fold::fold;

/// Reads the register: columns `code`, `category`, `name_uk` and, if it has it, `parent_code`.
///
/// The register has some 30,000 lines at most; it is held in memory because a hromada takes its place on the map from its town, which stands after it.
pub fn read(input: impl Read) -> Result<impl Iterator<Item = Row>> {
    let mut columns = Columns::open(input)?;
    let code = columns.require(&["code"])?;
    let category = columns.require(&["category"])?;
    let label = columns.require(&["name_uk", "name"])?;
    let parent = columns.position(&["parent_code", "parent"]);
    let mut rows: Vec<(u8, Row)> = Vec::new();
    let mut seats: HashMap<String, String> = HashMap::new();
    while let Some(found) = columns.next() {
        let (line, record) = match found {
            Ok(found) => found,
            Err(refused) => {
                rows.push((0, Err(refused)));
                continue;
            }
        };
        let unit = Unit {
            line,
            code: field(record, Some(code)),
            category: field(record, Some(category)),
            name: field(record, Some(label)),
            parent: field(record, parent),
        };
        if unit.category == "M" {
            seats
                .entry(unit.parent.to_owned())
                .or_insert_with(|| unit.code.to_owned());
        }
        rows.push((unit.order(), unit.entry()));
    }
    rows.sort_by_key(|(order, _)| *order);
    Ok(rows.into_iter().map(move |(_, row)| {
        row.map(|mut entry| {
            if entry.kind == CityKind::Hromada {
                entry.seat = entry
                    .codes
                    .first()
                    .and_then(|code| seats.get(&code.value))
                    .map(|seat| Code::new(KATOTTG, seat));
            }
            entry
        })
    }))
}

/// One line of the register.
struct Unit<'r> {
    line: u64,
    code: &'r str,
    category: &'r str,
    name: &'r str,
    parent: &'r str,
}

impl Unit<'_> {
    /// Towns first, so that hromadas find their seat; then from the top of the hierarchy down.
    fn order(&self) -> u8 {
        match self.category {
            "M" | "K" => 1,
            "O" => 2,
            "P" => 3,
            _ => 4,
        }
    }

    fn entry(&self) -> Row {
        let line = self.line;
        if !is_code(self.code) {
            return Err(Refused::new(
                line,
                format!("`{}` is not a code of UA and 17 digits", self.code),
            ));
        }
        let bare = name(line, self.name)?;
        let latin = romanised(&bare);
        let (kind, ukrainian, foreign) = match self.category {
            "O" if bare.contains(' ') => (CityKind::Region, bare, latin),
            "O" => (CityKind::Region, format!("{bare} область"), format!("{latin} oblast")),
            "P" => (CityKind::District, format!("{bare} район"), format!("{latin} raion")),
            "H" => (
                CityKind::Hromada,
                format!("{bare} територіальна громада"),
                format!("{latin} hromada"),
            ),
            "M" | "K" => (CityKind::Municipality, bare, latin),
            "X" | "C" | "B" => {
                return Err(Refused::new(
                    line,
                    format!(
                        "category {}: a settlement or a district of a city is no authority",
                        self.category
                    ),
                ));
            }
            other => {
                return Err(Refused::new(
                    line,
                    format!("category `{other}` is none of O, K, P, H, M, X, C, B"),
                ));
            }
        };
        let mut entry = Entry::new(line, Standing::Describes, kind, ukrainian.clone(), "UA");
        entry.codes.push(Code::new(KATOTTG, self.code));
        entry.subdivision = subdivision(self.code).map(str::to_owned);
        entry.names.push(OtherName {
            text: ukrainian,
            language: Some("uk".to_owned()),
            kind: NameKind::Official,
        });
        entry.by_name = kind == CityKind::Municipality;
        if !entry.by_name {
            entry.names.push(OtherName::in_language("en", foreign.clone()));
            entry.names.push(OtherName::in_language("fr", foreign));
        }
        if is_code(self.parent) {
            entry.parent = Some(Code::new(KATOTTG, self.parent));
        }
        Ok(entry)
    }
}

/// `UA` and 17 digits.
pub(super) fn is_code(code: &str) -> bool {
    code.len() == 19 && code.starts_with("UA") && code.bytes().skip(2).all(|b| b.is_ascii_digit())
}

/// The name in Latin letters, each word with a capital.
fn romanised(name: &str) -> String {
    let words: Vec<String> = fold(name)
        .split(' ')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect())
                .unwrap_or_default()
        })
        .collect();
    words.join(" ")
}

/// The ISO 3166-2 code of a unit: the register counts the oblasts as ISO does, with six exceptions.
fn subdivision(code: &str) -> Option<&'static str> {
    Some(match code.get(2..4)? {
        "01" => "UA-43",
        "05" => "UA-05",
        "07" => "UA-07",
        "12" => "UA-12",
        "14" => "UA-14",
        "18" => "UA-18",
        "21" => "UA-21",
        "23" => "UA-23",
        "26" => "UA-26",
        "32" => "UA-32",
        "35" => "UA-35",
        "44" => "UA-09",
        "46" => "UA-46",
        "48" => "UA-48",
        "51" => "UA-51",
        "53" => "UA-53",
        "56" => "UA-56",
        "59" => "UA-59",
        "61" => "UA-61",
        "63" => "UA-63",
        "65" => "UA-65",
        "68" => "UA-68",
        "71" => "UA-71",
        "73" => "UA-77",
        "74" => "UA-74",
        "80" => "UA-30",
        "85" => "UA-40",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_come_first_and_give_their_place_to_their_hromada() {
        let text = "code,category,name_uk,parent_code\n\
            UA53000000000028050,O,Полтавська,\n\
            UA53020000000034761,P,Кременчуцький,UA53000000000028050\n\
            UA53020110000092487,H,Кременчуцька,UA53020000000034761\n\
            UA53020110010031694,M,Кременчук,UA53020110000092487\n\
            UA53020110010031694,Z,Кременчук,UA53020110000092487\n\
            53020110010031694,M,Кременчук,UA53020110000092487\n";
        let rows: Vec<Row> = read(text.as_bytes()).unwrap().collect();
        let names: Vec<&str> = rows.iter().flatten().map(|entry| entry.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Кременчук",
                "Полтавська область",
                "Кременчуцький район",
                "Кременчуцька територіальна громада"
            ]
        );
        let hromada = rows.iter().flatten().last().unwrap();
        assert_eq!(hromada.seat, Some(Code::new(KATOTTG, "UA53020110010031694")));
        assert!(
            hromada
                .names
                .contains(&OtherName::in_language("en", "Kremenchutska hromada"))
        );
        assert_eq!(
            rows.iter().flatten().next().unwrap().subdivision.as_deref(),
            Some("UA-53")
        );
        assert_eq!(
            rows.iter()
                .filter_map(|row| row.as_ref().err())
                .map(|refused| refused.line)
                .collect::<Vec<_>>(),
            [7, 6]
        );
    }
}
