//! `cargo xtask starter`: makes the art of the example workspace in `examples/starter/assets/`.
//!
//! Everything is drawn and synthesised here from arithmetic that is the same on every machine (no `sin`, no random
//! numbers), so the committed files can be made again byte for byte. Manifests, settings and the registry of the
//! example are not this chore's: the real tool writes those.

mod canvas;
mod flac;
mod font;
mod pictures;
mod sounds;
mod words;

use std::path::Path;

use crate::failure::{Doing, Failure, Outcome};

/// One file of the example: its path below `assets/` and its bytes.
pub(crate) type Art = (&'static str, Vec<u8>);

const ASSETS: &str = "examples/starter/assets";

/// Writes the art, or with `check` only says which files differ from it.
pub(crate) fn run(root: &Path, check: bool) -> Outcome {
    let assets = root.join(ASSETS);
    if check {
        return differing(&assets).map_or(Ok(()), |path| {
            Err(Failure::new(format!("{ASSETS}/{path} is not what `cargo xtask starter` makes; run it again")))
        });
    }
    let art = art();
    for (path, bytes) in &art {
        write(&assets.join(path), bytes)?;
    }
    let bytes: usize = art.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("wrote {} files, {} KB, below {ASSETS}", art.len(), bytes / 1000);
    Ok(())
}

fn art() -> Vec<Art> {
    [pictures::art(), sounds::art(), font::art(), words::art()].concat()
}

fn differing(assets: &Path) -> Option<&'static str> {
    let unlike = |(path, bytes): &Art| std::fs::read(assets.join(path)).ok().as_ref() != Some(bytes);
    art().into_iter().find(unlike).map(|(path, _)| path)
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).doing(|| format!("making {}", folder.display()))?;
    std::fs::write(path, bytes).doing(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_art_is_what_the_generator_makes() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        assert_eq!(differing(&root.join(ASSETS)), None);
    }

    #[test]
    fn the_art_stays_small_and_names_no_file_twice() {
        let art = art();
        let mut paths: Vec<&str> = art.iter().map(|(path, _)| *path).collect();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), art.len());
        assert!(art.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() < 600_000);
    }
}
