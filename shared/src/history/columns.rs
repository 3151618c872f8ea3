//! What the history knows of places, in columns, and who is whose partner.

use std::collections::HashMap;

use crate::geo::{Direction, Point};
use crate::scoring::outline::{size_of, thousandth_log2};

use super::field::Cell;
use super::lesson::Traits;

/// A place as it is told to the history.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// Its country, as a number.
    pub country: u16,
    /// Inhabitants, where known.
    pub population: Option<i64>,
    /// Where it is, where known.
    pub point: Option<Point>,
    /// Its name, folded: lower-case Latin words separated by one space.
    pub name: String,
}

/// Places, their partnerships, and what follows from both.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    pub(super) country: Vec<u16>,
    /// `1000 × log2` of the population; 0 where it is not known.
    pub(super) size: Vec<u32>,
    pub(super) sphere: Vec<Option<Sphere>>,
    words: Lists,
    grams: Lists,
    /// Rank by population in the country: `1000 × log2`, 0 for the largest; equal ones share the best of theirs.
    pub(super) rank: Vec<u32>,
    /// Place among those of known population in the country, per mille from the top.
    pub(super) standing: Vec<Option<u32>>,
    pub(super) partners: Vec<Vec<u32>>,
    pub(super) of_country: HashMap<u16, Vec<u32>>,
    pub(super) word_counts: HashMap<u32, u32>,
    /// Places that have had a partner, ascending.
    pub(super) linked: Vec<u32>,
    /// The number of a place among the linked ones; [`NOWHERE`] for others.
    pub(super) link_of: Vec<u32>,
}

/// No place at all.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Where a place is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sphere {
    pub(super) direction: Direction,
    pub(super) cell: Cell,
    /// Hundredths of the Earth's radius along its axis.
    pub(super) height: i32,
}

impl Columns {
    /// Columns of all places, and the pairs of partners among them, by their positions.
    #[must_use]
    pub fn of(places: &[Place], pairs: &[(u32, u32)]) -> Self {
        let mut columns = Self::default();
        for (at, place) in places.iter().enumerate() {
            columns.country.push(place.country);
            columns.size.push(
                place
                    .population
                    .filter(|&people| people > 0)
                    .map_or(0, |people| size_of(people).max(1)),
            );
            columns.sphere.push(place.point.map(Sphere::of));
            columns
                .words
                .push(place.name.split(' ').filter(|word| !word.is_empty()).map(hash));
            for &word in columns.words.get(at) {
                *columns.word_counts.entry(word).or_default() += 1;
            }
            columns.grams.push(grams(&place.name));
            columns.of_country.entry(place.country).or_default().push(at as u32);
            columns.partners.push(Vec::new());
        }
        columns.rank = vec![0; places.len()];
        columns.standing = vec![None; places.len()];
        let countries: Vec<u16> = columns.of_country.keys().copied().collect();
        for country in countries {
            columns.rank_country(country, |at| places[at as usize].population.unwrap_or(0).max(0));
        }
        for &(a, b) in pairs {
            columns.join(a, b);
        }
        columns.linked = (0..places.len() as u32)
            .filter(|&at| !columns.partners[at as usize].is_empty())
            .collect();
        columns.link_of = vec![NOWHERE; places.len()];
        for (number, &at) in columns.linked.iter().enumerate() {
            columns.link_of[at as usize] = number as u32;
        }
        columns
    }

    fn rank_country(&mut self, country: u16, population: impl Fn(u32) -> i64) {
        let Some(members) = self.of_country.get(&country) else {
            return;
        };
        let mut order: Vec<(i64, u32)> = members.iter().map(|&at| (-population(at), at)).collect();
        order.sort_unstable();
        let known = order.iter().filter(|(people, _)| *people < 0).count() as u64;
        let mut above = 0;
        // Equal ones have the same rank and place, whatever order they came in.
        for equal in order.chunk_by(|a, b| a.0 == b.0) {
            let count = equal.len() as u64;
            for &(people, at) in equal {
                self.rank[at as usize] = thousandth_log2(above + 1);
                self.standing[at as usize] = (people < 0).then(|| ((2 * above + count) * 500 / known) as u32);
            }
            above += count;
        }
    }

