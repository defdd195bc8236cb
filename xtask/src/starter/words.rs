//! The example's texts and its level.

use super::Art;

pub(crate) fn art() -> Vec<Art> {
    [
        ("levels/meadow/level.json", LEVEL),
        ("levels/meadow/tuning.toml", TUNING),
        ("texts/en/strings.txt", ENGLISH),
        ("texts/de/strings.txt", GERMAN),
    ]
    .map(|(path, text)| (path, text.as_bytes().to_vec()))
    .to_vec()
}

const LEVEL: &str = r#"{
  "name": "meadow",
  "size": {"columns": 24, "rows": 8},
  "legend": {".": "air", "G": "ground", "=": "plank", "o": "coin", "H": "hero", "F": "flag"},
  "rows": [
    "........................",
    "........................",
    ".............ooo........",
    "............=====.......",
    ".....oo................F",
    "....====...........o.GGG",
    ".H...........o....GGG...",
    "GGGGGGGGG...GGGGGG......"
  ],
  "background": "backgrounds/meadow",
  "music": "audio/theme"
}
"#;

const TUNING: &str = r#"# How the hero moves in the meadow. Lengths in tiles, times in seconds.
[hero]
run_speed = 6.5
jump_height = 2.6
coyote_time = 0.08

[camera]
lag = 0.15
dead_zone = [3, 2]

[coins]
worth = 1
respawn = false
"#;

const ENGLISH: &str = "\
title = The Meadow
play = Play
options = Options
quit = Quit
coins = Coins: {count}
hint.jump = Press {key} to hop over the gap.
hint.flag = Touch the flag to finish.
win = Well hopped!
lose = Splat. Once more?
";

const GERMAN: &str = "\
title = Die Wiese
play = Spielen
options = Einstellungen
quit = Beenden
coins = Münzen: {count}
hint.jump = Drücke {key}, um über die Lücke zu hüpfen.
hint.flag = Berühre die Fahne, um das Ziel zu erreichen.
win = Schön gehüpft!
lose = Platsch. Noch einmal?
";
