//! Packs made, read, damaged and compared through the public API alone.

mod damage;
mod diff;
mod document;
mod golden;
mod reading;
mod round_trip;
mod sample;
mod writing;
