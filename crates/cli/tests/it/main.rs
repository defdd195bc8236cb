//! The real binary over workspaces that each test makes for itself.

mod asking;
mod cache;
mod change;
mod doctor;
mod events;
mod extract;
mod findings;
mod help;
mod kill;
mod merge_registry;
mod pack;
mod paths;
mod processes;
mod reads;
mod running;
mod shells;
mod streams;
mod studio;
mod support;
mod typing;
mod usage;
mod watch;
mod workspace;
