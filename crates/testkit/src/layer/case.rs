//! One random batch for a layer: inputs, parameters, masks, carry, and the weights R of Σ R∘y.

use super::LayerOptions;
use super::rig::Rig;
use crate::golden::{double, of};
use tanren_plugin::{BlockKind, Mode};
use tanren_tensor::{Draws, Extent, Shape, Stream};

/// One input.
#[derive(Clone, Debug)]
pub(super) enum Data {
    Dense(Vec<f64>),
    Indices(Vec<u32>),
}

/// All a layer is handed in a forward and a backward pass. Every number is exact in single
/// precision, so that both precisions see the same.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) extent: Extent,
    pub(super) mode: Mode,
    pub(super) stream: Stream,
    pub(super) inputs: Vec<Data>,
    /// Blocks as the layer sees them, column-major.
    pub(super) params: Vec<Vec<f64>>,
    /// R: ∂(Σ R∘y)/∂y. Zero where a column counts nothing.
    pub(super) upstream: Vec<f64>,
    pub(super) samples: Vec<u64>,
    /// The steps that came before.
    pub(super) first: usize,
    pub(super) examples: Option<Vec<f64>>,
    pub(super) columns: Option<Vec<f64>>,
    pub(super) carry: Option<Vec<f64>>,
    /// What the layer's own term counts for each column, where it has one. Zero where a column counts
    /// nothing.
    pub(super) term: Option<Vec<f64>>,
}

impl Case {
    /// Case `index` of the options. The first ones are the smallest; every other one has weights
    /// and, for layers that have one, a carry.
    pub(super) fn draw(rig: &Rig<'_>, options: &LayerOptions, index: u64) -> Self {
        let mut draws = Stream::new(options.seed, "testkit/layer").sample(index);
        let between = |range: &std::ops::RangeInclusive<usize>, draws: &mut Draws| {
            let (low, high) = (*range.start(), *range.end());
            match index {
                0 => low,
                1 => high,
                _ => low + draws.below((high - low + 1) as u64) as usize,
            }
        };
        let examples = between(&options.examples, &mut draws);
        let steps = between(&options.steps, &mut draws);
        let steps = if rig.sequential() { steps } else { 1 };
        let extent = Extent { examples, steps };
        Self::sized(rig, options, extent, index % 2 == 1, &mut draws)
    }

    /// A case of a given extent, `masked` or not.
    pub(super) fn sized(
        rig: &Rig<'_>,
        options: &LayerOptions,
        extent: Extent,
        masked: bool,
        draws: &mut Draws,
    ) -> Self {
        let Extent { examples, steps } = extent;
        let mut normals = |n: usize, scale: f64| -> Vec<f64> {
            let drawn: Vec<f64> = (0..n).map(|_| scale * draws.normal()).collect();
            double(&of::<f32>(&drawn))
        };
        let dense: Vec<Vec<f64>> =
            rig.shapes.iter().map(|&s| normals(extent.len(s), options.scale)).collect();
        let mut upstream = normals(extent.len(rig.output), 1.0);
        let carry = rig.layer.carry(rig.shapes);
        let carry = (carry > 0 && masked).then(|| normals(carry * examples, 0.5));
        let params = rig
            .specs
            .iter()
            .map(|spec| match spec.kind {
                BlockKind::Gain => normals(spec.len(), 0.2).iter().map(|x| 1.0 + x).collect(),
                BlockKind::Statistic => {
                    normals(spec.len(), 0.5).iter().map(|x| x.abs() + 0.5).collect()
                }
                _ => normals(spec.len(), 0.5),
            })
            .map(|values: Vec<f64>| double(&of::<f32>(&values)))
            .collect();
        let inputs = rig.shapes.iter().zip(dense).map(|(shape, dense)| {
            if shape.indices {
                let n = extent.columns(*shape);
                let index = |_| draws.below(shape.features as u64) as u32;
                Data::Indices((0..n).map(index).collect())
            } else {
                Data::Dense(dense)
            }
        });
        let inputs = inputs.collect();
        let columns = masked.then(|| {
            let mut lengths: Vec<usize> =
                (0..examples).map(|_| 1 + draws.below(steps as u64) as usize).collect();
            lengths[0] = steps; // a segment is as long as its longest example
            let steps = 0..steps;
            let weight = |t, length| f64::from(u8::from(t < length));
            steps.flat_map(|t| lengths.iter().map(move |&l| weight(t, l))).collect()
        });
        let weights = masked.then(|| {
            let weight = |n: usize| if n % 3 == 1 { 0.0 } else { 1.0 };
            (0..examples).map(weight).collect::<Vec<f64>>()
        });
        let counts = if rig.output.sequence { &columns } else { &weights };
        let term = rig.layer.term().map(|_| {
            let count = |c: usize| counts.as_ref().map_or(1.0, |counts| counts[c]);
            (0..extent.columns(rig.output))
                .map(|c| count(c) * (1 + draws.below(8)) as f64 / 4.0)
                .collect()
        });
        if let Some(counts) = counts {
            for (column, &w) in upstream.chunks_mut(rig.output.features).zip(counts) {
                column.iter_mut().for_each(|r| *r *= w);
            }
        }
        Self {
            extent,
            mode: options.mode,
            stream: Stream::new(options.seed, "testkit/node"),
            inputs,
            params,
            upstream,
            samples: (0..examples as u64).map(|n| 100 + 7 * n).collect(),
            first: 0,
            examples: weights,
            columns,
            carry,
            term,
        }
    }

