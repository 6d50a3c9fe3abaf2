//! What the site holds.

pub mod law;
