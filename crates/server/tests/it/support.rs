//! A service on a port of its own, over workspaces of its own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use packwright::Packer;
use packwright::event::EventBus;
use packwright::fs::{RealFs, SharedFs, WorkspaceLock};
use packwright::service::InitWorkspace;
use packwright::value::{Cancel, OperationId, RelPath};
use packwright_server::{Container, Key, Options, Server};
use packwright_testkit::Tree;
use serde_json::{Value, json};

use crate::client::{Ask, Lines, Reply, STUCK};

/// A service over one workspace with two folders of art, of which one is registered.
pub(crate) struct Studio {
    pub(crate) server: Server,
    pub(crate) container: Container,
    pub(crate) tree: Tree,
    /// The project's id.
    pub(crate) project: String,
}

/// How a studio differs from most.
pub(crate) struct How {
    pub(crate) port: u16,
    pub(crate) key: Key,
    pub(crate) heartbeat: Duration,
    pub(crate) page: Option<std::path::PathBuf>,
}

impl Default for How {
    fn default() -> Self {
        Self { port: 0, key: Key::passing().expect("randomness"), heartbeat: STUCK, page: None }
    }
}

impl Studio {
    pub(crate) fn new() -> Self {
        Self::with(How::default())
    }

    pub(crate) fn with(how: How) -> Self {
        let packer = Packer::builder(EventBus::new()).importers(packwright_importers::standard()).lock_wait(STUCK);
        let thumbnails = Arc::new(packwright_importers::preview::preview);
        let container = Container::builder(packer.build()).thumbnails(thumbnails).build();
        let tree = Tree::empty();
        let project = open_game(&container, tree.path(), "game");
        let options = Options { heartbeat: how.heartbeat, page: how.page, ..Options::new(how.port, how.key) };
        let server = Server::start(container.clone(), options).expect("it starts");
        Self { server, container, tree, project }
    }

    pub(crate) fn port(&self) -> u16 {
        self.server.port()
    }

    /// What a program of the user's sends with everything.
    pub(crate) fn known(&self, ask: Ask) -> Ask {
        ask.header("Host", self.host()).header("Authorization", format!("Bearer {}", self.server.token()))
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port())
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.known(Ask::new("GET", path)).send(self.port())
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.known(Ask::new("DELETE", path)).send(self.port())
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.known(Ask::new("POST", path)).json(body).send(self.port())
    }

    /// The path of a service of the project.
    pub(crate) fn service(&self, name: &str) -> String {
        format!("/api/v1/projects/{}/services/{name}", self.project)
    }

    /// Asks a service of the project.
    pub(crate) fn ask(&self, service: &str, body: &Value) -> Reply {
        self.post(&self.service(service), body)
    }

    /// Asks a service of the project, and does not wait for its answer.
    pub(crate) fn ask_async(&self, service: &str, body: &Value) -> Reply {
        let ask = self.known(Ask::new("POST", &self.service(service))).header("Prefer", "respond-async");
        ask.json(body).send(self.port())
    }

    /// The path of an operation of the project.
    pub(crate) fn operation(&self, id: &str) -> String {
        format!("/api/v1/projects/{}/operations/{id}", self.project)
    }

    /// An event stream with this query.
    pub(crate) fn events(&self, query: &str) -> Lines {
        self.known(Ask::new("GET", &format!("/api/v1/events{query}"))).open(self.port())
    }

    /// Keeps the project's workspace from whatever writes, as another process would.
    pub(crate) fn occupied(&self) -> WorkspaceLock {
        let fs: SharedFs = Arc::new(RealFs::open(&self.tree.at("game")).expect("it opens"));
        let who = ("build", OperationId::mint());
        let now = (STUCK, &Cancel::new());
        WorkspaceLock::acquire(&fs, &RelPath::literal(".packwright"), who, now, false).expect("nobody writes")
    }
}

/// Makes a workspace with two folders of art and opens it; gives back its id.
pub(crate) fn open_game(container: &Container, folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    make_game(&path, name);
    let listed = container.open(&path).expect("it opens");
    listed.project_id.expect("an id").to_string()
}

/// Makes a workspace with two folders of art.
pub(crate) fn make_game(path: &Path, name: &str) {
    let packer = Packer::builder(EventBus::new()).importers(packwright_importers::standard()).build();
    let (path_text, name) = (path.display().to_string(), Some(name.to_owned()));
    let made = packer.init(InitWorkspace { path: path_text, name, assets: "assets".to_owned() });
    assert!(made.blockers.is_empty(), "{made:?}");
    for (file, content) in [("ui/button/label.txt", "Press"), ("texts/intro/en.txt", "Once upon a time")] {
        let file = path.join("assets").join(file);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        std::fs::write(file, content).expect("a file");
    }
    let project = packer.open(path).expect("it opens");
    let request = json!({"service": "register_asset", "roots": ["ui/button"]});
    let response = project.call(serde_json::from_value(request).expect("a request"));
    assert!(response.blockers.is_empty(), "{response:?}");
}
