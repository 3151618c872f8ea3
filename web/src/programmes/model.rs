//! What the screens about calls think, without a browser.

/// The filters of the list of calls, with the names that they have in the page's address and in the API's query.
pub const FILTERS: [&str; 3] = ["open", "state", "programme_id"];

/// What is left of a time, in the two units that say most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Two days and more.
    Days(i64),
    /// Less than two days: hours and minutes.
    Hours(i64, i64),
    /// Less than an hour: minutes and seconds.
    Minutes(i64, i64),
    /// Nothing.
    Over,
}

/// What is left of so many milliseconds; begun seconds count in full, so that a deadline never looks over too soon.
pub fn left(milliseconds: i64) -> Left {
    let seconds = milliseconds.div_euclid(1_000) + i64::from(milliseconds.rem_euclid(1_000) > 0);
    match seconds {
        ..=0 => Left::Over,
        1..3_600 => Left::Minutes(seconds / 60, seconds % 60),
        3_600..172_800 => Left::Hours(seconds / 3_600, seconds % 3_600 / 60),
        _ => Left::Days(seconds / 86_400),
    }
}

/// After how many milliseconds the words of what is left change, at most.
pub fn pace(left: Left) -> u32 {
    match left {
        Left::Days(_) => 600_000,
        Left::Hours(..) => 15_000,
        Left::Minutes(..) => 500,
        Left::Over => 3_600_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_in_the_units_that_matter() {
        assert_eq!(left(0), Left::Over);
        assert_eq!(left(-5), Left::Over);
        assert_eq!(left(1), Left::Minutes(0, 1));
        assert_eq!(left(59_000), Left::Minutes(0, 59));
        assert_eq!(left(3_600_000), Left::Hours(1, 0));
        assert_eq!(left(47 * 3_600_000 + 60_000), Left::Hours(47, 1));
        assert_eq!(left(3 * 86_400_000 - 1_000), Left::Days(2));
    }
}
