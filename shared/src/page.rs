//! Pages of lists: items and the cursor of the next page.

/// Items in a page when the caller does not say.
pub const LIMIT_DEFAULT: u32 = 25;
/// Most items that a page may hold.
pub const LIMIT_MAX: u32 = 100;

/// A page, whatever is listed.
pub trait Page {
    /// What is listed.
    type Item;

    /// Its items, the cursor of the next page, and how many items there are on all pages, where that was asked for.
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>, Option<u64>);
}

/// Declares a concrete page type: a generic one would be inlined by the OpenAPI document under every list.
#[macro_export]
macro_rules! page {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name {
            /// The items of this page, in the order asked for.
            pub items: Vec<$item>,
            /// The cursor of the next page; null on the last one.
            pub next: Option<String>,
            /// How many items there are on all pages; only where it was asked for with `count=true`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub total: Option<u64>,
        }

        impl $crate::page::Page for $name {
            type Item = $item;

            fn into_parts(self) -> (Vec<Self::Item>, Option<String>, Option<u64>) {
                (self.items, self.next, self.total)
            }
        }
    };
}
