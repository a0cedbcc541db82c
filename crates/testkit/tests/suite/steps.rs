//! The checks of directions, searches and schedules: right ones pass, wrong ones are caught.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use tanren_plugin::*;
use tanren_tensor::Real;
use tanren_testkit::{SearchOptions, direction, schedule, search, search_with};

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Way {
    #[default]
    Steepest,
    Uphill,
    Unwritten,
    /// −g plus all of the previous direction, which one day goes up.
    Headstrong,
    Infinite,
}

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
struct Go {
    way: Way,
}

impl Checked for Go {}

#[typetag::serde(name = "testkit/go")]
impl Direction for Go {
    fn memory(&self) -> MemorySpec {
        MemorySpec { vectors: 1, scalars: 0 }
    }
    fn conjugate(&self) -> bool {
        false
    }
    fn kernels(&self) -> DirectionKernels<'_> {
        DirectionKernels::of(self)
    }
}

impl<T: Real> DirectionKernel<T> for Go {
    fn direction(
        &self,
        at: &Evaluated<'_, T>,
        memory: &mut DirectionMemory<T>,
        direction: &mut [T],
    ) -> Heading {
        let gradient = at.gradient;

        let last = &mut memory.vectors[0];
        let skip = usize::from(self.way == Way::Unwritten);
        for ((d, &g), last) in direction.iter_mut().zip(gradient).zip(last).skip(skip) {
            *d = match self.way {
                Way::Uphill => g,
                Way::Headstrong => *last * T::of(1e3) - g,
                Way::Infinite => -g / g.abs(),
                _ => -g,
            };
            if self.way == Way::Headstrong {
                *last = g + *d; // not the direction itself, so exact steps do not cancel it
            }
        }
        if self.way == Way::Headstrong {
            memory.vectors[0].iter_mut().zip(gradient).for_each(|(l, &g)| *l = g);
        }
        Heading::unscaled()
    }
}

#[test]
fn directions() {
    direction(&Go::default());
    for (way, rule) in [
        (Way::Uphill, "descent"),
        (Way::Unwritten, "written-whole"),
        (Way::Headstrong, "descent"),
        (Way::Infinite, "finite"),
    ] {
        let failure = tanren_testkit::direction::check(&Go { way }).expect_err(&format!("{way:?}"));
        assert_eq!(failure.rule, rule, "{way:?}: {failure}");
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Manner {
    #[default]
    Halving,
    Fixed,
    NegativeRate,
    TakesAnything,
    Endless,
    Misreports,
    AsksForSlopes,
    /// It says that it needs nothing.
    AsksForValues,
}

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
struct Look {
    manner: Manner,
}

impl Checked for Look {}

#[typetag::serde(name = "testkit/look")]
impl Search for Look {
    fn needs(&self) -> Offers {
        Offers { value: self.manner != Manner::AsksForValues, gradient: false }
    }
    fn rate(&self, _: Clock) -> Option<f64> {
        match self.manner {
            Manner::Fixed => Some(0.1),
            Manner::NegativeRate => Some(-0.1),
            _ => None,
        }
    }
    fn search(&self, _: Clock, line: &mut dyn Line, _: &mut [f64]) -> Result<Point, SearchFailure> {
        let start = line.start();
        let mut step = 1.0;
        for _ in 0..if self.manner == Manner::Endless { 1000 } else { 60 } {
            let point = match self.manner {
                Manner::AsksForSlopes => line.value_and_slope(step),
                _ => line.value(step),
            };
            match self.manner {
                Manner::TakesAnything => return Ok(point),
                Manner::Endless => {}
                _ if point.value < start.value => {
                    let off = f64::from(u8::from(self.manner == Manner::Misreports));
                    return Ok(Point { value: point.value - off, ..point });
                }
                _ => {}
            }
            step /= 2.0;
        }
        Err(SearchFailure::NoDescent { slope: start.slope })
    }
}

#[test]
fn searches() {
    search(&Look::default());
    search(&Look { manner: Manner::Fixed });
    for (manner, rule) in [
        (Manner::NegativeRate, "rate"),
        (Manner::TakesAnything, "accepts"),
        (Manner::Endless, "ends"),
        (Manner::Misreports, "reports"),
        (Manner::AsksForSlopes, "needs"),
        (Manner::AsksForValues, "needs"),
    ] {
        let outcome = tanren_testkit::search::check(&Look { manner }, &SearchOptions::default());
        let failure = outcome.expect_err(&format!("{manner:?}"));
        assert_eq!(failure.rule, rule, "{manner:?}: {failure}");
    }
}

/// A search that looks near its start only is right where minima are there.
#[test]
fn minima_may_be_elsewhere() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Short {}
    impl Checked for Short {}
    #[typetag::serde(name = "testkit/short-sighted")]
    impl Search for Short {
        fn needs(&self) -> Offers {
            Offers::VALUE
        }
        fn rate(&self, _: Clock) -> Option<f64> {
            None
        }
        fn search(
            &self,
            _: Clock,
            line: &mut dyn Line,
            _: &mut [f64],
        ) -> Result<Point, SearchFailure> {
            let (start, point) = (line.start(), line.value(0.05));
            let lower = point.value < start.value;
            if lower { Ok(point) } else { Err(SearchFailure::Exhausted { best: None }) }
        }
    }
    let options = SearchOptions { minima: vec![0.05, 0.3], ..SearchOptions::default() };
    search_with(&Short {}, &options);
    let failure = tanren_testkit::search::check(&Short {}, &SearchOptions::default());
    assert_eq!(failure.unwrap_err().rule, "accepts");
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Tempo {
    Decay,
    Compounding,
    Explodes,
    Rises,
    OfIterations,
}

#[derive(Debug, Serialize, Deserialize)]
struct Beat {
    tempo: Tempo,
    #[serde(skip)]
    asked: AtomicU64,
}

impl Checked for Beat {}

#[typetag::serde(name = "testkit/beat")]
impl Schedule for Beat {
    fn at(&self, clock: Clock) -> f64 {
        let epoch = clock.epoch as f64;
        match self.tempo {
            Tempo::Decay => 0.99f64.powf(epoch),
            Tempo::Compounding => 1.0 / (1 + self.asked.fetch_add(1, Ordering::Relaxed)) as f64,
            Tempo::Explodes => 1.1f64.powf(epoch),
            Tempo::Rises => 1.0 - 0.99f64.powf(epoch),
            Tempo::OfIterations => 1.0 / (1.0 + clock.iteration as f64),
        }
    }
    fn extent(&self) -> Option<(f64, f64)> {
        Some((0.0, if matches!(self.tempo, Tempo::Rises) { 0.5 } else { f64::MAX }))
    }
    fn counts(&self) -> Counts {
        match self.tempo {
            Tempo::Decay | Tempo::OfIterations => Unit::Epochs.into(),
            _ => Counts::ANYTHING,
        }
    }
}

#[test]
fn schedules() {
    let beat = |tempo| Beat { tempo, asked: AtomicU64::new(0) };
    schedule(&beat(Tempo::Decay));
    for (tempo, rule) in [
        (Tempo::Compounding, "pure"),
        (Tempo::Explodes, "finite"),
        (Tempo::Rises, "bounds"),
        (Tempo::OfIterations, "counts"),
    ] {
        assert_eq!(tanren_testkit::schedule::check(&beat(tempo)).unwrap_err().rule, rule);
    }
}
