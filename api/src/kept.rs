//! What was read or made lately, kept up to a number: when a generation is full, it becomes the old one, and what nobody
//! asks for any more goes with the one before.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

/// Things by their key; no more than twice `generation` of them.
#[derive(Debug)]
pub(crate) struct Kept<K, V> {
    generation: usize,
    maps: RwLock<Maps<K, V>>,
}

#[derive(Debug)]
struct Maps<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    pub(crate) fn new(generation: usize) -> Self {
        Self {
            generation,
            maps: RwLock::new(Maps {
                young: HashMap::new(),
                old: HashMap::new(),
            }),
        }
    }

    /// The thing of a key.
    pub(crate) fn get<Q>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        let maps = self.maps.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = maps.young.get(key) {
            return Some(value.clone());
        }
        let value = maps.old.get(key).cloned()?;
        drop(maps);
        self.put(key.to_owned(), value.clone());
        Some(value)
    }

    /// Keeps a thing.
    pub(crate) fn put(&self, key: K, value: V) {
        let mut maps = self.maps.write().unwrap_or_else(PoisonError::into_inner);
        if maps.young.len() >= self.generation {
            maps.old = std::mem::take(&mut maps.young);
        }
        maps.young.insert(key, value);
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut maps = self.maps.write().unwrap_or_else(PoisonError::into_inner);
        maps.young.clear();
        maps.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_what_is_not_goes() {
        let kept: Kept<u32, u32> = Kept::new(10);
        for number in 0..100 {
            kept.put(number, number);
            assert_eq!(kept.get(&0), Some(0), "asked for all the time");
        }
        assert_eq!(kept.get(&50), None);
        assert_eq!(kept.get(&99), Some(99));
    }
}
