//! The JSON Schemas of values, as every surface spells them. All of them stand where they are used.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Address, AssetId, AssetUuid, ContentHash, OperationId, PlanId, ProjectId, RelPath, RunId};

macro_rules! spelled {
    ($($name:ident: $schema:tt,)*) => {$(
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

spelled! {
    ProjectId: {"type": "string", "format": "uuid"},
    OperationId: {"type": "string", "format": "uuid"},
    PlanId: {"type": "string", "format": "uuid"},
    RunId: {"type": "string", "format": "uuid"},
    AssetUuid: {"type": "string", "format": "uuid"},
    AssetId: {"type": "integer", "format": "uint32", "minimum": 1, "maximum": 4_294_967_295u32},
    Address: {"type": "string", "minLength": 1, "maxLength": 256},
    RelPath: {"type": "string"},
    ContentHash: {"type": "string", "pattern": "^blake3:[0-9a-f]{64}$"},
}
