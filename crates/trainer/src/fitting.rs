//! Whether a recipe fits its network and data: time that can be cut, and numbers that have room in memory.

use crate::check::setting;
use crate::{Arithmetic, Recipe, Rows, TrainError};
use tanren_network::Network;
use tanren_plugin::Table;
use tanren_tensor::{Extent, Real};

impl Recipe {
    /// Refuses what can be seen only once the data are opened and the network is assembled.
    pub(crate) fn check_fit(
        &self,
        network: &Network,
        table: &Table,
        rows: &Rows,
    ) -> Result<(), TrainError> {
        self.check_truncation(network, table)?;
        self.check_memory(network, table, rows)
    }

    /// Refuses segments where there is no time, or where they make no sense.
    fn check_truncation(&self, network: &Network, table: &Table) -> Result<(), TrainError> {
        let phases = self.pretraining.iter().enumerate();
        let phases = phases.map(|(i, phase)| (format!("pretraining[{i}]"), phase));
        let mut all = phases.chain([("training".to_owned(), &self.training)]);
        let Some((path, _)) = all.find(|(_, phase)| phase.truncation.is_some()) else {
            return Ok(());
        };
        let path = format!("{path}.truncation");
        let mut fields = table.inputs.iter().chain(&table.targets);
        if !fields.any(|field| field.spec.shape.sequence) {
            let found = format!("none in {}", table.name);
            return Err(setting(path, "sequences, which it cuts into segments", found));
        }
        match network.whole_sequences() {
            None => Ok(()),
            Some((node, why)) => {
                let expected = "a network that can go on from the state after a segment, \
                                or no truncation: all steps of a sequence are then one update";
                Err(setting(path, expected, format!("the node {node:?}: {why}")))
            }
        }
    }

    /// Asks for the memory that parameters, gradient, step, slots, the direction and the signals
    /// of one step's batch will take, so that a network of absurd size is a mistake in the recipe
    /// and no crash.
    fn check_memory(
        &self,
        network: &Network,
        table: &Table,
        rows: &Rows,
    ) -> Result<(), TrainError> {
        let layout = network.layout();
        let training = &self.training;
        let slots: usize = training.updaters.iter().map(|u| u.slots().len()).sum();
        let vectors = training.direction.as_ref().map_or(0, |d| d.memory().vectors);
        let bytes = match self.precision {
            Arithmetic::Single => f32::BYTES,
            Arithmetic::Double => f64::BYTES,
        };
        let batch = training.batch.min(rows.train.len());
        let longest = rows.train.iter().map(|&row| table.steps(row).len()).max().unwrap_or(1);
        // Parameters, best parameters, gradient and step beside them.
        let steps = training.truncation.map_or(longest, |t| t.window().min(longest));
        let batch = network.memory(Extent { examples: batch, steps });
        let count = layout.len().saturating_mul(4 + slots + vectors).saturating_add(batch);
        let mut room: Vec<u8> = Vec::new();
        room.try_reserve_exact(count.saturating_mul(bytes)).map_err(|_| {
            let mut found =
                format!("{} parameters, in {} vectors", layout.len(), 4 + slots + vectors);
            if steps > 1 {
                found += &format!(", and signals of {steps} steps, which `truncation` bounds");
            }
            setting("network", "parameters that fit in memory", found)
        })
    }
}
