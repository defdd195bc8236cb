//! The example's pictures that are no scenery: buttons, icons and the hero's sprite sheet; and how each is encoded.

mod meadow;

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageFormat};

use super::Art;
use super::canvas::{Canvas, Color, Vec2, disc, ellipse, polygon, rgb, rounded_box};
use super::font;

pub(crate) fn art() -> Vec<Art> {
    let normal = Button { top: rgb(0x5bc074), bottom: rgb(0x2f8f5b), sunk: 0.0 };
    let hover = Button { top: rgb(0x86dd8d), bottom: rgb(0x3fab66), sunk: 0.0 };
    let pressed = Button { top: rgb(0x2c8153), bottom: rgb(0x3d9c64), sunk: 4.0 };
    vec![
        ("ui/button/button-normal.png", png(normal.draw())),
        ("ui/button/button-hover.png", png(hover.draw())),
        ("ui/button/button-pressed.png", png(pressed.draw())),
        ("ui/icons/heart.png", png(heart())),
        ("ui/icons/star.png", png(star())),
        ("ui/icons/coin.png", png(coin())),
        ("ui/icons/gem.qoi", encoded(gem(), ImageFormat::Qoi)),
        ("ui/icons/arrow.tga", encoded(arrow(), ImageFormat::Tga)),
        ("sprites/hero/hero.png", png(hero_sheet())),
        ("sprites/hero/frames.json", hero_frames().into_bytes()),
        ("backgrounds/meadow/meadow.jpg", jpeg(meadow::meadow())),
        ("backgrounds/meadow/clouds.png", png(meadow::clouds())),
    ]
}

const OUTLINE: Color = rgb(0x1d2b3a);
const WHITE: Color = rgb(0xffffff);

struct Button {
    top: Color,
    bottom: Color,
    /// How far the face is pushed down onto its edge.
    sunk: f32,
}

impl Button {
    fn draw(&self) -> Canvas {
        let mut canvas = Canvas::new(192, 64);
        let centre = Vec2(96.0, 29.0 + self.sunk);
        let face = |at: Vec2, inset: f32| rounded_box(at, centre, Vec2(90.0 - inset, 24.0 - inset), 14.0 - inset);
        canvas.fill(|at| rounded_box(at, Vec2(96.0, 35.0), Vec2(92.0, 25.0), 15.0), |_| OUTLINE);
        canvas.fill(|at| face(at, 0.0), |at| self.top.mix(self.bottom, (at.1 - 5.0) / 48.0));
        canvas.fill(|at| face(at, 4.0).max(at.1 - centre.1 + 4.0), |_| WHITE.alpha(0.22));
        font::write(&mut canvas, "PLAY", Vec2(centre.0, centre.1 + 2.0), 5.0, OUTLINE.alpha(0.5));
        font::write(&mut canvas, "PLAY", centre, 5.0, WHITE);
        canvas
    }
}

const ICON: u32 = 48;
const MIDDLE: Vec2 = Vec2(24.0, 24.0);

/// Draws a shape twice: grown, as its outline, and filled from light above to dark below.
fn icon(shape: impl Fn(Vec2) -> f32, light: Color, dark: Color) -> Canvas {
    let mut canvas = Canvas::new(ICON, ICON);
    canvas.fill(|at| shape(at) - 2.0, |_| OUTLINE);
    canvas.fill(&shape, |at| light.mix(dark, at.1 / ICON as f32));
    canvas
}

fn heart() -> Canvas {
    let tip = [Vec2(7.2, 24.0), Vec2(40.8, 24.0), Vec2(24.0, 42.0)];
    let lobes = |at| disc(at, Vec2(15.5, 17.5), 9.8).min(disc(at, Vec2(32.5, 17.5), 9.8));
    let bridge = [Vec2(14.0, 17.0), Vec2(34.0, 17.0), Vec2(40.8, 24.0), Vec2(24.0, 42.0), Vec2(7.2, 24.0)];
    let shape = move |at| lobes(at).min(polygon(at, &tip)).min(polygon(at, &bridge));
    let mut canvas = icon(shape, rgb(0xff7a8a), rgb(0xc21f46));
    canvas.fill(|at| ellipse(at, Vec2(14.0, 14.0), Vec2(4.0, 3.0)), |_| WHITE.alpha(0.7));
    canvas
}

/// Five points of the unit circle from the top, clockwise.
const FIFTHS: [(f32, f32); 5] =
    [(0.0, -1.0), (0.951_057, -0.309_017), (0.587_785, 0.809_017), (-0.587_785, 0.809_017), (-0.951_057, -0.309_017)];

fn star() -> Canvas {
    let corners: Vec<Vec2> = (0..10)
        .map(|i| {
            // Between two outer points lies the opposite of the one across.
            let ((x, y), radius) = if i % 2 == 0 { (FIFTHS[i / 2], 21.0) } else { (FIFTHS[(i / 2 + 3) % 5], -9.5) };
            Vec2(24.0 + x * radius, 25.5 + y * radius)
        })
        .collect();
    icon(move |at| polygon(at, &corners), rgb(0xffe97a), rgb(0xf29b1d))
}

fn coin() -> Canvas {
    let mut canvas = icon(|at| disc(at, MIDDLE, 19.0), rgb(0xffe066), rgb(0xe0901a));
    canvas.fill(|at| disc(at, MIDDLE, 14.5), |at| rgb(0xe8a522).mix(rgb(0xffd44d), at.1 / ICON as f32));
    font::write(&mut canvas, "1", MIDDLE, 4.0, rgb(0xa85d0a));
    canvas.fill(|at| ellipse(at, Vec2(15.5, 13.0), Vec2(4.5, 2.5)), |_| WHITE.alpha(0.65));
    canvas
}

