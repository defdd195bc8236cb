//! The two small JSON texts of a pack: a part's metadata and an asset's labels.
//!
//! Each value has exactly one text: keys and labels in byte order, no spaces, one spelling of every character. Reading
//! takes that text and no other, so that equal values are equal bytes. The pack keeps the texts; what keys and labels
//! mean is the importer's and the author's matter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

/// Why a text is no metadata or no labels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// It is not JSON, or JSON of another shape.
    #[error("{0}")]
    Json(String),
    /// A value is a float, null, an array, an object, or an integer past 64 bits.
    #[error("the value of {0:?} is no text, no truth value and no 64-bit integer")]
    Value(String),
    /// It says the right thing in another spelling, or says something twice.
    #[error("the text is not in canonical form, which is {0}")]
    NotCanonical(String),
}

/// One value of a part's [`Metadata`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(Integer),
}

/// A whole number that an `i64` or a `u64` can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Integer(i128);

impl Integer {
    /// The number; `None` below [`i64::MIN`] and above [`u64::MAX`].
    #[must_use]
    pub fn new(number: i128) -> Option<Self> {
        (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number).then_some(Self(number))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i128 {
        self.0
    }
}

macro_rules! value_from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Value {
            fn from(number: $integer) -> Self {
                Self::Integer(Integer(number.into()))
            }
        }
    )*};
}

value_from_integers!(u8, u16, u32, u64, i8, i16, i32, i64);

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl fmt::Display for Value {
    /// The value as it stands in the canonical text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Bool(truth) => truth.fmt(f),
            Self::Integer(number) => number.0.fmt(f),
        }
    }
}

/// What an importer says about a part: keys with a text, a truth value or an integer each. No floats, no nesting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata(BTreeMap<String, Value>);

impl Metadata {
    /// Metadata that says nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the canonical text, as [`Metadata::to_json`] gives it.
    ///
    /// # Errors
    /// Where the text is not JSON, holds floats or nested values, or is spelled otherwise.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let members: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(text).map_err(|error| not_json(&error))?;
        let values = members.into_iter().map(|(key, value)| match scalar(&value) {
            Some(scalar) => Ok((key, scalar)),
            None => Err(TextError::Value(key)),
        });
        let metadata = Self(values.collect::<Result<_, _>>()?);
        same_text(text, metadata.to_json())?;
        Ok(metadata)
    }

    /// The canonical text: `{"key":value,…}`, sorted by the bytes of the keys, without spaces.
    #[must_use]
    pub fn to_json(&self) -> String {
        enclosed('{', self.0.iter().map(|(key, value)| format!("{}:{value}", quoted(key))), '}')
    }

    /// Says `value` under `key`, in place of what was said there before.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(key.into(), value.into());
    }

    /// The same, saying `value` under `key` as well.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.insert(key, value);
        self
    }

    /// What is said under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// Every key and its value, in byte order of the keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Metadata {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        Self(members.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

/// An asset's labels: each once, in byte order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels(BTreeSet<String>);

impl Labels {
    /// No labels.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the canonical text, as [`Labels::to_json`] gives it.
    ///
    /// # Errors
    /// Where the text is no JSON array of texts, or is spelled otherwise.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let labels = Self(serde_json::from_str(text).map_err(|error| not_json(&error))?);
        same_text(text, labels.to_json())?;
        Ok(labels)
    }

    /// The canonical text: `["a","b"]`, sorted by bytes, without spaces.
    #[must_use]
    pub fn to_json(&self) -> String {
        enclosed('[', self.0.iter().map(|label| quoted(label)), ']')
    }

    /// The labels, in byte order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether `label` is one of them.
    #[must_use]
    pub fn contains(&self, label: &str) -> bool {
        self.0.contains(label)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<L: Into<String>> FromIterator<L> for Labels {
    fn from_iter<I: IntoIterator<Item = L>>(labels: I) -> Self {
        Self(labels.into_iter().map(Into::into).collect())
    }
}

fn not_json(error: &serde_json::Error) -> TextError {
    TextError::Json(error.to_string())
}

fn scalar(value: &serde_json::Value) -> Option<Value> {
    match value {
        serde_json::Value::String(text) => Some(text.as_str().into()),
        serde_json::Value::Bool(truth) => Some((*truth).into()),
        serde_json::Value::Number(number) => {
            number.as_u64().map(Value::from).or_else(|| number.as_i64().map(Value::from))
        }
        _ => None,
    }
}

fn same_text(found: &str, canonical: String) -> Result<(), TextError> {
    if found == canonical { Ok(()) } else { Err(TextError::NotCanonical(canonical)) }
}

/// A JSON string. Only `"`, `\` and the characters below U+0020 are escaped, each in its shortest way.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text always has a JSON spelling")
}

