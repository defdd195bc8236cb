//! What bytes are said to be. From a fixed list, none of which a browser runs; everything else is bytes.

const BYTES: &str = "application/octet-stream";
const TEXT: &str = "text/plain; charset=utf-8";

/// Endings of names whose bytes are shown as text, where they are text.
const TEXTS: [&str; 12] = ["txt", "md", "csv", "tsv", "toml", "ini", "yaml", "yml", "lua", "glsl", "wgsl", "hlsl"];

/// The media type of content that begins so; `is_whole` where that is all of it.
pub(super) fn media_type(sample: &[u8], is_whole: bool, name: &str) -> &'static str {
    if let Some(kind) = by_signature(sample) {
        return kind;
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "mp3" if sample.len() > 1 && sample[0] == 0xff && sample[1] & 0xe0 == 0xe0 => "audio/mpeg",
        "json" if is_text(sample, is_whole) => "application/json",
        ending if TEXTS.contains(&ending) && is_text(sample, is_whole) => TEXT,
        _ => BYTES,
    }
}

fn by_signature(sample: &[u8]) -> Option<&'static str> {
    let within = |at: usize, what: &[u8]| sample.get(at..).is_some_and(|rest| rest.starts_with(what));
    Some(match sample {
        _ if within(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if within(0, b"\xff\xd8\xff") => "image/jpeg",
        _ if within(0, b"GIF87a") || within(0, b"GIF89a") => "image/gif",
        _ if within(0, b"RIFF") && within(8, b"WEBP") => "image/webp",
        _ if within(0, b"RIFF") && within(8, b"WAVE") => "audio/wav",
        _ if within(0, b"BM") && within(6, &[0; 4]) => "image/bmp",
        _ if within(0, b"OggS") => "audio/ogg",
        _ if within(0, b"fLaC") => "audio/flac",
        _ if within(0, b"ID3") => "audio/mpeg",
        _ => return None,
    })
}

/// Whether it is UTF-8 without control characters that no text has; the last character may be cut.
fn is_text(sample: &[u8], is_whole: bool) -> bool {
    let text = match std::str::from_utf8(sample) {
        Ok(text) => text,
        Err(error) if !is_whole && error.error_len().is_none() => {
            std::str::from_utf8(&sample[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_what_they_are_and_names_say_little() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n....", true, "x.html"), "image/png");
        assert_eq!(media_type(b"RIFF....WAVEfmt ", true, "x"), "audio/wav");
        assert_eq!(media_type(b"\xff\xfb\x90", true, "x.mp3"), "audio/mpeg");
        assert_eq!(media_type(b"{}", true, "x.JSON"), "application/json");
        assert_eq!(media_type(b"Press", true, "label.txt"), TEXT);
    }

    #[test]
    fn nothing_that_a_browser_runs_is_said_to_be_so() {
        for (bytes, name) in [
            (b"<script>alert(1)</script>".as_slice(), "x.html"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "x.svg"),
            (b"<?xml version='1.0'?>", "x.xml"),
            (b"%PDF-1.7", "x.pdf"),
            (b"alert(1)", "x.js"),
            (b"\x00\x01", "x.txt"),
            (b"a\xff", "x.txt"),
            (b"", "x"),
        ] {
            assert_eq!(media_type(bytes, true, name), BYTES, "{name}");
        }
        assert_eq!(media_type(b"<script>", true, "x.txt"), TEXT, "as text it is shown and not run");
    }

    #[test]
    fn a_text_that_is_cut_within_a_character_is_a_text() {
        assert_eq!(media_type("é".as_bytes().split_at(1).0, false, "x.txt"), TEXT);
        assert_eq!(media_type("é".as_bytes().split_at(1).0, true, "x.txt"), BYTES);
    }
}
