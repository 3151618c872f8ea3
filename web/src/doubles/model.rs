//! What a proposal says, in words. Pure.

use shared::doubles::{DoubleHint, DoubleHintKind as Kind, DoubleSide};

/// The word of the table for a hint: what speaks against it has one of its own where both may be.
pub fn hint_key(hint: &DoubleHint) -> &'static str {
    match (hint.kind, hint.speaks_for) {
        (Kind::Distance, false) => "distance_far",
        (kind, _) => kind.code(),
    }
}

/// The figure of a hint, as the reader's language writes it, where it is one.
pub fn figure(hint: &DoubleHint) -> Option<f64> {
    let value = hint.value.as_deref()?;
    let is_figure = matches!(
        hint.kind,
        Kind::Distance
            | Kind::PopulationSame
            | Kind::PopulationDiffers
            | Kind::PartnersShared
            | Kind::NameSimilar
            | Kind::PartiesSame
    );
    value.parse().ok().filter(|_| is_figure)
}

/// Names and codes of one that the other has not: what to look at first.
pub fn own_only<'a>(own: &'a [String], other: &[String]) -> Vec<&'a str> {
    own.iter()
        .filter(|text| !other.contains(text))
        .map(String::as_str)
        .collect()
}

/// Where the page of one is.
pub fn href(side: &DoubleSide) -> String {
    if side.country.is_some() {
        format!("/cities/{}", side.id)
    } else {
        format!("/partnerships/{}", side.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(kind: Kind, speaks_for: bool, value: &str) -> DoubleHint {
        DoubleHint {
            kind,
            speaks_for,
            value: Some(value.to_owned()),
        }
    }

    #[test]
    fn a_distance_speaks_for_it_or_against() {
        assert_eq!(hint_key(&hint(Kind::Distance, true, "0.8")), "distance");
        assert_eq!(hint_key(&hint(Kind::Distance, false, "40.0")), "distance_far");
        assert_eq!(hint_key(&hint(Kind::CodesDiffer, false, "geonames")), "codes_differ");
    }

    #[test]
    fn figures_are_figures_and_lists_are_names() {
        assert_eq!(figure(&hint(Kind::Distance, true, "0.8")), Some(0.8));
        assert_eq!(figure(&hint(Kind::CodesDiffer, false, "38185")), None);
    }
}
