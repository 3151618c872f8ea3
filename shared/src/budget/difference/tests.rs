use super::*;
use crate::budget::RuleSetDraft;
use crate::rounds::Priority;
use uuid::Uuid;

fn rules(text: &str) -> RuleSet {
    let draft: RuleSetDraft = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    draft.into_rules(RuleSetId(Uuid::nil()), 1)
}

fn meae_2024() -> RuleSet {
    rules(include_str!("../../../../api/data/rules/meae_2024.json"))
}

fn meae_2025() -> RuleSet {
    rules(include_str!("../../../../api/data/rules/meae_2025.json"))
}

fn sentences(before: &RuleSet, after: &RuleSet, language: Language) -> Vec<String> {
    let name = |code: &str| code.to_owned();
    let changes = difference(before, after);
    changes.iter().map(|change| change.sentence(language, &name)).collect()
}

#[test]
fn what_the_ministry_changed_in_2025_is_told_in_words() {
    assert_eq!(
        sentences(&meae_2024(), &meae_2025(), Language::En),
        [
            "The name becomes “MEAE 2025”; it was “MEAE 2024”.",
            "The rules hold since 1 January 2025; the former ones held since 1 January 2024.",
            "Least developed countries: the ceiling falls from 90% to 70%.",
            "Other recipients of aid: the ceiling falls from 70% to 50%.",
            "Other countries: the ceiling falls from 70% to 30%.",
            "New: over several countries, a single rate of 60% on the whole may replace the rates by country.",
            "The least share of the authorities goes from 0% to 10% of the whole.",
            "Contributions in kind count for at most 50% of the authorities’ share; there was no limit.",
            "The last instalment is paid 80% then 20%; it was paid at once.",
            "An overdue report now keeps an authority from applying again.",
            "The source of the rules changes.",
        ]
    );
    let french = sentences(&meae_2024(), &meae_2025(), Language::Fr);
    assert_eq!(
        french[2],
        "Pays les moins avancés\u{a0}: le plafond baisse de 90\u{202f}% à 70\u{202f}%."
    );
    assert_eq!(
        french[1],
        "Les règles valent depuis le 1er janvier 2025\u{a0}; les précédentes valaient depuis le 1er janvier 2024."
    );
    let ukrainian = sentences(&meae_2024(), &meae_2025(), Language::Uk);
    assert_eq!(
        ukrainian[2],
        "Найменш розвинені країни: максимальна частка знижується з 90% до 70%."
    );
}

#[test]
fn every_field_that_changes_is_told_and_nothing_else() {
    let before = meae_2025();
    assert_eq!(difference(&before, &before), []);
    let mut after = before.clone();
    after.heads[0].rate_bp = Some(3_333);
    after.heads.remove(1);
    after.country_groups[1].countries.retain(|code| code != "UA");
    after.country_groups[0].countries.push("UA".into());
    after.levels = vec![Level::Regional, Level::Local];
    after.required_sdgs = vec![16];
    after.priority_regions = vec![Priority {
        region: "UA-74".into(),
        points: 5,
    }];
    after.countries = vec!["UA".into(), "PL".into()];
    after.in_kind_rates = vec![InKindRate {
        code: "elected".into(),
        label: [("fr".to_owned(), "élus".to_owned())].into(),
        unit: InKindUnit::Day,
        amount_minor: 35_050,
    }];
    assert_eq!(
        sentences(&before, &after, Language::Fr),
        [
            "Le poste «\u{a0}Missions et délégations\u{a0}» est payé à 33,33\u{202f}%\u{a0}; il l’était au taux du pays.",
            "Le poste «\u{a0}Formations et ateliers\u{a0}» n’est plus financé.",
            "Changent de groupe, de «\u{a0}Autres bénéficiaires de l’aide\u{a0}» à «\u{a0}Pays les moins avancés\u{a0}»\u{a0}: UA.",
            "Peuvent participer les collectivités de ces niveaux\u{a0}: local, régional.",
            "Seuls ces pays peuvent désormais participer\u{a0}: UA, PL.",
            "ODD obligatoires\u{a0}: 16.",
            "Nouvelle région prioritaire\u{a0}: UA-74, 5 points sur 100 de plus.",
            "Valorisation, élus\u{a0}: 350,50\u{a0}EUR la journée.",
        ]
    );
}

/// Each field of the rules is compared: a field that is forgotten would be changed in silence.
#[test]
fn no_field_changes_in_silence() {
    let before = meae_2025();
    let whole = serde_json::to_value(&before).unwrap_or_default();
    let fields = whole
        .as_object()
        .map(|fields| fields.keys().cloned().collect::<Vec<_>>());
    for field in fields.unwrap_or_default() {
        let other = match field.as_str() {
            "id" | "version" => continue,
            "name" | "source" | "groups_source" => serde_json::json!("Other"),
            "valid_from" | "valid_to" => serde_json::json!("2027-05-05"),
            "currency" => serde_json::json!("UAH"),
            "own_country" => serde_json::json!("UA"),
            "heads" | "country_rates" | "country_groups" => serde_json::json!([]),
            "several_countries_rate_bp" | "own_share_min_bp" | "in_kind_max_bp" | "cities_min" => serde_json::json!(1),
            "countries" => serde_json::json!(["UA"]),
            "required_sdgs" => serde_json::json!([16]),
            "instalments_bp" => serde_json::json!([10_000]),
            "overdue_report_blocks" => serde_json::json!(false),
            "levels" => serde_json::json!(["local"]),
            "resource_lines" => serde_json::json!([{"code": "a", "label": {"fr": "A"}, "origin": "cash"}]),
            "priority_regions" => serde_json::json!([{"region": "UA", "points": 1}]),
            "in_kind_rates" => {
                serde_json::json!([{"code": "a", "label": {"fr": "A"}, "unit": "hour", "amount_minor": 1}])
            }
            unknown => panic!("{unknown} is not compared"),
        };
        let mut changed = whole.clone();
        changed[&field] = other;
        let after: RuleSet = serde_json::from_value(changed).unwrap_or_else(|error| panic!("{field}: {error}"));
        let told = sentences(&before, &after, Language::Uk);
        assert!(!told.is_empty(), "{field}");
        assert!(
            told.iter()
                .all(|sentence| sentence.ends_with('.') && !sentence.contains("  ")),
            "{told:?}"
        );
    }
}
