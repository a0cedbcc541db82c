//! `Affine`: the scale and the shift that are learnt behind a normalisation, of which both may be absent.

use tanren_plugin::{BlockKind, Constant, Grads, ParamSpec, Params};
use tanren_tensor::{Real, add_scaled};

/// Which of the two there are. They are the first blocks of their layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine {
    pub(super) scale: bool,
    pub(super) shift: bool,
}

impl Affine {
    /// Their blocks, of so many numbers each.
    pub(super) fn specs(self, rows: usize) -> Vec<ParamSpec> {
        let one = Constant { value: 1.0 };
        let scale = || ParamSpec::new("scale", BlockKind::Gain, (rows, 1), one);
        let shift = || ParamSpec::bias("shift", rows);
        self.scale.then(scale).into_iter().chain(self.shift.then(shift)).collect()
    }

    /// How many blocks they are.
    pub(super) const fn blocks(self) -> usize {
        self.scale as usize + self.shift as usize
    }

    /// The scales; `None` where each is 1.
    pub(super) fn scales<'a, T: Real>(self, params: Params<'a, T>) -> Option<&'a [T]> {
        self.scale.then(|| params.slice(0))
    }

    /// The shifts; `None` where each is 0.
    pub(super) fn shifts<'a, T: Real>(self, params: Params<'a, T>) -> Option<&'a [T]> {
        self.shift.then(|| params.slice(usize::from(self.scale)))
    }

    /// Writes the gradients of those that there are.
    pub(super) fn write<T: Real>(self, grads: &mut Grads<'_, T>, dscale: &[T], dshift: &[T]) {
        let both = [(self.scale, dscale), (self.shift, dshift)];
        for (i, (_, values)) in both.into_iter().filter(|(there, _)| *there).enumerate() {
            if let Some((write, gradient)) = grads.slice(i) {
                add_scaled(write, T::ONE, values, gradient);
            }
        }
    }
}
