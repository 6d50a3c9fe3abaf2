//! The commands.

pub mod cite;
pub mod law;
pub mod library;
