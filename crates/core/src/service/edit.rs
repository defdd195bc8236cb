//! `edit_asset`: what a manifest says, changed in place.

use std::str::from_utf8;

use serde_json::{Map, Value};

use super::place::manifest_text;
use super::{Answer, Blocker, BlockerCode, Context, Data, EditAsset, EditData, ManifestSet, Proposal};
use crate::plan::{Draft, Receipt};
use crate::snapshot::Asset;
use crate::value::{Address, AssetRef};
use crate::workspace::{ImporterChoice, Manifest, ManifestEdit, ManifestErrors, Pattern, Problem};

/// Changes what the manifest of one asset says.
///
/// # Errors
/// The answer, where nothing can be done.
pub(super) fn edit(context: &Context<'_>, request: &EditAsset) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    let set = &request.set;
    if *set == ManifestSet::default() {
        let help = "set at least one of address, labels, preload, importer, settings, sources";
        return Err(Answer::bad_request("nothing is to be changed", help));
    }
    let asset = context.select_one(&request.selector)?;
    let (path, before) = manifest_text(context, &asset)?;
    let text = from_utf8(&before).map_err(|_| invalid(&path.to_string(), "it is not UTF-8"))?;
    let old = members(text);
    let edits = edits(set, &old)?;
    let edited = Manifest::edit(text, &edits).map_err(|error| invalid(&path.to_string(), &error.to_string()))?;
    let manifest = Manifest::parse(edited.as_bytes(), context.importers).map_err(|errors| unsayable(&errors))?;
    let mut draft = Draft::default();
    check_address(context, &asset, &manifest.address, &mut draft)?;
    let new = members(&edited);
    let (said_before, said_after) = differing(&old, &new);
    let reference = AssetRef { address: Some(manifest.address.clone()), ..asset.reference() };
    let data = EditData { before: said_before.clone(), after: said_after.clone() };
    let name = asset.address().map_or_else(|| asset.root_text.to_string(), ToString::to_string);
    let summary = match said_after.as_object().zip(said_before.as_object()) {
        Some((after, before)) if after.is_empty() && before.is_empty() => {
            format!("`{name}` says so already; nothing changed")
        }
        Some((after, before)) => {
            let mut names: Vec<&str> = after.keys().chain(before.keys()).map(String::as_str).collect();
            names.sort_unstable();
            names.dedup();
            format!("changed {} of `{name}`", names.join(", "))
        }
        None => format!("changed `{name}`"),
    };
    if edited.as_bytes() != before {
        draft.edit_manifest(path, (before, edited.into_bytes()), (said_before, said_after));
    }
    let answer = Answer::ok(summary, Data::EditAsset(data)).about(vec![reference]);
    Ok(Proposal::new(draft.finish(context.snapshot), answer))
}

fn invalid(path: &str, why: &str) -> Answer {
    let help = "correct the manifest by hand first";
    Answer::blocked(vec![Blocker::new(BlockerCode::ManifestInvalid, format!("{path}: {why}"), help)])
}

/// What no manifest can say.
fn unsayable(errors: &ManifestErrors) -> Answer {
    let blocker = |problem: &Problem| {
        let help = problem.help.as_deref().unwrap_or("`packwright schema manifest` says what a manifest can say");
        Blocker::new(BlockerCode::BadRequest, problem.message.clone(), help)
    };
    Answer::blocked(errors.problems.iter().chain(&errors.escapes).map(blocker).collect())
}

fn members(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}

/// The members that differ, before and after.
fn differing(old: &Map<String, Value>, new: &Map<String, Value>) -> (Value, Value) {
    let of = |this: &Map<String, Value>, other: &Map<String, Value>| -> Value {
        let differ = this.iter().filter(|(name, value)| other.get(*name) != Some(value));
        Value::Object(differ.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    (of(old, new), of(new, old))
}

fn check_address(context: &Context<'_>, asset: &Asset, address: &Address, draft: &mut Draft) -> Result<(), Answer> {
    if asset.address() == Some(address) {
        return Ok(());
    }
    let mut others = context.snapshot.assets.with_address(address);
    if let Some(other) = others.find(|other| other.entry.is_some() && other.key() != asset.key()) {
        let message = format!("the address `{address}` belongs to `{}`", other.root_text);
        return Err(Answer::blocked(vec![Blocker::new(BlockerCode::AddressTaken, message, "choose another address")]));
    }
    draft.rely_on(Receipt::AddressFree { address_free: address.clone() });
    Ok(())
}

fn edits(set: &ManifestSet, old: &Map<String, Value>) -> Result<Vec<ManifestEdit>, Answer> {
    let mut edits = Vec::new();
    if let Some(address) = &set.address {
        let address = address
            .parse::<Address>()
            .map_err(|error| Answer::bad_request(error.to_string(), "an address looks like `ui/button`"))?;
        edits.push(ManifestEdit::Address(address));
    }
    edits.extend(set.labels.clone().map(ManifestEdit::Labels));
    edits.extend(set.preload.map(ManifestEdit::Preload));
    if let Some(importer) = &set.importer {
        edits.push(ManifestEdit::Importer(importer_of(importer)?));
    }
    if let Some(settings) = &set.settings {
        let now = old.get("settings").and_then(Value::as_object).cloned().unwrap_or_default();
        edits.push(ManifestEdit::Settings(merged(now, settings)));
    }
    edits.extend(set.sources.clone().map(ManifestEdit::Sources));
    Ok(edits)
}

fn importer_of(value: &Value) -> Result<ImporterChoice, Answer> {
    let wrong = || {
        let help = "say `auto`, an importer's name, or a list of `{\"pattern\": …, \"importer\": …}`";
        Answer::bad_request("this is no choice of an importer", help)
    };
    match value {
        Value::String(name) if name == crate::importer::ImporterSet::AUTO => Ok(ImporterChoice::Auto),
        Value::String(name) => Ok(ImporterChoice::Named(name.clone())),
        Value::Array(rules) => {
            let rule = |rule: &Value| {
                let member = |name: &str| rule.get(name).and_then(Value::as_str).ok_or_else(wrong);
                let pattern = Pattern::parse(member("pattern")?)
                    .map_err(|error| Answer::bad_request(error.to_string(), "correct the pattern"))?;
                Ok((pattern, member("importer")?.to_owned()))
            };
            rules.iter().map(rule).collect::<Result<_, _>>().map(ImporterChoice::ByPattern)
        }
        _ => Err(wrong()),
    }
}

/// Settings with others taken into them; null takes one out, and an importer without settings goes.
fn merged(mut now: Map<String, Value>, set: &Map<String, Value>) -> Map<String, Value> {
    for (importer, members) in set {
        match members {
            Value::Null => drop(now.remove(importer)),
            Value::Object(members) => {
                let mut settings = now.get(importer).and_then(Value::as_object).cloned().unwrap_or_default();
                for (name, value) in members {
                    match value {
                        Value::Null => drop(settings.remove(name)),
                        value => drop(settings.insert(name.clone(), value.clone())),
                    }
                }
                if settings.is_empty() {
                    now.remove(importer);
                } else {
                    now.insert(importer.clone(), Value::Object(settings));
                }
            }
            // What is no object, the manifest's reader refuses with its place.
            other => drop(now.insert(importer.clone(), other.clone())),
        }
    }
    now
}
