//! `eval`: the scores of a model on data with known targets.

mod targets;

use crate::args::{self, Rows};
use crate::failure::{Failure, Kind};
use crate::files::guard::Guard;
use crate::files::{known_data, paths};
use crate::input::{data, ids};
use crate::output::advice::Advice;
use crate::output::console::Console;
use crate::output::evaluation;
use crate::output::figures::{counted, grouped};
use crate::output::predictions;
use crate::output::report;
use crate::output::summary;
use serde_json::{Value, json};
use tanren_network::{Model, Output, Parameters, PortSpec, Prepared, Runner};
use tanren_plugin::{
    self as plugin, DataError, Domain, Field, Fold, Metric, Part, Plugin, Seed, Split, Table,
    Values,
};
use tanren_trainer::metrics::{Auc, BalancedAccuracy, FBeta, Over, PrAuc, Precision, Recall};
use tanren_trainer::{
    Details, Scores, Scoring, TrainError, Trivial, evaluate_in_full, reference_scores,
};

/// Runs the verb and returns the exit code.
pub(crate) fn eval(args: &args::Eval, console: &mut Console<'_>) -> Result<u8, Failure> {
    let model = paths::model(&args.model)?;
    let mut guard = Guard::of("--predictions", args.predictions.as_deref(), args.force);
    guard.model(&args.model, &model);
    args.data.iter().for_each(|data| guard.input(data, "the data"));
    guard.stdin(console);
    guard.check()?;
    let given = (args.data.as_deref(), args.target.first().map(String::as_str));
    let source = data::for_model((&model, &args.model), given.0, given.1)?;
    let settings = serde_json::to_value(&source).unwrap_or_default(); // else it names no files
    guard.source(&settings);
    let fail = |error| Failure::rows(error, &settings);
    guard.check()?;
    let mut schema = model.spec().schema();
    targets::rename(&mut schema.targets, &args.target)?;
    schema.ids = args.predictions.is_some().then(|| args.id.clone());
    let reading = args.data.as_deref().map_or("reading the data".into(), data::reading);
    let table = console.busy(&reading, || source.open_for(&schema));
    let mut table = table.map_err(&fail)?;
    targets::restore(&mut table, &model.spec().targets);
    ids::check(&table, &args.id)?;
    if !args.json {
        table.notes.iter().for_each(|note| console.note(Advice::Nothing.say(note)));
    }
    let split = args.split.unwrap_or(match args.data {
        Some(_) if !trained_on(&model, &table) => Rows::All,
        _ => Rows::Test,
    });
    let rows = match split.part() {
        None => (0..table.rows).collect(),
        Some(part) => rows_of(&model, &table, part, &fail)?,
    };
    if rows.is_empty() {
        let error = DataError::new(&table.name, "expected rows to score, found none");
        return Err(fail(error));
    }
    let anew = match split {
        Rows::Validation | Rows::Test if trained_on(&model, &table) => {
            let file = paths::model_file(&args.model);
            file.parent().and_then(known_data::split_anew)
        }
        _ => None,
    };
    anew.filter(|_| !args.json).iter().for_each(|note| console.note(note));
    let threshold = args.threshold.map(|threshold| of_two(&model, threshold)).transpose()?;
    let scoring = scoring(&model, &unasked(&model, &table, &rows), console)?;
    let scoring = scoring.at_threshold(threshold.unwrap_or(0.5));
    let (scores, details, trivial, references) = console
        .busy("computing the scores", || match model.parameters() {
            Parameters::Single(parameters) => score(&model, parameters, &table, &rows, &scoring),
            Parameters::Double(parameters) => score(&model, parameters, &table, &rows, &scoring),
        })
        .map_err(|error| match error {
            TrainError::Data(error) => source.in_line(Some(&schema), error).into(),
            other => other,
        })
        .map_err(|error| Failure::training(error, &settings, Advice::Nothing))?;
    let by = (&model, scoring.threshold());
    let predicted = match args.json && args.predictions.is_none() {
        true => Vec::new(), // nothing is said of single rows
        false => console.busy("predicting", || model.predict(&table, &rows)).map_err(fail)?,
    };
    let which = split.name();
    let text = if args.json {
        let path = args.model.display().to_string();
        report::line(&json!({
            "schema_version": report::SCHEMA_VERSION,
            "status": "completed",
            which.as_str(): report::ByName(&scores),
            "baseline": trivial.as_ref().map(report::ByName),
            "references": report::rules(&references),
            "outputs": evaluation::json(&scores, &details),
            "rows": rows.len(),
            "split": which,
            "model": path,
            "findings": [],
            "notes": anew.map(str::to_owned).into_iter()
                .chain(report::not_finite([(which.as_str(), &scores)], &scoring))
                .collect::<Vec<_>>(),
        }))
    } else {
        let count = counted(rows.len(), "row");
        let bounds = details.iter().flat_map(|details| details.intervals.clone()).collect();
        let table_of_scores = summary::scores(
            &[(which.as_str(), Some(&scores))],
            trivial.as_ref(),
            &scoring,
            &bounds,
        );
        let more = evaluation::text(&scores, &details);
        let no_better = trivial.map_or(String::new(), |trivial| {
            let forecast = !references.is_empty();
            summary::no_better(&which, &scores, &trivial, scoring.directions(), forecast)
        });
        let worst = predictions::worst(by, &predicted, (&table, &rows));
        let rules = summary::references(&scores, &references);
        let scored = format!("{table_of_scores}{no_better}{rules}{more}{worst}");
        format!("{} on {count} ({which})\n\n{scored}", table.name)
    };
    if args.predictions.is_some() {
        let rows = (&table, &rows[..]);
        let beside = predictions::beside_the_truth(by, &predicted, rows, args.most_wrong);
        guard.deliver(&beside, console)?;
    }
    if guard.file().is_none() && args.predictions.is_some() {
        console.say(text.trim_end()); // standard output has the predictions
        return Ok(0);
    }
    console.result(&text).map(|()| 0)
}

