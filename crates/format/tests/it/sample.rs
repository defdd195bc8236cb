//! The packs that the tests share, and how to make a damaged one look whole again.

use packwright_format::{Metadata, NewAsset, PackBuilder};

/// The pack of the document's worked example.
pub(crate) fn documented() -> Vec<u8> {
    let metadata = Metadata::from_iter([("lines", 1u32)]);
    let button = NewAsset::new(3, "ui/button").preload().part("hi.txt", "text", metadata, *b"hi\n");
    let click = NewAsset::new(7, "audio/click").labels(["ui"]).part("on.txt", "text", Metadata::new(), *b"on\n");
    PackBuilder::new().asset(button).asset(click).finish().expect("the assets keep the rules")
}

/// What a pack can hold: several parts, an empty part and asset, every kind of metadata, texts beyond ASCII.
pub(crate) fn builder() -> PackBuilder {
    let mut metadata = Metadata::from_iter([("width", 2u32), ("height", 1)]);
    metadata.insert("color", "sRGB \"quoted\"");
    metadata.insert("alpha", true);
    metadata.insert("gain", -6i64);
    metadata.insert("frames", u64::MAX);
    let strip = NewAsset::new(1, "ui/button")
        .preload()
        .labels(["ui", "men\u{fc}"])
        .part("on.rgba", "rgba8", metadata.clone(), [255, 0, 0, 255, 0, 255, 0, 128])
        .part("off.rgba", "rgba8", metadata, [7; 200])
        .part("stra\u{df}e.txt", "text", Metadata::new(), "Stra\u{df}e");
    let silence = NewAsset::new(u32::MAX, "audio/silence").part("empty.raw", "raw", Metadata::new(), Vec::new());
    let bare = NewAsset::new(40, "zz/no-parts").labels(["ui"]);
    let words = NewAsset::new(7, "data/words").part("words.txt", "text", Metadata::new(), b"again ".repeat(100));
    PackBuilder::new().asset(silence).asset(strip).asset(words).asset(bare)
}

/// The bytes of [`builder`], stored as they are.
pub(crate) fn plain() -> Vec<u8> {
    builder().finish().expect("the assets keep the rules")
}

/// Puts the right hash into the trailer where header and trailer can be found, so that damage passes for the truth.
pub(crate) fn reseal(bytes: &mut [u8]) {
    let number = |at: usize| {
        let field = bytes.get(at..at + 8)?;
        usize::try_from(u64::from_le_bytes(field.try_into().ok()?)).ok()
    };
    let places = || Some((number(24)?, number(40)?.checked_add(number(48)?)?));
    let Some((index, end)) = places() else { return };
    let Some(covered) = bytes.get(index..end) else { return };
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..64]).update(covered);
    let trailer = end.next_multiple_of(8);
    if let Some(hash) = bytes.get_mut(trailer..trailer + 32) {
        hash.copy_from_slice(hasher.finalize().as_bytes());
    }
}
