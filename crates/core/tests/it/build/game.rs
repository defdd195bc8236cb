//! A workspace that tests fill by hand, under ids and UUIDs that they know.

use std::collections::BTreeMap;
use std::fmt::Write;

use packwright::Project;
use packwright::service::{BuildData, Data, Response, Status};
use packwright_format::Pack;
use packwright_testkit::Tree;

/// A workspace and its registry.
pub(super) struct Game {
    pub(super) tree: Tree,
    /// By id: the root, and whether it is included.
    pub(super) registered: BTreeMap<u32, (String, bool)>,
}

impl Game {
    pub(super) fn new() -> Self {
        let game = Self { tree: Tree::empty(), registered: BTreeMap::new() };
        game.tree.write("packwright.toml", crate::SETTINGS);
        game.write_registry();
        game
    }

    /// Registers `root`, whose manifest has these members beside UUID and address (`, "labels": ["ui"]`).
    pub(super) fn asset(&mut self, id: u32, root: &str, members: &str) -> &mut Self {
        self.manifest(id, root, root, members);
        self.registered.insert(id, (root.to_owned(), true));
        self.write_registry();
        self
    }

    pub(super) fn manifest(&self, id: u32, root: &str, address: &str, members: &str) {
        let text = format!(r#"{{"schema": 1, "uuid": "{}", "address": "{address}"{members}}}"#, uuid(id));
        self.tree.write(&format!("assets/{root}/asset.json"), text);
    }

    /// Writes a source, by its path below the assets folder.
    pub(super) fn source(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        self.tree.write(&format!("assets/{path}"), content);
        self
    }

    /// Writes settings behind those that every workspace has.
    pub(super) fn settings(&self, more: &str) -> &Self {
        self.tree.write("packwright.toml", format!("{}{more}", crate::SETTINGS));
        self
    }

    pub(super) fn write_registry(&self) {
        let mut by_root: Vec<(&String, u32, bool)> =
            self.registered.iter().map(|(id, (root, included))| (root, *id, *included)).collect();
        by_root.sort();
        let mut lines = String::new();
        for (index, (root, id, included)) in by_root.into_iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let uuid = uuid(id);
            write!(
                lines,
                "{comma}\n    {{\"asset_id\": {id}, \"uuid\": \"{uuid}\", \"root\": \"{root}\", \"included\": {included}}}"
            )
            .expect("a line");
        }
        let text = format!("{{\n  \"schema\": 1,\n  \"assets\": [{lines}\n  ]\n}}\n");
        self.tree.write("packwright.registry.json", text);
    }

    pub(super) fn open(&self) -> Project {
        crate::reopen(&self.tree)
    }

    /// The pack's bytes, which verify.
    pub(super) fn pack(&self) -> Vec<u8> {
        let bytes = self.tree.read("build/game.pack");
        assert_verifies(&bytes);
        bytes
    }
}

fn uuid(id: u32) -> String {
    format!("0199c0de-0000-7000-8000-{id:012x}")
}

/// One part's bytes.
pub(super) fn part(pack: &[u8], address: &str, name: &str) -> Vec<u8> {
    let pack = Pack::open(pack).expect("a pack");
    let asset = pack.by_address(address).unwrap_or_else(|| panic!("no {address}"));
    asset.part(name).unwrap_or_else(|| panic!("no {name}")).bytes().expect("bytes").into_owned()
}

pub(super) fn assert_verifies(bytes: &[u8]) {
    let pack = Pack::open(bytes).expect("a pack");
    assert_eq!(packwright_format::verify(&pack), []);
}

/// Builds, which goes well.
pub(super) fn build(project: &Project) -> BuildData {
    build_with(project, "")
}

/// Builds with one switch on, which goes well.
pub(super) fn build_with(project: &Project, switch: &str) -> BuildData {
    let response = ask(project, switch);
    assert_eq!(response.status, Status::Ok, "{:#?}", (&response.summary, &response.blockers, &response.diagnostics));
    match response.data {
        Data::Build(data) => *data,
        other => panic!("{other:?}"),
    }
}

/// Asks for a build, however it ends.
pub(super) fn ask(project: &Project, switch: &str) -> Response {
    let member = if switch.is_empty() { String::new() } else { format!(r#", "{switch}": true"#) };
    crate::call(project, &format!(r#"{{"service": "build"{member}}}"#))
}

/// The codes of a response's findings.
pub(super) fn codes(response: &Response) -> Vec<String> {
    response.diagnostics.iter().map(|found| found.code.to_string()).collect()
}

/// The codes of a response's blockers.
pub(super) fn blockers(response: &Response) -> Vec<String> {
    let code = |blocker: &packwright::service::Blocker| {
        serde_json::to_value(blocker.code).expect("a word").as_str().expect("a word").to_owned()
    };
    response.blockers.iter().map(code).collect()
}
