//! The importer `audio`: what it tells of good sounds, what it makes of them, what it refuses.

use packwright::importer::{ImportedPart, PartBytes};

use crate::samples::{bytes_of, import, import_as, import_with, made_bytes, refusal, sample, wav, whole};

fn told(part: &ImportedPart) -> (i64, i64, i64) {
    let metadata = &part.metadata;
    (whole(metadata, "channels"), whole(metadata, "rate"), whole(metadata, "frames"))
}

fn s16(bytes: &[u8]) -> Vec<i16> {
    bytes.as_chunks().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect()
}

fn float_wav(samples: &[f32]) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8000,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a valid form");
    samples.iter().for_each(|sample| writer.write_sample(*sample).expect("a sample"));
    writer.finalize().expect("a length that fits");
    bytes.into_inner()
}

/// A plain WAV with the chunks as they are said.
fn chunked_wav(riff_length: u32, data_length: u32, data: &[u8]) -> Vec<u8> {
    let fmt = [1_u16.to_le_bytes(), 1_u16.to_le_bytes()].concat();
    let rates = [8000_u32.to_le_bytes(), 16_000_u32.to_le_bytes()].concat();
    let form = [fmt, rates, 2_u16.to_le_bytes().to_vec(), 16_u16.to_le_bytes().to_vec()].concat();
    let head = [b"RIFF".as_slice(), &riff_length.to_le_bytes(), b"WAVEfmt \x10\0\0\0", &form, b"data"].concat();
    [head, data_length.to_le_bytes().to_vec(), data.to_vec()].concat()
}

