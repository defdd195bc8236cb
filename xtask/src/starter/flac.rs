//! A FLAC encoder for one channel of 16-bit samples: fixed predictors and partitioned Rice codes.
//!
//! It exists to make one file of the example. It takes the whole sound at once, and leaves out what that file does not
//! need: stereo, linear prediction, seek tables and the checksum of the decoded sound.

const BLOCK: usize = 4096;
const MAX_PREDICTOR: usize = 4;
const MAX_PARTITION_ORDER: u32 = 4;
const MAX_RICE: u32 = 14;

/// The `rate` a frame header can name by its code 6.
pub(crate) const RATE: u32 = 22_050;

pub(crate) fn encode(samples: &[i16]) -> Vec<u8> {
    let mut bytes = b"fLaC".to_vec();
    bytes.extend(stream_info(samples.len()));
    for (number, block) in samples.chunks(BLOCK).enumerate() {
        bytes.extend(frame(number as u32, block));
    }
    bytes
}

fn stream_info(n_samples: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(0x80, 8); // the last metadata block, of type 0
    bits.push(34, 24);
    bits.push(BLOCK as u64, 16);
    bits.push(BLOCK as u64, 16);
    bits.push(0, 48); // frame sizes: not said
    bits.push(u64::from(RATE), 20);
    bits.push(0, 3); // one channel
    bits.push(15, 5); // 16 bits
    bits.push(n_samples as u64, 36);
    bits.push(0, 64); // checksum: not said
    bits.push(0, 64);
    bits.bytes
}

fn frame(number: u32, block: &[i16]) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(0xfff8, 16);
    bits.push(if block.len() == BLOCK { 0b1100 } else { 0b0111 }, 4);
    bits.push(0b0110, 4);
    bits.push(0b0000, 4); // one channel
    bits.push(0b1000, 4); // 16 bits
    bits.push_number(number);
    if block.len() != BLOCK {
        bits.push(block.len() as u64 - 1, 16);
    }
    bits.push(u64::from(crc8(&bits.bytes)), 8);
    subframe(&mut bits, block);
    bits.align();
    bits.push(u64::from(crc16(&bits.bytes)), 16);
    bits.bytes
}

fn subframe(bits: &mut Bits, block: &[i16]) {
    let highest = MAX_PREDICTOR.min(block.len() - 1);
    let coded = (0..=highest).map(|order| Residual::of(block, order)).min_by_key(Residual::cost);
    let coded = coded.expect("order 0 is always tried");
    bits.push(0b001_000 | coded.order as u64, 7);
    bits.push(0, 1);
    for &sample in &block[..coded.order] {
        bits.push(u64::from(sample as u16), 16);
    }
    coded.write(bits);
}

/// What a predictor of `order` leaves over, and the cheapest way to cut it into partitions.
struct Residual {
    order: usize,
    folded: Vec<u32>,
    partition_order: u32,
    block_length: usize,
}

impl Residual {
    fn of(block: &[i16], order: usize) -> Self {
        let mut values: Vec<i32> = block.iter().map(|&sample| i32::from(sample)).collect();
        for _ in 0..order {
            values = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
        }
        // Signs are folded in, so that small numbers of either sign get short codes.
        let folded = values.iter().map(|&value| ((value << 1) ^ (value >> 31)) as u32).collect();
        let mut residual = Self { order, folded, partition_order: 0, block_length: block.len() };
        let orders = (0..=MAX_PARTITION_ORDER).filter(|order| block.len().is_multiple_of(1 << order));
        let fits = orders.filter(|order| block.len() >> order > residual.order);
        residual.partition_order = fits.min_by_key(|&order| residual.cost_at(order)).unwrap_or(0);
        residual
    }

    fn cost(&self) -> u64 {
        self.order as u64 * 16 + self.cost_at(self.partition_order)
    }

    fn cost_at(&self, partition_order: u32) -> u64 {
        self.partitions(partition_order).map(|partition| 4 + rice_cost(partition, best_rice(partition))).sum()
    }

    /// The first partition is shorter by the samples that were not predicted.
    fn partitions(&self, partition_order: u32) -> impl Iterator<Item = &[u32]> {
        let length = self.block_length >> partition_order;
        let (first, rest) = self.folded.split_at(length - self.order);
        std::iter::once(first).chain(rest.chunks(length))
    }

    fn write(&self, bits: &mut Bits) {
        bits.push(0, 2);
        bits.push(u64::from(self.partition_order), 4);
        for partition in self.partitions(self.partition_order) {
            let rice = best_rice(partition);
            bits.push(u64::from(rice), 4);
            for &value in partition {
                bits.push_rice(value, rice);
            }
        }
    }
}

