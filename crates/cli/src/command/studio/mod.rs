//! `packwright studio`: the service and its page, for one or more workspaces, until Ctrl-C.

mod state_folder;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use packwright_server::{Container, Holder, Key, Listed, Options, Server, StartError, holder_of};
use serde::Serialize;

use super::Ended;
use crate::host::Host;
use crate::refusal::Refusal;

/// Open the Studio page, and serve it until Ctrl-C
///
/// It serves this machine alone, and lets in whoever has the address that it prints. Without DIR it opens the workspace
/// here or above; where there is none, the page opens or makes one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright studio
  packwright studio game tools/demo          two workspaces in one page
  packwright studio --no-open                print the address and open no browser
  packwright studio --no-open --json         one line for a program that starts it: url, token, projects

The address can be used once, within 15 minutes; the browser that used it is known from then on, after a restart too.

Exit codes: 0 ended by Ctrl-C; 1 or 3 a workspace does not open; 3 the port cannot be had.")]
pub(crate) struct Studio {
    /// The workspaces to open
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    folders: Vec<PathBuf>,

    /// The port; 0 takes one that is free
    #[arg(long, value_name = "N", default_value_t = 7357)]
    port: u16,

    /// Do not open a browser
    #[arg(long)]
    no_open: bool,

    /// Serve the page's files from DIR, read anew each time: for work on the page
    #[arg(long, value_name = "DIR", hide = true)]
    page: Option<PathBuf>,
}

/// What a program that starts the service is told.
#[derive(Serialize)]
struct Started<'a> {
    url: &'a str,
    token: &'a str,
    projects: &'a [Listed],
}

impl Studio {
    pub(in crate::command) fn run(self, host: &Host) -> Ended {
        let thumbnails = Arc::new(packwright_importers::preview::preview);
        let container = Container::builder(host.packer.clone()).thumbnails(thumbnails).build();
        for folder in self.folders(host) {
            if let Err(response) = container.open(&folder) {
                return Ok(host.answer(&response, |_, _| {}));
            }
        }
        let options = Options { page: self.page.as_deref().map(|page| host.path(page)), ..self.options(host)? };
        let server = Server::start(container.clone(), options).map_err(|error| not_started(&error))?;
        // Before anybody knows whom to tell to end.
        let signals = server.signals().map_err(|error| Refusal::failed(format!("cannot hear Ctrl-C: {error}")))?;
        self.say(host, &server, &container.listed());
        server.run(signals);
        Ok(0)
    }

    /// The workspaces to open: those that are named, or the one here or above.
    fn folders(&self, host: &Host) -> Vec<PathBuf> {
        if self.folders.is_empty() {
            return host.workspace().map(Path::to_owned).into_iter().collect();
        }
        self.folders.iter().map(|folder| host.path(folder)).collect()
    }

    fn options(&self, host: &Host) -> Result<Options, Refusal> {
        let kept = match state_folder::find() {
            Some(folder) => Key::kept_in(&folder).map_err(|error| format!("{}: {error}", folder.display())),
            None => Err("there is no home folder".to_owned()),
        };
        let key = match kept {
            Ok(key) => key,
            Err(why) => {
                host.terminal.note(&format!("note: logins end with this run, for their key cannot be kept: {why}"));
                Key::passing().map_err(|error| Refusal::failed(format!("the system gives no randomness: {error}")))?
            }
        };
        Ok(Options::new(self.port, key))
    }

    fn say(&self, host: &Host, server: &Server, projects: &[Listed]) {
        let url = server.launch_url();
        if host.terminal.json() {
            host.terminal.result_json_line(&Started { url: &url, token: server.token(), projects });
        } else {
            host.terminal.result(&format!("{url}\n"));
            for project in projects {
                let name = project.name.as_deref().unwrap_or("a workspace whose settings cannot be read");
                host.terminal.note(&format!("  {name} in {}", project.path));
            }
            host.terminal.note("the address can be used once; Ctrl-C ends");
        }
        // Whoever has no browser has the address.
        if !self.no_open && open::that_detached(&url).is_err() {
            host.terminal.note("no browser could be opened: open the address above");
        }
    }
}

fn not_started(error: &StartError) -> Refusal {
    let refusal = Refusal::failed(error.to_string());
    match error {
        StartError::PortTaken(port) => match holder_of(*port) {
            Holder::Packwright => {
                Refusal::failed(format!("port {port} is taken by a packwright studio that runs already")).with_help(
                    format!("open http://127.0.0.1:{port}/ in the browser that knows it, or end it, or use `--port`"),
                )
            }
            Holder::Other => refusal.with_help("use `--port` for another, or `--port 0` for one that is free"),
        },
        _ => refusal.with_help("use `--port` for another, or `--port 0` for one that is free"),
    }
}
