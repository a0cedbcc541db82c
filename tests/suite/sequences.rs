//! Ragged batches of any shape: a sequence is the same alone, whatever stands behind the ends of others, and
//! however it is cut into segments.

use crate::passes::{Passed, Sequences, numbers, pass};
use proptest::prelude::*;
use tanren::layers::{
    Bidirectional, CausalConvolution, Gru, LastStep, Lstm, Merge, Pooling, RationalTanh, Repeat,
    Reverse, Rnn, Softsign, Tanh, TimePooling,
};
use tanren::plugin::{Layer, Plugin, Precision};
use tanren::tensor::{Draws, Extent, Shape, Stream};

/// Layers that carry something on, of so many units.
fn carrying(units: usize) -> Vec<Plugin<dyn Layer>> {
    let kept = Lstm { gate_activation: Softsign {}.into(), ..Lstm::new(units) };
    vec![
        Rnn::new(units).into(),
        Rnn { activation: RationalTanh {}.into(), ..Rnn::new(units).recurrent_dropout(0.5) }.into(),
        Rnn::new(units + 1).with_layer_norm().into(),
        Gru::new(units).into(),
        Gru::new(units).recurrent_dropout(0.5).into(),
        Gru::new(units).recurrent_dropout(0.5).with_layer_norm().into(),
        Gru::new(units).reset_before().into(),
        Gru::new(units).reset_before().recurrent_dropout(0.5).into(),
        Lstm::new(units).into(),
        kept.with_peepholes().recurrent_dropout(0.5).into(),
        Lstm::new(units + 1).with_layer_norm().into(),
        CausalConvolution::new(units, 1).into(),
        CausalConvolution::new(units, 3).activation(Tanh {}).into(),
        CausalConvolution::new(units, 2).dilation(3).without_bias().into(),
    ]
}

/// Layers that see the whole of a sequence.
fn whole(units: usize) -> Vec<Plugin<dyn Layer>> {
    vec![
        Bidirectional::new(Lstm::new(units).recurrent_dropout(0.5)).into(),
        Bidirectional::new(Gru::new(units)).merge(Merge::Multiply).into(),
        Bidirectional::new(CausalConvolution::new(units, 2)).merge(Merge::Average).into(),
        Reverse {}.into(),
        LastStep {}.into(),
        TimePooling::default().into(),
        TimePooling { pooling: Pooling::Sum }.into(),
        TimePooling { pooling: Pooling::Max }.into(),
        Repeat {}.into(),
    ]
}

/// A layer, its parameters and a ragged batch for it.
struct Case<T> {
    layer: Plugin<dyn Layer>,
    input: Shape,
    output: Shape,
    parameters: Vec<T>,
    lengths: Vec<usize>,
    batch: Sequences<T>,
}

/// The sizes of a case, and where its numbers come from.
#[derive(Clone, Debug)]
struct Sizes {
    features: usize,
    units: usize,
    steps: usize,
    lengths: Vec<usize>,
    seed: u64,
}

fn sizes() -> impl Strategy<Value = Sizes> {
    let lengths = |steps: usize| (prop::collection::vec(1..=steps, 1..6), Just(steps));
    (1..5usize, 1..6usize, (1..10usize).prop_flat_map(lengths), any::<u64>()).prop_map(
        |(features, units, (lengths, steps), seed)| Sizes { features, units, steps, lengths, seed },
    )
}

impl<T: Precision> Case<T> {
    fn new(layer: &Plugin<dyn Layer>, sizes: &Sizes) -> Self {
        let Sizes { features, steps, lengths, .. } = sizes;
        let sequence = Shape::sequence(*features);
        let input = match layer.output(&[sequence]) {
            Ok(_) => sequence,
            Err(_) => Shape::vector(*features),
        };
        let output = layer.output(&[input]).unwrap();
        let extent = Extent { examples: lengths.len(), steps: *steps };
        let mut draws = Stream::new(sizes.seed, "sequences").sample(0);
        let mut normals = |len| normal::<T>(&mut draws, 1.0, len);
        let parameters = normals(layer.params(&[input]).iter().map(|spec| spec.len()).sum());
        let mask = (0..*steps)
            .flat_map(|t| lengths.iter().map(move |&length| T::of(f64::from(u8::from(t < length)))))
            .collect::<Vec<_>>();
        let mut dy = normals(extent.len(output));
        if output.sequence {
            let columns = dy.chunks_mut(output.features).zip(&mask);
            columns.for_each(|(dy, &goes_on)| dy.iter_mut().for_each(|dy| *dy *= goes_on));
        }
        let batch = Sequences {
            extent,
            samples: (0..lengths.len() as u64).map(|n| 5 + 3 * n).collect(),
            x: normals(extent.len(input)),
            mask,
            first: 0,
            start: normals(layer.carry(&[input]) * lengths.len()),
            after: *steps,
            dy,
        };
        let (layer, lengths) = (layer.clone(), lengths.clone());
        Self { layer, input, output, parameters, lengths, batch }
    }

    fn pass(&self, batch: &Sequences<T>) -> Passed<T> {
        pass(&*self.layer, self.input, &self.parameters, batch)
    }

    /// Of numbers that have a column of a shape for each example, and of a sequence for each step, those of
    /// some examples and steps.
    fn part(
        &self,
        data: &[T],
        shape: Shape,
        examples: std::ops::Range<usize>,
        steps: std::ops::Range<usize>,
    ) -> Vec<T> {
        let steps = if shape.sequence { steps } else { 0..1 };
        let columns = steps.flat_map(|t| examples.clone().map(move |n| (t, n)));
        let all = self.batch.extent.examples;
        let column = |(t, n)| &data[(t * all + n) * shape.features..][..shape.features];
        columns.flat_map(|at| column(at).iter().copied()).collect()
    }

