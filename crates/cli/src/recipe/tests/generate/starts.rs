//! Generated starts from files.

use super::aims::select;
use super::text;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use tanren_network::Matrices;
use tanren_trainer::StartSpec;

fn start() -> impl Strategy<Value = StartSpec> {
    let stored = [Matrices::OutputsByInputs, Matrices::InputsByOutputs];
    let matrices = proptest::option::of(proptest::sample::select(stored.to_vec()));
    (text(), select(), btree_map(text(), text(), 0..3), matrices, any::<bool>()).prop_map(
        |(from, on, names, matrices, normalizers)| StartSpec {
            from: from.into(),
            on,
            names,
            matrices,
            normalizers,
        },
    )
}

pub(super) fn starts() -> impl Strategy<Value = Vec<StartSpec>> {
    vec(start(), 0..3)
}
