//! pufa: a static site generator for public legal education.

pub mod base;
pub mod diag;
pub mod doc;
pub mod index;
