//! The contract between the packer and its importers.
//!
//! An [`Importer`] is a pure function from one source and its settings to an artifact. It declares its name, its
//! version and the settings it reads; it sees nothing but its input and gives the same bytes on any machine. The packer
//! chooses one for each source ([`ImporterSet::choose`]), catches its panics and remembers its answers.

mod set;
mod settings;
mod source;

use std::fmt;

pub use packwright_format::{Metadata, Value as MetadataValue};
pub use set::{ImporterSet, ImporterSetError};
pub use settings::{Setting, SettingError, SettingKind, SettingValue, Settings};
pub use source::{Source, SourceReader};

/// How sure an importer is that a source is its own, from the surest down. `auto` asks for each in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// The first bytes are a signature that it knows. Looks at [`Source::head`] alone.
    Signature,
    /// The name ends as its files do. What is chosen so must parse.
    Extension,
    /// The whole content fits, though nothing names it.
    Content,
    /// It takes any bytes.
    Anything,
}

impl Claim {
    /// All of them, in the order in which they are asked.
    pub const ALL: [Self; 4] = [Self::Signature, Self::Extension, Self::Content, Self::Anything];
}

/// What one call of an importer takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unit {
    /// One source.
    Source,
}

/// A pure function from a source and settings to an artifact.
pub trait Importer: Send + Sync {
    /// Its name, as a manifest spells it: `[a-z][a-z0-9_]*`, and not `auto`.
    fn name(&self) -> &'static str;

    /// Its version. It grows whenever the same input may give other bytes, metadata or errors.
    fn version(&self) -> u32;

    /// The settings it reads. Those alone enter the cache key.
    fn settings(&self) -> &'static [Setting] {
        &[]
    }

    /// What one call takes.
    fn unit(&self) -> Unit {
        Unit::Source
    }

    /// Whether, with these settings, every import gives one part with the source's own bytes. What is promised so goes
    /// from its file to its place in the pack in the pass that hashes it.
    fn keeps(&self, settings: &Settings) -> bool;

    /// The formats of its parts that are compressed already, so that compressing them again is wasted time.
    fn compressed_formats(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether it claims `source` so.
    fn claims(&self, claim: Claim, source: &Source<'_>) -> bool;

    /// Imports one source. `settings` hold a valid value for every setting declared.
    ///
    /// Looks at signature, header, container structure and budgets before anything is decoded; decodes in full only
    /// where an output asks for it.
    ///
    /// # Errors
    /// Where the content is refused. The same input is always refused in the same words.
    fn import(&self, source: &Source<'_>, settings: &Settings) -> Result<Imported, ImportError>;

    /// Decodes one source in full, whatever the output, for who asks whether all of it is whole. An importer whose
    /// [`import`](Self::import) looks at everything leaves it as it is.
    ///
    /// # Errors
    /// As [`import`](Self::import).
    fn examine(&self, source: &Source<'_>, settings: &Settings) -> Result<(), ImportError> {
        self.import(source, settings).map(drop)
    }
}

impl fmt::Debug for dyn Importer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} v{}", self.name(), self.version())
    }
}

/// What an importer made of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The parts; at least one.
    pub parts: Vec<ImportedPart>,
}

impl Imported {
    /// One part with the source's bytes as they are.
    #[must_use]
    pub fn kept(format: &str, metadata: Metadata) -> Self {
        Self { parts: vec![ImportedPart { name: None, format: format.to_owned(), metadata, bytes: PartBytes::Kept }] }
    }

    /// One part with bytes of its own.
    #[must_use]
    pub fn made(format: &str, metadata: Metadata, bytes: Vec<u8>) -> Self {
        let bytes = PartBytes::Made(bytes);
        Self { parts: vec![ImportedPart { name: None, format: format.to_owned(), metadata, bytes }] }
    }
}

/// One named piece of an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedPart {
    /// What stands behind `#` in the part's name, where an importer makes several parts of one source.
    pub name: Option<String>,
    /// The format of the bytes (`png`, `rgba8` …).
    pub format: String,
    /// What an engine wants to know before it reads the bytes.
    pub metadata: Metadata,
    /// The bytes.
    pub bytes: PartBytes,
}

/// A part's bytes.
#[derive(Clone, PartialEq, Eq)]
pub enum PartBytes {
    /// The source's own, unchanged.
    Kept,
    /// Made by the importer.
    Made(Vec<u8>),
}

impl fmt::Debug for PartBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept => f.write_str("Kept"),
            Self::Made(bytes) => write!(f, "Made({} bytes)", bytes.len()),
        }
    }
}

/// Why an importer refuses a source. Messages start in lower case, stand on their own and have no full stop.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The content is not what it claims to be, or is damaged.
    #[error("{message}")]
    Undecodable {
        /// What is wrong.
        message: String,
        /// Where, in a source that is text: line and column, from 1, the column in Unicode scalar values.
        place: Option<(u32, u32)>,
    },
    /// The content is past a limit.
    #[error("{what} is {actual}, and the limit is {limit}")]
    OverBudget {
        /// What was measured, with its unit (`width in pixels`).
        what: &'static str,
        /// How much there is.
        actual: u64,
        /// How much there may be.
        limit: u64,
    },
    /// The source could not be read. Never remembered.
    #[error("cannot read the source: {0}")]
    Io(#[from] std::io::Error),
}

impl ImportError {
    /// Content that is not what it claims to be.
    #[must_use]
    pub fn undecodable(message: impl Into<String>) -> Self {
        Self::Undecodable { message: message.into(), place: None }
    }
}