fn enclosed(open: char, items: impl Iterator<Item = String>, close: char) -> String {
    let mut out = String::from(open);
    for (n, item) in items.enumerate() {
        let comma = if n == 0 { "" } else { "," };
        write!(out, "{comma}{item}").expect("writing to a String cannot fail");
    }
    out.push(close);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_has_one_text_whatever_the_order_it_was_said_in() {
        let mut metadata = Metadata::new();
        metadata.insert("width", 3u32);
        metadata.insert("color", "a\"\\\n\u{1}\u{7f}\u{e4}");
        metadata.insert("alpha", true);
        metadata.insert("bias", i64::MIN);
        metadata.insert("frames", u64::MAX);
        let text = "{\"alpha\":true,\"bias\":-9223372036854775808,\"color\":\"a\\\"\\\\\\n\\u0001\u{7f}\u{e4}\",\
                    \"frames\":18446744073709551615,\"width\":3}";
        assert_eq!(metadata.to_json(), text);
        assert_eq!(Metadata::parse(text), Ok(metadata));
    }

    #[test]
    fn floats_nesting_and_null_are_no_metadata() {
        for value in ["1.5", "1.0", "1e2", "-0", "18446744073709551616", "null", "[]", "{}"] {
            let text = format!("{{\"a\":{value}}}");
            assert_eq!(Metadata::parse(&text), Err(TextError::Value("a".to_owned())), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(matches!(Metadata::parse(&format!("{{\"a\":{deep}")), Err(TextError::Json(_))));
    }

    #[test]
    fn another_spelling_of_the_same_metadata_is_refused() {
        for text in ["{ }", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\\/\"}", "{} "] {
            assert!(matches!(Metadata::parse(text), Err(TextError::NotCanonical(_))), "{text}");
        }
        for text in ["", "[]", "{\"a\":1,}", "{\"a\":01}", "{}{}"] {
            assert!(matches!(Metadata::parse(text), Err(TextError::Json(_))), "{text}");
        }
    }

    #[test]
    fn labels_are_sorted_and_each_is_there_once() {
        let labels: Labels = ["ui", "\u{e4}", "menu", "ui"].into_iter().collect();
        assert_eq!(labels.to_json(), "[\"menu\",\"ui\",\"\u{e4}\"]");
        assert_eq!(Labels::parse(&labels.to_json()), Ok(labels));
        for text in ["[\"b\",\"a\"]", "[\"a\",\"a\"]", "[ ]"] {
            assert!(matches!(Labels::parse(text), Err(TextError::NotCanonical(_))), "{text}");
        }
        for text in ["{}", "[1]", "[[]]", "[\"a\"", "\"a\""] {
            assert!(matches!(Labels::parse(text), Err(TextError::Json(_))), "{text}");
        }
    }

    #[test]
    fn an_integer_holds_what_64_bits_can_and_nothing_else() {
        assert_eq!(Integer::new(-1).map(Integer::get), Some(-1));
        assert_eq!(Integer::new(i128::from(u64::MAX) + 1), None);
        assert_eq!(Integer::new(i128::from(i64::MIN) - 1), None);
    }
}
