use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex as Lock;
use std::sync::atomic::AtomicBool;

use chrono::DateTime;
use sea_orm::ConnectionTrait;
use serde_json::json;
use shared::audit::Resource;
use tokio::sync::Notify;
use uuid::Uuid;

use super::super::{Change, Follower};
use super::*;

/// Notes of which things it was told.
#[derive(Default)]
struct Notes(Lock<Vec<u128>>);

impl Follower for Notes {
    fn follow<'a>(
        &'a self,
        _: &'a Db,
        changes: &'a [Change],
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>> {
        Box::pin(async move {
            self.0
                .lock()
                .unwrap()
                .extend(changes.iter().map(|change| change.id.as_u128()));
            Ok(())
        })
    }
}

/// A database with a table of numbers.
async fn numbers() -> (Db, Arc<Notes>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("group.sqlite").display());
    let db = Db::connect(&url).await.unwrap();
    db.migrate().await.unwrap();
    db.read()
        .execute_unprepared("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
        .await
        .unwrap();
    let notes = Arc::new(Notes::default());
    db.set_followers(vec![Arc::clone(&notes) as Arc<dyn Follower>]);
    (db, notes, folder)
}

fn caller() -> Caller {
    Caller::system(DateTime::UNIX_EPOCH)
}

async fn add(tx: &Tx<'_>, number: u8) -> Result<(), Error> {
    tx.conn()
        .execute_unprepared(&format!("INSERT INTO numbers VALUES ({number})"))
        .await?;
    let id = Uuid::from_u128(number.into());
    tx.record("create", Resource::City, id, 1, json!({})).await
}

/// What anybody else sees.
async fn seen(db: &Db) -> Vec<i64> {
    let all = sea_orm::Statement::from_string(db.backend(), "SELECT n FROM numbers ORDER BY n");
    let rows = db.read().query_all_raw(all).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn who_writes_together_commits_together_and_a_failing_work_undoes_itself_alone() {
    let (db, notes, _folder) = numbers().await;
    let (caller, go) = (caller(), Notify::new());
    let (db, go) = (&db, &go);
    let first = db.write(&caller, async |tx| {
        add(tx, 1).await?;
        go.notified().await;
        Ok(())
    });
    let second = db.write(&caller, async |tx| add(tx, 2).await);
    let denied = db.write(&caller, async |tx| {
        add(tx, 3).await?;
        Err::<(), _>(Error::NotFound)
    });
    let broken = db.write(&caller, async |tx| {
        add(tx, 4).await?;
        add(tx, 1).await
    });
    let last = db.write(&caller, async |tx| {
        assert_eq!(seen(db).await, [] as [i64; 0], "nothing is committed yet");
        add(tx, 5).await
    });
    let go_on = async {
        tokio::task::yield_now().await;
        go.notify_one();
    };
    let (first, second, denied, broken, last, ()) = tokio::join!(first, second, denied, broken, last, go_on);
    assert!(first.is_ok() && second.is_ok() && last.is_ok());
    assert!(matches!(denied, Err(Error::NotFound)));
    assert!(matches!(broken, Err(Error::Internal(_))));
    assert_eq!(seen(db).await, [1, 2, 5]);
    assert_eq!(*notes.0.lock().unwrap(), [1, 2, 5], "told before anybody is answered");
}

#[tokio::test]
async fn who_goes_away_in_the_middle_leaves_nothing_and_harms_nobody() {
    let (db, notes, _folder) = numbers().await;
    let (caller, go, written) = (caller(), Notify::new(), Notify::new());
    let (db, go, written) = (&db, &go, &written);
    let go_away_with = async |number: u8| {
        let never_ends = db.write(&caller, async |tx| {
            add(tx, number).await?;
            written.notify_one();
            std::future::pending::<Result<(), Error>>().await
        });
        tokio::select! {
            biased;
            _ = never_ends => panic!("it never ends"),
            () = written.notified() => {}
        }
    };
    // The one who has begun the transaction.
    go_away_with(1).await;
    assert!(db.write(&caller, async |tx| add(tx, 2).await).await.is_ok());
    // One in the middle of others.
    let before = db.write(&caller, async |tx| {
        add(tx, 3).await?;
        go.notified().await;
        Ok(())
    });
    let after = db.write(&caller, async |tx| add(tx, 5).await);
    let go_on = async {
        tokio::task::yield_now().await;
        go.notify_one();
    };
    let (before, (), after, ()) = tokio::join!(before, go_away_with(4), after, go_on);
    assert!(before.is_ok() && after.is_ok());
    assert_eq!(seen(db).await, [2, 3, 5]);
    assert_eq!(*notes.0.lock().unwrap(), [2, 3, 5]);
}

#[tokio::test]
async fn a_repeat_in_the_same_transaction_gets_the_first_answer() {
    let (db, _, _folder) = numbers().await;
    let keyed = Caller {
        idempotency_key: Some("k".to_owned()),
        ..caller()
    };
    let once = async |body: u8| {
        let work = async |tx: &Tx<'_>| {
            add(tx, body).await?;
            Ok(body)
        };
        db.write_once(&keyed, &body, work).await
    };
    let (first, again, other) = tokio::join!(once(7), once(7), once(8));
    let (first, again) = (first.unwrap(), again.unwrap());
    assert_eq!((first.value, first.replayed), (7, false));
    assert_eq!((again.value, again.replayed), (7, true));
    assert!(matches!(other, Err(Error::IdempotencyMismatch)));
    assert!(once(7).await.unwrap().replayed, "and later from the table");
    assert_eq!(seen(&db).await, [7]);
}

