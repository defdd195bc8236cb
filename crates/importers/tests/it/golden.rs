//! What the samples decode to, held by hash: the same on any machine, in any build.
//!
//! A change of a hash is a change of bytes that games ship: it needs a new version of the importer.

use crate::samples::{made_bytes, sample};

fn assert_hashes(output: &str, expected: &[(&str, &str)]) {
    for (name, hash) in expected {
        let actual = blake3::hash(&made_bytes(name, &sample(name), output)).to_hex();
        assert_eq!(&actual.as_str()[..32], *hash, "{name}");
    }
}

#[test]
fn pictures_decode_to_the_same_bytes_everywhere() {
    assert_hashes(
        "rgba8",
        &[
            ("baseline.jpg", "65168f90a1cd373e45d6ea4fccccf0f6"),
            ("progressive.jpg", "80c4062482875043de3348e61f0f5ca7"),
            ("gray.jpg", "94e5d820b518e05e37df32ce10d5dfb5"),
            ("cmyk.jpg", "62a03a8b3cdb41aaf89d2585a3defdab"),
            ("turned.jpg", "42a41b3d7d3615758e92ee881b0b0ea4"),
            ("lossy.webp", "cab1b9cf72bdc14a2d17e70969f4dd59"),
            ("lossy_alpha.webp", "e20f6ced9c48c0cb4f6e8c568e024a51"),
            ("lossless.webp", "89fd0ba82903f05a525d0663734a2c0a"),
            ("animated.webp", "89fd0ba82903f05a525d0663734a2c0a"),
            ("animated.gif", "ab8079d51b9611bc6b41285a4970b49e"),
            ("palette.bmp", "b47869c5b6c329fa92b09ce65f204548"),
            ("bits.bmp", "e3b79bf5dbc0fcccdac8dc65f808d488"),
            ("interlaced.png", "53c24307ced71d5a3af22eda0f5a0f91"),
        ],
    );
}

#[test]
fn sounds_decode_to_the_same_bytes_everywhere() {
    assert_hashes(
        "pcm_s16",
        &[
            ("tone.ogg", "e5fc45890e54bae550f5cd28e06f780a"),
            ("stereo.ogg", "d0bc99b5041ffa6f193c05fcaed2ada5"),
            ("tone.mp3", "638fcf40af476b4976586d7c320886a9"),
            ("stereo.mp3", "7071a7c91b2aad0be072799832c43264"),
            ("tone16.flac", "b5052085d5d9caef16971609f6b10a08"),
            ("tone24.flac", "dd59b7b2e9d0d585c3937e5e80f5b7ec"),
            ("alaw.wav", "729b08fb543d354f1d13972501470018"),
            ("ulaw.wav", "3491723ac5ab1621b34cf9cdfad93132"),
            ("ms_adpcm.wav", "cb45b8ebce7aa75c046c7e5ca507b069"),
            ("ima_adpcm.wav", "514e693f62c7ff2cddc6bad2fcf51019"),
        ],
    );
}
