//! The game that the Studio works on: a picture, a sound and a text, in a folder that is gone afterwards.

use std::error::Error;
use std::fs;
use std::path::Path;

/// The asset roots, relative to the assets folder.
pub(crate) const ROOTS: [&str; 3] = ["ui/logo", "audio/click", "text/intro"];

/// Puts one file into each root.
pub(crate) fn make(assets: &Path) -> Result<(), Box<dyn Error>> {
    for root in ROOTS {
        fs::create_dir_all(assets.join(root))?;
    }
    fs::write(assets.join("ui/logo/logo.png"), picture()?)?;
    sound(&assets.join("audio/click/click.wav"))?;
    fs::write(assets.join("text/intro/intro.txt"), "Once upon a time there was a packer.\n")?;
    Ok(())
}

/// 16 by 16 pixels of red growing into blue.
fn picture() -> Result<Vec<u8>, png::EncodingError> {
    let pixels: Vec<u8> = (0..=255).flat_map(|n: u8| [255 - n, 0, n]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 16, 16);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(bytes)
}

/// A tenth of a second that fades away.
fn sound(path: &Path) -> Result<(), hound::Error> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec)?;
    for n in 0..800_i16 {
        writer.write_sample(if n % 16 < 8 { 800 - n } else { n - 800 })?;
    }
    writer.finalize()
}
