//! The `schema` that every file of a workspace begins with.

/// What a file's `schema` says to this version, which knows schema 1 of every file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SchemaVersion {
    /// This version reads and writes it.
    Known,
    /// Written by a newer version: read-only.
    Newer(u64),
    /// No version wrote that.
    Invalid,
}

impl SchemaVersion {
    /// The one schema that this version knows.
    pub(crate) const KNOWN: u64 = 1;

    /// Reads the number's text.
    pub(crate) fn read(text: &str) -> Self {
        match text.parse::<u64>() {
            Ok(Self::KNOWN) => Self::Known,
            Ok(0) | Err(_) => Self::Invalid,
            Ok(newer) => Self::Newer(newer),
        }
    }

    /// What to say of a file with a newer schema.
    pub(crate) fn newer_message(schema: u64) -> String {
        format!("the file has schema {schema}, written by a newer version; this one knows schema {}", Self::KNOWN)
    }

    /// What to do about a newer schema.
    pub(crate) const NEWER_HELP: &str = "install the newer version that your team uses";

    /// What to say of a file whose schema is no version's.
    pub(crate) fn invalid_message() -> String {
        format!("`schema` takes the number {}", Self::KNOWN)
    }

    /// What to say of a file without one.
    pub(crate) const MISSING: &str = "the file has no `schema`";
}
