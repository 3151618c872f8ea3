//! A document on its way in: in a temporary file, counted and hashed as it arrives.

use std::fs::File;
use std::path::Path;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt as _;

use crate::error::Error;
use crate::hash::hex;

/// A body that arrives piece by piece.
pub trait Pieces {
    /// How long it is, where that is told before.
    fn told_size(&self) -> Option<u64>;

    /// The next piece; none at its end.
    ///
    /// # Errors
    /// `Unreadable`, where it breaks off.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, Error>>;
}

/// A document that is here already, as one piece.
impl Pieces for Option<Bytes> {
    fn told_size(&self) -> Option<u64> {
        self.as_ref().map(|bytes| bytes.len() as u64)
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        Ok(self.take())
    }
}

/// A document in a temporary file, which goes with it.
#[derive(Debug)]
pub struct Spooled {
    file: NamedTempFile,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Spooled {
    /// Receives a document of at most `max` bytes.
    ///
    /// # Errors
    /// `too_large`, also before anything of it is read where its size is told; `invalid` for an empty one; `Unreadable`
    /// where it breaks off.
    pub async fn receive(mut body: impl Pieces, max: u64) -> Result<Self, Error> {
        if body.told_size().is_some_and(|told| told > max) {
            return Err(too_large(max));
        }
        let file = tokio::task::spawn_blocking(NamedTempFile::new)
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)?;
        let mut writer = tokio::fs::File::from_std(file.reopen().map_err(Error::internal)?);
        let (mut size, mut hash) = (0_u64, Sha256::new());
        while let Some(piece) = body.next().await? {
            size += piece.len() as u64;
            if size > max {
                return Err(too_large(max));
            }
            hash.update(&piece);
            writer.write_all(&piece).await.map_err(Error::internal)?;
        }
        writer.flush().await.map_err(Error::internal)?;
        if size == 0 {
            return Err(Error::field(FieldError::new("", FieldCode::Required)));
        }
        Ok(Self {
            file,
            size,
            sha256: hex(&hash.finalize()),
        })
    }

    /// Opens it to be read from its beginning.
    ///
    /// # Errors
    /// Internal, where it is gone.
    pub fn reopen(&self) -> Result<File, Error> {
        self.file.reopen().map_err(Error::internal)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }
}

fn too_large(max: u64) -> Error {
    Error::Unreadable {
        code: ProblemCode::TooLarge,
        detail: format!("at most {max} bytes are taken here"),
        errors: vec![FieldError::new("", FieldCode::Range).with("max", max)],
    }
}
