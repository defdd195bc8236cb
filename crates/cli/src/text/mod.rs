//! Text for people: numbers and names as words, aligned tables, diagnostics with the line they are about.
//!
//! Whatever comes from a file, a name or a message passes [`plain`] or [`render`] before it reaches a terminal; nothing
//! in here writes anywhere.

mod human;
mod lines;
mod paint;
mod plain;
mod render;
mod table;

pub use human::{bytes, count, duration, elapsed, number, word};
pub use lines::Lines;
pub use paint::Paint;
pub use plain::plain;
pub use render::{blocker, diagnostics, failure, verdict};
pub use table::Table;
