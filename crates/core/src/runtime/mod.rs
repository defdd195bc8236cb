//! Packer and project: they take a request at the door, run the service, and publish the snapshot.

mod packer;
mod project;
mod report;
mod state;

pub use packer::{OpenError, Packer, PackerBuilder};
pub use project::Project;
