//! A workspace on disk to which things happen, and a look at it that owes nothing to the packer's.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::{fs, io};

use packwright::snapshot::Dirty;
use packwright::value::RelPath;
use packwright_testkit::Tree;
use proptest::prelude::*;

use crate::SETTINGS;

/// Some are one name on some system: in another case, or with their accents spelled otherwise.
pub(super) const FOLDERS: [&str; 11] =
    ["a", "a/in", "a/in/deep", "b", "B", "caf\u{e9}", "cafe\u{301}", "caf\u{e9}/in", "cafe\u{301}/in", "a-b", "drafts"];
const FILES: [&[u8]; 6] =
    [b"1.txt", b"2.bin", "caf\u{e9}.txt".as_bytes(), "cafe\u{301}.txt".as_bytes(), b"x.psd", b"\xff"];
/// As registries spell them; some are no paths.
const ROOTS: [&str; 12] = [
    "a",
    "a/in",
    "a/in/deep",
    "b",
    "B",
    "caf\u{e9}",
    "cafe\u{301}",
    "caf\u{e9}/in",
    "cafe\u{301}/in",
    "drafts",
    "../out",
    "gone",
];
const MANIFESTS: [&str; 8] = [
    r#"{"schema": 1, "uuid": "$uuid", "address": "$address"}"#,
    r#"{"schema": 1, "uuid": "$uuid", "address": "$address", "labels": ["x"]}"#,
    r#"{"schema": 1, "uuid": "$uuid", "address": "$address", "sources": ["*.txt"]}"#,
    r#"{"schema": 1, "uuid": "$uuid", "address": "$address", "sources": ["1.txt", "in/deep/1.txt"]}"#,
    r#"{"schema": 1, "uuid": "$uuid", "address": "$address", "sources": ["../../b/1.txt"]}"#,
    r#"{"schema": 1, "uuid": "$uuid", "address": "$address", "importer": "nobodys"}"#,
    r#"{"schema": 1, "uuid": "$uuid","#,
    "",
];
const SETTINGS_MORE: [&str; 5] = [
    "",
    "[assets]\nignore = [\"*.psd\"]\n",
    "[assets]\nignore = [\"drafts/\", \"in/\"]\n",
    "[assets]\ndir = \"art\"\n",
    "[nonsense]\n",
];
const BROKEN: [&str; 3] = ["{\"schema\": 1, \"assets\": [", "{\"schema\": 99, \"assets\": []}", "<<<<<<< ours\n"];
/// Where the assets folder may be, when it is not where it should be.
const PLACES: [&str; 3] = ["assets", "art", "away"];

/// So many assets are always registered beside the others, so that what happens happens to few of them.
const QUIET: u8 = 10;

/// An entry of the registry: root, UUID, id, whether it is included.
type Entry = (usize, u8, u8, bool);

