//! Search as you type: names in every language and codes, in one order, each to be found by its beginning and by the
//! beginning of each of its words.
//!
//! The large part of the index ([`Base`]) is made at once and never changed; what changes afterwards lies beside it until
//! there is so much of it that the large part is made anew. Above each order of keys lies a tree of the best rank below
//! it, so that the best cities of a range are found without walking through it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::columns::{Cities, City, Slot};
use super::fold;

/// Slots that may lie beside the large part before it is made anew; from a large directory, an eighth of it.
const BESIDE_MIN: usize = 4_096;
/// Cities taken from a range by rank before a filter that lets few through makes walking through it cheaper.
const BY_RANK_AT_MOST: usize = 512;
/// Shortest search for which a slip of the finger is forgiven, in letters.
const FORGIVEN_FROM: usize = 5;
/// Longest such search.
const FORGIVEN_TO: usize = 24;

/// How well a key matches: the smaller the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The whole key.
    Exact,
    /// The beginning of the key.
    Beginning,
    /// The beginning of one of its words.
    Word,
}

/// The keys of all cities.
#[derive(Debug, Default)]
pub(super) struct Index {
    base: Arc<Base>,
    /// Slots whose keys or rank changed since the large part was made, with when.
    beside: HashMap<Slot, u64>,
    /// Their keys from the beginning and from each word on, in order.
    fresh: Vec<Fresh>,
    changes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fresh {
    text: Box<str>,
    /// How far into the key the text begins.
    skipped: Box<str>,
    slot: Slot,
}

/// The large part.
#[derive(Debug, Default)]
pub(super) struct Base {
    texts: Vec<Arc<str>>,
    /// Keys from their beginning.
    whole: Order,
    /// Keys from each further word.
    words: Order,
}

/// What a new large part is made of.
#[derive(Debug)]
pub(super) struct Material {
    former: Arc<Base>,
    texts: Vec<Arc<str>>,
    by_population: Vec<Slot>,
    changes: u64,
}

/// A new large part, and what it has taken in.
#[derive(Debug)]
pub(super) struct Renewal {
    former: Arc<Base>,
    base: Base,
    changes: u64,
}

/// Keys in order, with the tree of ranks above them.
#[derive(Debug, Default)]
struct Order {
    entries: Vec<Entry>,
    /// A heap-shaped tree: node `i` has the best rank of nodes `2i` and `2i + 1`; the leaves begin at `leaves`.
    ranks: Vec<u32>,
    leaves: usize,
}

/// A key from one place on.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Its first eight bytes, to compare without following the slot.
    head: u64,
    slot: Slot,
    start: u32,
}

/// A city that matches.
struct Hit<'a> {
    fit: Fit,
    slot: Slot,
    key: &'a str,
}

impl Index {
    /// Makes the index of all cities; the rank of a city is its place in `by_population`.
    pub(super) fn build(texts: Vec<Arc<str>>, by_population: &[Slot]) -> Self {
        Self {
            base: Arc::new(Base::build(texts, by_population)),
            ..Self::default()
        }
    }

    /// Takes in a city's keys as they now are.
    pub(super) fn put(&mut self, slot: Slot, keys: &str) {
        self.changes += 1;
        if self.beside.insert(slot, self.changes).is_some() {
            self.fresh.retain(|fresh| fresh.slot != slot);
        }
        for key in keys.lines() {
            for start in starts(key) {
                let fresh = Fresh {
                    text: key[start..].into(),
                    skipped: key[..start].into(),
                    slot,
                };
                let at = self.fresh.partition_point(|other| *other < fresh);
                self.fresh.insert(at, fresh);
            }
        }
    }

    /// Whether so much lies beside the large part that it should be made anew.
    pub(super) fn is_overgrown(&self) -> bool {
        self.beside.len() > BESIDE_MIN.max(self.base.texts.len() / 8)
    }

    /// Takes in a new large part, unless the whole index was made anew in the meantime; what changed while it was made
    /// stays beside it.
    pub(super) fn renew(&mut self, renewal: Renewal) {
        if !Arc::ptr_eq(&self.base, &renewal.former) {
            return;
        }
        self.base = Arc::new(renewal.base);
        self.beside.retain(|_, change| *change > renewal.changes);
        let beside = &self.beside;
        self.fresh.retain(|fresh| beside.contains_key(&fresh.slot));
    }

    fn fresh_range(&self, prefix: &str) -> &[Fresh] {
        let from = self.fresh.partition_point(|fresh| *fresh.text < *prefix);
        let rest = &self.fresh[from..];
        let to = rest.partition_point(|fresh| fresh.text.starts_with(prefix));
        &rest[..to]
    }
}

