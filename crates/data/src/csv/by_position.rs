//! `by_position`: the columns of a file for a model whose features have no real names: pixels, the
//! columns of an array, indices of sparse rows.

use super::layout::Layout;
use std::collections::HashSet;
use tanren_plugin::{FieldSpec, Schema};

/// The names in the file of the columns that a model calls `inputs`: those in the same places, if
/// there are as many. `None` where the names are there, or mean something.
///
/// Only numbers are found so: a row without any number, in a file of numbers, is a header for sure.
pub(super) fn names(layout: &Layout, schema: &Schema, inputs: &[String]) -> Option<Vec<String>> {
    let [spec] = schema.inputs.as_slice() else { return None };
    let plain = spec.features.iter().all(|f| !f.is_category() && f.origin.is_none());
    let there: HashSet<&String> = layout.names.iter().collect();
    if spec.shape.indices || !plain || inputs.iter().all(|name| there.contains(name)) {
        return None;
    }
    // Positions without a header are what a file without one has, too.
    if spec.positions.is_some() && !layout.header || !nameless(spec, inputs) {
        return None;
    }
    let all: Vec<&String> = layout.names.iter().collect();
    let mut others = all.clone();
    others.retain(|name| !schema.is_target(name));
    let at = |columns: &[&String], place: usize| columns.get(place).map(|name| (*name).clone());
    if spec.positions == Some(all.len()) && all.len() > inputs.len() {
        return inputs.iter().map(|name| at(&all, name.parse().ok()?)).collect();
    }
    // A target is no input, even if there are as many columns with it.
    (others.len() == inputs.len()).then(|| others.into_iter().cloned().collect())
}

/// Whether the names of features say no more than where they are.
fn nameless(spec: &FieldSpec, inputs: &[String]) -> bool {
    let counts =
        |first: usize| inputs.iter().zip(first..).all(|(name, at)| *name == at.to_string());
    let pixels = spec.shape.grid.is_some() && inputs.iter().all(|name| name.starts_with("pixel_"));
    spec.positions.is_some() || pixels || counts(0) || counts(1)
}
