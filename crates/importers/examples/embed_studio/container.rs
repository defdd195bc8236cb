//! The Studio's container: it owns the one event bus, and starts the packer on it.
//!
//! Whatever part of the Studio wants to hear or say something is given this bus; there is no other.

use std::sync::Arc;

use packwright::Packer;
use packwright::event::EventBus;

/// What the parts of the Studio share.
pub(crate) struct Container {
    bus: Arc<EventBus>,
    packer: Packer,
}

/// An event of the Studio's own, of a type the packer knows nothing about. It travels on the same bus.
pub(crate) struct Selected {
    /// The address of the asset that the user clicked.
    pub(crate) address: &'static str,
}

impl Container {
    /// Makes the bus and, on it, the packer.
    pub(crate) fn start() -> Self {
        let bus = EventBus::new();
        let packer = Packer::builder(Arc::clone(&bus)).importers(packwright_importers::standard()).build();
        Self { bus, packer }
    }

    /// The bus of the whole Studio.
    pub(crate) fn event_bus(&self) -> &Arc<EventBus> {
        &self.bus
    }

    /// The packer, which speaks on that bus.
    pub(crate) fn packer(&self) -> &Packer {
        &self.packer
    }
}