impl Material {
    /// Copies what a new large part needs, so that it can be made without holding up anybody.
    pub(super) fn of(cities: &Cities) -> Self {
        Self {
            former: Arc::clone(&cities.index.base),
            texts: cities.slots.iter().map(|city| Arc::clone(&city.keys)).collect(),
            by_population: cities.by_population.clone(),
            changes: cities.index.changes,
        }
    }

    /// Makes the large part.
    pub(super) fn build(self) -> Renewal {
        Renewal {
            former: self.former,
            base: Base::build(self.texts, &self.by_population),
            changes: self.changes,
        }
    }
}

impl Base {
    fn build(texts: Vec<Arc<str>>, by_population: &[Slot]) -> Self {
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
        let (whole, words) = (
            Order::build(whole, &texts, &rank_of),
            Order::build(words, &texts, &rank_of),
        );
        Self { texts, whole, words }
    }
}

/// Where a key's words begin.
fn starts(key: &str) -> impl Iterator<Item = usize> + '_ {
    let first = (!key.is_empty()).then_some(0);
    first.into_iter().chain(
        key.match_indices(' ')
            .map(|(space, _)| space + 1)
            .filter(|&start| start < key.len()),
    )
}

/// The first eight bytes, the first the most significant; a shorter text is filled up with zeros.
fn head_of(text: &[u8]) -> u64 {
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

    /// The whole key.
    fn key<'a>(&self, texts: &'a [Arc<str>]) -> &'a str {
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
                .then_with(|| a.text(texts).cmp(b.text(texts)))
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
    fn range(&self, prefix: &str, texts: &[Arc<str>]) -> (Range<usize>, usize) {
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

    /// The entries of a range by rank, the best first.
    fn by_rank(&self, range: Range<usize>) -> impl Iterator<Item = &Entry> {
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

/// What is searched for.
pub(super) struct Wanted<'a> {
    /// The words as they were typed.
    pub(super) text: &'a str,
    /// Most cities to be given.
    pub(super) limit: usize,
}

/// The cities that match, best first, each with the key that matched; `accept` lets through whom the filters want.
pub(super) fn find<'a>(
    cities: &'a Cities,
    wanted: &Wanted<'_>,
    accept: impl Fn(&City) -> bool,
) -> Vec<(&'a City, &'a str)> {
    let search = Search {
        cities,
        accept: &accept,
        limit: wanted.limit,
    };
    let prefixes = fold::prefixes(wanted.text);
    let mut hits = Vec::new();
    for prefix in &prefixes {
        search.collect(prefix, true, &mut hits);
    }
    let forgiven = |prefix: &&String| prefix.is_ascii() && (FORGIVEN_FROM..=FORGIVEN_TO).contains(&prefix.len());
    if hits.is_empty()
        && let Some(prefix) = prefixes.first().filter(forgiven)
    {
        for slip in slips(prefix) {
            search.collect(&slip, false, &mut hits);
        }
    }
    search.best(hits)
}

/// The slots of all cities that match, as a set of bits.
pub(super) fn find_all(cities: &Cities, text: &str) -> Vec<u64> {
    let mut found = vec![0_u64; cities.slots.len().div_ceil(64)];
    let mut add = |slot: Slot| {
        if let Some(bits) = found.get_mut(slot as usize / 64) {
            *bits |= 1 << (slot % 64);
        }
    };
    let (index, base) = (&cities.index, &cities.index.base);
    for prefix in fold::prefixes(text) {
        for order in [&base.whole, &base.words] {
            let (range, _) = order.range(&prefix, &base.texts);
            for entry in &order.entries[range] {
                if !index.beside.contains_key(&entry.slot) {
                    add(entry.slot);
                }
            }
        }
        index.fresh_range(&prefix).iter().for_each(|fresh| add(fresh.slot));
    }
    found
}

struct Search<'a, 'f, F> {
    cities: &'a Cities,
    accept: &'f F,
    limit: usize,
}

