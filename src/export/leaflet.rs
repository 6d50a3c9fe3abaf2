//! stub
use super::Bundle;
use crate::model::Target;
use crate::render::World;
use std::sync::Arc;
/// stub
pub fn compose(_world: &Arc<World>, _target: Target) -> Bundle { Bundle::default() }
