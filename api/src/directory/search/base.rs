//! The large part of the search index: made at once, never changed, shared with whoever makes the next one.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use super::super::columns::{Cities, Slot};

/// The large part.
#[derive(Debug, Default)]
pub(super) struct Base {
    pub(super) texts: Vec<Arc<str>>,
    /// Keys from their beginning.
    pub(super) whole: Order,
    /// Keys from each further word.
    pub(super) words: Order,
}

/// What a new large part is made of.
#[derive(Debug)]
pub(in crate::directory) struct Material {
    former: Arc<Base>,
    texts: Vec<Arc<str>>,
    by_population: Vec<Slot>,
    changes: u64,
}

/// A new large part, and what it has taken in.
#[derive(Debug)]
pub(in crate::directory) struct Renewal {
    pub(super) former: Arc<Base>,
    pub(super) base: Base,
    pub(super) changes: u64,
}

/// Keys in order, with the tree of ranks above them.
#[derive(Debug, Default)]
pub(super) struct Order {
    pub(super) entries: Vec<Entry>,
    /// A heap-shaped tree: node `i` has the best rank of nodes `2i` and `2i + 1`; the leaves begin at `leaves`.
    ranks: Vec<u32>,
    leaves: usize,
}

/// A key from one place on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Its first eight bytes, to compare without following the slot.
    head: u64,
    pub(super) slot: Slot,
    pub(super) start: u32,
}

impl Material {
    /// Copies what a new large part needs, so that it can be made without holding up anybody.
    pub(in crate::directory) fn of(cities: &Cities) -> Self {
        Self {
            former: Arc::clone(&cities.index.base),
            texts: cities.slots.iter().map(|city| Arc::clone(&city.keys)).collect(),
            by_population: cities.by_population.clone(),
            changes: cities.index.changes,
        }
    }

    /// Makes the large part.
    pub(in crate::directory) fn build(self) -> Renewal {
        Renewal {
            former: self.former,
            base: Base::build(self.texts, &self.by_population),
            changes: self.changes,
        }
    }
}

impl Base {
    pub(super) fn build(texts: Vec<Arc<str>>, by_population: &[Slot]) -> Self {
        let mut rank_of = vec![u32::MAX; texts.len()];
        for (rank, &slot) in (0..).zip(by_population) {
            rank_of[slot as usize] = rank;
        }
        let (mut whole, mut words) = (Vec::with_capacity(texts.len() * 3), Vec::with_capacity(texts.len()));
        for (slot, text) in (0..).zip(&texts) {
            let mut line_start = 0;
            for key in text.lines() {
                for start in starts(key) {
                    let entry = Entry {
                        head: head_of(&key.as_bytes()[start..]),
                        slot,
                        start: u32::try_from(line_start + start).unwrap_or(u32::MAX),
                    };
                    if start == 0 {
                        whole.push(entry)
                    } else {
                        words.push(entry)
                    }
                }
                line_start += key.len() + 1;
            }
        }
        let (whole, words) = std::thread::scope(|scope| {
            let words = scope.spawn(|| Order::build(words, &texts, &rank_of));
            let whole = Order::build(whole, &texts, &rank_of);
            // A panic there is one here.
            (
                whole,
                words.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            )
        });
        Self { texts, whole, words }
    }
}

/// Where a key's words begin.
pub(super) fn starts(key: &str) -> impl Iterator<Item = usize> + '_ {
    let first = (!key.is_empty()).then_some(0);
    first.into_iter().chain(
        key.match_indices(' ')
            .map(|(space, _)| space + 1)
            .filter(|&start| start < key.len()),
    )
}

/// The first eight bytes, the first the most significant; a shorter text is filled up with zeros.
pub(in crate::directory) fn head_of(text: &[u8]) -> u64 {
    let mut head = [0; 8];
    let length = text.len().min(8);
    head[..length].copy_from_slice(&text[..length]);
    u64::from_be_bytes(head)
}

