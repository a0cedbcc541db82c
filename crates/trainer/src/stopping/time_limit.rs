//! A limit of time.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, History, Progress, Reason, Stopping};

/// Ends a run when it has taken so long, after the update in which it did.
///
/// Which update that is depends on the machine: such a run is not repeated to the bit. The time of all
/// parts of a run counts, before it was resumed and in earlier phases, but not what reading the data
/// took. An epoch that it ends is not scored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct TimeLimit {
    /// Seconds the whole run may take.
    #[setting(above = 0)]
    pub seconds: f64,
}

impl TimeLimit {
    fn verdict(&self, seconds: f64) -> Option<Reason> {
        let reason = || Reason(format!("the time limit of {} s is reached", self.seconds));
        (seconds >= self.seconds).then(reason)
    }
}

#[typetag::serde(name = "time-limit")]
impl Stopping for TimeLimit {
    /// An epoch may end past the limit, since scores take time as well.
    fn verdict(&self, history: History<'_>) -> Option<Reason> {
        self.verdict(history.epochs.last()?.seconds)
    }

    fn after_update(&self, progress: Progress) -> Option<Reason> {
        self.verdict(progress.seconds)
    }
}