/// One thing that happens. Numbers choose among what there is.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Write {
        folder: usize,
        file: usize,
        content: u8,
    },
    Delete {
        folder: usize,
        file: usize,
    },
    Manifest {
        folder: usize,
        kind: usize,
        uuid: u8,
        address: u8,
    },
    /// The manifest says something else in as many bytes, at the same time.
    Lie {
        folder: usize,
    },
    NoManifest {
        folder: usize,
    },
    RemoveFolder {
        folder: usize,
    },
    Move {
        from: usize,
        to: usize,
    },
    Swap {
        one: usize,
        other: usize,
    },
    FileInPlace {
        folder: usize,
    },
    LinkInPlace {
        folder: usize,
        to: usize,
    },
    Registry {
        entries: Vec<Entry>,
    },
    RegistryLine {
        entry: Entry,
    },
    RegistryGone,
    RegistryBroken {
        how: usize,
    },
    RegistryRestored,
    Settings {
        which: usize,
    },
    MoveAssets {
        from: usize,
        to: usize,
    },
    AssetsFile,
    AssetsLink,
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let folder = || 0..FOLDERS.len();
    let file = || 0..FILES.len();
    let entry = || (0..ROOTS.len(), 0..6u8, 0..6u8, prop::bool::weighted(0.7));
    let place = || 0..PLACES.len();
    prop_oneof![
        8 => (folder(), file(), 0..6u8).prop_map(|(folder, file, content)| Step::Write { folder, file, content }),
        3 => (folder(), file()).prop_map(|(folder, file)| Step::Delete { folder, file }),
        8 => (folder(), 0..MANIFESTS.len(), 0..6u8, 0..6u8)
            .prop_map(|(folder, kind, uuid, address)| Step::Manifest { folder, kind, uuid, address }),
        4 => folder().prop_map(|folder| Step::Lie { folder }),
        2 => folder().prop_map(|folder| Step::NoManifest { folder }),
        2 => folder().prop_map(|folder| Step::RemoveFolder { folder }),
        4 => (folder(), folder()).prop_map(|(from, to)| Step::Move { from, to }),
        2 => (folder(), folder()).prop_map(|(one, other)| Step::Swap { one, other }),
        1 => folder().prop_map(|folder| Step::FileInPlace { folder }),
        1 => (folder(), folder()).prop_map(|(folder, to)| Step::LinkInPlace { folder, to }),
        4 => proptest::collection::vec(entry(), 0..10).prop_map(|entries| Step::Registry { entries }),
        5 => entry().prop_map(|entry| Step::RegistryLine { entry }),
        1 => Just(Step::RegistryGone),
        2 => (0..=BROKEN.len()).prop_map(|how| Step::RegistryBroken { how }),
        3 => Just(Step::RegistryRestored),
        2 => (0..SETTINGS_MORE.len()).prop_map(|which| Step::Settings { which }),
        1 => (place(), place()).prop_map(|(from, to)| Step::MoveAssets { from, to }),
        1 => Just(Step::AssetsFile),
        1 => Just(Step::AssetsLink),
    ]
}

/// The workspace.
pub(crate) struct Disk {
    pub(crate) tree: Tree,
    is_aged: bool,
    assets_dir: &'static str,
    entries: Vec<Entry>,
    /// The bytes of the last registry that reads; `None` where no file is the last state that does.
    last_registry: Option<Vec<u8>>,
    /// The same, of the last that somebody looked at.
    last_seen: Option<Vec<u8>>,
}

/// What lies in each folder, and the digests of registry and settings.
pub(super) struct Look {
    folders: BTreeMap<PathBuf, BTreeSet<(Vec<u8>, String)>>,
    registry: (bool, Option<Vec<u8>>),
    settings: Option<Vec<u8>>,
}

const REGISTRY: &str = "packwright.registry.json";

impl Disk {
    pub(crate) fn new(is_aged: bool) -> Self {
        let tree = Tree::empty();
        tree.write("packwright.toml", SETTINGS);
        let mut disk =
            Self { tree, is_aged, assets_dir: "assets", entries: Vec::new(), last_registry: None, last_seen: None };
        for (folder, number) in (0..4).zip(0..) {
            disk.take(&Step::Manifest { folder, kind: 0, uuid: number, address: number });
            disk.take(&Step::Write { folder, file: 0, content: 1 });
        }
        for n in 0..QUIET {
            disk.tree.write(
                &format!("assets/z/{n}/asset.json"),
                MANIFESTS[0].replace("$uuid", &quiet_uuid(n)).replace("$address", &format!("z/{n}")),
            );
            disk.tree.write(&format!("assets/z/{n}/z.txt"), "z");
        }
        disk.take(&Step::Registry { entries: vec![(0, 0, 0, true), (2, 2, 2, true), (3, 3, 3, true)] });
        disk
    }

    fn at(&self, folder: usize) -> PathBuf {
        self.tree.at("assets").join(FOLDERS[folder])
    }

    /// Does it, where it can be done.
    pub(crate) fn take(&mut self, step: &Step) {
        if self.is_aged {
            self.tick();
        }
        let _ = self.try_step(step);
    }

