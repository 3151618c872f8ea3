//! Where documents are kept: an object store, which is a local folder unless S3 is configured.
//!
//! A document passes through a temporary file ([`Spooled`]), so that no more than a few pieces of it are in memory while it
//! is received, looked into ([`content`]), shown to the antivirus ([`scan`]) and put away.

use std::path::Path as FilePath;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use shared::applications::AttachmentKind;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Semaphore;

pub mod content;
pub mod scan;
mod spool;

use crate::error::Error;
pub use scan::Scanner;
pub use spool::{Pieces, Spooled};

/// Read from a temporary file at once.
const PIECE: usize = 64 * 1024;
/// Sent to the object store at once: the least that S3 takes as a part.
const PART: usize = 5 * 1024 * 1024;
/// Parts on their way at the same time.
const PARTS_AT_ONCE: usize = 2;
/// Documents that are looked into at the same time.
const LOOKS_AT_ONCE: usize = 2;

/// The object store with what a document has to pass on its way there; cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    scanner: Scanner,
    looks: Arc<Semaphore>,
}

/// The bytes of a document, piece by piece.
pub type Stream = BoxStream<'static, Result<Bytes, Error>>;

impl Files {
    /// A store that ends with the process, for tests and for commands that keep no documents.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(Arc::new(InMemory::new()), Path::default(), Scanner::Off)
    }

    /// A folder, which is made where it is missing.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn in_folder(folder: &FilePath, scanner: Scanner) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let store = LocalFileSystem::new_with_prefix(folder)?
            // A document that was acknowledged is there after a power cut, as a row is.
            .with_fsync(true)
            .with_automatic_cleanup(true);
        Ok(Self::new(Arc::new(store), Path::default(), scanner))
    }

    /// What a URL names: `file:///folder` or `s3://bucket/prefix`, whose keys are among `options` (`AWS_REGION` …).
    ///
    /// # Errors
    /// For a URL of another kind, and where options are missing.
    pub fn open(url: &str, options: Vec<(String, String)>, scanner: Scanner) -> anyhow::Result<Self> {
        let url: url::Url = url.parse().with_context(|| format!("reading {url} as a URL"))?;
        match url.scheme() {
            "file" => {
                let folder = url
                    .to_file_path()
                    .map_err(|()| anyhow::anyhow!("{url} names no folder"))?;
                Self::in_folder(&folder, scanner)
            }
            "s3" => {
                let (store, prefix) = object_store::parse_url_opts(&url, options)?;
                Ok(Self::new(Arc::from(store), prefix, scanner))
            }
            other => anyhow::bail!("documents are kept in file:// or s3://, not in {other}://"),
        }
    }

    fn new(store: Arc<dyn ObjectStore>, prefix: Path, scanner: Scanner) -> Self {
        Self {
            store,
            prefix,
            scanner,
            looks: Arc::new(Semaphore::new(LOOKS_AT_ONCE)),
        }
    }

    /// Whether documents are shown to an antivirus.
    #[must_use]
    pub const fn is_scanned(&self) -> bool {
        !matches!(self.scanner, Scanner::Off)
    }

    fn path(&self, key: &str) -> Path {
        key.split('/').fold(self.prefix.clone(), |path, step| path.join(step))
    }

    /// Looks into a document: what it is, whether it unfolds within measure, and what the antivirus says.
    ///
    /// # Errors
    /// `Unreadable` with `attachment_type`, `attachment_bomb` or `attachment_infected`; `Busy` where the antivirus does not
    /// answer.
    pub async fn look(&self, file: &Spooled) -> Result<AttachmentKind, Error> {
        let _turn = self.looks.acquire().await.map_err(Error::internal)?;
        let (opened, size) = (file.reopen()?, file.size);
        let kind = tokio::task::spawn_blocking(move || content::look(opened, size))
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)?
            .map_err(|refused| refused.problem())?;
        self.scanner.require_clean(file.path()).await?;
        Ok(kind)
    }

    /// Puts a document away under a key.
    ///
    /// # Errors
    /// Internal, where the store does not take it.
    pub async fn put(&self, key: &str, file: &Spooled) -> Result<(), Error> {
        let mut from = tokio::fs::File::from_std(file.reopen()?);
        let mut to =
            BufWriter::with_capacity(Arc::clone(&self.store), self.path(key), PART).with_max_concurrency(PARTS_AT_ONCE);
        let mut piece = vec![0; PIECE];
        loop {
            let read = from.read(&mut piece).await.map_err(Error::internal)?;
            if read == 0 {
                break;
            }
            if let Err(error) = to.write_all(&piece[..read]).await {
                // What was begun is taken back; the fault that counts is the first one.
                let _ = to.abort().await;
                return Err(Error::internal(error));
            }
        }
        to.shutdown().await.map_err(Error::internal)
    }

    /// The bytes under a key.
    ///
    /// # Errors
    /// Internal, where the store does not give them.
    pub async fn get(&self, key: &str) -> Result<Stream, Error> {
        let found = self.store.get(&self.path(key)).await.map_err(Error::internal)?;
        Ok(found.into_stream().map_err(Error::internal).boxed())
    }

    /// Deletes what is under a key; nothing happens where nothing is.
    ///
    /// # Errors
    /// Internal, where the store does not answer.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        match self.store.delete(&self.path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::internal(error)),
        }
    }
}
