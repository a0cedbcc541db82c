//! The sanity checks: is the gradient the derivative of the loss, and can the network overfit a few
//! rows? If one of them fails, longer training does not help.

use super::sequences;
use crate::failure::Failure;
use serde::{Serialize, Serializer};
use std::ops::ControlFlow;
use tanren_data::Strata;
use tanren_network::{BatchObjective, Gather, Runner};
use tanren_plugin::{
    Ask, Block, BlockKind, Clock, Event, Field, Number, Objective as _, Observer, Part, Reason,
    Table, gradient,
};
use tanren_trainer::{Ending, Keep, Options, Rows, Scores, Setup};

/// Number of rows to overfit.
const ROWS: usize = 20;
/// Number of derivatives that are checked in each block of parameters.
const COORDINATES: usize = 50;
/// There are at most `ROUNDS` · `UPDATES` updates. Schedules see `ROUNDS` epochs, so that the
/// learning rate stays near its first value.
const ROUNDS: u64 = 10;
const UPDATES: u64 = 200;
/// For regression: rows count as fitted from this R² on.
const R2: f64 = 0.99;
/// Parameters are moved by about this much before the check, because a bias of 0 on an input of 0
/// is a kink of ReLU.
const OFFSET: f64 = 1e-2;
const OFFSET_OF_ZEROS: f64 = 0.3;

/// What the gradient check found in one block of parameters.
#[derive(Debug, Serialize)]
pub(crate) struct Checked {
    /// Its path.
    pub(crate) name: String,
    /// Number of derivatives that were checked.
    pub(crate) checked: usize,
    /// What is wrong, if so.
    pub(crate) wrong: Option<String>,
}

/// The result of overfitting a few rows. The names of its fields are keys of the JSON object.
#[derive(Debug, Serialize)]
pub(crate) struct ByHeart {
    pub(crate) rows: usize,
    pub(crate) updates: u64,
    /// Whether the rows were fitted.
    pub(crate) learnt: bool,
    /// The score that decides, by name.
    pub(crate) score: &'static str,
    #[serde(serialize_with = "finite_or_null")]
    pub(crate) value: Number,
    pub(crate) diverged: bool,
    /// Whether all these rows have the same target.
    pub(crate) constant: bool,
    /// Pairs of these rows with equal inputs but different targets.
    pub(crate) contradictions: usize,
}

/// JSON has no number that is not finite; `diverged` tells why there is none.
fn finite_or_null<S: Serializer>(value: &Number, to: S) -> Result<S::Ok, S::Error> {
    Some(value.0).filter(|x| x.is_finite()).serialize(to)
}

/// A few training rows, stratified by class, as a setup of their own.
fn few(setup: &Setup) -> Result<Setup, Failure> {
    let stream = setup.recipe.seed.stream("first aid");
    let mut strata = Strata::new(&setup.table, setup.rows.train.iter().copied(), stream)?;
    let rows = strata.take(ROWS.min(strata.len()));
    let all: Vec<usize> = (0..rows.len()).collect();
    let table = setup.table.select(&rows);
    let mut few = Setup {
        recipe: setup.recipe.clone(),
        given_weights: table.weights.clone(),
        table,
        opened: setup.opened,
        parts: vec![Part::Train; rows.len()],
        rows: Rows { train: all.clone(), validation: all, test: Vec::new() },
        spec: setup.spec.clone(),
        network: setup.network.clone(),
        start: setup.start.clone(),
    };
    few.table.parts = None;
    sequences::shorten(&mut few.table);
    Ok(few)
}

/// Compares the gradient with differences of the loss in every block, on a few training rows and
/// in double precision. `None` when the objective has no value to compare with.
pub(crate) fn gradient(setup: &Setup) -> Result<Option<Vec<Checked>>, Failure> {
    let setup = few(setup)?;
    let (network, seed) = (&setup.network, setup.recipe.seed);
    let data = setup.prepared::<f64>()?;
    let (mut runner, mut gather) = (Runner::new(network), Gather::default());
    let batch = gather.batch(&data, &setup.rows.train);
    let mut objective = BatchObjective::new(network, &mut runner, batch, Clock::default(), seed)
        .map_err(tanren_trainer::TrainError::from)?;
    let offers = objective.offers();
    if !(offers.value && offers.gradient) {
        return Ok(None);
    }
    let mut ask = |at: &[f64], gradient: Option<&mut [f64]>| {
        objective.evaluate(at, Ask { penalty: true, gradient }).value()
    };
    let parameters = moved(&setup);
    let mut slopes = vec![f64::NAN; parameters.len()];
    ask(&parameters, Some(&mut slopes));
    let stream = seed.stream("first aid/coordinates");
    let blocks = network.layout().blocks().iter().filter(|block| block.trainable());
    let found = blocks.enumerate().map(|(b, block)| {
        let mut which: Vec<usize> = block.range.clone().collect();
        stream.sample(b as u64).shuffle(&mut which);
        which.truncate(COORDINATES);
        let at = &parameters;
        let smooth = network.smooth();
        let checked = gradient::check_some(&mut |p| ask(p, None), at, &slopes, &which, smooth);
        let wrong = checked.err().map(|failure| failure.to_string());
        Checked { name: block.path(), checked: which.len(), wrong }
    });
    Ok(Some(found.collect()))
}

