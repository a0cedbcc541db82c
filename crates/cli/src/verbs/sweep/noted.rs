//! What a person should hear about axes whose candidates cannot be compared like any others.

use super::axes::Axis;
use crate::recipe::overlap;
use tanren_trainer::metrics::MeanLoss;

/// Whether all candidates are scored on the same rows.
pub(crate) fn paired(axes: &[Axis]) -> bool {
    !axes.iter().any(other_rows)
}

/// Whether the values of an axis have other validation rows.
fn other_rows(axis: &Axis) -> bool {
    ["data.split", "data.source", "seed"].iter().any(|path| overlap(path, &axis.path))
}

/// Whether it makes sense to try larger or smaller values.
pub(crate) fn ordered(axis: &Axis) -> bool {
    !["seed", "training.epochs"].iter().any(|path| overlap(path, &axis.path))
}

/// Settings by which targets are in other units, or counted from something else.
const UNITS: [&str; 6] = [
    "data.targets",
    "data.source.relative",
    "data.source.period",
    "data.source.seasons",
    "data.source.log",
    "data.source.scale",
];

/// The notes for all axes, where candidates are judged by this score.
pub(super) fn noted(axes: &[Axis], score: &str) -> Vec<String> {
    axes.iter().flat_map(|axis| of_axis(axis, score)).collect()
}

fn of_axis(axis: &Axis, score: &str) -> Option<String> {
    let path = &axis.path;
    if UNITS.iter().any(|setting| overlap(setting, path)) && score == MeanLoss::NAME {
        return Some(format!(
            "--over {path}: its values change what targets are counted from or in, so that losses cannot be \
             compared; judge by a score in own units, such as --set 'training.keep={{ best = \"mae\" }}'"
        ));
    }
    if other_rows(axis) {
        return Some(format!(
            "--over {path}: its values have different validation rows, so that scores differ for that, \
             too, and are not compared row by row"
        ));
    }
    if overlap("training.epochs", path) {
        return Some(format!(
            "--over {path}: candidates are compared after equally many updates; one whose epochs end \
             before that stays as it is, and more epochs than that make no difference"
        ));
    }
    let of_loss = overlap("network.loss", path) || overlap("network.losses", path);
    (of_loss && score == MeanLoss::NAME).then(|| {
        format!(
            "--over {path}: losses of different kinds or settings cannot be compared; judge by another \
             score, such as --set 'training.keep={{ best = \"accuracy\" }}'"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{Axis, noted, paired};

    #[test]
    fn notes_tell_what_cannot_be_compared() {
        let axis = |path: &str| {
            let values = ["1", "2"].map(String::from).into_iter();
            [Axis::new("--over", path.into(), values)]
        };
        for (path, score, note) in [
            ("seed", "loss", Some("different validation rows")),
            ("data.split.validation", "accuracy", Some("different validation rows")),
            ("training.epochs", "loss", Some("equally many updates")),
            ("data.source.period", "loss", Some("a score in own units")),
            ("data.source.period", "mae", Some("different validation rows")),
            ("network.loss", "loss", Some("cannot be compared")),
            ("network.losses.0.loss.type", "loss", Some("cannot be compared")),
            ("network.loss", "accuracy", None),
            ("training.batch", "loss", None),
        ] {
            let notes = noted(&axis(path), score);
            let fits = |note| notes.len() == 1 && notes[0].contains(note);
            assert!(note.map_or(notes.is_empty(), fits), "{path} {score}: {notes:?}");
        }
        assert!(paired(&axis("training.batch")) && !paired(&axis("seed")));
    }
}
