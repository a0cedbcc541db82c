//! candle, whose own SGD has neither momentum nor decay.

use crate::{Epoch, Workload};
use candle_core::{DType, Device, Tensor};
use candle_nn::loss::cross_entropy;
use candle_nn::{AdamW, Module, Optimizer, ParamsAdamW, SGD, VarBuilder, VarMap, linear};
use std::error::Error;

/// An optimizer's step from a loss.
type Step = Box<dyn FnMut(&Tensor) -> candle_core::Result<()>>;

pub(crate) fn make(workload: &Workload) -> Result<Epoch, Box<dyn Error>> {
    let (device, map) = (Device::Cpu, VarMap::new());
    let builder = VarBuilder::from_varmap(&map, DType::F32, &device);
    let layers = workload.sizes.windows(2).enumerate();
    let layers: Vec<_> = layers
        .map(|(i, pair)| linear(pair[0], pair[1], builder.pp(i.to_string())))
        .collect::<Result<_, _>>()?;
    let mut step: Step = if workload.updates == "adam" {
        let settings = ParamsAdamW { lr: 1e-3, weight_decay: 0.0, ..ParamsAdamW::default() };
        let mut adam = AdamW::new(map.all_vars(), settings)?;
        Box::new(move |loss| adam.backward_step(loss))
    } else {
        let mut sgd = SGD::new(map.all_vars(), 0.01)?;
        Box::new(move |loss| sgd.backward_step(loss))
    };
    let (rows, batch) = (workload.rows, workload.batch);
    let x = Tensor::rand(0_f32, 1_f32, (rows, workload.sizes[0]), &device)?;
    let y = workload.classes().map(|class| class as u32).collect();
    let y = Tensor::from_vec::<_, u32>(y, rows, &device)?;
    Ok(Box::new(move || {
        for start in (0..rows).step_by(batch) {
            let (mut x, y) = (x.narrow(0, start, batch)?, y.narrow(0, start, batch)?);
            for (i, layer) in layers.iter().enumerate() {
                x = layer.forward(&x)?;
                if i + 1 < layers.len() {
                    x = x.relu()?;
                }
            }
            step(&cross_entropy(&x, &y)?)?;
        }
        Ok(())
    }))
}
