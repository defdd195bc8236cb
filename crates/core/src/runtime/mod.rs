//! Packer and project: they take a request at the door, run the service, and publish the snapshot.

#![cfg_attr(not(test), expect(dead_code, reason = "the project does not use all of it yet"))]

mod lane;
mod observe;
mod packer;
mod pending;
mod project;
mod published;
mod report;
mod state;
mod turns;

pub use packer::{OpenError, Packer, PackerBuilder};
pub use pending::Pending;
pub use project::Project;
