//! Truncated back-propagation through time, as a recipe's setting: what it leaves alone, what it cuts off, and
//! what it refuses.

use crate::harness::{Until, field, offsets, random};
use std::ops::ControlFlow;
use tanren::layers::Reverse;
use tanren::network::Parameters;
use tanren::plugin::{Clock, Layer, Table, Values};
use tanren::prelude::*;
use tanren::tensor::Shape;

/// Sequences of these lengths, with a class at every step.
fn sequences(lengths: &[usize]) -> Table {
    let columns = lengths.iter().sum();
    let of = |name, shape, seed| field(name, shape, random(shape, columns, seed), offsets(lengths));
    let inputs = vec![of("x", Shape::sequence(2), 1)];
    let targets = vec![of("y", Shape { sequence: true, ..Shape::index(3) }, 2)];
    Table { name: "test".into(), rows: lengths.len(), inputs, targets, ..Table::default() }
}

/// A recurrent network, trained on all rows in one batch.
fn recipe(
    layer: impl Into<Plugin<dyn Layer>>,
    truncation: impl Into<Option<Truncation>>,
) -> Recipe {
    let split = RandomSplit { test: 0.0, validation: 0.0 };
    let data = DataSpec::new(Iris {}, split);
    let network = NetworkSpec::chain([layer.into(), Dense::new(3).into()]);
    let training = TrainingSpec::new(LearningRate::constant(0.05)).updater(Adam::default());
    let training = TrainingSpec { truncation: truncation.into(), ..training.epochs(3).batch(64) };
    let recipe = Recipe::new(data, network.loss(CrossEntropy::default()), training);
    recipe.precision(Arithmetic::Double)
}

fn train(recipe: &Recipe, table: &Table, threads: usize) -> Trained {
    let setup = recipe.prepare_table(table.clone()).unwrap();
    setup.train(&mut (), &Options { threads, ..Options::default() }).unwrap()
}

fn refusal(recipe: &Recipe, table: &Table) -> String {
    recipe.prepare_table(table.clone()).unwrap_err().to_string()
}

const LENGTHS: [usize; 5] = [7, 12, 1, 5, 12];

#[test]
fn segments_as_long_as_the_sequences_are_no_segments() {
    let table = sequences(&LENGTHS);
    let layers: [fn() -> Plugin<dyn Layer>; 3] =
        [|| Lstm::new(4).into(), || Gru::new(4).into(), || Rnn::new(4).into()];
    for layer in layers {
        let whole = train(&recipe(layer(), None), &table, 1);
        for steps in [12, 13, usize::MAX] {
            for truncation in [Truncation::new(steps), Truncation::new(steps).backward(usize::MAX)]
            {
                let cut = train(&recipe(layer(), truncation), &table, 1);
                assert_eq!(cut.model.parameters(), whole.model.parameters(), "{truncation:?}");
                assert_eq!((cut.steps, cut.samples), (whole.steps, whole.samples));
            }
        }
        let cut = train(&recipe(layer(), Truncation::new(5)), &table, 1);
        assert_ne!(cut.model.parameters(), whole.model.parameters());
        assert_eq!((cut.steps, cut.samples), (3 * whole.steps, whole.samples));
    }
}

/// The gradients of all updates, and what each of them counts.
#[derive(Default)]
struct Gradients(Vec<(f64, Vec<f64>)>);

