//! The index in a file of the data folder, so that a start need not make it from the whole database.
//!
//! The file says up to which place of the journal it knows the changes, and which change that is. A start takes what came
//! since from the database. Where the journal has another change at that place (a database of other origin, or one that was
//! put back), or another number of cities came out, the file is left alone and the index made from the database.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use shared::history::columns::Place;
use shared::ids::CityId;
use uuid::Uuid;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::columns::Columns;

/// Up to which change the file knows all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Until {
    /// The place in the journal.
    pub(super) seq: i64,
    /// What changed there: its id and the version that it then had.
    pub(super) version: i64,
    pub(super) id: [u8; 16],
}

/// What a file holds.
#[derive(Debug)]
pub(super) struct Kept {
    /// Most cities, with slots in the order of ids.
    pub(super) columns: Columns,
    /// What history knows of each, by slots.
    pub(super) places: Vec<Place>,
    /// The other cities: they are to be read from the database.
    pub(super) others: Vec<CityId>,
    pub(super) until: Until,
}

/// The file of a data folder.
pub(super) fn file_in(folder: &Path) -> PathBuf {
    folder.join("matches.index")
}

/// Writes the file anew: whoever reads meanwhile has the old one.
pub(super) fn write(
    folder: &Path,
    columns: &mut Columns,
    places: &[Option<Place>],
    others: &[CityId],
    until: Until,
) -> io::Result<()> {
    let mut more = until.as_bytes().to_vec();
    more.extend_from_slice((others.len() as u64).as_bytes());
    for other in others {
        more.extend_from_slice(other.0.as_bytes());
    }
    for slot in columns.slots_by_id() {
        let name = places.get(slot as usize).and_then(Option::as_ref);
        let name = name.map_or("", |place| place.name.as_str());
        let length = u16::try_from(name.len()).map_err(io::Error::other)?;
        more.extend_from_slice(length.as_bytes());
        more.extend_from_slice(name.as_bytes());
    }
    // Several processes may have one folder.
    let new = folder.join(format!("matches.index.{}", std::process::id()));
    let mut file = File::create(&new)?;
    columns.write(&mut file, &more)?;
    file.flush()?;
    file.sync_all()?;
    fs::rename(new, file_in(folder))
}

/// Reads the file.
pub(super) fn read(folder: &Path) -> io::Result<Kept> {
    let (mut columns, more) = Columns::read(&mut File::open(file_in(folder))?)?;
    columns.number_by_id();
    let mut rest = Rest(&more);
    let until = Until::read_from_bytes(rest.take(std::mem::size_of::<Until>())?).map_err(|_| ended())?;
    let count = usize::try_from(rest.number()?).map_err(io::Error::other)?;
    let others = (0..count)
        .map(|_| Ok(CityId(Uuid::from_slice(rest.take(16)?).map_err(io::Error::other)?)))
        .collect::<io::Result<Vec<CityId>>>()?;
    let mut places = Vec::with_capacity(columns.len());
    for numbers in columns.numbers_by_id() {
        let length = usize::from(u16::from_le_bytes(rest.array()?));
        let name = std::str::from_utf8(rest.take(length)?).map_err(io::Error::other)?;
        places.push(Place {
            country: numbers.country,
            population: numbers.population,
            point: numbers.point,
            name: name.to_owned(),
        });
    }
    Ok(Kept {
        columns,
        places,
        others,
        until,
    })
}

fn ended() -> io::Error {
    io::Error::from(io::ErrorKind::UnexpectedEof)
}

/// Bytes that are still to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> io::Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(ended)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let taken = self.take(N)?;
        taken.first_chunk().copied().ok_or_else(ended)
    }

    fn number(&mut self) -> io::Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }
}
