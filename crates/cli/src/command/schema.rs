//! `packwright schema`.

use clap::Args;
use clap::builder::PossibleValuesParser;
use packwright::event;
use packwright::service::Schemas;
use packwright::workspace::schema;

use super::Ended;
use crate::host::Host;
use crate::refusal::Refusal;

/// Print the JSON Schema of a file, event, request or response
///
/// An editor that knows it completes and checks the file; whoever reads events, sends requests or reads responses checks and
/// reads them by it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright schema manifest > asset.schema.json
  packwright schema settings")]
pub(crate) struct Schema {
    /// The file: packwright.toml, packwright.registry.json, an asset.json, or addressables.json; or an event, a request, a response
    #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(schema::SCHEMA_NAMES.into_iter().chain(OTHERS)))]
    name: String,
}

/// What is no file of a workspace and has a schema.
const OTHERS: [&str; 3] = ["event", "request", "response"];

impl Schema {
    pub(super) fn run(self, host: &Host) -> Ended {
        let schema = match self.name.as_str() {
            "event" => Some(event::schema()),
            "request" => Some(Schemas::request_document()),
            "response" => Some(Schemas::response_document()),
            file => schema::schema(file, host.packer.importers()),
        };
        let schema = schema.ok_or_else(|| Refusal::failed(format!("there is no schema `{}`", self.name)))?;
        host.terminal.result_json(&schema);
        Ok(0)
    }
}
