//! What readers see.

pub mod compare;
