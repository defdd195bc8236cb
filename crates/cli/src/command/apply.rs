//! `packwright apply`.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use packwright::service::PlanFile;
use serde_json::Value;

use super::Ended;
use crate::consent::Consent;
use crate::host::Host;
use crate::mutation::PLAN_HELP;
use crate::refusal::Refusal;

/// A plan of a million steps has fewer.
const MAX_BYTES: u64 = 1 << 30;

/// Apply a plan that was saved with --plan-out
///
/// It is planned again first, and is done only where that comes out the same: where something that the plan relied on has changed,
/// nothing is done, and what changed is named.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright remove 'ui/old/*' --quarantine --plan-out plan.json
  packwright apply plan.json
  packwright apply plan.json --yes
  packwright remove ui/old --quarantine --plan-out - | packwright apply - --yes")]
pub(crate) struct Apply {
    /// The plan; `-` reads it from stdin
    #[arg(value_name = "PLAN.json", value_hint = clap::ValueHint::FilePath)]
    plan: PathBuf,
    #[command(flatten)]
    consent: Consent,
}

impl Apply {
    pub(super) fn run(self, host: &Host) -> Ended {
        let (name, text) = if self.plan.as_os_str() == "-" {
            ("stdin".to_owned(), read(&mut std::io::stdin().lock(), Path::new("stdin"))?)
        } else {
            let path = host.path(&self.plan);
            let mut file = std::fs::File::open(&path).map_err(|error| Refusal::io("read", &path, &error))?;
            (self.plan.display().to_string(), read(&mut file, &path)?)
        };
        host.apply_file(&plan_in(&name, &text)?, &name, &self.consent)
    }
}

fn read(from: &mut impl Read, path: &Path) -> Result<Vec<u8>, Refusal> {
    let mut text = Vec::new();
    from.take(MAX_BYTES).read_to_end(&mut text).map_err(|error| Refusal::io("read", path, &error))?;
    Ok(text)
}

/// The plan, be it alone or in the answer of a preview.
fn plan_in(name: &str, text: &[u8]) -> Result<PlanFile, Refusal> {
    let none = |why: String| Refusal::bad_request(format!("{name} holds no plan: {why}"), PLAN_HELP);
    let mut value: Value = serde_json::from_slice(text).map_err(|error| none(error.to_string()))?;
    if let Some(plan) = value.pointer_mut("/data/plan") {
        value = plan.take();
    }
    serde_json::from_value(value).map_err(|error| none(error.to_string()))
}
