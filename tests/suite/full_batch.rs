//! Directions and searches on all rows at once: logistic regression beside SciPy
//! (`tests/reference/full_batch.py`), and every direction, search and updater together.

use crate::conformance;
use crate::harness::{assemble, prepared};
use serde::Deserialize;
use tanren::network::{BatchObjective, Gather, NetworkSpec, Runner};
use tanren::plugin::{
    Aimed, Clock, Direction, Motion, MotionState, Moving, Plugin, Search, Seed, Source, Stepper,
    Table, Updater, Values,
};
use tanren::prelude::*;

#[derive(Deserialize)]
struct Reference {
    rows: usize,
    loss: f64,
}

/// The digits with numbers from 0 to 1.
fn digits() -> Table {
    let mut table = Digits {}.open().unwrap();
    if let Values::Bytes(pixels) = &table.inputs[0].values {
        let pixels = pixels.iter().map(|&pixel| f64::from(pixel) / 16.0).collect();
        table.inputs[0].values = Values::Double(pixels);
    }
    table
}

/// As exactly as double precision allows, by every direction that gets there.
#[test]
fn logistic_regression_is_that_of_scipy() {
    let reference: Reference =
        serde_json::from_str(include_str!("../reference/full_batch.json")).unwrap();
    let table = digits();
    assert_eq!(table.rows, reference.rows);
    let spec = NetworkSpec::chain([Dense::new(10).into()])
        .loss(CrossEntropy::default())
        .penalty(L2 { strength: 1e-3.into() });
    let (network, data) = (assemble(&spec, &table), prepared::<f64>(&table));
    let (mut runner, mut gather) = (Runner::new(&network), Gather::default());
    let rows: Vec<usize> = (0..table.rows).collect();
    let batch = gather.batch(&data, &rows);
    let motions: [(Plugin<dyn Direction>, Plugin<dyn Search>); 3] = [
        (Lbfgs::default().into(), StrongWolfe::default().into()),
        (Lbfgs::default().into(), HagerZhang::default().into()),
        (ConjugateGradient::default().into(), HagerZhang::default().into()),
    ];
    for (direction, search) in &motions {
        let clock = Clock::default();
        let mut objective =
            BatchObjective::new(&network, &mut runner, batch, clock, Seed(1)).unwrap();
        let mut motion = Motion::new(search);
        motion.direction = Some(direction);
        let mut x = vec![0.0; network.layout().len()];
        let mut state = MotionState::new(&motion, &x);
        let mut stepper = Stepper::<f64>::new(network.layout());
        let mut value = f64::NAN;
        for _ in 0..3000 {
            let moving = Moving { clock, parameters: &mut x, state: &mut state };
            let at = stepper.evaluate(&mut objective, &motion, &moving, true);
            value = at.value();
            if stepper.gradient.iter().all(|g| g.abs() <= 1e-8) {
                break;
            }
            stepper.advance(&mut objective, at, &motion, moving);
        }
        let largest = stepper.gradient.iter().fold(0.0, |most: f64, g| most.max(g.abs()));
        assert!(largest <= 1e-8, "{direction:?} {search:?}: {largest:e}");
        let off = value - reference.loss;
        assert!(off.abs() <= 1e-10, "{direction:?} {search:?}: {off:e}");
    }
}

