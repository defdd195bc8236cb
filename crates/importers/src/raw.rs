//! The importer `raw`: any bytes, as they are.

use packwright::importer::{Claim, ImportError, Imported, Importer, Metadata, Settings, Source};

/// Takes any bytes and keeps them.
#[derive(Debug, Clone, Copy)]
pub struct Raw;

impl Importer for Raw {
    fn name(&self) -> &'static str {
        "raw"
    }

    fn version(&self) -> u32 {
        1
    }

    fn keeps(&self, _settings: &Settings) -> bool {
        true
    }

    fn claims(&self, claim: Claim, _source: &Source<'_>) -> bool {
        claim == Claim::Anything
    }

    fn import(&self, _source: &Source<'_>, _settings: &Settings) -> Result<Imported, ImportError> {
        Ok(Imported::kept("raw", Metadata::new()))
    }
}
