//! burn on its flex backend.

use crate::{Epoch, Workload};
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, GradientsParams, SgdConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, Int, Tensor};
use std::error::Error;

#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
}

impl Network {
    fn forward(&self, mut x: Tensor<2>) -> Tensor<2> {
        for (i, layer) in self.layers.iter().enumerate() {
            x = layer.forward(x);
            if i + 1 < self.layers.len() {
                x = relu(x);
            }
        }
        x
    }
}

/// A macro, because the types of the two optimizers differ and their trait wants the model's type.
macro_rules! epoch {
    ($workload:ident, $optimizer:expr, $rate:expr) => {{
        let device = Device::flex().autodiff();
        let (rows, batch) = ($workload.rows, $workload.batch);
        let layers = $workload.sizes.windows(2);
        let layers = layers.map(|pair| LinearConfig::new(pair[0], pair[1]).init(&device)).collect();
        let mut network = Some(Network { layers });
        let mut optimizer = $optimizer;
        let inputs = $workload.sizes[0];
        let x = Tensor::<2>::random([rows, inputs], Distribution::Uniform(0.0, 1.0), &device);
        let y: Vec<i32> = $workload.classes().map(|class| class as i32).collect();
        let y = Tensor::<1, Int>::from_ints(y.as_slice(), &device);
        let loss = CrossEntropyLossConfig::new().init(&device);
        Box::new(move || {
            for start in (0..rows).step_by(batch) {
                let now = network.take().ok_or("an epoch before failed")?;
                let x = x.clone().slice([start..start + batch, 0..inputs]);
                let y = y.clone().slice([start..start + batch]);
                let gradient = loss.forward(now.forward(x), y).backward();
                let gradient = GradientsParams::from_grads(gradient, &now);
                network = Some(optimizer.step($rate, now, gradient));
            }
            Ok(())
        })
    }};
}

pub(crate) fn make(workload: &Workload) -> Result<Epoch, Box<dyn Error>> {
    if workload.updates == "adam" {
        return Ok(epoch!(workload, AdamConfig::new().init(), 1e-3));
    }
    let momentum = MomentumConfig::new().with_momentum(0.9).with_nesterov(true);
    let nesterov = SgdConfig::new()
        .with_momentum(Some(momentum))
        .with_weight_decay(Some(WeightDecayConfig::new(1e-4)));
    Ok(epoch!(workload, nesterov.init(), 0.01))
}
