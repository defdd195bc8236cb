//! `build`.

mod bench;
mod game;
pub(crate) mod stub;

mod histories;
mod memory;
mod outputs;
mod prune;
mod races;
mod reasons;
