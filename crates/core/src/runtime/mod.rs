//! Packer and project: they take a request at the door, run the service, and publish the snapshot.

#[allow(dead_code, reason = "projects take it over")]
mod lane;
#[cfg(all(test, shuttle))]
mod model;
mod packer;
#[allow(dead_code, reason = "projects take it over")]
mod pending;
mod project;
#[allow(dead_code, reason = "projects take it over")]
mod published;
mod report;
mod state;
#[allow(dead_code, reason = "projects take it over")]
mod turns;

pub use packer::{OpenError, Packer, PackerBuilder};
pub use pending::Pending;
pub use project::Project;
