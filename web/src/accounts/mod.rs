//! Signing in, and one's own account.

pub mod own;
pub mod sign_in;
