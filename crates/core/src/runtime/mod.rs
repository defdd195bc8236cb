//! Packer and project: they take a request at the door, run the service, and publish the snapshot.

#[cfg_attr(not(test), expect(dead_code, reason = "no project observes its workspace yet"))]
mod observe;
mod packer;
mod project;
mod report;
mod state;

pub use packer::{OpenError, Packer, PackerBuilder};
pub use project::Project;
