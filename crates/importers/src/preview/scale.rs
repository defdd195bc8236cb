//! Makes a picture smaller: each new pixel is the mean of the area that it covers.
//!
//! The mean is taken of light, not of sRGB values, so that fine patterns keep their brightness; and a pixel counts by
//! its alpha, so that the colours of what cannot be seen do not bleed in. All sums are of whole numbers: there is no
//! rounding before the last division, and no machine differs.

use std::sync::LazyLock;

use crate::image::Pixels;

const CHANNELS: usize = 4;
/// Full light.
const LIGHT: f64 = 65_535.0;

/// The light of each sRGB value.
static LINEAR: LazyLock<[u16; 256]> = LazyLock::new(|| {
    std::array::from_fn(|value| {
        let value = value as f64 / 255.0;
        let light = if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
        (light * LIGHT).round() as u16
    })
});

/// The size that fits into `max_side` x `max_side` in the same shape; never larger than it was.
pub(super) fn fitted(width: u32, height: u32, max_side: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= max_side {
        return (width, height);
    }
    let (longest, max_side) = (u64::from(longest), u64::from(max_side));
    let scaled = |side: u32| ((u64::from(side) * max_side + longest / 2) / longest).max(1) as u32;
    (scaled(width), scaled(height))
}

/// How an old column or row falls onto the new ones: on one, or on one and the next.
///
/// With the whole side measured in `old * new` units, an old cell is `new` units long and a new one `old` units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Share {
    cell: usize,
    here: u64,
    next: u64,
}

fn share(at: usize, old: usize, new: usize) -> Share {
    let (start, end) = (at * new, (at + 1) * new);
    let cell = start / old;
    let here = end.min((cell + 1) * old) - start;
    Share { cell, here: here as u64, next: (new - here) as u64 }
}

/// The picture at `width` x `height`, neither of which is larger than it was.
///
/// A sum is at most 2^28 pixels * 2^8 alpha * 2^16 light, far within 64 bits.
pub(super) fn shrunk(pixels: &Pixels, width: u32, height: u32) -> Pixels {
    let (old_width, old_height) = (pixels.width as usize, pixels.height as usize);
    let (new_width, new_height) = (width as usize, height as usize);
    let columns: Vec<Share> = (0..old_width).map(|at| share(at, old_width, new_width)).collect();
    let area = (old_width * old_height) as u64;
    let mut rgba = Vec::with_capacity(new_width * new_height * CHANNELS);
    // One cell more, which takes the nothing that the last column gives to the next.
    let mut line = vec![[0_u64; CHANNELS]; new_width + 1];
    let mut sums = line.clone();
    for (at, old_line) in pixels.rgba.chunks_exact(old_width * CHANNELS).enumerate() {
        add_up(old_line, &columns, &mut line);
        let row = share(at, old_height, new_height);
        gather(&line, row.here, &mut sums);
        let is_last_of_cell = (at + 1) * new_height >= (row.cell + 1) * old_height;
        if is_last_of_cell {
            rgba.extend(sums[..new_width].iter().flat_map(|sum| mean(sum, area)));
            sums.fill([0; CHANNELS]);
            gather(&line, row.next, &mut sums);
        }
    }
    Pixels { width, height, rgba }
}

/// Sums one old row into new columns: light by alpha for red, green and blue, and alpha.
fn add_up(old_line: &[u8], columns: &[Share], line: &mut [[u64; CHANNELS]]) {
    let linear = &*LINEAR;
    line.fill([0; CHANNELS]);
    for (&[red, green, blue, alpha], share) in old_line.as_chunks::<CHANNELS>().0.iter().zip(columns) {
        let seen = u64::from(alpha);
        let lit = |value: u8| u64::from(linear[usize::from(value)]) * seen;
        let values = [lit(red), lit(green), lit(blue), seen];
        for channel in 0..CHANNELS {
            line[share.cell][channel] += values[channel] * share.here;
            line[share.cell + 1][channel] += values[channel] * share.next;
        }
    }
}

fn gather(line: &[[u64; CHANNELS]], weight: u64, sums: &mut [[u64; CHANNELS]]) {
    for (sum, values) in sums.iter_mut().zip(line) {
        for channel in 0..CHANNELS {
            sum[channel] += values[channel] * weight;
        }
    }
}

