//! Text of one file → what it says. Pure; never fails: problems are diagnostics beside the result.
//!
//! A parser sees one file and its options, never the configuration's rest and never another page.

pub mod address;
pub mod calculator;
pub mod case;
pub mod citation;
pub mod decision;
pub mod episode;
pub mod event;
pub mod fields;
pub mod form;
pub mod fragment;
pub mod front;
pub mod markdown;
pub mod page;
pub mod prose;
pub mod question;
pub mod quiz;
pub mod service;
pub mod shortcode;
pub mod statute;
pub mod syntax;
#[cfg(test)]
pub(crate) mod testing;
pub mod transcript;
pub mod widget;
