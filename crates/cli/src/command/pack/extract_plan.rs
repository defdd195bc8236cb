//! Where each part of a pack goes when it is unpacked, settled before the first byte is written.
//!
//! A pack can say anything in its names. What holds afterwards: every target lies below the folder, no two targets are
//! one file on any system, and none is a folder that another needs.

use std::collections::BTreeMap;

use packwright::value::RelPath;
use packwright_format::{Pack, Part};

/// A part and its file, relative to the target folder.
pub(super) struct Target<'p> {
    pub(super) part: Part<'p>,
    pub(super) path: RelPath,
}

/// Every part of the pack with its target, or why the pack cannot be unpacked.
pub(super) fn targets<'p>(pack: &Pack<'p>) -> Result<Vec<Target<'p>>, String> {
    let mut targets = Vec::new();
    for asset in pack.assets() {
        let folder = safe(asset.address())?;
        for part in asset.parts() {
            targets.push(Target { part, path: folder.join(&safe(part.name())?) });
        }
    }
    no_clash(&targets)?;
    Ok(targets)
}

fn safe(name: &str) -> Result<RelPath, String> {
    let path = RelPath::parse(name).map_err(|error| format!("a name in the pack is no safe path: {error}"))?;
    // Windows drops these, and `a.` would land on `a`.
    if path.segments().any(|segment| segment.ends_with(['.', ' '])) {
        return Err(format!("a name in the pack is no safe path: {name:?} has a segment that ends in `.` or a space"));
    }
    Ok(path)
}

fn no_clash(targets: &[Target<'_>]) -> Result<(), String> {
    let mut files: BTreeMap<String, &RelPath> = BTreeMap::new();
    for Target { path, .. } in targets {
        if let Some(other) = files.insert(path.folded(), path) {
            return Err(format!(
                "two parts would be one file on some systems: {:?} and {:?}",
                other.as_str(),
                path.as_str()
            ));
        }
    }
    for (folded, path) in &files {
        let mut above = folded.as_str();
        while let Some((parent, _)) = above.rsplit_once('/') {
            if let Some(file) = files.get(parent) {
                return Err(format!("{:?} would be a file and a folder, for {:?}", file.as_str(), path.as_str()));
            }
            above = parent;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use packwright_format::{Metadata, NewAsset, PackBuilder};

    use super::*;

    fn planned(parts: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let mut assets: BTreeMap<&str, NewAsset> = BTreeMap::new();
        for (n, (address, name)) in parts.iter().enumerate() {
            let id = u32::try_from(n + 1).expect("few parts");
            let asset = assets.remove(address).unwrap_or_else(|| NewAsset::new(id, *address));
            assets.insert(address, asset.part(*name, "raw", Metadata::new(), b"x".to_vec()));
        }
        let builder = assets.into_values().fold(PackBuilder::new(), PackBuilder::asset);
        let bytes = builder.finish().expect("a pack");
        let targets = targets(&Pack::open(&bytes).expect("a pack"))?;
        Ok(targets.into_iter().map(|target| target.path.as_str().to_owned()).collect())
    }

    #[test]
    fn a_part_goes_below_its_address() {
        let paths = planned(&[("ui/button", "hover/a.png#mip0"), ("ui/button", "b.png")]);
        assert_eq!(paths.expect("safe"), ["ui/button/b.png", "ui/button/hover/a.png#mip0"]);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let hostile = [
            "../a",
            "/etc/passwd",
            "a/../../b",
            "..",
            ".",
            "a//b",
            "C:a",
            "c:/a",
            "\\\\host\\a",
            "..\\a",
            "a\0b",
            "a\u{1b}b",
            "nul",
            "COM1.txt",
            "a/aux",
            "a:stream",
            "a.",
            "a ",
            "a. /b",
        ];
        for name in hostile {
            assert!(planned(&[("ui", name)]).is_err(), "{name:?} as a part");
            assert!(planned(&[(name, "a")]).is_err(), "{name:?} as an address");
        }
    }

    #[test]
    fn two_parts_never_become_one_file() {
        assert!(planned(&[("ui", "A.png"), ("ui", "a.png")]).is_err(), "case");
        assert!(planned(&[("ui", "\u{e9}"), ("ui", "e\u{301}")]).is_err(), "composition");
        assert!(planned(&[("ui", "button/a"), ("ui/button", "a")]).is_err(), "two addresses");
    }

    #[test]
    fn a_file_is_never_needed_as_a_folder() {
        assert!(planned(&[("ui", "a"), ("ui", "a-b"), ("ui", "a/b")]).is_err());
        assert!(planned(&[("ui", "a"), ("ui/A", "b")]).is_err());
    }
}
