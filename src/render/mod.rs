//! One page → HTML: a function of the site, the answers, the theme and the page.

pub mod calculator;
pub mod calendar;
pub mod decision;
pub mod episode;
pub mod escape;
pub mod form;
pub mod inline;
pub mod podcast;
pub mod quiz;
