//! Text for people: numbers and names as words, aligned tables, diagnostics with the line they are about.
//!
//! Whatever comes from a file, a name or a message passes [`plain`] or [`render`] before it reaches a terminal; nothing
//! in here writes anywhere.

mod grouped;
mod human;
mod lines;
mod paint;
mod plain;
mod plan;
mod render;
mod table;

pub(crate) use grouped::grouped;
pub(crate) use human::{bytes, count, elapsed, moment, number, word};
pub(crate) use lines::Lines;
pub(crate) use paint::Paint;
pub(crate) use plain::plain;
pub(crate) use plan::{actions, changes, outcome};
pub(crate) use render::{blocker, diagnostics, failure, verdict};
pub(crate) use table::Table;
