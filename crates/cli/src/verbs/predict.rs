//! `predict`: a prediction for every row, as CSV, chunk by chunk.

mod stream;

use crate::failure::Failure;
use crate::files::guard::{Delivery, Guard};
use crate::files::paths;
use crate::input::{data, ids};
use crate::output::advice::Advice;
use crate::output::console::Console;
use crate::output::predictions;
use crate::verbs::eval;
use crate::{args, interrupt};
use std::io::{self, Write};
use std::ops::ControlFlow;
use tanren_network::Predictor;
use tanren_plugin::{DataError, Schema, Table};

/// How many numbers a chunk of rows has, about.
const NUMBERS: usize = 1 << 18;

/// The most rows of a chunk, so that the first ones are soon there.
const ROWS: usize = 4096;

/// Runs the verb and returns the exit code.
pub(crate) fn predict(args: &args::Predict, console: &mut Console<'_>) -> Result<u8, Failure> {
    let model = paths::model(&args.model)?;
    if args.stream {
        let threshold = args.threshold.map(|given| eval::of_two(&model, given)).transpose()?;
        let (threshold, mut lines) = (threshold.unwrap_or(0.5), io::stdin().lock());
        return stream::stream(model, threshold, &mut lines, console.out).map(|()| 0);
    }
    let mut guard = Guard::new(&args.to);
    guard.model(&args.model, &model);
    args.data.iter().for_each(|data| guard.input(data, "the data"));
    guard.stdin(console);
    guard.check()?;
    let source = data::for_model((&model, &args.model), args.data.as_deref(), None)?;
    let settings = serde_json::to_value(&source).unwrap_or_default(); // else it names no files
    guard.source(&settings);
    let threshold = args.threshold.map(|given| eval::of_two(&model, given)).transpose()?;
    interrupt::listen();
    let schema = Schema { ids: Some(args.id.clone()), ..model.spec().schema().without_targets() };
    let width: usize = schema.inputs.iter().map(|input| input.width()).sum();
    let rows = (NUMBERS / width.max(1)).clamp(1, ROWS);
    let mut sheet = Sheet {
        predictor: Predictor::new(model),
        delivery: guard.begin()?,
        rows,
        threshold: threshold.unwrap_or(0.5),
        ids: &args.id,
        first: true,
        text: String::new(),
    };
    // Rows that a terminal shows are progress enough.
    let shown = matches!(sheet.delivery, Delivery::Stdout) && console.columns.is_some();
    let mut failure = None;
    let fail = |error| Failure::rows(source.in_line(Some(&schema), error), &settings);
    let mut predict = |stdout: &mut (dyn Write + Send)| {
        let mut see = |table: &Table| match sheet.add(table, stdout, &fail) {
            Ok(true) => ControlFlow::Continue(()),
            Ok(false) => ControlFlow::Break(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        };
        let read = source.chunks_for(&schema, rows, &mut see);
        read.map_err(|error| Failure::rows(error, &settings))
    };
    let notes = match shown {
        true => predict(console.out)?,
        false => console.busy_writing("predicting", predict)?,
    };
    if let Some(failure) = failure {
        return Err(failure);
    }
    notes.iter().for_each(|note| console.note(Advice::Nothing.say(note)));
    sheet.delivery.finish().map(|()| 0)
}

/// The predictions as they are written.
struct Sheet<'a> {
    predictor: Predictor,
    /// The columns that are to be copied beside the predictions.
    ids: &'a [String],
    delivery: Delivery,
    /// How many rows are predicted at once.
    rows: usize,
    /// How probable the second of two classes must be.
    threshold: f64,
    /// Whether nothing is written yet.
    first: bool,
    text: String,
}

impl Sheet<'_> {
    /// Predicts all rows of a table. `false` when nobody reads on.
    fn add(
        &mut self,
        table: &Table,
        stdout: &mut (dyn Write + Send),
        fail: &dyn Fn(DataError) -> Failure,
    ) -> Result<bool, Failure> {
        ids::check(table, self.ids)?;
        let all: Vec<usize> = (0..table.rows).collect();
        for rows in all.chunks(self.rows) {
            if let Some(signal) = interrupt::caught() {
                let left = match self.delivery {
                    Delivery::Stdout => "",
                    Delivery::File(..) => "; no file was written",
                };
                return Err(Failure::new(signal.kind(), format!("{}{left}", signal.words())));
            }
            let predicted = self.predictor.table(table, rows).map_err(fail)?;
            let predictions = predicted.to_vec();
            self.text.clear();
            let header = std::mem::take(&mut self.first);
            predictions::lines(
                &mut self.text,
                (self.predictor.model(), self.threshold),
                &predictions,
                Some((table, rows)),
                header,
            );
            if !self.delivery.write(&self.text, stdout)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
