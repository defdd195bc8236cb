//! The kinds of events, and which of them may be merged or may end an operation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text was no kind of event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no kind of event")]
pub struct UnknownKind(pub String);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What an event says has happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The kind as JSON spells it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

kinds! {
    /// An asset root is seen for the first time, or enters the registered world.
    AssetDiscovered = "asset_discovered",
    /// An asset's files, manifest or registration changed.
    AssetChanged = "asset_changed",
    /// An asset root is gone, or left the registered world.
    AssetRemoved = "asset_removed",
    /// Findings appeared or cleared.
    DiagnosticsUpdated = "diagnostics_updated",
    /// A build began to look at its inputs.
    BuildStarted = "build_started",
    /// A build ended; `payload.status` says how.
    BuildFinished = "build_finished",
    /// Imports were found in the cache.
    CacheHit = "cache_hit",
    /// Imports were not in the cache, and why.
    CacheMiss = "cache_miss",
    /// A plan is there to be looked at.
    PreviewReady = "preview_ready",
    /// A mutation is durable; said once, with all its actions.
    ActionApplied = "action_applied",
    /// An operation ended otherwise; `payload.status` says how.
    ActionFailed = "action_failed",
    /// How far an operation has come.
    ProgressUpdated = "progress_updated",
    /// The project's state changed, with its reasons.
    RuntimeStateChanged = "runtime_state_changed",
    /// An operation waits for the write lane.
    OperationQueued = "operation_queued",
    /// An operation began.
    OperationStarted = "operation_started",
    /// The workspace is being read.
    ReconcileStarted = "reconcile_started",
    /// The workspace was read and the difference published.
    ReconcileFinished = "reconcile_finished",
    /// A subscriber missed events; made for it alone.
    StreamGap = "stream_gap",
}

impl Kind {
    /// The kinds that a full ring merges; each says again what its operation's outcome says at its end.
    pub(super) const MERGEABLE: [Self; 5] =
        [Self::ProgressUpdated, Self::CacheHit, Self::CacheMiss, Self::AssetChanged, Self::AssetDiscovered];

    /// Whether events of this kind stay individually observable: they are neither merged nor dropped within the ring.
    #[must_use]
    pub fn is_lifecycle(self) -> bool {
        !Self::MERGEABLE.contains(&self)
    }

    /// Whether an event of this kind may be its operation's last.
    #[must_use]
    pub const fn may_end(self) -> bool {
        matches!(
            self,
            Self::DiagnosticsUpdated
                | Self::BuildFinished
                | Self::PreviewReady
                | Self::ActionApplied
                | Self::ActionFailed
                | Self::ReconcileFinished
                | Self::StreamGap
        )
    }

    /// Whether `payload.count` says how many assets or imports the event speaks of.
    pub(super) const fn is_counted(self) -> bool {
        matches!(
            self,
            Self::AssetDiscovered | Self::AssetChanged | Self::AssetRemoved | Self::CacheHit | Self::CacheMiss
        )
    }

    /// Whether a [`Reporter`](super::Reporter) says this kind by a method of its own, at a rate of its own.
    pub(super) const fn is_paced(self) -> bool {
        matches!(self, Self::ProgressUpdated | Self::CacheHit | Self::CacheMiss)
    }

    /// This kind alone, in a set of bits.
    pub(super) const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let named = Self::ALL.iter().find(|kind| kind.as_str() == text);
        named.copied().ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evt_6_the_specified_kinds_have_the_specified_names() {
        for name in [
            "asset_discovered",
            "asset_changed",
            "diagnostics_updated",
            "build_started",
            "build_finished",
            "cache_hit",
            "cache_miss",
            "preview_ready",
            "action_applied",
            "action_failed",
            "progress_updated",
        ] {
            let kind: Kind = serde_json::from_value(name.into()).expect("a kind");
            assert_eq!(name.parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).expect("a text"), name);
        }
        assert!("refresh".parse::<Kind>().is_err());
    }

    #[test]
    fn an_event_that_may_end_an_operation_is_never_merged() {
        assert!(Kind::ALL.iter().filter(|kind| kind.may_end()).all(|kind| kind.is_lifecycle()));
    }

    #[test]
    fn kinds_have_bits_of_their_own() {
        let all = Kind::ALL.iter().fold(0, |set, kind| set | kind.bit());
        assert_eq!(all.count_ones(), 18);
    }
}
