//! The catalogue: every code with its name, class and manual page. Codes are stable.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a finding blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// About the registered world; blocks builds and cannot be lowered.
    Structural,
    /// About the workspace; advises.
    Hygiene,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Worth a look.
    Warning,
    /// Wrong.
    Error,
}

macro_rules! catalogue {
    ($($code:ident $name:literal $severity:ident,)*) => {
        /// A diagnostic's code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Code {
            $(#[doc = $name] $code,)*
        }

        impl Code {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$code),*];

            /// `S203`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)* }
            }

            /// `source-missing`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }

            /// How bad it is where the settings say nothing.
            #[must_use]
            pub const fn default_severity(self) -> Severity {
                match self { $(Self::$code => Severity::$severity,)* }
            }

            /// Its page in the manual: what it means, why it matters, an example, and what to do.
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self { $(Self::$code => include_str!(concat!("pages/", stringify!($code), ".md")),)* }
            }
        }
    };
}

catalogue! {
    S101 "registry-unreadable" Error,
    S102 "registry-schema-newer" Error,
    S103 "duplicate-asset-id" Error,
    S104 "duplicate-uuid" Error,
    S105 "duplicate-root" Error,
    S106 "duplicate-address" Error,
    S107 "invalid-asset-id" Error,
    S108 "settings-invalid" Error,
    S201 "root-missing" Error,
    S202 "manifest-missing" Error,
    S203 "source-missing" Error,
    S204 "manifest-invalid" Error,
    S205 "uuid-mismatch" Error,
    S206 "path-escape" Error,
    S207 "nested-root" Error,
    S208 "unreadable" Error,
    S209 "over-budget" Error,
    S210 "undecodable" Error,
    S211 "lfs-pointer" Error,
    S212 "part-name-clash" Error,
    S213 "source-unstable" Error,
    H301 "unregistered-root" Warning,
    H302 "copied-root" Warning,
    H303 "loose-file" Warning,
    H304 "unused-file" Info,
    H305 "duplicate-content" Warning,
    H306 "non-portable-name" Warning,
    H307 "litter" Info,
    H308 "not-canonical" Info,
    H309 "not-ignored" Warning,
    H310 "leftover" Info,
    H311 "quarantine-old" Info,
    H314 "link-skipped" Warning,
    H315 "unknown-field" Warning,
    H316 "recovery-conflict" Warning,
    H317 "damaged-cache" Warning,
    H318 "unusable-name" Warning,
}

impl Code {
    /// Whether it is about the workspace, and only advises.
    #[must_use]
    pub const fn is_hygiene(self) -> bool {
        matches!(self.class(), Class::Hygiene)
    }

    /// Structural or hygiene, by its first letter.
    #[must_use]
    pub const fn class(self) -> Class {
        match self.as_str().as_bytes() {
            [b'S', ..] => Class::Structural,
            _ => Class::Hygiene,
        }
    }

    /// Whether it says that the registered world names one thing twice or wrongly: such findings also block the
    /// compile surface.
    #[must_use]
    pub const fn blocks_surface(self) -> bool {
        matches!(self, Self::S103 | Self::S104 | Self::S105 | Self::S106 | Self::S107)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Code {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let wanted = |code: &&Self| code.as_str().eq_ignore_ascii_case(text) || code.name() == text;
        Self::ALL.iter().find(wanted).copied().ok_or(())
    }
}
