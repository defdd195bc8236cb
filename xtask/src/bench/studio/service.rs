//! The service that is measured: the release build of `packwright studio`, its answers, and its memory.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::Child;

use packwright::value::OperationId;
use serde::Deserialize;
use serde_json::Value;

use super::http::{Answer, Connection, Door};
use crate::bench::ground::Ground;
use crate::failure::{Doing, Failure, Outcome};

/// A running service; it ends with this value.
pub(super) struct Service {
    child: Child,
    pub(super) door: Door,
    project: String,
}

/// What `packwright studio --json` prints.
#[derive(Deserialize)]
struct Said {
    url: String,
    token: String,
    projects: Vec<Project>,
}

#[derive(Deserialize)]
struct Project {
    project_id: String,
}

impl Service {
    /// Starts it on the workspace of `ground` and waits until everything there has been seen.
    pub(super) fn start(ground: &Ground) -> Outcome<Self> {
        let run = ground.packwright(&["studio", "--no-open", "--json", "--port", "0"]);
        let run = run.env("XDG_STATE_HOME", ground.beside("state"));
        let (mut child, stdout) = run.start()?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).doing(|| "reading what the service says".to_owned())?;
        let said: Said = serde_json::from_str(&line).doing(|| format!("reading what the service says: {line:?}"))?;
        let place = said.url.strip_prefix("http://").and_then(|rest| rest.split('/').next());
        let address: Option<SocketAddr> = place.and_then(|place| place.parse().ok());
        let (Some(address), Some(project)) = (address, said.projects.into_iter().next()) else {
            child.kill().doing(|| "ending the service".to_owned())?;
            return Err(Failure::new(format!("the service names no address or no project: {line}")));
        };
        let service = Self { child, door: Door { address, token: said.token }, project: project.project_id };
        service.ask(&mut service.connect()?, "get_status", r#"{"barrier": true}"#)?;
        Ok(service)
    }

    pub(super) fn connect(&self) -> Outcome<Connection> {
        self.door.connect().doing(|| format!("connecting to {}", self.door.address))
    }

    /// The path of one service's route.
    pub(super) fn route(&self, service: &str) -> String {
        format!("/api/v1/projects/{}/services/{service}", self.project)
    }

    /// The path of the stream of these kinds of events; of all where none is named.
    pub(super) fn events(&self, kinds: &[&str]) -> String {
        let mut path = format!("/api/v1/events?projects={}", self.project);
        if !kinds.is_empty() {
            let _ = write!(path, "&kinds={}", kinds.join(","));
        }
        path
    }

    /// Asks, and fails where the answer is not `ok`.
    pub(super) fn ask(&self, connection: &mut Connection, service: &str, request: &str) -> Outcome<Value> {
        let Answer { status, body } =
            connection.post(&self.route(service), request).doing(|| format!("asking {service}"))?;
        let answer: Value = serde_json::from_slice(&body).doing(|| format!("reading the answer of {service}"))?;
        if status == 200 && answer["status"] == "ok" {
            return Ok(answer);
        }
        Err(Failure::new(format!("{service} answered {status}: {}", answer["summary"])))
    }

    /// Asks for what is an operation; gives its id.
    pub(super) fn operate(&self, connection: &mut Connection, service: &str, request: &str) -> Outcome<OperationId> {
        let answer = self.ask(connection, service, request)?;
        let id = answer["operation_id"].as_str().and_then(|id| id.parse().ok());
        id.ok_or_else(|| Failure::new(format!("{service} answered without the id of its operation")))
    }

    /// Resident memory in KiB: now, and the most since [`Service::forget_peak`].
    pub(super) fn memory(&self) -> Outcome<(u64, u64)> {
        let path = format!("/proc/{}/status", self.child.id());
        let told = std::fs::read_to_string(&path).doing(|| format!("reading {path}"))?;
        let kib = |field: &str| {
            let line = told.lines().find_map(|line| line.strip_prefix(field));
            let number = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
            number.ok_or_else(|| Failure::new(format!("{path} does not say {field}")))
        };
        Ok((kib("VmRSS:")?, kib("VmHWM:")?))
    }

    /// Counts the peak of memory from now on.
    pub(super) fn forget_peak(&self) -> Outcome {
        let path = format!("/proc/{}/clear_refs", self.child.id());
        std::fs::write(&path, "5").doing(|| format!("writing {path}"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _either_way = self.child.kill();
        let _either_way = self.child.wait();
    }
}