/// How many times as many rows as the rarest class the most frequent one has where accuracy says little.
const IMBALANCE: f64 = 4.0;
/// The most classes of which each has a score of its own.
const CLASSES: usize = 12;

/// The scores of answers of 0 or 1, one by one; or those that say what accuracy does not where the classes of
/// the only target are far from equally frequent.
fn unasked(model: &Model, table: &Table, rows: &[usize]) -> Vec<Plugin<dyn Metric>> {
    let [target] = &table.targets[..] else { return Vec::new() };
    if let [output] = model.network().outputs()
        && asks(output)
    {
        return if answered(target, rows) { of_answers(target) } else { Vec::new() };
    }
    let mut counts = vec![0_usize; target.spec.shape.features];
    match &target.values {
        Values::Indices(classes) if !target.spec.shape.sequence => {
            let classes = rows.iter().filter_map(|&row| classes.get(row));
            classes.filter_map(|&class| counts.get_mut(class as usize).map(|n| *n += 1)).count();
        }
        _ => return Vec::new(),
    }
    let occurring = counts.iter().copied().filter(|&n| n > 0);
    let (most, least) = (occurring.clone().max().unwrap_or(0), occurring.min().unwrap_or(0));
    if (most as f64) < IMBALANCE * least as f64 || counts.len() > CLASSES {
        return Vec::new();
    }
    let recall = |class: &String| Recall { over: Over::Class(class.clone()) }.into();
    // Of two classes the rare one is what is looked for.
    let rare = counts.iter().position(|&n| n == least).filter(|_| counts.len() == 2);
    let class = rare.and_then(|k| target.spec.levels.get(k)).cloned();
    let general = [BalancedAccuracy {}.into(), PrAuc { class }.into()];
    general.into_iter().chain(target.spec.levels.iter().map(recall)).collect()
}

/// Whether an output predicts the probabilities of several answers of 0 or 1.
fn asks(output: &Output) -> bool {
    let shape = output.target.shape;
    let domain = output.loss.domain();
    !shape.indices && shape.features > 1 && matches!(domain, Domain::Unit | Domain::Binary)
}

/// Whether all answers in these rows are 0 or 1: with others, such as ½, none of their scores is defined.
fn answered(target: &Field, rows: &[usize]) -> bool {
    let mut answers = Vec::new();
    rows.iter().flat_map(|&row| target.columns(row)).for_each(|at| target.read(at, &mut answers));
    Domain::Binary.refusal(&answers).is_none()
}

/// Means over the answers and, where they are few, precision and recall of each.
fn of_answers(target: &Field) -> Vec<Plugin<dyn Metric>> {
    let names = target.spec.features.iter().map(|feature| feature.name.clone());
    let names: Vec<String> = names.collect();
    let f1 = FBeta { beta: 1.0, over: Over::Macro };
    let mean: [Plugin<dyn Metric>; 3] = [f1.into(), Auc::default().into(), PrAuc::default().into()];
    let each = names.iter().filter(|_| names.len() <= CLASSES).flat_map(|name| {
        let over = || Over::Class(name.clone());
        [Precision { over: over() }.into(), Recall { over: over() }.into()]
    });
    mean.into_iter().chain(each).collect()
}

/// The threshold, if the model has a target of two classes, or of answers of 0 or 1.
pub(crate) fn of_two(model: &Model, threshold: f64) -> Result<f64, Failure> {
    let two = |target: &PortSpec| target.field.shape.indices && target.field.shape.features == 2;
    if model.spec().targets.iter().any(two) || model.network().outputs().iter().any(asks) {
        return Ok(threshold);
    }
    let message =
        "--threshold: expected a model with a target of two classes, or of answers, found none";
    Err(Failure::new(Kind::Usage, message))
}

