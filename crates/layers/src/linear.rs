//! How the weights of a layer meet its input: by a product, or, for indices, by picking columns.

use tanren_plugin::{Grads, Params, Pass};
use tanren_tensor::{
    Indices, Input, Mat, MatMut, Real, Signal, SignalMut, Write, add_scaled, column, column_mut,
};

/// Z = W X, plus b for each column where there is a bias: block 0 is W, block `bias` is b.
pub(crate) fn project<T: Real>(
    params: Params<'_, T>,
    bias: Option<usize>,
    input: Input<'_, T>,
    z: &mut SignalMut<'_, T>,
) {
    match (input, bias) {
        (Input::Dense(x), Some(bias)) => params.affine(0, bias, x, z),
        (Input::Dense(x), None) => params.times(0, Write::Overwrite, x, z),
        (Input::Indices(x), Some(bias)) => {
            params.repeat(bias, z);
            gather(Write::Add, params.matrix(0), x, z);
        }
        (Input::Indices(x), None) => gather(Write::Overwrite, params.matrix(0), x, z),
    }
}

/// ∂W = ∂Z Xᵀ, for block 0 as W.
pub(crate) fn weight_gradient<T: Real>(
    pass: &Pass<'_, T>,
    grads: &mut Grads<'_, T>,
    input: Input<'_, T>,
    dz: Signal<'_, T>,
) {
    let Some((write, dw)) = grads.matrix(0) else { return };
    match input {
        Input::Dense(x) => pass.outer(write, dz.matrix(), x.matrix(), dw),
        Input::Indices(x) => scatter(write, dz, x, dw),
    }
}

/// Column n of `z` gets column `x[n]` of `w`.
fn gather<T: Real>(write: Write, w: Mat<'_, T>, x: Indices<'_>, z: &mut SignalMut<'_, T>) {
    if write == Write::Overwrite {
        z.data().fill(T::ZERO);
    }
    for (z, &i) in z.iter_mut().zip(x.data) {
        match column(w, i as usize) {
            Some(w) => add_scaled(Write::Add, T::ONE, w, z),
            None => z.iter_mut().zip(&w.column(i as usize)).for_each(|(z, &w)| *z += w),
        }
    }
}

/// Column `x[n]` of `dw` gets column n of `dz`; columns that no index names get 0.
fn scatter<T: Real>(write: Write, dz: Signal<'_, T>, x: Indices<'_>, mut dw: MatMut<'_, T>) {
    if write == Write::Overwrite {
        dw.fill(T::ZERO);
    }
    for (dz, &i) in dz.iter().zip(x.data) {
        match column_mut(&mut dw, i as usize) {
            Some(dw) => add_scaled(Write::Add, T::ONE, dz, dw),
            None => dw.column_mut(i as usize).iter_mut().zip(dz).for_each(|(dw, &dz)| *dw += dz),
        }
    }
}
