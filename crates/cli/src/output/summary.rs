//! The result as a short table, for people. No line is longer than 80 columns, except for paths.

use super::figures::{counted, fallbacks, grouped, samples_per_second, significant};
use crate::automatic::Choice;
use crate::failure::{Failure, Kind};
use crate::files::paths;
use crate::verbs::sample;
use crate::verbs::train::verdict::Verdict;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use tanren_plugin::{Better, Clock, EpochRecord, Number};
use tanren_trainer::{Scores, Scoring, Setup, Trained};

/// The text that `train` and `resume` print before they train.
pub(crate) fn before(setup: &Setup, choices: &[Choice]) -> String {
    let mut text = about(setup);
    chosen(&mut text, choices);
    text.push('\n');
    text
}

/// The text that `train` and `resume` print at the end.
pub(crate) fn summary(
    setup: &Setup,
    trained: &Trained,
    verdict: &Verdict,
    run: &Path,
) -> Result<String, Failure> {
    let mut text = ending(trained, &verdict.words) + &rates(setup, trained);
    text.push('\n');
    let Trained { train, validation, test, baseline, .. } = trained;
    let parts =
        [("train", Some(train)), ("validation", validation.as_ref()), ("test", test.as_ref())];
    let trivial = [
        ("train", Some(&baseline.train)),
        ("validation", baseline.validation.as_ref()),
        ("test", baseline.test.as_ref()),
    ];
    // The last part is the one that counts.
    let trivial =
        trivial.into_iter().filter_map(|(part, scores)| Some((part, scores?))).next_back();
    let scoring = setup.scoring()?;
    text.push_str(&scores(&parts, trivial.map(|(_, scores)| scores), &scoring, &BTreeMap::new()));
    if let Some((part, trivial)) = trivial {
        let judged = parts.iter().rev().find_map(|(name, scores)| scores.filter(|_| *name == part));
        let judged = judged.unwrap_or(train);
        text.push_str(&no_better(
            part,
            judged,
            trivial,
            scoring.directions(),
            !baseline.references.is_empty(),
        ));
        text.push_str(&references(judged, &baseline.references));
    }
    let (run, model) = (paths::quoted(run), paths::quoted(&run.join("model.safetensors")));
    let tanren = paths::program();
    let next = match verdict.failure.as_ref().map(|failure| failure.kind) {
        Some(Kind::Diverged) => format!("lower the learning rate in a copy of {run}/recipe.toml"),
        Some(_) => format!("{tanren} resume {run}"),
        None if sample::writes(&trained.model) => format!("{tanren} sample {run}"),
        None => format!("{tanren} predict {model}"),
    };
    let model = if verdict.usable { &model } else { "none: no usable weights are left" };
    let _ = writeln!(text, "\nModel    {model}\nRun      {run}\nNext     {next}");
    Ok(text)
}

/// The data and the size of the network, in one line.
fn about(setup: &Setup) -> String {
    let rows = &setup.rows;
    format!(
        "{}: {} ({} train, {} validation, {} test); {}\n",
        setup.table.name,
        counted(setup.table.rows, "row"),
        grouped(rows.train.len()),
        grouped(rows.validation.len()),
        grouped(rows.test.len()),
        counted(setup.network.layout().len(), "parameter"),
    )
}

pub(crate) fn chosen(text: &mut String, choices: &[Choice]) {
    if choices.is_empty() {
        return;
    }
    text.push_str("\nChosen automatically\n");
    for Choice { what, value, why } in choices {
        let _ = writeln!(text, "  {what:13}  {value:34}  {why}");
    }
}

/// Why training ended, how long it took, and from which epoch the weights are.
fn ending(trained: &Trained, how: &str) -> String {
    let epochs = trained.history.len();
    let from = match trained.best_epoch {
        0 => "No epoch was completed".to_owned(),
        epoch => match &trained.best_by {
            Some(score) => format!("Weights restored from epoch {epoch} (best validation {score})"),
            None => format!("Weights from epoch {epoch}, the last"),
        },
    };
    let fallbacks = match fallbacks(trained) {
        0 => String::new(),
        n => format!(
            "{} not taken as planned (the search failed, or the loss would have risen)\n",
            counted(n as usize, "step"),
        ),
    };
    let clipped = trained.history.last().and_then(|epoch| epoch.clip_rate);
    let clipped = clipped.map_or(String::new(), |share| {
        format!("Clip rate {:.1} % in the last epoch\n", 100.0 * share)
    });
    format!(
        "{how}\n{}, {} in {:.1} s, {} rows/s\n{fallbacks}{clipped}{from}\n",
        counted(epochs, "epoch"),
        counted(trained.steps as usize, "step"),
        trained.seconds,
        grouped(samples_per_second(trained) as usize),
    )
}

/// The learning rate at the end of the first and of the last epoch, where they differ.
fn rates(setup: &Setup, trained: &Trained) -> String {
    let known = setup.recipe.training.search.rate(Clock::default()).is_some();
    let rate = |epoch: Option<&EpochRecord>| epoch.and_then(|epoch| epoch.rate).map(|Number(x)| x);
    match (rate(trained.history.first()), rate(trained.history.last())) {
        (Some(first), Some(last)) if known && first.to_bits() != last.to_bits() => {
            let [first, last] = [first, last].map(significant);
            format!("Learning rate {first} at first, {last} in the last epoch\n")
        }
        _ => String::new(),
    }
}

