//! A font of three by five pixels: the glyphs, a binary file of them, and text written with them.

use super::Art;
use super::canvas::{Canvas, Color, Vec2};

const WIDTH: u32 = 3;
const HEIGHT: u32 = 5;

/// Each glyph is five octal digits, a row each from the top, the left pixel in the highest bit.
const GLYPHS: &[(char, u16)] = &[
    (' ', 0o00000),
    ('!', 0o22202),
    ('-', 0o00700),
    ('.', 0o00002),
    ('0', 0o75557),
    ('1', 0o26227),
    ('2', 0o71747),
    ('3', 0o71317),
    ('4', 0o55711),
    ('5', 0o74717),
    ('6', 0o74757),
    ('7', 0o71122),
    ('8', 0o75757),
    ('9', 0o75717),
    (':', 0o02020),
    ('?', 0o61202),
    ('A', 0o25755),
    ('B', 0o65656),
    ('C', 0o34443),
    ('D', 0o65556),
    ('E', 0o74647),
    ('F', 0o74644),
    ('G', 0o34553),
    ('H', 0o55755),
    ('I', 0o72227),
    ('J', 0o11152),
    ('K', 0o55655),
    ('L', 0o44447),
    ('M', 0o57755),
    ('N', 0o65555),
    ('O', 0o25552),
    ('P', 0o65644),
    ('Q', 0o25573),
    ('R', 0o65655),
    ('S', 0o34216),
    ('T', 0o72222),
    ('U', 0o55557),
    ('V', 0o55552),
    ('W', 0o55775),
    ('X', 0o55255),
    ('Y', 0o55222),
    ('Z', 0o71247),
];

pub(crate) fn art() -> Vec<Art> {
    vec![("fonts/pixel/pixel.fnt", file())]
}

/// `PXF1`, glyph width, height, count, a zero; then, a glyph, its code point as `u16` and its rows as `u16`, both
/// little-endian.
fn file() -> Vec<u8> {
    let mut bytes = b"PXF1".to_vec();
    bytes.extend([WIDTH as u8, HEIGHT as u8, GLYPHS.len() as u8, 0]);
    for &(letter, rows) in GLYPHS {
        bytes.extend((letter as u16).to_le_bytes());
        bytes.extend(rows.to_le_bytes());
    }
    bytes
}

/// Writes `text` with square dots of `dot` pixels, its middle at `centre`; letters the font lacks are left blank.
pub(crate) fn write(canvas: &mut Canvas, text: &str, centre: Vec2, dot: f32, color: Color) {
    let advance = (WIDTH + 1) as f32 * dot;
    let left = centre.0 - (text.chars().count() as f32 * advance - dot) / 2.0;
    let top = centre.1 - HEIGHT as f32 * dot / 2.0;
    let letters: Vec<u16> = text.chars().map(rows).collect();
    canvas.paint(|at| {
        let (column, row) = ((at.0 - left) / dot, (at.1 - top) / dot);
        if column < 0.0 || row < 0.0 || row >= HEIGHT as f32 {
            return color.alpha(0.0);
        }
        let (column, row) = (column as u32, row as u32);
        let letter = letters.get((column / (WIDTH + 1)) as usize).copied().unwrap_or(0);
        color.alpha(if lit(letter, column % (WIDTH + 1), row) { 1.0 } else { 0.0 })
    });
}

fn rows(letter: char) -> u16 {
    GLYPHS.iter().find(|(known, _)| *known == letter).map_or(0, |(_, rows)| *rows)
}

fn lit(rows: u16, column: u32, row: u32) -> bool {
    column < WIDTH && (rows >> ((HEIGHT - 1 - row) * WIDTH + WIDTH - 1 - column)) & 1 == 1
}
