//! Documents of a file: taken in, given out, removed and restored while the file is written. They are part of what its
//! cities sign off and of what its receipt proves.
//!
//! A document's row is written before its bytes are put away, with version 0, which is told nowhere; the transaction that
//! makes it part of the file gives it version 1. Whatever breaks off between the two is swept away later.

pub mod routes;
pub mod service;
pub mod store;
