//! Every file of a tree, read, hashed and appended to one file.
//!
//! Files are read and hashed in parallel, a bounded batch at a time, while the batch before is being written.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use rayon::prelude::*;

use crate::failure::{Doing, Failure, Outcome};

const BATCH_BYTES: u64 = 32 << 20;

pub(crate) fn pack(folder: &Path, out: &Path) -> Outcome {
    let batches = batches(files(folder)?);
    let (sender, receiver) = sync_channel(1);
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || write(out, &receiver));
        for batch in &batches {
            if sender.send(read(batch)?).is_err() {
                break; // the writer has failed and says why below
            }
        }
        drop(sender);
        writer.join().map_err(|_| Failure::new("the writer panicked"))?
    })
}

pub(crate) fn hash(folder: &Path) -> Outcome {
    for batch in batches(files(folder)?) {
        read(&batch)?;
    }
    Ok(())
}

type Read = Vec<(Vec<u8>, blake3::Hash)>;

fn write(out: &Path, batches: &Receiver<Read>) -> Outcome {
    let writing = || format!("writing {}", out.display());
    let mut file = BufWriter::with_capacity(1 << 20, File::create(out).doing(writing)?);
    let mut hashes = Vec::new();
    for (bytes, hash) in batches.iter().flatten() {
        file.write_all(&bytes).doing(writing)?;
        hashes.extend_from_slice(hash.as_bytes());
    }
    file.write_all(&hashes).doing(writing)?;
    file.into_inner().doing(writing)?.sync_all().doing(writing)
}

fn read(batch: &[PathBuf]) -> Outcome<Read> {
    let one = |path: &PathBuf| {
        let bytes = std::fs::read(path).doing(|| format!("reading {}", path.display()))?;
        let hash = blake3::hash(&bytes);
        Ok((bytes, hash))
    };
    batch.par_iter().map(one).collect()
}

fn batches(files: Vec<(PathBuf, u64)>) -> Vec<Vec<PathBuf>> {
    let mut batches = vec![Vec::new()];
    let mut n_bytes = 0;
    for (path, length) in files {
        if n_bytes > BATCH_BYTES {
            batches.push(Vec::new());
            n_bytes = 0;
        }
        n_bytes += length;
        batches.last_mut().expect("it starts with one").push(path);
    }
    batches
}

/// All regular files with their lengths, in order of their paths.
fn files(folder: &Path) -> Outcome<Vec<(PathBuf, u64)>> {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).and_then(Iterator::collect).doing(|| format!("listing {}", folder.display()))?;
    entries.sort_unstable_by_key(std::fs::DirEntry::file_name);
    let below = |entry: &std::fs::DirEntry| -> Outcome<Vec<(PathBuf, u64)>> {
        let path = entry.path();
        let kind = entry.file_type().doing(|| format!("looking at {}", path.display()))?;
        if kind.is_dir() {
            return files(&path);
        }
        let length = entry.metadata().doing(|| format!("looking at {}", path.display()))?.len();
        Ok(if kind.is_file() { vec![(path, length)] } else { Vec::new() })
    };
    Ok(entries.par_iter().map(below).collect::<Outcome<Vec<_>>>()?.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_made_is_every_file_in_order_and_then_their_hashes() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("in");
        std::fs::create_dir_all(folder.join("b")).unwrap();
        for (name, text) in [("a", "1"), ("b/x", "2"), ("c", "3")] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let out = root.path().join("out");
        pack(&folder, &out).unwrap();
        let hashes = ["1", "2", "3"].map(|text| *blake3::hash(text.as_bytes()).as_bytes()).concat();
        assert_eq!(std::fs::read(out).unwrap(), [b"123".as_slice(), &hashes].concat());
    }

    #[test]
    fn no_batch_grows_by_more_than_one_file_past_its_bound() {
        let file = |length| (PathBuf::from("x"), length);
        let lengths = [BATCH_BYTES, 1, 1, BATCH_BYTES + 1, 5].map(file).to_vec();
        assert_eq!(batches(lengths).iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    }
}
