//! One open project, and what is asked of it over HTTP: how much at once, and what is kept of its operations.
//!
//! Each project has limits of its own, so that none waits for another.

use std::path::Path;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::StatusCode;
use packwright::Project;
use packwright::service::{Asked, Data, GetStatus, Mode, Request, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use crate::container::Listed;
use crate::operations::{Operation, Operations};
use crate::shape::{Refusal, http_status};

/// How many reads of a project run at once; more wait.
const READS: usize = 8;
/// How many looks at a project's files (doctor, preview, check) run at once; more wait.
const LOOKS: usize = 4;
/// How many operations of a project wait for its write lane; more are refused.
const QUEUE: usize = 1_000;
/// How much content of a project is sent at once; more waits.
const CONTENTS: usize = 8;
/// How many pictures of a project are made at once, each with the memory of its decoding; more wait.
const PICTURES: usize = 2;

/// One open project.
pub(crate) struct Hosted {
    project: Project,
    reads: Arc<Semaphore>,
    looks: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    contents: Arc<Semaphore>,
    pictures: Arc<Semaphore>,
    operations: Operations,
}

/// What came of a request.
pub(crate) enum Came {
    /// The answer.
    Answer(Ready),
    /// It will take its time.
    Operation(Arc<Operation>),
}

/// An answer, ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

impl Ready {
    pub(crate) fn of(response: &Response) -> Self {
        let body = serde_json::to_vec(response).unwrap_or_default().into();
        Self { status: http_status(response), body }
    }
}

impl Hosted {
    pub(crate) fn new(project: Project) -> Self {
        let semaphore = |n| Arc::new(Semaphore::new(n));
        Self {
            project,
            reads: semaphore(READS),
            looks: semaphore(LOOKS),
            queue: semaphore(QUEUE),
            contents: semaphore(CONTENTS),
            pictures: semaphore(PICTURES),
            operations: Operations::default(),
        }
    }

    pub(crate) const fn project(&self) -> &Project {
        &self.project
    }

    pub(crate) fn path(&self) -> &Path {
        self.project.path()
    }

    pub(crate) const fn operations(&self) -> &Operations {
        &self.operations
    }

    /// As lists show it.
    pub(crate) fn listed(&self) -> Listed {
        let snapshot = self.project.snapshot();
        let name = match self.status().data {
            Data::GetStatus(status) => status.name,
            _ => None,
        };
        Listed { project_id: snapshot.project_id(), name, path: self.path().display().to_string() }
    }

    /// How it is.
    pub(crate) fn status(&self) -> Response {
        self.project.call(Request::GetStatus(GetStatus::default()))
    }

    /// Asks it. Who asked may go away: what was asked for goes on, and its answer is kept.
    pub(crate) async fn ask(self: &Arc<Self>, request: Request) -> Result<Came, Refusal> {
        let permit = self.permit(&request).await?;
        let asking = tokio::spawn(Arc::clone(self).begin(request, permit));
        asking.await.unwrap_or_else(|_| Err(broken()))
    }

    async fn begin(self: Arc<Self>, request: Request, permit: OwnedSemaphorePermit) -> Result<Came, Refusal> {
        let class = (request.service(), request.class());
        let project = self.project.clone();
        let asked = spawn_blocking(move || {
            let pending = project.submit(request);
            match pending.operation_id() {
                Some(id) => Err((id, pending)),
                None => Ok(Ready::of(&pending.wait())),
            }
        });
        match asked.await {
            Ok(Ok(ready)) => Ok(Came::Answer(ready)),
            Ok(Err((id, pending))) => Ok(Came::Operation(self.operations.begin(&self, (id, class), pending, permit))),
            Err(_) => Err(broken()),
        }
    }

    /// The right to send content, until it is sent.
    pub(crate) async fn content_permit(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        one_of(&self.contents).await
    }

    /// The right to make a picture.
    pub(crate) async fn picture_permit(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        one_of(&self.pictures).await
    }

    async fn permit(&self, request: &Request) -> Result<OwnedSemaphorePermit, Refusal> {
        match Way::of(request) {
            Way::Lane => Arc::clone(&self.queue)
                .try_acquire_owned()
                .map_err(|_| Refusal::too_many(format!("{QUEUE} operations of this project wait already"))),
            Way::Look => one_of(&self.looks).await,
            Way::Read => one_of(&self.reads).await,
        }
    }
}

async fn one_of(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Refusal> {
    Arc::clone(places).acquire_owned().await.map_err(|_| Refusal::failed("BUG: a limit was closed"))
}

fn broken() -> Refusal {
    Refusal::failed("BUG: a request ended without an answer")
}

/// How a request takes the machine's time.
enum Way {
    /// It waits for its turn in the lane, which has a thread.
    Lane,
    /// It looks at the files, on a thread of its own.
    Look,
    /// It is answered from what is known.
    Read,
}

impl Way {
    fn of(request: &Request) -> Self {
        match request {
            Request::Build(build) if build.check => Self::Look,
            Request::Build(_) | Request::PruneCache(_) => Self::Lane,
            Request::Doctor(doctor) if doctor.cursor.is_none() => Self::Look,
            Request::GetStatus(status) if status.barrier => Self::Look,
            _ => match request.asked() {
                Some(Asked::For(Mode::Preview)) => Self::Look,
                Some(_) => Self::Lane,
                None => Self::Read,
            },
        }
    }
}
