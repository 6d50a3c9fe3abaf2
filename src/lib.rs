//! pufa: a static site generator for public legal education.

pub mod base;
pub mod check;
pub mod cli;
pub mod config;
pub mod diag;
pub mod doc;
pub mod export;
pub mod index;
pub mod load;
pub mod model;
pub mod output;
pub mod parse;
pub mod pipeline;
pub mod render;
pub mod resolve;
pub mod serve;
pub mod write;