fn best_rice(partition: &[u32]) -> u32 {
    (0..=MAX_RICE).min_by_key(|&rice| rice_cost(partition, rice)).unwrap_or(0)
}

fn rice_cost(partition: &[u32], rice: u32) -> u64 {
    partition.iter().map(|value| u64::from(value >> rice) + 1 + u64::from(rice)).sum()
}

/// Bits into bytes, the highest bit first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    free: u32,
}

impl Bits {
    fn push(&mut self, value: u64, n_bits: u32) {
        for bit in (0..n_bits).rev() {
            self.push_bit((value >> bit) & 1 == 1);
        }
    }

    fn push_bit(&mut self, bit: bool) {
        if self.free == 0 {
            self.bytes.push(0);
            self.free = 8;
        }
        self.free -= 1;
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << self.free;
        }
    }

    fn push_rice(&mut self, value: u32, rice: u32) {
        for _ in 0..value >> rice {
            self.push_bit(false);
        }
        self.push_bit(true);
        self.push(u64::from(value), rice);
    }

    /// A frame's number is coded as UTF-8 codes a character; sounds here end long before its third byte.
    fn push_number(&mut self, number: u32) {
        assert!(number < 0x800, "BUG: the sound has more frames than this encoder numbers");
        if number < 0x80 {
            self.push(u64::from(number), 8);
        } else {
            self.push(u64::from(0xc0 | number >> 6), 8);
            self.push(u64::from(0x80 | number & 0x3f), 8);
        }
    }

    fn align(&mut self) {
        self.free = 0;
    }
}

fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| (0..8).fold(crc ^ byte, |c, _| (c << 1) ^ if c & 0x80 != 0 { 0x07 } else { 0 }))
}

fn crc16(bytes: &[u8]) -> u16 {
    let step = |c: u16| (c << 1) ^ if c & 0x8000 != 0 { 0x8005 } else { 0 };
    bytes.iter().fold(0, |crc, &byte| (0..8).fold(crc ^ (u16::from(byte) << 8), |c, _| step(c)))
}

#[cfg(test)]
mod tests {
    use symphonia::core::audio::GenericAudioBufferRef;
    use symphonia::core::codecs::audio::AudioDecoderOptions;
    use symphonia::core::formats::probe::Hint;
    use symphonia::core::formats::{FormatOptions, TrackType};
    use symphonia::core::io::MediaSourceStream;
    use symphonia::core::meta::MetadataOptions;

    use super::*;

    fn decode(bytes: Vec<u8>) -> Vec<i16> {
        let stream = MediaSourceStream::new(Box::new(std::io::Cursor::new(bytes)), Default::default());
        let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
        let mut reader = symphonia::default::get_probe().probe(&Hint::new(), stream, format, metadata).unwrap();
        let track = reader.default_track(TrackType::Audio).unwrap();
        let parameters = track.codec_params.as_ref().unwrap().audio().unwrap().clone();
        let codecs = symphonia::default::get_codecs();
        let mut decoder = codecs.make_audio_decoder(&parameters, &AudioDecoderOptions::default()).unwrap();
        let mut samples = Vec::new();
        while let Some(packet) = reader.next_packet().unwrap() {
            let GenericAudioBufferRef::S32(_) = decoder.decode(&packet).unwrap() else { panic!("FLAC is S32") };
            let mut block: Vec<i16> = Vec::new();
            decoder.last_decoded().copy_to_vec_interleaved(&mut block);
            samples.extend(block);
        }
        samples
    }

    fn noise(n_samples: usize) -> Vec<i16> {
        let mut state = 1u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as i16
        };
        (0..n_samples).map(|_| next()).collect()
    }

    #[test]
    fn an_independent_decoder_gives_back_every_sample() {
        let ramp: Vec<i16> = (0..3 * BLOCK as i32 + 17).map(|i| (i * 5 % 30_000 - 15_000) as i16).collect();
        for samples in [ramp, noise(BLOCK + 1), vec![0; BLOCK], vec![i16::MIN, i16::MAX, i16::MIN]] {
            assert!(decode(encode(&samples)) == samples, "a sound of {} samples came back changed", samples.len());
        }
    }

    #[test]
    fn frames_past_the_first_128_are_numbered_in_two_bytes() {
        let samples: Vec<i16> = (0..BLOCK * 130).map(|i| (i % 100) as i16).collect();
        assert!(decode(encode(&samples)) == samples);
    }
}
