//! A small anti-aliased canvas: shapes are distances, colours are straight-alpha floats.
//!
//! Only `+ - * /`, `sqrt`, `floor` and comparisons are used, which round the same way on every machine.

use std::ops::Range;

use image::RgbaImage;

/// Straight-alpha colour, each channel from 0 to 1.
#[derive(Clone, Copy)]
pub(crate) struct Color(pub(crate) [f32; 4]);

/// An opaque colour from `0xRRGGBB`.
pub(crate) const fn rgb(hex: u32) -> Color {
    Color([channel(hex >> 16), channel(hex >> 8), channel(hex), 1.0])
}

const fn channel(bits: u32) -> f32 {
    (bits & 0xff) as f32 / 255.0
}

impl Color {
    pub(crate) fn alpha(self, alpha: f32) -> Self {
        let [r, g, b, a] = self.0;
        Self([r, g, b, a * alpha])
    }

    /// This colour at 0, `other` at 1.
    pub(crate) fn mix(self, other: Self, t: f32) -> Self {
        let t = t.clamp(0.0, 1.0);
        Self(std::array::from_fn(|i| self.0[i] + (other.0[i] - self.0[i]) * t))
    }

    fn over(self, under: Self) -> Self {
        let ([r, g, b, a], [ur, ug, ub, ua]) = (self.0, under.0);
        let alpha = a + ua * (1.0 - a);
        if alpha <= 0.0 {
            return Self([0.0; 4]);
        }
        let blend = |top: f32, bottom: f32| (top * a + bottom * ua * (1.0 - a)) / alpha;
        Self([blend(r, ur), blend(g, ug), blend(b, ub), alpha])
    }
}

/// A point or an extent, in pixels; y grows downwards.
#[derive(Clone, Copy)]
pub(crate) struct Vec2(pub(crate) f32, pub(crate) f32);

impl Vec2 {
    fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0, self.1 - other.1)
    }

    fn dot(self, other: Self) -> f32 {
        self.0 * other.0 + self.1 * other.1
    }

    fn length(self) -> f32 {
        self.dot(self).sqrt()
    }
}

pub(crate) fn disc(at: Vec2, centre: Vec2, radius: f32) -> f32 {
    at.minus(centre).length() - radius
}

/// Good near the outline, which is where it is looked at.
pub(crate) fn ellipse(at: Vec2, centre: Vec2, radii: Vec2) -> f32 {
    let p = at.minus(centre);
    (Vec2(p.0 / radii.0, p.1 / radii.1).length() - 1.0) * radii.0.min(radii.1)
}

pub(crate) fn rounded_box(at: Vec2, centre: Vec2, half: Vec2, corner: f32) -> f32 {
    let p = at.minus(centre);
    let q = Vec2(p.0.abs() - half.0 + corner, p.1.abs() - half.1 + corner);
    Vec2(q.0.max(0.0), q.1.max(0.0)).length() + q.0.max(q.1).min(0.0) - corner
}

/// The distance to a closed polygon, negative inside.
pub(crate) fn polygon(at: Vec2, corners: &[Vec2]) -> f32 {
    let mut nearest = f32::MAX;
    let mut inside = false;
    for (i, &a) in corners.iter().enumerate() {
        let b = corners[(i + 1) % corners.len()];
        let (edge, to) = (b.minus(a), at.minus(a));
        let along = (to.dot(edge) / edge.dot(edge)).clamp(0.0, 1.0);
        nearest = nearest.min(to.minus(Vec2(edge.0 * along, edge.1 * along)).length());
        if (a.1 > at.1) != (b.1 > at.1) && at.0 < a.0 + edge.0 * (at.1 - a.1) / edge.1 {
            inside = !inside;
        }
    }
    if inside { -nearest } else { nearest }
}

/// Pixels in rows from the top.
pub(crate) struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<Color>,
}

impl Canvas {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        Self { width, height, pixels: vec![Color([0.0; 4]); (width * height) as usize] }
    }

    /// Paints every pixel with the colour `paint` gives for its centre.
    pub(crate) fn paint(&mut self, paint: impl Fn(Vec2) -> Color) {
        self.paint_rows(0..self.height, 0..self.width, paint);
    }

    /// Fills the shape whose signed distance is `distance`, its edge one pixel soft.
    pub(crate) fn fill(&mut self, distance: impl Fn(Vec2) -> f32, color: impl Fn(Vec2) -> Color) {
        self.paint(|at| color(at).alpha((0.5 - distance(at)).clamp(0.0, 1.0)));
    }

    /// As `fill`, for a shape that lies within `reach` of `centre`: on a large canvas the rest is not looked at.
    pub(crate) fn fill_near(
        &mut self,
        (centre, reach): (Vec2, f32),
        distance: impl Fn(Vec2) -> f32,
        color: impl Fn(Vec2) -> Color,
    ) {
        let span = |middle: f32, end: u32| {
            let clamped = |edge: f32| edge.clamp(0.0, end as f32) as u32;
            clamped(middle - reach - 1.0)..clamped(middle + reach + 2.0)
        };
        let (rows, columns) = (span(centre.1, self.height), span(centre.0, self.width));
        self.paint_rows(rows, columns, |at| color(at).alpha((0.5 - distance(at)).clamp(0.0, 1.0)));
    }

    fn paint_rows(&mut self, rows: Range<u32>, columns: Range<u32>, paint: impl Fn(Vec2) -> Color) {
        for y in rows {
            for x in columns.clone() {
                let pixel = &mut self.pixels[(y * self.width + x) as usize];
                *pixel = paint(Vec2(x as f32 + 0.5, y as f32 + 0.5)).over(*pixel);
            }
        }
    }

    /// Copies `other` onto this canvas with its corner at `x`, `y`; it must fit.
    pub(crate) fn place(&mut self, other: &Canvas, x: u32, y: u32) {
        for (row, pixels) in other.pixels.chunks(other.width as usize).enumerate() {
            let start = ((y as usize + row) * self.width as usize) + x as usize;
            self.pixels[start..start + pixels.len()].copy_from_slice(pixels);
        }
    }

    pub(crate) fn into_image(self) -> RgbaImage {
        let byte = |channel: f32| (channel.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        RgbaImage::from_fn(self.width, self.height, |x, y| {
            image::Rgba(self.pixels[(y * self.width + x) as usize].0.map(byte))
        })
    }
}
