//! Random damage: whatever lies in a workspace, a doctor ends with an answer and changes not a byte.

use std::path::Path;

use packwright::diagnose::Class;
use packwright::service::{Data, Status};
use packwright_testkit::{Tree, files_below};
use proptest::prelude::*;

use super::{check_words, tidy};
use crate::{call, reopen};

/// One thing that goes wrong.
#[derive(Debug, Clone)]
enum Damage {
    Write(String, Vec<u8>),
    Truncate(usize, usize),
    Flip(usize, usize),
    Remove(usize),
    Copy(usize, String),
    Folder(String),
    Link(String, String),
}

fn place() -> impl Strategy<Value = String> {
    let folder = prop::sample::select(vec![
        "assets",
        "assets/ui",
        "assets/ui/button",
        "assets/ui/icon",
        "assets/new",
        ".packwright",
        ".packwright/cache/v1/blobs/ab",
        ".packwright/cache/v1/entries/ab",
        ".packwright/trash",
        "build",
        "quarantine/2020-01-01-x-1",
        "quarantine",
        ".",
    ]);
    let name = prop_oneof![
        prop::sample::select(vec![
            "asset.json",
            "packwright.toml",
            "packwright.registry.json",
            ".gitignore",
            "journal",
            "listing",
            "last-build",
            "staged",
            "holder.json",
            "entry.json",
            "Thumbs.db",
            "aux.txt",
            "label.txt",
            "LABEL.txt",
            "game.pack",
            "a~",
            ".x.pw-0199c0de-0000-7000-8000-000000000000",
            ".x.pw-1",
            "caf\u{e9}",
            "cafe\u{301}",
            "dot.",
            "a:b",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z\u{e4}\u{30dc} .~#_-]{1,12}".prop_filter("a name", |name| name != "." && name != ".."),
    ];
    (folder, name).prop_map(|(folder, name)| format!("{folder}/{name}"))
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        Just(b"press\n".to_vec()),
        Just(br#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000a", "address": "x/y", "sources": ["*"]}"#.to_vec()),
        Just(br#"{"schema": 1, "assets": [{"asset_id": 1, "uuid": "0199c0de-0000-7000-8000-00000000000a", "root": "new", "included": true, "x": {}}]}"#.to_vec()),
        "[\\[\\]{}\":,a-z0-9 =\n]{0,60}".prop_map(String::into_bytes),
    ]
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        4 => (place(), content()).prop_map(|(path, bytes)| Damage::Write(path, bytes)),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(file, at)| Damage::Truncate(file, at)),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(file, at)| Damage::Flip(file, at)),
        1 => any::<usize>().prop_map(Damage::Remove),
        1 => (any::<usize>(), place()).prop_map(|(file, path)| Damage::Copy(file, path)),
        1 => place().prop_map(Damage::Folder),
        1 => (place(), place()).prop_map(|(from, to)| Damage::Link(from, to)),
    ]
}

/// Does it where it can be done.
fn inflict(tree: &Tree, damage: &Damage) {
    let nth = |n: usize| {
        let files: Vec<String> = files_below(tree.path()).into_keys().collect();
        files.get(n % files.len().max(1)).cloned()
    };
    let write = |path: &str, bytes: &[u8]| {
        let path = tree.at(path);
        let _ = path.parent().map(std::fs::create_dir_all);
        let _ = std::fs::write(path, bytes);
    };
    match damage {
        Damage::Write(path, bytes) => write(path, bytes),
        Damage::Truncate(file, at) => {
            if let Some(path) = nth(*file) {
                let bytes = tree.read(&path);
                write(&path, &bytes[..at % (bytes.len() + 1)]);
            }
        }
        Damage::Flip(file, at) => {
            if let Some(path) = nth(*file) {
                let mut bytes = tree.read(&path);
                let length = bytes.len().max(1);
                bytes.get_mut(at % length).into_iter().for_each(|byte| *byte ^= 0x21);
                write(&path, &bytes);
            }
        }
        Damage::Remove(file) => drop(nth(*file).map(|path| std::fs::remove_file(tree.at(&path)))),
        Damage::Copy(file, to) => drop(nth(*file).map(|path| write(to, &tree.read(&path)))),
        Damage::Folder(path) => drop(std::fs::create_dir_all(tree.at(path))),
        Damage::Link(from, to) => drop(std::os::unix::fs::symlink(tree.at(from), tree.at(to))),
    }
}

/// All that is there, links and folders too; what a look may remember left out.
fn everything(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = files_below(dir).into_iter().collect();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let kind = entry.file_type().expect("a kind");
            if kind.is_dir() {
                folders.push(entry.path());
            }
            if !kind.is_file() {
                all.push((entry.path().to_string_lossy().into_owned(), Vec::new()));
            }
        }
    }
    let is_ours = |path: &str| path.ends_with(".packwright") || path == ".packwright/listing";
    all.retain(|(path, _)| !is_ours(path));
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn doc_4_safe_3_whatever_is_damaged_a_doctor_answers_and_changes_nothing(damages in prop::collection::vec(damage(), 1..12)) {
        let tree = tidy();
        let _ = call(&reopen(&tree), r#"{"service": "build"}"#);
        damages.iter().for_each(|damage| inflict(&tree, damage));
        // Without the file there is no workspace, and nothing to ask.
        if !tree.at("packwright.toml").is_file() {
            let _ = std::fs::remove_dir_all(tree.at("packwright.toml"));
            tree.write("packwright.toml", "");
        }
        let project = reopen(&tree);
        // Opening finishes what a killed build named; a doctor does nothing of the kind.
        let before = everything(tree.path());
        let response = call(&project, r#"{"service": "doctor", "scope": "workspace", "deep": true}"#);
        drop(project);
        prop_assert_eq!(before, everything(tree.path()));
        prop_assert_eq!(response.status, Status::Ok, "{}", &response.summary);
        let Data::Doctor(data) = &response.data else { panic!("{response:?}") };
        prop_assert!(data.failed.iter().all(|failed| !failed.message.contains("BUG")), "{:?}", data.failed);
        response.diagnostics.iter().filter(|found| found.class == Class::Hygiene).for_each(check_words);
    }
}
