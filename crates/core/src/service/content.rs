//! The bytes of a source or a part, by their hash.
//!
//! Only what the current snapshot's assets have is found: by what the listing remembers of their sources, and what the last
//! build made of them. No path is taken, and no other file is opened.
//!
//! **What is promised.** Up to [`MAX_WHOLE_BYTES`] the bytes are held in memory and have been hashed: they are those of the
//! hash. So is what lies compressed, and what is longer and lies in the cache has been hashed where it lies. A longer source,
//! and a longer part that lies as it is in the last pack, are not read before they are asked for: their file had, when it was
//! opened, the stamp under which its content was hashed (and where the file changed about when it was hashed, it has been
//! hashed again). From then on size and time are looked at after every reading, and one that finds another is an error. So
//! only who writes into a file and puts its times back can have other bytes served as these.

use std::io;
use std::sync::Arc;

use packwright_format::{Codec, decompress};

use super::{KnownBuild, View};
use crate::build::cache::{Cache, StoredPart};
use crate::build::{LastBuild, OutputPaths};
use crate::fs::{FsError, IoContext, ReadFile, SharedFs};
use crate::snapshot::{Asset, Snapshot, SourceFile};
use crate::value::{AssetRef, ContentHash, RelPath};
use crate::workspace::{FileRecord, Listing, Stamp, layout};

/// Content up to this many bytes is read and hashed before it is given out.
pub const MAX_WHOLE_BYTES: u64 = 16 << 20;
/// What may be decoded from one block.
const MAX_DECODED_BYTES: u64 = 1 << 30;
const CHUNK_BYTES: usize = 256 << 10;

/// The bytes of one hash, and what is known of them.
pub struct Content {
    /// Their hash.
    pub hash: ContentHash,
    /// How many.
    pub length: u64,
    /// Where they were found.
    pub origin: ContentOrigin,
    /// The name of the source, or of the part, relative to its asset root: `icon.png`, `hero.png#mip1`.
    pub name: String,
    /// The format that the last build gave a part of these bytes; `None` where it made none.
    pub format: Option<String>,
    /// An asset that has them.
    pub asset: AssetRef,
    body: Body,
}

/// Where content was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContentOrigin {
    /// In the source itself.
    Source,
    /// In the cache.
    Cache,
    /// In the last pack.
    Pack,
}

enum Body {
    Memory(Vec<u8>),
    File { file: Box<dyn ReadFile>, stamp: Stamp, start: u64 },
}

impl Content {
    /// Reads at `offset` into `buffer`; returns how many bytes, 0 at the end and only there (or into an empty buffer).
    ///
    /// # Errors
    /// What the system says, and where the file has changed since it was opened.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = self.length.saturating_sub(offset);
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        if wanted == 0 {
            return Ok(0);
        }
        let buffer = &mut buffer[..wanted];
        match &self.body {
            Body::Memory(bytes) => {
                let from = offset as usize;
                buffer.copy_from_slice(&bytes[from..from + wanted]);
                Ok(wanted)
            }
            Body::File { file, stamp, start } => {
                let read = file.read_at(buffer, start + offset)?;
                let now = file.stat()?;
                // A file that is replaced or renamed meanwhile keeps its bytes, and gets another ctime.
                if read == 0 || (now.size, now.mtime_ns) != (stamp.size, stamp.mtime_ns) {
                    return Err(io::Error::other("the file changed while it was read"));
                }
                Ok(read)
            }
        }
    }

    /// All bytes, where they are in memory: always up to [`MAX_WHOLE_BYTES`].
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Memory(bytes) => Some(bytes),
            Body::File { .. } => None,
        }
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { hash, length, origin, name, .. } = self;
        write!(f, "Content({hash}, {length} bytes, {origin:?}, {name})")
    }
}

/// The sources of a snapshot by the hash of their content, as far as a listing knows it.
pub struct SourceIndex {
    snapshot: Snapshot,
    listing: Listing,
    /// By hash.
    sources: Vec<(ContentHash, Arc<Asset>, u32)>,
}

