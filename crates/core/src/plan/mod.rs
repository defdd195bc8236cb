//! What a mutation will do, and doing it.
//!
//! A mutation is planned whole and checked before its first write; then [`commit`] does exactly that. The registry is
//! the visibility boundary: what comes before its rename can be taken back, and nothing that can fail comes after it.

mod action;
mod commit;
mod unsettled;

pub use action::{Action, ActionKind, Nature, numbered};
pub use commit::{CommitError, Planned, RegistryWrite, commit};
pub use unsettled::unsettled;
