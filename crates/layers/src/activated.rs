//! What layers share that end in an activation of their own, Y = f(Z): their blocks, and f in both directions.

use tanren_plugin::{Activation, Backward, Forward, Init, ParamSpec, Plugin, Precision};
use tanren_tensor::{Extent, Shape, Signal};

/// The blocks of a layer with this weight: the bias, where there is one, belongs to units of the weight's
/// fan; those of the activation come last.
pub(crate) fn blocks(
    weight: ParamSpec,
    bias: Option<&Plugin<dyn Init>>,
    f: &Plugin<dyn Activation>,
) -> Vec<ParamSpec> {
    let (fan, units) = (weight.fan, weight.rows);
    let bias =
        bias.map(|init| ParamSpec { fan, ..ParamSpec::bias("bias", units).init(init.clone()) });
    [weight].into_iter().chain(bias).chain(f.params(units)).collect()
}

/// Numbers of Z, a signal of this shape, that the derivative of f needs.
pub(crate) fn tape(f: &Plugin<dyn Activation>, z: Shape, extent: Extent) -> usize {
    if f.needs_input() { extent.len(z) } else { 0 }
}

/// Y = f(Z), from the Z that stands in the output; the blocks of f begin behind the layer's `own`.
pub(crate) fn forward<T: Precision>(
    f: &Plugin<dyn Activation>,
    own: usize,
    mut pass: Forward<'_, T>,
) {
    if f.needs_input() {
        pass.tape.copy_from_slice(pass.output.data());
    }
    let params = pass.params.blocks(own..pass.params.count());
    f.kernels().at().forward(params, &mut pass.output);
}

/// ∂Z = ∂Y ⊙ f′(Z), in place of the upstream gradient, and the gradients of the blocks of f.
pub(crate) fn backward<T: Precision>(
    f: &Plugin<dyn Activation>,
    own: usize,
    pass: &mut Backward<'_, T>,
) {
    let z: &[T] = if f.needs_input() { pass.tape } else { &[] };
    let (z, dz) = (Signal::new(z, pass.output.features()), &mut pass.upstream);
    let blocks = own..pass.params.count();
    let (params, grads) =
        (pass.params.blocks(blocks.clone()), pass.grads.reborrow().blocks(blocks));
    f.kernels().at().backward(params, z, pass.output, dz, grads);
}
