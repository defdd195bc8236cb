//! An engine that runs while its game is being made, and reads content that no build has packed yet.
//!
//! ```text
//! cargo run --release -- studio examples/starter --no-open --json
//! cargo run -p packwright-server --example engine_in_development -- http://127.0.0.1:7357 TOKEN
//! ```
//!
//! `TOKEN` is the `token` in the line that the first command prints. It asks for the compile surface once, fetches the
//! sources of each asset by their hashes, and then loads again what changes, as the event stream tells it. Nothing is
//! fetched twice: a hash names its bytes for ever.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to whoever runs it")]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;

use serde_json::{Value, json};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(token)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: engine_in_development URL TOKEN");
        return ExitCode::from(2);
    };
    match Engine::connect(&url, &token).and_then(Engine::run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// An engine with the content that it holds.
struct Engine {
    service: Service,
    project: String,
    /// Bytes by hash. An engine would decode them; this one counts them.
    content: BTreeMap<String, Vec<u8>>,
}

impl Engine {
    /// Connects to the first project that is open.
    fn connect(url: &str, token: &str) -> Outcome<Self> {
        let service = Service { url: url.trim_end_matches('/').to_owned(), token: token.to_owned() };
        let projects = service.get("/api/v1/projects")?;
        let project = projects["data"]["projects"][0]["project_id"].as_str().ok_or("no project is open")?.to_owned();
        Ok(Self { service, project, content: BTreeMap::new() })
    }

    /// Loads everything, and then what changes, until the service ends.
    fn run(mut self) -> Outcome {
        // Listening first: what changes while everything is loaded is loaded again.
        let kinds = "asset_discovered,asset_changed";
        let path = format!("/api/v1/events?projects={}&kinds={kinds}", self.project);
        let events = self.service.stream(&path)?;
        let surface = self.ask("get_compile_surface", &json!({}))?;
        for one in surface["data"]["addressables"].as_array().into_iter().flatten() {
            self.load(&format!("id:{}", one["asset_id"]))?;
        }
        println!("{} sources are loaded; waiting for changes", self.content.len());
        for line in events.lines() {
            let line = line?;
            let Some(event) = line.strip_prefix("data:") else { continue };
            let event: Value = serde_json::from_str(event)?;
            if event["kind"] == "stream_gap" {
                return Err("events were missed: start again".into());
            }
            for asset in event["affected_assets"].as_array().into_iter().flatten() {
                if !asset["asset_id"].is_null() {
                    self.load(&format!("id:{}", asset["asset_id"]))?;
                }
            }
        }
        Ok(())
    }

    /// Loads those sources of an asset whose bytes are not here yet.
    fn load(&mut self, selector: &str) -> Outcome {
        // `hashes`: sources that no build has read are read now.
        let details = self.ask("get_asset_details", &json!({"selector": selector, "hashes": true}))?;
        for file in details["data"]["files"].as_array().into_iter().flatten() {
            let (Some(hash), Some(path)) = (file["hash"].as_str(), file["path"].as_str()) else { continue };
            if self.content.contains_key(hash) {
                continue;
            }
            let bytes = self.service.bytes(&format!("/api/v1/projects/{}/content/{hash}", self.project))?;
            println!("{path}: {} bytes", bytes.len());
            self.content.insert(hash.to_owned(), bytes);
        }
        Ok(())
    }

    fn ask(&self, service: &str, request: &Value) -> Outcome<Value> {
        let answer = self.service.post(&format!("/api/v1/projects/{}/services/{service}", self.project), request)?;
        match answer["status"].as_str() {
            Some("ok") => Ok(answer),
            _ => Err(format!("{service}: {}", answer["summary"]).into()),
        }
    }
}

/// The service, by HTTP.
struct Service {
    url: String,
    token: String,
}

impl Service {
    fn get(&self, path: &str) -> Outcome<Value> {
        Ok(serde_json::from_slice(&self.bytes(path)?)?)
    }

    fn post(&self, path: &str, body: &Value) -> Outcome<Value> {
        let request = ureq::post(self.at(path)).header("authorization", self.bearer());
        // An answer that is no success is an answer too, and says why.
        let request = request.config().http_status_as_error(false).build();
        let mut answer = request.content_type("application/json").send(&serde_json::to_vec(body)?)?;
        Ok(serde_json::from_slice(&answer.body_mut().read_to_vec()?)?)
    }

    fn bytes(&self, path: &str) -> Outcome<Vec<u8>> {
        let mut answer = ureq::get(self.at(path)).header("authorization", self.bearer()).call()?;
        // A source has at most 4 GiB.
        Ok(answer.body_mut().with_config().limit(4 << 30).read_to_vec()?)
    }

    fn stream(&self, path: &str) -> Outcome<impl BufRead + use<>> {
        let answer = ureq::get(self.at(path)).header("authorization", self.bearer()).call()?;
        Ok(BufReader::new(answer.into_body().into_reader()))
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}
