//! A table with a caption, headers that sort, and rows that become cards on a narrow screen.
//!
//! Cells are plain `<td data-label=t!(…)>`: the label stands before the value where the header row has no room.

use super::icon::{Icon, icon};
use crate::ui::live::{CollectAny, live, on};
use leptos::prelude::*;

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The key in `sort=`; empty when the column does not sort.
    pub key: &'static str,
    /// Its header.
    pub label: Signal<String>,
    /// Whether it holds figures, aligned on the right.
    pub numeric: bool,
}

impl Column {
    /// A column that does not sort.
    pub fn plain(label: Signal<String>) -> Column {
        Column {
            key: "",
            label,
            numeric: false,
        }
    }

    /// A column that sorts.
    pub fn sorted(key: &'static str, label: Signal<String>) -> Column {
        Column {
            key,
            label,
            numeric: false,
        }
    }

    /// The same column, for figures.
    pub fn numeric(self) -> Column {
        Column { numeric: true, ..self }
    }
}

/// The table. `sort` is the API's own notation: `name` or `-name`.
#[component]
pub fn Table(
    /// What the table shows; spoken, and seen unless `caption_unseen`.
    #[prop(into)]
    caption: Signal<String>,
    /// Whether a heading above already says it.
    #[prop(optional)]
    caption_unseen: bool,
    /// The columns.
    columns: Vec<Column>,
    /// The active order.
    #[prop(optional, into)]
    sort: MaybeProp<String>,
    /// What a press on a header wants.
    #[prop(optional, into)]
    on_sort: Option<Callback<String>>,
    /// The rows: `<tr>` elements.
    children: Children,
) -> impl IntoView {
    let heads = columns
        .into_iter()
        .map(|column| {
            let Some(on_sort) = on_sort.filter(|_| !column.key.is_empty()) else {
                return view! { <th scope="col" class:numeric=column.numeric>{column.label}</th> }.into_any();
            };
            let state = move || {
                sort.get().and_then(|sort| match sort.strip_prefix('-') {
                    Some(key) if key == column.key => Some("descending"),
                    None if sort == column.key => Some("ascending"),
                    _ => None,
                })
            };
            view! {
                <th scope="col" class:numeric=column.numeric aria-sort=state>
                    <button
                        type="button"
                        class="table-sort"
                        on:click=on(move |_| {
                            on_sort.run(if state() == Some("ascending") { format!("-{}", column.key) } else { column.key.to_owned() })
                        })
                    >
                        {column.label}
                        {live(move || match state() {
                            Some("ascending") => icon(Icon::SortUp),
                            Some(_) => icon(Icon::SortDown),
                            None => icon(Icon::Sort),
                        })}
                    </button>
                </th>
            }
            .into_any()
        })
        .collect_any();
    view! {
        <div class="table-frame">
            <table class="table">
                <caption class:unseen=caption_unseen>{caption}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
