//! Joint applications, from the first draft to the decision.

mod budget;
mod contest;
mod deadline;
mod list;
mod races;
mod states;
mod story;
mod visibility;