    /// How many places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.country.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.country.is_empty()
    }

    /// The places of a country, ascending.
    #[must_use]
    pub fn members(&self, country: u16) -> &[u32] {
        self.of_country.get(&country).map_or(&[], Vec::as_slice)
    }

    /// The country of a place.
    #[must_use]
    pub fn country(&self, at: u32) -> u16 {
        self.country[at as usize]
    }

    /// What tells the pair that two places make apart.
    #[must_use]
    pub fn traits(&self, us: u32, them: u32) -> Traits {
        Traits {
            our_partners: self.degree(us),
            our_country: self.country(us),
            our_size: self.size[us as usize],
            their_partners: self.degree(them),
            their_country: self.country(them),
        }
    }

    /// The partners of a place, ascending.
    #[must_use]
    pub fn partners(&self, at: u32) -> &[u32] {
        &self.partners[at as usize]
    }

    /// Makes two places partners.
    pub fn join(&mut self, a: u32, b: u32) {
        for (one, other) in [(a, b), (b, a)] {
            let partners = &mut self.partners[one as usize];
            if let Err(position) = partners.binary_search(&other) {
                partners.insert(position, other);
            }
        }
    }

    /// Parts two places.
    pub fn part(&mut self, a: u32, b: u32) {
        for (one, other) in [(a, b), (b, a)] {
            let partners = &mut self.partners[one as usize];
            if let Ok(position) = partners.binary_search(&other) {
                partners.remove(position);
            }
        }
    }

    pub(super) fn degree(&self, at: u32) -> u32 {
        self.partners[at as usize].len() as u32
    }

    /// How alike two names are: three letters in a row that both have, out of those that either has, per mille.
    pub(super) fn name_likeness(&self, a: u32, b: u32) -> u32 {
        let (ours, theirs) = (self.grams(a), self.grams(b));
        let both = common(ours, theirs).count();
        let either = ours.len() + theirs.len() - both;
        (both * 1_000).checked_div(either).unwrap_or(0) as u32
    }

    /// Words that both names have, each by its worth.
    pub(super) fn words_in_common(&self, a: u32, b: u32) -> u32 {
        common(self.words(a), self.words(b)).map(|word| self.worth(word)).sum()
    }

    /// The doublings by which a word is rarer than one in eight, in thousandths.
    pub(super) fn worth(&self, word: u32) -> u32 {
        let count = self.word_counts.get(&word).copied().unwrap_or(1);
        thousandth_log2(self.len() as u64).saturating_sub(thousandth_log2(u64::from(count)) + 3_000)
    }

    /// The words of a name by their hashes, ascending.
    pub(super) fn words(&self, at: u32) -> &[u32] {
        self.words.get(at as usize)
    }

    /// Three letters in a row of a name, ascending.
    pub(super) fn grams(&self, at: u32) -> &[u32] {
        self.grams.get(at as usize)
    }
}

impl Sphere {
    fn of(point: Point) -> Self {
        let direction = Direction::of(point);
        Self {
            direction,
            cell: Cell::of(point),
            height: (direction.height() * 100.0).round() as i32,
        }
    }
}

/// What two ascending lists have in common.
fn common<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    let mut rest = b;
    a.iter().copied().filter(move |item| {
        while rest.first().is_some_and(|first| first < item) {
            rest = &rest[1..];
        }
        rest.first() == Some(item)
    })
}

/// Ascending numbers of each place, one list behind the other: whoever goes through all places reads them in a row.
#[derive(Debug, Clone, Default)]
struct Lists {
    /// Where the list of each place ends.
    ends: Vec<u32>,
    numbers: Vec<u32>,
}

impl Lists {
    /// Adds the list of the next place; each number once, whatever order they come in.
    fn push(&mut self, numbers: impl Iterator<Item = u32>) {
        let begin = self.numbers.len();
        self.numbers.extend(numbers);
        self.numbers[begin..].sort_unstable();
        let mut kept = begin;
        for at in begin..self.numbers.len() {
            if at == begin || self.numbers[at] != self.numbers[kept - 1] {
                self.numbers[kept] = self.numbers[at];
                kept += 1;
            }
        }
        self.numbers.truncate(kept);
        self.ends.push(kept as u32);
    }

    fn get(&self, place: usize) -> &[u32] {
        let begin = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.numbers[begin as usize..self.ends[place] as usize]
    }
}

/// Three letters in a row of the name without blanks, with its beginning and its end.
fn grams(name: &str) -> impl Iterator<Item = u32> {
    let letters = name.bytes().filter(|&letter| letter != b' ');
    let mut last = [0, b'^'];
    letters.chain([b'$']).enumerate().filter_map(move |(at, letter)| {
        let [first, second] = last;
        last = [second, letter];
        (at > 0).then(|| u32::from_be_bytes([0, first, second, letter]))
    })
}

/// FNV-1a: the same number everywhere.
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
