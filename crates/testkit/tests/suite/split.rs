//! The split check: right ones pass, and each wrong one breaks the rule that is about its fault.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use tanren_plugin::*;
use tanren_tensor::Stream;
use tanren_testkit::split;

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    LosesARow,
    NothingToTrainOn,
    Counts,
    DividesByRows,
    Anonymous,
    RefusesEverything,
}

/// Every row by chance, but for the first one, which is for training.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Coin {
    fault: Fault,
    #[serde(skip)]
    asked: AtomicU64,
}

impl Checked for Coin {}

#[typetag::serde(name = "testkit/coin")]
impl Split for Coin {
    fn split(&self, table: &Table, stream: Stream) -> Result<Vec<Part>, DataError> {
        if self.fault == Fault::DividesByRows {
            assert_eq!(10 % table.rows, 10 / table.rows % 2, "an odd table");
        }
        if table.rows == 0 || self.fault == Fault::RefusesEverything {
            let name = if self.fault == Fault::Anonymous { "" } else { &table.name };
            return Err(DataError::new(name, "expected rows, found none"));
        }
        let sample = match self.fault {
            Fault::Counts => self.asked.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
        let mut draws = stream.sample(sample);
        let rows = table.rows - usize::from(self.fault == Fault::LosesARow);
        let part = |row: usize| match draws.below(3) {
            _ if row == 0 && self.fault != Fault::NothingToTrainOn => Part::Train,
            0 if self.fault != Fault::NothingToTrainOn => Part::Train,
            1 => Part::Validation,
            _ => Part::Test,
        };
        Ok((0..rows).map(part).collect())
    }
}

fn coin(fault: Fault) -> Coin {
    Coin { fault, ..Coin::default() }
}

#[test]
fn right_splits_pass() {
    split(&coin(Fault::None), &split::table(1, 40, false));
    split(&coin(Fault::None), &split::table(1, 40, true));
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::LosesARow, "every-row"),
        (Fault::NothingToTrainOn, "train"),
        (Fault::Counts, "pure"),
        (Fault::DividesByRows, "panic"),
        (Fault::Anonymous, "place"),
        (Fault::RefusesEverything, "refuses"),
    ] {
        let outcome = tanren_testkit::split::check(&coin(fault), &split::table(1, 40, false));
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}
