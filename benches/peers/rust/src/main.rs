//! burn or candle, asked for figures as `protocol.py` describes: `rust-peers burn`.

mod burn_peer;
mod candle_peer;

use serde::Deserialize;
use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, stdin};
use std::time::Instant;

/// Trains for an epoch.
type Epoch = Box<dyn FnMut() -> Result<(), Box<dyn Error>>>;

#[derive(Deserialize)]
struct Workload {
    workload: String,
    sizes: Vec<usize>,
    batch: usize,
    rows: usize,
    updates: String,
    seconds: f64,
    rounds: usize,
}

impl Workload {
    /// Something for every class.
    fn classes(&self) -> impl Iterator<Item = usize> {
        let classes = self.sizes.last().copied().unwrap_or(1);
        (0..self.rows).map(move |row| row * 7919 % classes)
    }
}

/// Samples per second in the best round; a round is some epochs and lasts at least `seconds`.
fn best(workload: &Workload, epoch: &mut Epoch) -> Result<f64, Box<dyn Error>> {
    let mut found = 0.0_f64;
    for _ in 0..workload.rounds {
        let (start, mut done) = (Instant::now(), 0);
        while start.elapsed().as_secs_f64() < workload.seconds {
            epoch()?;
            done += workload.rows;
        }
        found = found.max(done as f64 / start.elapsed().as_secs_f64());
    }
    Ok(found)
}

fn answer(
    workload: &Workload,
    epochs: &mut HashMap<String, Epoch>,
    make: fn(&Workload) -> Result<Epoch, Box<dyn Error>>,
) -> Result<f64, Box<dyn Error>> {
    if !epochs.contains_key(&workload.workload) {
        let mut epoch = make(workload)?;
        epoch()?; // warm up
        epochs.insert(workload.workload.clone(), epoch);
    }
    match epochs.get_mut(&workload.workload) {
        Some(epoch) => best(workload, epoch),
        None => Err("nothing was made".into()),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (name, make): (_, fn(&Workload) -> Result<Epoch, Box<dyn Error>>) =
        match std::env::args().nth(1).as_deref() {
            Some("burn") => ("burn 0.22 flex", burn_peer::make),
            Some("candle") => ("candle 0.11 (SGD without momentum)", candle_peer::make),
            _ => return Err("usage: rust-peers burn|candle".into()),
        };
    println!("{}", serde_json::json!({ "peer": name }));
    let mut epochs = HashMap::new();
    for line in stdin().lock().lines() {
        let workload: Workload = serde_json::from_str(&line?)?;
        match answer(&workload, &mut epochs, make) {
            Ok(per_s) => println!("{}", serde_json::json!({ "per_s": per_s })),
            Err(error) => println!("{}", serde_json::json!({ "error": error.to_string() })),
        }
    }
    Ok(())
}
