//! Packs that were written once and must read for ever. Never rewrite a file in `golden/`; add one.

use packwright_format::{Codec, Pack, Value, verify};

use crate::sample;

const EMPTY: &[u8] = include_bytes!("../golden/v1-empty.pack");
const PLAIN: &[u8] = include_bytes!("../golden/v1-plain.pack");
const LZ4: &[u8] = include_bytes!("../golden/v1-lz4.pack");

fn hash(pack: &Pack<'_>) -> String {
    blake3::Hash::from_bytes(pack.hash()).to_hex().to_string()
}

#[test]
fn the_empty_pack_of_version_1_reads() {
    let pack = Pack::open(EMPTY).expect("a golden pack");
    assert_eq!((EMPTY.len(), pack.assets().len(), pack.parts().len()), (112, 0, 0));
    assert_eq!(hash(&pack), "c214892586118ba6dcda99b66b53c87bf6335e8fbf70fc9cd17043439230a237");
    assert!(verify(&pack).is_empty());
}

#[test]
fn the_plain_pack_of_version_1_reads() {
    let pack = Pack::open(PLAIN).expect("a golden pack");
    assert_eq!(hash(&pack), "2c8c2b02f59a0231cd5feb9f8f7f470287f02efdaa07f78a7db3bba98ab5d9a4");
    assert!(verify(&pack).is_empty());
    let ids: Vec<_> = pack.assets().map(|asset| asset.id()).collect();
    assert_eq!(ids, [1, 7, 40, u32::MAX]);

    let button = pack.by_address("ui/button").expect("an asset of the pack");
    assert_eq!((button.id(), button.preload(), button.labels_json()), (1, true, "[\"men\u{fc}\",\"ui\"]"));
    let names: Vec<_> = button.parts().map(|part| part.name()).collect();
    assert_eq!(names, ["off.rgba", "on.rgba", "stra\u{df}e.txt"]);
    let on = button.part("on.rgba").expect("a part of the asset");
    assert_eq!((on.format(), on.codec(), on.offset(), on.raw_length()), ("rgba8", Codec::None, 320, 8));
    assert_eq!(on.stored(), [255, 0, 0, 255, 0, 255, 0, 128]);
    let metadata = on.metadata().expect("canonical metadata");
    assert_eq!(metadata.get("color"), Some(&Value::from("sRGB \"quoted\"")));
    assert_eq!(metadata.get("frames"), Some(&Value::from(u64::MAX)));
    assert_eq!(metadata.get("gain"), Some(&Value::from(-6i64)));

    let silence = pack.asset(u32::MAX).and_then(|asset| asset.part("empty.raw")).expect("a part of the pack");
    assert_eq!(silence.stored(), b"");
    assert_eq!(pack.asset(40).map(|asset| asset.parts().len()), Some(0));
}

#[test]
fn the_lz4_pack_of_version_1_reads() {
    let pack = Pack::open(LZ4).expect("a golden pack");
    assert_eq!(hash(&pack), "4d8eb260abbff8a18f58e8e6b3f7ef95f29f53ebcfcab6c40ea268dd6d658b1e");
    assert!(verify(&pack).is_empty());
    let words = pack.by_address("data/words").and_then(|asset| asset.part("words.txt")).expect("a part of the pack");
    assert_eq!(words.codec(), Codec::Lz4);
    assert_eq!(*words.bytes().expect("an LZ4 block"), *b"again ".repeat(100));
}

#[test]
fn version_1_is_still_written_byte_for_byte() {
    assert_eq!(packwright_format::PackBuilder::new().finish().as_deref(), Ok(EMPTY));
    assert_eq!(sample::plain(), PLAIN);
    assert_eq!(sample::builder().lz4().finish().as_deref(), Ok(LZ4), "CODEC_VERSION must change with the encoder");
}