/// Twenty steps on all rows of iris through a hidden layer, where the loss is not convex: every formula of
/// conjugate gradients and every search.
#[test]
fn every_formula_and_search_lower_a_loss_that_is_not_convex() {
    let formulas = [
        Beta::PolakRibiere,
        Beta::FletcherReeves,
        Beta::HestenesStiefel,
        Beta::DaiYuan,
        Beta::HagerZhang,
    ];
    let directions = formulas.map(|beta| ConjugateGradient { beta, ..Default::default() }.into());
    let directions = directions.into_iter().chain([Lbfgs::default().into()]);
    let directions: Vec<Plugin<dyn Direction>> = directions.collect();
    let searches: [Plugin<dyn Search>; 3] = [
        Backtracking::default().into(),
        StrongWolfe::default().into(),
        HagerZhang::default().into(),
    ];
    let data = DataSpec::new(Iris {}, RandomSplit { test: 0.0, validation: 0.0 });
    let layers = [Dense::new(8).activation(Tanh {}).into(), Dense::new(3).into()];
    let network = NetworkSpec::chain(layers).loss(CrossEntropy::default());
    let training = TrainingSpec::new(LearningRate::default()).epochs(20);
    let mut recipe = Recipe::new(data.normalize(Standardize::default()), network, training);
    (recipe.training.batch, recipe.training.keep) = (usize::MAX, Keep::Last);
    for direction in &directions {
        for search in &searches {
            recipe.training.direction = Some(direction.clone());
            recipe.training.search = search.clone();
            let options = Options { threads: 1, ..Options::default() };
            let trained = recipe.prepare().unwrap().train(&mut (), &options).unwrap();
            let losses: Vec<f64> =
                trained.history.iter().map(|epoch| epoch.loss.unwrap().0).collect();
            let lower = losses.windows(2).all(|pair| pair[1] <= pair[0]);
            assert!(lower && losses[19] < 0.2 * losses[0], "{direction:?} {search:?}: {losses:?}");
        }
    }
}

/// Twenty steps on all digits, from a recipe: the loss is lower than before, whatever shapes the step; one
/// that needs to know the rate is refused by name where it is looked for.
#[test]
fn every_direction_search_and_updater_go_together() {
    let directions: [Option<Plugin<dyn Direction>>; 3] =
        [None, Some(ConjugateGradient::default().into()), Some(Lbfgs::default().into())];
    let searches: [Plugin<dyn Search>; 4] = [
        LearningRate::constant(0.01).into(),
        Backtracking::default().into(),
        StrongWolfe::default().into(),
        HagerZhang::default().into(),
    ];
    let updaters = conformance::updaters().into_iter().map(|updater| Some(Aimed::from(updater)));
    let updaters: Vec<Option<Aimed<dyn Updater>>> = updaters.chain([None]).collect();
    let data = DataSpec::new(Digits {}, RandomSplit { test: 0.0, validation: 0.0 });
    let network = NetworkSpec::chain([Dense::new(10).into()]).loss(CrossEntropy::default());
    // The number that `docs/optimizers.md` gives.
    assert_eq!(directions.len() * searches.len() * updaters.len(), 504);
    let mut recipe = Recipe::new(
        data.normalize(MinMax::default()),
        network,
        TrainingSpec::new(LearningRate::default()).epochs(20),
    );
    recipe.training.batch = usize::MAX;
    recipe.training.keep = Keep::Last;
    let (mut risen, mut refused) = (Vec::new(), Vec::new());
    for direction in &directions {
        for search in &searches {
            for updater in &updaters {
                let training = TrainingSpec {
                    direction: direction.clone(),
                    search: search.clone(),
                    updaters: updater.iter().cloned().collect(),
                    ..recipe.training.clone()
                };
                let recipe = Recipe { training, ..recipe.clone() };
                let options = Options { threads: 1, ..Options::default() };
                let setup = match recipe.prepare() {
                    Ok(setup) => setup,
                    Err(error) => {
                        refused.push(error.to_string());
                        continue;
                    }
                };
                let trained = setup.train(&mut (), &options).unwrap();
                let first = trained.history[0].loss.unwrap().0;
                let last = trained.train.get("loss").unwrap();
                if last.is_nan() || last >= first {
                    risen.push(format!("{direction:?} {search:?} {updater:?}: {first} to {last}"));
                }
            }
        }
    }
    // Two of schedule-free with three searches each, in three directions.
    let named = |search| {
        format!(
            "training.updaters[0]: expected a search with a rate, such as learning-rate, for \
             schedule-free, found {search}"
        )
    };
    let searches = ["backtracking", "strong-wolfe", "hager-zhang"].map(named);
    assert!(refused.iter().all(|said| searches.contains(said)), "{refused:?}");
    assert_eq!(refused.len(), 18);
    assert!(risen.is_empty(), "{} rose:\n{}", risen.len(), risen.join("\n"));
}
