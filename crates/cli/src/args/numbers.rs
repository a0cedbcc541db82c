//! Numbers of the command line, and what is said of a text that is none of those expected.

/// Reads a whole number from `least` to `most`.
pub(super) fn whole<T: TryFrom<u64>>(
    least: u64,
    most: u64,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let expected = match most {
            u64::MAX => format!("expected a whole number, at least {least}"),
            _ => format!("expected a whole number from {least} to {most}"),
        };
        let number = text.parse::<u64>().ok().filter(|number| (least..=most).contains(number));
        number.and_then(|number| T::try_from(number).ok()).ok_or(expected)
    }
}

/// Reads a learning rate.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| *rate > 0.0 && rate.is_finite());
    rate.ok_or_else(|| "expected a number above 0".to_owned())
}

/// Reads a temperature.
pub(super) fn temperature(text: &str) -> Result<f64, String> {
    let temperature = text.parse::<f64>().ok().filter(|t| *t >= 0.0 && t.is_finite());
    temperature.ok_or_else(|| "expected a number from 0 on".to_owned())
}

/// Reads a probability.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "expected a number from 0 to 1".to_owned())
}
