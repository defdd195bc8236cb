//! Whatever a test here brings about, its events keep the contract: buses are made here, and each call listens.

use std::cell::RefCell;
use std::sync::Arc;

use packwright::event::{Checker, EventBus, Filter, Subscription};

thread_local! {
    /// The streams of the buses that this test made.
    static HEARD: RefCell<Vec<(Subscription, Checker)>> = const { RefCell::new(Vec::new()) };
}

/// A bus that is listened to from its start.
pub(crate) fn bus() -> Arc<EventBus> {
    let bus = EventBus::new();
    let subscription = bus.subscribe(Filter::all());
    HEARD.with_borrow_mut(|heard| heard.push((subscription, Checker::default())));
    bus
}

/// Looks at what was said since the last time, by whatever operation.
pub(crate) fn check() {
    HEARD.with_borrow_mut(|heard| {
        for (subscription, checker) in heard {
            while let Some(event) = subscription.try_next() {
                checker.observe(&event).unwrap_or_else(|violation| panic!("{violation}: {event:?}"));
            }
        }
    });
}

/// Looks at all that was said, at the end of a test whose projects are closed: every operation has ended.
pub(crate) fn end() {
    check();
    HEARD.with_borrow(|heard| {
        for (_, checker) in heard {
            checker.finish().unwrap_or_else(|violation| panic!("{violation}"));
        }
    });
}
