//! The importers as a host sees them: chosen among, and given real, cut, broken and hostile sources.

mod audio;
mod choice;
mod data;
mod golden;
mod hostile;
mod image;
mod preview;
mod samples;
mod text;
