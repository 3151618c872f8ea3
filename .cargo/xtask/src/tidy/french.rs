//! French texts: before `;`, `:`, `!` and `?` and within « » stands a blank at which no line is broken (the Imprimerie
//! nationale's rules of typography), or a sentence ends with a line that begins with its question mark.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// Faults of the words of the web app and of the mails.
pub(super) fn faults(root: &Path, files: &[String]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in files {
        if path == "web/locales/fr.json" || path.ends_with(".fr.txt") {
            let text = fs::read_to_string(root.join(path))?;
            let lines = (1..).zip(text.lines()).filter(|(_, line)| has_plain_blank(line));
            faults.extend(lines.map(|(number, line)| {
                format!(
                    "{path}:{number}: a plain blank at a French mark, in `{}`: take U+00A0",
                    line.trim()
                )
            }));
        }
    }
    Ok(faults)
}

fn has_plain_blank(line: &str) -> bool {
    let letters: Vec<char> = line.chars().collect();
    let before = |at: usize| letters.get(at + 2).is_none_or(|next| !next.is_alphanumeric());
    letters.windows(2).enumerate().any(|(at, pair)| match pair {
        ['«', ' '] | [' ', '»'] => true,
        // Not `:term` or `?query`.
        [' ', ';' | ':' | '!' | '?'] => before(at),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_blanks_are_found_where_a_line_must_not_be_broken() {
        for line in ["Combien ?", "la suite : ceci", "« Grenoble\u{a0}»", "«\u{a0}Grenoble »"] {
            assert!(has_plain_blank(line), "{line}");
        }
        for line in [
            "Combien\u{a0}?",
            r#""key": "la suite\u{a0}: «\u{a0}Grenoble\u{a0}»""#,
            "à 10:30",
            "",
        ] {
            assert!(!has_plain_blank(line), "{line}");
        }
    }
}
