//! Signing in and out, sessions, programs.

mod me;
