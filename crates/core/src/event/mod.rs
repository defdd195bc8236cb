//! Events: what the packer says while it works, and the bus that carries it.
//!
//! The room owns the [`Event`] and its [`Kind`]s, the [`EventBus`] that a host makes and passes in, and the
//! [`Reporter`] through which one operation speaks. What an event is about, the rooms above decide; what they have to
//! say beyond the envelope comes as a [`payload`] of its kind.
//!
//! What always holds:
//! - One operation's events are numbered from 1 without gaps, in the order of their cursors; exactly one is terminal,
//!   and it is the last. [`check`] tests a stream for this.
//! - Publishing never waits for a subscriber.
//! - A lifecycle event is neither dropped nor merged; where the ring no longer holds it, the subscriber is told by
//!   [`Kind::StreamGap`] how many it missed.
//! - No code of a host (a clock, a waker, the drop of its own event) runs under a lock of this room.

mod bus;
mod clock;
mod contract;
mod envelope;
mod filter;
mod form;
mod host;
mod kind;
mod merge;
mod notice;
#[cfg(all(test, shuttle))]
mod old_rules;
mod pace;
pub mod payload;
mod reporter;
mod ring;
mod schema;
mod subscription;
#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;
mod wait;

pub use bus::EventBus;
pub use clock::{Clock, Moment, SystemClock};
pub use contract::{Checker, Violation, check};
pub use envelope::{Cause, Event, Payload, Progress};
pub use filter::Filter;
pub use host::{HostSubscription, Posted};
pub use kind::{Kind, UnknownKind};
pub use notice::Notice;
#[cfg(all(test, shuttle))]
pub(crate) use old_rules::OldRules;
pub use reporter::Reporter;
pub use schema::schema;
pub use subscription::Subscription;
pub(crate) use wait::wake_after;

/// The most elements that a list in an event has; a total beside it says how many there are.
pub const MAX_LISTED: usize = 1_000;
