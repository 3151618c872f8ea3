//! Themes of cooperation, with the Sustainable Development Goals and the purpose codes that each maps to.

use serde::{Deserialize, Serialize};

macro_rules! themes {
    ($($(#[$doc:meta])* $name:ident = $slug:tt, sdg $sdg:expr, crs $crs:expr;)+) => {
        /// A theme of cooperation; its slug is the code on the wire.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Theme {
            $($(#[$doc])* #[serde(rename = $slug)] $name,)+
        }

        impl Theme {
            /// Every theme, in the order in which lists show them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The slug, for example `water-and-waste`.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug),+ }
            }

            /// The Sustainable Development Goals (1 to 17) that the theme serves.
            #[must_use]
            pub const fn sdgs(self) -> &'static [u8] {
                match self { $(Self::$name => &$sdg),+ }
            }

            /// The OECD DAC purpose codes (CRS) that the theme reports under.
            #[must_use]
            pub const fn crs_codes(self) -> &'static [u32] {
                match self { $(Self::$name => &$crs),+ }
            }
        }
    };
}

themes! {
    /// Access to essential services.
    EssentialServices = "essential-services", sdg [1, 3, 6, 7], crs [16050];
    /// Local public policies and administration.
    LocalPolicies = "local-policies", sdg [16, 17], crs [15110];
    /// Youth.
    Youth = "youth", sdg [4, 8], crs [16010];
    /// Women's empowerment.
    Women = "women", sdg [5], crs [15170];
    /// Local economy.
    LocalEconomy = "local-economy", sdg [8, 9], crs [43030, 25010];
    /// Climate.
    Climate = "climate", sdg [7, 13], crs [41010];
    /// Culture and heritage.
    Culture = "culture", sdg [11], crs [16061];
    /// Education and training.
    Education = "education", sdg [4], crs [11110, 11330];
    /// Peace-building.
    Peace = "peace", sdg [16], crs [15220];
    /// Decentralisation.
    Decentralisation = "decentralisation", sdg [16], crs [15112];
    /// Reconstruction.
    Reconstruction = "reconstruction", sdg [9, 11], crs [73010];
    /// Public space.
    PublicSpace = "public-space", sdg [11], crs [43030];
    /// Mobility.
    Mobility = "mobility", sdg [9, 11], crs [21010];
    /// Housing.
    Housing = "housing", sdg [11], crs [16040];
    /// Waste and water.
    WaterAndWaste = "water-and-waste", sdg [6, 12], crs [14010, 14050];
    /// Migration.
    Migration = "migration", sdg [10], crs [15190];
}

impl Theme {
    /// The theme of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|theme| theme.slug() == slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_serves_a_goal_and_is_found_by_its_slug() {
        for &theme in Theme::ALL {
            assert!(!theme.sdgs().is_empty() && theme.sdgs().iter().all(|goal| (1..=17).contains(goal)));
            assert_eq!(Theme::from_slug(theme.slug()), Some(theme));
        }
        assert_eq!(Theme::ALL.len(), 16);
    }
}
