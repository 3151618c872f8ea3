//! What is learned of cities for one that asks, in the order of the columns: asked of a teacher where a ranking cannot do
//! without, and kept for the next ranking.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use shared::scoring::FULL;
use zerocopy::transmute;

use super::Columns;
use super::block::{BLOCK, Block};
use super::kernel::{LANE, rows_where};
use super::row::Member;

/// Knows what is learned of cities for one that asks. Its values cost something, its ceilings next to nothing.
pub trait Teacher {
    /// The value of the city in a slot, in per mille.
    fn value(&self, slot: u32) -> u32;

    /// What no city of a block exceeds.
    fn most(&self, block: usize) -> u32;

    /// What each of some cities of a block does not exceed, put where it stands among the rows of the block.
    fn ceilings(&self, block: usize, rows: Rows, ceilings: &mut [u16; BLOCK]);
}

/// Some rows of a block: one bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows([u32; 8]);

impl Iterator for Rows {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let (lane, rows) = self.0.iter_mut().enumerate().find(|(_, rows)| **rows != 0)?;
        let at = lane * LANE + rows.trailing_zeros() as usize;
        *rows &= *rows - 1;
        Some(at)
    }
}

impl Rows {
    /// So many, from the first on.
    pub(super) fn first(count: usize) -> Self {
        Self(std::array::from_fn(|lane| {
            let there = count.saturating_sub(lane * LANE).min(LANE);
            u32::try_from((1_u64 << there) - 1).unwrap_or(u32::MAX)
        }))
    }

    /// How many there are.
    pub(super) fn len(self) -> u32 {
        self.0.iter().map(|rows| rows.count_ones()).sum()
    }

    /// Whether there is none.
    pub(super) fn is_empty(self) -> bool {
        self.0 == [0; 8]
    }

    /// One bit for each.
    pub(super) const fn bits(self) -> [u32; 8] {
        self.0
    }

    /// Those that are among others, too.
    pub(super) fn and(self, others: [u32; 8]) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] & others[lane]))
    }
}

/// What a teacher told so far.
#[derive(Debug, Default)]
pub struct Taught {
    /// By places of the columns, four in each word so that many are read at a time: one more than the value with the bit
    /// [`IS_VALUE`], one more than the ceiling without it, 0 where neither was asked for.
    values: Vec<AtomicU64>,
    /// By blocks: one more than what none of its cities exceeds, 0 where that was not asked for.
    most: Vec<AtomicU16>,
    /// Of those that are judged one by one, by slots.
    loose: Mutex<HashMap<u32, u16>>,
}

/// The bit of what is a value, and no ceiling.
const IS_VALUE: u16 = 1 << 15;

/// A teacher, and what it told already.
#[derive(Clone, Copy)]
pub struct Teaching<'a> {
    /// Who knows.
    pub teacher: &'a dyn Teacher,
    /// What was told.
    pub taught: &'a Taught,
}

impl Taught {
    /// Nothing yet.
    #[must_use]
    pub fn nothing(columns: &Columns) -> Self {
        let words = columns.sizes.len().div_ceil(WORD);
        Self {
            values: std::iter::repeat_with(AtomicU64::default).take(words).collect(),
            most: columns.blocks.iter().map(|_| AtomicU16::default()).collect(),
            loose: Mutex::default(),
        }
    }

    /// Asks for the value of every city of the columns: what a ranking costs that finds them ready.
    pub fn ask_all(&self, columns: &Columns, teacher: &dyn Teacher) {
        let teaching = Teaching { teacher, taught: self };
        let mut ceilings = [0; BLOCK];
        for (number, block) in columns.blocks.iter().enumerate() {
            let rows = &columns.rows[block.row as usize..(block.row + block.len) as usize];
            for (place, row) in (block.start as usize..).zip(rows) {
                teaching.value(place, row.slot);
            }
            teaching.told(number, block, &mut ceilings);
        }
    }

    /// Bytes of memory that it takes, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let loose = self.loose.lock().unwrap_or_else(PoisonError::into_inner).len();
        8 * self.values.len() + 2 * self.most.len() + 8 * loose
    }

    /// What was told of a place.
    fn at(&self, place: usize) -> Option<u16> {
        let word = self.values.get(place / WORD)?.load(Ordering::Relaxed);
        let four: [u16; WORD] = transmute!(word);
        four[place % WORD].checked_sub(1)
    }

    /// Keeps what was told of a place, in the place of what was told before.
    fn set(&self, place: usize, value: u16) {
        let Some(word) = self.values.get(place / WORD) else {
            return;
        };
        let change = |word: u64| {
            let mut four: [u16; WORD] = transmute!(word);
            four[place % WORD] = value + 1;
            Some(transmute!(four))
        };
        word.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).ok();
    }
}

/// Places in a word of [`Taught`].
const WORD: usize = 4;

/// What is known of a number that may not be known: kept as one more.
fn known(kept: Option<&AtomicU16>) -> Option<u16> {
    // Every number is right by itself, whichever thread told it.
    kept?.load(Ordering::Relaxed).checked_sub(1)
}

fn keep(kept: Option<&AtomicU16>, value: u16) {
    if let Some(kept) = kept {
        kept.store(value + 1, Ordering::Relaxed);
    }
}