/// The pixel of a sum over `area`, in straight alpha.
fn mean(&[red, green, blue, seen]: &[u64; CHANNELS], area: u64) -> [u8; CHANNELS] {
    let alpha = ((seen + area / 2) / area) as u8;
    if alpha == 0 {
        return [0; CHANNELS];
    }
    let value = |lit: u64| srgb((lit + seen / 2) / seen);
    [value(red), value(green), value(blue), alpha]
}

/// The sRGB value whose light is nearest.
fn srgb(light: u64) -> u8 {
    let linear = &*LINEAR;
    let above = linear.partition_point(|value| u64::from(*value) < light).min(255);
    let below = above.saturating_sub(1);
    let distance = |value: usize| u64::from(linear[value]).abs_diff(light);
    if distance(below) < distance(above) { below as u8 } else { above as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shrink(width: u32, height: u32, rgba: &[[u8; 4]], to: (u32, u32)) -> Vec<[u8; 4]> {
        let pixels = Pixels { width, height, rgba: rgba.as_flattened().to_vec() };
        shrunk(&pixels, to.0, to.1).rgba.as_chunks().0.to_vec()
    }

    #[test]
    fn the_light_of_each_value_is_the_same_on_any_machine() {
        let bytes: Vec<u8> = LINEAR.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!([LINEAR[0], LINEAR[1], LINEAR[128], LINEAR[255]], [0, 20, 14_146, 65_535]);
        assert_eq!(crc32fast::hash(&bytes), 1_941_638_509);
    }

    #[test]
    fn every_value_comes_back_from_its_light() {
        assert!((0..=255_u8).all(|value| srgb(LINEAR[usize::from(value)].into()) == value));
    }

    #[test]
    fn the_shape_is_kept_and_no_side_vanishes() {
        assert_eq!(fitted(640, 480, 64), (64, 48));
        assert_eq!(fitted(480, 640, 64), (48, 64));
        assert_eq!(fitted(16_384, 1, 64), (64, 1));
        assert_eq!(fitted(16, 9, 64), (16, 9));
    }

    #[test]
    fn the_shares_of_a_side_fill_every_new_cell_alike() {
        for (old, new) in [(7, 3), (3, 3), (10, 1), (5, 4), (16_384, 100)] {
            let mut cells = vec![0; new + 1];
            for share in (0..old).map(|at| share(at, old, new)) {
                cells[share.cell] += share.here;
                cells[share.cell + 1] += share.next;
            }
            assert_eq!(cells, [vec![old as u64; new], vec![0]].concat(), "{old} to {new}");
        }
    }

    #[test]
    fn black_and_white_mix_to_half_the_light() {
        let (black, white) = ([0, 0, 0, 255], [255, 255, 255, 255]);
        assert_eq!(shrink(2, 2, &[black, white, white, black], (1, 1)), [[188, 188, 188, 255]]);
    }

    #[test]
    fn what_cannot_be_seen_gives_no_colour() {
        let (hidden_red, blue) = ([255, 0, 0, 0], [0, 0, 255, 255]);
        assert_eq!(shrink(2, 1, &[hidden_red, blue], (1, 1)), [[0, 0, 255, 128]]);
        assert_eq!(shrink(2, 1, &[hidden_red, hidden_red], (1, 1)), [[0, 0, 0, 0]]);
    }

    #[test]
    fn a_pixel_across_a_border_counts_for_both_sides() {
        let line: Vec<[u8; 4]> = [0, 255, 0].map(|alpha| [9, 9, 9, alpha]).to_vec();
        // Each half covers half of the middle pixel: a third of its own area.
        assert_eq!(shrink(3, 1, &line, (2, 1)), [[9, 9, 9, 85]; 2]);
        assert_eq!(shrink(1, 3, &line, (1, 2)), [[9, 9, 9, 85]; 2]);
    }

    #[test]
    fn a_plain_picture_stays_plain_at_any_size() {
        for (width, height) in [(1, 1), (3, 2), (7, 5), (10, 9)] {
            let small = shrink(11, 9, &[[12, 200, 77, 130]; 99], (width, height));
            assert_eq!(small, vec![[12, 200, 77, 130]; (width * height) as usize]);
        }
    }
}
