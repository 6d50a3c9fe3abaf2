//! stub
use super::Bundle;
use crate::model::PageId;
use crate::render::World;
use std::sync::Arc;
/// stub
pub fn compose(_world: &Arc<World>, _target: PageId) -> Bundle { Bundle::default() }