    fn try_step(&mut self, step: &Step) -> io::Result<()> {
        let file = |folder: usize, file: usize| self.at(folder).join(OsStr::from_bytes(FILES[file]));
        let manifest = |folder: usize| self.at(folder).join("asset.json");
        match step {
            Step::Write { folder, file: name, content } => {
                self.write(&file(*folder, *name), &vec![b'a' + content; usize::from(*content)])
            }
            Step::Delete { folder, file: name } => fs::remove_file(file(*folder, *name)),
            Step::Manifest { folder, kind, uuid: number, address } => {
                let text =
                    MANIFESTS[*kind].replace("$uuid", &uuid(*number)).replace("$address", &format!("x/{address}"));
                self.write(&manifest(*folder), text.as_bytes())
            }
            Step::Lie { folder } => self.lie(&manifest(*folder)),
            Step::NoManifest { folder } => fs::remove_file(manifest(*folder)),
            Step::RemoveFolder { folder } => remove(&self.at(*folder)),
            Step::Move { from, to } => {
                let to = self.at(*to);
                fs::create_dir_all(to.parent().expect("a parent"))?;
                fs::rename(self.at(*from), to)
            }
            Step::Swap { one, other } => {
                let between = self.tree.at("between");
                fs::rename(self.at(*one), &between)?;
                let done =
                    fs::rename(self.at(*other), self.at(*one)).and_then(|()| fs::rename(&between, self.at(*other)));
                if between.exists() { fs::rename(&between, self.at(*one)) } else { done }
            }
            Step::FileInPlace { folder } => {
                remove(&self.at(*folder))?;
                fs::write(self.at(*folder), "a file")
            }
            Step::LinkInPlace { folder, to } => {
                remove(&self.at(*folder))?;
                symlink(self.at(*to), self.at(*folder))
            }
            Step::Registry { entries } => self.register(entries.clone()),
            Step::RegistryLine { entry } => {
                let mut entries = self.entries.clone();
                match entries.iter().position(|known| known.0 == entry.0) {
                    Some(known) if entries[known] == *entry => drop(entries.remove(known)),
                    Some(known) if entry.1 % 2 == 0 => entries[known] = *entry,
                    _ => entries.insert(usize::from(entry.2) % (entries.len() + 1), *entry),
                }
                self.register(entries)
            }
            Step::RegistryGone => {
                self.entries.clear();
                self.last_registry = None;
                remove(&self.tree.at(REGISTRY))
            }
            Step::RegistryBroken { how } => {
                let at = self.tree.at(REGISTRY);
                remove(&at)?;
                match BROKEN.get(*how) {
                    Some(text) => fs::write(at, text),
                    None => fs::create_dir(at),
                }
            }
            Step::RegistryRestored => {
                let at = self.tree.at(REGISTRY);
                remove(&at)?;
                self.last_registry.iter().try_for_each(|bytes| fs::write(&at, bytes))
            }
            Step::Settings { which } => {
                self.assets_dir = if *which == 3 { "art" } else { "assets" };
                fs::write(self.tree.at("packwright.toml"), format!("{SETTINGS}{}", SETTINGS_MORE[*which]))
            }
            Step::MoveAssets { from, to } => fs::rename(self.tree.at(PLACES[*from]), self.tree.at(PLACES[*to])),
            Step::AssetsFile => {
                remove(&self.tree.at("assets"))?;
                fs::write(self.tree.at("assets"), "a file")
            }
            Step::AssetsLink => {
                remove(&self.tree.at("assets"))?;
                symlink("art", self.tree.at("assets"))
            }
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(path.parent().expect("a parent"))?;
        fs::write(path, bytes)
    }

    /// Where what is remembered of a file is believed, times have to tell what was written: the clock of files must have
    /// moved, and that of some systems ticks slowly.
    fn tick(&self) {
        let probe = self.tree.at("probe");
        let now = || {
            fs::write(&probe, "now").expect("a file");
            fs::metadata(&probe).map(|stat| (stat.ctime(), stat.ctime_nsec())).expect("a time")
        };
        let before = now();
        while now() == before {}
    }

    fn lie(&self, path: &Path) -> io::Result<()> {
        let text = fs::read_to_string(path)?;
        let time = fs::symlink_metadata(path)?.modified()?;
        let (from, to) = if text.contains("x/1") { ("x/1", "x/2") } else { ("x/", "y/") };
        self.write(path, text.replace(from, to).as_bytes())?;
        fs::File::options().append(true).open(path)?.set_modified(time)
    }

    fn register(&mut self, entries: Vec<Entry>) -> io::Result<()> {
        let at = self.tree.at(REGISTRY);
        if at.is_dir() {
            remove(&at)?;
        }
        let entry = |(root, number, id, included): &Entry| {
            let root = ROOTS[*root];
            format!(
                "{{\"asset_id\": {id}, \"uuid\": \"{}\", \"root\": \"{root}\", \"included\": {included}}}",
                uuid(*number)
            )
        };
        let quiet = |n: u8| {
            let (id, uuid) = (100 + n, quiet_uuid(n));
            format!("{{\"asset_id\": {id}, \"uuid\": \"{uuid}\", \"root\": \"z/{n}\", \"included\": true}}")
        };
        let lines: Vec<String> = entries.iter().map(entry).chain((0..QUIET).map(quiet)).collect();
        let text = format!("{{\"schema\": 1, \"assets\": [\n{}\n]}}\n", lines.join(",\n"));
        self.entries = entries;
        self.last_registry = Some(text.clone().into_bytes());
        fs::write(at, text)
    }

    /// The registry that is there reads, and somebody looked at it.
    pub(super) fn registry_is_seen(&mut self) {
        self.last_seen = fs::read(self.tree.at(REGISTRY)).ok();
    }

    /// What `look` finds where the last registry that was seen to read is there still.
    pub(super) fn with_last_registry<R>(&self, look: impl FnOnce() -> R) -> R {
        let (at, aside) = (self.tree.at(REGISTRY), self.tree.at("aside"));
        fs::rename(&at, &aside).expect("a registry");
        self.last_seen.iter().for_each(|bytes| fs::write(&at, bytes).expect("a registry"));
        let seen = look();
        remove(&at).expect("a registry");
        fs::rename(&aside, &at).expect("a registry");
        seen
    }

    pub(super) fn look(&self) -> Look {
        let mut folders = BTreeMap::new();
        let mut due = vec![PathBuf::new()];
        while let Some(path) = due.pop() {
            let at = self.tree.at(self.assets_dir).join(&path);
            let Ok(stat) = fs::symlink_metadata(&at) else { continue };
            let mut entries = BTreeSet::from([(Vec::new(), format!("{} {}", stat.ino(), stat.is_dir()))]);
            for entry in fs::read_dir(&at).into_iter().flatten().filter(|_| stat.is_dir()).flatten() {
                let stat = entry.metadata().expect("nobody else is here");
                if stat.is_dir() {
                    due.push(path.join(entry.file_name()));
                }
                let times = (stat.mtime(), stat.mtime_nsec(), stat.ctime(), stat.ctime_nsec());
                let is =
                    if stat.is_file() { format!("{times:?}{:?}", fs::read(entry.path()).ok()) } else { String::new() };
                entries.insert((
                    entry.file_name().as_bytes().to_vec(),
                    format!("{:?} {} {is}", stat.file_type(), stat.ino()),
                ));
            }
            folders.insert(path, entries);
        }
        let bytes = |name: &str| fs::read(self.tree.at(name)).ok();
        Look {
            folders,
            registry: (self.tree.at(REGISTRY).exists(), bytes(REGISTRY)),
            settings: bytes("packwright.toml"),
        }
    }

    /// Where something changed since, and, as `noise` says, where nothing did.
    pub(super) fn hints(&self, before: &Look, noise: u8) -> Dirty {
        let now = self.look();
        let paths: BTreeSet<&PathBuf> = before.folders.keys().chain(now.folders.keys()).collect();
        let changed = paths.into_iter().filter(|path| before.folders.get(*path) != now.folders.get(*path));
        let mut dirty = Dirty::folders(changed.filter_map(|path| spelt(path)));
        dirty.registry = before.registry != now.registry || noise & 1 > 0;
        dirty.settings = before.settings != now.settings || noise & 2 > 0;
        if noise & 4 > 0 {
            let folder = FOLDERS[usize::from(noise) % FOLDERS.len()];
            dirty.add_folder(&folder.split('/').fold(RelPath::root(), |path, name| path.entry(name)));
        }
        if noise & 0xf8 == 8 {
            dirty.merge(&Dirty::everything());
        }
        dirty
    }
}

fn quiet_uuid(number: u8) -> String {
    format!("0199c0de-0000-7000-8000-0000000000e{number}")
}

fn uuid(number: u8) -> String {
    format!("0199c0de-0000-7000-8000-0000000000f{number}")
}

fn spelt(path: &Path) -> Option<RelPath> {
    path.components().try_fold(RelPath::root(), |spelt, name| Some(spelt.entry(name.as_os_str().to_str()?)))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(stat) if stat.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}