impl SourceIndex {
    /// Looks at every source once.
    #[must_use]
    pub fn of(view: &View) -> Self {
        let (snapshot, listing) = (view.snapshot.clone(), view.listing.clone());
        let of_asset = |asset: &Arc<Asset>| {
            let known = |(n, source): (u32, &SourceFile)| {
                let record = listing.recalled(&source.disk, &source.stamp).filter(|_| source.is_readable())?;
                Some((record.hash, Arc::clone(asset), n))
            };
            (0..).zip(&asset.sources).filter_map(known).collect::<Vec<_>>()
        };
        let mut sources: Vec<(ContentHash, Arc<Asset>, u32)> = snapshot.assets.all().flat_map(of_asset).collect();
        sources.sort_by_key(|(hash, ..)| *hash);
        Self { snapshot, listing, sources }
    }

    /// Whether it is of that view's snapshot and listing.
    #[must_use]
    pub fn is_of(&self, view: &View) -> bool {
        self.snapshot.is_same(&view.snapshot) && self.listing.is_same(&view.listing)
    }

    fn with(&self, hash: &ContentHash) -> impl Iterator<Item = (&Asset, &SourceFile, &FileRecord)> {
        let start = self.sources.partition_point(|(other, ..)| other < hash);
        let alike = self.sources[start..].iter().take_while(move |(other, ..)| other == hash);
        alike.filter_map(|(_, asset, n)| {
            let source = asset.sources.get(*n as usize)?;
            Some((&**asset, source, self.listing.recalled(&source.disk, &source.stamp)?))
        })
    }
}

/// The content with that hash; `None` where no asset of the snapshot has it, or it is nowhere any more.
///
/// # Errors
/// What the system says of the last place that could have it.
pub fn content(
    fs: &SharedFs,
    view: &View,
    index: &SourceIndex,
    hash: &ContentHash,
) -> Result<Option<Content>, FsError> {
    let built = view.last_build.get(&**fs, &RelPath::literal(layout::LAST_BUILD), KnownBuild::load);
    let parts: Vec<Candidate<'_>> = built.iter().flat_map(|built| parts_of(built, &view.snapshot, hash)).collect();
    let format = parts.first().map(|candidate| candidate.part.format.clone());
    let mut fault = None;
    for (asset, source, record) in index.with(hash) {
        match open_source(fs, source, record) {
            Ok(Some(body)) => {
                let (length, name) = (source.stamp.size, source.path.as_str().to_owned());
                let (origin, asset) = (ContentOrigin::Source, asset.reference());
                return Ok(Some(Content { hash: *hash, length, origin, name, format, asset, body }));
            }
            Ok(None) => {}
            Err(error) if error.is_absent() => {}
            Err(error) => fault = Some(error),
        }
    }
    let cache = Cache::new(fs.clone(), RelPath::literal(layout::CACHE), false);
    let pack = view.snapshot.settings().ok().map(|settings| OutputPaths::of(settings).pack);
    for Candidate { last, asset, part, offset } in parts {
        let found = from_cache(&cache, part).map(|body| Ok((ContentOrigin::Cache, body)));
        let in_pack = || {
            let path = pack.as_ref()?;
            let read = from_pack(fs, last, path, part, offset).at("read", path).transpose()?;
            Some(read.map(|body| (ContentOrigin::Pack, body)))
        };
        match found.or_else(in_pack) {
            Some(Ok((origin, body))) => {
                let (length, name, format) = (part.raw_length, part.name.clone(), Some(part.format.clone()));
                return Ok(Some(Content { hash: *hash, length, origin, name, format, asset, body }));
            }
            None => {}
            Some(Err(error)) => fault = Some(error),
        }
    }
    fault.map_or(Ok(None), Err)
}

/// A part of the last build that has the hash, of an asset that the snapshot has.
struct Candidate<'a> {
    last: &'a LastBuild,
    asset: AssetRef,
    part: &'a StoredPart,
    offset: u64,
}

fn parts_of<'a>(
    built: &'a KnownBuild,
    snapshot: &'a Snapshot,
    hash: &'a ContentHash,
) -> impl Iterator<Item = Candidate<'a>> {
    built.parts_with(hash).filter_map(|(asset, part, offset)| {
        let asset = snapshot.asset(asset.asset_id)?.reference();
        Some(Candidate { last: &built.last, asset, part, offset })
    })
}

