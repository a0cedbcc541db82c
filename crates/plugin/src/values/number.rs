//! `Number`: a number that survives formats without NaN and infinity.

use serde::{Deserialize, Serialize};

/// A number that may be NaN or infinite, and survives formats that have no such numbers: there it
/// is the string `"NaN"`, `"Infinity"` or `"-Infinity"`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Number(pub f64);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Finite(f64),
    Name(NotFinite),
}

#[derive(Serialize, Deserialize)]
enum NotFinite {
    #[serde(rename = "NaN")]
    Nan,
    Infinity,
    #[serde(rename = "-Infinity")]
    MinusInfinity,
}

impl From<Number> for Written {
    fn from(Number(x): Number) -> Self {
        if x.is_finite() {
            Self::Finite(x)
        } else if x.is_nan() {
            Self::Name(NotFinite::Nan)
        } else if x > 0.0 {
            Self::Name(NotFinite::Infinity)
        } else {
            Self::Name(NotFinite::MinusInfinity)
        }
    }
}

impl From<Written> for Number {
    fn from(written: Written) -> Self {
        Self(match written {
            Written::Finite(x) => x,
            Written::Name(NotFinite::Nan) => f64::NAN,
            Written::Name(NotFinite::Infinity) => f64::INFINITY,
            Written::Name(NotFinite::MinusInfinity) => f64::NEG_INFINITY,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives_json() {
        for x in [0.1, -1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let text = serde_json::to_string(&Number(x)).unwrap();
            let Number(read) = serde_json::from_str(&text).unwrap();
            assert!(read == x || (read.is_nan() && x.is_nan()), "{text}");
        }
    }
}
