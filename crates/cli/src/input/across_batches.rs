//! What changing mini-batches do to directions and searches.
//!
//! A direction that remembers supposes that all its gradients are of one objective, and a line search that
//! the step it finds is good for more than the batch it looked at. With batches of some rows neither is
//! true: Bollapragada, Nocedal, Mudigere, Shi, Tang (2018), *A progressive batching L-BFGS method for machine
//! learning*.

use tanren_plugin::Clock;
use tanren_trainer::Setup;

/// The note on a direction or a search that makes little of mini-batches, if there is one.
pub(crate) fn across_batches(setup: &Setup) -> Option<String> {
    let training = &setup.recipe.training;
    let rows = setup.rows.train.len();
    let remembers = training.direction.as_ref().filter(|d| d.memory().vectors > 0);
    if rows <= training.batch {
        let forgets = remembers.filter(|d| d.resets() && training.iterations == 1)?;
        return Some(format!(
            "{} with `reset` begins anew with every epoch, so that it is steepest descent: with one batch of \
             all rows leave `reset` out",
            forgets.typetag_name()
        ));
    }
    let batches = format!("batches of {} of {rows} training rows", training.batch);
    if let Some(direction) = remembers {
        let name = direction.typetag_name();
        return Some(match (direction.resets(), training.iterations) {
            (true, 1) => format!(
                "{name} with `reset` and one update for each of its {batches} is steepest descent: let it \
                 make several updates (--set training.iterations=10)"
            ),
            (true, _) => return None,
            (false, _) => format!(
                "{name} mixes the gradients of different {batches}: use one batch of all rows \
                 (--batch {rows}), or let it begin anew with each and make several updates \
                 (--set training.direction.reset=true --set training.iterations=10)"
            ),
        });
    }
    (training.search.rate(Clock::default()).is_none() && training.iterations == 1).then(|| {
        format!(
            "{} finds the best step for each of its {batches} alone, which is too long for the others: \
             use one batch of all rows (--batch {rows}), or a learning rate",
            training.search.typetag_name(),
        )
    })
}
