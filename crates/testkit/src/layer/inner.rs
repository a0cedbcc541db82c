//! A layer inside another layer gives what it gives by itself.

use super::case::Case;
use super::pass::How;
use super::rig::Rig;
use crate::failure::Failure;
use crate::golden::{compare, of, same_bits};
use tanren_plugin::{Backward, BlockKind, Carry, Downstream, Forward, Grads, Params};
use tanren_tensor::{Shape, Signal, SignalMut, mat};

/// What gradients are added to.
const START: f64 = 3.0;
/// Agreement of two orders of summation in double precision.
const ROUNDING: f64 = 1e-11;

/// Hands the layer what a layer around it would: blocks and their gradients one after the other in
/// memory of its own, gradients of the inputs likewise, and added to what is there.
pub(super) fn check(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let (forwarded, plain) = rig.run::<f64>(case, &How::PLAIN)?;
    let flat = rig.flat::<f64>(case);
    let blocks: Vec<f64> = rig.views.iter().flat_map(|v| flat[v.range.clone()].to_vec()).collect();
    let params = Params::new(&flat, &rig.views).packed(&blocks);
    let (memory, extent) = (rig.layer.memory(rig.shapes, case.extent), case.extent);
    let (mut tape, mut scratch) = (vec![f64::NAN; memory.tape], vec![f64::NAN; memory.scratch]);
    let mut output = vec![f64::NAN; extent.len(rig.output)];
    let mut term = vec![f64::NAN; forwarded.term.len()];
    let mut outgoing = case.carry.clone().unwrap_or_default();
    rig.with(case, |inputs, pass| {
        let carry = case.carry.as_deref();
        let carry = carry.map(|c| Carry::new(c, &mut outgoing, extent.examples, extent.steps));
        let output = SignalMut::new(&mut output, rig.output.features);
        let forward = Forward::new(pass, params, inputs, output).carry(carry);
        let forward = forward.tape(&mut tape).scratch(&mut scratch).term(&mut term);
        rig.layer.kernels().at::<f64>().forward(forward);
    });
    same_bits("inner", &output, &forwarded.output).map_err(|f| f.at("output"))?;
    same_bits("inner", &term, &forwarded.term).map_err(|f| f.at("term"))?;
    same_bits("inner", &outgoing, &forwarded.carry).map_err(|f| f.at("carry"))?;
    if rig.layer.term().is_some() {
        let quiet = rig.quiet(case);
        same_bits("inner", &quiet, &forwarded.output)
            .map_err(|f| f.at("output inside a layer without a term"))?;
    }

    let dense = |shapes: &[Shape]| -> usize {
        shapes.iter().filter(|s| !s.indices).map(|&s| extent.len(s)).sum()
    };
    for (start, adding) in [(f64::NAN, false), (START, true)] {
        let (mut tape, mut dx) = (tape.clone(), vec![start; dense(rig.shapes)]);
        let mut upstream: Vec<f64> = of(&case.upstream);
        // A statistic starts from what it is, all else from nothing.
        let numbers = rig.views.iter().enumerate().flat_map(|(i, view)| match view.kind {
            BlockKind::Statistic => params.slice(i).to_vec(),
            _ => vec![f64::NAN; view.range.len()],
        });
        let mut gradients: Vec<f64> = numbers.collect();
        let mut unused = vec![f64::NAN; flat.len()];
        scratch.fill(f64::NAN);
        rig.with(case, |inputs, pass| {
            let carry = case.carry.as_deref();
            let carry = carry.map(|c| mat(c, c.len() / extent.examples, extent.examples));
            let output = Signal::new(&output, rig.output.features);
            let upstream = SignalMut::new(&mut upstream, rig.output.features);
            let downstream = Downstream::packed(&mut dx, rig.shapes, extent);
            let backward = Backward::new(pass, params, inputs, output, upstream)
                .tape(&mut tape)
                .scratch(&mut scratch)
                .carry(carry)
                .term(case.term.as_deref().unwrap_or_default())
                .downstream(if adding { downstream.adding() } else { downstream })
                .grads(Grads::new(&mut unused, &rig.views).packed(&mut gradients));
            rig.layer.kernels().at::<f64>().backward(backward);
        });
        let written = Params::new(&flat, &rig.views).packed(&gradients);
        for i in (0..rig.specs.len()).filter(|&i| rig.wanted(i, &How::PLAIN)) {
            let block: Vec<f64> = written.matrix(i).iter().copied().collect();
            same_bits("inner", &block, &plain.params[i])
                .map_err(|f| f.at(format_args!("gradient of `{}`", rig.specs[i].name)))?;
        }
        for (i, gradient) in plain.inputs.iter().enumerate() {
            let expected: Vec<f64> = match adding {
                true => gradient.iter().map(|g| g + start).collect(),
                false => gradient.clone(),
            };
            let found = &dx[dense(&rig.shapes[..i])..][..expected.len()];
            compare("inner", found, &expected, ROUNDING)
                .map_err(|f| f.at(format_args!("gradient of input {i}, adding: {adding}")))?;
        }
    }
    Ok(())
}
