//! One import: from a source's bytes to parts, or to the finding that it is refused.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use packwright_format::compress;

use super::cache::{Cache, Entry, StoredPart};
use super::read::Reading;
use super::recipe::Recipe;
use super::unit::{Unit, may_compress};
use crate::diagnose::Diagnostic;
use crate::diagnose::content::{self, Refusal};
use crate::importer::{ImportError, Imported, ImportedPart, Importer, ImporterSet, PartBytes, Source};
use crate::value::ContentHash;
use crate::workspace::Compression;

/// What imports need beside their unit.
pub(super) struct Workshop<'a> {
    pub(super) importers: &'a ImporterSet,
    pub(super) compression: Compression,
    pub(super) cache: &'a Cache,
    /// Whether anyone will write what is made.
    pub(super) needs_bytes: bool,
}

/// A part, and the bytes that were made for it.
pub(super) struct MadePart {
    pub(super) stored: StoredPart,
    /// The stored bytes, where they are neither the source's own nor in the cache.
    pub(super) bytes: Option<Vec<u8>>,
}

/// Why a unit gives nothing.
pub(super) enum Refused {
    /// A finding about it.
    Finding(Box<Diagnostic>),
    /// Nothing to remember: the source could not be read.
    Io(std::io::Error),
    /// Nothing to remember: the source changed after its bytes were hashed.
    Changed,
}

impl Workshop<'_> {
    /// How payloads are stored, as a recipe says it.
    pub(super) fn codec(&self) -> String {
        match self.compression {
            Compression::None => "none".to_owned(),
            Compression::Lz4 => packwright_format::CODEC_VERSION.to_owned(),
        }
    }

    /// Who takes a source: whom the manifest names, or what `auto` means for it.
    pub(super) fn importer_of<'w>(&'w self, unit: &Unit<'w>, source: &Source<'_>) -> Option<&'w Arc<dyn Importer>> {
        unit.named.or_else(|| self.importers.choose(source))
    }

    /// What an import of `unit` by `importer` is made from.
    pub(super) fn recipe(&self, unit: &Unit<'_>, importer: &dyn Importer, hash: ContentHash) -> Recipe {
        Recipe {
            importer: importer.name().to_owned(),
            version: importer.version(),
            settings: unit.settings(importer).canonical(),
            codec: self.codec(),
            source: unit.source.path.as_str().to_owned(),
            hash,
        }
    }

    /// Imports what was read. What cost work goes to the cache, and so does a refusal.
    pub(super) fn import(
        &self,
        unit: &Unit<'_>,
        reading: &Reading,
        importer: &dyn Importer,
        recipe: &Recipe,
    ) -> Result<Vec<MadePart>, Refused> {
        let mut made = self.import_to_memory(unit, reading, importer, recipe)?;
        for part in &mut made {
            if let (Some(bytes), Some(blob)) = (&part.bytes, &part.stored.blob)
                && (!self.needs_bytes || self.cache.keep_blob(bytes, blob))
            {
                part.bytes = None;
            }
        }
        if made.iter().any(|part| part.stored.blob.is_some()) {
            let parts = made.iter().map(|part| part.stored.clone()).collect();
            self.cache.keep(&recipe.key(), &Entry::Parts(parts));
        }
        Ok(made)
    }

    /// Imports what was read, and holds in memory what was made of it. Of all this only a refusal goes to the cache.
    pub(super) fn import_to_memory(
        &self,
        unit: &Unit<'_>,
        reading: &Reading,
        importer: &dyn Importer,
        recipe: &Recipe,
    ) -> Result<Vec<MadePart>, Refused> {
        let source = source_of(unit, reading);
        let settings = unit.settings(importer);
        let key = recipe.key();
        let refuse = |refusal: Refusal| {
            let finding = content::refused(unit.asset, unit.source.disk.clone(), importer.name(), &refusal);
            self.cache.keep(&key, &Entry::Refused(refusal));
            Refused::Finding(Box::new(finding))
        };
        // An importer has no state that a panic could leave half changed: it is a function of its input.
        let answer = catch_unwind(AssertUnwindSafe(|| importer.import(&source, &settings)));
        if !reading.still_holds() {
            return Err(Refused::Changed);
        }
        let imported = match answer {
            Ok(Ok(imported)) => imported,
            Ok(Err(error)) => {
                return Err(match (Refusal::of(&error), error) {
                    (Some(refusal), _) => refuse(refusal),
                    (None, ImportError::Io(error)) => Refused::Io(error),
                    (None, error) => Refused::Io(std::io::Error::other(error)),
                });
            }
            Err(panic) => return Err(refuse(Refusal::undecodable(panic_message(&*panic)))),
        };
        if imported.parts.is_empty() {
            return Err(refuse(Refusal::undecodable("the importer made nothing of it")));
        }
        if importer.keeps(&settings) && !keeps_the_source(&imported) {
            return Err(refuse(Refusal::undecodable("the importer promised to keep the bytes and did not")));
        }
        Ok(imported.parts.into_iter().map(|part| self.encode(unit, reading, importer, part)).collect())
    }

    /// A part with the bytes that are to be stored.
    fn encode(&self, unit: &Unit<'_>, reading: &Reading, importer: &dyn Importer, part: ImportedPart) -> MadePart {
        let worth_a_try = |length| {
            self.compression == Compression::Lz4
                && may_compress(length)
                && !importer.compressed_formats().contains(&part.format.as_str())
        };
        let name = match &part.name {
            Some(suffix) => format!("{}#{suffix}", unit.source.path),
            None => unit.source.path.as_str().to_owned(),
        };
        let (hash, raw_length, raw) = match &part.bytes {
            PartBytes::Kept => (reading.hash, reading.stamp.size, reading.bytes.as_deref()),
            PartBytes::Made(bytes) => (ContentHash::of(bytes), bytes.len() as u64, Some(bytes.as_slice())),
        };
        let compressed = raw.filter(|_| worth_a_try(raw_length)).and_then(compress);
        let is_lz4 = compressed.is_some();
        let bytes = match (compressed, part.bytes) {
            (Some(block), _) => Some(block),
            (None, PartBytes::Made(bytes)) => Some(bytes),
            (None, PartBytes::Kept) => None,
        };
        let blob = bytes.as_deref().map(ContentHash::of);
        let stored_length = bytes.as_ref().map_or(raw_length, |bytes| bytes.len() as u64);
        let metadata = part.metadata.to_json();
        let stored = StoredPart { name, format: part.format, metadata, is_lz4, stored_length, raw_length, hash, blob };
        MadePart { stored, bytes }
    }
}

fn keeps_the_source(imported: &Imported) -> bool {
    matches!(imported.parts.as_slice(), [ImportedPart { name: None, bytes: PartBytes::Kept, .. }])
}

/// A unit's source as its importer sees it.
pub(super) fn source_of<'r>(unit: &'r Unit<'_>, reading: &'r Reading) -> Source<'r> {
    match &reading.bytes {
        Some(bytes) => Source::in_memory(unit.source.path.as_str(), bytes),
        None => Source::in_file(unit.source.path.as_str(), &*reading.file, reading.stamp.size),
    }
}

pub(super) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the importer broke on it: {}", said.unwrap_or("it did not say why"))
}
