//! The workspace that is measured on: made anew for every run, below `target/bench/`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::corpus::{self, Size};
use crate::failure::{Doing, Failure, Outcome};
use crate::process::Run;

/// A registered workspace that builds, and the binaries of this repository.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) name: String,
    pub(crate) size: Size,
    packwright: PathBuf,
    /// The release build of this program, for its bare ones.
    xtask: PathBuf,
    home: PathBuf,
}

impl Ground {
    /// A copy of a fetched corpus, every folder at the top of its assets one asset root.
    pub(crate) fn corpus(root: &Path, name: &str) -> Outcome<Self> {
        let assets = corpus::workspace(root, name).join("assets");
        if !assets.is_dir() {
            return Err(Failure::new(format!("no corpus {name}; fetch it with `cargo xtask corpus {name}`")));
        }
        let ground = Self::empty(root, name)?;
        Run::new("cp").args(["-a", "--reflink=never"]).arg(&assets).arg(ground.assets()).run()?;
        ground.register("assets/*")
    }

    /// A tree of `n_roots` small asset roots that have manifests already.
    pub(crate) fn generated(root: &Path, name: &str, n_roots: u32) -> Outcome<Self> {
        let ground = Self::empty(root, name)?;
        for number in 0..n_roots {
            plant(&ground.assets(), number)?;
        }
        ground.register("assets --recursive")
    }

    /// What an earlier run left, where it did.
    pub(crate) fn kept(root: &Path, name: &str) -> Outcome<Option<Self>> {
        let ground = Self::at(root, name);
        let is_there = ground.workspace().is_dir();
        is_there.then(|| Ok(Self { size: Size::of(&ground.assets())?, ..ground })).transpose()
    }

    fn empty(root: &Path, name: &str) -> Outcome<Self> {
        let ground = Self::at(root, name);
        if ground.home.exists() {
            std::fs::remove_dir_all(&ground.home).doing(|| format!("removing {}", ground.home.display()))?;
        }
        std::fs::create_dir_all(ground.workspace()).doing(|| format!("making {}", ground.home.display()))?;
        Ok(ground)
    }

    fn at(root: &Path, name: &str) -> Self {
        let (home, release) = (root.join("target/bench").join(name), root.join("target/release"));
        let (packwright, xtask) = (release.join("packwright"), release.join("xtask"));
        Self { name: name.to_owned(), size: Size::default(), packwright, xtask, home }
    }

    /// Takes the size of the assets as they came, then makes them a workspace.
    fn register(self, paths: &str) -> Outcome<Self> {
        let size = Size::of(&self.assets())?;
        let script = format!("\"$1\" init --name bench; \"$1\" register {paths}");
        Run::shell(&script).arg(&self.packwright).dir(&self.workspace()).quiet().run()?;
        Ok(Self { size, ..self })
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.home.join("workspace")
    }

    pub(crate) fn assets(&self) -> PathBuf {
        self.workspace().join("assets")
    }

    pub(crate) fn pack(&self) -> PathBuf {
        self.workspace().join("build/bench.pack")
    }

    /// A place beside the workspace, for what the other programs write.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// One of Packwright's commands in this workspace, its answer dropped.
    pub(crate) fn packwright(&self, arguments: &[&str]) -> Run {
        Run::new(&self.packwright).arg("--quiet").args(arguments).dir(&self.workspace()).quiet()
    }

    /// One of the bare programs over the assets.
    pub(crate) fn bare(&self, program: &str) -> Run {
        Run::new(&self.xtask).args(["bare", program]).arg(self.assets())
    }

    /// The measures of an embedded runtime, in this workspace.
    pub(crate) fn runtime(&self, rounds: usize) -> Run {
        Run::new(&self.xtask).arg("runtime").arg(self.workspace()).arg(rounds.to_string())
    }

    /// The addresses of a generated tree.
    pub(crate) fn addresses(n_roots: u32) -> Vec<String> {
        (0..n_roots).map(address).collect()
    }

    /// Brings the workspace to rest: built, and everything in it too old to be racy.
    pub(crate) fn settle(&self) -> Outcome {
        self.packwright(&["build"]).run()?;
        std::thread::sleep(Duration::from_millis(2_100));
        self.packwright(&["build"]).run()
    }

    /// A text of moderate length, to be changed without breaking it. It lies in a folder: the files beside those are in
    /// no asset.
    pub(crate) fn changeable(&self) -> Outcome<PathBuf> {
        let kinds = ["txt", "xml", "lua", "ini", "cfg"].map(|kind| format!("*.{kind}"));
        let mut run = Run::new("find").arg(self.assets()).args(["-mindepth", "2", "-type", "f", "-size", "-64k", "("]);
        for (i, kind) in kinds.iter().enumerate() {
            run = run.args(if i == 0 { &["-name"][..] } else { &["-o", "-name"] }).arg(kind);
        }
        let found = run.arg(")").output()?;
        let first = found.lines().min().map(PathBuf::from);
        first.ok_or_else(|| Failure::new(format!("{} has no text to change", self.assets().display())))
    }
}

/// The address of a generated root, and its path below the assets.
fn address(number: u32) -> String {
    format!("group-{:04}/item-{number:07}", number / 100)
}

/// One asset root: a manifest, a text, and bytes that do not compress.
fn plant(assets: &Path, number: u32) -> Outcome {
    let address = address(number);
    let folder = assets.join(&address);
    let seed = blake3::hash(&number.to_le_bytes());
    let uuid = uuid(seed.as_bytes());
    let labels = if number.is_multiple_of(3) { ", \"labels\": [\"third\"]" } else { "" };
    let manifest = format!("{{\"schema\": 1, \"uuid\": \"{uuid}\", \"address\": \"{address}\"{labels}}}\n");
    let mut noise = vec![0; 200 + seed.as_bytes()[0] as usize * 12];
    blake3::Hasher::new_keyed(seed.as_bytes()).finalize_xof().fill(&mut noise);
    let text = format!("item {number}\n").repeat(4);
    let make = || {
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("asset.json"), manifest)?;
        std::fs::write(folder.join("noise.bin"), noise)?;
        std::fs::write(folder.join("words.txt"), text)
    };
    make().doing(|| format!("making {}", folder.display()))
}

/// Bytes spelled as a UUID of version 4.
fn uuid(bytes: &[u8; 32]) -> String {
    let mut text = String::new();
    for (i, byte) in bytes[..16].iter().enumerate() {
        let byte = match i {
            6 => byte & 0x0f | 0x40,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        let dash = if matches!(i, 4 | 6 | 8 | 10) { "-" } else { "" };
        write!(text, "{dash}{byte:02x}").expect("a string takes all text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uuids_made_up_are_of_version_4() {
        let text = uuid(&[0xff; 32]);
        assert_eq!(text, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn a_planted_root_has_a_manifest_that_is_json_and_two_sources() {
        let root = tempfile::tempdir().unwrap();
        plant(root.path(), 123).unwrap();
        let folder = root.path().join("group-0001/item-0000123");
        let manifest: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.join("asset.json")).unwrap()).unwrap();
        assert_eq!(manifest["address"], "group-0001/item-0000123");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 3);
    }
}
