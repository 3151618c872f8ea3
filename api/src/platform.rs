//! What a request needs of the process: the database, the clock, and what is kept ready in memory.

use std::path::Path;
use std::sync::Arc;

use crate::accounts::revocation::Revocations;
use crate::accounts::service::load_tokens;
use crate::accounts::tokens::Tokens;
use crate::applications::receipts::ReceiptKeys;
use crate::clock::Clock;
use crate::db::{Db, Follower, journal};
use crate::directory::Directory;
use crate::files::Files;
use crate::matches::index::MatchIndex;
use crate::partnerships::atlas::Atlas;

/// The running platform; cheap to clone.
#[derive(Debug, Clone)]
pub struct Platform {
    /// The database.
    pub db: Db,
    /// The source of the present time.
    pub clock: Clock,
    /// All cities, kept ready in memory.
    pub directory: Arc<Directory>,
    /// All partnerships, as far as they bind authorities.
    pub atlas: Arc<Atlas>,
    /// All cities, ready to be ranked.
    pub matches: Arc<MatchIndex>,
    /// The keys of access tokens.
    pub tokens: Arc<Tokens>,
    /// The keys that receipts are signed with.
    pub receipts: Arc<ReceiptKeys>,
    /// Where documents are kept.
    pub files: Files,
}

impl Platform {
    /// Starts from a migrated database: loads what is kept in memory and follows the journal from there on.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn start(db: Db, clock: Clock) -> anyhow::Result<Self> {
        Self::start_from(db, clock, None).await
    }

    /// The same, with what a data folder keeps beside the database.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn start_from(db: Db, clock: Clock, folder: Option<&Path>) -> anyhow::Result<Self> {
        let since = journal::last_seq(&db).await?;
        let tokens = Arc::new(load_tokens(&db, &clock).await?);
        let receipts = Arc::new(ReceiptKeys::load(&db, &clock).await?);
        let atlas = Arc::new(Atlas::load(&db).await?);
        let (directory, matches) =
            tokio::try_join!(Directory::load(&db), MatchIndex::load(&db, Arc::clone(&atlas), folder))?;
        let (directory, matches) = (Arc::new(directory), Arc::new(matches));
        let revocations = Arc::new(Revocations::load(&db, Arc::clone(&tokens), clock.clone()).await?);
        db.set_followers(vec![
            Arc::clone(&directory) as Arc<dyn Follower>,
            Arc::clone(&matches) as Arc<dyn Follower>,
            revocations,
        ]);
        tokio::spawn(journal::tail(db.clone(), since));
        let getting_ready = Arc::clone(&matches);
        tokio::spawn(async move {
            if let Err(error) = getting_ready.get_ready().await {
                tracing::warn!(%error, "history is not ready: the first question waits for it");
            }
        });
        Ok(Self {
            db,
            clock,
            directory,
            atlas,
            matches,
            tokens,
            receipts,
            files: Files::in_memory(),
        })
    }

    /// With a store for documents that outlives the process.
    #[must_use]
    pub fn with_files(mut self, files: Files) -> Self {
        self.files = files;
        self
    }
}
