//! What is said about a file, put together in conversations.

use shared::applications::CommentView;
use shared::ids::CommentId;

/// A conversation: what began it, where that is still there, and the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// What began it is known by this.
    pub id: CommentId,
    /// What began it; nothing where its author has deleted it.
    pub first: Option<CommentView>,
    /// The answers, the oldest first.
    pub answers: Vec<CommentView>,
}

impl Conversation {
    /// What it is about; nothing for the whole file.
    pub fn place(&self) -> Option<&str> {
        let one = self.first.as_ref().or_else(|| self.answers.first())?;
        one.place.as_deref()
    }

    /// What tells it from what it was before something was said or changed.
    pub fn versions(&self) -> Vec<(CommentId, i64)> {
        let all = self.first.iter().chain(&self.answers);
        all.map(|comment| (comment.id, comment.version)).collect()
    }

    /// Whether nothing is left to be said.
    pub fn is_settled(&self) -> bool {
        self.first.as_ref().is_some_and(|first| first.settled_at.is_some())
    }
}

/// Comments, the oldest first, as conversations: open ones first, each kind in the order in which they began.
pub fn conversations(comments: Vec<CommentView>) -> Vec<Conversation> {
    let mut found: Vec<Conversation> = Vec::new();
    for comment in comments {
        let id = comment.reply_to.unwrap_or(comment.id);
        let at = found.iter().position(|one| one.id == id).unwrap_or_else(|| {
            found.push(Conversation {
                id,
                first: None,
                answers: Vec::new(),
            });
            found.len() - 1
        });
        match comment.reply_to {
            None => found[at].first = Some(comment),
            Some(_) => found[at].answers.push(comment),
        }
    }
    found.sort_by_key(Conversation::is_settled);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};

    /// An id that ends in a number.
    fn id<T: std::str::FromStr>(number: u32) -> T
    where
        T::Err: std::fmt::Debug,
    {
        format!("01980a5c-7c00-7000-8000-{number:012}").parse().unwrap()
    }

    fn comment(number: u32, reply_to: Option<u32>, settled: bool) -> CommentView {
        CommentView {
            id: id(number),
            version: 1,
            application_id: id(0),
            reply_to: reply_to.map(id),
            place: Some("budget".to_owned()),
            text: String::new(),
            city_id: id(0),
            city_name: String::new(),
            author_name: None,
            created_at: DateTime::<Utc>::UNIX_EPOCH,
            edited_at: None,
            settled_at: settled.then_some(DateTime::<Utc>::UNIX_EPOCH),
            settled_by_name: None,
            allowed: Vec::new(),
        }
    }

    #[test]
    fn answers_stand_under_what_they_answer_and_settled_ones_last() {
        let said = vec![
            comment(1, None, true),
            comment(2, None, false),
            comment(3, Some(1), false),
            comment(4, Some(2), false),
            comment(5, Some(2), false),
            // What began this one is deleted.
            comment(7, Some(6), false),
        ];
        let found = conversations(said);
        let told: Vec<(CommentId, bool, usize, bool)> = found
            .iter()
            .map(|one| (one.id, one.first.is_some(), one.answers.len(), one.is_settled()))
            .collect();
        assert_eq!(
            told,
            [
                (id(2), true, 2, false),
                (id(6), false, 1, false),
                (id(1), true, 1, true)
            ]
        );
        assert!(found.iter().all(|one| one.place() == Some("budget")));
    }
}