impl<'a, F: Fn(&City) -> bool> Search<'a, '_, F> {
    /// Adds the best cities whose keys begin with `prefix`, as many as the limit asks for.
    fn collect(&self, prefix: &str, with_words: bool, hits: &mut Vec<Hit<'a>>) {
        let index = &self.cities.index;
        let base = &*index.base;
        let (whole, exact) = base.whole.range(prefix, &base.texts);
        let (equal, longer) = (whole.start..whole.start + exact, whole.start + exact..whole.end);
        let mut found = self.take(&base.whole, equal, Fit::Exact, hits);
        if found < self.limit {
            found += self.take(&base.whole, longer, Fit::Beginning, hits);
        }
        if found < self.limit && with_words {
            let (words, _) = base.words.range(prefix, &base.texts);
            self.take(&base.words, words, Fit::Word, hits);
        }
        for fresh in index.fresh_range(prefix) {
            let fit = match (fresh.skipped.is_empty(), fresh.text.len() == prefix.len()) {
                (true, true) => Fit::Exact,
                (true, false) => Fit::Beginning,
                (false, _) => Fit::Word,
            };
            let city = &self.cities.slots[fresh.slot as usize];
            if (fit != Fit::Word || with_words) && (self.accept)(city) {
                let key = city
                    .keys
                    .lines()
                    .find(|key| key.len() == fresh.skipped.len() + fresh.text.len() && key.ends_with(&*fresh.text))
                    .unwrap_or_default();
                hits.push(Hit {
                    fit,
                    slot: fresh.slot,
                    key,
                });
            }
        }
    }

    fn take(&self, order: &'a Order, range: Range<usize>, fit: Fit, hits: &mut Vec<Hit<'a>>) -> usize {
        let texts = &self.cities.index.base.texts;
        let first = hits.len();
        let mut looked_at = 0;
        for entry in order.by_rank(range.clone()) {
            looked_at += 1;
            if looked_at > BY_RANK_AT_MOST {
                break;
            }
            self.consider(entry, texts, fit, first, hits);
            if hits.len() - first == self.limit {
                return self.limit;
            }
        }
        if looked_at > BY_RANK_AT_MOST {
            // The filters let few through: walk through the range once.
            hits.truncate(first);
            let mut ranked: Vec<(u32, &Entry)> = order.entries[range.clone()]
                .iter()
                .zip(&order.ranks[order.leaves + range.start..])
                .filter(|(entry, _)| self.accepts(entry.slot))
                .map(|(entry, &rank)| (rank, entry))
                .collect();
            ranked.sort_unstable_by_key(|(rank, entry)| (*rank, entry.start));
            for (_, entry) in ranked {
                self.consider(entry, texts, fit, first, hits);
                if hits.len() - first == self.limit {
                    break;
                }
            }
        }
        hits.len() - first
    }

    fn accepts(&self, slot: Slot) -> bool {
        !self.cities.index.beside.contains_key(&slot) && (self.accept)(&self.cities.slots[slot as usize])
    }

    fn consider(&self, entry: &Entry, texts: &'a [Arc<str>], fit: Fit, first: usize, hits: &mut Vec<Hit<'a>>) {
        if hits[first..].iter().all(|hit| hit.slot != entry.slot) && self.accepts(entry.slot) {
            hits.push(Hit {
                fit,
                slot: entry.slot,
                key: entry.key(texts),
            });
        }
    }

    /// Each city once, by fit and then by population.
    fn best(&self, hits: Vec<Hit<'a>>) -> Vec<(&'a City, &'a str)> {
        let mut ranked: Vec<_> = hits
            .into_iter()
            .map(|hit| {
                let city = &self.cities.slots[hit.slot as usize];
                ((hit.fit, city.population_key()), city, hit.key)
            })
            .collect();
        ranked.sort_by(|a, b| a.0.cmp(&b.0));
        let mut best: Vec<(&City, &str)> = Vec::with_capacity(self.limit);
        for (_, city, key) in ranked {
            if best.iter().all(|(known, _)| known.summary.id != city.summary.id) {
                best.push((city, key));
                if best.len() == self.limit {
                    break;
                }
            }
        }
        best
    }
}

/// What one slip of the finger makes of a search: a letter too few, too many, another one, or two in the wrong order.
fn slips(text: &str) -> Vec<String> {
    let mut slips = Vec::with_capacity(text.len() * 54);
    // The first letter is hardly ever wrong.
    for at in 1..=text.len() {
        let (before, rest) = text.split_at(at);
        let after = rest.get(1..);
        for letter in 'a'..='z' {
            slips.push(format!("{before}{letter}{rest}"));
            if let Some(after) = after {
                slips.push(format!("{before}{letter}{after}"));
            }
        }
        if let Some(after) = after {
            slips.push(format!("{before}{after}"));
            let mut letters = rest.chars();
            if let (Some(a), Some(b)) = (letters.next(), letters.next()) {
                slips.push(format!("{before}{b}{a}{}", letters.as_str()));
            }
        }
    }
    slips
}
