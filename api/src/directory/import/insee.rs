//! French communes: INSEE's own list (`v_commune_2026.csv`) or a list with populations and SIREN codes.

use std::io::Read;

use anyhow::Result;
use shared::cities::CityKind;

use super::columns::{Columns, field};
use super::entry::{Code, DEPARTEMENT, Entry, INSEE, OtherName, Refused, Row, SIREN, Standing, name, population};

/// Reads the communes. Columns by name, in any order, the second name being INSEE's: `insee` or `COM`, `nom` or `LIBELLE`, `departement` or `DEP`, and if there
/// are any `siren`, `population`, `TYPECOM`, `COMPARENT`.
pub fn read(input: impl Read) -> Result<impl Iterator<Item = Row>> {
    let mut columns = Columns::open(input)?;
    let insee = columns.require(&["insee", "com"])?;
    let label = columns.require(&["nom", "libelle"])?;
    let department = columns.require(&["departement", "dep"])?;
    let siren = columns.position(&["siren"]);
    let people = columns.position(&["population"]);
    let kind = columns.position(&["typecom"]);
    let parent = columns.position(&["comparent"]);
    Ok(std::iter::from_fn(move || {
        let (line, record) = match columns.next()? {
            Ok(found) => found,
            Err(refused) => return Some(Err(refused)),
        };
        Some((|| {
            let code = field(record, Some(insee));
            if !is_commune(code) {
                return Err(Refused::new(
                    line,
                    format!("`{code}` is not an INSEE code of five characters"),
                ));
            }
            let text = name(line, field(record, Some(label)))?;
            match field(record, kind) {
                "" | "COM" => {}
                "COMD" | "COMA" | "ARM" => return part(line, code, text, field(record, parent)),
                other => {
                    return Err(Refused::new(
                        line,
                        format!("type `{other}` is none of COM, COMD, COMA, ARM"),
                    ));
                }
            }
            let mut entry = Entry::new(line, Standing::Official, CityKind::Municipality, text, "FR");
            entry.codes.push(Code::new(INSEE, code));
            let number = field(record, siren);
            if !number.is_empty() {
                if number.len() != 9 || !number.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(Refused::new(line, format!("`{number}` is not a SIREN of nine digits")));
                }
                entry.codes.push(Code::new(SIREN, number));
            }
            entry.population = population(line, field(record, people))?;
            let department = field(record, Some(department));
            if !department.is_empty() {
                entry.subdivision = Some(format!("FR-{department}"));
                entry.parent = Some(Code::new(DEPARTEMENT, department));
            }
            Ok(entry)
        })())
    }))
}

/// A part of a commune that once stood alone, or a municipal district: its name goes to the commune. The list does not say when its code ended, so that is left to the
/// bundled table.
fn part(line: u64, code: &str, text: String, parent: &str) -> Row {
    if !is_commune(parent) {
        return Err(Refused::new(
            line,
            format!("`{code}` is a part of a commune, but COMPARENT `{parent}` is no INSEE code"),
        ));
    }
    let mut entry = Entry::new(line, Standing::Fills, CityKind::Municipality, text.clone(), "FR");
    entry.codes.push(Code::new(INSEE, parent));
    entry.names.push(OtherName::former(text));
    entry.known_only = true;
    Ok(entry)
}

/// Two digits or `2A`, `2B`, then three digits.
pub(super) fn is_commune(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 5
        && bytes[0].is_ascii_digit()
        && (bytes[1].is_ascii_digit() || (bytes[0] == b'2' && matches!(bytes[1], b'A' | b'B')))
        && bytes[2..].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_are_read() {
        let ours = "insee,nom,departement,region,siren,population,code_postal\n38185,Grenoble,38,84,213801855,156389,38000\n2A004,Ajaccio,2A,94,212000046,,20000\n9999,X,1,1,,,\n38544,Vienne,38,84,12,31000,\n";
        let rows: Vec<Row> = read(ours.as_bytes()).unwrap().collect();
        let grenoble = rows[0].as_ref().unwrap();
        assert_eq!(
            (grenoble.name.as_str(), grenoble.population),
            ("Grenoble", Some(156_389))
        );
        assert_eq!(
            grenoble.codes,
            [Code::new(INSEE, "38185"), Code::new(SIREN, "213801855")]
        );
        assert_eq!(rows[1].as_ref().unwrap().parent, Some(Code::new(DEPARTEMENT, "2A")));
        assert_eq!(rows[2].as_ref().unwrap_err().line, 4);
        assert!(rows[3].as_ref().unwrap_err().reason.contains("SIREN"));

        let theirs = "\u{feff}TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\nCOM,73010,84,73,73D,731,0,ENTRELACS,Entrelacs,Entrelacs,7301,\nCOMD,73062,84,73,,,0,CESSENS,Cessens,Cessens,,73010\n";
        let rows: Vec<Row> = read(theirs.as_bytes()).unwrap().collect();
        assert_eq!(rows[0].as_ref().unwrap().name, "Entrelacs");
        let part = rows[1].as_ref().unwrap();
        assert_eq!(
            (part.codes[0].value.as_str(), part.names[0].text.as_str()),
            ("73010", "Cessens")
        );
    }

    #[test]
    fn a_file_without_codes_is_refused_as_a_whole() {
        let error = read("nom,departement\nGrenoble,38\n".as_bytes())
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("insee"), "{error}");
    }
}
