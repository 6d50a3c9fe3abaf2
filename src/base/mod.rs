//! Small values every stage speaks in: paths, spans, dates, article numbers, hashes.
//!
//! Nothing here reads the disk or the clock.

pub mod date;
pub mod hash;
pub mod nearest;
pub mod numeral;
pub mod path;
pub mod span;
pub mod uuid;
pub mod value;

pub use date::{Date, Moment};
pub use hash::{Hash, hex, sha256};
pub use nearest::nearest;
pub use numeral::ArticleNo;
pub use path::{OutPath, SourcePath, Url};
pub use span::{LineIndex, Position, Span};
