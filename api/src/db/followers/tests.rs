use std::sync::atomic::{AtomicBool, Ordering};

use shared::audit::Resource;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::*;

/// Notes what it is told, once it is let.
struct Slow {
    let_through: Semaphore,
    fails: AtomicBool,
    told: Mutex<Vec<Vec<i64>>>,
}

impl Follower for Slow {
    fn follow<'a>(
        &'a self,
        _: &'a Db,
        changes: &'a [Change],
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>> {
        Box::pin(async move {
            self.let_through.acquire().await.unwrap().forget();
            if self.fails.swap(false, Ordering::SeqCst) {
                return Err(Error::Busy);
            }
            locked(&self.told).push(changes.iter().map(|change| change.seq).collect());
            Ok(())
        })
    }
}

/// Followers of a database that nobody reads, with the one that is told.
async fn followers() -> (Db, Followers, Arc<Slow>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("unread.sqlite").display());
    let slow = Arc::new(Slow {
        let_through: Semaphore::new(0),
        fails: AtomicBool::new(false),
        told: Mutex::default(),
    });
    let followers = Followers::default();
    followers.set(vec![Arc::clone(&slow) as Arc<dyn Follower>]);
    (Db::connect(&url).await.unwrap(), followers, slow, folder)
}

fn change(seq: i64) -> Change {
    Change {
        seq,
        resource: Resource::City,
        id: Uuid::nil(),
        version: 1,
    }
}

/// Lets a teller go as far as it comes without the others.
async fn begin(teller: &mut (impl Future<Output = bool> + Unpin)) {
    tokio::select! {
        biased;
        _ = teller => panic!("it waits for the follower or for its turn"),
        () = std::future::ready(()) => {}
    }
}

#[tokio::test]
async fn commits_that_come_while_the_followers_read_are_told_together_and_each_caller_waits_for_its_own() {
    let (db, followers, slow, _folder) = followers().await;
    let (changes, others) = ([change(1)], [[change(3)], [change(2)]]);
    let mut first = Box::pin(followers.tell(&db, &changes));
    let mut second = Box::pin(followers.tell(&db, &others[0]));
    let mut third = Box::pin(followers.tell(&db, &others[1]));
    begin(&mut first).await;
    begin(&mut second).await;
    begin(&mut third).await;
    slow.let_through.add_permits(1);
    assert!(first.await);
    begin(&mut second).await;
    begin(&mut third).await;
    slow.let_through.add_permits(1);
    assert!(second.await && third.await);
    assert_eq!(*locked(&slow.told), [vec![1], vec![2, 3]], "in their order");
    assert!(followers.untold(&[change(1), change(2), change(3)]).is_empty());
}

#[tokio::test]
async fn who_goes_away_while_telling_takes_no_change_of_others_along() {
    let (db, followers, slow, _folder) = followers().await;
    let changes = [[change(1)], [change(2)], [change(3)]];
    let mut first = Box::pin(followers.tell(&db, &changes[0]));
    let mut second = Box::pin(followers.tell(&db, &changes[1]));
    let mut third = Box::pin(followers.tell(&db, &changes[2]));
    begin(&mut first).await;
    begin(&mut second).await;
    begin(&mut third).await;
    slow.let_through.add_permits(1);
    assert!(first.await);
    // It has taken the changes of both.
    begin(&mut second).await;
    drop(second);
    slow.let_through.add_permits(1);
    assert!(third.await);
    assert_eq!(*locked(&slow.told), [[1], [3]]);
    // What nobody waits for is left to the tail of the journal.
    assert_eq!(followers.untold(&[change(1), change(2), change(3)]), [change(2)]);
}

#[tokio::test]
async fn what_a_follower_could_not_take_in_stays_untold() {
    let (db, followers, slow, _folder) = followers().await;
    slow.let_through.add_permits(2);
    slow.fails.store(true, Ordering::SeqCst);
    assert!(!followers.tell(&db, &[change(1)]).await);
    assert_eq!(followers.untold(&[change(1)]), [change(1)]);
    assert!(followers.tell(&db, &[change(1)]).await);
    assert!(followers.untold(&[change(1)]).is_empty());
    followers.forget_until(1);
    assert_eq!(followers.untold(&[change(1)]), [change(1)]);
}