/// The scores a model was trained with, as far as this program has their metrics, and `more`.
fn scoring(
    model: &Model,
    more: &[Plugin<dyn Metric>],
    console: &mut Console<'_>,
) -> Result<Scoring, Failure> {
    let mut metrics: Vec<Plugin<dyn Metric>> = Vec::new();
    for metric in Recipe::of(model).iter().flat_map(Recipe::metrics) {
        match serde_json::from_value(metric.clone()) {
            Ok(metric) => metrics.push(metric),
            Err(error) => {
                console.say(format_args!("note: the score {metric} is left out: {error}"))
            }
        }
    }
    for metric in more {
        if metrics.iter().all(|known| known.name() != metric.name()) {
            metrics.push(metric.clone());
        }
    }
    Ok(Scoring::new(model.network(), model.spec(), &metrics)?)
}

/// The scores of the model with their details, those of the trivial prediction, and those of simple rules.
type Scored = (Scores, Vec<Details>, Option<Scores>, Vec<(String, Scores)>);

/// Scores a model in all these ways.
fn score<T: plugin::Precision>(
    model: &Model,
    parameters: &[T],
    table: &Table,
    rows: &[usize],
    scoring: &Scoring,
) -> Result<Scored, TrainError> {
    let spec = model.spec();
    let data = Prepared::new(table, &spec.inputs, &spec.targets)?;
    let network = model.network();
    data.check_finite(table, rows, network)?;
    let mut runner = Runner::new(network);
    let (scores, details) =
        evaluate_in_full(network, &mut runner, parameters, &data, rows, scoring)?;
    // A model of an older version does not know it.
    let trivial = model.notes.get("trivial").and_then(|text| serde_json::from_str(text).ok());
    let trivial = trivial.map(|trivial: Trivial| trivial.scores(network, &data, rows, scoring));
    Ok((scores, details, trivial, reference_scores(network, &data, rows, scoring)))
}

/// Whether these are the data the model was trained on, to the last value.
fn trained_on(model: &Model, table: &Table) -> bool {
    let known = model.notes.get("data");
    known.is_some_and(|known| *known == format!("{:016x}", table.fingerprint()))
}

/// The parts of a model's recipe that `eval` needs. The other parts may need plugins that are missing
/// here.
struct Recipe(Value);

impl Recipe {
    fn of(model: &Model) -> Option<Self> {
        serde_json::from_str(model.notes.get("recipe")?).ok().map(Self)
    }

    /// The metrics the recipe adds to the usual ones.
    fn metrics(&self) -> impl Iterator<Item = &Value> {
        self.0["training"]["metrics"].as_array().into_iter().flatten()
    }

    /// The part of each row of `table`.
    fn parts(&self, table: &Table) -> Result<Fold, Failure> {
        let fail = |e: serde_json::Error| {
            Failure::new(Kind::Model, format!("the recipe in the model file: {e}; use --split all"))
        };
        let split = self.0["data"]["split"].clone();
        let split: Plugin<dyn Split> = serde_json::from_value(split).map_err(fail)?;
        let seed: Seed = serde_json::from_value(self.0["seed"].clone()).map_err(fail)?;
        Ok(split.parts(table, seed.stream("split"))?)
    }
}

impl Rows {
    /// The part of the data, if it is one.
    const fn part(self) -> Option<Part> {
        match self {
            Self::Train => Some(Part::Train),
            Self::Validation => Some(Part::Validation),
            Self::Test => Some(Part::Test),
            Self::All => None,
        }
    }

    fn name(self) -> String {
        self.part().map_or_else(|| "all".into(), |part| part.to_string())
    }
}

/// The rows of one part of the data the model was trained on.
fn rows_of(
    model: &Model,
    table: &Table,
    part: Part,
    fail: &dyn Fn(DataError) -> Failure,
) -> Result<Vec<usize>, Failure> {
    let Some(recipe) = Recipe::of(model) else {
        let message = "the model file does not record the split of its data; use --split all";
        return Err(Failure::new(Kind::Usage, message));
    };
    if !trained_on(model, table) {
        let message = format!(
            "these are not the data the model was trained on (or they have changed), so nobody knows \
             which are the {part} rows; --split all scores every row"
        );
        return Err(fail(DataError::new(&table.name, message)));
    }
    let parts = recipe.parts(table)?;
    let of = |part| (0..parts.len()).filter(|&row| parts[row] == Some(part)).collect::<Vec<_>>();
    let rows = of(part);
    if !rows.is_empty() {
        return Ok(rows);
    }
    let others = [Part::Train, Part::Validation, Part::Test].map(|part| (part, of(part).len()));
    let others: Vec<_> = others.iter().filter(|(_, count)| *count > 0).collect();
    let counts = others.iter().map(|(part, count)| format!("{} {part}", grouped(*count)));
    let (counts, options) = (
        counts.collect::<Vec<_>>().join(" and "),
        others.iter().map(|(part, _)| format!("--split {part}, ")).collect::<String>(),
    );
    let message = format!(
        "expected {part} rows to score, but the recipe of the run made none: of {}, {counts}\n  help: \
         {options}--split all or --data FILE says what to score",
        counted(table.rows, "row")
    );
    Err(fail(DataError::new(&table.name, message)))
}
