//! The door: the words of requests and responses, and one service a file.
//!
//! Every surface sends the same [`Request`] and gets the same [`Response`]; a surface adds spelling, never meaning. A
//! service is a function of a snapshot and a request; a mutation answers with what is to be committed, and the runtime
//! commits it.

mod allow;
mod answer;
mod build;
mod details;
mod doctor;
mod inclusion;
mod init;
mod list;
mod register;
mod remove;
mod request;
mod response;
mod status;
mod surface;
mod view;

pub use allow::allow_findings;
pub use answer::{Answer, Context, Proposal};
pub use build::{Records, build, not_published};
pub use details::details;
pub use doctor::{Examined, doctor};
pub use inclusion::inclusion;
pub use init::{InitError, Initial, init};
pub use list::list;
pub use register::register;
pub use remove::remove;
pub use request::*;
pub use response::*;
pub use status::{Standing, status};
pub use surface::surface;
pub use view::{KnownBuild, Remembered, View};
