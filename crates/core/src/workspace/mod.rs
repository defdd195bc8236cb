//! What lies on disk: settings, registry, manifests, scan, listing.

mod problem;

pub use problem::{Place, Problem};
