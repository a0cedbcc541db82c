//! Predictions as a CSV table, alone or beside the truth.
//!
//! For classes, `prediction` is the most probable class and `p_<class>` the probability of each;
//! for numbers, `prediction` is in the target's own units. Where there is more than one target,
//! its name stands before these. The columns by which people know the rows come first.

use crate::files::history::quoted;
use crate::output::console::one_line;
use std::fmt::Write as _;
use tanren_network::{Model, Parameters, PortSpec, Predictions};
use tanren_plugin::{Field, Table, Texts, predicted_class};

/// Appends one line for each row of a table or, where there is a prediction at each, each step of its sequence, by a
/// model and how probable the second of two classes must be; below a header if one is wanted. Without a table,
/// nothing is known of the lines but their predictions.
pub(crate) fn lines(
    text: &mut String,
    model: (&Model, f64),
    predictions: &[Predictions],
    table: Option<(&Table, &[usize])>,
    header: bool,
) {
    let outputs = outputs(model, predictions);
    let stepwise = outputs.iter().all(Output::at_each_step);
    if header {
        let header = outputs.iter().flat_map(|o| o.header().into_iter().map(|c| o.column(&c)));
        let step = table.and_then(|_| step_of(&outputs, "step"));
        let header: Vec<String> = step.into_iter().chain(header).collect();
        let ids = table.map_or_else(Vec::new, |(table, _)| names_of_ids(table, &header));
        line(text, ids.into_iter().chain(header));
    }
    let mut known = table.into_iter().flat_map(|(table, rows)| {
        let steps = move |row: usize| if stepwise { table.steps(row).len() } else { 1 };
        let lines = rows.iter().flat_map(move |&row| (0..steps(row)).map(move |step| (row, step)));
        lines.map(move |(row, step)| (table, row, step))
    });
    for n in 0..outputs.iter().map(Output::lines).min().unwrap_or(0) {
        let known = known.next().map(|(table, row, step)| {
            ids_of(table, row).chain(step_of(&outputs, step)).collect::<Vec<_>>()
        });
        let cells = outputs.iter().flat_map(|output| output.cells(n));
        line(text, known.into_iter().flatten().chain(cells));
    }
}

