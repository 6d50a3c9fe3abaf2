//! The blanks of a document template.
