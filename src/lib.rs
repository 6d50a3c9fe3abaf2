//! pufa: a static site generator for public legal education.

pub mod base;
pub mod config;
pub mod diag;
pub mod doc;
pub mod load;
pub mod model;
pub mod parse;
pub mod render;
