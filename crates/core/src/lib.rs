//! Packwright: the asset packer that a game Studio embeds.
//!
//! A host makes an [`event::EventBus`], builds a [`Packer`] on it, opens [`Project`]s and sends each a
//! [`service::Request`]; every answer is a [`service::Response`]. The rooms, from the ground up, each using only
//! those before it:
//!
//! | room | what is in it |
//! |---|---|
//! | `sync` | threads and locks, or the model checker's in their place |
//! | [`value`] | the words of the product: identities, paths, addresses, hashes |
//! | [`event`] | envelope, kinds, bus, and the reporter that numbers one operation's events |
//! | [`fs`] | the only place that touches files |
//! | [`importer`] | the contract between the packer and its importers |
//! | [`workspace`] | what lies on disk: settings, registry, manifests, scan, listing |
//! | [`snapshot`] | what is known: assets, revision, states, queries |
//! | [`diagnose`] | the catalogue of findings and one rule a file |
//! | [`plan`] | what a mutation will do, and doing it |
//! | [`build`] | keys, cache, import, assembly, outputs, report |
//! | [`service`] | the door's words and one service a file |
//! | [`runtime`] | packer, project, lane, observation |
//!
//! The library starts no async runtime, installs no logger, prints nothing, reads no environment, and never exits or
//! panics on anything found on disk.

pub mod build;
pub mod diagnose;
pub mod event;
pub mod fs;
pub mod importer;
pub mod plan;
pub mod runtime;
pub mod service;
pub mod snapshot;
mod sync;
pub mod value;
pub mod workspace;

pub use runtime::{OpenError, Packer, PackerBuilder, Pending, Project};
pub use value::Cancel;
