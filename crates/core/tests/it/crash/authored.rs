//! What people wrote, as it is compared: everything but the packer's own folder, the outputs and temporary files.
//!
//! Identities, times and the names of entries in quarantine are minted anew in every run. Those that were not there
//! before the mutation are numbered in the order in which they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use packwright::fs::is_temporary_name;
use packwright_testkit::model::{Image, Thing};

/// What was known before: the minted words that were there, and whether outputs count as if somebody had written them.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    words: BTreeSet<String>,
    has_outputs: bool,
}

impl Known {
    pub(super) fn of(image: &Image, has_outputs: bool) -> Self {
        let mut known = Self { words: BTreeSet::new(), has_outputs };
        for (path, thing) in image {
            if known.is_authored(path) {
                for text in [path.clone(), text_of(thing)] {
                    let minted = words(&text).into_iter().filter(|word| word.is_minted);
                    known.words.extend(minted.map(|word| word.text.to_owned()));
                }
            }
        }
        known
    }

    fn is_authored(&self, path: &str) -> bool {
        let is_within =
            |folder: &str| path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let is_left_out = is_within(".packwright") || is_within("build") && !self.has_outputs;
        !is_left_out && !path.rsplit('/').next().is_some_and(is_temporary_name)
    }
}

/// What people wrote, by path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Authored(BTreeMap<String, String>);

impl fmt::Debug for Authored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(path, thing)| writeln!(f, "  {path}: {thing}"))
    }
}

impl Authored {
    /// What is authored in an image; `next` and its entry left out, where it is registered.
    pub(super) fn of(image: &Image, known: &Known) -> Self {
        let mut names = Names { known, minted: Vec::new() };
        let mut things = BTreeMap::new();
        for (path, thing) in image.iter().filter(|(path, _)| known.is_authored(path) && *path != NEXT_MANIFEST) {
            let mut text = text_of(thing);
            if path.starts_with("build/") && path.ends_with("/report.json") {
                // Nothing else in it is the same twice.
                text = text.split_inclusive('\n').filter(|line| line.contains("\"pack\": ")).collect();
            }
            if path == REGISTRY {
                text = text.split_inclusive('\n').filter(|line| !line.contains("\"root\": \"next\"")).collect();
                text = text.replace("[\n  ]", "[]");
            }
            let path = names.put(path);
            things.insert(path, names.put(&text));
        }
        // Folders that are there for what they hold. That one stays empty is no harm.
        ["quarantine", "build/deep", "build"].into_iter().fold(Self(things), |authored, folder| {
            if authored.is_empty_folder(folder) { authored.without(folder) } else { authored }
        })
    }

    /// The same without empty folders: what is still to be removed when an answer is given.
    pub(super) fn without_empty_folders(&self) -> Self {
        let mut authored = self.clone();
        while let Some(empty) = authored.0.keys().find(|path| authored.is_empty_folder(path)).cloned() {
            authored = authored.without(&empty);
        }
        authored
    }

    fn is_empty_folder(&self, path: &str) -> bool {
        let below = format!("{path}/");
        self.0.get(path).is_some_and(|thing| thing.ends_with("folder"))
            && self.0.range(below.clone()..).next().is_none_or(|(next, _)| !next.starts_with(&below))
    }

    fn without(mut self, path: &str) -> Self {
        self.0.remove(path);
        self
    }

    /// The first path at which this is as neither of two.
    pub(super) fn between(&self, one: &Self, other: &Self) -> Option<String> {
        let mut paths = [self, one, other].into_iter().flat_map(|authored| authored.0.keys());
        let is_of = |with: &Self, path: &String| self.0.get(path) == with.0.get(path);
        paths.find(|path| !is_of(one, path) && !is_of(other, path)).cloned()
    }

    /// The first path at which two differ, and how.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        let paths: BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        let differs = paths.into_iter().find(|path| self.0.get(*path) != other.0.get(*path))?;
        let shown = |one: &Self| one.0.get(differs).cloned().unwrap_or_else(|| "absent".to_owned());
        Some(format!("{differs} is {}, and not {}", shown(self), shown(other)))
    }
}

const REGISTRY: &str = "packwright.registry.json";
const NEXT_MANIFEST: &str = "assets/next/asset.json";

