//! The waiting list of a call: files that are accepted once there is money for them, in the order of the committee's ranking
//! when they were put on it. Who leaves the list makes room: places are counted when they are asked for.

pub mod store;

/// The place of a rank among the ranks that wait; equal ranks share one.
#[must_use]
pub fn place(rank: u32, waiting: &[u32]) -> u32 {
    let ahead = waiting.iter().filter(|other| **other < rank).count();
    u32::try_from(ahead).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn equal_ranks_share_a_place_and_who_leaves_makes_room() {
        let waiting = [4, 7, 7, 9];
        assert_eq!(waiting.map(|rank| place(rank, &waiting)), [1, 2, 2, 4]);
        assert_eq!(place(9, &[7, 9]), 2);
    }
}