/// Scores side by side: one line per score, one column per part of the data, and one for the trivial
/// prediction on the last part; behind, the bounds of the scores that have such. Below stands why a score is not defined, if one is not.
pub(crate) fn scores(
    parts: &[(&str, Option<&Scores>)],
    trivial: Option<&Scores>,
    scoring: &Scoring,
    intervals: &BTreeMap<String, (f64, f64)>,
) -> String {
    let parts: Vec<_> = parts.iter().filter_map(|&(name, scores)| Some((name, scores?))).collect();
    let columns = || parts.iter().copied().chain(trivial.map(|scores| ("baseline", scores)));
    let names = || parts.first().into_iter().flat_map(|(_, scores)| scores.iter());
    let width = names().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(9);
    let mut text = " ".repeat(width);
    for (name, _) in columns() {
        let _ = write!(text, "{name:>12}");
    }
    text.push_str(if intervals.is_empty() { "\n" } else { "   95% interval\n" });
    for (name, _) in names() {
        let _ = write!(text, "{name:width$}");
        for (_, scores) in columns() {
            let score = scores.get(name).filter(|_| scoring.undefined(name, scores).is_none());
            let _ = write!(text, "{:>12}", score.map_or("-".into(), number));
        }
        if let Some((low, high)) = intervals.get(name) {
            let _ = write!(text, "   {} to {}", number(*low), number(*high));
        }
        text.push('\n');
    }
    for (part, scores) in &parts {
        for (name, _) in scores.iter() {
            if let Some(needs) = scoring.undefined(name, scores) {
                let _ = writeln!(text, "{name} ({part}) needs {needs}");
            }
        }
    }
    text
}

/// One line about the scores that are not better than those of the trivial prediction, if any, which of a `forecast`
/// is the mean of the changes it foretells.
pub(crate) fn no_better(
    part: &str,
    scores: &Scores,
    trivial: &Scores,
    directions: &BTreeMap<String, Better>,
    forecast: bool,
) -> String {
    let worse = trivial.iter().filter(|(name, trivial)| {
        let (score, better) = (scores.get(name), directions.get(*name));
        better.zip(score).is_some_and(|(better, score)| !better.than(score, *trivial))
    });
    let names: Vec<_> = worse.map(|(name, _)| name).collect();
    match names.is_empty() {
        true => String::new(),
        false => {
            let trivial = match forecast {
                true => "foretelling the mean change at all times",
                false => "the most frequent class or the mean",
            };
            format!("Not better than {trivial} ({part}): {}\n", names.join(", "))
        }
    }
}

/// A line for each simple rule, with its error and how that of the model compares.
pub(crate) fn references(scores: &Scores, references: &[(String, Scores)]) -> String {
    let mut text = String::new();
    let width = references.iter().map(|(rule, _)| rule.len()).max().unwrap_or(0);
    for (rule, of_rule) in references {
        // The first error that both have: that in the target's own unit comes first.
        let error = ["mae", "rmse", "mse"]
            .into_iter()
            .find_map(|name| Some((name, scores.get(name)?, of_rule.get(name)?)));
        let Some((name, model, error)) = error else { continue };
        let compared = match error > 0.0 {
            true => format!("{:.3} of that", model / error),
            false => number(model),
        };
        let _ = writeln!(text, "{rule:width$} {name} {}; the model has {compared}", number(error));
    }
    if text.is_empty() { text } else { format!("\nSimple rules\n{text}") }
}

/// Four decimals, or an exponent where they would say nothing.
pub(crate) fn number(x: f64) -> String {
    match x.abs() {
        a if a == 0.0 || (1e-3..1e6).contains(&a) || !a.is_finite() => format!("{x:.4}"),
        _ => format!("{x:.3e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_data::{Iris, RandomSplit};
    use tanren_layers::Dense;
    use tanren_losses::CrossEntropy;
    use tanren_network::NetworkSpec;
    use tanren_optimizers::LearningRate;
    use tanren_trainer::{DataSpec, Options, Recipe, TrainingSpec};

    fn trained() -> Trained {
        let data = DataSpec::new(Iris {}, RandomSplit::default());
        let network = NetworkSpec::chain([Dense::new(3).into()]).loss(CrossEntropy::default());
        let training = TrainingSpec::new(LearningRate::constant(0.01)).epochs(2);
        let setup = Recipe::new(data, network, training).prepare().unwrap();
        setup.train(&mut (), &Options::default()).unwrap()
    }

    #[test]
    fn steps_that_were_not_taken_as_planned_are_counted() {
        let mut trained = trained();
        assert!(!ending(&trained, "Finished").contains("as planned"));
        trained.history[0].fallbacks = 2;
        trained.history[1].fallbacks = 1;
        assert!(ending(&trained, "Finished").contains("\n3 steps not taken as planned ("));
    }

    #[test]
    fn the_clip_rate_is_told() {
        let mut trained = trained();
        assert!(!ending(&trained, "Finished").contains("Clip rate"));
        trained.history[1].clip_rate = Some(0.125);
        assert!(ending(&trained, "Finished").contains("\nClip rate 12.5 % in the last epoch\n"));
    }
}
