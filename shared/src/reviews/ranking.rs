//! The order of files by what their reviewers think of them.

use std::cmp::Ordering;

/// Totals that lie so far apart deserve a word in the committee: twenty points of a hundred.
pub const WIDE_SPREAD: u32 = 2_000;

/// A point of a hundred, in hundredths.
const POINT: u64 = 100;

/// Where a file stands among the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its place; files of equal means share one, and the next place is left out for each of them. None without a sheet.
    pub rank: Option<u32>,
    /// Whether it shares its place.
    pub tied: bool,
    /// The mean of its totals, to the nearest hundredth.
    pub mean: Option<u32>,
    /// The highest total less the lowest.
    pub spread: Option<u32>,
    /// Its sheets.
    pub sheets: u32,
}

/// The sum of a file's totals, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mean {
    sum: u64,
    count: u64,
}

impl Mean {
    fn of(totals: &[u32]) -> Self {
        Self {
            sum: totals.iter().map(|&total| u64::from(total)).sum(),
            count: totals.len() as u64,
        }
    }

    /// The mean with so many points of a hundred more.
    fn plus(self, points: u32) -> Self {
        Self {
            sum: self.sum + u64::from(points) * POINT * self.count,
            ..self
        }
    }

    /// Compares exactly: what rounds to the same hundredth is not a tie yet.
    fn cmp(self, other: Self) -> Ordering {
        (u128::from(self.sum) * u128::from(other.count)).cmp(&(u128::from(other.sum) * u128::from(self.count)))
    }

    fn rounded(self) -> Option<u32> {
        (self.count > 0)
            .then(|| u32::try_from((self.sum * 2 + self.count) / (self.count * 2)).unwrap_or(super::total::TOTAL_MAX))
    }
}

/// Where each file stands, by the totals of its filed sheets; in the order of `files`.
#[must_use]
pub fn standings<T: AsRef<[u32]>>(files: &[T]) -> Vec<Standing> {
    let none = vec![0; files.len()];
    standings_with(files, &none)
}

/// The same with what the priority of each file adds to its mean, in points of a hundred. The mean that is told stays that
/// of the sheets.
#[must_use]
pub fn standings_with<T: AsRef<[u32]>>(files: &[T], priority: &[u32]) -> Vec<Standing> {
    let plain: Vec<Mean> = files.iter().map(|totals| Mean::of(totals.as_ref())).collect();
    let points = priority.iter().copied().chain(std::iter::repeat(0));
    let means: Vec<Mean> = plain
        .iter()
        .zip(points)
        .map(|(mean, points)| mean.plus(points))
        .collect();
    let mut order: Vec<usize> = (0..files.len()).filter(|&file| means[file].count > 0).collect();
    order.sort_by(|&one, &other| means[other].cmp(means[one]));
    let mut standings: Vec<Standing> = files
        .iter()
        .zip(&plain)
        .map(|(totals, mean)| {
            let totals = totals.as_ref();
            let ends = totals.iter().min().zip(totals.iter().max());
            Standing {
                rank: None,
                tied: false,
                mean: mean.rounded(),
                spread: ends.map(|(lowest, highest)| highest - lowest),
                sheets: u32::try_from(totals.len()).unwrap_or(u32::MAX),
            }
        })
        .collect();
    let mut place = 1;
    for group in order.chunk_by(|&one, &other| means[one].cmp(means[other]) == Ordering::Equal) {
        for &file in group {
            standings[file].rank = Some(place);
            standings[file].tied = group.len() > 1;
        }
        place += u32::try_from(group.len()).unwrap_or(u32::MAX);
    }
    standings
}
