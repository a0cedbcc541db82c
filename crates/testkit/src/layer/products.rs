//! The rule that a layer multiplies by its weights as its pass says.

use super::case::{Case, Data};
use super::pass::How;
use super::rig::Rig;
use crate::failure::{Failure, ensure};
use tanren_plugin::engine::Products;
use tanren_plugin::{BlockKind, ParamSpec};
use tanren_tensor::{Mat, MatMut, Real, Write, gemm};

/// Products of twice the size.
#[derive(Debug)]
pub(super) struct Doubled;

impl<T: Real> Products<T> for Doubled {
    fn product(&self, write: Write, a: Mat<'_, T>, b: Mat<'_, T>, mut c: MatMut<'_, T>) {
        gemm(write, a, b, c.as_view_mut());
        gemm(Write::Add, a, b, c);
    }
}

/// Whether a block multiplies as a matrix does. A column or a row of weights may scale, feature by
/// feature.
pub(super) const fn is_matrix(spec: &ParamSpec) -> bool {
    let weight = matches!(spec.kind, BlockKind::Weight | BlockKind::Recurrent);
    weight && spec.rows > 1 && spec.cols > 1
}

/// With products of twice the size, the output of a layer with weights is another one, and so are,
/// after the same forward pass, the gradients of its inputs and weights. Where an input is an index,
/// weights may be looked up instead.
pub(super) fn check(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let weights: Vec<usize> = (0..rig.specs.len()).filter(|&i| is_matrix(&rig.specs[i])).collect();
    let looked_up = case.inputs.iter().any(|input| matches!(input, Data::Indices(_)));
    if weights.is_empty() || looked_up {
        return Ok(());
    }
    let said = |what: &str| {
        format!(
            "{what} is the same with products of twice the size: form them with `Params::times`, \
             `Params::transposed_times` and `Backward::outer_product` or `Pass::outer`, or set \
             `LayerOptions::products` to false where weights are in no matrix product"
        )
    };
    let (plain, gradients) = rig.run::<f64>(case, &How::PLAIN)?;
    let doubled = rig.doubled();
    let output = doubled.forward::<f64>(case, f64::NAN, None).output;
    ensure(output != plain.output, "products", || said("the output"))?;
    let others = doubled.backward(case, &plain, &How::PLAIN)?;
    let zero = |numbers: &[f64]| numbers.iter().all(|&x| x == 0.0);
    let same = |a: &[Vec<f64>], b: &[Vec<f64>]| {
        a.iter().zip(b).all(|(a, b)| a == b) && !a.iter().all(|numbers| zero(numbers))
    };
    ensure(!same(&gradients.inputs, &others.inputs), "products", || {
        said("the gradient of the inputs")
    })?;
    for i in weights.into_iter().filter(|&i| rig.wanted(i, &How::PLAIN)) {
        let (a, b) = (&gradients.params[i], &others.params[i]);
        ensure(a != b || zero(a), "products", || {
            said(&format!("the gradient of `{}`", rig.specs[i].name))
        })?;
    }
    Ok(())
}
