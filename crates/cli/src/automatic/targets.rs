//! What is said of the targets of an automatic recipe, and of their losses.

use super::kind::Kind;
use tanren_plugin::Field;

/// What the targets are, and why.
pub(super) fn targets(
    (targets, kinds): (&[Field], &[Kind]),
    embedded: bool,
) -> (String, &'static str) {
    if let ([target], [kind]) = (targets, kinds) {
        let many = target.spec.shape.features;
        return match kind {
            Kind::Class => {
                let inferred = "inferred, or set by --task";
                let why = if embedded { "part of the data set" } else { inferred };
                (format!("{many} classes"), why)
            }
            Kind::Answers => (format!("{many} answers of 0 or 1"), "no other numbers are in them"),
            Kind::Shares => (format!("{many} shares"), "they add up to 1 in every row"),
            Kind::Number if many > 1 => {
                (format!("{many} numbers, standardized"), "so their units do not matter")
            }
            Kind::Number => ("a number, standardized".into(), "so its unit does not matter"),
        };
    }
    let (classes, numbers) = count(kinds);
    let kinds =
        [(numbers, "number, standardized", "numbers, standardized"), (classes, "class", "classes")];
    let kinds = kinds.iter().filter(|(count, ..)| *count > 0);
    let kinds: Vec<String> = kinds
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    (kinds.join(", "), "an output for each")
}

/// The losses of the targets, and why.
pub(super) fn losses(kinds: &[Kind]) -> (String, &'static str) {
    let (loss, why) = match (kinds, count(kinds)) {
        ([Kind::Answers], _) => ("binary-cross-entropy", "the sum over the answers"),
        ([Kind::Shares], _) => ("cross-entropy", "the target is shares of 1"),
        ([Kind::Class], _) => ("cross-entropy", "the target is a class"),
        ([Kind::Number], _) => ("mse", "the target is a number"),
        (_, (0, _)) => ("the sum of one mse each", "the targets are numbers"),
        (_, (_, 0)) => ("the sum of one cross-entropy each", "the targets are classes"),
        _ => ("mse and cross-entropy, added", "numbers and classes"),
    };
    (loss.into(), why)
}

/// How many targets are classes, and how many are numbers.
fn count(kinds: &[Kind]) -> (usize, usize) {
    let classes = kinds.iter().filter(|kind| **kind == Kind::Class).count();
    (classes, kinds.len() - classes)
}
