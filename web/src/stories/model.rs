//! What the screens of stories think, without a browser.

use shared::language::{Language, Texts};

/// The paragraphs of a text: an empty line lies between two.
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let mut now = String::new();
    for line in text.lines().map(str::trim).chain([""]) {
        if !line.is_empty() {
            if !now.is_empty() {
                now.push(' ');
            }
            now.push_str(line);
        } else if !now.is_empty() {
            paragraphs.push(std::mem::take(&mut now));
        }
    }
    paragraphs
}

/// Texts by language, without those that say nothing.
pub fn texts(words: [String; 3]) -> Texts {
    let told = Language::ALL.iter().zip(words);
    let told = told.filter(|(_, words)| !words.is_empty());
    told.map(|(language, words)| (language.tag().to_owned(), words))
        .collect()
}

/// The languages in which something is still to be written, each once, in their order.
pub fn open_languages(missing: &[String]) -> Vec<Language> {
    let lacks = |language: &&Language| {
        let tag = language.tag();
        missing.iter().any(|pointer| pointer.rsplit('/').next() == Some(tag))
    };
    Language::ALL.iter().filter(lacks).copied().collect()
}

/// Whether something that is said of the picture lacks which is the same in all languages.
pub fn lacks_consent(missing: &[String]) -> bool {
    let told = ["/credit", "/consent_by", "/consent_on"];
    missing.iter().any(|pointer| told.contains(&pointer.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_line_parts_paragraphs_and_a_line_alone_does_not() {
        assert_eq!(paragraphs("A\nb\n\n\n C \n"), ["A b", "C"]);
        assert!(paragraphs(" \n ").is_empty());
    }

    #[test]
    fn what_lacks_is_told_by_language() {
        let missing = ["/title/uk".to_owned(), "/text/uk".to_owned(), "/alt/en".to_owned()];
        assert_eq!(open_languages(&missing), [Language::En, Language::Uk]);
        assert!(!lacks_consent(&missing));
        assert!(lacks_consent(&["/consent_on".to_owned()]));
    }

    #[test]
    fn only_what_says_something_is_told() {
        let told = texts(["Un lac".into(), String::new(), "Озеро".into()]);
        assert_eq!(told.keys().collect::<Vec<_>>(), ["fr", "uk"]);
    }
}