/// The blocks of weights that start at zero, by their paths: no signal passes through them, and all
/// units of such a layer stay equal.
pub(crate) fn zeros(setup: &Setup) -> Vec<String> {
    let start = start(setup);
    let blocks = setup.network.layout().blocks().iter();
    let zeros = blocks.filter(|block| block.trainable() && zero(block, &start));
    zeros.map(Block::path).collect()
}

/// The parameters with which training begins.
fn start(setup: &Setup) -> Vec<f64> {
    let mut start: Vec<f64> = setup.network.initialize(setup.recipe.seed);
    setup.start.fill(setup.network.layout(), &mut start);
    start
}

/// Whether a block is one of weights, and all of them are zero.
fn zero(block: &Block, parameters: &[f64]) -> bool {
    let weights = matches!(block.kind, BlockKind::Weight | BlockKind::Recurrent);
    weights && parameters[block.range.clone()].iter().all(|&p| p == 0.0)
}

/// The initial parameters, each moved a little; weights that are zero are moved so far that the
/// derivatives before them can be seen.
fn moved(setup: &Setup) -> Vec<f64> {
    let (network, seed) = (&setup.network, setup.recipe.seed);
    let mut parameters = start(setup);
    let mut draws = seed.stream("first aid/offsets").sample(0);
    let mut offsets = vec![OFFSET; parameters.len()];
    for block in network.layout().blocks().iter().filter(|block| zero(block, &parameters)) {
        offsets[block.range.clone()].fill(OFFSET_OF_ZEROS);
    }
    parameters.iter_mut().zip(offsets).for_each(|(p, offset)| *p += offset * draws.normal());
    parameters
}

/// Trains on a few rows alone, without penalties, until they are fitted or time is up.
pub(crate) fn by_heart(setup: &Setup) -> Result<ByHeart, Failure> {
    let mut few = few(setup)?;
    few.spec.network.penalties.clear();
    few.network = few.spec.assemble().map_err(tanren_trainer::TrainError::from)?;
    let training = &mut few.recipe.training;
    (training.epochs, training.iterations, training.batch) = (ROUNDS, UPDATES, ROWS);
    (training.keep, training.stopping) = (Keep::Last, Vec::new());
    training.metrics.clear();
    let reachable = sequences::reachable(&few);
    let trained = few.train(&mut Learnt { reachable }, &Options::default())?;
    let (score, value) = deciding(&trained.train);
    Ok(ByHeart {
        rows: few.table.rows,
        updates: trained.steps,
        learnt: learnt(score, value, reachable),
        score,
        value: Number(value),
        diverged: matches!(trained.ending, Ending::Diverged { .. }),
        constant: constant(&few.table),
        contradictions: contradictions(&few.table),
    })
}

/// The score that tells whether rows are fitted.
fn deciding(scores: &Scores) -> (&'static str, f64) {
    let of = |name| scores.get(name).map(|score| (name, score));
    of("accuracy").or_else(|| of("r2")).unwrap_or(("loss", scores.loss()))
}

/// Whether rows are fitted, where no network can have a better accuracy than is `reachable`.
fn learnt(score: &str, value: f64, reachable: f64) -> bool {
    if score == "accuracy" { value >= reachable } else { value >= R2 }
}

/// Ends a run once its rows are fitted.
struct Learnt {
    reachable: f64,
}

impl Observer for Learnt {
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        if let Event::Epoch(record) = event {
            let mut scores = record.validation.iter();
            if scores.any(|(name, value)| {
                ["accuracy", "r2"].contains(&name.as_str()) && learnt(name, value.0, self.reachable)
            }) {
                return ControlFlow::Break(Reason("learnt".into()));
            }
        }
        ControlFlow::Continue(())
    }
}

/// The bits of all numbers of a row.
fn bits(fields: &[Field], row: usize) -> Vec<u64> {
    let mut numbers = Vec::new();
    for field in fields {
        field.columns(row).for_each(|column| field.read(column, &mut numbers));
    }
    numbers.iter().map(|x| x.to_bits()).collect()
}

/// Whether all rows have the same target.
fn constant(table: &Table) -> bool {
    let first = bits(&table.targets, 0);
    (1..table.rows).all(|row| bits(&table.targets, row) == first)
}

/// Pairs of rows with equal inputs and different targets: no network can learn both.
fn contradictions(table: &Table) -> usize {
    let rows: Vec<_> =
        (0..table.rows).map(|r| (bits(&table.inputs, r), bits(&table.targets, r))).collect();
    let pairs = rows.iter().enumerate().flat_map(|(i, a)| rows[..i].iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a.0 == b.0 && a.1 != b.1).count()
}