impl Entry {
    /// The key from its place on, to the end of its line.
    fn text<'a>(&self, texts: &'a [Arc<str>]) -> &'a str {
        let rest = texts
            .get(self.slot as usize)
            .and_then(|text| text.get(self.start as usize..))
            .unwrap_or_default();
        rest.split('\n').next().unwrap_or_default()
    }

    /// Compares what follows two equal heads.
    fn cmp_behind_head(&self, other: &Self, texts: &[Arc<str>]) -> Ordering {
        // Shorter texts are wholly in their heads.
        if self.head & 0xff == 0 {
            return Ordering::Equal;
        }
        let rest = |entry: &Self| {
            let text = texts.get(entry.slot as usize).map_or("", |text| text);
            text.as_bytes().get(entry.start as usize + 8..).unwrap_or_default()
        };
        let (a, b) = (rest(self), rest(other));
        let byte_of_line = |text: &[u8], at: usize| text.get(at).copied().filter(|&byte| byte != b'\n');
        for at in 0.. {
            let (a, b) = (byte_of_line(a, at), byte_of_line(b, at));
            if a != b || a.is_none() {
                return a.cmp(&b);
            }
        }
        Ordering::Equal
    }

    /// The whole key.
    pub(super) fn key<'a>(&self, texts: &'a [Arc<str>]) -> &'a str {
        let text: &str = texts.get(self.slot as usize).map(AsRef::as_ref).unwrap_or_default();
        let start = self.start as usize;
        let begin = text
            .get(..start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        text.get(begin..)
            .and_then(|rest| rest.split('\n').next())
            .unwrap_or_default()
    }
}

impl Order {
    fn build(mut entries: Vec<Entry>, texts: &[Arc<str>], rank_of: &[u32]) -> Self {
        entries.sort_unstable_by(|a, b| {
            a.head
                .cmp(&b.head)
                .then_with(|| a.cmp_behind_head(b, texts))
                .then_with(|| a.slot.cmp(&b.slot))
        });
        let leaves = entries.len().next_power_of_two();
        let mut ranks = vec![u32::MAX; 2 * leaves];
        for (entry, rank) in entries.iter().zip(&mut ranks[leaves..]) {
            *rank = rank_of[entry.slot as usize];
        }
        for node in (1..leaves).rev() {
            ranks[node] = ranks[2 * node].min(ranks[2 * node + 1]);
        }
        Self { entries, ranks, leaves }
    }

    /// The entries that begin with `prefix`, and how many of the first are nothing but it.
    pub(super) fn range(&self, prefix: &str, texts: &[Arc<str>]) -> (Range<usize>, usize) {
        let bytes = prefix.as_bytes();
        let head = head_of(bytes);
        let from = self
            .entries
            .partition_point(|entry| entry.head < head || (entry.head == head && entry.text(texts) < prefix));
        let rest = &self.entries[from..];
        let count = if bytes.len() <= 8 {
            // The beginning lies in the head: no text needs to be looked at.
            let free = 8 * (8 - bytes.len() as u32);
            let last = if free == 64 { u64::MAX } else { head | ((1 << free) - 1) };
            rest.partition_point(|entry| entry.head <= last)
        } else {
            rest.partition_point(|entry| entry.head == head && entry.text(texts).starts_with(prefix))
        };
        let exact = rest[..count].partition_point(|entry| entry.text(texts).len() == bytes.len());
        (from..from + count, exact)
    }

    /// The entries of a range with their rank, in the order of their keys.
    pub(super) fn ranked(&self, range: Range<usize>) -> impl Iterator<Item = (u32, &Entry)> {
        let ranks = self.ranks.iter().skip(self.leaves + range.start);
        ranks.copied().zip(&self.entries[range])
    }

    /// The entries of a range by rank, the best first.
    pub(super) fn by_rank(&self, range: Range<usize>) -> impl Iterator<Item = &Entry> {
        let mut nodes = BinaryHeap::new();
        let (mut low, mut high) = (range.start + self.leaves, range.end + self.leaves);
        while low < high {
            if low & 1 == 1 {
                nodes.push(Reverse((self.ranks[low], low)));
                low += 1;
            }
            if high & 1 == 1 {
                high -= 1;
                nodes.push(Reverse((self.ranks[high], high)));
            }
            low /= 2;
            high /= 2;
        }
        std::iter::from_fn(move || {
            while let Some(Reverse((_, node))) = nodes.pop() {
                if node >= self.leaves {
                    return self.entries.get(node - self.leaves);
                }
                for child in [2 * node, 2 * node + 1] {
                    nodes.push(Reverse((self.ranks[child], child)));
                }
            }
            None
        })
    }
}