fn gem() -> Canvas {
    let outline = [Vec2(13.0, 8.0), Vec2(35.0, 8.0), Vec2(44.0, 20.0), Vec2(24.0, 43.0), Vec2(4.0, 20.0)];
    let mut canvas = icon(move |at| polygon(at, &outline), rgb(0x7fe8f5), rgb(0x1a74c4));
    let table = [Vec2(13.0, 8.0), Vec2(35.0, 8.0), Vec2(32.0, 20.0), Vec2(16.0, 20.0)];
    let pavilion = [Vec2(16.0, 20.0), Vec2(32.0, 20.0), Vec2(24.0, 43.0)];
    let left = [Vec2(13.0, 8.0), Vec2(16.0, 20.0), Vec2(4.0, 20.0)];
    canvas.fill(|at| polygon(at, &table), |_| WHITE.alpha(0.45));
    canvas.fill(|at| polygon(at, &pavilion), |_| WHITE.alpha(0.18));
    canvas.fill(|at| polygon(at, &left), |_| WHITE.alpha(0.25));
    canvas
}

fn arrow() -> Canvas {
    let head = [Vec2(24.0, 6.0), Vec2(43.0, 24.0), Vec2(24.0, 42.0)];
    let shape = move |at| polygon(at, &head).min(rounded_box(at, Vec2(15.0, 24.0), Vec2(11.0, 7.5), 2.0));
    icon(shape, rgb(0xf4f7fb), rgb(0x9fb4c8))
}

const FRAME: u32 = 64;

/// How wide, how high above the ground and how squashed the hero is, a frame of the hop: breathe, crouch, leap, land.
const HOP: [(f32, f32); 8] =
    [(1.0, 0.0), (1.04, 0.0), (1.18, 0.0), (0.86, 8.0), (0.92, 16.0), (0.96, 14.0), (1.22, 0.0), (1.08, 0.0)];

fn hero_sheet() -> Canvas {
    let mut sheet = Canvas::new(FRAME * HOP.len() as u32, FRAME);
    for (i, &(wide, lift)) in HOP.iter().enumerate() {
        sheet.place(&hero(wide, lift), i as u32 * FRAME, 0);
    }
    sheet
}

/// A drop of jelly that keeps its volume: as it gets wider it gets lower.
fn hero(wide: f32, lift: f32) -> Canvas {
    let mut canvas = Canvas::new(FRAME, FRAME);
    let radii = Vec2(19.0 * wide, 17.0 / wide);
    let centre = Vec2(32.0, 58.0 - radii.1 - lift);
    let shadow = Vec2((20.0 - lift * 0.5) * wide, 4.0);
    canvas.fill(|at| ellipse(at, Vec2(32.0, 58.0), shadow), |_| rgb(0).alpha(0.25));
    let body = move |at| ellipse(at, centre, radii);
    canvas.fill(|at| body(at) - 2.0, |_| OUTLINE);
    canvas.fill(body, |at| rgb(0x8cd7ff).mix(rgb(0x2a6fd6), (at.1 - centre.1 + radii.1) / (2.0 * radii.1)));
    let shine = Vec2(centre.0 - radii.0 * 0.42, centre.1 - radii.1 * 0.5);
    canvas.fill(|at| ellipse(at, shine, Vec2(5.0, 3.2)), |_| WHITE.alpha(0.8));
    for side in [-1.0, 1.0] {
        let eye = Vec2(centre.0 + 7.0 * side, centre.1 - 1.0);
        canvas.fill(|at| ellipse(at, eye, Vec2(3.6, 4.6)), |_| WHITE);
        canvas.fill(|at| disc(at, Vec2(eye.0 + 0.8, eye.1 + 0.8), 2.1), |_| OUTLINE);
    }
    let mouth = Vec2(centre.0, centre.1 + radii.1 * 0.45);
    canvas.fill(|at| ellipse(at, mouth, Vec2(4.0, 2.4)).max(mouth.1 - at.1), |_| OUTLINE);
    canvas
}

fn hero_frames() -> String {
    let frame = |i| format!("    {{\"x\": {}, \"y\": 0, \"w\": {FRAME}, \"h\": {FRAME}}}", i * FRAME);
    let frames: Vec<String> = (0..HOP.len() as u32).map(frame).collect();
    format!(
        "{{\n  \"image\": \"hero.png\",\n  \"pivot\": {{\"x\": 32, \"y\": 58}},\n  \"frames\": [\n{}\n  ],\n  \
         \"animations\": {{\n    \"idle\": {{\"frames\": [0, 1], \"fps\": 3, \"loop\": true}},\n    \
         \"hop\": {{\"frames\": [2, 3, 4, 5, 6, 7], \"fps\": 12, \"loop\": false}}\n  }}\n}}\n",
        frames.join(",\n")
    )
}

fn png(canvas: Canvas) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    DynamicImage::from(canvas.into_image()).write_with_encoder(encoder).expect("memory takes a PNG");
    bytes
}

fn jpeg(canvas: Canvas) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = DynamicImage::from(canvas.into_image()).into_rgb8();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 82)).expect("memory takes a JPEG");
    bytes
}

fn encoded(canvas: Canvas, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    canvas.into_image().write_to(&mut bytes, format).expect("memory takes a picture");
    bytes.into_inner()
}
