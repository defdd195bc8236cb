//! `build`.

mod bench;
mod game;
mod stub;

mod histories;
mod memory;
mod outputs;
mod races;
mod reasons;
