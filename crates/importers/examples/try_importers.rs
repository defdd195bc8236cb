//! Tries the importers on real files: walks a folder, chooses for each file as `auto` does, imports it, and prints how
//! many went where, every refusal, and how long it took.
//!
//! ```text
//! cargo run --release -p packwright-importers --example try_importers -- FOLDER [--make]
//! ```
//!
//! With `--make` each image and sound is decoded, too, and what its header said is compared with what came out.

#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs, io};

use packwright::importer::{
    ImportedPart, Importer, ImporterSet, MetadataValue, PartBytes, SettingValue, Settings, Source,
};

#[derive(Default)]
struct Count {
    files: u64,
    bytes: u64,
    refused: u64,
    time: Duration,
}

struct Trial {
    importers: ImporterSet,
    make: bool,
    counts: BTreeMap<String, Count>,
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let make = arguments.iter().any(|argument| argument == "--make");
    let mut trial = Trial { importers: packwright_importers::standard(), make, counts: BTreeMap::new() };
    for folder in arguments.iter().filter(|argument| !argument.starts_with("--")) {
        trial.walk(Path::new(folder))?;
    }
    for (name, count) in &trial.counts {
        let Count { files, bytes, refused, time } = count;
        println!("{name:<16} {files:>7} files {bytes:>13} bytes {refused:>5} refused {time:>10.1?}");
    }
    Ok(())
}

impl Trial {
    fn walk(&mut self, folder: &Path) -> io::Result<()> {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        paths.sort();
        for path in paths {
            if path.is_symlink() {
                continue;
            } else if path.is_dir() {
                self.walk(&path)?;
            } else {
                self.try_file(&path)?;
            }
        }
        Ok(())
    }

    fn try_file(&mut self, path: &Path) -> io::Result<()> {
        let bytes = fs::read(path)?;
        let name = path.to_string_lossy();
        let source = Source::in_memory(&name, &bytes);
        let start = Instant::now();
        let importer = self.importers.choose(&source).expect("`raw` takes everything").clone();
        let kept = importer.import(&source, &Settings::defaults(importer.settings()));
        let time = start.elapsed();
        let row = match &kept {
            Ok(kept) => format!("{} {}", importer.name(), kept.parts[0].format),
            Err(_) => importer.name().to_owned(),
        };
        self.count(row, &source, time, kept.is_err());
        match kept {
            Err(error) => println!("refused by {}: {name}: {error}", importer.name()),
            Ok(kept) if self.make => self.make(importer.as_ref(), &source, &kept.parts[0]),
            Ok(_) => {}
        }
        Ok(())
    }

    fn make(&mut self, importer: &dyn Importer, source: &Source<'_>, kept: &ImportedPart) {
        let made = match importer.name() {
            "image" => "rgba8",
            "audio" => "pcm_s16",
            _ => return,
        };
        let mut settings = Settings::defaults(importer.settings());
        settings.set("output", SettingValue::Word(made.to_owned()));
        let start = Instant::now();
        let result = importer.import(source, &settings);
        self.count(format!("{made} of {}", kept.format), source, start.elapsed(), result.is_err());
        match result {
            Ok(result) => report_difference(source.path(), kept, &result.parts[0]),
            Err(error) => println!("not made {made}: {}: {error}", source.path()),
        }
    }

    fn count(&mut self, row: String, source: &Source<'_>, time: Duration, refused: bool) {
        let count = self.counts.entry(row).or_default();
        count.files += 1;
        count.bytes += source.len();
        count.refused += u64::from(refused);
        count.time += time;
    }
}

fn report_difference(path: &str, kept: &ImportedPart, made: &ImportedPart) {
    let whole = |part: &ImportedPart, name: &str| match part.metadata.get(name) {
        Some(MetadataValue::Whole(number)) => Some(*number),
        _ => None,
    };
    for name in ["width", "height", "rate", "frames"] {
        let (said, came) = (whole(kept, name), whole(made, name));
        if said != came {
            println!("differs: {path}: {name} {said:?}, made {came:?}");
        }
    }
    if matches!(made.bytes, PartBytes::Kept) {
        println!("differs: {path}: kept where it should be made");
    }
}
