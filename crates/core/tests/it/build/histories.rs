//! INC-1 over random histories: after every step the incremental build gives the bytes of a full build made from the
//! authored files alone, in another folder, by another number of threads, with its files created in another order.
//!
//! `PACKWRIGHT_HISTORIES=1000 cargo test -p packwright inc_1_random` runs more of them.

use std::os::unix::fs::MetadataExt;

use packwright::build::{BuildError, Options};
use packwright::value::OperationId;
use packwright_testkit::{Tree, files_below};
use proptest::prelude::*;

use super::bench::Bench;
use super::game::Game;
use super::stub::{self, Stub};

const ROOTS: [&str; 4] = ["a", "b", "c", "a/shout"];
const FILES: [&str; 6] = ["1.txt", "2.bin", "3.shout", "4.lines", "shout/5.txt", "x.txt"];
const MANIFESTS: [&str; 8] = [
    "",
    r#", "labels": ["one", "two"]"#,
    r#", "preload": true"#,
    r#", "importer": "raw""#,
    r#", "importer": [{"pattern": "*.txt", "importer": "shout"}]"#,
    r#", "settings": {"shout": {"case": "lower"}}"#,
    r#", "settings": {"shout": {"tail": true}}"#,
    r#", "sources": ["*.txt", "shout/**"]"#,
];
const DAMAGED: [&str; 6] = [
    ".packwright/listing",
    ".packwright/last-build",
    ".packwright/cache/v1/entries",
    ".packwright/cache/v1/blobs",
    "build/game.pack",
    "build/addressables.json",
];

/// One thing that happens to a workspace. Numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Write {
        root: usize,
        file: usize,
        content: u8,
    },
    /// Other bytes, and the time of the old ones.
    Lie {
        root: usize,
        file: usize,
    },
    Delete {
        root: usize,
        file: usize,
    },
    Rename {
        root: usize,
        from: usize,
        to: usize,
    },
    Manifest {
        root: usize,
        members: usize,
        address: bool,
    },
    Include {
        root: usize,
    },
    Register {
        root: usize,
    },
    Compression,
    Damage {
        what: [bool; DAMAGED.len()],
        how: u8,
    },
    /// A build was killed before it published, or half-way through.
    Kill {
        published: u8,
    },
    ImporterVersion,
}

fn step() -> impl Strategy<Value = Step> {
    let root = || 0..ROOTS.len();
    let file = || 0..FILES.len();
    prop_oneof![
        6 => (root(), file(), 0..24u8).prop_map(|(root, file, content)| Step::Write { root, file, content }),
        2 => (root(), file()).prop_map(|(root, file)| Step::Lie { root, file }),
        1 => (root(), file()).prop_map(|(root, file)| Step::Delete { root, file }),
        1 => (root(), file(), file()).prop_map(|(root, from, to)| Step::Rename { root, from, to }),
        3 => (root(), 0..MANIFESTS.len(), any::<bool>())
            .prop_map(|(root, members, address)| Step::Manifest { root, members, address }),
        2 => root().prop_map(|root| Step::Include { root }),
        2 => root().prop_map(|root| Step::Register { root }),
        2 => Just(Step::Compression),
        4 => (any::<[bool; DAMAGED.len()]>(), 0..3u8).prop_map(|(what, how)| Step::Damage { what, how }),
        2 => (0..5u8).prop_map(|published| Step::Kill { published }),
        1 => Just(Step::ImporterVersion),
    ]
}

fn content(number: u8) -> Vec<u8> {
    let kind = number % 8;
    let variant = number / 8;
    match kind {
        0 => Vec::new(),
        1 | 2 => vec![b'a' + number; 5000],
        3 if variant == 0 => b"refuse".to_vec(),
        4 => b"One\nTwo\n".to_vec(),
        5 => vec![0xff; 64 + usize::from(variant)],
        _ => format!("Text {number}\n").into_bytes(),
    }
}

struct History {
    game: Game,
    bench: Bench,
    compressed: bool,
    version: u32,
}

impl History {
    fn new() -> Self {
        let mut game = Game::new();
        for (id, root) in (1..).zip(["a", "b"]) {
            game.asset(id, root, "");
            for file in FILES {
                game.source(&format!("{root}/{file}"), format!("{root} {file}\n"));
            }
        }
        let bench = Bench::new(&game.tree, importers(1));
        Self { game, bench, compressed: false, version: 1 }
    }

    fn take(&mut self, step: &Step) {
        let path = |root: &usize, file: &usize| format!("assets/{}/{}", ROOTS[*root], FILES[*file]);
        match step {
            Step::Write { root, file, content: number } => self.write(&path(root, file), &content(*number)),
            Step::Lie { root, file } => self.lie(&path(root, file)),
            Step::Delete { root, file } => drop(std::fs::remove_file(self.game.tree.at(&path(root, file)))),
            Step::Rename { root, from, to } => {
                let (from, to) = (self.game.tree.at(&path(root, from)), self.game.tree.at(&path(root, to)));
                drop(std::fs::rename(from, to));
            }
            Step::Manifest { root, members, address } => {
                let name = ROOTS[*root];
                let address = if *address { format!("other/{name}") } else { name.to_owned() };
                self.game.manifest(id(*root), name, &address, MANIFESTS[*members]);
            }
            Step::Include { root } => {
                if let Some((_, included)) = self.game.registered.get_mut(&id(*root)) {
                    *included = !*included;
                }
                self.game.write_registry();
            }
            Step::Register { root } => self.register_or_remove(*root),
            Step::Compression => {
                self.compressed = !self.compressed;
                self.game.settings(if self.compressed { "[build]\ncompression = \"lz4\"\n" } else { "" });
            }
            Step::Damage { what, how } => {
                let chosen = DAMAGED.iter().zip(what).filter(|(_, chosen)| **chosen);
                chosen.for_each(|(path, _)| damage(&self.game.tree, path, *how));
            }
            Step::Kill { published } => kill(&self.game.tree, *published),
            Step::ImporterVersion => {
                self.version += 1;
                self.bench = Bench::new(&self.game.tree, importers(self.version));
            }
        }
    }

