//! The columns in a file, as they are in memory: a start takes them from there where nothing else happened meanwhile.
//!
//! The file is a cache: whatever is not exactly as expected (another layout, a byte that is not as it was written) makes it
//! worthless, and the columns are made from the database.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Write};

use shared::ids::NetworkId;
use uuid::Uuid;
use xxhash_rust::xxh3::Xxh3;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::block::{BLOCK, Block};
use super::kernel::{Folk, LANE, Stated};
use super::row::{Belonging, Row};
use super::{Columns, SAMPLE};

/// What the file begins with; the last digit grows with each change of what the bytes mean.
const MARK: [u8; 8] = *b"MATCHES3";
/// Lists in the file.
const LISTS: usize = 14;

#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct Head {
    mark: [u8; 8],
    /// What a build with other records or another order of bytes would not have.
    layout: u64,
    /// How long each list is.
    lengths: [u64; LISTS],
    /// How many belongings follow the lists.
    belongings: u64,
    /// The hash of all the rest.
    hash: u64,
}

/// Different for records of other sizes.
fn layout() -> u64 {
    [
        std::mem::size_of::<Row>(),
        std::mem::size_of::<Block>(),
        std::mem::size_of::<Stated>(),
        std::mem::size_of::<Folk>(),
        BLOCK,
        LANE,
        SAMPLE,
        LISTS,
    ]
    .into_iter()
    .fold(0x0102_0304_u64, |layout, size| layout.rotate_left(7) ^ size as u64)
}

/// Something with a list after the other, each seen as bytes.
trait Lists {
    fn list<T: FromBytes + IntoBytes + Immutable + KnownLayout>(&mut self, list: &mut Vec<T>) -> Result<()>;
}

fn each(columns: &mut Columns, lists: &mut impl Lists) -> Result<()> {
    lists.list(&mut columns.rows)?;
    lists.list(&mut columns.by_id)?;
    lists.list(&mut columns.pools.languages.ends)?;
    lists.list(&mut columns.pools.languages.codes)?;
    lists.list(&mut columns.pools.countries.ends)?;
    lists.list(&mut columns.pools.countries.codes)?;
    lists.list(&mut columns.blocks)?;
    lists.list(&mut columns.stated)?;
    lists.list(&mut columns.folks)?;
    lists.list(&mut columns.sizes)?;
    lists.list(&mut columns.belonging)?;
    for axis in &mut columns.axes {
        lists.list(axis)?;
    }
    Ok(())
}

/// Measures and hashes.
#[derive(Default)]
struct Measure {
    lengths: Vec<u64>,
    hash: Xxh3,
}

impl Lists for Measure {
    fn list<T: FromBytes + IntoBytes + Immutable + KnownLayout>(&mut self, list: &mut Vec<T>) -> Result<()> {
        self.lengths.push(list.len() as u64);
        self.hash.update(list.as_bytes());
        Ok(())
    }
}

struct Writing<'a>(&'a mut File);

impl Lists for Writing<'_> {
    fn list<T: FromBytes + IntoBytes + Immutable + KnownLayout>(&mut self, list: &mut Vec<T>) -> Result<()> {
        self.0.write_all(list.as_bytes())
    }
}

struct Reading<'a> {
    file: &'a mut File,
    lengths: std::slice::Iter<'a, u64>,
    /// No list is longer than the file.
    left: u64,
    hash: Xxh3,
}

impl Lists for Reading<'_> {
    fn list<T: FromBytes + IntoBytes + Immutable + KnownLayout>(&mut self, list: &mut Vec<T>) -> Result<()> {
        let length = self.lengths.next().copied().unwrap_or(0);
        let bytes = length.checked_mul(std::mem::size_of::<T>() as u64);
        self.left = bytes
            .and_then(|bytes| self.left.checked_sub(bytes))
            .ok_or(unusable("too short"))?;
        let length = usize::try_from(length).map_err(Error::other)?;
        *list = T::new_vec_zeroed(length).map_err(|_| Error::from(ErrorKind::OutOfMemory))?;
        // Some at a time: what was just read is still near when it is hashed.
        for part in list.as_mut_bytes().chunks_mut(1 << 18) {
            self.file.read_exact(part)?;
            self.hash.update(part);
        }
        Ok(())
    }
}

