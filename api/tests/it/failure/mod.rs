//! What holds when things break.

mod kill;
