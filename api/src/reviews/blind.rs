//! Takes the names of a file's cities out of what a reviewer of a blind call reads.
//!
//! Whole names in every language of the directory, whatever follows them: endings are left, as in Ukrainian cases. What
//! the writers tell of themselves in other words stays.

use shared::budget::Budget;

/// What stands where a name stood.
pub const MASK: &str = "[…]";
/// Names of fewer letters are only taken out as a whole word: many words begin with them.
const LONG: usize = 5;

/// The names that are taken out.
#[derive(Debug, Clone, Default)]
pub struct Names(Vec<Vec<char>>);

fn small(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

impl Names {
    /// Names to be taken out.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<Vec<char>> = names
            .into_iter()
            .map(|name| name.trim().chars().map(small).collect::<Vec<char>>())
            .filter(|name| name.len() > 1)
            .collect();
        // The longest first: one may stand in another.
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.dedup();
        Self(names)
    }

    /// The text without the names.
    #[must_use]
    pub fn taken_out_of(&self, text: &str) -> String {
        let letters: Vec<char> = text.chars().collect();
        let mut told = String::with_capacity(text.len());
        let mut at = 0;
        while at < letters.len() {
            match self.length_at(&letters, at) {
                Some(length) => {
                    told.push_str(MASK);
                    at += length;
                }
                None => {
                    told.push(letters[at]);
                    at += 1;
                }
            }
        }
        told
    }

    /// The length of the name that begins at this letter.
    fn length_at(&self, letters: &[char], at: usize) -> Option<usize> {
        if at > 0 && letters[at - 1].is_alphanumeric() {
            return None;
        }
        let found = self.0.iter().find(|name| {
            let end = at + name.len();
            end <= letters.len()
                && letters[at..end]
                    .iter()
                    .map(|&letter| small(letter))
                    .eq(name.iter().copied())
                && (name.len() >= LONG || letters.get(end).is_none_or(|next| !next.is_alphanumeric()))
        });
        found.map(Vec::len)
    }

    /// The budget without who pays.
    #[must_use]
    pub fn taken_out_of_budget(&self, mut budget: Budget) -> Budget {
        for line in &mut budget.lines {
            line.label = self.taken_out_of(&line.label);
        }
        for contribution in &mut budget.contributions {
            contribution.city_id = None;
            contribution.label = self.taken_out_of(&contribution.label);
        }
        budget
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_out_whatever_their_case_and_ending() {
        let names = Names::new(["Кременчук", "Kremenchuk", "Clermont-Ferrand", "Clermont", "Die"].map(str::to_owned));
        let told = |text| names.taken_out_of(text);
        assert_eq!(
            told("Clermont-Ferrand – KREMENCHUK : une école"),
            "[…] – […] : une école"
        );
        assert_eq!(told("школа Кременчука"), "школа […]а");
        assert_eq!(told("À Die, on étudie Dieu"), "À […], on étudie Dieu");
        assert_eq!(told("d'Die"), "d'[…]");
        assert_eq!(told(""), "");
    }
}
