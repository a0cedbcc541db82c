//! `Per`: the parts of a step that have a norm each.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Layout, Scope};
use tanren_tensor::{Real, map, norm};

/// The parts of a step that are treated by themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// Each block, such as the weights of a layer or its biases.
    Block,
    /// Each layer: all blocks of one node.
    Layer,
    /// The whole step.
    #[default]
    Network,
}

impl Per {
    pub(crate) const fn scope(self) -> Scope {
        match self {
            Self::Block => Scope::Block,
            Self::Layer | Self::Network => Scope::Whole,
        }
    }

    /// Calls `work` with each part of a step of [`Per::scope`].
    pub(crate) fn each<T: Real>(
        self,
        layout: &Layout,
        step: &mut [T],
        mut work: impl FnMut(&mut [T]),
    ) {
        if self != Self::Layer {
            return work(step);
        }
        let blocks = layout.blocks();
        let trained = blocks.partition_point(|block| block.trainable());
        let mut rest = step;
        for layer in blocks[..trained].chunk_by(|one, next| one.node == next.node) {
            let len = layer.iter().map(|block| block.range.len()).sum();
            let (part, others) = std::mem::take(&mut rest).split_at_mut(len);
            work(part);
            rest = others;
        }
    }
}

/// p ← p · `length` / ‖p‖, where ‖p‖ is not 0 and `applies` to it. Whether it did.
pub(crate) fn lengthen<T: Real>(
    step: &mut [T],
    length: f64,
    applies: impl Fn(f64) -> bool,
) -> bool {
    let norm = norm(step);
    let applies = norm > 0.0 && applies(norm);
    if applies {
        // In double precision: of a short step, 1/‖p‖ may be too large for single.
        map(step, |p| T::of(p.f64() / norm * length));
    }
    applies
}