    /// What it looks like, for messages.
    pub(super) fn describe(&self) -> String {
        let Extent { examples, steps } = self.extent;
        let masked = if self.columns.is_some() { ", weighted" } else { "" };
        let carry = if self.carry.is_some() { ", with a carry" } else { "" };
        format!("{examples} examples × {steps} steps{masked}{carry}")
    }

    /// The part of `data` that a range of examples and steps has, for a signal of `shape` with
    /// `width` numbers per column.
    fn part<N: Copy>(&self, data: &[N], shape: Shape, width: usize, cut: &Cut) -> Vec<N> {
        let steps = if shape.sequence { cut.steps.clone() } else { 0..1 };
        steps
            .flat_map(|t| cut.examples.clone().map(move |n| t * self.extent.examples + n))
            .flat_map(|c| data[c * width..(c + 1) * width].iter().copied())
            .collect()
    }

    /// The same batch, of these examples and steps only.
    pub(super) fn cut(&self, rig: &Rig<'_>, cut: &Cut) -> Self {
        let inputs = rig.shapes.iter().zip(&self.inputs).map(|(&shape, data)| match data {
            Data::Dense(x) => Data::Dense(self.part(x, shape, shape.features, cut)),
            Data::Indices(x) => Data::Indices(self.part(x, shape, 1, cut)),
        });
        let (vector, sequence) = (Shape::vector(1), Shape::sequence(1));
        let carry = self.carry.as_ref().map(|carry| {
            let size = rig.layer.carry(rig.shapes);
            self.part(carry, vector, size, cut)
        });
        Self {
            extent: Extent { examples: cut.examples.len(), steps: cut.steps.len() },
            mode: self.mode,
            stream: self.stream,
            inputs: inputs.collect(),
            params: self.params.clone(),
            upstream: self.output_part(rig, &self.upstream, cut),
            samples: self.samples[cut.examples.clone()].to_vec(),
            first: self.first + cut.steps.start,
            examples: self.examples.as_ref().map(|w| self.part(w, vector, 1, cut)),
            columns: self.columns.as_ref().map(|w| self.part(w, sequence, 1, cut)),
            carry,
            term: self.term.as_ref().map(|w| self.part(w, rig.output, 1, cut)),
        }
    }

    /// The part of an output, or of its gradient, that belongs to `cut`.
    pub(super) fn output_part<N: Copy>(&self, rig: &Rig<'_>, y: &[N], cut: &Cut) -> Vec<N> {
        self.part(y, rig.output, rig.output.features, cut)
    }

    /// The part of what there is one of for each column of the output that belongs to `cut`.
    pub(super) fn output_columns(&self, rig: &Rig<'_>, values: &[f64], cut: &Cut) -> Vec<f64> {
        self.part(values, rig.output, 1, cut)
    }

    /// The part of the gradient of input `i` that belongs to `cut`.
    pub(super) fn input_part<N: Copy>(
        &self,
        rig: &Rig<'_>,
        i: usize,
        x: &[N],
        cut: &Cut,
    ) -> Vec<N> {
        self.part(x, rig.shapes[i], rig.shapes[i].features, cut)
    }
}

/// Some examples and steps of a batch.
pub(super) struct Cut {
    pub(super) examples: std::ops::Range<usize>,
    pub(super) steps: std::ops::Range<usize>,
}
