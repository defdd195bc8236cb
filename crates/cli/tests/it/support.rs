//! A workspace in a folder of its own, and the binary run in it, sealed from the machine's settings.

use std::path::{Path, PathBuf};

use packwright_testkit::Tree;
use serde_json::Value;
use snapbox::cmd::{Command, OutputAssert, cargo_bin};

/// The binary, to be run in `folder`.
pub(crate) fn packwright(folder: &Path) -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    Command::new(cargo_bin("packwright")).env_clear().env("PATH", path).stdin("").current_dir(folder)
}

/// What a run printed on stdout, as JSON.
pub(crate) fn json(run: &OutputAssert) -> Value {
    serde_json::from_slice(&run.get_output().stdout).expect("stdout is one JSON document")
}

/// A workspace whose assets have known UUIDs, and so known ids.
pub(crate) struct Workspace {
    tree: Tree,
}

impl Workspace {
    /// An empty one, named `game`.
    pub(crate) fn new() -> Self {
        let workspace = Self { tree: Tree::empty() };
        packwright(workspace.tree.path()).args(["init", "game", "-q"]).assert().success();
        workspace
    }

    /// One with three assets registered and never built: a picture, a sound with two files, a text.
    pub(crate) fn with_assets() -> Self {
        let workspace = Self::new();
        workspace.asset("ui/button", 1, r#""labels": ["ui"], "#);
        workspace.write("assets/ui/button/button.png", PNG);
        workspace.asset("audio/steps", 2, r#""importer": "raw", "#);
        workspace.write("assets/audio/steps/left.bin", [1; 2000]);
        workspace.write("assets/audio/steps/right.bin", [2; 3000]);
        workspace.asset("texts/intro", 3, "");
        workspace.write("assets/texts/intro/en.txt", "Once upon a time\n");
        workspace.run(&["register", "assets", "--recursive", "-q"]).success();
        workspace
    }

    /// Writes the manifest of an asset whose UUID ends in `n`; `members` go in front of the rest.
    pub(crate) fn asset(&self, root: &str, n: u32, members: &str) {
        let text = format!(
            "{{\n  \"schema\": 1,\n  \"uuid\": \"01990000-0000-7000-8000-{n:012x}\",\n  {members}\"address\": \"{root}\"\n}}\n"
        );
        self.write(&format!("assets/{root}/asset.json"), text);
    }

    /// The workspace's folder.
    pub(crate) fn path(&self) -> PathBuf {
        self.tree.at("game")
    }

    /// The folder that the workspace's folder lies in.
    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        self.tree.write(&format!("game/{path}"), content);
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        self.tree.text(&format!("game/{path}"))
    }

    /// Runs the binary in the workspace.
    pub(crate) fn run(&self, args: &[&str]) -> OutputAssert {
        packwright(&self.path()).args(args).assert()
    }

    /// Runs the binary in a folder of the workspace.
    pub(crate) fn run_in(&self, folder: &str, args: &[&str]) -> OutputAssert {
        packwright(&self.path().join(folder)).args(args).assert()
    }
}

/// A picture of one pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0,
    1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];
