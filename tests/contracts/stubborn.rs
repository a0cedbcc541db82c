//! `acme/stubborn`: an RBM that forms products of its own for its free energy, which testkit finds.

use crate::energy::Rbm;
use serde::{Deserialize, Serialize};
use tanren_plugin::engine::Plain;
use tanren_plugin::{
    Checked, Contrast, Energy, EnergyKernel, EnergyKernels, Layer, LayerKernels, Memory, ParamSpec,
    Params,
};
use tanren_tensor::{Extent, Input, Real, Shape, ShapeError};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stubborn {
    rbm: Rbm,
}

impl Checked for Stubborn {}

#[typetag::serde(name = "acme/stubborn")]
impl Layer for Stubborn {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        self.rbm.output(inputs)
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        self.rbm.params(inputs)
    }
    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        self.rbm.memory(inputs, extent)
    }
    fn energy(&self) -> Option<Energy<'_>> {
        Some(Energy { value: false, kernels: EnergyKernels::of(self) })
    }
    fn kernels(&self) -> LayerKernels<'_> {
        self.rbm.kernels()
    }
}

impl<T: Real> EnergyKernel<T> for Stubborn {
    fn contrast(&self, pass: Contrast<'_, T>) -> Option<f64> {
        self.rbm.contrast(pass)
    }

    fn free_energy(
        &self,
        params: &Params<'_, T>,
        visible: Input<'_, T>,
        scratch: &mut [T],
        values: &mut [f64],
    ) {
        self.rbm.free_energy(&params.by(&Plain), visible, scratch, values);
    }
}

#[test]
fn an_energy_of_its_own_products_is_caught() {
    let failure = testkit::energy::check(&Stubborn { rbm: Rbm { hidden: 3 } }, Shape::vector(4));
    assert_eq!(failure.unwrap_err().rule, "products");
}
