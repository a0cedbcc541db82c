//! Whether the size of a network is in proportion to the rows that it is trained on.
//!
//! More data have more variety and need more features, and perhaps more layers; few data need few. The two
//! bounds are far apart, so that what lies outside is no matter of taste.

use crate::output::figures::{counted, grouped};
use tanren_network::{Output, Target};
use tanren_trainer::Setup;

/// Trained parameters for each number to be predicted, from which on a network is too large if nothing
/// keeps it from learning its rows by heart.
const TOO_MANY: usize = 100;

/// Rows from which on they are many.
const MANY_ROWS: usize = 10_000;

/// Numbers to be predicted for each parameter, from which on a network is too small for many rows.
const TOO_FEW: usize = 100;

/// With this number of parameters a network is not small, however many rows there are.
const NOT_SMALL: usize = 10_000;

/// The note on a network that is far too large or far too small for its training rows, if it is.
pub(crate) fn proportion(setup: &Setup) -> Option<String> {
    let layout = setup.network.layout();
    let (rows, numbers) = (setup.rows.train.len(), numbers(setup));
    let (trained, all) = (layout.trainable(), layout.len());
    let rows_given = counted(rows, "training row");
    let network = |size| format!("the network has {} for {rows_given}", counted(size, "parameter"));
    if numbers > 0 && trained / TOO_MANY >= numbers && !restrained(setup) {
        return Some(format!(
            "{} and nothing that keeps it from learning them by heart: few data need few units and \
             layers; a penalty helps, too (--set 'network.penalties=[\"l2\"]'), or dropout, or early \
             stopping (--set 'training.stopping=[\"patience\"]')",
            network(trained),
        ));
    }
    if rows >= MANY_ROWS && all < NOT_SMALL && all > 0 && numbers / TOO_FEW >= all {
        return Some(format!(
            "{}, {} rows for each: more data have more variety and need more features, so try more \
             units, or one more hidden layer",
            network(all),
            grouped(rows / all),
        ));
    }
    None
}

/// How many numbers the network is to predict for the training rows; a class counts as one.
fn numbers(setup: &Setup) -> usize {
    let rows = &setup.rows.train;
    let of = |output: &Output| {
        let field = match output.from {
            Target::Data(k) => setup.table.targets.get(k),
            Target::Input(k) => setup.table.inputs.get(k),
            Target::Node(_) | Target::Nothing => None,
        };
        let columns = field.map_or(rows.len(), |field| {
            rows.iter().map(|&row| field.columns(row).len()).sum::<usize>()
        });
        let shape = output.target.shape;
        columns.saturating_mul(if shape.indices { 1 } else { shape.features })
    };
    setup.network.outputs().iter().map(of).fold(0, usize::saturating_add)
}

/// Whether anything keeps the network from learning its rows by heart.
fn restrained(setup: &Setup) -> bool {
    let (network, training) = (&setup.recipe.network, &setup.recipe.training);
    let nodes = setup.network.nodes();
    !network.penalties.is_empty()
        || !network.constraints.is_empty()
        || nodes.iter().any(|node| node.noisy() || node.facts.disturbs || node.term.is_some())
        // An updater tells nobody that it takes weights away, so that its name has to.
        || training.updaters.iter().any(|updater| updater.plugin.typetag_name().contains("decay"))
        || (!training.stopping.is_empty() && !setup.rows.validation.is_empty())
}
