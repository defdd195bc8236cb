//! Why a part was made: in the answer, in `report.json`, and in an asset's details, where hits carry it on.

use packwright::importer::{Imported, Metadata};
use packwright::service::Data;
use packwright::{Packer, Project};

use super::game::{Game, build, build_with};
use super::stub::{self, Stub};

fn open(game: &Game, version: u32) -> Project {
    let shout = Stub::new("shout", stub::shout).0.version(version);
    let bus = crate::heard::bus();
    Packer::builder(bus).importers(stub::with([shout])).build().open(game.tree.path()).expect("a workspace")
}

/// The reasons in `report.json`, as `source: reason`.
fn reported(game: &Game) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_slice(&game.tree.read("build/report.json")).expect("JSON");
    let made = report["made"].as_array().expect("a list");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    made.iter().map(|one| format!("{}: {}", text(&one["source"]), text(&one["reason"]))).collect()
}

/// The reasons in the details of asset 1, by part.
fn detailed(project: &Project) -> Vec<String> {
    let response = crate::call(project, r#"{"service": "get_asset_details", "selector": "a"}"#);
    let Data::GetAssetDetails(details) = response.data else { panic!("{:?}", response.summary) };
    details.part_list.into_iter().map(|part| format!("{}: {}", part.name, part.reason)).collect()
}

fn expect(game: &Game, project: &Project, reasons: &[&str]) {
    let data = build(project);
    assert_eq!(reported(game), reasons);
    let mut counts = std::collections::BTreeMap::<String, u64>::new();
    for reason in reasons {
        let word = reason.split(": ").nth(1).expect("a word").to_owned();
        *counts.entry(word).or_default() += 1;
    }
    assert_eq!(data.reasons, counts);
}

#[test]
fn every_miss_says_why_and_hits_carry_it_on() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.shout", "quiet").source("a/y.txt", "y\n");
    let project = open(&game, 1);
    expect(&game, &project, &["x.shout: new", "y.txt: new"]);

    game.source("a/x.shout", "loud");
    expect(&game, &project, &["x.shout: source_changed: assets/a/x.shout"]);
    assert_eq!(detailed(&project), ["x.shout: source_changed: assets/a/x.shout", "y.txt: new"]);

    game.manifest(1, "a", "a", r#", "settings": {"shout": {"case": "lower"}}"#);
    expect(&game, &project, &["x.shout: settings_changed: case"]);
    assert_eq!(detailed(&project), ["x.shout: settings_changed: case", "y.txt: new"]);

    game.manifest(1, "a", "a", r#", "importer": "raw""#);
    expect(&game, &project, &["x.shout: importer_changed: shout to raw", "y.txt: importer_changed: text to raw"]);

    game.manifest(1, "a", "a", r#", "settings": {"shout": {"case": "lower"}}"#);
    let back = build(&project);
    assert_eq!((back.cache.hits, back.cache.misses), (1, 1), "what the cache has is a hit");
    drop(project);

    let project = open(&game, 2);
    expect(&game, &project, &["x.shout: importer_version"]);

    game.settings("[build]\ncompression = \"lz4\"\n");
    expect(&game, &project, &["x.shout: codec_changed", "y.txt: codec_changed"]);

    game.tree.remove(".packwright/cache");
    game.tree.remove("build/game.pack");
    expect(&game, &project, &["x.shout: cache_lost"]);

    build_with(&project, "full");
    assert_eq!(reported(&game), ["x.shout: full", "y.txt: full"]);
    assert_eq!(detailed(&project), ["x.shout: full", "y.txt: full"]);

    let unchanged = build(&project);
    assert_eq!((unchanged.cache.hits, unchanged.cache.misses), (2, 0));
    assert_eq!(detailed(&project), ["x.shout: full", "y.txt: full"]);
}

#[test]
fn what_is_no_input_of_an_import_makes_nothing_again() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.shout", "quiet");
    let project = open(&game, 1);
    build(&project);
    for members in [r#", "labels": ["one"]"#, r#", "preload": true"#, ""] {
        game.manifest(1, "a", "a", members);
        let data = build(&project);
        assert_eq!(data.outcome, packwright::service::BuildOutcome::Built);
        assert_eq!((data.cache.hits, data.cache.misses), (1, 0), "{members}");
        game.pack();
    }
    game.manifest(1, "a", "elsewhere", "");
    assert_eq!(build(&project).cache.misses, 0);
    assert!(game.tree.text("build/addressables.json").contains("elsewhere"));
}

#[test]
fn an_asset_that_was_left_out_and_comes_back_is_built_anew() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.shout", "quiet");
    game.asset(2, "b", "").source("b/y.txt", "y\n");
    let project = open(&game, 1);
    build(&project);
    let both = game.pack();
    for included in [false, true] {
        for id in [1, 2] {
            game.registered.get_mut(&id).expect("registered").1 = included;
        }
        game.write_registry();
        build(&project);
    }
    assert_eq!(game.pack(), both);
    let hits = reported(&game);
    assert_eq!(hits, ["y.txt: new"], "what cost work is still in the cache");
}

#[test]
fn an_importer_that_gives_its_source_and_more_is_packed_whole() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.both", "bytes");
    let both = || {
        let import = |source: &packwright::importer::Source<'_>, _: &_, _| {
            let mut imported = Imported::kept("both", Metadata::new());
            let mut more = Imported::made("length", Metadata::new(), source.len().to_string().into_bytes()).parts;
            more[0].name = Some("length".to_owned());
            imported.parts.append(&mut more);
            Ok(imported)
        };
        Stub::new("both", import).0
    };
    let bench = super::bench::Bench::new(&game.tree, stub::with([both()]));
    bench.built();
    let first = game.pack();
    game.tree.remove("build/game.pack");
    assert_eq!(bench.built().hits, 2);
    assert_eq!(game.pack(), first);
    assert_eq!(super::game::part(&first, "a", "x.both"), b"bytes");
    assert_eq!(super::game::part(&first, "a", "x.both#length"), b"5");
}
