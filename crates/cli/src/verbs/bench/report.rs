//! What `bench` prints: a line per workload, of a table or of JSON.

use super::measure::Measured;
use super::workloads::{Updates, Workload};
use crate::failure::Failure;
use crate::output::console::Console;
use crate::output::figures::grouped;
use crate::output::report;
use serde::Serialize;
use tanren_tensor::profile::{Kind, Profile};

/// A line of a table.
pub(super) trait Row: Serialize {
    /// The line above the first.
    fn heading(&self) -> String;
    /// The line.
    fn text(&self) -> String;
}

/// Prints a line, below the heading if it is the `first`.
pub(super) fn print(
    row: &impl Row,
    first: bool,
    json: bool,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let text = match json {
        true => report::line(row),
        false if first => format!("{}\n{}\n", row.heading(), row.text()),
        false => format!("{}\n", row.text()),
    };
    console.result(&text)
}

impl Row for Workload {
    fn heading(&self) -> String {
        format!("{:20}{:22}{:>8}{:>8}  updates", "workload", "sizes", "batch", "rows")
    }

    fn text(&self) -> String {
        let sizes: Vec<_> = self.sizes.iter().map(ToString::to_string).collect();
        let updates = match self.updates {
            Updates::Nesterov => "nesterov, l2",
            Updates::Adam => "adam",
            Updates::RmsProp => "rmsprop, clip-value",
            Updates::LBfgs => "l-bfgs, strong wolfe",
            Updates::None => "none: predicts",
        };
        let (sizes, rows) = (sizes.join("-"), grouped(self.rows));
        format!("{:20}{sizes:22}{:>8}{rows:>8}  {updates}", self.name, self.batch)
    }
}

/// How fast a workload went.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    workload: &'static str,
    per_s: f64,
    threads: usize,
    #[serde(flatten)]
    profile: Option<Shares>,
}

/// Where its time went.
#[derive(Debug, Serialize)]
struct Shares {
    /// Of the time, from 0 to 1.
    share: Share,
    gflop_per_s: Rates,
    of_peak: OfPeak,
}

#[derive(Debug, Serialize)]
struct Share {
    gemm: f64,
    elementwise: f64,
    update: f64,
    data: f64,
    rest: f64,
}

/// Of matrix products, counted over the time in them and over all time; and what is possible.
#[derive(Debug, Serialize)]
struct Rates {
    gemm: f64,
    step: f64,
    peak: f64,
}

#[derive(Debug, Serialize)]
struct OfPeak {
    gemm: f64,
    step: f64,
}

impl Line {
    pub(super) fn new(
        workload: &Workload,
        threads: usize,
        measured: &Measured,
        peak: Option<f64>,
    ) -> Self {
        let profile = measured.profile.zip(peak).map(|(profile, peak)| shares(&profile, peak));
        let per_s = (10.0 * measured.per_s).round() / 10.0;
        Self { workload: workload.name, per_s, threads, profile }
    }
}

fn shares(profile: &Profile, peak: f64) -> Shares {
    let of = |seconds: f64| seconds / profile.total;
    let share = Share {
        gemm: of(profile.seconds(Kind::Gemm)),
        elementwise: of(profile.seconds(Kind::Elementwise)),
        update: of(profile.seconds(Kind::Update)),
        data: of(profile.seconds(Kind::Data)),
        rest: of(profile.rest()),
    };
    let step = profile.flop as f64 / profile.total / 1e9;
    let gemm = if share.gemm > 0.0 { step / share.gemm } else { 0.0 };
    let of_peak = OfPeak { gemm: gemm / peak, step: step / peak };
    let gflop_per_s = Rates { gemm, step, peak };
    Shares { share, gflop_per_s, of_peak }
}

impl Row for Line {
    fn heading(&self) -> String {
        let Some(Shares { gflop_per_s: Rates { peak, .. }, .. }) = &self.profile else {
            return format!("{:20}{:>12}{:>9}", "workload", "per second", "threads");
        };
        format!(
            "{} threads; peak {peak:.0} GFLOP/s (a product of 1024 x 1024 x 1024)\n\n{:>64}{:>14}\n\
             {:19}{:>11}{:>7}{:>7}{:>8}{:>6}{:>6}{:>8}{:>6}",
            self.threads,
            "share of the time",
            "of the peak",
            "workload",
            "per second",
            "gemm",
            "elem.",
            "update",
            "data",
            "rest",
            "gemm",
            "step"
        )
    }

    fn text(&self) -> String {
        let per_s = grouped(self.per_s.round() as usize);
        let Some(Shares { share, of_peak, .. }) = &self.profile else {
            return format!("{:20}{per_s:>12}{:>9}", self.workload, self.threads);
        };
        let percent = |part: f64| format!("{:.0}%", 100.0 * part);
        format!(
            "{:19}{per_s:>11}{:>7}{:>7}{:>8}{:>6}{:>6}{:>8}{:>6}",
            self.workload,
            percent(share.gemm),
            percent(share.elementwise),
            percent(share.update),
            percent(share.data),
            percent(share.rest),
            percent(of_peak.gemm),
            percent(of_peak.step),
        )
    }
}
