//! Receipts: what a plan relied on, so that it can be told later whether that still holds.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fs::{FileKind, Fs, FsError};
use crate::value::{Address, AssetId, AssetUuid, ContentHash, FieldHasher, RelPath};
use crate::workspace::RegistryEntry;

/// One thing that a plan relied on. Paths are relative to the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Receipt {
    /// What stands at a path: of a file its bytes, of a folder its listing; null where nothing does.
    Path {
        /// Where.
        path: RelPath,
        /// What.
        digest: Option<ContentHash>,
    },
    /// An entry of the registry, by its id, or by its root where it has none.
    Entry {
        /// Which.
        registry_entry: EntryName,
        /// Its text; null where there is none.
        digest: Option<ContentHash>,
    },
    /// That no registered asset has an address.
    AddressFree {
        /// The address.
        address_free: Address,
    },
    /// That no registered asset has a UUID.
    UuidFree {
        /// The UUID.
        uuid_free: AssetUuid,
    },
    /// Which assets a selector with wildcards names.
    Selector {
        /// The selector.
        selector: String,
        /// Them.
        digest: ContentHash,
    },
    /// An unfinished operation.
    Journal {
        /// It.
        journal: ContentHash,
    },
}

/// How a receipt names an entry of the registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum EntryName {
    /// By its id.
    Id(AssetId),
    /// By its root, where it has no id.
    Root(String),
}

impl Receipt {
    /// An entry as it is.
    #[must_use]
    pub fn entry(entry: &RegistryEntry) -> Self {
        let name = entry.asset_id().map_or_else(|| EntryName::Root(entry.root.to_string()), EntryName::Id);
        Self::Entry { registry_entry: name, digest: Some(ContentHash::of(entry.to_json().as_bytes())) }
    }

    /// That no entry has an id.
    #[must_use]
    pub fn id_free(id: AssetId) -> Self {
        Self::Entry { registry_entry: EntryName::Id(id), digest: None }
    }

    /// That nothing stands at a path.
    #[must_use]
    pub fn nothing_at(path: RelPath) -> Self {
        Self::Path { path, digest: None }
    }

    /// The bytes of a file.
    #[must_use]
    pub fn file(path: RelPath, bytes: &[u8]) -> Self {
        Self::Path { path, digest: Some(ContentHash::of(bytes)) }
    }

    /// What it is about, in words.
    #[must_use]
    pub fn about(&self) -> String {
        match self {
            Self::Path { path, .. } => path.to_string(),
            Self::Entry { registry_entry: EntryName::Id(id), .. } => format!("registry entry {id}"),
            Self::Entry { registry_entry: EntryName::Root(root), .. } => format!("registry entry of `{root}`"),
            Self::AddressFree { address_free } => format!("address `{address_free}`"),
            Self::UuidFree { uuid_free } => format!("UUID {uuid_free}"),
            Self::Selector { selector, .. } => format!("what `{selector}` names"),
            Self::Journal { .. } => "the unfinished operation".to_owned(),
        }
    }
}

/// What a folder holds, at any depth: what says that it is the same, and how much there is to lose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderListing {
    /// Every file, by path relative to the folder, with its size; links and other things are not among them.
    pub files: BTreeMap<RelPath, u64>,
    /// Of path, kind, size, mtime and inode of everything in it.
    pub digest: Option<ContentHash>,
    /// Whether a name in it is not UTF-8.
    pub has_unusable_names: bool,
}

impl FolderListing {
    /// Reads one. No content is read; ignored files count as others do.
    ///
    /// # Errors
    /// What the system says.
    pub fn read(fs: &dyn Fs, folder: &RelPath) -> Result<Self, FsError> {
        let mut listing = Self::default();
        let mut entries: Vec<(String, FileKind, u64, i64, u64)> = Vec::new();
        let mut due = vec![RelPath::root()];
        while let Some(below) = due.pop() {
            for entry in fs.read_dir(&folder.join(&below))? {
                listing.has_unusable_names |= !entry.is_utf8;
                let path = below.entry(&entry.name);
                let stat = entry.stat;
                match stat.kind {
                    FileKind::Dir if entry.is_utf8 => due.push(path.clone()),
                    FileKind::File => drop(listing.files.insert(path.clone(), stat.size)),
                    _ => {}
                }
                entries.push((path.as_str().to_owned(), stat.kind, stat.size, stat.mtime_ns, stat.inode));
            }
        }
        entries.sort();
        let mut hasher = FieldHasher::new("packwright folder listing v1");
        for (path, kind, size, mtime_ns, inode) in &entries {
            hasher.field(path.as_bytes()).field(&[*kind as u8]);
            hasher.field(&size.to_le_bytes()).field(&mtime_ns.to_le_bytes()).field(&inode.to_le_bytes());
        }
        listing.digest = Some(ContentHash::from_bytes(hasher.finish()));
        Ok(listing)
    }

    /// How many files are in it.
    #[must_use]
    pub fn n_files(&self) -> u64 {
        self.files.len() as u64
    }

    /// Their bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.values().sum()
    }

    /// The receipt of the folder, which lies at `path`.
    #[must_use]
    pub fn receipt(&self, path: RelPath) -> Receipt {
        Receipt::Path { path, digest: self.digest }
    }
}
