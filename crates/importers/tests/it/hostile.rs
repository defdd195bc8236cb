//! Sources that were cut, changed or made to hurt: no panic, and a refusal wherever structure is cut.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use packwright::fs::{ReadFile, Stat};
use packwright::importer::{Claim, Source};
use packwright_importers::standard;
use proptest::prelude::*;

use crate::samples::{all, import_as, import_with, run, sample};

/// The importer of a sample, whatever is left of its signature.
fn importer_of(name: &str) -> &'static str {
    let whole = sample(name);
    let importers = standard();
    importers.choose(&Source::in_memory(name, &whole)).expect("raw takes everything").name()
}

/// The lengths to which a sample can be cut and still be taken.
fn taken_when_cut(name: &str, bytes: &[u8]) -> Vec<usize> {
    let importer = importer_of(name);
    (0..bytes.len()).filter(|length| import_with(importer, name, &bytes[..*length]).is_ok()).collect()
}

#[test]
fn a_source_cut_anywhere_is_refused() {
    for (name, bytes) in all().into_iter().filter(|(name, _)| !name.ends_with(".mp3")) {
        // The padding of a BMP's last row may be left out.
        let expected = if name == "bits.bmp" { vec![bytes.len() - 1] } else { Vec::new() };
        assert_eq!(taken_when_cut(name, &bytes), expected, "{name} of {} bytes", bytes.len());
    }
}

#[test]
fn an_mp3_cut_inside_a_frame_is_refused() {
    let bytes = sample("tone.mp3");
    let frames = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(&bytes[..2]));
    // The first frame only informs the player; up to three bytes behind a frame are not enough for another.
    let expected: Vec<usize> = frames.skip(2).flat_map(|end| end..end + 4).collect();
    assert_eq!(taken_when_cut("tone.mp3", &bytes), expected);
}

#[test]
fn decoding_a_source_cut_anywhere_never_panics() {
    for (name, bytes) in all() {
        for length in 0..bytes.len() {
            for output in ["rgba8", "pcm_s16"] {
                decode_with(importer_of(name), output, name, &bytes[..length]);
            }
        }
    }
}

fn decode_with(importer: &str, output: &str, name: &str, bytes: &[u8]) {
    if matches!((importer, output), ("image", "rgba8") | ("audio", "pcm_s16")) {
        let importers = standard();
        let importer = importers.get(importer).expect("one of ours");
        let _either_way = run(importer.as_ref(), &Source::in_memory(name, bytes), output);
    }
}

fn mutated() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8);
    (prop::sample::select(all()), edits).prop_map(|((name, mut bytes), edits)| {
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        (name, bytes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_source_never_panics((name, bytes) in mutated()) {
        let importers = standard();
        let source = Source::in_memory(name, &bytes);
        for importer in importers.iter() {
            for claim in Claim::ALL {
                importer.claims(claim, &source);
            }
            let _either_way = run(importer.as_ref(), &source, "source");
        }
    }

    #[test]
    fn decoding_a_changed_source_never_panics((name, bytes) in mutated()) {
        // The library's sums for this coding overflow on hostile steps: they wrap in a release, and panic in a debug
        // build, where the packer catches it.
        prop_assume!(name != "ms_adpcm.wav");
        for output in ["rgba8", "pcm_s16"] {
            decode_with(importer_of(name), output, name, &bytes);
        }
    }

    #[test]
    fn any_bytes_behind_any_signature_never_panic(
        (name, sample) in prop::sample::select(all()),
        kept in 0..64_usize,
        rest in prop::collection::vec(any::<u8>(), 0..256),
    ) {
        let bytes = [&sample[..kept.min(sample.len())], &rest].concat();
        let _either_way = import_as(name, &bytes, "source");
    }

    #[test]
    fn any_text_as_data_never_panics(text in "[\\[\\]{}\"'=:,.a1#\\\\\n \u{e4}-]{0,64}") {
        for name in ["a.json", "a.toml"] {
            let _either_way = import_as(name, text.as_bytes(), "source");
        }
    }
}

/// A file of zeros between two ends, which counts what is read of it.
struct Hollow {
    head: Vec<u8>,
    tail: Vec<u8>,
    length: u64,
    read: AtomicU64,
}

impl Hollow {
    fn byte(&self, at: u64) -> u8 {
        let tail_start = self.length - self.tail.len() as u64;
        let from_tail = at.checked_sub(tail_start).and_then(|at| self.tail.get(at as usize));
        *self.head.get(at as usize).or(from_tail).unwrap_or(&0)
    }
}

impl ReadFile for Hollow {
    fn stat(&self) -> io::Result<Stat> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let length = (self.length - offset).min(buffer.len() as u64) as usize;
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        (0..length).for_each(|at| buffer[at] = self.byte(offset + at as u64));
        Ok(length)
    }
}

/// Imports a file of that length as `auto` does; gives the bytes that were read, and whether it was taken.
fn read_of_hollow(name: &str, head: Vec<u8>, tail: Vec<u8>, length: u64) -> (u64, bool) {
    let file = Hollow { head, tail, length, read: AtomicU64::new(0) };
    let source = Source::in_file(name, &file, length);
    let importers = standard();
    let importer = importers.choose(&source).expect("raw takes everything");
    let taken = run(importer.as_ref(), &source, "source").is_ok();
    (file.read.load(Ordering::Relaxed), taken)
}

#[test]
fn of_a_huge_source_only_the_structure_is_read() {
    const LENGTH: u64 = 4 << 30;
    let png = sample("made.png");
    let end = png.len() - 12;
    let head = [&png[..33], &((LENGTH - 33 - 12 - 12) as u32).to_be_bytes(), b"IDAT"].concat();
    let (read, taken) = read_of_hollow("a", head, png[end..].to_vec(), LENGTH);
    assert!(taken && read < 1 << 16, "PNG: {read} bytes");

    let mut jpeg = sample("baseline.jpg");
    let tail = jpeg.split_off(jpeg.len() - 2);
    let (read, taken) = read_of_hollow("a", jpeg, tail, LENGTH);
    assert!(taken && read < 1 << 16, "JPEG: {read} bytes");

    let (read, taken) = read_of_hollow("a.bin", b"\0".to_vec(), Vec::new(), LENGTH);
    assert!(taken && read < 1 << 16, "raw: {read} bytes");
    let (read, taken) = read_of_hollow("a.json", b"[".to_vec(), Vec::new(), LENGTH);
    assert!(!taken && read < 1 << 16, "data: {read} bytes");
}

#[test]
fn a_source_in_a_file_is_read_as_one_in_memory() {
    for (name, bytes) in all() {
        let length = bytes.len() as u64;
        let (_, taken) = read_of_hollow(name, bytes, Vec::new(), length);
        assert!(taken, "{name}");
    }
}