fn open_source(fs: &SharedFs, source: &SourceFile, record: &FileRecord) -> Result<Option<Body>, FsError> {
    let path = &source.disk;
    let file = fs.open(path)?;
    let stamp = Stamp::from(file.stat().at("look at", path)?);
    if stamp != record.stamp {
        return Ok(None);
    }
    lying(file, stamp, 0..stamp.size, (&record.hash, record.racy)).at("read", path)
}

fn from_cache(cache: &Cache, part: &StoredPart) -> Option<Body> {
    let blob = part.blob?;
    if part.is_lz4 || part.stored_length <= MAX_WHOLE_BYTES {
        return in_memory(part, cache.blob(&blob)?);
    }
    let file = cache.open_blob(&blob)?;
    let stamp = Stamp::from(file.stat().ok()?);
    (stamp.size == part.raw_length).then(|| lying(file, stamp, 0..stamp.size, (&part.hash, true)).ok().flatten())?
}

fn from_pack(
    fs: &SharedFs,
    last: &LastBuild,
    path: &RelPath,
    part: &StoredPart,
    offset: u64,
) -> io::Result<Option<Body>> {
    let Some(file) = last.open_pack(&**fs, path) else { return Ok(None) };
    if !part.is_lz4 {
        return lying(file, last.pack_stamp, offset..offset + part.raw_length, (&part.hash, false));
    }
    if part.stored_length > MAX_DECODED_BYTES {
        return Ok(None);
    }
    let mut stored = Vec::with_capacity(part.stored_length as usize);
    each_chunk(&*file, offset..offset + part.stored_length, |chunk| stored.extend_from_slice(chunk))?;
    Ok(in_memory(part, stored))
}

/// Stored bytes, decoded where they are to be, and only where they are what they should be.
fn in_memory(part: &StoredPart, stored: Vec<u8>) -> Option<Body> {
    let raw = match part.is_lz4 {
        true if part.raw_length > MAX_DECODED_BYTES || !Codec::Lz4.can_hold(part.stored_length, part.raw_length) => {
            return None;
        }
        true => decompress(&stored, part.raw_length).ok()?,
        false => stored,
    };
    (raw.len() as u64 == part.raw_length && ContentHash::of(&raw) == part.hash).then_some(Body::Memory(raw))
}

/// Bytes that lie in a file as they are: read, where they are few; hashed, where their stamp is not to be believed.
fn lying(
    file: Box<dyn ReadFile>,
    stamp: Stamp,
    range: std::ops::Range<u64>,
    (hash, is_doubted): (&ContentHash, bool),
) -> io::Result<Option<Body>> {
    let (start, length) = (range.start, range.end - range.start);
    if length <= MAX_WHOLE_BYTES {
        let mut bytes = Vec::with_capacity(length as usize);
        each_chunk(&*file, range, |chunk| bytes.extend_from_slice(chunk))?;
        return Ok((bytes.len() as u64 == length && ContentHash::of(&bytes) == *hash).then_some(Body::Memory(bytes)));
    }
    if is_doubted {
        let mut hasher = blake3::Hasher::new();
        each_chunk(&*file, range, |chunk| {
            hasher.update(chunk);
        })?;
        if ContentHash::from(hasher.finalize()) != *hash || Stamp::from(file.stat()?) != stamp {
            return Ok(None);
        }
    }
    Ok(Some(Body::File { file, stamp, start }))
}

/// All bytes of a range, as far as the file goes.
fn each_chunk(file: &dyn ReadFile, range: std::ops::Range<u64>, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK_BYTES.min((range.end - range.start) as usize)];
    let mut at = range.start;
    while at < range.end {
        let wanted = (range.end - at).min(buffer.len() as u64) as usize;
        let read = file.read_at(&mut buffer[..wanted], at)?;
        if read == 0 {
            break;
        }
        take(&buffer[..read]);
        at += read as u64;
    }
    Ok(())
}
