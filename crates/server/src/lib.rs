//! Packwright over HTTP: the services, their events, and the Studio page.
//!
//! It is a host around the library and nothing more: every answer is the [`Response`](packwright::service::Response) of a
//! service, or has its shape. A [`Container`] holds the packer and the projects that are open; a [`Server`] puts it on a
//! port of this machine.
//!
//! | module | what is in it |
//! |---|---|
//! | `cut`, `frames` | what is sent of long answers, and of events to many |
//! | `container`, `hosted`, `operations` | the projects, what is asked of them, and what became of it |
//! | `door` | who may come in: hosts, origins, tokens, cookies |
//! | `route` | one route a file |
//! | `shape` | answers that no service made, in the shape that all have |
//! | `page` | the files of the page |
//! | `serve`, `stall`, `signals` | the port, the connections, and their end |
//! | `probe` | who else has the port |
//!
//! It reads no environment and prints nothing; what it keeps on disk is one key, in the folder that its caller names.

mod container;
mod cut;
mod door;
mod frames;
mod hosted;
mod operations;
mod page;
mod probe;
mod route;
mod serve;
mod shape;
mod signals;
mod stall;

pub use container::{Container, ContainerBuilder, Listed, Thumbnails};
pub use door::key::Key;
pub use probe::{Holder, holder_of};
pub use serve::{Options, Server, StartError};
pub use signals::Signals;

/// The description of every route, an OpenAPI 3.1 document, as `GET /api/v1/openapi.json` answers it.
#[must_use]
pub fn openapi() -> serde_json::Value {
    route::openapi()
}
