//! What every initial scheme must satisfy: a block filled from the draws alone, by the law it states.

use crate::failure::{self, Failure, ensure};
use crate::golden::{finite, same_bits};
use tanren_plugin::{Fan, Init};
use tanren_tensor::Stream;

/// Standard errors by which mean and variance may be off. The numbers are the same in every run.
const ERRORS: f64 = 6.0;

/// How an initial scheme is checked.
#[derive(Clone, Copy, Debug)]
pub struct InitOptions {
    /// Where all random numbers come from.
    pub seed: u64,
    /// The variance it states, of numbers with mean 0; `None` when it states none.
    pub variance: Option<fn(Fan) -> f64>,
}

impl Default for InitOptions {
    fn default() -> Self {
        Self { seed: 1, variance: None }
    }
}

/// Asserts that an initial scheme is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn init(init: &dyn Init) {
    failure::assert(check(init, &InitOptions::default()));
}

/// [`init()`] with options.
///
/// # Panics
/// When the scheme is not right.
#[track_caller]
pub fn init_with(init: &dyn Init, options: &InitOptions) {
    failure::assert(check(init, options));
}

/// Checks, on blocks from 1 × 1 to 120 × 80:
///
/// * `written-whole`: every number is written, finite, and independent of what was there;
/// * `pure`: the same draws give the same bits, whatever was filled before;
/// * `variance`: where the options state one, mean and variance are as stated, to six standard errors.
///
/// # Errors
/// The first rule that is broken, with the block.
pub fn check(init: &dyn Init, options: &InitOptions) -> Result<(), Failure> {
    failure::in_range(init)?;
    failure::caught(|| {
        for (sample, (rows, cols)) in
            (0..).zip([(1, 1), (7, 5), (5, 1), (1, 40), (120, 80), (80, 120)])
        {
            one(init, options, sample, rows, cols)
                .map_err(|f| f.at(format_args!("{rows} × {cols}")))?;
        }
        Ok(())
    })?
}

fn one(
    init: &dyn Init,
    options: &InitOptions,
    sample: u64,
    rows: usize,
    cols: usize,
) -> Result<(), Failure> {
    let fan = Fan { inputs: cols, outputs: rows };
    let stream = Stream::new(options.seed, "testkit/init");
    let fill = |garbage: f64| {
        let mut values = vec![garbage; rows * cols];
        init.fill(fan, rows, &mut stream.sample(sample), &mut values);
        values
    };
    let values = fill(f64::NAN);
    finite("written-whole", &values)?;
    same_bits("written-whole", &fill(1e3), &values).map_err(|f| f.at("over other numbers"))?;
    same_bits("pure", &fill(f64::NAN), &values)?;
    let n = values.len() as f64;
    match options.variance {
        Some(law) if n > 1000.0 => {
            let stated = law(fan);
            let mean = values.iter().sum::<f64>() / n;
            let moment = |power| values.iter().map(|x| (x - mean).powi(power)).sum::<f64>() / n;
            let (variance, fourth) = (moment(2), moment(4));
            let mean_error = (stated / n).sqrt();
            ensure(mean.abs() <= ERRORS * mean_error, "variance", || {
                format!("mean {mean:e}, with a standard error of {mean_error:e}")
            })?;
            // Var(s²) = (μ₄ − σ⁴) / n for large n.
            let error = ((fourth - variance * variance).max(0.0) / n).sqrt();
            ensure((variance - stated).abs() <= ERRORS * error, "variance", || {
                format!(
                    "variance {variance:e}, stated {stated:e}, with a standard error of {error:e}"
                )
            })
        }
        _ => Ok(()),
    }
}
