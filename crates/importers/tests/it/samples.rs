//! Sources to try, and short ways to import them.

use std::io::Cursor;

use ::image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use packwright::importer::{
    ImportError, ImportedPart, Importer, Metadata, MetadataValue, PartBytes, SettingValue, Settings, Source,
};

macro_rules! stored {
    ($($name:literal),* $(,)?) => {
        vec![$(($name, include_bytes!(concat!("../samples/", $name)).to_vec())),*]
    };
}

/// Files that other programs wrote.
pub(crate) fn stored() -> Vec<(&'static str, Vec<u8>)> {
    stored![
        "alaw.wav",
        "animated.gif",
        "animated.webp",
        "baseline.jpg",
        "bits.bmp",
        "cmyk.jpg",
        "gray.jpg",
        "ima_adpcm.wav",
        "interlaced.png",
        "lossless.webp",
        "lossy.webp",
        "lossy_alpha.webp",
        "ms_adpcm.wav",
        "palette.bmp",
        "progressive.jpg",
        "stereo.mp3",
        "stereo.ogg",
        "tone.mp3",
        "tone.ogg",
        "tone16.flac",
        "tone24.flac",
        "turned.jpg",
        "ulaw.wav",
    ]
}

/// Files made here.
pub(crate) fn made() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("made.png", encoded(ImageFormat::Png)),
        ("made.bmp", encoded(ImageFormat::Bmp)),
        ("made.tga", encoded(ImageFormat::Tga)),
        ("made.gif", encoded(ImageFormat::Gif)),
        ("made.qoi", encoded(ImageFormat::Qoi)),
        ("made.wav", wav(2, 16, 8000, 50)),
    ]
}

pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    [stored(), made()].concat()
}

pub(crate) fn sample(name: &str) -> Vec<u8> {
    all().into_iter().find(|(other, _)| *other == name).expect("a sample of that name").1
}

/// A picture of 4 x 3 pixels, which differ, with transparency.
pub(crate) fn picture() -> RgbaImage {
    RgbaImage::from_fn(4, 3, |x, y| Rgba([x as u8 * 60, y as u8 * 90, 200, if x == 0 { 0 } else { 255 }]))
}

pub(crate) fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture()).write_to(&mut bytes, format).expect("a picture that every format takes");
    bytes.into_inner()
}

/// A ramp of integers that cross the whole range.
pub(crate) fn wav(channels: u16, bits: u16, rate: u32, frames: u32) -> Vec<u8> {
    let spec =
        hound::WavSpec { channels, sample_rate: rate, bits_per_sample: bits, sample_format: hound::SampleFormat::Int };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a valid form");
    let samples = frames * u32::from(channels);
    for sample in 0..samples {
        let position = i64::from(sample) * ((1 << bits) - 1) / i64::from(samples.max(2) - 1);
        writer.write_sample((position - (1 << (bits - 1))) as i32).expect("a sample within its bits");
    }
    writer.finalize().expect("a length that fits");
    bytes.into_inner()
}

/// Imports as `auto` does, with default settings.
pub(crate) fn import(path: &str, bytes: &[u8]) -> Result<ImportedPart, ImportError> {
    import_as(path, bytes, "source")
}

/// Imports as `auto` does; `output` is set where the importer has it.
pub(crate) fn import_as(path: &str, bytes: &[u8], output: &str) -> Result<ImportedPart, ImportError> {
    let source = Source::in_memory(path, bytes);
    let importers = packwright_importers::standard();
    run(importers.choose(&source).expect("raw takes everything").as_ref(), &source, output)
}

/// Imports with the importer of that name.
pub(crate) fn import_with(importer: &str, path: &str, bytes: &[u8]) -> Result<ImportedPart, ImportError> {
    let importers = packwright_importers::standard();
    run(importers.get(importer).expect("one of ours").as_ref(), &Source::in_memory(path, bytes), "source")
}

pub(crate) fn run(importer: &dyn Importer, source: &Source<'_>, output: &str) -> Result<ImportedPart, ImportError> {
    let mut settings = Settings::defaults(importer.settings());
    if !importer.settings().is_empty() {
        settings.set("output", SettingValue::Word(output.to_owned()));
    }
    let mut imported = importer.import(source, &settings)?;
    assert_eq!(imported.parts.len(), 1, "these importers make one part");
    Ok(imported.parts.remove(0))
}

/// The bytes that an importer made.
pub(crate) fn bytes_of(part: &ImportedPart) -> &[u8] {
    match &part.bytes {
        PartBytes::Made(bytes) => bytes,
        PartBytes::Kept => panic!("kept, not made"),
    }
}

pub(crate) fn made_bytes(path: &str, bytes: &[u8], output: &str) -> Vec<u8> {
    bytes_of(&import_as(path, bytes, output).expect("a good source")).to_vec()
}

/// The message of a refusal, checked for the form that all messages have.
pub(crate) fn refusal(result: Result<ImportedPart, ImportError>) -> String {
    let message = result.expect_err("this should be refused").to_string();
    assert!(!message.starts_with(char::is_uppercase) && !message.ends_with('.'), "bad form: {message}");
    assert!(!message.contains('\n'), "more than a line: {message}");
    message
}

pub(crate) fn whole(metadata: &Metadata, name: &str) -> i64 {
    match metadata.get(name) {
        Some(MetadataValue::Integer(number)) => number.get().try_into().expect("a small number"),
        other => panic!("{name} is {other:?}"),
    }
}

pub(crate) fn word<'a>(metadata: &'a Metadata, name: &str) -> &'a str {
    match metadata.get(name) {
        Some(MetadataValue::Text(text)) => text,
        other => panic!("{name} is {other:?}"),
    }
}
