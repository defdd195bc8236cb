//! `packwright schema`.

use clap::Args;
use packwright::workspace::schema;

use super::Ended;
use crate::host::Host;
use crate::refusal::Refusal;

/// Print the JSON Schema of a workspace's file
///
/// An editor that knows it completes and checks the file.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright schema manifest > asset.schema.json
  packwright schema settings")]
pub(crate) struct Schema {
    /// The file: packwright.toml, packwright.registry.json, an asset.json, or addressables.json
    #[arg(value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(schema::SCHEMA_NAMES))]
    name: String,
}

impl Schema {
    pub(super) fn run(self, host: &Host) -> Ended {
        let schema = schema::schema(&self.name, host.packer.importers());
        let schema = schema.ok_or_else(|| Refusal::failed(format!("there is no schema `{}`", self.name)))?;
        host.terminal.result_json(&schema);
        Ok(0)
    }
}
