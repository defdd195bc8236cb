//! `packwright edit`.

mod assignment;

use clap::Args;
use packwright::service::{Data, EditAsset, EditData, Request, Response};

use super::Ended;
use super::assets::Selector;
use super::done::{is_undoable, next_with_undo, summary};
use crate::host::Host;
use crate::mutation::HowFar;
use crate::text;

/// Change what the manifest of an asset says
///
/// The manifest is changed in place: what is not named stays as it is written, spacing and unknown members too. The members are
/// address, labels, preload, importer, sources, and settings.IMPORTER.NAME.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright edit ui/button address=ui/ok-button
  packwright edit ui/button labels=ui,menu preload=true
  packwright edit ui/button importer=raw
  packwright edit ui/button settings.image.output=rgba8
  packwright edit ui/button settings.image.output=         takes the setting out again
  packwright edit ui/button sources='*.png' sources='*.svg'
  packwright edit ui/button sources=                       every file, as without a manifest
  packwright edit ui/button 'importer=[{\"pattern\": \"*.png\", \"importer\": \"image\"}]'

A value that begins with [ or { is JSON. Labels are parted by commas; sources are given one by one, since a pattern
may have commas in it.")]
pub(crate) struct Edit {
    #[command(flatten)]
    selector: Selector,
    /// What the manifest is to say
    #[arg(value_name = "KEY=VALUE", required = true)]
    assignments: Vec<String>,
    #[command(flatten)]
    how: HowFar,
}

impl Edit {
    pub(super) fn run(self, host: &Host) -> Ended {
        let selector = host.selector(&self.selector.selector)?;
        let set = assignment::manifest_set(&self.assignments)?;
        let request = Request::EditAsset(EditAsset { selector, set }.into());
        host.mutate(request, &self.how, |response, data| show_edited(host, response, data))
    }
}

pub(super) fn show_edited(host: &Host, response: &Response, data: &Data) {
    summary(host, response);
    if let Data::EditAsset(EditData { before, after }) = data {
        let changes = text::changes(before, after);
        if !changes.is_empty() {
            host.terminal.result(&format!("  {changes}\n"));
        }
    }
    if is_undoable(response) {
        next_with_undo(host, response, "`packwright build`");
    }
}
