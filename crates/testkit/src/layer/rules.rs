//! The rules of a layer, one function each.

use super::LayerOptions;
use super::case::{Case, Cut, Data};
use super::pass::{Forwarded, Frozen, How};
use super::rig::Rig;
use crate::failure::{Failure, ensure};
use crate::golden::{compare, double, finite, same_bits};
use crate::{gradient, threads as pools};
use std::collections::BTreeSet;
use tanren_plugin::{BlockKind, Layer, Link, Mode};
use tanren_tensor::{Shape, Stream, Write, log_sum_exp, sigmoid};

/// Agreement of two orders of summation in double precision.
const ROUNDING: f64 = 1e-11;

/// Names, sizes and initial values of the blocks.
pub(super) fn blocks(rig: &Rig<'_>) -> Result<(), Failure> {
    let names: BTreeSet<_> = rig.specs.iter().map(|s| &s.name).collect();
    ensure(names.len() == rig.specs.len(), "blocks", || "two blocks have one name")?;
    for spec in &rig.specs {
        let at = |f: Failure| f.at(format_args!("block `{}`", spec.name));
        ensure(!spec.is_empty(), "blocks", || "no numbers").map_err(at)?;
        let mut draws = Stream::new(1, "testkit/init").sample(0);
        let mut values = vec![f64::NAN; spec.len()];
        spec.init.fill(spec.fan, spec.rows, &mut draws, &mut values);
        finite("init", &values).map_err(at)?;
    }
    Ok(())
}

/// All rules that one random batch can show.
pub(super) fn all(rig: &Rig<'_>, options: &LayerOptions, case: &Case) -> Result<(), Failure> {
    garbage(rig, case)?;
    gradients(rig, case)?;
    add(rig, case)?;
    unwanted(rig, case)?;
    if options.transposed {
        transposed(rig, case)?;
    }
    precision(rig, case, options.tolerance)?;
    if options.independent {
        independent(rig, case)?;
    }
    facts(rig, case)
}

/// What buffers held before changes nothing.
fn garbage(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let (nan, gradients) = rig.run::<f64>(case, &How::PLAIN)?;
    for garbage in [0.0, 1e3] {
        let how = How { garbage, start: garbage, ..How::PLAIN };
        let (other, others) = rig.run::<f64>(case, &how)?;
        same_bits("written-whole", &other.output, &nan.output).map_err(|f| f.at("output"))?;
        same_bits("written-whole", &other.carry, &nan.carry).map_err(|f| f.at("carry"))?;
        same_bits("written-whole", &other.term, &nan.term).map_err(|f| f.at("term"))?;
        others.same(&gradients, "written-whole")?;
    }
    Ok(())
}

