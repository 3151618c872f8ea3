//! Three-way merge: what the server had when a reader began, what the reader made of it, what the server has now.
//!
//! Forms that answer a 412 with it lose nothing: what only somebody else changed is taken over, what only the reader changed is kept, and where
//! both changed the same thing the reader's own stays and the screen offers the other.

use serde::{Deserialize, Serialize};

/// What became of one part of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// Nobody else changed it, or both made the same of it.
    Same,
    /// Somebody else changed it, the reader did not: theirs.
    Taken,
    /// Both changed it: the reader's own.
    Clash,
}

/// Merges one value.
pub fn value<T: Clone + PartialEq>(base: &T, mine: &T, theirs: &T) -> (T, Outcome) {
    if theirs == base || theirs == mine {
        (mine.clone(), Outcome::Same)
    } else if mine == base {
        (theirs.clone(), Outcome::Taken)
    } else {
        (mine.clone(), Outcome::Clash)
    }
}

/// Merges lists of things that have a key: each thing on its own, in the reader's order, what is new of theirs at the end.
pub fn list<T: Clone + PartialEq, K: PartialEq>(
    base: &[T],
    mine: &[T],
    theirs: &[T],
    key: fn(&T) -> K,
) -> (Vec<T>, Outcome) {
    let of = |list: &[T], wanted: &K| list.iter().find(|item| key(item) == *wanted).cloned();
    let mut merged = Vec::new();
    let mut worst = Outcome::Same;
    let new_of_theirs = theirs.iter().filter(|item| of(mine, &key(item)).is_none());
    let gone_from_both = |item: &&T| of(mine, &key(item)).is_none() && of(theirs, &key(item)).is_none();
    let gone = base.iter().filter(gone_from_both);
    for item in mine.iter().chain(new_of_theirs).chain(gone) {
        let key = key(item);
        let (kept, outcome) = value(&of(base, &key), &of(mine, &key), &of(theirs, &key));
        worst = worst.max(outcome);
        merged.extend(kept);
    }
    (merged, worst)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_one_side_changed_is_taken_from_it() {
        assert_eq!(value(&1, &1, &2), (2, Outcome::Taken));
        assert_eq!(value(&1, &3, &1), (3, Outcome::Same));
        assert_eq!(value(&1, &2, &2), (2, Outcome::Same));
        assert_eq!(value(&1, &3, &2), (3, Outcome::Clash));
    }

    #[test]
    fn things_of_a_list_are_merged_one_by_one() {
        let key = |(key, _): &(char, i32)| *key;
        let base = [('a', 1), ('b', 1), ('c', 1)];
        let mine = [('a', 2), ('b', 1), ('c', 1), ('d', 1)];
        let theirs = [('a', 1), ('b', 9), ('e', 1)];
        // Ours: a changed, d new. Theirs: b changed, c removed, e new.
        let (merged, outcome) = list(&base, &mine, &theirs, key);
        assert_eq!(merged, [('a', 2), ('b', 9), ('d', 1), ('e', 1)]);
        assert_eq!(outcome, Outcome::Taken);
        assert_eq!(
            list(&base, &[('a', 2)], &[('a', 3)], key),
            (vec![('a', 2)], Outcome::Clash)
        );
    }
}
