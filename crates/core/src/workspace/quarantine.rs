//! The quarantine: one folder an entry, which holds an asset root, whole, and `entry.json`, which says all that it takes to
//! put it back: with the packer, or by hand with a file manager.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Registry, RegistryEntry, layout};
use crate::fs::{FileKind, Fs, read_limited};
use crate::value::{Address, AssetRef, ContentHash, OperationId, RelPath};

/// The longest `entry.json`, in bytes: a root of 100,000 files has about 15 MB.
const MAX_BYTES: u64 = 256 << 20;
/// The schema that this version writes.
const SCHEMA: u32 = 1;
const NOTE: &str = "to restore by hand, move the folder `payload` to `origin` and register it again";

/// All that waits in quarantine, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quarantine {
    /// The entries, by id.
    pub entries: Vec<QuarantineEntry>,
    /// What is there and is no entry.
    pub faults: Vec<QuarantineFault>,
}

/// One asset root in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineEntry {
    /// The name of its folder.
    pub entry_id: String,
    /// Where the root was, relative to the workspace, as the disk spelled it.
    pub origin: RelPath,
    /// Its entry in the registry then.
    pub entry: RegistryEntry,
    /// Its address then; none where its manifest did not say one.
    pub address: Option<Address>,
    /// Since when it is there, RFC 3339.
    pub since: String,
    /// The operation that put it there.
    pub operation: OperationId,
    /// How many files are in it.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Something in quarantine that is no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineFault {
    /// Where, relative to the workspace.
    pub path: RelPath,
    /// What is wrong.
    pub why: String,
}

/// One file of a root that goes to quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedFile {
    /// Relative to the root, as the disk spells it.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// The hash of its content.
    pub hash: ContentHash,
}

#[derive(Serialize)]
struct WrittenFile<'a> {
    schema: u32,
    note: &'a str,
    entry_id: &'a str,
    origin: &'a str,
    since: &'a str,
    operation_id: OperationId,
    by: &'a str,
    address: Option<&'a Address>,
    asset: Box<RawValue>,
    files: &'a [QuarantinedFile],
}

#[derive(Deserialize)]
struct ReadFile {
    schema: u32,
    entry_id: String,
    origin: String,
    since: String,
    operation_id: OperationId,
    #[serde(default)]
    address: Option<Address>,
    asset: Box<RawValue>,
    files: Vec<QuarantinedFile>,
}