fn unusable(why: &'static str) -> Error {
    Error::new(ErrorKind::InvalidData, why)
}

/// A region's length and its text, or a longer length than any and an id.
fn write_belonging(bytes: &mut Vec<u8>, belonging: &Belonging) -> Result<()> {
    match belonging {
        Belonging::Own(network) => {
            bytes.push(u8::MAX);
            bytes.extend_from_slice(network.0.as_bytes());
        }
        Belonging::Region(region) => {
            let length = u8::try_from(region.len()).ok().filter(|length| *length < u8::MAX);
            bytes.push(length.ok_or(unusable("a long region"))?);
            bytes.extend_from_slice(region.as_bytes());
        }
    }
    Ok(())
}

fn read_belonging(bytes: &[u8]) -> Option<(Belonging, &[u8])> {
    let (&length, rest) = bytes.split_first()?;
    if length == u8::MAX {
        let (id, rest) = rest.split_first_chunk()?;
        return Some((Belonging::Own(NetworkId(Uuid::from_bytes(*id))), rest));
    }
    let (region, rest) = rest.split_at_checked(usize::from(length))?;
    Some((Belonging::Region(std::str::from_utf8(region).ok()?.into()), rest))
}

impl Columns {
    /// Writes the columns, and after them what belongs to them.
    ///
    /// # Errors
    /// Those of the file.
    pub fn write(&mut self, file: &mut File, more: &[u8]) -> Result<()> {
        let mut more_of_all = Vec::new();
        for belonging in &self.belongings {
            write_belonging(&mut more_of_all, belonging)?;
        }
        more_of_all.extend_from_slice(more);
        let mut measure = Measure::default();
        each(self, &mut measure)?;
        measure.hash.update(&more_of_all);
        let mut lengths = [0; LISTS];
        lengths.copy_from_slice(&measure.lengths);
        let mut head = Head {
            mark: MARK,
            layout: layout(),
            lengths,
            belongings: self.belongings.len() as u64,
            hash: 0,
        };
        measure.hash.update(head.as_bytes());
        head.hash = measure.hash.digest();
        file.write_all(head.as_bytes())?;
        each(self, &mut Writing(file))?;
        file.write_all(&more_of_all)
    }

    /// Reads columns, and what belongs to them.
    ///
    /// # Errors
    /// Those of the file, and `InvalidData` where it is not what was written.
    pub fn read(file: &mut File) -> Result<(Self, Vec<u8>)> {
        let size = file.metadata()?.len();
        let mut bytes = [0; std::mem::size_of::<Head>()];
        file.read_exact(&mut bytes)?;
        let head = Head::read_from_bytes(&bytes).map_err(|_| unusable("no head"))?;
        if head.mark != MARK || head.layout != layout() {
            return Err(unusable("of another layout"));
        }
        let mut columns = Self::default();
        let mut reading = Reading {
            file,
            lengths: head.lengths.iter(),
            left: size,
            hash: Xxh3::new(),
        };
        each(&mut columns, &mut reading)?;
        let mut hash = reading.hash;
        let mut more = Vec::new();
        file.read_to_end(&mut more)?;
        hash.update(&more);
        hash.update(Head { hash: 0, ..head }.as_bytes());
        if hash.digest() != head.hash {
            return Err(unusable("not what was written"));
        }
        let mut rest = &more[..];
        for _ in 0..head.belongings {
            let (belonging, others) = read_belonging(rest).ok_or(unusable("too short"))?;
            columns.belongings.push(belonging);
            rest = others;
        }
        let rest = rest.to_vec();
        columns.sample();
        Ok((columns, rest))
    }
}
