//! The door: the words of requests and responses, and one service a file.
//!
//! Every surface sends the same [`Request`] and gets the same [`Response`]; a surface adds spelling, never meaning. A
//! service is a function of a snapshot and a request; a mutation answers with what is to be committed, and the runtime
//! commits it.

mod allow;
mod answer;
mod build;
mod content;
mod details;
mod doctor;
mod edit;
mod fixes;
mod history;
mod host;
mod inclusion;
mod init;
mod list;
mod minted;
mod mutation;
mod outcome;
mod place;
mod plan;
mod propose;
mod prune;
mod purge;
mod quarantine;
mod recover;
mod register;
mod relocate;
mod remove;
mod report;
mod request;
mod response;
mod restore;
mod revert;
mod schema;
mod status;
mod surface;
mod view;

pub use answer::{Answer, Context, Proposal};
pub use build::{Records, build, not_published};
pub use content::{Content, ContentOrigin, MAX_WHOLE_BYTES, SourceIndex, content};
pub use details::{details, hashed_sources};
pub use doctor::{Examined, doctor};
pub use history::{KnownHistory, history};
pub use host::{HostAnswer, HostStatus, Refusal};
pub use init::{init, project_name};
pub use list::list;
pub use minted::{Minted, Minter};
pub use mutation::{ApplyPlan, Asked, Mode, Mutation, PlanFile};
pub use outcome::{Foreseen, Outcome, foresee};
pub use plan::{Plan, changed_since, stale};
pub use propose::propose;
pub use prune::prune_cache;
pub use quarantine::list_quarantine;
pub use recover::{Settlement, recover};
pub use report::build_report;
pub use request::*;
pub use response::*;
pub use schema::{Schemas, data_schema, request_schema, response_schema};
pub use status::{Standing, status};
pub use surface::surface;
pub use view::{KnownBuild, Remembered, View};
