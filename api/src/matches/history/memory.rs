//! The places and partnerships that history is judged by, kept in memory.
//!
//! It is told of changes at once and works them in when somebody asks: a small directory before it answers, a large one
//! beside the answers, which rest on what was known a moment before until then. What bars a pair (partners already, bans)
//! is never taken from here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use shared::history::Judgement;
use shared::history::ceiling::{Asking, Ceiling, Hood, HoodCeiling, Look};
use shared::history::columns::{Columns, Place};
use shared::history::lesson::AskedScale;
use shared::history::precedents::Precedent;
use shared::history::signs::{Asked, Told as Telling, Walks};
use shared::history::surroundings::Surroundings;

use crate::error::Error;

/// Up to so many places a change is worked in before the answer.
const AT_ONCE: usize = 20_000;

/// What is told, and what is made of it.
#[derive(Debug, Default)]
pub struct Memory {
    told: Mutex<Told>,
    known: RwLock<Option<Arc<Known>>>,
    at_work: AtomicBool,
    /// Held by who works in what was told before the answer: the others wait, and find it done.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Told {
    places: Vec<Option<Place>>,
    stale: bool,
}

/// Places and partnerships at one time.
#[derive(Debug)]
pub struct Known {
    columns: Columns,
    around: Surroundings,
}

impl Memory {
    /// Notes what is known of the place at a position.
    pub fn tell(&self, at: usize, place: Place) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.places.len() <= at {
            told.places.resize(at + 1, None);
        }
        let place = Some(place);
        if let Some(known) = told.places.get_mut(at)
            && *known != place
        {
            *known = place;
            told.stale = true;
        }
    }

    /// Notes what is known of all places.
    pub fn tell_all(&self, places: Vec<Place>) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.places = places.into_iter().map(Some).collect();
        told.stale = true;
    }

    /// Looks at what was told of all places.
    pub fn look_at_places<T>(&self, look: impl FnOnce(&[Option<Place>]) -> T) -> T {
        look(&self.told.lock().unwrap_or_else(PoisonError::into_inner).places)
    }

    /// Notes that partnerships changed.
    pub fn tell_of_partnerships(&self) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).stale = true;
    }

    /// What is known now; `pairs` gives who is whose partner, by positions.
    ///
    /// # Errors
    /// Where the work stopped.
    pub async fn known<P>(self: &Arc<Self>, pairs: P) -> Result<Arc<Known>, Error>
    where
        P: FnOnce() -> Vec<(u32, u32)> + Send + 'static,
    {
        let (is_stale, many) = self.state();
        if let Some(known) = self.latest() {
            if !is_stale {
                return Ok(known);
            }
            if many > AT_ONCE {
                if !self.at_work.swap(true, Ordering::SeqCst) {
                    let memory = Arc::clone(self);
                    tokio::task::spawn_blocking(move || {
                        memory.work_in(pairs);
                        memory.at_work.store(false, Ordering::SeqCst);
                    });
                }
                return Ok(known);
            }
        }
        let _turn = self.turn.lock().await;
        if let Some(known) = self.latest().filter(|_| !self.state().0) {
            return Ok(known);
        }
        let memory = Arc::clone(self);
        tokio::task::spawn_blocking(move || memory.work_in(pairs))
            .await
            .map_err(Error::internal)
    }

    /// Whether something was told since, and how many places there are.
    fn state(&self) -> (bool, usize) {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        (told.stale, told.places.len())
    }

    fn latest(&self) -> Option<Arc<Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn work_in(&self, pairs: impl FnOnce() -> Vec<(u32, u32)>) -> Arc<Known> {
        let places: Vec<Place> = {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            // Whatever changes from here on makes it stale again.
            told.stale = false;
            told.places
                .iter()
                .map(|place| place.clone().unwrap_or_default())
                .collect()
        };
        let all = places.len() as u32;
        let pairs: Vec<(u32, u32)> = pairs().into_iter().filter(|&(a, b)| a.max(b) < all).collect();
        let columns = Columns::of(&places, &pairs);
        let known = Arc::new(Known {
            around: Surroundings::of(&columns),
            columns,
        });
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        known
    }
}

impl Known {
    /// How many places are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// What is true of places that stand together, and what can be told of each without asking who for.
    pub fn hood(&self, places: impl Iterator<Item = u32>) -> (Hood, Vec<Look>) {
        Hood::of(&self.columns, &self.around, places)
    }

    /// What history says of partners for a place; candidates only of one country, if one is named. None for a place that
    /// is not known yet.
    #[must_use]
    pub fn asked(&self, us: usize, within: Option<u16>) -> Option<History<'_>> {
        (us < self.columns.len()).then(|| History {
            scale: super::in_use().asked(&self.columns, us as u32),
            asked: Asked::by(&self.columns, &self.around, us as u32, within, None),
            columns: &self.columns,
            around: &self.around,
        })
    }

    /// The same again for a place, from what was kept of it.
    #[must_use]
    pub fn asked_again(&self, us: usize, walks: Arc<Walks>) -> History<'_> {
        History {
            scale: super::in_use().asked(&self.columns, us as u32),
            asked: Asked::again(&self.columns, &self.around, walks),
            columns: &self.columns,
            around: &self.around,
        }
    }
}

/// What history says of a city's possible partners.
#[derive(Debug)]
pub struct History<'a> {
    scale: AskedScale<'static>,
    asked: Asked<'a>,
    columns: &'a Columns,
    around: &'a Surroundings,
}

impl History<'_> {
    /// The value of a pair in per mille; nothing for a place that is not known yet.
    #[must_use]
    pub fn value(&self, them: usize) -> u32 {
        if them >= self.columns.len() {
            return 0;
        }
        let signs = self.asked.signs(them as u32);
        self.scale.value(self.columns, them as u32, &signs)
    }

    /// The value with all its points.
    #[must_use]
    pub fn judgement(&self, them: usize) -> Option<Judgement> {
        (them < self.columns.len()).then(|| {
            let signs = self.asked.signs(them as u32);
            self.scale.judge(self.columns, them as u32, &signs)
        })
    }

    /// What no value exceeds, to be kept with the walks.
    #[must_use]
    pub fn ceiling(&self) -> Ceiling {
        Ceiling::of(self.columns, self.asked.walks(), &self.scale)
    }

    /// What no value of places that stand together exceeds.
    #[must_use]
    pub fn ceilings<'c>(&'c self, ceiling: &'c Ceiling, hood: &'c Hood) -> HoodCeiling<'c> {
        let asking = Asking {
            ceiling,
            scale: &self.scale,
            around: self.around,
        };
        asking.over(hood)
    }

    /// What can be kept of it, where candidates of every country were asked for.
    #[must_use]
    pub fn walks(&self) -> Arc<Walks> {
        self.asked.walks()
    }

    /// Which partnerships speak for candidates.
    #[must_use]
    pub fn telling(&self) -> Telling<'_> {
        self.asked.told()
    }

    /// Those that speak for one.
    #[must_use]
    pub fn precedents(&self, telling: &Telling<'_>, them: usize) -> Vec<Precedent> {
        if them < self.columns.len() {
            telling.precedents(them as u32)
        } else {
            Vec::new()
        }
    }
}
