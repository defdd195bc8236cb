//! What is known of a project: assets, revision, states, queries.

mod state;

pub use state::{Reason, RuntimeState, State};
