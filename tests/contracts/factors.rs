//! A function of one's own through the loop: M ≈ U V, matrix factorisation without a network.
//!
//! f(U, V) = Σ (Mᵢⱼ − (U V)ᵢⱼ)² / n over the known entries of a batch of rows. Source: Koren, Bell,
//! Volinsky (2009), *Matrix factorization techniques for recommender systems*. Proves a task of one's
//! own, with validation and checkpoints; and, with [`Averaged`], that workers need no other loop.

use crate::averaged::{Averaged, Exchange};
use crate::harness::same;
use std::collections::BTreeMap;
use tanren_network::TensorFile;
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Ask, Carries, Clock, Ending, Evaluation, Layout, Load, Number, Objective, Offers, Task,
    TaskError, Watched,
};
use tanren_tensor::Stream;
use tanren_trainer::{State, TrainingSpec, fit};
use tanren_updaters::Momentum;

const ROWS: usize = 12;
const COLUMNS: usize = 7;
const RANK: usize = 2;

/// All entries but every fifth, which validate. `rows` are those of a worker; a batch is a third of them.
struct Factors {
    layout: Layout,
    rows: Vec<usize>,
    batch: usize,
}

fn entry(i: usize, j: usize) -> f64 {
    let (i, j) = (i as f64, j as f64);
    (0.5 * i).sin() * (0.8 * j).cos() + 0.3 * (0.9 * i).cos() * j.sin()
}

const fn held_out(i: usize, j: usize) -> bool {
    (i + 2 * j).is_multiple_of(5)
}

impl Factors {
    fn new(rows: impl IntoIterator<Item = usize>) -> Self {
        let layout = Layout::vector(RANK * (ROWS + COLUMNS));
        Self { layout, rows: rows.into_iter().collect(), batch: 0 }
    }

    /// Mean squared error of the chosen entries of these rows.
    fn error(
        rows: &[usize],
        chosen: impl Fn(usize, usize) -> bool,
        x: &[f64],
        mut gradient: Option<&mut [f64]>,
    ) -> f64 {
        let entries = || rows.iter().flat_map(|&i| (0..COLUMNS).map(move |j| (i, j)));
        let entries = || entries().filter(|&(i, j)| chosen(i, j));
        let (n, mut total) = (entries().count() as f64, 0.0);
        if let Some(gradient) = &mut gradient {
            gradient.fill(0.0);
        }
        for (i, j) in entries() {
            let (u, v) = (RANK * i, RANK * (ROWS + j));
            let e = (0..RANK).map(|k| x[u + k] * x[v + k]).sum::<f64>() - entry(i, j);
            total += e * e / n;
            for k in 0..RANK {
                if let Some(g) = &mut gradient {
                    g[u + k] += 2.0 * e * x[v + k] / n;
                    g[v + k] += 2.0 * e * x[u + k] / n;
                }
            }
        }
        total
    }

    fn part(&self) -> &[usize] {
        let len = self.rows.len() / 3;
        &self.rows[self.batch * len..][..len]
    }
}

impl Objective<f64> for Factors {
    fn offers(&self) -> Offers {
        Offers::BOTH
    }
    fn layout(&self) -> &Layout {
        &self.layout
    }
    fn evaluate(&mut self, x: &[f64], ask: Ask<'_, f64>) -> Evaluation {
        Evaluation::loss(Self::error(self.part(), |i, j| !held_out(i, j), x, ask.gradient))
    }
}

impl Task<f64> for Factors {
    fn batches(&self) -> usize {
        3
    }
    fn load(&mut self, _: Clock, batch: usize, _: &Carries<f64>) -> Result<Load, TaskError> {
        self.batch = batch;
        let known = |&i: &usize| (0..COLUMNS).filter(|&j| !held_out(i, j)).count();
        let weight = self.part().iter().map(known).sum::<usize>() as f64;
        Ok(Load { weight, samples: self.part().len() as u64 })
    }
    fn score(&mut self, rows: Watched, x: &[f64]) -> Result<BTreeMap<String, Number>, TaskError> {
        let all: Vec<usize> = (0..ROWS).collect();
        let known = |i, j| held_out(i, j) == (rows == Watched::Validation);
        Ok([("loss".to_owned(), Number(Self::error(&all, known, x, None)))].into())
    }
}

fn training() -> TrainingSpec {
    let search = LearningRate::constant(0.5);
    TrainingSpec::new(search).updater(Momentum { momentum: 0.8.into() }).epochs(150)
}

fn start() -> State<f64> {
    let mut draws = Stream::new(5, "factors").sample(0);
    let x: Vec<f64> = (0..RANK * (ROWS + COLUMNS)).map(|_| 0.3 * draws.normal()).collect();
    let n = x.len();
    State::start(x, n, &training())
}

fn run(task: &mut dyn Task<f64>, training: &TrainingSpec, state: &mut State<f64>) -> Ending {
    fit(training, task, state, &mut (), &mut |_| Ok(false)).unwrap()
}

#[test]
fn a_function_of_ones_own_is_trained_validated_and_resumed() {
    let (training, mut state) = (training(), start());
    assert_eq!(run(&mut Factors::new(0..ROWS), &training, &mut state), Ending::Completed);
    let [first, .., last] = &state.history[..] else { panic!() };
    let (before, after) = (first.validation["loss"].0, last.validation["loss"].0);
    assert!(after < 0.05 * before, "{before} before, {after} after");
    assert_eq!((state.clock.iteration, state.clock.samples), (450, 150 * 12));
    assert!(state.best.is_some());

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let mut half = start();
    run(&mut Factors::new(0..ROWS), &training.clone().epochs(70), &mut half);
    half.save_as(&path, "factors").unwrap();
    let mut resumed = start();
    resumed.restore_as(&path, "factors").unwrap();
    run(&mut Factors::new(0..ROWS), &training, &mut resumed);
    same(&resumed.parameters, &state.parameters);
    assert!(start().restore_as(&path, "other").unwrap_err().to_string().contains("other"));

    // One of a version whose checkpoints did not say their format.
    let mut older = TensorFile::read(&path).unwrap();
    older.entries.remove("checkpoint");
    older.write(&path).unwrap();
    let said = start().restore_as(&path, "factors").unwrap_err().to_string();
    assert!(said.contains("checkpoint format") && said.contains("another version"), "{said}");
}

/// Two workers, each with every other row, against one with the joined batches: equal to rounding, since
/// sums run in another order (1e-9 after 450 steps).
#[test]
fn two_workers_are_one_with_the_joined_batch() {
    let training = training();
    let exchange = Exchange::between(2);
    // Batch k of the one worker holds batches k of the two.
    let joined = [0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11];
    let worker = |rows: [usize; 6]| {
        let mut state = start();
        let mut task = Averaged::new(Factors::new(rows), &exchange);
        run(&mut task, &training, &mut state);
        state
    };
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(|| worker([0, 2, 4, 6, 8, 10]));
        let other = scope.spawn(|| worker([1, 3, 5, 7, 9, 11]));
        (one.join().unwrap(), other.join().unwrap())
    });
    same(&one.parameters, &other.parameters);
    let mut alone = start();
    run(&mut Factors::new(joined), &training, &mut alone);
    assert_eq!((one.clock, one.cursor), (alone.clock, alone.cursor));
    for (two, one) in one.parameters.iter().zip(&alone.parameters) {
        assert!((two - one).abs() < 1e-9, "{two} and {one}");
    }
}
