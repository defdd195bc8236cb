//! What a mutation will do, and doing it.

mod action;

pub use action::{Action, ActionKind, Nature};