impl Observer for Gradients {
    fn wants(&self, _: Clock) -> Wants {
        Wants::GRADIENT | Wants::STEP
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        match event {
            Event::Gradient { values, .. } => {
                self.0.push((0.0, values.iter().collect()));
            }
            Event::Step { load, .. } => self.0.last_mut().unwrap().0 = load.weight,
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// The mean of the gradients of all segments, where no step is taken.
fn mean_gradient(truncation: Option<Truncation>) -> Vec<f64> {
    let mut recipe = recipe(Lstm::new(3), truncation);
    recipe.training.updaters.clear();
    recipe.training.search = LearningRate::constant(1e-300).into(); // no step is as large as rounding
    recipe.training.epochs = 1;
    let mut seen = Gradients::default();
    let setup = recipe.prepare_table(sequences(&LENGTHS)).unwrap();
    setup.train(&mut seen, &Options::default()).unwrap();
    let total: f64 = seen.0.iter().map(|(weight, _)| weight).sum();
    assert_eq!(total, LENGTHS.iter().sum::<usize>() as f64, "every step counts once");
    (0..seen.0[0].1.len()).map(|i| seen.0.iter().map(|(w, g)| w * g[i] / total).sum()).collect()
}

/// Where gradients reach back to the start, the segments of a sequence have the gradient of the whole. Where
/// they reach less far, they have another one, which comes closer with every step.
#[test]
fn a_window_that_reaches_back_loses_nothing() {
    let whole = mean_gradient(None);
    let far = |truncation: Truncation| {
        let gradient = mean_gradient(Some(truncation));
        let difference = whole.iter().zip(&gradient).map(|(a, b)| (a - b).powi(2));
        difference.sum::<f64>().sqrt()
    };
    for forward in [1, 2, 3, 5, 12] {
        assert!(far(Truncation::new(forward).backward(12 + forward)) < 1e-15, "{forward}");
    }
    let distances: Vec<f64> =
        [2, 4, 8].map(|backward| far(Truncation::new(2).backward(backward))).into();
    assert!(distances[0] > 1e-5, "{distances:?}");
    assert!(distances.is_sorted_by(|a, b| a > b), "{distances:?}");
}

#[test]
fn threads_change_nothing() {
    let table = sequences(&[40; 9]);
    let mut recipe = recipe(Lstm::new(40), Truncation::new(10).backward(15));
    recipe.training.batch = 4;
    let one = train(&recipe, &table, 1);
    for threads in [2, 3, 8] {
        assert_eq!(train(&recipe, &table, threads).model.parameters(), one.model.parameters());
    }
}

/// Labels that are shorter than their inputs: the other steps count nothing, and what they hold does not
/// matter.
#[test]
fn steps_without_labels_carry_states() {
    let mut table = sequences(&[8, 8]);
    let mut weights = vec![0.0; 16];
    weights[6..8].fill(1.0);
    weights[14..16].fill(1.0);
    table.step_weights = Some(weights);
    let recipe = recipe(Gru::new(3), Truncation::new(2));
    let trained = train(&recipe, &table, 1);
    assert_eq!((trained.steps, trained.samples), (3, 6), "one segment of four has labels");
    let mut other = table.clone();
    if let Values::Indices(classes) = &mut other.targets[0].values {
        classes[..6].iter_mut().for_each(|class| *class = (*class + 1) % 3);
    }
    let again = train(&recipe, &other, 1);
    assert_eq!(again.model.parameters(), trained.model.parameters());
    assert_eq!(again.train, trained.train, "nor do scores look at them");

    // The state comes from the steps before: other inputs there make another model.
    let mut other = table.clone();
    if let Values::Double(numbers) = &mut other.inputs[0].values {
        numbers[0] += 1.0;
    }
    assert_ne!(train(&recipe, &other, 1).model.parameters(), trained.model.parameters());
    table.step_weights = Some(vec![0.0; 16]);
    let setup = recipe.prepare_table(table).unwrap();
    let error = setup.train(&mut (), &Options::default()).unwrap_err().to_string();
    assert!(error.contains("no step counts"), "{error}");
}

/// Nor do normalisers learn from what stands at steps without labels, or scores fail where many sequences have
/// none.
#[test]
fn what_stands_at_steps_without_labels_is_not_there() {
    let lengths = [70; 140];
    let mut table = sequences(&lengths);
    let columns = 70 * 140;
    let numbers = |filling: f64| {
        let known = |at: usize| 100.0 + (at % 7) as f64;
        let value = |at: usize| if at < 70 * 135 { filling } else { known(at) };
        field(
            "y",
            Shape::sequence(1),
            Values::Double((0..columns).map(value).collect()),
            offsets(&lengths),
        )
    };
    table.step_weights = Some((0..columns).map(|at| f64::from(u8::from(at >= 70 * 135))).collect());
    let mut recipe = recipe(Rnn::new(2), Truncation::new(35));
    let network = NetworkSpec::chain([Rnn::new(2).into(), Dense::new(1).into()]);
    recipe.network = network.loss(Mse {});
    recipe.data = recipe.data.normalize_targets(Standardize {});
    recipe.training.batch = 140;
    recipe.training.epochs = 1;
    let train_with = |filling: f64| {
        let target = numbers(filling);
        train(&recipe, &Table { targets: vec![target], ..table.clone() }, 1)
    };
    let (zeros, others) = (train_with(0.0), train_with(-5e3));
    assert_eq!(zeros.model.parameters(), others.model.parameters());
    assert_eq!(zeros.train, others.train);
    assert_eq!(zeros.baseline.train, others.baseline.train);
    // The mean of what is known is no better and no worse than itself.
    assert!(zeros.baseline.train.get("r2").unwrap().abs() < 1e-9, "{:?}", zeros.baseline.train);

    // A loss that is not defined for a filling does not see it.
    recipe.network.loss = Some(tanren::losses::Hinge::default().into());
    recipe.data.targets.clear();
    let signs = |at: usize| if at < 70 * 135 { 0.0 } else { [-1.0, 1.0][at % 2] };
    let signs = Values::Double((0..columns).map(signs).collect());
    table.targets = vec![field("y", Shape::sequence(1), signs, offsets(&lengths))];
    assert_eq!(train(&recipe, &table, 1).steps, 2);
}

/// A run that is interrupted between two segments goes on from the state it was in.
#[test]
fn a_run_goes_on_in_the_middle_of_a_sequence() {
    let table = sequences(&LENGTHS);
    let mut recipe = recipe(Gru::new(3), Truncation::new(3).backward(5));
    recipe.training.batch = 2;
    let setup = recipe.prepare_table(table.clone()).unwrap();
    let whole = setup.train(&mut (), &Options::default()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for stop in [1, 2, 6, 9] {
        let checkpoint = Some(folder.path().join(format!("{stop}")));
        let options = Options { checkpoint, ..Options::default() };
        setup.train(&mut Until(stop), &options).unwrap();
        let options = Options { resume: true, ..options };
        let resumed = setup.train(&mut (), &options).unwrap();
        assert_eq!(resumed.model.parameters(), whole.model.parameters(), "after {stop}");
        assert_eq!(resumed.steps, whole.steps);
    }
}

/// Sequences that are longer than what is evaluated at a time are predicted and scored as in one piece.
#[test]
fn long_sequences_are_predicted_piece_by_piece() {
    let table = sequences(&[150, 3, 64, 65]);
    let mut recipe = recipe(Lstm::new(5), Truncation::new(20));
    recipe.training.epochs = 1;
    let trained = train(&recipe, &table, 1);
    let together = trained.model.predict(&table, &[0, 1, 2, 3]).unwrap();
    let alone =
        (0..4).flat_map(|row| trained.model.predict(&table, &[row]).unwrap()[0].values.clone());
    assert_eq!(
        alone.collect::<Vec<_>>(),
        together[0].values,
        "a ragged batch is its rows one by one"
    );

    // The same network, made to see whole sequences by a layer that reads them from the end.
    let spec = trained.model.spec().clone();
    let Parameters::Double(parameters) = trained.model.parameters() else { panic!() };
    let data = tanren::network::Prepared::<f64>::new(&table, &spec.inputs, &spec.targets).unwrap();
    let network = spec.assemble().unwrap();
    let mut runner = tanren::network::Runner::new(&network);
    let mut gather = tanren::network::Gather::default();
    let batch = gather.batch(&data, &[0, 1, 2, 3]);
    let mut whole = tanren::network::Predictions::new(3);
    runner.predict(&network, parameters, &batch, &mut |_, _, signal| {
        whole.append(signal, [150, 3, 64, 65].into_iter());
    });
    assert_eq!(whole.values, together[0].values);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let table = sequences(&LENGTHS);
    let cut = Truncation::new(4);
    for (layer, why) in [
        (Plugin::from(Bidirectional::new(Lstm::new(2))), "begins at the end of a sequence"),
        (Reverse {}.into(), "turned round from its end"),
    ] {
        let error = refusal(&recipe(layer, cut), &table);
        assert!(error.contains("training.truncation") && error.contains(why), "{error}");
    }
    let mut one = table.clone();
    one.targets = vec![field("y", Shape::index(3), Values::Indices(vec![0, 1, 2, 0, 1]), None)];
    let mut last = recipe(Rnn::new(2), cut);
    last.network.layers.insert(1, LastStep {}.into());
    assert!(refusal(&last, &one).contains("is known at its end only"));
    last.training.truncation = None;
    assert!(last.prepare_table(one).is_ok());

    let mut vectors = recipe(Dense::new(2), cut);
    vectors.data.source = Iris {}.into();
    let error = vectors.prepare().unwrap_err().to_string();
    assert!(error.contains("training.truncation") && error.contains("none in iris"), "{error}");
    let error = refusal(&recipe(Rnn::new(2), cut.backward(3)), &table);
    assert!(error.contains("training.truncation.backward"), "{error}");
    assert!(error.contains("would be lost") && error.contains('3'), "{error}");
    let error = refusal(&recipe(Rnn::new(2), Truncation::new(0)), &table);
    assert!(error.contains("training.truncation.forward"), "{error}");
}
