//! Text of one file → what it says. Pure; never fails: problems are diagnostics beside the result.
//!
//! A parser sees one file and its options, never the configuration's rest and never another page.

pub mod fields;
pub mod front;
pub mod markdown;
pub mod page;
pub mod question;
pub mod shortcode;
pub mod syntax;