    /// Those examples and steps of the batch, from another start.
    fn cut(
        &self,
        examples: std::ops::Range<usize>,
        steps: std::ops::Range<usize>,
        start: Vec<T>,
        after: usize,
    ) -> Sequences<T> {
        let part = |data, shape| self.part(data, shape, examples.clone(), steps.clone());
        Sequences {
            extent: Extent { examples: examples.len(), steps: steps.len() },
            samples: self.batch.samples[examples.clone()].to_vec(),
            x: part(&self.batch.x, self.input),
            mask: part(&self.batch.mask, Shape::sequence(1)),
            first: steps.start,
            start,
            after,
            dy: part(&self.batch.dy, self.output),
        }
    }

    /// Every sequence by itself, without padding, gives what it gives in the batch.
    fn alone(&self, tolerance: f64) {
        let all = self.pass(&self.batch);
        let carry = Shape::vector(self.layer.carry(&[self.input]).max(1));
        let carried = |data: &[T], n: usize| match data.is_empty() {
            true => Vec::new(),
            false => self.part(data, carry, n..n + 1, 0..1),
        };
        let mut sums = vec![0.0; all.gradients.len()];
        for (n, &length) in self.lengths.iter().enumerate() {
            let start = carried(&self.batch.start, n);
            let alone = self.pass(&self.cut(n..n + 1, 0..length, start, length));
            let part = |data, shape| self.part(data, shape, n..n + 1, 0..length);
            self.same("y", &alone.y, &part(&all.y, self.output));
            self.same("last", &alone.last, &carried(&all.last, n));
            // A vector that is repeated is repeated in padding, too, where nothing is asked of it.
            self.same("dx", &alone.dx, &part(&all.dx, self.input));
            sums.iter_mut().zip(&alone.gradients).for_each(|(sum, g)| *sum += g.f64());
        }
        let largest = sums.iter().fold(1.0, |largest: f64, sum| largest.max(sum.abs()));
        for (sum, all) in sums.iter().zip(&all.gradients) {
            let off = (sum - all.f64()).abs() / largest;
            assert!(off <= tolerance, "{}: {sum} and {all}", self.layer.typetag_name());
        }
    }

    /// What stands behind the ends of sequences changes no bit.
    fn padded(&self, draws: &mut Draws) {
        if !self.input.sequence {
            return;
        }
        let mut other = self.batch.clone();
        for (x, mask) in other.x.chunks_mut(self.input.features).zip(&self.batch.mask) {
            if *mask == T::ZERO {
                x.copy_from_slice(&normal(draws, 1e3, x.len()));
            }
        }
        let (one, other) = (self.pass(&self.batch), self.pass(&other));
        for (n, &length) in self.lengths.iter().enumerate() {
            let part = |y| self.part(y, self.output, n..n + 1, 0..length);
            self.same("y", &part(&other.y), &part(&one.y));
        }
        self.same("last", &other.last, &one.last);
        self.same("gradients", &other.gradients, &one.gradients);
        self.same("dx", &other.dx, &one.dx);
    }

    /// Segments that begin at these steps, each of which reads so many steps of the next one, give the bits of
    /// one piece.
    fn segments(&self, begins: &[usize], beyond: usize) {
        let (all, steps) = (self.pass(&self.batch), self.batch.extent.steps);
        let examples = 0..self.lengths.len();
        let mut start = self.batch.start.clone();
        for (i, &begin) in begins.iter().enumerate() {
            let next = begins.get(i + 1).copied().unwrap_or(steps);
            let end = steps.min(next + beyond);
            let segment = self.cut(examples.clone(), begin..end, start, next - begin);
            let segment = self.pass(&segment);
            self.same(
                "y",
                &segment.y,
                &self.part(&all.y, self.output, examples.clone(), begin..end),
            );
            start = segment.last;
        }
        self.same("last", &start, &all.last);
    }

    fn same(&self, what: &str, a: &[T], b: &[T]) {
        let bits = |x: &[T]| x.iter().map(|x| x.f64().to_bits()).collect::<Vec<_>>();
        let name = self.layer.typetag_name();
        assert!(bits(a) == bits(b), "{what} of {name}: {a:?} and {b:?}");
    }
}

fn normal<T: Precision>(draws: &mut Draws, size: f64, len: usize) -> Vec<T> {
    numbers(&(0..len).map(|_| size * draws.normal()).collect::<Vec<_>>())
}

fn both(layer: &Plugin<dyn Layer>, sizes: &Sizes, begins: Option<(&[usize], usize)>) {
    let mut draws = Stream::new(sizes.seed, "padding").sample(0);
    let (double, single) = (Case::<f64>::new(layer, sizes), Case::<f32>::new(layer, sizes));
    match begins {
        Some((begins, beyond)) => {
            double.segments(begins, beyond);
            single.segments(begins, beyond);
        }
        None => {
            double.alone(1e-13);
            single.alone(1e-6);
            double.padded(&mut draws);
            single.padded(&mut draws);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn are_the_same_alone_and_whatever_pads_them(sizes in sizes()) {
        for layer in carrying(sizes.units).iter().chain(&whole(sizes.units)) {
            both(layer, &sizes, None);
        }
    }

    #[test]
    fn are_the_same_however_they_are_cut(
        sizes in sizes(),
        cuts in prop::collection::btree_set(1..10usize, 0..4),
        beyond in 0..3usize,
    ) {
        let cuts = cuts.into_iter().filter(|&cut| cut < sizes.steps);
        let begins: Vec<usize> = [0].into_iter().chain(cuts).collect();
        for layer in carrying(sizes.units) {
            both(&layer, &sizes, Some((&begins, beyond)));
        }
    }
}
