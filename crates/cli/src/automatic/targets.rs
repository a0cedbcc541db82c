//! What is said of the targets of an automatic recipe, and of their losses.

use tanren_plugin::Field;

/// What the targets are, and why.
pub(super) fn targets(targets: &[Field], embedded: bool) -> (String, &'static str) {
    if let [target] = targets {
        return match target.spec.shape.indices {
            true => {
                let inferred = "inferred, or set by --task";
                let why = if embedded { "part of the data set" } else { inferred };
                (format!("{} classes", target.spec.shape.features), why)
            }
            false => ("a number, standardized".into(), "so its unit does not matter"),
        };
    }
    let (classes, numbers) = count(targets);
    let kinds =
        [(numbers, "number, standardized", "numbers, standardized"), (classes, "class", "classes")];
    let kinds = kinds.iter().filter(|(count, ..)| *count > 0);
    let kinds: Vec<String> = kinds
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    (kinds.join(", "), "an output for each")
}

/// The losses of the targets, and why.
pub(super) fn losses(targets: &[Field]) -> (String, &'static str) {
    match (count(targets), targets.len()) {
        ((0, _), 1) => ("mse".into(), "the target is a number"),
        ((_, 0), 1) => ("cross-entropy".into(), "the target is a class"),
        ((0, _), _) => ("the sum of one mse each".into(), "the targets are numbers"),
        ((_, 0), _) => ("the sum of one cross-entropy each".into(), "the targets are classes"),
        _ => ("mse and cross-entropy, added".into(), "numbers and classes"),
    }
}

/// How many targets are classes, and how many are numbers.
fn count(targets: &[Field]) -> (usize, usize) {
    let classes = targets.iter().filter(|target| target.spec.shape.indices).count();
    (classes, targets.len() - classes)
}
