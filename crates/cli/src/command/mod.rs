//! The commands, one a file: each turns its arguments into a request, and the answer into text.

mod apply;
mod assets;
mod build;
mod cache;
mod completions;
mod doctor;
mod done;
mod edit;
mod exclude;
mod explain;
mod history;
mod include;
mod init;
mod list;
mod merge_registry;
mod pack;
mod quarantine;
mod recover;
mod register;
mod relocate;
mod remove;
mod revert;
mod schema;
mod show;
mod status;
mod studio;
mod surface;
mod watch;
mod why;

use clap::Subcommand;
use packwright::service::Service;

use crate::host::Host;
use crate::refusal::Refusal;

pub(crate) use done::show_done;

/// How a command ended: its exit code, or why it did not begin.
pub(crate) type Ended = Result<u8, Refusal>;

/// The commands, in the order in which one meets them.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Init),
    Register(register::Register),
    Include(include::Include),
    Exclude(exclude::Exclude),
    Remove(remove::Remove),
    Move(relocate::Move),
    Edit(edit::Edit),
    List(list::List),
    Show(show::Show),
    Why(why::Why),
    Doctor(doctor::Doctor),
    Build(build::Build),
    Watch(watch::Watch),
    Studio(studio::Studio),
    Surface(surface::Surface),
    Status(status::Status),
    #[command(subcommand)]
    Cache(cache::Cache),
    #[command(subcommand)]
    Quarantine(quarantine::Quarantine),
    History(history::History),
    Revert(revert::Revert),
    Apply(apply::Apply),
    Recover(recover::Recover),
    #[command(subcommand)]
    Pack(pack::Pack),
    MergeRegistry(merge_registry::MergeRegistry),
    Explain(explain::Explain),
    Schema(schema::Schema),
    Completions(completions::Completions),
}

impl Command {
    /// Runs it.
    pub(crate) fn run(self, host: &Host) -> Ended {
        match self {
            Self::Init(command) => command.run(host),
            Self::Register(command) => command.run(host),
            Self::Include(command) => command.run(host),
            Self::Exclude(command) => command.run(host),
            Self::Remove(command) => command.run(host),
            Self::Move(command) => command.run(host),
            Self::Edit(command) => command.run(host),
            Self::List(command) => command.run(host),
            Self::Show(command) => command.run(host),
            Self::Why(command) => command.run(host),
            Self::Doctor(command) => command.run(host),
            Self::Build(command) => command.run(host),
            Self::Watch(command) => command.run(host),
            Self::Studio(command) => command.run(host),
            Self::Surface(command) => command.run(host),
            Self::Status(command) => command.run(host),
            Self::Cache(command) => command.run(host),
            Self::Quarantine(command) => command.run(host),
            Self::History(command) => command.run(host),
            Self::Revert(command) => command.run(host),
            Self::Apply(command) => command.run(host),
            Self::Recover(command) => command.run(host),
            Self::Pack(command) => command.run(host),
            Self::MergeRegistry(command) => command.run(host),
            Self::Explain(command) => command.run(host),
            Self::Schema(command) => command.run(host),
            Self::Completions(command) => command.run(host),
        }
    }
}

/// The service that the command of this name asks, after the words that were read before it; `None` for those that work on
/// files.
pub(crate) fn service_of(word: &str, so_far: Option<Service>) -> Option<Service> {
    match (so_far, word) {
        (Some(Service::ListQuarantine), "restore") => Some(Service::RestoreQuarantined),
        (Some(Service::ListQuarantine), "purge") => Some(Service::PurgeQuarantined),
        (Some(service), _) => Some(service),
        (None, word) => by_name(word),
    }
}

fn by_name(command: &str) -> Option<Service> {
    Some(match command {
        "init" => Service::InitWorkspace,
        "register" => Service::RegisterAsset,
        "include" => Service::IncludeAssetInBuild,
        "exclude" => Service::ExcludeAssetFromBuild,
        "remove" => Service::RemoveAsset,
        "move" => Service::RelocateAsset,
        "edit" => Service::EditAsset,
        "quarantine" => Service::ListQuarantine,
        "history" => Service::GetHistory,
        "revert" => Service::Revert,
        "recover" => Service::Recover,
        "list" => Service::ListAssets,
        "show" | "why" => Service::GetAssetDetails,
        "doctor" => Service::Doctor,
        "build" => Service::Build,
        "cache" => Service::PruneCache,
        "surface" => Service::GetCompileSurface,
        "status" | "watch" | "studio" => Service::GetStatus,
        _ => return None,
    })
}