/// A value in per mille as it is kept.
fn short(value: u32) -> u16 {
    value.min(FULL) as u16
}

impl Teaching<'_> {
    /// The value of a row.
    pub(super) fn value(&self, place: usize, slot: u32) -> u32 {
        let kept = self.taught.at(place);
        let value = kept.filter(|kept| kept & IS_VALUE != 0).unwrap_or_else(|| {
            let value = IS_VALUE | short(self.teacher.value(slot));
            self.taught.set(place, value);
            value
        });
        u32::from(value & !IS_VALUE)
    }

    /// What no row of a block exceeds.
    pub(super) fn most(&self, block: usize) -> u32 {
        let kept = self.taught.most.get(block);
        let most = known(kept).unwrap_or_else(|| {
            let most = short(self.teacher.most(block));
            keep(kept, most);
            most
        });
        u32::from(most)
    }

    /// What each row of a block does not exceed, as far as it was told; the rows of which nothing was are given back.
    pub(super) fn told(&self, number: usize, block: &Block, ceilings: &mut [u16; BLOCK]) -> Rows {
        let most = self.most(number) as u16;
        // Copied first: what may change meanwhile is read word by word, what stands still many at a time. Beyond the rows
        // stands the ceiling 0.
        let mut words = [0_u64; BLOCK / WORD];
        for (copy, kept) in words.iter_mut().zip(self.kept(block)) {
            *copy = kept.load(Ordering::Relaxed);
        }
        let mut all: [u16; BLOCK] = transmute!(words);
        for beyond in all.iter_mut().skip(block.len as usize) {
            *beyond = 1;
        }
        let mut highest = 0;
        for (ceiling, kept) in ceilings.iter_mut().zip(all) {
            let told = kept.wrapping_sub(1) & !IS_VALUE;
            *ceiling = if kept == 0 { most } else { told };
            highest = highest.max(*ceiling);
        }
        if highest < most {
            keep(self.taught.most.get(number), highest);
        }
        let mut unknown = [0; 8];
        if all.contains(&0) {
            for (rows, kept) in unknown.iter_mut().zip(all.as_chunks::<LANE>().0) {
                *rows = rows_where(kept, |kept| kept == 0);
            }
        }
        Rows(unknown)
    }

    /// Asks for the ceilings of rows of which nothing was told.
    pub(super) fn ask(&self, number: usize, block: &Block, rows: Rows, ceilings: &mut [u16; BLOCK]) {
        self.teacher.ceilings(number, rows, ceilings);
        for at in rows {
            self.taught.set(block.start as usize + at, ceilings[at]);
        }
    }

    /// The words of a block, which begins with one.
    fn kept(&self, block: &Block) -> &[AtomicU64] {
        let start = block.start as usize / WORD;
        let words = start..start + (block.len as usize).div_ceil(WORD);
        self.taught.values.get(words).unwrap_or_default()
    }

    /// The value of a city that is judged by itself.
    pub(super) fn of_loose(&self, member: &Member) -> u32 {
        let mut loose = self.taught.loose.lock().unwrap_or_else(PoisonError::into_inner);
        let value = loose
            .entry(member.slot)
            .or_insert_with(|| short(self.teacher.value(member.slot)));
        u32::from(*value)
    }
}

#[cfg(test)]
pub(in crate::matches::index) mod tests {
    use super::*;

    /// A teacher whose values are given; its ceilings are higher by something that looks like chance.
    pub(in crate::matches::index) struct Given<F> {
        pub(in crate::matches::index) value: F,
        pub(in crate::matches::index) slack: u32,
        slots: Vec<Vec<u32>>,
    }

    impl<F: Fn(u32) -> u32> Given<F> {
        pub(in crate::matches::index) fn of(columns: &Columns, value: F, slack: u32) -> Self {
            Self {
                value,
                slack,
                slots: columns.slots_by_block().map(Iterator::collect).collect(),
            }
        }

        fn ceiling(&self, slot: u32) -> u32 {
            ((self.value)(slot) + slot.wrapping_mul(7_919) % (self.slack + 1)).min(FULL)
        }
    }

    impl<F: Fn(u32) -> u32> Teacher for Given<F> {
        fn value(&self, slot: u32) -> u32 {
            (self.value)(slot)
        }

        fn most(&self, block: usize) -> u32 {
            let highest = self.slots[block].iter().map(|&slot| self.ceiling(slot)).max();
            (highest.unwrap_or(0) + self.slack / 2).min(FULL)
        }

        fn ceilings(&self, block: usize, rows: Rows, ceilings: &mut [u16; BLOCK]) {
            for row in rows {
                ceilings[row] = self.ceiling(self.slots[block][row]) as u16;
            }
        }
    }

    #[test]
    fn rows_are_gone_through_in_their_order() {
        let rows = Rows([0b101, 0, 0, 1 << 31, 0, 0, 0, 1]);
        assert_eq!(rows.collect::<Vec<usize>>(), [0, 2, 127, 224]);
        assert_eq!(rows.len(), 4);
        assert_eq!(
            rows.and([1, 0, 0, 0, 0, 0, 0, u32::MAX]).collect::<Vec<usize>>(),
            [0, 224]
        );
    }
}