/// Whether `next` is registered.
pub(super) fn has_next(image: &Image) -> bool {
    let registry = image.get(REGISTRY).map(text_of).unwrap_or_default();
    image.contains_key(NEXT_MANIFEST) && registry.contains("\"root\": \"next\"")
}

fn text_of(thing: &Thing) -> String {
    match thing {
        Thing::File { bytes, mode } => format!("{mode:o} {}", String::from_utf8_lossy(bytes)),
        other => format!("{other:?}"),
    }
}

struct Names<'k> {
    known: &'k Known,
    minted: Vec<String>,
}

impl Names<'_> {
    fn put(&mut self, text: &str) -> String {
        words(text).into_iter().map(|word| self.named(&word)).collect()
    }

    fn named(&mut self, word: &Word<'_>) -> String {
        if !word.is_minted || self.known.words.contains(word.text) {
            return word.text.to_owned();
        }
        let at = self.minted.iter().position(|minted| minted == word.text).unwrap_or_else(|| {
            self.minted.push(word.text.to_owned());
            self.minted.len() - 1
        });
        format!("<minted {at}>")
    }
}

/// A run of characters; minted where it looks like something that is.
struct Word<'t> {
    text: &'t str,
    is_minted: bool,
}

/// A text cut into words and what is between them.
fn words(text: &str) -> Vec<Word<'_>> {
    let belongs = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = belongs(first);
        let end = rest.find(|c| belongs(c) != is_word).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let is_number = word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        let is_id = is_number && text[..text.len() - rest.len()].ends_with("\"asset_id\": ");
        words.push(Word { text: word, is_minted: is_id || is_uuid(word) || is_dated(word) });
        rest = after;
    }
    words
}

fn is_uuid(word: &str) -> bool {
    let groups: Vec<&str> = word.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && is_hex(&word.replace('-', ""))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A time, or the name of an entry in quarantine: both begin with a day.
fn is_dated(word: &str) -> bool {
    let pattern = "dddd-dd-dd".bytes();
    let fits = |(byte, kind): (u8, u8)| if kind == b'd' { byte.is_ascii_digit() } else { byte == kind };
    word.len() > 10 && word.bytes().zip(pattern).all(fits)
}

#[test]
fn minted_words_are_numbered_and_known_ones_stay() {
    let line = |uuid: &str, id: u32| format!("{{\"asset_id\": {id}, \"uuid\": \"{uuid}\", \"root\": \"a\"}}\n");
    let (old, new) = ("0199c0de-0000-7000-8000-0000000000aa", "0199c0de-0000-7000-8000-0000000000bb");
    let image =
        |text: String| Image::from([(REGISTRY.to_owned(), Thing::File { bytes: text.into_bytes(), mode: 0o644 })]);
    let before = image(line(old, 12345));
    let known = Known::of(&before, false);
    let one = Authored::of(&image(line(old, 12345) + &line(new, 67890)), &known);
    let other = Authored::of(&image(line(old, 12345) + &line(&new.replace("bb", "cc"), 98765)), &known);
    assert_eq!(one, other);
    assert_ne!(one, Authored::of(&before, &known));
    assert!(one.difference(&Authored::of(&before, &known)).expect("they differ").starts_with(REGISTRY));
    assert!(is_dated("2026-11-22T15:04:05.123Z") && is_dated("2026-11-22-ui-button-7f3a") && !is_dated("2026-11-2x-y"));
}

#[test]
fn what_the_packer_keeps_for_itself_and_the_next_asset_are_left_out() {
    let file = |text: &str| Thing::File { bytes: text.as_bytes().to_vec(), mode: 0o644 };
    let temporary = ".x.pw-0199c0de-0000-7000-8000-0000000000aa";
    let mut image = Image::from([(".packwright/lock".to_owned(), file("")), (temporary.to_owned(), file("half"))]);
    image.insert(NEXT_MANIFEST.to_owned(), file("{}"));
    image.insert(REGISTRY.to_owned(), file("[\n    {\"asset_id\": 1234, \"root\": \"next\"},\n    {}\n]\n"));
    assert!(has_next(&image));
    image.insert("build/report.json".to_owned(), file("{}"));
    image.insert("quarantine".to_owned(), Thing::Dir { mode: 0o755 });
    let without = Image::from([(REGISTRY.to_owned(), file("[\n    {}\n]\n"))]);
    assert_eq!(Authored::of(&image, &Known::default()), Authored::of(&without, &Known::default()));
    assert!(!has_next(&without));
}
