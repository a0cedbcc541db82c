//! `Figures`: how numbers are written: their marks, and what stands before and after them.

use super::{Marks, Skeleton};
use std::fmt;

/// How numbers are written: `1,234.5`, `1.234,5 €`, `12 %`, `1.5K`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Figures {
    /// The marks.
    pub marks: Marks,
    /// What may stand before a number, such as `$`.
    pub prefix: String,
    /// What may stand after it, such as `kg`; only a percent sign may not be left out.
    pub suffix: String,
    /// Whether `K`, `M`, `B` or `T` after a number multiply it by a thousand, a million and so on. An
    /// example with a blank before a `K` or `T` means kelvin or tesla.
    pub multiples: bool,
}

impl Figures {
    /// Whether these are numbers as programs write them.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// The number that a text is.
    #[must_use]
    pub fn value(&self, text: &str) -> Option<f64> {
        if self.is_plain()
            && let Ok(number) = text.trim().parse()
        {
            return Some(number);
        }
        let skeleton = Skeleton::of(text)?;
        let number = skeleton.number(self.marks)?;
        if !(skeleton.prefix.is_empty() || skeleton.prefix == self.prefix) {
            return None;
        }
        if self.multiples {
            return Self::multiple(skeleton.suffix).map(|factor| number * factor);
        }
        let bare = skeleton.suffix.is_empty() && self.suffix != "%";
        (bare || skeleton.suffix == self.suffix).then_some(number)
    }

    /// What a letter after a number multiplies it by; nothing by 1.
    #[must_use]
    pub fn multiple(suffix: &str) -> Option<f64> {
        Some(match suffix {
            "" => 1.0,
            "k" | "K" => 1e3,
            "M" => 1e6,
            "B" => 1e9,
            "T" => 1e12,
            _ => return None,
        })
    }

    /// Whether such a letter is a unit as well, which has a blank before it: `282 K`, `3 T`.
    #[must_use]
    pub fn may_be_unit(suffix: &str) -> bool {
        matches!(suffix, "K" | "T")
    }

    /// How the number of an example is written.
    pub(super) fn of_example(example: &str) -> Option<Self> {
        let skeleton = Skeleton::of(example)?;
        let decided =
            skeleton.body.contains(['.', ',', ' ', '\'', '\u{a0}', '\u{202f}', '\u{2019}']);
        let mut fits = Marks::ALL.into_iter().filter(|marks| skeleton.number(*marks).is_some());
        // 1,234 and 1.234 alone: one with three digits after its only mark has a group.
        let one = skeleton.body.len() - skeleton.body.find([',', '.']).unwrap_or(0) == 4;
        let marks = match decided && one {
            true => fits.clone().find(|marks| marks.group.is_some()).or_else(|| fits.next()),
            false => fits.next(),
        }?;
        let unit = skeleton.apart && Self::may_be_unit(skeleton.suffix);
        let multiples = matches!(skeleton.suffix, "k" | "K" | "M" | "B" | "T") && !unit;
        let suffix = if multiples { "" } else { skeleton.suffix };
        Some(Self { marks, prefix: skeleton.prefix.into(), suffix: suffix.into(), multiples })
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix)?;
        if self.prefix.ends_with(char::is_alphabetic) {
            f.write_str(" ")?;
        }
        let group = self.marks.group.map_or(String::new(), String::from);
        write!(f, "1{group}234{}5", self.marks.decimal)?;
        match self.multiples {
            true => f.write_str("K"),
            false if self.suffix.starts_with(char::is_alphabetic) => write!(f, " {}", self.suffix),
            false => f.write_str(&self.suffix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(example: &str) -> Figures {
        Figures::of_example(example).unwrap()
    }

    #[test]
    fn numbers_in_many_notations() {
        for (example, text, number) in [
            ("1,234.5", "1,234", Some(1234.0)),
            ("1,234.5", "-1,234,567.25", Some(-1_234_567.25)),
            ("1,234.5", "12,34,567", Some(1_234_567.0)), // India
            ("1,234.5", "12,34", None),
            ("1,234.5", "1234.5", Some(1234.5)),
            ("1,234.5", ",234", None),
            ("1,234.5", "0,234", None),
            ("1.234,5", "1.724,74", Some(1724.74)),
            ("1.234,5", "1.724.000", Some(1_724_000.0)),
            ("1.234,5", "1.5", None),
            ("1234,5", "0,5", Some(0.5)),
            ("1234,5", "1.5", None),
            ("1 234,5", "12\u{202f}345,6", Some(12_345.6)),
            ("1'234.5", "1’234.5", Some(1234.5)),
            ("$1,234.5", "$1,000", Some(1000.0)),
            ("$1,234.5", "-$1,000.5", Some(-1000.5)),
            ("$1,234.5", "$-7", Some(-7.0)),
            ("$1,234.5", "($7)", Some(-7.0)),
            ("$1,234.5", "$(1,061.25)", Some(-1061.25)),
            ("$1,234.5", "$(-7)", None),
            ("$1,234.5", "7", Some(7.0)),
            ("$1,234.5K", "$5K", Some(5e3)),
            ("$1,234.5K", "$5", Some(5.0)),
            ("€ 1.234,5", "€ 21.621,-", Some(21_621.0)),
            ("1.234,5 €", "147,- €", Some(147.0)),
            ("1'234.5", "102'597.\u{2013}", Some(102_597.0)),
            ("$1,234.5", "€7", None),
            ("1234.5%", "12 %", Some(12.0)),
            ("1234.5%", "12", None), // 12, or 12 %?
            ("1234.5 kg", "5kg", Some(5.0)),
            ("1234.5 kg", "5 g", None),
            ("1234.5K", "1.5M", Some(1.5e6)),
            ("1234.5K", "12", Some(12.0)),
            ("1234.5K", "282 K", Some(282e3)),
            ("1234.5 K", "282 K", Some(282.0)), // kelvin
            ("1234.5 K", "282K", Some(282.0)),
            ("1234.5 K", "5 M", None),
            ("1234.5 M", "5 K", Some(5e3)),
            ("1234.5", "0x1A", None),
            ("1234.5 kg", "4\u{bd}", None), // 4.5
            ("1234.5 m\u{b2}", "5 m\u{b2}", Some(5.0)),
            ("1234.5 km/h", "12 km/h", Some(12.0)),
            ("1234.5", "1e3", Some(1000.0)),
            ("1234,5", "1,5e3", Some(1500.0)),
            ("1234,5", "7-", Some(-7.0)),
            ("1234,5", "\u{2212}7", Some(-7.0)),
        ] {
            assert_eq!(figures(example).value(text), number, "{text} as {example}");
        }
    }

    #[test]
    fn an_example_is_what_is_written() {
        for prefix in ["", "$", "CHF", "€"] {
            for suffix in ["", "kg", "%", "€", "K", "M", "°C"] {
                for marks in Marks::ALL {
                    let multiples = Figures::multiple(suffix).is_some() && !suffix.is_empty();
                    let suffix = if multiples { "" } else { suffix }.to_owned();
                    let written = Figures { marks, prefix: prefix.into(), suffix, multiples };
                    assert_eq!(figures(&written.to_string()), written);
                }
            }
        }
        for unit in ["K", "T"] {
            let written = Figures { suffix: unit.into(), ..Figures::default() };
            assert_eq!(figures(&written.to_string()), written);
        }
    }
}
