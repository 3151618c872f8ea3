//! Calls, applications and grants in the words of the CommonGrants protocol (commongrants.org, version 0.4), for programs that
//! read many funders alike: field names and pages are the protocol's, not this API's.
//!
//! A call is an opportunity, and the one competition for it; an application answers the form of that competition. States that
//! the protocol does not know are told by the nearest one that it does, with ours as the custom value ([`status`]).

pub mod model;
pub mod routes;
pub mod search;
pub mod service;
pub mod status;
