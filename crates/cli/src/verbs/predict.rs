//! `predict`: a prediction for every row, as CSV.
//!
//! For classes, `prediction` is the most probable class and `p_<class>` the probability of each;
//! for numbers, `prediction` is in the target's own units. Where there is more than one target,
//! its name stands before these.

use crate::args;
use crate::failure::Failure;
use crate::files::guard::Guard;
use crate::files::history::quoted;
use crate::files::paths;
use crate::input::data;
use crate::output::console::Console;
use std::fmt::Write as _;
use tanren_network::{Model, Parameters, PortSpec, Predictions};

/// Runs the verb and returns the exit code.
pub(crate) fn predict(args: &args::Predict, console: &mut Console<'_>) -> Result<u8, Failure> {
    let model = paths::model(&args.model)?;
    let mut guard = Guard::new(&args.to);
    guard.model(&args.model, &model);
    args.data.iter().for_each(|data| guard.input(data, "the data"));
    guard.check()?;
    let source = data::for_model(&model, args.data.as_deref(), None)?;
    let table = source
        .open_for(&model.spec().schema().without_targets())
        .map_err(|error| Failure::rows(&error))?;
    table.notes.iter().for_each(|note| console.say(format_args!("note: {note}")));
    let rows: Vec<usize> = (0..table.rows).collect();
    let predictions = model.predict(&table, &rows)?;
    guard.deliver(&csv(&model, &predictions), console).map(|()| 0)
}

fn csv(model: &Model, predictions: &[Predictions]) -> String {
    let single = matches!(model.parameters(), Parameters::Single(_));
    let several = predictions.len() > 1;
    let outputs: Vec<_> = predictions
        .iter()
        .zip(&model.spec().targets)
        .map(|(predictions, target)| Output { predictions, target, single })
        .collect();
    let mut text = String::new();
    let mut header: Vec<String> = Vec::new();
    for output in &outputs {
        let name = &output.target.field.name;
        let full = |column: String| if several { format!("{name}_{column}") } else { column };
        header.extend(output.header().into_iter().map(|column| quoted(&full(column))));
    }
    let _ = writeln!(text, "{}", header.join(","));
    let lines = outputs.iter().map(|o| o.predictions.values.len() / o.predictions.features.max(1));
    let mut cells = Vec::new();
    for line in 0..lines.min().unwrap_or(0) {
        cells.clear();
        for output in &outputs {
            output.cells(line, &mut cells);
        }
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}

/// The predictions of one target.
struct Output<'a> {
    predictions: &'a Predictions,
    target: &'a PortSpec,
    /// Whether the numbers were computed in single precision.
    single: bool,
}

impl Output<'_> {
    fn header(&self) -> Vec<String> {
        let features = self.predictions.features;
        let mut header = Vec::new();
        if self.target.field.shape.indices {
            header.push("prediction".into());
            header.extend((0..self.classes()).map(|k| format!("p_{}", self.class(k))));
        } else if features == 1 {
            header.push("prediction".into());
        } else {
            let names = (0..features).map(|k| self.target.field.feature_name(k));
            header.extend(names.map(|name| format!("prediction_{name}")));
        }
        header
    }

    fn cells(&self, line: usize, cells: &mut Vec<String>) {
        let features = self.predictions.features;
        let column = &self.predictions.values[line * features..(line + 1) * features];
        if self.target.field.shape.indices {
            // One number is the probability of the second of two classes.
            let both = |p: f64| vec![1.0 - p, p];
            let probabilities = if let [p] = column { both(*p) } else { column.to_vec() };
            // Of equal ones the last, as in scores.
            let best = probabilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            cells.push(quoted(&self.class(best.map_or(0, |(k, _)| k))));
            cells.extend(probabilities.iter().map(|&p| self.number(p)));
            return;
        }
        cells.extend(column.iter().map(|x| format!("{x:?}")));
    }

    fn classes(&self) -> usize {
        self.predictions.features.max(2)
    }

    fn class(&self, k: usize) -> String {
        self.target.field.levels.get(k).cloned().unwrap_or_else(|| k.to_string())
    }

    /// The shortest text that reads back as the number that was computed.
    fn number(&self, x: f64) -> String {
        if self.single { format!("{:?}", x as f32) } else { format!("{x:?}") }
    }
}
