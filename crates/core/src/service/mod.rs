//! The door: the words of requests and responses, and one service a file.
//!
//! Every surface sends the same [`Request`] and gets the same [`Response`]; a surface adds spelling, never meaning.

mod request;
mod response;

pub use request::*;
pub use response::*;
