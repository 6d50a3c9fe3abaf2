//! From text to what it says: pure, one file at a time, never fails.

pub mod citation;
pub mod statute;
