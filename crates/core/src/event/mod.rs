//! event

use std::sync::Arc;

/// The bus.
#[derive(Debug, Default)]
pub struct EventBus {}

impl EventBus {
    /// A bus.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self {})
    }
}
