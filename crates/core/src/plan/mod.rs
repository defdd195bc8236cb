//! What a mutation will do, and doing it; taking it back, and what it left behind to do so.
//!
//! A mutation is planned whole and checked before its first write; then [`commit`] does exactly that, or nothing. The
//! registry is the visibility boundary: what comes before its rename can be taken back, and nothing that can fail comes
//! after it. What an operation did stays in the [`history`], with its inverse.

mod action;
mod change;
mod commit;
mod draft;
pub mod history;
mod journal;
mod outlook;
mod receipt;
pub mod recover;
mod unsettled;

pub use action::{Action, ActionKind, Nature, numbered};
pub use change::{Change, Identity, RegistryWrite, Step};
pub use commit::{Commit, CommitError, commit};
pub use draft::{Draft, Planned};
pub use journal::{Journal, JournalError, Record, RegistryRecord, Told};
pub use outlook::Outlook;
pub use receipt::{EntryName, FolderListing, Receipt};
pub use unsettled::unsettled;