/// Analytic against numeric derivatives of Σ R∘y, and of what the layer's own term adds to it.
fn gradients(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let (_, gradients) = rig.run::<f64>(case, &How::PLAIN)?;
    // One vector of everything that can be varied: dense inputs, then trainable blocks.
    let (mut at, mut analytic, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let mut append = |values: &[f64], derivatives: &[f64], name: String| {
        names.push(format!("{name} at {}..{}", at.len(), at.len() + values.len()));
        at.extend_from_slice(values);
        analytic.extend_from_slice(derivatives);
    };
    for (i, data) in case.inputs.iter().enumerate() {
        if let Data::Dense(x) = data {
            append(x, &gradients.inputs[i], format!("input {i}"));
        }
    }
    let trainable =
        |i: usize| rig.specs[i].kind != BlockKind::Statistic && rig.wanted(i, &How::PLAIN);
    for i in (0..rig.specs.len()).filter(|&i| trainable(i)) {
        append(&case.params[i], &gradients.params[i], format!("`{}`", rig.specs[i].name));
    }

    let mut varied = case.clone();
    let mut sum = |point: &[f64]| -> f64 {
        let mut rest = point;
        let mut take = |into: &mut Vec<f64>| {
            let (now, later) = rest.split_at(into.len());
            into.copy_from_slice(now);
            rest = later;
        };
        for data in &mut varied.inputs {
            if let Data::Dense(x) = data {
                take(x);
            }
        }
        (0..rig.specs.len()).filter(|&i| trainable(i)).for_each(|i| take(&mut varied.params[i]));
        let Forwarded { output, term, .. } = rig.forward::<f64>(&varied, 0.0, None);
        let sum = |values: &[f64], counts: &[f64]| -> f64 {
            values.iter().zip(counts).map(|(value, count)| value * count).sum()
        };
        sum(&output, &case.upstream) + sum(&term, case.term.as_deref().unwrap_or_default())
    };
    gradient::check(&mut sum, &at, &analytic, rig.layer.facts().smooth)
        .map(drop)
        .map_err(|f| f.at(names.join(", ")))
}

/// `Write::Add` adds to what is there.
fn add(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let start = 3.0;
    let (_, plain) = rig.run::<f64>(case, &How::PLAIN)?;
    let (_, added) = rig.run::<f64>(case, &How { write: Write::Add, start, ..How::PLAIN })?;
    let plus = |g: &[f64]| g.iter().map(|g| g + start).collect::<Vec<_>>();
    for (i, (g, a)) in plain.inputs.iter().zip(&added.inputs).enumerate() {
        compare("add", a, &plus(g), ROUNDING)
            .map_err(|f| f.at(format_args!("gradient of input {i}, where {start} was before")))?;
    }
    for (i, (g, a)) in plain.params.iter().zip(&added.params).enumerate() {
        let spec = &rig.specs[i];
        if !rig.wanted(i, &How::PLAIN) {
            continue;
        }
        let statistic = spec.kind == BlockKind::Statistic;
        let expected = if statistic { g.clone() } else { plus(g) };
        compare("add", a, &expected, ROUNDING).map_err(|f| {
            f.at(format_args!("gradient of `{}`, where {start} was before", spec.name))
        })?;
    }
    Ok(())
}

/// Gradients that nobody wants stay unwritten (the rig looks), and the others are the same.
fn unwanted(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let (_, both) = rig.run::<f64>(case, &How::PLAIN)?;
    let only = (0..rig.specs.len()).map(Frozen::Only);
    for frozen in only.chain([Frozen::All]) {
        let how = How { frozen, ..How::PLAIN };
        let at = |f: Failure| f.at(format_args!("frozen: {frozen:?}"));
        let (_, fewer) = rig.run::<f64>(case, &how).map_err(at)?;
        for (a, b) in fewer.inputs.iter().zip(&both.inputs) {
            same_bits("unwanted", a, b).map_err(at)?;
        }
        for i in (0..rig.specs.len()).filter(|&i| rig.wanted(i, &how)) {
            same_bits("unwanted", &fewer.params[i], &both.params[i]).map_err(at)?;
        }
    }
    let (_, params) = rig.run::<f64>(case, &How { inputs: false, ..How::PLAIN })?;
    for (a, b) in params.params.iter().zip(&both.params) {
        same_bits("unwanted", a, b).map_err(|f| f.at("parameters, without inputs"))?;
    }
    Ok(())
}

/// Matrices stored as their transpose give the same.
fn transposed(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let flipped = Rig::new(rig.layer, rig.shapes, true)?;
    let (plain, gradients) = rig.run::<f64>(case, &How::PLAIN)?;
    let (other, others) = flipped.run::<f64>(case, &How::PLAIN)?;
    compare("transposed", &other.output, &plain.output, ROUNDING).map_err(|f| f.at("output"))?;
    for (i, (a, b)) in others.inputs.iter().zip(&gradients.inputs).enumerate() {
        compare("transposed", a, b, ROUNDING)
            .map_err(|f| f.at(format_args!("gradient of input {i}")))?;
    }
    for ((a, b), spec) in others.params.iter().zip(&gradients.params).zip(&rig.specs) {
        compare("transposed", a, b, ROUNDING)
            .map_err(|f| f.at(format_args!("gradient of `{}`", spec.name)))?;
    }
    Ok(())
}

/// Both precisions agree.
fn precision(rig: &Rig<'_>, case: &Case, tolerance: f64) -> Result<(), Failure> {
    let (y, g) = rig.run::<f64>(case, &How::PLAIN)?;
    let (y32, g32) = rig.run::<f32>(case, &How::PLAIN)?;
    compare("precision", &y32.output, &y.output, tolerance).map_err(|f| f.at("output"))?;
    compare("precision", &y32.term, &y.term, tolerance).map_err(|f| f.at("term"))?;
    // Gradients are sums over columns, so their error is relative to the largest of a block.
    let relative = |a: &[f32], b: &[f64]| {
        let scale = b.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
        let over = |v: Vec<f64>| v.iter().map(|x| x / scale).collect::<Vec<_>>();
        compare("precision", &over(double(a)), &over(b.to_vec()), tolerance)
    };
    for (i, (a, b)) in g32.inputs.iter().zip(&g.inputs).enumerate() {
        relative(a, b).map_err(|f| f.at(format_args!("gradient of input {i}")))?;
    }
    for ((a, b), spec) in g32.params.iter().zip(&g.params).zip(&rig.specs) {
        relative(a, b).map_err(|f| f.at(format_args!("gradient of `{}`", spec.name)))?;
    }
    Ok(())
}

/// Every example gives the same alone, and the gradients of parameters are sums over examples.
fn independent(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let (batch, gradients) = rig.run::<f64>(case, &How::PLAIN)?;
    let mut sums: Vec<Vec<f64>> = rig.specs.iter().map(|s| vec![0.0; s.len()]).collect();
    for n in 0..case.extent.examples {
        let at = |what: &str| {
            let place = format!("{what} of example {n}, alone and in the batch");
            move |f: Failure| f.at(place)
        };
        let cut = Cut { examples: n..n + 1, steps: 0..case.extent.steps };
        let (alone, grads) = rig.run::<f64>(&case.cut(rig, &cut), &How::PLAIN)?;
        let y = case.output_part(rig, &batch.output, &cut);
        compare("independent", &alone.output, &y, ROUNDING).map_err(at("output"))?;
        if case.term.is_some() {
            let values = case.output_columns(rig, &batch.term, &cut);
            compare("independent", &alone.term, &values, ROUNDING).map_err(at("term"))?;
        }
        for (i, (a, b)) in grads.inputs.iter().zip(&gradients.inputs).enumerate() {
            if !rig.shapes[i].indices {
                let b = case.input_part(rig, i, b, &cut);
                compare("independent", a, &b, ROUNDING).map_err(at("gradient of an input"))?;
            }
        }
        for (sum, g) in sums.iter_mut().zip(&grads.params) {
            sum.iter_mut().zip(g).for_each(|(s, g)| *s += g);
        }
    }
    for ((sum, g), spec) in sums.iter().zip(&gradients.params).zip(&rig.specs) {
        if spec.kind != BlockKind::Statistic && !g.is_empty() {
            compare("independent", g, sum, ROUNDING).map_err(|f| {
                f.at(format_args!("gradient of `{}`, batch against sum of examples", spec.name))
            })?;
        }
    }
    Ok(())
}

/// Outputs lie in the declared range, training disturbs them where that is declared alone, and the
/// link-free twin with its link is the layer.
fn facts(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let facts = rig.layer.facts();
    let (low, high) = facts.range;
    // Outputs that blend a state keep to the range where the state does: where the layer itself left it.
    let zeros = case.carry.as_ref().map(|carry| vec![0.0; carry.len()]);
    let left = zeros.map(|zeros| {
        let start = Case { carry: Some(zeros), ..case.clone() };
        rig.forward::<f64>(&start, 0.0, None).carry
    });
    let case = &Case { carry: left, ..case.clone() };
    let output = rig.forward::<f64>(case, 0.0, None).output;
    let single = double(&rig.forward::<f32>(case, 0.0, None).output);
    let outside = output.iter().chain(&single).find(|&&y| !(y >= low && y <= high));
    ensure(outside.is_none(), "range", || {
        let outside = outside.copied().unwrap_or_default();
        format!("output {outside} outside the declared range from {low} to {high}")
    })?;
    let predicting = Case { mode: Mode::Inference, ..case.clone() };
    let same = rig.forward::<f64>(&predicting, 0.0, None).output == output;
    ensure(
        facts.disturbs || same || case.mode == Mode::Inference,
        "disturbs",
        || "training and prediction give different outputs, and `facts` do not say so",
    )?;
    let linear = rig.layer.linear();
    ensure(linear.is_none() || facts.link.is_some(), "link", || "`linear` without a link")?;
    let (Some(linear), Some(link)) = (linear, facts.link) else {
        return Ok(());
    };
    let inner = linked(&*linear, rig.shapes, case)?;
    let expected: Vec<f64> = match link {
        Link::Identity => inner,
        Link::Sigmoid => {
            let mut z = inner;
            sigmoid(&mut z);
            z
        }
        Link::Softmax => {
            let column = |z: &[f64]| {
                let all = log_sum_exp(z);
                z.iter().map(|z| (z - all).exp()).collect::<Vec<_>>()
            };
            inner.chunks(rig.output.features).flat_map(column).collect()
        }
        Link::Exp => inner.iter().map(|z| z.exp()).collect(),
        Link::ExpM1 => inner.iter().map(|z| z.exp_m1()).collect(),
        Link::Other(_) => return Ok(()),
    };
    compare("link", &output, &expected, 1e-9)
        .map_err(|f| f.at(format_args!("the layer against {link:?} of its `linear`")))
}

/// The output of the link-free twin, which must take the same parameters.
fn linked(linear: &dyn Layer, shapes: &[Shape], case: &Case) -> Result<Vec<f64>, Failure> {
    let twin = Rig::new(linear, shapes, false)?;
    let sizes: Vec<usize> = twin.specs.iter().map(|s| s.len()).collect();
    let same = sizes.iter().eq(case.params.iter().map(Vec::len).collect::<Vec<_>>().iter());
    ensure(same, "link", || "`linear` has other blocks")?;
    Ok(twin.forward::<f64>(case, 0.0, None).output)
}

/// The number of threads changes no bit.
pub(super) fn threads(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let run = |count| pools::with(count, || rig.run::<f32>(case, &How::PLAIN))?;
    let (one, gradients) = run(1)?;
    for count in pools::COUNTS {
        let at = |f: Failure| f.at(format_args!("{count} threads, {}", case.describe()));
        let (other, others) = run(count).map_err(at)?;
        same_bits("threads", &other.output, &one.output).map_err(at)?;
        others.same(&gradients, "threads").map_err(at)?;
    }
    Ok(())
}
