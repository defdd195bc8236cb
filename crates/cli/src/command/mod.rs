//! The commands, one a file: each turns its arguments into a request, and the answer into text.

mod assets;
mod build;
mod completions;
mod doctor;
mod exclude;
mod explain;
mod include;
mod init;
mod list;
mod merge_registry;
mod pack;
mod register;
mod remove;
mod schema;
mod show;
mod status;
mod surface;
mod watch;
mod why;

use clap::Subcommand;
use packwright::service::Service;

use crate::host::Host;
use crate::refusal::Refusal;

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
    List(list::List),
    Show(show::Show),
    Why(why::Why),
    Doctor(doctor::Doctor),
    Build(build::Build),
    Watch(watch::Watch),
    Surface(surface::Surface),
    Status(status::Status),
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
            Self::List(command) => command.run(host),
            Self::Show(command) => command.run(host),
            Self::Why(command) => command.run(host),
            Self::Doctor(command) => command.run(host),
            Self::Build(command) => command.run(host),
            Self::Watch(command) => command.run(host),
            Self::Surface(command) => command.run(host),
            Self::Status(command) => command.run(host),
            Self::Pack(command) => command.run(host),
            Self::MergeRegistry(command) => command.run(host),
            Self::Explain(command) => command.run(host),
            Self::Schema(command) => command.run(host),
            Self::Completions(command) => command.run(host),
        }
    }
}

/// The service that the command of this name asks; `None` for those that work on files.
pub(crate) fn service_of(command: &str) -> Option<Service> {
    Some(match command {
        "init" => Service::InitWorkspace,
        "register" => Service::RegisterAsset,
        "include" => Service::IncludeAssetInBuild,
        "exclude" => Service::ExcludeAssetFromBuild,
        "remove" => Service::RemoveAsset,
        "list" => Service::ListAssets,
        "show" | "why" => Service::GetAssetDetails,
        "doctor" => Service::Doctor,
        "build" => Service::Build,
        "surface" => Service::GetCompileSurface,
        "status" | "watch" => Service::GetStatus,
        _ => return None,
    })
}