impl QuarantineEntry {
    /// The text of its `entry.json`.
    #[must_use]
    pub fn to_json(&self, files: &[QuarantinedFile]) -> Vec<u8> {
        let asset = RawValue::from_string(self.entry.to_json()).expect("an entry's text is JSON");
        let file = WrittenFile {
            schema: SCHEMA,
            note: NOTE,
            entry_id: &self.entry_id,
            origin: self.origin.as_str(),
            since: &self.since,
            operation_id: self.operation,
            by: concat!("packwright ", env!("CARGO_PKG_VERSION")),
            address: self.address.as_ref(),
            asset,
            files,
        };
        let mut bytes = serde_json::to_vec_pretty(&file).expect("text and numbers are JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Its folder, relative to the workspace.
    #[must_use]
    pub fn folder(&self) -> RelPath {
        folder_of(&self.entry_id)
    }

    /// Its `entry.json`, relative to the workspace.
    #[must_use]
    pub fn file(&self) -> RelPath {
        self.folder().entry(layout::QUARANTINE_ENTRY)
    }

    /// The root that waits, relative to the workspace.
    #[must_use]
    pub fn payload(&self) -> RelPath {
        self.folder().entry(layout::QUARANTINE_PAYLOAD)
    }

    /// How responses name the asset.
    #[must_use]
    pub fn reference(&self) -> AssetRef {
        AssetRef {
            asset_id: self.entry.asset_id(),
            address: self.address.clone(),
            root: std::sync::Arc::clone(&self.entry.root),
        }
    }

    fn read(fs: &dyn Fs, entry_id: &str) -> Result<Self, String> {
        let folder = folder_of(entry_id);
        let bytes =
            read_limited(fs, &folder.entry(layout::QUARANTINE_ENTRY), MAX_BYTES).map_err(|error| error.to_string())?;
        let read: ReadFile = serde_json::from_slice(&bytes)
            .map_err(|error| format!("{} does not read: {error}", layout::QUARANTINE_ENTRY))?;
        if read.schema != SCHEMA {
            return Err(format!(
                "{} is of schema {}, written by a newer version",
                layout::QUARANTINE_ENTRY,
                read.schema
            ));
        }
        if read.entry_id != entry_id {
            return Err(format!("{} is of another entry, {}", layout::QUARANTINE_ENTRY, read.entry_id));
        }
        let origin = RelPath::of_entries(&read.origin).filter(|path| !path.is_root());
        let origin = origin.ok_or_else(|| format!("its origin {:?} is no path", read.origin))?;
        match fs.stat(&folder.entry(layout::QUARANTINE_PAYLOAD)) {
            Ok(stat) if stat.kind == FileKind::Dir => {}
            Ok(_) => return Err(format!("{} is no folder", layout::QUARANTINE_PAYLOAD)),
            Err(error) => return Err(error.to_string()),
        }
        Ok(Self {
            entry_id: entry_id.to_owned(),
            origin,
            entry: registry_entry(&read.asset)?,
            address: read.address,
            since: read.since,
            operation: read.operation_id,
            files: read.files.len() as u64,
            bytes: read.files.iter().fold(0, |sum, file| file.size.saturating_add(sum)),
        })
    }
}

impl Quarantine {
    /// Reads what is there. What is no entry is a fault, not an error.
    #[must_use]
    pub fn read(fs: &dyn Fs) -> Self {
        let path = RelPath::literal(layout::QUARANTINE);
        let mut quarantine = Self::default();
        let mut fault = |path: RelPath, why: String| quarantine.faults.push(QuarantineFault { path, why });
        let mut names = match fs.read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.is_absent() => Vec::new(),
            Err(error) => {
                fault(path.clone(), error.why());
                Vec::new()
            }
        };
        names.sort_by(|a, b| a.name.cmp(&b.name));
        for entry in names {
            let at = path.entry(&entry.name);
            match entry.stat.kind {
                _ if !entry.is_utf8 => fault(at, "its name is not UTF-8".to_owned()),
                FileKind::Dir => match QuarantineEntry::read(fs, &entry.name) {
                    Ok(read) => quarantine.entries.push(read),
                    Err(why) => fault(at, why),
                },
                // What people put there for version control is theirs.
                FileKind::File if entry.name.starts_with('.') => {}
                _ => fault(at, "it is no folder".to_owned()),
            }
        }
        quarantine
    }

    /// The entry with that id.
    #[must_use]
    pub fn entry(&self, entry_id: &str) -> Option<&QuarantineEntry> {
        let at = self.entries.binary_search_by(|entry| entry.entry_id.as_str().cmp(entry_id)).ok()?;
        self.entries.get(at)
    }

    /// Whether `text` can be the id of an entry: 1 to 120 characters of `[a-z0-9._-]`, the first a letter or digit.
    #[must_use]
    pub fn is_entry_id(text: &str) -> bool {
        let spelt = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
        (1..=120).contains(&text.len())
            && text.chars().all(spelt)
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && RelPath::parse(text).is_ok()
    }
}

/// The folder of an entry, relative to the workspace.
fn folder_of(entry_id: &str) -> RelPath {
    RelPath::literal(layout::QUARANTINE).entry(entry_id)
}

/// One entry of a registry, by its text; unknown fields are kept.
pub(crate) fn registry_entry(text: &RawValue) -> Result<RegistryEntry, String> {
    let file = format!("{{\"schema\": 1, \"assets\": [{}]}}", text.get());
    let registry = Registry::parse(file.as_bytes()).map_err(|error| error.to_string())?;
    let mut entry = registry.entries.into_iter().next().ok_or("there is no registry entry in it")?;
    entry.file_index = None;
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::RealFs;
    use crate::value::{AssetId, AssetUuid};

    fn an_entry() -> QuarantineEntry {
        let id = AssetId::new(7).expect("not zero");
        let entry = RegistryEntry::new(id, AssetUuid::mint(), &RelPath::literal("ui/button"), true);
        QuarantineEntry {
            entry_id: "2026-11-22-ui-button-7f3a".to_owned(),
            origin: RelPath::literal("assets/ui/button"),
            entry,
            address: "ui/button".parse().ok(),
            since: "2026-11-22T00:00:00Z".to_owned(),
            operation: OperationId::mint(),
            files: 1,
            bytes: 5,
        }
    }

    #[test]
    fn an_entry_reads_back_and_what_is_none_is_a_fault() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let at = |path: &str| dir.path().join("quarantine").join(path);
        let entry = an_entry();
        let files = [QuarantinedFile { path: "x.png".to_owned(), size: 5, hash: ContentHash::of(b"12345") }];
        std::fs::create_dir_all(at(&entry.entry_id).join("payload")).expect("folders");
        std::fs::write(at(&entry.entry_id).join("entry.json"), entry.to_json(&files)).expect("a file");
        std::fs::create_dir_all(at("broken")).expect("a folder");
        std::fs::write(at("stray.txt"), "x").expect("a file");
        std::fs::write(at(".gitkeep"), "").expect("a file");
        let read = Quarantine::read(&RealFs::open(dir.path()).expect("it opens"));
        assert_eq!(read.entries, [entry]);
        let faults: Vec<&str> = read.faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(faults, ["quarantine/broken", "quarantine/stray.txt"]);
    }

    #[test]
    fn an_entry_under_another_name_is_a_fault() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let folder = dir.path().join("quarantine/copy");
        std::fs::create_dir_all(folder.join("payload")).expect("folders");
        std::fs::write(folder.join("entry.json"), an_entry().to_json(&[])).expect("a file");
        let read = Quarantine::read(&RealFs::open(dir.path()).expect("it opens"));
        assert!(read.entries.is_empty() && read.faults[0].why.contains("another entry"), "{:?}", read.faults);
    }
}
