//! Values of directions and schedules, and what a recipe may say.

mod schedules;

use crate::{LearningRate, Steepest, Step, Unit};
use std::num::NonZeroU64;
use tanren_plugin::{
    Clock, Direction, DirectionMemory, Evaluated, Line, Offers, Plugin, Point, Schedule, Search,
};

#[test]
fn steepest_is_minus_the_gradient() {
    let mut direction = [f32::NAN; 3];
    let mut memory = DirectionMemory::default();
    let kernel = Steepest {};
    kernel.kernels().at::<f32>().direction(
        &Evaluated::new(Clock::default(), &[7.0; 3], &[1.0, -2.5, 0.0]),
        &mut memory,
        &mut direction,
    );
    assert_eq!(direction, [-1.0, 2.5, 0.0]);
    assert_eq!(Steepest {}.needs(), Offers::GRADIENT);
}

#[test]
fn a_staircase_falls_exactly_at_its_steps() {
    let clock =
        |epoch| Clock { epoch, iteration: 100 * epoch, samples: 3200 * epoch, ..Clock::default() };
    let mut step =
        Step { value: 0.5, factor: 0.5, every: NonZeroU64::new(10).unwrap(), unit: Unit::Epochs };
    let at: Vec<f64> = [0, 9, 10, 19, 20, 30].map(|e| step.at(clock(e))).to_vec();
    assert_eq!(at, [0.5, 0.5, 0.25, 0.25, 0.125, 0.0625]);
    step.unit = Unit::Iterations;
    assert_eq!(step.at(clock(1)), 0.5 * 0.5f64.powi(10));
    step.unit = Unit::Samples;
    assert_eq!(step.at(clock(1)), 0.5 * 0.5f64.powi(320));
    let end = Clock { samples: u64::MAX, ..Clock::default() };
    assert_eq!(step.at(end), 0.0);
}

#[test]
fn a_learning_rate_is_known_in_advance() {
    struct Parabola;
    impl Line for Parabola {
        fn start(&self) -> Point {
            Point { step: 0.0, value: 1.0, slope: -2.0 }
        }
        fn value(&mut self, step: f64) -> Point {
            Point { step, value: (step - 1.0).powi(2), slope: f64::NAN }
        }
        fn value_and_slope(&mut self, step: f64) -> Point {
            Point { slope: 2.0 * (step - 1.0), ..self.value(step) }
        }
    }
    let rate = LearningRate::constant(0.25);
    assert_eq!(rate.rate(Clock::default()), Some(0.25));
    assert_eq!(LearningRate::default().rate(Clock::default()), Some(0.01));
    assert!(rate.needs().missing(Offers::GRADIENT).is_none());
    let point = rate.search(Clock::default(), &mut Parabola, &mut []).unwrap();
    assert_eq!((point.step, point.value), (0.25, 0.5625));
}

#[test]
fn recipes_are_read() {
    let text = r#"
        type = "learning-rate"
        rate = { type = "step", value = 0.1, every = 20, unit = "samples" }
    "#;
    let search: Plugin<dyn Search> = toml::from_str(text).unwrap();
    let rate = |samples| search.rate(Clock { samples, ..Clock::default() }).unwrap();
    assert_eq!((rate(19), rate(20)), (0.1, 0.1 * 0.1));
    let json = serde_json::to_string(&search).unwrap();
    let again: Plugin<dyn Search> = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), json);

    let default: Plugin<dyn Search> = serde_json::from_str(r#""learning-rate""#).unwrap();
    assert_eq!(default.rate(Clock::default()), Some(0.01));
    let steepest: Plugin<dyn Direction> = serde_json::from_str(r#""steepest""#).unwrap();
    assert_eq!(serde_json::to_string(&steepest).unwrap(), r#"{"type":"steepest"}"#);
}

#[test]
fn a_recipe_names_what_it_refuses() {
    let refused = |text: &str, part: &str| {
        let error = toml::from_str::<Plugin<dyn Schedule>>(text).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    };
    refused("type = 'step'\nvalue = 0.1\nevery = 0", "every: expected at least 1, found 0");
    refused("type = 'step'\nvalue = 0.1\nevery = 1\nunit = 'days'", "days");
    refused("type = 'step'\nvalue = 0.1\nevery = 1\nbogus = 1", "bogus");
    refused("type = 'constant'", "value");
    refused("type = 'constant'\nvalue = 1.0\nbogus = 1", "bogus");
    let error = toml::from_str::<Plugin<dyn Direction>>("type = 'steepest'\nbogus = 1");
    assert!(error.unwrap_err().to_string().contains("bogus"));
    let error = toml::from_str::<Plugin<dyn Search>>("type = 'learning-rate'\nbogus = 1");
    assert!(error.unwrap_err().to_string().contains("bogus"));
}
