//! Which payload each kind has: the one table behind the schema and the check.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::payload::{
    ActionApplied, AssetsSeen, BuildStarted, CacheHit, CacheMiss, DiagnosticsUpdated, Ended, OperationQueued,
    OperationStarted, PreviewReady, ProgressUpdated, ReconcileFinished, ReconcileStarted, RuntimeStateChanged,
    StreamGap,
};
use super::{Kind, Payload};

/// What the payload of a kind is.
pub(super) struct Form {
    /// Its JSON Schema.
    pub(super) schema: fn(&mut SchemaGenerator) -> Schema,
    /// Reads a payload and writes it again: what is lost on the way is not of the form.
    pub(super) read_back: fn(&Payload) -> Result<Value, serde_json::Error>,
}

impl Form {
    const fn of<P: JsonSchema + Serialize + DeserializeOwned>() -> Self {
        Self {
            schema: |generator| generator.subschema_for::<P>(),
            read_back: |payload| serde_json::to_value(P::deserialize(payload)?),
        }
    }

    /// The form of a kind where it ends an operation, or where it does not.
    pub(super) const fn of_kind(kind: Kind, terminal: bool) -> Self {
        match kind {
            Kind::AssetDiscovered | Kind::AssetChanged | Kind::AssetRemoved => Self::of::<AssetsSeen>(),
            Kind::DiagnosticsUpdated if !terminal => Self::of::<DiagnosticsUpdated>(),
            Kind::DiagnosticsUpdated | Kind::ActionFailed | Kind::BuildFinished => Self::of::<Ended>(),
            Kind::BuildStarted => Self::of::<BuildStarted>(),
            Kind::CacheHit => Self::of::<CacheHit>(),
            Kind::CacheMiss => Self::of::<CacheMiss>(),
            Kind::PreviewReady => Self::of::<PreviewReady>(),
            Kind::ActionApplied => Self::of::<ActionApplied>(),
            Kind::ProgressUpdated => Self::of::<ProgressUpdated>(),
            Kind::RuntimeStateChanged => Self::of::<RuntimeStateChanged>(),
            Kind::OperationQueued => Self::of::<OperationQueued>(),
            Kind::OperationStarted => Self::of::<OperationStarted>(),
            Kind::ReconcileStarted => Self::of::<ReconcileStarted>(),
            Kind::ReconcileFinished => Self::of::<ReconcileFinished>(),
            Kind::StreamGap => Self::of::<StreamGap>(),
        }
    }
}
