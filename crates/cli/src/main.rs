//! The `packwright` command: arguments, text and exit codes around the library.
//!
//! It adds spelling and no meaning: every command about a workspace is one request at the library's door.

mod answer;
mod args;
mod command;
mod complete;
mod consent;
mod event_log;
mod export;
mod host;
mod interrupt;
mod listen;
mod mutation;
mod progress;
mod refusal;
mod shell_path;
mod short_id;
mod terminal;
mod text;
mod usage;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{CommandFactory, Parser};
use packwright::event::EventBus;
use packwright::service::Service;
use packwright::{Packer, PackerBuilder};

use crate::args::{Cli, Global};
use crate::event_log::EventLog;
use crate::host::Host;
use crate::terminal::Terminal;
use crate::usage::Words;

fn main() -> ExitCode {
    clap_complete::CompleteEnv::with_factory(Cli::command).var(complete::VARIABLE).complete();
    let words = Words::read(std::env::args_os().skip(1));
    let exit_code = match Cli::try_parse() {
        Ok(cli) => run(cli, words.service),
        Err(error) => usage::report(&error, &words),
    };
    ExitCode::from(exit_code)
}

fn run(Cli { global, command }: Cli, service: Option<Service>) -> u8 {
    let terminal = Terminal::new(global.manner());
    let folder = match host::working_folder(global.folder.as_deref()) {
        Ok(folder) => folder,
        Err(refusal) => return refusal.report(&terminal, service),
    };
    let bus = EventBus::new();
    let log = match global.events.as_deref().map(|file| EventLog::begin(file, &folder, &bus)).transpose() {
        Ok(log) => log,
        Err(refusal) => return refusal.report(&terminal, service),
    };
    let packer = configured(packer(bus), &global).build();
    let host = Host::new(terminal, packer, folder);
    let exit_code = command.run(&host).unwrap_or_else(|refusal| refusal.report(&host.terminal, service));
    // Every project is closed, and has said all that it had to say.
    match log.map_or(Ok(()), EventLog::end).and_then(|()| host.terminal.finish()) {
        Ok(()) => exit_code,
        Err(refusal) => refusal.report_beside(&host.terminal),
    }
}

/// A packer with everything that this program brings.
fn packer(bus: Arc<EventBus>) -> PackerBuilder {
    Packer::builder(bus).importers(packwright_importers::standard())
}

fn configured(builder: PackerBuilder, global: &Global) -> PackerBuilder {
    let builder = builder.lock_wait(Duration::from_secs(global.wait));
    match global.threads {
        Some(threads) => builder.threads(threads.into()),
        None => builder,
    }
}
