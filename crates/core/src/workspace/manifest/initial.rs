//! The text of a new manifest.

use crate::importer::ImporterSet;
use crate::value::{Address, AssetUuid};
use crate::workspace::json::quoted;
use crate::workspace::schema_version::SchemaVersion;

pub(super) fn text(uuid: AssetUuid, address: &Address, importer: Option<&str>) -> String {
    let (address, importer) = (quoted(address.as_str()), quoted(importer.unwrap_or(ImporterSet::AUTO)));
    let schema = SchemaVersion::KNOWN;
    format!(
        "{{\n  \"schema\": {schema},\n  \"uuid\": \"{uuid}\",\n  \"address\": {address},\n  \"importer\": {importer}\n}}\n"
    )
}
