//! The settings that importers declare, and their values.

use std::collections::BTreeMap;

use serde_json::Value;

/// A setting that an importer reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its name, as a manifest spells it.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// Its values.
    pub kind: SettingKind,
}

/// The values that a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// One of these words; the first is the default.
    Choice(&'static [&'static str]),
    /// True or false.
    Switch {
        /// What holds where nothing is said.
        default: bool,
    },
    /// A whole number.
    Whole {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
        /// What holds where nothing is said.
        default: i64,
    },
}

/// A setting's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// A word.
    Word(String),
    /// True or false.
    Switch(bool),
    /// A whole number.
    Whole(i64),
}

/// A setting that its importer does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// No such setting.
    #[error("the importer `{importer}` has no setting `{name}`")]
    Unknown {
        /// The importer.
        importer: &'static str,
        /// What was said.
        name: String,
    },
    /// Not a value of its kind.
    #[error("`{name}` takes {takes}")]
    Value {
        /// The setting.
        name: &'static str,
        /// The values it takes, in words.
        takes: String,
    },
}

/// A valid value for each setting of one importer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings(BTreeMap<&'static str, SettingValue>);

impl Setting {
    /// What holds where nothing is said.
    #[must_use]
    pub fn default_value(&self) -> SettingValue {
        match self.kind {
            SettingKind::Choice(words) => SettingValue::Word(words.first().copied().unwrap_or_default().to_owned()),
            SettingKind::Switch { default } => SettingValue::Switch(default),
            SettingKind::Whole { default, .. } => SettingValue::Whole(default),
        }
    }

    /// The values it takes, in words.
    #[must_use]
    pub fn takes(&self) -> String {
        match self.kind {
            SettingKind::Choice(words) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                format!("one of {}", quoted.join(", "))
            }
            SettingKind::Switch { .. } => "true or false".to_owned(),
            SettingKind::Whole { min, max, .. } => format!("a whole number from {min} to {max}"),
        }
    }

    /// Reads a JSON value.
    ///
    /// # Errors
    /// Where it is not a value of this setting's kind.
    pub fn read(&self, value: &Value) -> Result<SettingValue, SettingError> {
        let read = match (self.kind, value) {
            (SettingKind::Choice(words), Value::String(word)) if words.contains(&word.as_str()) => {
                Some(SettingValue::Word(word.clone()))
            }
            (SettingKind::Switch { .. }, Value::Bool(on)) => Some(SettingValue::Switch(*on)),
            (SettingKind::Whole { min, max, .. }, Value::Number(number)) => {
                number.as_i64().filter(|n| (min..=max).contains(n)).map(SettingValue::Whole)
            }
            _ => None,
        };
        read.ok_or_else(|| SettingError::Value { name: self.name, takes: self.takes() })
    }
}

impl Settings {
    /// The defaults of `declared`.
    #[must_use]
    pub fn defaults(declared: &[Setting]) -> Self {
        Self(declared.iter().map(|setting| (setting.name, setting.default_value())).collect())
    }

    /// Sets one value; its name and value come from the declaration.
    pub fn set(&mut self, name: &'static str, value: SettingValue) {
        self.0.insert(name, value);
    }

    /// The word of a [`SettingKind::Choice`].
    ///
    /// # Panics
    /// Where the importer did not declare it so.
    #[must_use]
    pub fn word(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(SettingValue::Word(word)) => word,
            _ => panic!("BUG: the importer reads the choice `{name}`, which it does not declare"),
        }
    }

    /// The values in canonical form: one JSON object, names sorted, no spaces.
    #[must_use]
    pub fn canonical(&self) -> String {
        let members: Vec<String> =
            self.0.iter().map(|(name, value)| format!("\"{name}\":{}", value.to_json())).collect();
        format!("{{{}}}", members.join(","))
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &SettingValue)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}

impl SettingValue {
    /// The value as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Word(word) => Value::from(word.as_str()),
            Self::Switch(on) => Value::from(*on),
            Self::Whole(number) => Value::from(*number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: Setting =
        Setting { name: "output", summary: "what to make", kind: SettingKind::Choice(&["source", "rgba8"]) };

    #[test]
    fn a_default_that_is_spelt_out_changes_nothing() {
        let mut said = Settings::defaults(&[OUTPUT]);
        let value = OUTPUT.read(&Value::from("source")).expect("a value that it takes");
        said.set(OUTPUT.name, value);
        assert_eq!(said.canonical(), Settings::defaults(&[OUTPUT]).canonical());
        assert_eq!(said.canonical(), r#"{"output":"source"}"#);
    }

    #[test]
    fn a_value_of_another_kind_is_refused_with_those_it_takes() {
        let error = OUTPUT.read(&Value::from("rgb8")).expect_err("not a choice");
        assert_eq!(error.to_string(), "`output` takes one of \"source\", \"rgba8\"");
        assert!(OUTPUT.read(&Value::from(1)).is_err());
    }
}
