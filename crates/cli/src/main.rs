//! x
mod text;
fn main() {}