/// A cell for the step of a sequence, if there is a prediction at each.
fn step_of(outputs: &[Output<'_>], step: impl ToString) -> Option<String> {
    outputs.iter().all(Output::at_each_step).then(|| step.to_string())
}

/// The names of the ids, none of which is that of another column.
fn names_of_ids(table: &Table, others: &[String]) -> Vec<String> {
    let name = |ids: &Texts| {
        let mut name = ids.name.clone();
        while others.contains(&quoted(&name)) {
            name.insert_str(0, "id_");
        }
        quoted(&name)
    };
    table.ids.iter().map(name).collect()
}

/// The texts by which people know a row.
fn ids_of(table: &Table, row: usize) -> impl Iterator<Item = String> {
    let text = move |ids: &Texts| quoted(ids.texts.get(row).map_or("", |text| text));
    table.ids.iter().map(text)
}

/// The same with the number of the row and the truth, which `table` has for these rows. With
/// `most_wrong`, the rows that are predicted worst stand first: those in which the true class is least
/// probable, or the number is off the most. With several targets the first one counts.
pub(crate) fn beside_the_truth(
    model: (&Model, f64),
    predictions: &[Predictions],
    (table, rows): (&Table, &[usize]),
    most_wrong: bool,
) -> String {
    let outputs = outputs(model, predictions);
    let truths = truths(table, rows);
    let mut text = String::new();
    let header = outputs.iter().zip(&truths).flat_map(|(output, truth)| {
        let columns = truth.header().into_iter().chain(output.header());
        columns.map(|column| output.column(&column)).collect::<Vec<_>>()
    });
    let first = std::iter::once("row".to_owned()).chain(step_of(&outputs, "step"));
    let mut header: Vec<String> = first.chain(header).collect();
    header.splice(1..1, names_of_ids(table, &header));
    line(&mut text, header.into_iter());
    for n in order(&outputs, &truths, most_wrong) {
        let (row, step) = truths.first().map_or((n, 0), |truth| (truth.rows[n], truth.step(n)));
        let known = std::iter::once(table.number(row).to_string()).chain(ids_of(table, row));
        let known = known.chain(step_of(&outputs, step));
        let cells = outputs.iter().zip(&truths);
        let cells = cells.flat_map(|(o, t)| t.cells(n).into_iter().chain(o.cells(n)));
        line(&mut text, known.chain(cells));
    }
    text
}

/// The lines, in the order of the rows or, with `most_wrong`, from the one that is predicted worst.
fn order(outputs: &[Output<'_>], truths: &[Truth<'_>], most_wrong: bool) -> Vec<usize> {
    let lines = outputs.iter().map(Output::lines).chain(truths.iter().map(Truth::lines));
    let mut order: Vec<usize> = (0..lines.min().unwrap_or(0)).collect();
    if let (true, Some(output), Some(truth)) = (most_wrong, outputs.first(), truths.first()) {
        let wrong: Vec<f64> = order.iter().map(|&n| output.wrong(n, truth)).collect();
        order.sort_by(|&a, &b| wrong[b].total_cmp(&wrong[a]));
    }
    order
}

/// Numbers of a row that are shown; of more, the first ones.
const SHOWN: usize = 8;

/// The rows that are predicted worst, a few of them, in words: of the first target.
pub(crate) fn worst(
    model: (&Model, f64),
    predictions: &[Predictions],
    (table, rows): (&Table, &[usize]),
) -> String {
    let outputs = outputs(model, predictions);
    let truths = truths(table, rows);
    let (Some(output), Some(truth)) = (outputs.first(), truths.first()) else {
        return String::new();
    };
    let classes = truth.field.spec.shape.indices;
    // Of what is predicted rightly nothing is wrong, however unsure the prediction is.
    let wrong = |&n: &usize| truth.known(n) && truth.cells(n).first() != output.cells(n).first();
    let lines = order(&outputs, &truths, true).into_iter().filter(wrong).take(WORST);
    let mut text = String::new();
    for n in lines {
        let said = |mut cells: Vec<String>| {
            let all = cells.len();
            if all > SHOWN {
                cells.truncate(SHOWN - 2);
                cells.push(format!("… ({all} numbers)"));
            }
            one_line(&cells.join(" "))
        };
        let step = step_of(&outputs, truth.step(n)).map(|step| format!(", step {step}"));
        let row = format!("{}{}", table.number(truth.rows[n]), step.unwrap_or_default());
        let cells = output.cells(n);
        let (predicted, sure) = match classes {
            true => (cells.first().cloned().into_iter().collect(), {
                let p = output.probabilities(n).into_iter().fold(f64::NAN, f64::max);
                format!(", {p:.3} probable")
            }),
            false => (output.values(n).iter().map(|x| short(*x)).collect(), String::new()),
        };
        let truth = match classes {
            true => truth.cells(n),
            false => truth.values(n).into_iter().map(short).collect(),
        };
        let (predicted, truth) = (said(predicted), said(truth));
        let _ = writeln!(text, "  row {row}: {predicted} instead of {truth}{sure}");
    }
    if text.is_empty() { text } else { format!("\nMost wrong\n{text}") }
}

/// A number in few digits.
fn short(x: f64) -> String {
    match x.abs() {
        a if a == 0.0 || (1e-3..1e6).contains(&a) => format!("{x:.4}"),
        _ => format!("{x:.3e}"),
    }
}

/// The rows that are named as predicted worst.
const WORST: usize = 5;

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join(","));
}

/// The predictions of a model, of which the second of two classes is one from a threshold on.
fn outputs<'a>(
    (model, threshold): (&'a Model, f64),
    predictions: &'a [Predictions],
) -> Vec<Output<'a>> {
    let single = matches!(model.parameters(), Parameters::Single(_));
    let several = predictions.len() > 1;
    let pairs = predictions.iter().zip(&model.spec().targets);
    let output = |(predictions, target)| Output { predictions, target, single, several, threshold };
    pairs.map(output).collect()
}

/// The truth of one target.
struct Truth<'a> {
    table: &'a Table,
    /// The number of the target.
    target: usize,
    field: &'a Field,
    /// The row of each line.
    rows: Vec<usize>,
    /// The column of each line.
    columns: Vec<usize>,
}

/// The truth of every target.
fn truths<'a>(table: &'a Table, rows: &[usize]) -> Vec<Truth<'a>> {
    (0..table.targets.len()).map(|target| Truth::new(table, target, rows)).collect()
}

impl<'a> Truth<'a> {
    fn new(table: &'a Table, target: usize, rows: &[usize]) -> Self {
        let field = &table.targets[target];
        let columns = rows.iter().flat_map(|&row| field.columns(row)).collect();
        let rows = rows.iter().flat_map(|&row| field.columns(row).map(move |_| row)).collect();
        Self { table, target, field, rows, columns }
    }

