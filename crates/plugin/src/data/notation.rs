//! `Notation`: how the numbers or times of a column are written.

mod clock;
mod figures;
mod marks;
mod moment;
mod skeleton;
mod time;
mod tokens;
mod week;

pub use figures::Figures;
pub use marks::Marks;
pub use moment::{Cycle, Moment};
pub use skeleton::Skeleton;
pub use time::TimeOrder;

use crate::{Kind, Range, SettingType};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How the numbers or times of a column are written, told by an example: `1,234.5`, `1.234,5 €`,
/// `12 %`, `31.12.2024`, `12/31/2024`, or `seconds` since 1970.
///
/// ```
/// use tanren_plugin::Notation;
///
/// let german: Notation = "1.234,5 €".parse()?;
/// assert_eq!(german.value("-12.724,74 €"), Some(-12724.74));
/// let day_first: Notation = "31.12.2024".parse()?;
/// assert_eq!(day_first.value("2/1/1970"), Some(1.0)); // days since 1970-01-01
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Notation {
    /// Numbers.
    Number(Figures),
    /// Dates, times of day, or both.
    Time(TimeOrder),
}

impl SettingType for Notation {
    fn kind(_: Range) -> Kind {
        Kind::Text
    }
}

impl Notation {
    /// The number that a text is, or the days since the beginning of 1970, of a time of day alone the
    /// share of the day that has passed. `None` where the text is written otherwise.
    #[must_use]
    pub fn value(&self, text: &str) -> Option<f64> {
        match self {
            Self::Number(figures) => figures.value(text),
            Self::Time(order) => order.days(text),
        }
    }

    /// Whether these are numbers as programs write them.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        matches!(self, Self::Number(figures) if figures.is_plain())
    }
}

impl Default for Notation {
    fn default() -> Self {
        Self::Number(Figures::default())
    }
}

impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(figures) => figures.fmt(f),
            Self::Time(order) => order.fmt(f),
        }
    }
}

impl From<Notation> for String {
    fn from(notation: Notation) -> Self {
        notation.to_string()
    }
}

impl TryFrom<String> for Notation {
    type Error = String;

    fn try_from(example: String) -> Result<Self, String> {
        example.parse()
    }
}

impl FromStr for Notation {
    type Err = String;

    /// The notation of an example.
    fn from_str(example: &str) -> Result<Self, String> {
        let time = TimeOrder::of_example(example).map(Self::Time);
        let notation = time.or_else(|| Figures::of_example(example).map(Self::Number));
        notation.ok_or_else(|| {
            format!(
                "expected an example of a number or a date, such as \"1.234,5\", \"12 kg\", \
                 \"31.12.2024\", \"12/31/2024\" or \"seconds\", found {example:?}"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_read_as_it_is_written() {
        let figures = Marks::ALL.into_iter().flat_map(|marks| {
            let of = move |prefix: &str, suffix: &str| Figures {
                marks,
                prefix: prefix.into(),
                suffix: suffix.into(),
                multiples: false,
            };
            [of("", ""), of("$", ""), of("USD", ""), of("", "%"), of("", "kg"), of("€", "/m2")]
        });
        let multiples = Figures { multiples: true, ..Figures::default() };
        let numbers = figures.chain([multiples]).map(Notation::Number);
        for notation in numbers.chain(TimeOrder::ALL.into_iter().map(Notation::Time)) {
            let example = notation.to_string();
            assert_eq!(example.parse(), Ok(notation.clone()), "{example}");
            let json = serde_json::to_string(&notation).unwrap();
            assert_eq!(serde_json::from_str::<Notation>(&json).unwrap(), notation);
        }
        assert!("nonsense".parse::<Notation>().is_err());
        assert!("".parse::<Notation>().is_err());
    }
}
