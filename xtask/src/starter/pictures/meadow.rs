//! The scenery: a meadow under hills in the morning, and clouds to drift over it.

use crate::starter::canvas::{Canvas, Color, Vec2, disc, ellipse, polygon, rgb, rounded_box};

const WIDTH: u32 = 960;
const HEIGHT: u32 = 540;

pub(crate) fn meadow() -> Canvas {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    sky(&mut canvas);
    for hill in HILLS {
        canvas.fill(|at| hill.height(at.0) - at.1, |at| hill.near.mix(hill.far, (at.1 - hill.y) / 190.0));
    }
    for (x, y, size) in [(96.0, 400.0, 1.3), (182.0, 378.0, 0.8), (700.0, 372.0, 0.9), (842.0, 410.0, 1.5)] {
        tree(&mut canvas, Vec2(x, y), size);
    }
    fence(&mut canvas);
    flowers(&mut canvas);
    canvas
}

fn sky(canvas: &mut Canvas) {
    let (zenith, horizon) = (rgb(0x4a90d9), rgb(0xffe4c2));
    canvas.paint(|at| zenith.mix(horizon, at.1 / 340.0));
    let sun = Vec2(690.0, 150.0);
    for (radius, alpha) in [(150.0, 0.10), (105.0, 0.14), (72.0, 0.22)] {
        canvas.fill(|at| disc(at, sun, radius), |_| rgb(0xfff3c4).alpha(alpha));
    }
    canvas.fill(|at| disc(at, sun, 46.0), |_| rgb(0xfff8dd));
}

/// A ridge: a sum of two waves around `y`.
struct Hill {
    y: f32,
    swing: f32,
    length: f32,
    shift: f32,
    near: Color,
    far: Color,
}

const HILLS: [Hill; 4] = [
    Hill { y: 265.0, swing: 46.0, length: 520.0, shift: 0.1, near: rgb(0x8fa9d6), far: rgb(0xb9c7df) },
    Hill { y: 318.0, swing: 34.0, length: 410.0, shift: 0.6, near: rgb(0x6ca49a), far: rgb(0x9ccba6) },
    Hill { y: 372.0, swing: 26.0, length: 640.0, shift: 0.3, near: rgb(0x5db063), far: rgb(0x8fcf6a) },
    Hill { y: 432.0, swing: 18.0, length: 760.0, shift: 0.8, near: rgb(0x3f974f), far: rgb(0x2c6e41) },
];

impl Hill {
    fn height(&self, x: f32) -> f32 {
        let t = x / self.length + self.shift;
        self.y + self.swing * (wave(t) + 0.35 * wave(t * 2.7 + 0.4))
    }
}

/// A sine drawn with parabolas: period 1, between -1 and 1.
fn wave(t: f32) -> f32 {
    let t = t - t.floor();
    if t < 0.5 { 16.0 * t * (0.5 - t) } else { 16.0 * (t - 0.5) * (t - 1.0) }
}

fn tree(canvas: &mut Canvas, foot: Vec2, size: f32) {
    let up = |y: f32| foot.1 - y * size;
    let near = (Vec2(foot.0, up(50.0)), 64.0 * size);
    canvas.fill_near(near, |at| ellipse(at, foot, Vec2(34.0 * size, 6.0 * size)), |_| rgb(0x1f4d33).alpha(0.35));
    let trunk = Vec2(foot.0, up(22.0));
    canvas.fill_near(near, |at| rounded_box(at, trunk, Vec2(5.0 * size, 24.0 * size), 3.0 * size), |_| rgb(0x6b452b));
    for (dx, dy, radius) in [(-18.0, 56.0, 22.0), (18.0, 58.0, 21.0), (0.0, 78.0, 26.0)] {
        let crown = Vec2(foot.0 + dx * size, up(dy));
        let shade = move |at: Vec2| rgb(0x6fc25c).mix(rgb(0x2a7a46), (at.1 - crown.1 + radius * size) / (60.0 * size));
        canvas.fill_near((crown, radius * size), |at| disc(at, crown, radius * size), shade);
    }
}

fn fence(canvas: &mut Canvas) {
    let wood = rgb(0xc99a62);
    for rail in [446.0, 466.0] {
        canvas.fill(|at| rounded_box(at, Vec2(420.0, rail), Vec2(170.0, 4.0), 3.0), |_| wood);
    }
    for post in 0..6 {
        let x = 270.0 + 60.0 * post as f32;
        let corners =
            [Vec2(x - 7.0, 490.0), Vec2(x - 7.0, 432.0), Vec2(x, 422.0), Vec2(x + 7.0, 432.0), Vec2(x + 7.0, 490.0)];
        canvas.fill_near(
            (Vec2(x, 456.0), 40.0),
            |at| polygon(at, &corners),
            |at| rgb(0xe2b980).mix(wood, (at.0 - x + 7.0) / 14.0),
        );
    }
}

fn flowers(canvas: &mut Canvas) {
    let petals = [rgb(0xffd14a), rgb(0xf26b7a), rgb(0xf7f3ff), rgb(0xb38cf0)];
    let mut state = 7u32;
    let mut next = |bound: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 16) % bound) as f32
    };
    for i in 0..70 {
        let (x, y) = (next(WIDTH), 480.0 + next(56));
        let size = 1.4 + (y - 480.0) / 28.0;
        let stem = rgb(0x1f5c38);
        let (head, near) = (Vec2(x, y), (Vec2(x, y), 6.0 * size));
        canvas.fill_near(near, |at| rounded_box(at, Vec2(x, y + 2.5 * size), Vec2(0.7, 2.5 * size), 0.5), |_| stem);
        canvas.fill_near(near, |at| disc(at, head, size), |_| petals[i % petals.len()]);
        canvas.fill_near(near, |at| disc(at, head, size * 0.4), |_| rgb(0x8a5a12));
    }
}

/// A strip of clouds with see-through edges.
pub(crate) fn clouds() -> Canvas {
    let mut canvas = Canvas::new(480, 160);
    for (x, y, size) in [(96.0, 84.0, 1.0), (262.0, 62.0, 0.75), (388.0, 98.0, 0.95)] {
        let puffs =
            [(-44.0, 12.0, 24.0), (-16.0, -6.0, 34.0), (20.0, -2.0, 29.0), (46.0, 14.0, 21.0), (0.0, 18.0, 26.0)];
        let shape = move |at: Vec2| {
            let puff = |&(dx, dy, r): &(f32, f32, f32)| disc(at, Vec2(x + dx * size, y + dy * size), r * size);
            puffs.iter().map(puff).fold(f32::MAX, f32::min).max(at.1 - y - 22.0 * size)
        };
        let shade = move |at: Vec2| rgb(0xffffff).mix(rgb(0xbfd3ec), (at.1 - y + 24.0 * size) / (50.0 * size));
        canvas.paint(|at| shade(at).alpha((-shape(at) / 9.0).clamp(0.0, 1.0) * 0.92));
    }
    canvas
}
