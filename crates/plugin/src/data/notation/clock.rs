//! `clock`: a time of day and its time zone, read from a text.

/// The share of the day that has passed at a time such as `23:59:59.5`, `11:59 pm` or `12:00+02:00`.
/// A time zone moves it to that of Greenwich.
pub(super) fn clock(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || ":.".contains(c))).unwrap_or(text.len());
    let (time, rest) = text.split_at(end);
    let mut parts = time.split(':');
    let (hours, minutes) = (parts.next()?, parts.next()?);
    let seconds = parts.next().unwrap_or("00");
    let two = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some()
        || hours.len() > 2
        || hours.contains('.')
        || !two(minutes)
        || !two(seconds.get(..2)?)
        || !(seconds.len() == 2 || seconds[2..].starts_with('.'))
    {
        return None;
    }
    let (mut hours, minutes) = (hours.parse::<f64>().ok()?, minutes.parse::<f64>().ok()?);
    let seconds = seconds.parse::<f64>().ok()?;
    let mut rest = rest.trim();
    let half = rest.get(..2).map(str::to_ascii_lowercase);
    if let Some(half @ ("am" | "pm")) = half.as_deref() {
        if !(1.0..=12.0).contains(&hours) {
            return None;
        }
        hours = hours % 12.0 + if half == "pm" { 12.0 } else { 0.0 };
        rest = rest[2..].trim();
    }
    // The end of a day: 24:00.
    let midnight = hours == 24.0 && minutes == 0.0 && seconds == 0.0;
    if hours >= 24.0 && !midnight || minutes >= 60.0 || seconds >= 61.0 {
        return None;
    }
    let zone = zone(rest)?;
    Some((hours * 3600.0 + minutes * 60.0 + seconds - zone) / 86_400.0)
}

/// The seconds that a time zone is ahead of Greenwich.
fn zone(text: &str) -> Option<f64> {
    if matches!(text, "" | "Z" | "z" | "UTC" | "GMT") {
        return Some(0.0);
    }
    let text = text.strip_prefix("UTC").or_else(|| text.strip_prefix("GMT")).unwrap_or(text);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+')?),
    };
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let (hours, minutes) = digits.split_at_checked(2).filter(|_| all)?;
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    let (hours, minutes) = (hours.parse::<f64>().ok()?, minutes.parse::<f64>().ok()?);
    (hours <= 14.0 && minutes < 60.0).then_some(sign * (hours * 3600.0 + minutes * 60.0))
}
