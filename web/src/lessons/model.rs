//! What the screens of lessons think, without a browser.

use crate::client;
use shared::ids::ListedLessonId;
use shared::language::{Language, Texts};
use shared::lessons::{LessonPage, LessonView};

/// The order in which one lesson has changed places with the one above it, or below it; none at the rim of the list.
pub fn moved(order: &[ListedLessonId], id: ListedLessonId, up: bool) -> Option<Vec<ListedLessonId>> {
    let at = order.iter().position(|known| *known == id)?;
    let to = if up { at.checked_sub(1)? } else { at + 1 };
    let mut order = order.to_vec();
    (to < order.len()).then(|| order.swap(at, to))?;
    Some(order)
}

/// Texts by language, without those that say nothing.
pub fn texts(words: [String; 3]) -> Texts {
    let told = Language::ALL.iter().zip(words);
    let told = told.filter(|(_, words)| !words.is_empty());
    told.map(|(language, words)| (language.tag().to_owned(), words))
        .collect()
}

/// The lessons that partnerships have proposed, with their ids, as choices.
pub async fn proposed() -> client::Answer<Vec<(String, String)>> {
    let page = client::get::<LessonPage>("/lessons?limit=100").await?;
    let choice = |lesson: LessonView| {
        let words = beginning(&lesson.text, 90);
        (lesson.id.to_string(), format!("{words} ({})", lesson.partnership_name))
    };
    Ok(page.items.into_iter().map(choice).collect())
}

/// The beginning of a text, for a list of choices.
pub fn beginning(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{whole}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_changes_places_with_its_neighbour_and_stays_at_the_rim() {
        let ids: Vec<ListedLessonId> = (1..=3)
            .map(|number| format!("01980a5c-7c00-7000-8000-00000000000{number}").parse().unwrap())
            .collect();
        assert_eq!(moved(&ids, ids[1], true), Some(vec![ids[1], ids[0], ids[2]]));
        assert_eq!(moved(&ids, ids[1], false), Some(vec![ids[0], ids[2], ids[1]]));
        assert_eq!(moved(&ids, ids[0], true), None);
        assert_eq!(moved(&ids, ids[2], false), None);
    }

    #[test]
    fn a_beginning_ends_with_a_word() {
        assert_eq!(beginning("Trier d’abord", 40), "Trier d’abord");
        assert_eq!(beginning("Спершу сортувати", 10), "Спершу…");
    }

    #[test]
    fn only_what_says_something_is_told() {
        let told = texts(["Trier".into(), String::new(), "Сортувати".into()]);
        assert_eq!(told.keys().collect::<Vec<_>>(), ["fr", "uk"]);
    }
}
