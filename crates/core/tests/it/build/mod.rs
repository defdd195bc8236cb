//! `build`.

mod bench;
mod game;
mod stub;

mod memory;
mod outputs;