#[test]
fn every_format_is_kept_and_tells_its_channels_rate_and_frames() {
    let expected = [
        ("made.wav", "wav", (2, 8000, 50)),
        ("alaw.wav", "wav", (1, 8000, 2000)),
        ("ulaw.wav", "wav", (1, 8000, 2000)),
        ("ms_adpcm.wav", "wav", (1, 8000, 2000)),
        ("ima_adpcm.wav", "wav", (1, 8000, 2020)),
        ("tone.ogg", "ogg", (1, 8000, 2000)),
        ("stereo.ogg", "ogg", (2, 22_050, 2000)),
        ("tone16.flac", "flac", (2, 22_050, 2000)),
        ("tone24.flac", "flac", (1, 48_000, 2000)),
        ("tone.mp3", "mp3", (1, 24_000, 2000)),
        ("stereo.mp3", "mp3", (2, 44_100, 6000)),
    ];
    for (name, format, header) in expected {
        let part = import(name, &sample(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((part.format.as_str(), told(&part)), (format, header), "{name}");
        assert_eq!(part.bytes, PartBytes::Kept, "{name}");
    }
}

#[test]
fn as_many_frames_are_made_as_the_header_tells() {
    for name in ["made.wav", "ms_adpcm.wav", "stereo.ogg", "tone16.flac", "tone24.flac", "tone.mp3", "stereo.mp3"] {
        let (kept, made) = (import(name, &sample(name)), import_as(name, &sample(name), "pcm_s16"));
        let (kept, made) = (kept.expect("a good sound"), made.expect("a good sound"));
        assert_eq!(told(&kept), told(&made), "{name}");
        let (channels, _, frames) = told(&made);
        assert_eq!((made.format.as_str(), bytes_of(&made).len() as i64), ("pcm_s16", channels * frames * 2), "{name}");
    }
}

#[test]
fn sixteen_bits_come_out_as_they_went_in() {
    let bytes = wav(2, 16, 8000, 50);
    assert_eq!(made_bytes("a", &bytes, "pcm_s16"), bytes[bytes.len() - 200..]);
}

#[test]
fn other_depths_are_scaled_and_rounded() {
    assert_eq!(s16(&made_bytes("a", &wav(1, 8, 8000, 3), "pcm_s16")), [-32_768, -256, 32_512]);
    assert_eq!(s16(&made_bytes("a", &wav(1, 24, 8000, 3), "pcm_s16")), [-32_768, 0, 32_767]);
    assert_eq!(s16(&made_bytes("a", &wav(1, 32, 8000, 3), "pcm_s16")), [-32_768, 0, 32_767]);
}

#[test]
fn floats_round_half_to_even_and_stay_within_bounds() {
    let unit = 1.0 / 32_768.0;
    let samples = [0.5 * unit, 1.5 * unit, -0.5 * unit, 1.0, -1.0, 3.0, f32::NAN];
    assert_eq!(s16(&made_bytes("a", &float_wav(&samples), "pcm_s16")), [0, 2, 0, 32_767, -32_768, 32_767, 0]);
}

#[test]
fn a_wav_that_was_streamed_goes_to_its_end() {
    let data = [1, 0, 2, 0, 3, 0];
    for (riff, length) in [(u32::MAX, u32::MAX), (0, 0), (36, u32::MAX)] {
        let bytes = chunked_wav(riff, length, &data);
        assert_eq!(s16(&made_bytes("a", &bytes, "pcm_s16")), [1, 2, 3], "{riff} {length}");
    }
}

#[test]
fn what_follows_the_audio_is_left_alone() {
    for name in ["made.wav", "tone.ogg"] {
        let bytes = [sample(name), b"left by an editor".to_vec()].concat();
        assert_eq!(
            import(name, &bytes).map(|part| told(&part)).ok(),
            Some(told(&import(name, &sample(name)).unwrap()))
        );
    }
    let tag = [b"TAG".as_slice(), &[b' '; 125]].concat();
    for name in ["tone.mp3", "tone16.flac"] {
        let bytes = [sample(name), tag.clone()].concat();
        assert_eq!(made_bytes(name, &bytes, "pcm_s16"), made_bytes(name, &sample(name), "pcm_s16"), "{name}");
    }
}

#[test]
fn tags_and_other_bytes_before_an_mp3_are_passed_over() {
    let tag = [b"ID3\x04\x00\x00\x00\x00\x01\x00".as_slice(), &[7; 128]].concat();
    let stray = [tag, b"stray".to_vec(), sample("tone.mp3")].concat();
    assert_eq!(made_bytes("a.mp3", &stray, "pcm_s16"), made_bytes("a.mp3", &sample("tone.mp3"), "pcm_s16"));
}

#[test]
fn hours_of_audio_are_past_the_budget() {
    let message = refusal(import("a", &wav(1, 8, 1, 1801)));
    assert_eq!(message, "length in seconds is 1801, and the limit is 1800");
    assert!(import("a", &wav(1, 8, 1, 1800)).is_ok());
    let mut ogg = sample("tone.ogg");
    let last = ogg.windows(4).rposition(|bytes| bytes == b"OggS").expect("a page");
    ogg[last + 6..last + 14].copy_from_slice(&(8000_i64 * 3600).to_le_bytes());
    assert_eq!(refusal(import("a", &ogg)), "length in seconds is 3600, and the limit is 1800");
    ogg[last + 6..last + 14].copy_from_slice(&i64::MAX.to_le_bytes());
    assert!(refusal(import("a", &ogg)).starts_with("length in seconds is "));
}

#[test]
fn half_a_gibibyte_of_samples_is_past_the_budget() {
    let mut ogg = sample("stereo.ogg");
    let last = ogg.windows(4).rposition(|bytes| bytes == b"OggS").expect("a page");
    ogg[last + 6..last + 14].copy_from_slice(&((512_i64 << 20) / 4 + 1).to_le_bytes());
    ogg[40..44].copy_from_slice(&192_000_u32.to_le_bytes());
    assert_eq!(refusal(import("a", &ogg)), "decoded size in bytes is 536870916, and the limit is 536870912");
}

#[test]
fn what_is_cut_off_says_so() {
    for (name, cut) in [("made.wav", 1), ("tone.ogg", 1), ("tone16.flac", 1), ("tone.mp3", 1), ("tone24.flac", 500)] {
        let bytes = sample(name);
        let message = refusal(import(name, &bytes[..bytes.len() - cut]));
        assert!(message.contains("is cut off"), "{name}: {message}");
    }
}

#[test]
fn an_ogg_that_ends_on_a_page_before_its_last_is_cut_off() {
    let ogg = sample("tone.ogg");
    let last = ogg.windows(4).rposition(|bytes| bytes == b"OggS").expect("a page");
    assert!(refusal(import("a", &ogg[..last])).contains("there is no last page"));
}

#[test]
fn a_flac_whose_header_states_more_is_cut_off() {
    let mut flac = sample("tone16.flac");
    flac[25] += 1;
    assert_eq!(refusal(import("a", &flac)), "the FLAC is cut off or damaged: it ends at frame 2000 of 2001");
}

#[test]
fn a_flac_with_damaged_audio_is_refused_when_it_is_made() {
    let mut flac = sample("tone16.flac");
    let audio = flac.windows(2).position(|bytes| bytes == [0xff, 0xf8]).expect("a frame");
    flac[26] ^= 0xff;
    assert!(audio > 42 && import("a", &flac).is_ok());
    let message = refusal(import_as("a", &flac, "pcm_s16"));
    assert_eq!(message, "the FLAC is damaged: its audio is not what its checksum says");
}

#[test]
fn an_ogg_with_a_second_stream_behind_the_first_is_refused() {
    let tone = sample("tone.ogg");
    let message = refusal(import("a", &[tone.clone(), sample("stereo.ogg")].concat()));
    assert_eq!(message, format!("the OGG has a second stream at byte {}, and only one is supported", tone.len()));
}

#[test]
fn codings_that_do_not_decode_are_refused_by_number() {
    let mut bytes = wav(1, 16, 8000, 4);
    bytes[20] = 0x55;
    let message = refusal(import("a", &bytes));
    assert_eq!(message, "the WAV has coding 0x0055 with 16 bits a sample, which is not supported");
}

#[test]
fn adpcm_of_no_channels_is_refused() {
    let mut bytes = sample("ima_adpcm.wav");
    bytes[22] = 0;
    assert!(refusal(import("a", &bytes)).starts_with("the WAV has ADPCM of 0 channels"));
}

#[test]
fn what_has_no_signature_is_no_audio() {
    let message = refusal(import_with("audio", "a.txt", b"words"));
    assert!(message.starts_with("no audio: "), "{message}");
}
