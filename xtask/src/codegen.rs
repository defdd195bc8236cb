//! `cargo xtask codegen`: writes the page's types of the service, from the service's own description of itself.

use std::fs;
use std::path::Path;

use clap::Args;

use crate::failure::{Doing, Failure, Outcome};
use crate::page;
use crate::process::Run;

/// Where the types are.
const TYPES: &str = "crates/server/page/js/service.d.ts";

#[derive(Args, Debug, Default)]
pub(crate) struct Arguments {
    /// Write nothing; fail when the committed types are not those of the service
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Outcome {
    page::install(root)?;
    let types = types(root)?;
    if !arguments.check {
        fs::write(root.join(TYPES), types).doing(|| format!("writing {TYPES}"))?;
        println!("wrote {TYPES}");
        return Ok(());
    }
    let committed = fs::read_to_string(root.join(TYPES)).doing(|| format!("reading {TYPES}"))?;
    if committed == types {
        Ok(())
    } else {
        Err(Failure::new(format!("{TYPES} is not what the service says: run `cargo xtask codegen`")))
    }
}

/// Fails when the committed types are not those of the service.
pub(crate) fn check(root: &Path) -> Outcome {
    run(root, &Arguments { check: true })
}

/// The types as they should be.
fn types(root: &Path) -> Outcome<String> {
    let described = root.join("target/openapi.json");
    fs::write(&described, packwright_server::openapi().to_string())
        .doing(|| format!("writing {}", described.display()))?;
    Run::new("node").arg("codegen.js").arg(described).dir(&page::folder(root)).output()
}
