//! The source check: right ones pass, and each wrong one breaks the rule that is about its fault.

use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use tanren_plugin::*;
use tanren_testkit::{source, source_refuses};

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    /// One number less than rows and features promise.
    TooShort,
    /// The numbers of rows fall.
    Numbers,
    /// Another number whenever it is opened.
    Counts,
    /// Targets whether they are wanted or not.
    UnwantedTargets,
    /// The first feature is read last when a schema asks for it.
    Shuffles,
    /// The last row is in no chunk.
    LosesTheLast,
    /// It reads on when nobody wants more.
    GoesOn,
    /// It has data for a path where there are none.
    Everywhere,
    Panics,
    Refuses,
    RefusesWithoutPlace,
    RefusesOnce,
    PanicsForSchema,
}

/// Four rows of two numbers, one of them missing, and a class.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Rows {
    fault: Fault,
    #[serde(skip)]
    asked: AtomicU64,
}

impl Checked for Rows {}

#[typetag::serde(name = "testkit/rows")]
impl Source for Rows {
    fn open(&self) -> Result<Table, DataError> {
        let count = self.asked.fetch_add(1, Ordering::Relaxed);
        let refusal = |name| Err(DataError::new(name, "expected rows, found none").row(3));
        match self.fault {
            Fault::Panics => panic!("no file"),
            Fault::Refuses | Fault::PanicsForSchema => return refusal("rows"),
            Fault::RefusesOnce if count == 0 => return refusal("rows"),
            Fault::RefusesWithoutPlace => return refusal(""),
            _ => {}
        }
        let mut values = vec![1.0, 2.0, f64::NAN, 4.0, 5.0, 6.0, 7.0, 8.0];
        match self.fault {
            Fault::TooShort => drop(values.pop()),
            Fault::Counts => values[0] = count as f64,
            _ => {}
        }
        let features = ["x", "y"].map(Feature::number).to_vec();
        let levels = ["a", "b"].map(String::from).to_vec();
        Ok(Table {
            name: "rows".into(),
            rows: 4,
            inputs: vec![Field::numbers("input", features, values)],
            targets: vec![Field::classes("class", levels, vec![0, 1, 1, 0])],
            numbers: (self.fault == Fault::Numbers).then(|| vec![3, 2, 1, 0]),
            ..Table::default()
        })
    }

    fn at(&self, _: &Path, _: Option<&str>) -> Result<Option<Plugin<dyn Source>>, DataError> {
        Ok((self.fault == Fault::Everywhere).then(|| Rows::default().into()))
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        assert!(self.fault != Fault::PanicsForSchema, "no schema");
        let mut table = self.open()?;
        if self.fault != Fault::UnwantedTargets {
            table.targets.truncate(schema.targets.len());
        }
        if self.fault == Fault::Shuffles {
            let Values::Double(values) = &mut table.inputs[0].values else { return Ok(table) };
            values.chunks_mut(2).for_each(<[f64]>::reverse);
        }
        Ok(table)
    }

    fn chunks_for(
        &self,
        schema: &Schema,
        rows: usize,
        see: &mut dyn FnMut(&Table) -> ControlFlow<()>,
    ) -> Result<Vec<String>, DataError> {
        let table = self.open_for(schema)?;
        let end = if self.fault == Fault::LosesTheLast { 3 } else { table.rows };
        for first in (0..end).step_by(rows) {
            let chunk: Vec<usize> = (first..end.min(first + rows)).collect();
            if see(&table.select(&chunk)).is_break() && self.fault != Fault::GoesOn {
                break;
            }
        }
        Ok(table.notes)
    }
}

fn rows(fault: Fault) -> Rows {
    Rows { fault, ..Rows::default() }
}

#[test]
fn right_sources_pass() {
    source(&rows(Fault::None));
    assert_eq!(source_refuses(&rows(Fault::Refuses)).row, Some(3));
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::TooShort, "table"),
        (Fault::Numbers, "numbers"),
        (Fault::Counts, "same"),
        (Fault::UnwantedTargets, "schema"),
        (Fault::Shuffles, "schema"),
        (Fault::LosesTheLast, "chunks"),
        (Fault::GoesOn, "chunks"),
        (Fault::Everywhere, "refuses"),
        (Fault::Panics, "panic"),
        (Fault::Refuses, "opens"),
    ] {
        let outcome = tanren_testkit::source::check(&rows(fault));
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

#[test]
fn each_wrong_refusal_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::None, "refuses"),
        (Fault::RefusesWithoutPlace, "place"),
        (Fault::RefusesOnce, "refuses"),
        (Fault::PanicsForSchema, "panic"),
        (Fault::Panics, "panic"),
    ] {
        let outcome = tanren_testkit::source::refused(&rows(fault));
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}
