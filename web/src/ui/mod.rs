//! The component set: everything that screens are built of, and not one word of a feature in it.
//!
//! | for | use |
//! |---|---|
//! | doing, going | [`button::Button`], [`button::IconButton`], [`button::LinkButton`] |
//! | forms | [`field::TextField`], [`field::TextArea`], [`field::Select`], [`field::Checkbox`], [`field::CheckboxGroup`], [`field::RadioGroup`], [`field::Slider`], [`feedback::ErrorSummary`] |
//! | search as one types | [`combobox::Combobox`], several at once [`picks::Picks`] |
//! | pages | [`page::PageHeader`], [`page::Card`], [`page::Badge`], [`page::Tag`], [`page::More`], [`page::Stepper`] |
//! | lists | [`table::Table`], [`growing::grow`], [`filters::query_field`], [`filters::filter_tags`] |
//! | panels, questions | [`tabs::Tabs`], [`dialog::Dialog`] |
//! | what happened | [`toast::say`], [`feedback::Notice`], [`feedback::ProblemView`], [`feedback::EmptyState`], [`feedback::Skeleton`], [`feedback::Progress`] |
//! | figures | [`chart::Meter`], [`chart::Reasons`], [`chart::StackedBar`], [`intl`] |
//! | a fetched thing | [`load::load`], [`load::Loaded`] |
//! | what comes later | [`later::later`] |
//! | the focus kept | [`focus::keep`] |
//! | what follows signals | [`live::live`], [`live::each`], [`live::effect`], [`state::State`], [`state::memo`] |
//!
//! Each component ends in `.into_any()`: without it Leptos would compile every screen as one nested type, and the size budget would go to copies.
//! For the same reason components take [`Signal`](leptos::prelude::Signal), [`Callback`](leptos::prelude::Callback) and `Children`, never closures of their own type.

pub mod button;
pub mod chart;
pub mod combobox;
pub mod dialog;
pub mod feedback;
pub mod field;
pub mod filters;
pub mod focus;
pub mod growing;
pub mod icon;
pub mod intl;
pub mod later;
pub mod live;
pub mod load;
pub mod page;
pub mod picks;
pub mod state;
pub mod table;
pub mod tabs;
pub mod toast;

/// What nearly every screen needs, in one `use`.
pub mod prelude {
    pub use super::button::{Button, IconButton, LinkButton, Look};
    pub use super::chart::{Meter, Part, Reason, Reasons, StackedBar};
    pub use super::combobox::{Choice, Combobox, source};
    pub use super::dialog::Dialog;
    pub use super::feedback::{
        EmptyState, ErrorSummary, Notice, ProblemView, Progress, Skeleton, Tone, failure_sentence,
    };
    pub use super::field::{Checkbox, CheckboxGroup, Kind, RadioGroup, Select, Slider, TextArea, TextField};
    pub use super::filters::{filter_tags, query_field};
    pub use super::growing::{Growing, Slice, grow, slice};
    pub use super::icon::{Icon, icon};
    pub use super::live::{CollectAny, by, each, effect, live, on, submit};
    pub use super::load::{Load, Loaded, Loading, load};
    pub use super::page::{Badge, BadgeTone, Card, Crumb, More, PageHeader, Step, StepState, Stepper, Tag};
    pub use super::picks::{Picks, local_source};
    pub use super::state::{Derived, Kept, State, memo};
    pub use super::table::{Column, Table};
    pub use super::tabs::{Tab, TabPanel, Tabs};
    pub use super::{intl, toast};
}
