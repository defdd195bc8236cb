//! What an import is made from: the key, and why one key is not another.

use serde::{Deserialize, Serialize};

use crate::value::{CacheKey, ContentHash, FieldHasher, RelPath};

/// Everything that an import depends on, and nothing else: no times, no absolute paths, no machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// The importer's name.
    pub importer: String,
    /// The importer's version.
    pub version: u32,
    /// The settings that it reads, in canonical form.
    pub settings: String,
    /// The codec that payloads are stored with, and its library's version.
    pub codec: String,
    /// The source, relative to the asset root, in NFC.
    pub source: String,
    /// The hash of the source's content.
    pub hash: ContentHash,
}

impl Recipe {
    /// The key: BLAKE3, in a domain of its own, of each field with its length before it.
    #[must_use]
    pub fn key(&self) -> CacheKey {
        let digest = FieldHasher::new("packwright import key v1")
            .field(self.importer.as_bytes())
            .field(&self.version.to_le_bytes())
            .field(self.settings.as_bytes())
            .field(self.codec.as_bytes())
            .field(self.source.as_bytes())
            .field(self.hash.as_bytes())
            .finish();
        CacheKey::from_bytes(digest)
    }
}

/// Why something was imported and not taken from an earlier build. Spelled `source_changed: ui/button.png`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No earlier build had it.
    New,
    /// The source's content is another.
    SourceChanged(RelPath),
    /// A setting is another.
    SettingsChanged(String),
    /// Another importer takes it.
    ImporterChanged(String),
    /// The importer is another version.
    ImporterVersion,
    /// The codec, or its library's version, is another.
    CodecChanged,
    /// It was made before, and what was made is gone or damaged.
    CacheLost,
    /// The build was told to make everything.
    Full,
}

impl Reason {
    /// Why `now` is not `before`. `path` is the source, relative to the workspace.
    #[must_use]
    pub fn between(before: &Recipe, now: &Recipe, path: &RelPath) -> Self {
        if before.importer != now.importer {
            Self::ImporterChanged(format!("{} to {}", before.importer, now.importer))
        } else if before.version != now.version {
            Self::ImporterVersion
        } else if before.settings != now.settings {
            Self::SettingsChanged(changed_setting(&before.settings, &now.settings))
        } else if before.codec != now.codec {
            Self::CodecChanged
        } else if before.hash != now.hash {
            Self::SourceChanged(path.clone())
        } else {
            Self::CacheLost
        }
    }

    /// The word alone, for counting.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::SourceChanged(_) => "source_changed",
            Self::SettingsChanged(_) => "settings_changed",
            Self::ImporterChanged(_) => "importer_changed",
            Self::ImporterVersion => "importer_version",
            Self::CodecChanged => "codec_changed",
            Self::CacheLost => "cache_lost",
            Self::Full => "full",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::SourceChanged(path) => write!(f, ": {path}"),
            Self::SettingsChanged(what) | Self::ImporterChanged(what) => write!(f, ": {what}"),
            _ => Ok(()),
        }
    }
}

/// The first setting whose value differs between two canonical forms.
fn changed_setting(before: &str, now: &str) -> String {
    type Members = std::collections::BTreeMap<String, serde_json::Value>;
    let read = |text: &str| serde_json::from_str::<Members>(text).unwrap_or_default();
    let (before, now) = (read(before), read(now));
    let differs = |name: &&String| before.get(*name) != now.get(*name);
    before.keys().chain(now.keys()).find(differs).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        Recipe {
            importer: "image".into(),
            version: 1,
            settings: r#"{"output":"source"}"#.into(),
            codec: "none".into(),
            source: "a.png".into(),
            hash: ContentHash::of(b"a"),
        }
    }

    #[test]
    fn every_input_changes_the_key_and_names_itself() {
        let path = RelPath::literal("assets/x/a.png");
        let with = |change: fn(&mut Recipe)| {
            let mut changed = recipe();
            change(&mut changed);
            changed
        };
        let changes = [
            (with(|r| r.importer = "raw".into()), "importer_changed: image to raw"),
            (with(|r| r.version = 2), "importer_version"),
            (with(|r| r.settings = r#"{"output":"rgba8"}"#.into()), "settings_changed: output"),
            (with(|r| r.codec = "lz4".into()), "codec_changed"),
            (with(|r| r.hash = ContentHash::of(b"b")), "source_changed: assets/x/a.png"),
        ];
        for (changed, reason) in changes {
            assert_ne!(changed.key(), recipe().key());
            assert_eq!(Reason::between(&recipe(), &changed, &path).to_string(), reason);
        }
        let renamed = Recipe { source: "b.png".into(), ..recipe() };
        assert_ne!(renamed.key(), recipe().key());
        assert_eq!(Reason::between(&recipe(), &recipe(), &path), Reason::CacheLost);
    }
}
