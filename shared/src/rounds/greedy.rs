//! Any with any: one side, where both cities of a pair rank it by the same total.
//!
//! Then the pairs of the whole round stand in one order, and taking them from the best down, each where both cities and
//! their countries have places, is stable: of a pair that is not taken, one city (or its country) is full of pairs that rank
//! above it. With the lots drawn it is the only stable result. A pair of two cities of one country takes one place of that
//! country.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::RoundSide;
use super::market::{Market, Pair, Rank, Stopped, Wanted, Watch};

/// Matches the one side with itself.
///
/// # Errors
/// `Stopped`, where the watch stops it.
pub fn any_with_any(market: &(impl Market + ?Sized), watch: &dyn Watch) -> Result<Vec<Pair>, Stopped> {
    let side = RoundSide::First;
    let members = market.members(side);
    let mut lists = vec![Wanted::default(); members as usize];
    let mut left: Vec<u32> = (0..members).map(|member| market.places(side, member)).collect();
    let mut caps = market.caps(side).to_vec();
    let mut order: BinaryHeap<(Rank, Reverse<u32>, u32)> = BinaryHeap::new();
    for member in 0..members {
        if member.is_multiple_of(64) && !watch.goes_on(u64::from(member), u64::from(members)) {
            return Err(Stopped);
        }
        push(market, &mut lists, &left, &mut order, member);
    }
    let mut pairs = Vec::new();
    let mut steps = 0_u32;
    while let Some((_, Reverse(one), other)) = order.pop() {
        steps += 1;
        if steps.is_multiple_of(4_096) && !watch.goes_on(u64::from(members), u64::from(members)) {
            return Err(Stopped);
        }
        lists[one as usize].pass();
        // Each pair comes from both of its lists: the smaller number's counts.
        if one < other && left[one as usize] > 0 && left[other as usize] > 0 {
            let mut countries = [market.country(side, one), market.country(side, other)];
            if countries[0] == countries[1] {
                countries[1] = None;
            }
            let concerned = countries.iter().flatten().map(|&country| country as usize);
            if concerned.clone().all(|country| caps[country] > 0) {
                concerned.for_each(|country| caps[country] -= 1);
                left[one as usize] -= 1;
                left[other as usize] -= 1;
                pairs.push((one, other));
            }
        }
        push(market, &mut lists, &left, &mut order, one);
    }
    pairs.sort_unstable();
    Ok(pairs)
}

/// Puts the next pair of a member's list in the order, unless the member is full.
fn push(
    market: &(impl Market + ?Sized),
    lists: &mut [Wanted],
    left: &[u32],
    order: &mut BinaryHeap<(Rank, Reverse<u32>, u32)>,
    member: u32,
) {
    if left[member as usize] == 0 {
        return;
    }
    if let Some((rank, other)) = lists[member as usize].peek(market, member) {
        order.push((rank, Reverse(member), other));
    }
}