    fn lines(&self) -> usize {
        self.columns.len()
    }

    /// Which step of its sequence a line is.
    fn step(&self, line: usize) -> usize {
        self.columns[line] - self.field.columns(self.rows[line]).start
    }

    /// Whether the truth of a line is known: of a sequence it need not be at every step.
    fn known(&self, line: usize) -> bool {
        self.table.step_weight(self.field, self.columns[line]) > 0.0
    }

    fn values(&self, line: usize) -> Vec<f64> {
        let mut values = Vec::new();
        self.field.read(self.columns[line], &mut values);
        if let Some(Some(frame)) = self.table.frames.get(self.target) {
            frame.to_own_units((self.rows[line], self.table.rows), &mut values);
        }
        values
    }

    fn header(&self) -> Vec<String> {
        match self.field.width() {
            1 => vec!["truth".into()],
            n => (0..n).map(|k| format!("truth_{}", self.field.spec.feature_name(k))).collect(),
        }
    }

    fn cells(&self, line: usize) -> Vec<String> {
        let values = self.values(line);
        if !self.known(line) {
            return vec![String::new(); values.len()];
        }
        match self.field.spec.shape.indices {
            true => values.iter().map(|&x| quoted(&class(&self.field.spec.levels, x))).collect(),
            false => values.iter().map(|x| format!("{x:?}")).collect(),
        }
    }
}

/// The name of a class.
fn class(levels: &[String], index: f64) -> String {
    levels.get(index as usize).cloned().unwrap_or_else(|| index.to_string())
}

/// The predictions of one target.
struct Output<'a> {
    predictions: &'a Predictions,
    target: &'a PortSpec,
    /// Whether the numbers were computed in single precision.
    single: bool,
    /// Whether there are other outputs.
    several: bool,
    /// How probable the second of two classes must be.
    threshold: f64,
}

impl Output<'_> {
    fn lines(&self) -> usize {
        self.predictions.values.len() / self.predictions.features.max(1)
    }

    /// Whether there is a prediction at each step of a sequence.
    fn at_each_step(&self) -> bool {
        self.target.field.shape.sequence
    }

    fn values(&self, line: usize) -> &[f64] {
        let features = self.predictions.features;
        &self.predictions.values[line * features..(line + 1) * features]
    }

    /// The full name of a column.
    fn column(&self, name: &str) -> String {
        match self.several {
            true => quoted(&format!("{}_{name}", self.target.field.name)),
            false => quoted(name),
        }
    }

    fn header(&self) -> Vec<String> {
        let features = self.predictions.features;
        let mut header = Vec::new();
        if self.target.field.shape.indices {
            header.push("prediction".into());
            header.extend((0..features.max(2)).map(|k| format!("p_{}", self.class(k))));
        } else if features == 1 {
            header.push("prediction".into());
        } else {
            let names = (0..features).map(|k| self.target.field.feature_name(k));
            header.extend(names.map(|name| format!("prediction_{name}")));
        }
        header
    }

    /// The probability of every class.
    fn probabilities(&self, line: usize) -> Vec<f64> {
        match self.values(line) {
            // One number is the probability of the second of two classes.
            [p] => vec![1.0 - p, *p],
            all => all.to_vec(),
        }
    }

    fn cells(&self, line: usize) -> Vec<String> {
        if !self.target.field.shape.indices {
            return self.values(line).iter().map(|x| format!("{x:?}")).collect();
        }
        let probabilities = self.probabilities(line);
        let best = quoted(&self.class(predicted_class(&probabilities, self.threshold)));
        std::iter::once(best).chain(probabilities.iter().map(|&p| self.number(p))).collect()
    }

    /// How wrong a prediction is; least of all where nobody knows.
    fn wrong(&self, line: usize, truth: &Truth<'_>) -> f64 {
        if !truth.known(line) {
            return f64::NEG_INFINITY;
        }
        let truth = truth.values(line);
        match (self.target.field.shape.indices, truth.first()) {
            (true, Some(&level)) => {
                1.0 - self.probabilities(line).get(level as usize).copied().unwrap_or(0.0)
            }
            _ => self.values(line).iter().zip(&truth).map(|(a, b)| (a - b).abs()).sum(),
        }
    }

    fn class(&self, k: usize) -> String {
        class(&self.target.field.levels, k as f64)
    }

    /// The shortest text that reads back as the number that was computed.
    fn number(&self, x: f64) -> String {
        if self.single { format!("{:?}", x as f32) } else { format!("{x:?}") }
    }
}
