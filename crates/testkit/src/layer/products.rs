//! The rule that a layer multiplies by its weights as its pass says.

use super::LayerOptions;
use super::case::{Case, Data};
use super::pass::{Gradients, How};
use super::rig::Rig;
use crate::failure::{Failure, ensure};
use tanren_plugin::engine::{Operand, Products};
use tanren_plugin::{BlockKind, ParamSpec};
use tanren_tensor::{
    Extent, Mat, MatMut, Real, Signal, SignalMut, Stream, Write, gemm, transposed,
};

/// Products, some of which are of twice the size. Where a weight is not known as a block, because a wrapper
/// has changed it or the layer has taken it as a matrix, it counts as any.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Doubled {
    /// All.
    All,
    /// Those with this block.
    Times(usize),
    /// Those with the transpose of this block.
    Transposed(usize),
    /// Gradients of weights.
    Outer,
}

/// C = A B, or twice that.
fn form<T: Real>(twice: bool, write: Write, a: Mat<'_, T>, b: Mat<'_, T>, mut c: MatMut<'_, T>) {
    gemm(write, a, b, c.as_view_mut());
    if twice {
        gemm(Write::Add, a, b, c);
    }
}

impl<T: Real> Products<T> for Doubled {
    fn product(&self, write: Write, a: Mat<'_, T>, b: Mat<'_, T>, c: MatMut<'_, T>) {
        form(!matches!(self, Self::Outer), write, a, b, c);
    }

    fn times(&self, write: Write, w: Operand<'_, T>, x: Signal<'_, T>, z: &mut SignalMut<'_, T>) {
        let twice = match *self {
            Self::All => true,
            Self::Times(block) => w.block.is_none_or(|view| view.block == block),
            Self::Transposed(_) | Self::Outer => false,
        };
        form(twice, write, w.matrix, x.matrix(), z.matrix());
    }

    fn transposed_times(
        &self,
        write: Write,
        w: Operand<'_, T>,
        dz: Signal<'_, T>,
        dx: &mut SignalMut<'_, T>,
    ) {
        let twice = match *self {
            Self::All => true,
            Self::Transposed(block) => w.block.is_none_or(|view| view.block == block),
            Self::Times(_) | Self::Outer => false,
        };
        form(twice, write, transposed(w.matrix), dz.matrix(), dx.matrix());
    }

    fn outer(&self, write: Write, dz: Mat<'_, T>, x: Mat<'_, T>, dw: MatMut<'_, T>) {
        form(matches!(self, Self::All | Self::Outer), write, dz, transposed(x), dw);
    }
}

/// Whether a block multiplies as a matrix does. A column or a row of weights may scale, feature by
/// feature.
pub(super) const fn is_matrix(spec: &ParamSpec) -> bool {
    let weight = matches!(spec.kind, BlockKind::Weight | BlockKind::Recurrent);
    weight && spec.rows > 1 && spec.cols > 1
}

/// With products of one weight of twice the size, the output is another one; so is, after the same
/// forward pass, a gradient with products of its transpose of twice the size; and so is its own gradient
/// where those of weights are. Where an input is an index, weights may be looked up instead.
pub(super) fn check(rig: &Rig<'_>, options: &LayerOptions) -> Result<(), Failure> {
    let mut draws = Stream::new(options.seed, "testkit/products").sample(0);
    let steps = if rig.sequential() { 3 } else { 1 };
    let case = Case::sized(rig, options, Extent { examples: 3, steps }, false, &mut draws);
    if case.inputs.iter().any(|input| matches!(input, Data::Indices(_))) {
        return Ok(());
    }
    let (plain, gradients) = rig.run::<f64>(&case, &How::PLAIN)?;
    let back = |doubled| rig.doubled(doubled).backward::<f64>(&case, &plain, &How::PLAIN);
    let outer = back(Doubled::Outer)?;
    for i in (0..rig.specs.len()).filter(|&i| is_matrix(&rig.specs[i])) {
        let (block, name) = (rig.views[i].block, &rig.specs[i].name);
        let said = |what: &str, with: &str| {
            format!(
                "{what} with products of `{name}` of twice the size: form them with {with}, or set \
                 `LayerOptions::products` to false where a weight is in no matrix product"
            )
        };
        let output =
            rig.doubled(Doubled::Times(block)).forward::<f64>(&case, f64::NAN, None).output;
        ensure(output != plain.output, "products", || {
            said("the output is the same", "`Params::times`")
        })?;
        let others = back(Doubled::Transposed(block))?;
        ensure(!same(&others, &gradients), "products", || {
            said("all gradients are the same", "`Params::transposed_times`")
        })?;
        let (own, other) = (&gradients.params[i], &outer.params[i]);
        ensure(own != other || own.iter().all(|&x| x == 0.0), "products", || {
            said("its gradient is the same", "`Backward::outer_product` or `Pass::outer`")
        })?;
    }
    Ok(())
}

fn same(a: &Gradients<f64>, b: &Gradients<f64>) -> bool {
    a.inputs == b.inputs && a.params == b.params
}
