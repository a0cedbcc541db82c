//! The result as a short table, for people. Nothing is wider than 80 columns but a path.

use crate::auto::Choice;
use crate::{place, report};
use std::fmt::Write as _;
use std::path::Path;
use tanren_plugin::Number;
use tanren_trainer::{Ending, Scores, Setup, Trained};

/// What `train` and `resume` say at the end.
pub(crate) fn summary(setup: &Setup, trained: &Trained, choices: &[Choice], run: &Path) -> String {
    let mut text = about(setup);
    chosen(&mut text, choices);
    text.push('\n');
    text.push_str(&ending(trained));
    text.push('\n');
    let parts = [
        ("train", Some(&trained.train)),
        ("validation", trained.validation.as_ref()),
        ("test", trained.test.as_ref()),
    ];
    text.push_str(&scores(&parts));
    let (run, model) = (place::quoted(run), place::quoted(&run.join("model.safetensors")));
    let tanren = place::program();
    let next = match &trained.ending {
        Ending::Interrupted(_) => format!("{tanren} resume {run}"),
        Ending::Diverged { .. } => format!("a smaller rate in {run}/recipe.toml, as a new recipe"),
        _ => format!("{tanren} predict {model}"),
    };
    let _ = writeln!(text, "\nModel    {model}\nRun      {run}\nNext     {next}");
    text
}

/// How many there are: "1 row", "1,294 rows".
pub(crate) fn counted(n: usize, thing: &str) -> String {
    format!("{} {thing}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// The data and the size of the network, in one line.
pub(crate) fn about(setup: &Setup) -> String {
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

fn chosen(text: &mut String, choices: &[Choice]) {
    if choices.is_empty() {
        return;
    }
    text.push_str("\nChosen\n");
    for Choice { what, value, why } in choices {
        let _ = writeln!(text, "  {what:8} {value:34}  {why}");
    }
}

/// How it went: why it ended, what it took, whose weights the model has.
fn ending(trained: &Trained) -> String {
    let epochs = trained.history.len();
    let how = match &trained.ending {
        Ending::Completed => "Finished".to_owned(),
        Ending::Stopped(reason) => format!("Stopped early ({reason})"),
        Ending::Interrupted(_) => "Interrupted".to_owned(),
        Ending::Diverged { loss: Number(loss), .. } => format!("Diverged (loss {loss})"),
    };
    let from = match trained.best_epoch {
        0 => "No epoch was finished".to_owned(),
        epoch => match &trained.best_by {
            Some(score) => format!("Weights restored from epoch {epoch} (best validation {score})"),
            None => format!("Weights of epoch {epoch}, the last"),
        },
    };
    format!(
        "{how}\n{}, {} in {:.1} s, {} rows/s\n{from}\n",
        counted(epochs, "epoch"),
        counted(trained.steps as usize, "step"),
        trained.seconds,
        grouped(report::samples_per_second(trained) as usize),
    )
}

/// Scores side by side: one line per score, one column per part of the data.
pub(crate) fn scores(parts: &[(&str, Option<&Scores>)]) -> String {
    let parts: Vec<_> = parts.iter().filter_map(|&(name, scores)| Some((name, scores?))).collect();
    let names = || parts.first().into_iter().flat_map(|(_, scores)| scores.iter());
    let width = names().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(9);
    let mut text = " ".repeat(width);
    for (name, _) in &parts {
        let _ = write!(text, "{name:>12}");
    }
    text.push('\n');
    for (name, _) in names() {
        let _ = write!(text, "{name:width$}");
        for (_, scores) in &parts {
            let _ = write!(text, "{:>12}", number(scores.get(name).unwrap_or(f64::NAN)));
        }
        text.push('\n');
    }
    text
}

/// Four decimals, or an exponent where they would say nothing.
fn number(x: f64) -> String {
    match x.abs() {
        a if a == 0.0 || (1e-3..1e6).contains(&a) || !a.is_finite() => format!("{x:.4}"),
        _ => format!("{x:.3e}"),
    }
}

/// 1,234,567.
pub(crate) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
