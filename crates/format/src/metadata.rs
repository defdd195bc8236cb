//! What a part says of its bytes: a sorted map of names to texts, switches and whole numbers.

use std::collections::BTreeMap;

/// A part's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata(BTreeMap<String, MetadataValue>);

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetadataValue {
    /// A text.
    Text(String),
    /// True or false.
    Switch(bool),
    /// A whole number.
    Whole(i64),
}

impl Metadata {
    /// No metadata.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more name and value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<MetadataValue>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&MetadataValue> {
        self.0.get(name)
    }
}

impl From<&str> for MetadataValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for MetadataValue {
    fn from(on: bool) -> Self {
        Self::Switch(on)
    }
}

impl From<i64> for MetadataValue {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<u32> for MetadataValue {
    fn from(number: u32) -> Self {
        Self::Whole(number.into())
    }
}
