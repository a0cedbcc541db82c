//! A limit of the loss: the run went astray.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, History, Progress, Reason, Stopping};

/// Ends a run as soon as the loss of a batch is above a limit: it has gone astray, and more of it is time
/// lost.
///
/// A loss that is not finite ends every run, without this rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct MaxLoss {
    /// The largest loss of a batch, without penalties, that goes on.
    pub loss: f64,
}

#[typetag::serde(name = "max-loss")]
impl Stopping for MaxLoss {
    fn verdict(&self, _: History<'_>) -> Option<Reason> {
        None
    }

    fn after_update(&self, progress: Progress) -> Option<Reason> {
        let (loss, update) = (progress.loss?, progress.clock.iteration);
        let above = loss > self.loss;
        above.then(|| Reason(format!("the loss {loss} of update {update} is above {}", self.loss)))
    }
}