    /// Writes until the file's ctime is another, as it is where any time passed; clocks of some systems tick slowly.
    fn write(&self, path: &str, bytes: &[u8]) {
        let ctime = || std::fs::metadata(self.game.tree.at(path)).map(|stat| (stat.ctime(), stat.ctime_nsec())).ok();
        let before = ctime();
        self.game.tree.write(path, bytes);
        while ctime() == before {
            self.game.tree.write(path, bytes);
        }
    }

    fn lie(&self, path: &str) {
        let at = self.game.tree.at(path);
        let Ok(mut bytes) = std::fs::read(&at) else { return };
        let time = std::fs::metadata(&at).and_then(|stat| stat.modified()).expect("a time");
        bytes.iter_mut().for_each(|byte| *byte ^= 1);
        self.write(path, &bytes);
        std::fs::File::options().append(true).open(&at).and_then(|file| file.set_modified(time)).expect("a time");
    }

    fn register_or_remove(&mut self, root: usize) {
        let (id, name) = (id(root), ROOTS[root]);
        if self.game.registered.remove(&id).is_some() {
            self.game.write_registry();
            drop(std::fs::remove_file(self.game.tree.at(&format!("assets/{name}/asset.json"))));
        } else {
            self.game.asset(id, name, "");
            self.game.source(&format!("{name}/x.txt"), "there\n");
        }
    }
}

fn id(root: usize) -> u32 {
    root as u32 + 1
}

fn importers(version: u32) -> packwright::importer::ImporterSet {
    stub::with([Stub::new("shout", stub::shout).0.version(version), Stub::new("lines", stub::lines).0])
}

fn damage(tree: &Tree, what: &str, how: u8) {
    let at = tree.at(what);
    let files: Vec<_> =
        if at.is_dir() { files_below(&at).into_keys().map(|path| at.join(path)).collect() } else { vec![at] };
    for file in files {
        let Ok(mut bytes) = std::fs::read(&file) else { continue };
        let middle = bytes.len() / 2;
        match how {
            0 => drop(std::fs::remove_file(&file)),
            1 => drop(std::fs::write(&file, &bytes[..middle])),
            _ => {
                bytes.iter_mut().step_by(61).for_each(|byte| *byte ^= 0x40);
                drop(std::fs::write(&file, bytes));
            }
        }
    }
}

/// What a build leaves that is killed: before its set is named, or after so many of its renames.
fn kill(tree: &Tree, published: u8) {
    let operation = OperationId::mint();
    let outputs = ["addressables.json", "report.json", "game.pack"];
    let temporary = |name: &str| format!("build/.{name}.pw-{operation}");
    let staged: Vec<String> = outputs.iter().map(|name| format!("\"{}\"", temporary(name))).collect();
    tree.write(".packwright/staged", format!(r#"{{"staged": [{}]}}"#, staged.join(", ")));
    let complete = outputs.iter().all(|name| tree.at(&format!("build/{name}")).exists());
    if published == 4 || !complete {
        tree.write(&temporary("game.pack"), "half a pack");
        return;
    }
    for name in outputs.iter().skip(usize::from(published)) {
        tree.rename(&format!("build/{name}"), &temporary(name));
    }
    let named: Vec<String> = outputs.iter().map(|name| format!("\"build/{name}\"")).collect();
    let note = format!(r#"{{"operation": "{operation}", "outputs": [{}]}}"#, named.join(", "));
    tree.write(".packwright/publish", note);
}

/// The outputs, or the fingerprints of what blocks them.
type End = Result<(Vec<u8>, String), Vec<String>>;

fn end_of(bench: &Bench, tree: &Tree, full: bool) -> End {
    match bench.build(Options { full, ..Options::default() }) {
        Ok(_) => Ok((tree.read("build/game.pack"), tree.text("build/addressables.json"))),
        Err(BuildError::Blocked(findings)) => {
            Err(findings.into_iter().map(|found| format!("{} {}", found.code, found.fingerprint)).collect())
        }
        Err(error) => panic!("{error}"),
    }
}

/// A full build of the authored files alone, created in an order that `seed` gives.
fn full(history: &History, seed: usize) -> End {
    let mut files: Vec<(String, Vec<u8>)> = history.game.tree.authored().into_iter().collect();
    files.sort_by_key(|(path, _)| *blake3::hash(format!("{seed} {path}").as_bytes()).as_bytes());
    let tree = Tree::empty();
    files.iter().for_each(|(path, bytes)| tree.write(path, bytes));
    end_of(&Bench::with_threads(&tree, importers(history.version), 1 + seed % 3), &tree, true)
}

fn n_histories() -> u32 {
    std::env::var("PACKWRIGHT_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: n_histories(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn inc_1_random_histories_build_as_if_there_had_been_none(steps in proptest::collection::vec(step(), 3..14)) {
        let mut history = History::new();
        for (number, step) in steps.iter().enumerate() {
            history.take(step);
            let expected = full(&history, number);
            for time in ["first", "second"] {
                let end = end_of(&history.bench, &history.game.tree, false);
                prop_assert_eq!(&end, &expected, "the {} time after {:?}", time, step);
            }
        }
    }
}
