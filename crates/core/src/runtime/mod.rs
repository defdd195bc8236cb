//! Packer and project: they take a request at the door, run the service, and publish the snapshot.

mod init;
mod lane;
#[cfg(all(test, shuttle))]
mod model;
mod mutate;
mod observe;
mod open;
mod packer;
mod pending;
mod plans;
mod project;
mod published;
mod reconcile;
mod report;
mod state;
mod threads;
mod turns;
mod wanted;
mod watch;
mod write;

pub use packer::{OpenError, Packer, PackerBuilder};
pub use pending::Pending;
pub use project::Project;
