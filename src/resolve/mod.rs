//! Answers to what authors wrote: where every reference leads.

pub mod citation;
