//! What `eval` says beside the scores: which classes were taken for which, whether probabilities are
//! right, which rows were predicted worst.

use super::console::one_line;
use serde_json::{Value, json};
use std::fmt::Write as _;
use tanren_plugin::FieldSpec;
use tanren_trainer::metrics::{Bin, Confusion};
use tanren_trainer::{Details, Scores};

/// The most classes of which all pairs are shown.
const CLASSES: usize = 12;
/// Characters of a class in a table.
const NAME: usize = 14;

/// All of it, output by output.
pub(crate) fn text(scores: &Scores, details: &[Details]) -> String {
    let mut text = String::new();
    let several = details.len() > 1;
    for (details, confusion) in details.iter().zip(&scores.confusion) {
        let target = &details.target;
        let of = if several { format!(" of {}", target.name) } else { String::new() };
        if let Some(confusion) = confusion {
            text.push_str(&self::confusion(confusion, target, &of));
        }
        if let Some(calibration) = &details.calibration {
            text.push_str(&reliability(&calibration.bins, calibration.error(), &of));
        }
    }
    text
}

/// The name of a class in a table.
fn class(target: &FieldSpec, k: usize) -> String {
    let name = target.levels.get(k).map_or_else(|| k.to_string(), |name| one_line(name));
    match name.chars().count() > NAME {
        true => name.chars().take(NAME - 1).chain(['…']).collect(),
        false => name,
    }
}

fn confusion(confusion: &Confusion, target: &FieldSpec, of: &str) -> String {
    let classes = confusion.classes();
    if classes > CLASSES {
        return worst_pairs(confusion, target, of);
    }
    let names: Vec<String> = (0..classes).map(|k| class(target, k)).collect();
    let weight = |x: f64| if x.fract() == 0.0 { format!("{x:.0}") } else { format!("{x:.1}") };
    let rows: Vec<Vec<String>> =
        (0..classes).map(|t| (0..classes).map(|p| weight(confusion.get(t, p))).collect()).collect();
    let wide = |text: &String| text.chars().count();
    let first = names.iter().map(wide).max().unwrap_or(0);
    let cells = names.iter().chain(rows.iter().flatten());
    let width = cells.map(wide).max().unwrap_or(0).max("0.000".len()) + 2;
    let mut text =
        format!("\nConfusion{of}: a row for each true class, a column for each predicted one\n");
    let _ = write!(text, "  {:first$}", "");
    text.extend(names.iter().map(|name| format!("{name:>width$}")));
    let _ = writeln!(text, "{:>9}", "recall");
    for (truth, (name, row)) in names.iter().zip(&rows).enumerate() {
        let _ = write!(text, "  {name:first$}");
        text.extend(row.iter().map(|cell| format!("{cell:>width$}")));
        let all: f64 = (0..classes).map(|predicted| confusion.get(truth, predicted)).sum();
        let recall = share(confusion.get(truth, truth), all);
        let _ = writeln!(text, "{recall:>9}");
    }
    let _ = write!(text, "  {:first$}", "precision");
    for predicted in 0..classes {
        let all: f64 = (0..classes).map(|truth| confusion.get(truth, predicted)).sum();
        let _ = write!(text, "{:>width$}", share(confusion.get(predicted, predicted), all));
    }
    text + "\n"
}

/// The pairs of classes that are confused most, where there are too many for a table.
fn worst_pairs(confusion: &Confusion, target: &FieldSpec, of: &str) -> String {
    let mut pairs: Vec<_> = confusion.pairs().filter(|(t, p, _)| t != p).collect();
    pairs.sort_by(|a, b| b.2.total_cmp(&a.2));
    let mut text = format!("\nConfused most{of}\n");
    for (truth, predicted, weight) in pairs.iter().take(10) {
        let (truth, predicted) = (class(target, *truth), class(target, *predicted));
        let _ = writeln!(text, "  {truth} taken for {predicted}: {weight}");
    }
    if pairs.is_empty() { String::new() } else { text }
}

/// A share with three decimals.
fn share(part: f64, all: f64) -> String {
    if all > 0.0 { format!("{:.3}", part / all) } else { "-".into() }
}

fn reliability(bins: &[Bin], error: f64, of: &str) -> String {
    let mut text = format!(
        "\nReliability{of}: how probable the predicted class was, and how often it was right\n  {:>11}{:>9}{:>10}{:>8}\n",
        "probability", "rows", "mean", "right"
    );
    let ends = 1.0 / bins.len() as f64;
    for (k, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.weight > 0.0) {
        let range = format!("{:.1} to {:.1}", k as f64 * ends, (k + 1) as f64 * ends);
        let Bin { weight, confidence, accuracy } = bin;
        let _ = writeln!(text, "  {range:>11}{weight:>9.0}{confidence:>10.3}{accuracy:>8.3}");
    }
    let _ = writeln!(text, "  off by {error:.3} on average");
    text
}

/// The same for programs.
pub(crate) fn json(scores: &Scores, details: &[Details]) -> Value {
    let outputs = details.iter().zip(&scores.confusion);
    let output = |(details, confusion): (&Details, &Option<Confusion>)| {
        let field = &details.target;
        let name = |k: usize| field.levels.get(k).map_or_else(|| k.to_string(), String::clone);
        let pairs = confusion.as_ref().map(|confusion| {
            let pair = |(truth, predicted, weight): (usize, usize, f64)| {
                json!({ "truth": name(truth), "predicted": name(predicted), "weight": weight })
            };
            confusion.pairs().map(pair).collect::<Vec<_>>()
        });
        let bins = details.calibration.as_ref().map(|calibration| {
            let bin = |bin: &Bin| {
                let right = (bin.weight > 0.0).then_some(bin.accuracy);
                let mean = (bin.weight > 0.0).then_some(bin.confidence);
                json!({ "weight": bin.weight, "probability": mean, "right": right })
            };
            calibration.bins.iter().map(bin).collect::<Vec<_>>()
        });
        json!({
            "target": field.name,
            "confusion": pairs,
            "reliability": bins,
            "intervals": details.intervals.iter()
                .map(|(name, (low, high))| (name.clone(), json!([low, high])))
                .collect::<serde_json::Map<_, _>>(),
        })
    };
    outputs.map(output).collect()
}
