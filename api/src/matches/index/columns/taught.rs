//! What is learned of each city for one that asks, in the order of the columns: measured once, then read by every ranking.

use std::collections::HashMap;
use std::sync::Arc;

use super::Columns;
use super::kernel::LANE;
use super::row::Member;

/// Values in per mille, one for each city.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taught {
    /// By places of the columns.
    pub(super) values: Vec<u16>,
    /// The highest of each block.
    pub(super) most: Vec<u16>,
    /// Of those that are judged one by one, by slots.
    loose: HashMap<u32, u16>,
}

impl Taught {
    /// The value of a city that is judged by itself.
    pub(super) fn of_loose(&self, member: &Member, columns: &Columns) -> u32 {
        let known = self.loose.get(&member.slot).copied();
        // It stood in the columns when this was measured.
        let value = known.or_else(|| self.values.get(columns.column_of(columns.find(member.id)?)?).copied());
        u32::from(value.unwrap_or(0))
    }

    /// Bytes of memory that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        2 * (self.values.len() + self.most.len()) + 8 * self.loose.len()
    }
}

impl Columns {
    /// Measures the value of each city, by its slot.
    #[must_use]
    pub fn teach(&self, value: impl Fn(u32) -> u32, loose: &[Arc<Member>]) -> Taught {
        let value = |slot| u16::try_from(value(slot)).unwrap_or(u16::MAX);
        // In the order of slots what is known of one place stands near what is known of the next.
        let slots = self.rows.iter().map(|row| row.slot + 1).max().unwrap_or(0);
        let mut of_slots = vec![0; slots as usize];
        for slot in self.slots_by_id() {
            if let Some(of_slot) = of_slots.get_mut(slot as usize) {
                *of_slot = value(slot);
            }
        }
        let mut taught = Taught::default();
        for block in &self.blocks {
            let rows = &self.rows[block.row as usize..(block.row + block.len) as usize];
            let begin = taught.values.len();
            let values = rows.iter().map(|row| of_slots.get(row.slot as usize).copied());
            taught.values.extend(values.map(Option::unwrap_or_default));
            let most = taught.values[begin..].iter().copied().max();
            taught.most.push(most.unwrap_or(0));
            taught.values.resize(taught.values.len().next_multiple_of(LANE), 0);
        }
        taught.loose = loose.iter().map(|member| (member.slot, value(member.slot))).collect();
        taught
    }
}
