//! The example's sounds, in the manner of old game consoles: triangles, pulses and a little noise.

use std::io::Cursor;

use super::{Art, flac};

const RATE: u32 = flac::RATE;

/// Equal temperament needs powers of two the twelfth root; a table keeps them the same on every machine.
const OCTAVE_4: [f64; 12] =
    [261.626, 277.183, 293.665, 311.127, 329.628, 349.228, 369.994, 391.995, 415.305, 440.0, 466.164, 493.883];

pub(crate) fn art() -> Vec<Art> {
    vec![
        ("audio/jump/jump.wav", wav(&jump())),
        ("audio/coin/coin.wav", wav(&coin())),
        ("audio/theme/theme.flac", flac::encode(&quantised(&theme()))),
    ]
}

/// A pitch that climbs.
fn jump() -> Vec<f64> {
    let mut phase = 0.0;
    let length = samples(0.28);
    (0..length)
        .map(|i| {
            let t = i as f64 / length as f64;
            phase += (220.0 + 620.0 * t * t) / f64::from(RATE);
            pulse(phase, 0.25) * (1.0 - t) * 0.45
        })
        .collect()
}

/// Two bright notes, the second one ringing out.
fn coin() -> Vec<f64> {
    let mut sound = vec![0.0; samples(0.55)];
    add(&mut sound, 0.0, 0.08, &Voice { pitch: pitch(5, 11), level: 0.4, fade: 0.9, wave: |p| pulse(p, 0.5) });
    add(&mut sound, 0.08, 0.47, &Voice { pitch: pitch(6, 4), level: 0.4, fade: 0.06, wave: |p| pulse(p, 0.5) });
    sound
}

const BEAT: f64 = 0.25;

/// Octave and semitone of each beat's note; `None` is a rest.
const MELODY: [Option<(i32, usize)>; 32] = {
    const R: Option<(i32, usize)> = None;
    const fn n(octave: i32, semitone: usize) -> Option<(i32, usize)> {
        Some((octave, semitone))
    }
    [
        n(5, 0),
        R,
        n(4, 7),
        n(4, 9),
        n(5, 0),
        n(5, 4),
        n(5, 2),
        R, //
        n(5, 5),
        R,
        n(5, 4),
        n(5, 2),
        n(5, 0),
        n(4, 9),
        n(4, 7),
        R, //
        n(4, 9),
        R,
        n(5, 0),
        n(5, 2),
        n(5, 4),
        n(5, 7),
        n(5, 4),
        R, //
        n(5, 2),
        n(5, 4),
        n(5, 2),
        n(4, 11),
        n(5, 0),
        R,
        R,
        R,
    ]
};

/// One root a half bar.
const BASS: [(i32, usize); 8] = [(3, 0), (3, 7), (3, 5), (3, 0), (2, 9), (3, 0), (2, 7), (3, 0)];

fn theme() -> Vec<f64> {
    let mut sound = vec![0.0; samples(BEAT * MELODY.len() as f64)];
    for (beat, note) in MELODY.iter().enumerate() {
        let at = beat as f64 * BEAT;
        if let Some((octave, semitone)) = *note {
            let voice = Voice { pitch: pitch(octave, semitone), level: 0.32, fade: 0.12, wave: triangle };
            add(&mut sound, at, BEAT * 1.9, &voice);
        }
        let (octave, semitone) = BASS[beat / 4];
        let voice = Voice { pitch: pitch(octave, semitone), level: 0.28, fade: 0.3, wave: triangle };
        add(&mut sound, at, BEAT * 0.9, &voice);
        tick(&mut sound, at, if beat % 2 == 0 { 0.02 } else { 0.06 });
    }
    sound
}

struct Voice {
    pitch: f64,
    level: f64,
    /// What is left of the level after half a second.
    fade: f64,
    wave: fn(f64) -> f64,
}

/// Adds one note; what would pass the sound's end is cut.
fn add(sound: &mut [f64], start: f64, seconds: f64, voice: &Voice) {
    let length = samples(seconds);
    let ramp = 60.0_f64.min(length as f64 / 2.0);
    // A level that falls by the same factor each sample, without a power: close to `fade` after half a second.
    let factor = 1.0 - (1.0 - voice.fade) * 6.0 / f64::from(RATE);
    let mut level = voice.level;
    for (i, sample) in sound.iter_mut().skip(samples(start)).take(length).enumerate() {
        let edges = (i as f64 / ramp).min((length - i) as f64 / ramp).min(1.0);
        *sample += (voice.wave)(i as f64 * voice.pitch / f64::from(RATE)) * level * edges;
        level *= factor;
    }
}

/// A short burst of noise, for the beat.
fn tick(sound: &mut [f64], start: f64, level: f64) {
    let length = samples(0.03);
    let mut state = 0x2545_f491_u32;
    for (i, sample) in sound.iter_mut().skip(samples(start)).take(length).enumerate() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = f64::from(state >> 16) / 32_768.0 - 1.0;
        *sample += noise * level * (1.0 - i as f64 / length as f64);
    }
}

fn pitch(octave: i32, semitone: usize) -> f64 {
    OCTAVE_4[semitone] * if octave >= 4 { f64::from(1 << (octave - 4)) } else { 1.0 / f64::from(1 << (4 - octave)) }
}

fn triangle(phase: f64) -> f64 {
    ((phase - phase.floor()) - 0.5).abs() * 4.0 - 1.0
}

fn pulse(phase: f64, duty: f64) -> f64 {
    if phase - phase.floor() < duty { 1.0 } else { -1.0 }
}

fn samples(seconds: f64) -> usize {
    (seconds * f64::from(RATE)) as usize
}

fn quantised(sound: &[f64]) -> Vec<i16> {
    sound.iter().map(|sample| (sample.clamp(-1.0, 1.0) * 32_000.0) as i16).collect()
}

fn wav(sound: &[f64]) -> Vec<u8> {
    let spec =
        hound::WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut file = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec).expect("memory takes a WAV header");
    for sample in quantised(sound) {
        writer.write_sample(sample).expect("memory takes a sample");
    }
    writer.finalize().expect("memory can be sought");
    file.into_inner()
}
