//! Search as you type: names in every language and codes, in one order, each to be found by its beginning and by the
//! beginning of each of its words.
//!
//! The large part of the index ([`base`]) is made at once and never changed; what changes afterwards lies beside it until
//! there is so much of it that the large part is made anew. Above each order of keys lies a tree of the best rank below
//! it, so that the best cities of a range are found without walking through it.

mod base;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use self::base::{Base, Entry, Order, starts};
pub(super) use self::base::{Material, Renewal, head_of};
use super::columns::{Cities, City, Slot};
use super::fold;

/// Slots that may lie beside the large part before it is made anew; from a large directory, an eighth of it.
const BESIDE_MIN: usize = 4_096;
/// Cities taken from a range by rank before a filter that lets few through makes walking through it cheaper.
const BY_RANK_AT_MOST: usize = 4_096;
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
    /// Slots whose keys or rank changed since the large part was made.
    beside: HashMap<Slot, Beside>,
    /// Their keys from the beginning and from each word on.
    fresh: BTreeSet<Fresh>,
    changes: u64,
}

#[derive(Debug)]
struct Beside {
    /// Which change it was.
    change: u64,
    keys: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fresh {
    text: Box<str>,
    /// How far into the key the text begins.
    skipped: Box<str>,
    slot: Slot,
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
    pub(super) fn put(&mut self, slot: Slot, keys: Arc<str>) {
        self.changes += 1;
        let beside = Beside {
            change: self.changes,
            keys: Arc::clone(&keys),
        };
        if let Some(former) = self.beside.insert(slot, beside) {
            for fresh in fresh_of(slot, &former.keys) {
                self.fresh.remove(&fresh);
            }
        }
        self.fresh.extend(fresh_of(slot, &keys));
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
        self.beside.retain(|_, beside| beside.change > renewal.changes);
        let beside = &self.beside;
        self.fresh.retain(|fresh| beside.contains_key(&fresh.slot));
    }

    fn fresh_range<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Fresh> {
        let from = Fresh {
            text: prefix.into(),
            skipped: Box::default(),
            slot: 0,
        };
        self.fresh
            .range(from..)
            .take_while(move |fresh| fresh.text.starts_with(prefix))
    }
}

/// A city's keys, from the beginning and from each word on.
fn fresh_of(slot: Slot, keys: &str) -> impl Iterator<Item = Fresh> + '_ {
    keys.lines().flat_map(move |key| {
        starts(key).map(move |start| Fresh {
            text: key[start..].into(),
            skipped: key[..start].into(),
            slot,
        })
    })
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
        index.fresh_range(&prefix).for_each(|fresh| add(fresh.slot));
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
            let mut ranked: Vec<(u32, &Entry)> = order
                .ranked(range)
                .filter(|(_, entry)| self.accepts(entry.slot))
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
        ranked.sort_by_key(|(place, ..)| *place);
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

#[cfg(test)]
mod tests;
