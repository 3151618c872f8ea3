//! The world as SVG.
