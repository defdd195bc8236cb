//! Findings: the catalogue of codes, the diagnostic as a value, and one rule a file.
//!
//! Structural findings (`S`) are about the registered world and block builds; hygiene findings (`H`) only advise.
//! What rules of hygiene need beside a snapshot is gathered before they run, in [`Premises`].
//! Content findings (S209 to S211, S213) are made where content is read, in `build`, by the words in [`content`].

mod catalogue;
pub mod content;
mod diagnostic;
mod findings;
mod fix;
mod ground;
pub mod hygiene;
mod registered;

pub use catalogue::{Class, Code, Severity};
pub use diagnostic::{Diagnostic, Location, Related};
pub use findings::Findings;
pub use fix::{Applicability, Fix, Remedy};
pub use ground::{EntryField, Ground};
pub use hygiene::Premises;
pub use registered::{RULES, Rule, registered};
