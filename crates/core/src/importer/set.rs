//! The importers that a host handed in, and the choice among them.

use std::sync::Arc;

use super::{Claim, Importer, Source};
use crate::value::FieldHasher;

/// Why a set of importers cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImporterSetError {
    /// Two have one name.
    #[error("two importers are named `{0}`")]
    Duplicate(&'static str),
    /// A name that no manifest could spell.
    #[error("`{0}` is no name for an importer: it takes a lower-case letter, then letters, digits and `_`, not `auto`")]
    Name(&'static str),
}

/// The importers of one runtime, in order of registration.
#[derive(Debug, Clone, Default)]
pub struct ImporterSet(Vec<Arc<dyn Importer>>);

impl ImporterSet {
    /// What a manifest says to let the packer choose.
    pub const AUTO: &'static str = "auto";

    /// Adds one.
    ///
    /// # Errors
    /// Where its name is taken or is none.
    pub fn add(&mut self, importer: Arc<dyn Importer>) -> Result<(), ImporterSetError> {
        let name = importer.name();
        let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
        let spelt = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !starts || !spelt || name == Self::AUTO {
            return Err(ImporterSetError::Name(name));
        }
        if self.get(name).is_some() {
            return Err(ImporterSetError::Duplicate(name));
        }
        self.0.push(importer);
        Ok(())
    }

    /// The importer of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Importer>> {
        self.0.iter().find(|importer| importer.name() == name)
    }

    /// All of them, in order of registration.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Importer>> {
        self.0.iter()
    }

    /// What `auto` means for a source: the first importer with the surest claim; `None` where none takes it.
    ///
    /// A pure function of the source's path and bytes and of [`ImporterSet::fingerprint`].
    #[must_use]
    pub fn choose(&self, source: &Source<'_>) -> Option<&Arc<dyn Importer>> {
        Claim::ALL.iter().find_map(|claim| self.0.iter().find(|importer| importer.claims(*claim, source)))
    }

    /// Stands for the names and versions of the importers and their order: where it is the same, so is every choice.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hasher = FieldHasher::new("packwright importer set v1");
        for importer in &self.0 {
            hasher.field(importer.name().as_bytes()).field(&importer.version().to_le_bytes());
        }
        hasher.finish()
    }
}