#[tokio::test]
async fn a_key_that_another_process_has_entered_is_found_at_the_commit_and_then_answers() {
    let (here, _, folder) = numbers().await;
    let url = format!("sqlite://{}", folder.path().join("group.sqlite").display());
    let there = Db::connect(&url).await.unwrap();
    let once = async |db: &Db, key: &str, body: u8| {
        let keyed = Caller {
            idempotency_key: Some(key.to_owned()),
            ..caller()
        };
        let work = async |tx: &Tx<'_>| {
            add(tx, body).await?;
            Ok(body)
        };
        db.write_once(&keyed, &body, work).await
    };
    once(&here, "a", 1).await.unwrap();
    assert!(once(&there, "a", 1).await.unwrap().replayed, "read at the first key");
    once(&there, "b", 2).await.unwrap();
    let work = async |_: &Tx<'_>| Ok(3);
    let keyed = Caller {
        idempotency_key: Some("b".to_owned()),
        ..caller()
    };
    let unknown = here.write_once(&keyed, &2_u8, work).await;
    assert!(matches!(unknown, Err(Error::Busy)), "{unknown:?}");
    let again = here.write_once(&keyed, &2_u8, work).await.unwrap();
    assert_eq!((again.value, again.replayed), (2, true));
    assert_eq!(seen(&here).await, [1, 2]);
}

/// The table of numbers.
mod number {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "numbers")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) n: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[tokio::test]
async fn rows_left_for_the_commit_are_inserted_whatever_others_undo() {
    let (db, _, _folder) = numbers().await;
    let (caller, go) = (caller(), Notify::new());
    let (db, go) = (&db, &go);
    let leave = |tx: &Tx<'_>, n: i64| tx.insert_later(number::ActiveModel::from(number::Model { n }));
    let first = db.write(&caller, async |tx| {
        leave(tx, 1);
        go.notified().await;
        Ok(())
    });
    let fail = async |left: i64, added: u8| {
        let work = async |tx: &Tx<'_>| {
            leave(tx, left);
            add(tx, added).await?;
            Err::<(), _>(Error::NotFound)
        };
        db.write(&caller, work).await
    };
    let second = db.write(&caller, async |tx| {
        leave(tx, 4);
        Ok(())
    });
    let third = db.write(&caller, async |tx| add(tx, 5).await);
    let go_on = async {
        tokio::task::yield_now().await;
        go.notify_one();
    };
    let outcomes = tokio::join!(first, fail(2, 3), second, third, fail(6, 7), go_on);
    assert!(outcomes.0.is_ok() && outcomes.2.is_ok() && outcomes.3.is_ok());
    assert!(matches!(
        (outcomes.1, outcomes.4),
        (Err(Error::NotFound), Err(Error::NotFound))
    ));
    assert_eq!(seen(db).await, [1, 4, 5]);
}

#[tokio::test]
async fn who_is_refused_and_comes_back_at_once_keeps_nobody_waiting() {
    /// So often would they come back, if nobody was answered before.
    const MOST: usize = 2_000;
    let (db, _, _folder) = numbers().await;
    let (caller, db) = (caller(), &db);
    let answered = AtomicBool::new(false);
    let good = async {
        db.write(&caller, async |tx| add(tx, 1).await).await.unwrap();
        answered.store(true, Ordering::SeqCst);
    };
    let refused = async || {
        let mut tries = 0;
        while tries < MOST && !answered.load(Ordering::SeqCst) {
            tries += 1;
            let work = db.write(&caller, async |tx| {
                add(tx, 1).await?;
                Err::<(), _>(Error::NotFound)
            });
            work.await.unwrap_err();
        }
        tries
    };
    let ((), one, two, three) = tokio::join!(good, refused(), refused(), refused());
    assert!(one.max(two).max(three) < MOST, "{one} {two} {three}");
    assert_eq!(seen(db).await, [1]);
}
