//! Joint applications, from the first draft to the decision.

mod attachments;
mod budget;
mod comments;
mod contest;
mod corrections;
mod deadline;
mod list;
mod presence;
mod races;
mod receipts;
mod states;
mod stores;
mod story;
mod versions;
mod visibility;
