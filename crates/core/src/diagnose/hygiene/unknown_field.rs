//! H315: a field of a manifest or of the registry that no version knows.

use std::collections::BTreeMap;

use super::{NotChecked, Premises, count};
use crate::diagnose::{Code, Diagnostic, Fix, Location};
use crate::value::RelPath;
use crate::workspace::{Registry, RegistryEntry, nearest, place_at};

/// What an editor reads to complete the file.
const SCHEMA_REFERENCE: &str = "$schema";

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    for asset in premises.roots() {
        for field in asset.manifest().into_iter().flat_map(|manifest| &manifest.unknown_fields) {
            let location = premises.ground.manifest_span(asset, field.place, field.pointer.clone());
            let made =
                Diagnostic::new(Code::H315, format!("no version knows the field `{}` of a manifest", field.name));
            let made = made.of_asset(asset.reference()).located(location);
            found.push(helped(made, field.nearest));
        }
    }
    check_registry(premises, found);
    Ok(())
}

/// A field that stands in many entries is one finding: one tool wrote it.
fn check_registry(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) {
    let snapshot = premises.ground.snapshot;
    let text = std::str::from_utf8(premises.ground.registry_bytes().unwrap_or_default()).unwrap_or_default();
    let mut push = |name: &str, pointer: String, of: String, known: &[&'static str]| {
        let location = Location {
            path: RelPath::literal(Registry::FILE),
            place: place_at(text, &pointer),
            pointer: Some(pointer),
        };
        let made =
            Diagnostic::new(Code::H315, format!("no version knows the field `{name}` of {of}")).located(location);
        let made = made.known_by(&format!("registry {name} {}", known.len()));
        found.push(helped(made, nearest(name, known.iter().copied())));
    };
    for field in snapshot.registry.extra.iter().filter(|field| &*field.name != SCHEMA_REFERENCE) {
        push(&field.name, pointer_to("", &field.name), "the registry".to_owned(), &Registry::FIELDS);
    }
    let mut fields: BTreeMap<&str, (u32, usize)> = BTreeMap::new();
    for (place, asset) in (0_u32..).zip(snapshot.registered()) {
        let Some(entry) = &asset.entry else { continue };
        let index = if snapshot.registry.in_order { Some(place) } else { entry.file_index };
        for field in &entry.extra {
            let seen = fields.entry(&field.name).or_insert((index.unwrap_or(0), 0));
            (seen.0, seen.1) = (seen.0.min(index.unwrap_or(u32::MAX)), seen.1 + 1);
        }
    }
    for (name, (index, n)) in fields {
        let of = count(n, "entry", "entries");
        push(name, pointer_to(&format!("/assets/{index}"), name), of, &RegistryEntry::FIELDS);
    }
}

fn pointer_to(parent: &str, name: &str) -> String {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn helped(made: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => {
            made.with_help(format!("did you mean `{near}`?")).with_fix(Fix::shown(format!("call it `{near}`")))
        }
        None => made.with_help("take it out; or leave it: it is kept as it is and means nothing"),
    }
}
