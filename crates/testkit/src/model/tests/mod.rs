//! The rules of the model, each shown by itself.

mod faults;
mod histories;
mod like_real;
mod rules;
