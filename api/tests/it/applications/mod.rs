//! Joint applications, from the first draft to the decision.

mod attachments;
mod budget;
mod contest;
mod corrections;
mod deadline;
mod list;
mod races;
mod receipts;
mod states;
mod stores;
mod story;
mod visibility;
