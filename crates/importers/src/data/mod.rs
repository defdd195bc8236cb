//! The importer `data`: JSON and TOML, checked for syntax and kept as they are.
//!
//! What the data means is the game's own matter: names that stand twice are fine in JSON, and no schema is asked for.

mod json;
mod toml;

use packwright::importer::{Claim, ImportError, Imported, Importer, Metadata, Settings, Source};

use crate::text::{text_of, whole};

/// Takes JSON and TOML, by extension, and keeps them.
#[derive(Debug, Clone, Copy)]
pub struct Data;

#[derive(Clone, Copy)]
enum Syntax {
    Json,
    Toml,
}

impl Importer for Data {
    fn name(&self) -> &'static str {
        "data"
    }

    fn version(&self) -> u32 {
        1
    }

    fn keeps(&self, _settings: &Settings) -> bool {
        true
    }

    fn claims(&self, claim: Claim, source: &Source<'_>) -> bool {
        claim == Claim::Extension && syntax_of(source).is_some()
    }

    fn import(&self, source: &Source<'_>, _settings: &Settings) -> Result<Imported, ImportError> {
        let syntax = syntax_of(source)
            .ok_or_else(|| ImportError::undecodable("no data: the name ends neither in .json nor in .toml"))?;
        let bytes = whole(source)?;
        let text = text_of(&bytes)?;
        let format = match syntax {
            Syntax::Json => json::check(text).map(|()| "json"),
            Syntax::Toml => toml::check(text).map(|()| "toml"),
        }?;
        Ok(Imported::kept(format, Metadata::new()))
    }
}

fn syntax_of(source: &Source<'_>) -> Option<Syntax> {
    match source.extension()?.as_str() {
        "json" => Some(Syntax::Json),
        "toml" => Some(Syntax::Toml),
        _ => None,
    }
}
