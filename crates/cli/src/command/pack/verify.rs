//! `packwright pack verify`.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use packwright::value::ContentHash;
use packwright_format::{Fault, Pack, verify_with};
use serde::Serialize;

use super::file::{PackFile, hash};
use crate::command::Ended;
use crate::host::Host;
use crate::progress::byte_bar;
use crate::text;

/// How many faults are listed; `--json` has all.
const LISTED: usize = 100;

/// Check every byte of a pack against its hashes
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright pack verify build/my-game.pack

Exit codes: 0 the pack is whole; 1 it is not; 3 the file could not be read.
--json prints {path, ok, hash, bytes, n_assets, n_parts, faults}; a fault is {message}, which names the offset. What a
file that is no pack cannot say is null.")]
pub(crate) struct Verify {
    /// The pack
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
}

#[derive(Serialize)]
struct Verified {
    path: String,
    ok: bool,
    hash: Option<ContentHash>,
    bytes: Option<u64>,
    n_assets: Option<usize>,
    n_parts: Option<usize>,
    faults: Vec<Named>,
}

#[derive(Serialize)]
struct Named {
    message: String,
}

impl Verify {
    pub(super) fn run(self, host: &Host) -> Ended {
        let file = PackFile::open(host, &self.file)?;
        let verified = match file.try_pack() {
            Ok(pack) => Verified::new(file.path(), &pack, check(host, &pack)),
            Err(error) => Verified::no_pack(file.path(), error.to_string()),
        };
        if host.terminal.json() {
            host.terminal.result_json(&verified);
        } else {
            host.terminal.result(&verified.text(host));
        }
        Ok(u8::from(!verified.ok))
    }
}

fn check(host: &Host, pack: &Pack<'_>) -> Vec<Fault> {
    let bar = byte_bar(&host.terminal, pack.length());
    let report = verify_with(pack, |progress| {
        bar.set_position(progress.done);
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    report.faults
}

impl Verified {
    fn new(path: String, pack: &Pack<'_>, faults: Vec<Fault>) -> Self {
        Self {
            path,
            ok: faults.is_empty(),
            hash: Some(hash(pack.hash())),
            bytes: Some(pack.length()),
            n_assets: Some(pack.assets().len()),
            n_parts: Some(pack.parts().len()),
            faults: faults.into_iter().map(|fault| Named { message: fault.to_string() }).collect(),
        }
    }

    fn no_pack(path: String, message: String) -> Self {
        let faults = vec![Named { message }];
        Self { path, ok: false, hash: None, bytes: None, n_assets: None, n_parts: None, faults }
    }

    fn text(&self, host: &Host) -> String {
        let paint = host.terminal.out();
        let path = text::plain(&self.path);
        if self.ok {
            let assets = text::count(self.n_assets.unwrap_or(0) as u64, "asset");
            let parts = text::count(self.n_parts.unwrap_or(0) as u64, "part");
            let bytes = text::bytes(self.bytes.unwrap_or(0));
            return format!("{} {path}: {assets}, {parts}, {bytes}\n", paint.good("ok"));
        }
        let mut out: String =
            self.faults.iter().take(LISTED).map(|fault| format!("{path}: {}\n", text::plain(&fault.message))).collect();
        if self.faults.len() > LISTED {
            let more = text::number((self.faults.len() - LISTED) as u64);
            out.push_str(&format!("… and {more} more; `--json` lists them all\n"));
        }
        let faults = text::count(self.faults.len() as u64, "fault");
        out.push_str(&format!("{} {path}: {faults}\n", paint.bold("damaged")));
        out
    }
}
