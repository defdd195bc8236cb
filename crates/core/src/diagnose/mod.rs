//! Findings: the catalogue of codes, the diagnostic as a value, and one rule a file.
//!
//! Structural findings (`S`) are about the registered world and block builds; hygiene findings (`H`) only advise.
//! Content findings are made where content is read, in `build`; their words come from here all the same.

mod catalogue;
mod diagnostic;

pub use catalogue::{Class, Code, Severity};
pub use diagnostic::{Diagnostic, Location, Related};
