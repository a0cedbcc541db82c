//! `bench`: measures how many samples per second are trained or predicted, and where the time goes.

mod measure;
mod peak;
mod predict;
mod report;
mod uniform;
mod workloads;

pub use workloads::{Hidden, Updates, WORKLOADS, Workload};

use crate::args;
use crate::failure::{Failure, Kind};
use crate::output::console::Console;
use report::{Line, print};
use std::num::NonZero;
use tanren_plugin::nearest;

/// Runs the verb and returns the exit code.
pub(crate) fn bench(args: &args::Bench, console: &mut Console<'_>) -> Result<u8, Failure> {
    let workloads = chosen(&args.workloads)?;
    if args.list {
        let mut rows = workloads.iter().enumerate();
        rows.try_for_each(|(n, workload)| print(workload, n == 0, args.json, console))?;
        return Ok(0);
    }
    let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = args.threads.map_or_else(cores, usize::from);
    let peak = args.profile.then(|| peak::peak(threads)).transpose()?;
    for (n, workload) in workloads.iter().enumerate() {
        console.say(format_args!("{} of {}: {}", n + 1, workloads.len(), workload.name));
        let measured = match workload.updates {
            Updates::None => predict::measure(workload, args.rounds, threads, args.profile)?,
            _ => measure::measure(workload, args.rounds, threads, args.profile)?,
        };
        print(&Line::new(workload, threads, &measured, peak), n == 0, args.json, console)?;
    }
    Ok(0)
}

/// The workloads of these names, in their order; all when there are none.
fn chosen(names: &[String]) -> Result<Vec<Workload>, Failure> {
    if names.is_empty() {
        return Ok(workloads::all().collect());
    }
    let named = |name: &String| {
        let found = workloads::all().find(|workload| workload.name == name);
        found.ok_or_else(|| unknown(name))
    };
    names.iter().map(named).collect()
}

fn unknown(name: &str) -> Failure {
    let known: Vec<_> = workloads::all().map(|workload| workload.name).collect();
    let near = nearest(name, known.iter().copied())
        .map_or(String::new(), |n| format!("; did you mean {n}?"));
    let message = format!("unknown workload {name:?}{near} (known: {})", known.join(", "));
    Failure::new(Kind::Usage, message)
}
