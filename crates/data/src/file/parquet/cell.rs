//! `Form`: what the values of a column are, and how they are written as the text of a cell.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::schema::types::ColumnDescriptor;
use std::fmt::Display;
use std::io::Write as _;

/// Nanoseconds of a second and of a day.
const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;

/// The day on which 1970 began, as Julian days count.
const JULIAN_1970: i64 = 2_440_588;

/// The most bytes of a decimal: 38 digits.
const DECIMAL: usize = 16;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Numbers, or whatever they are.
    Plain,
    Unsigned,
    /// Whole numbers of the unit of this many digits after the point.
    Decimal(usize),
    /// Days since 1970.
    Date,
    /// A time of day, or a time, counted in this many nanoseconds.
    Clock(i128),
    Moment(i128),
    Half,
    Text,
    Uuid,
}

impl Form {
    /// What the values of a column are; `None` for bytes that are neither a number nor a text.
    pub(super) fn of(column: &ColumnDescriptor) -> Option<Self> {
        let physical = column.physical_type();
        let bytes = matches!(physical, Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY);
        let decimal = |scale: i32| {
            let scale = usize::try_from(scale).ok().filter(|scale| *scale <= 100)?;
            let fits = physical != Type::FIXED_LEN_BYTE_ARRAY
                || usize::try_from(column.type_length()).is_ok_and(|length| length <= DECIMAL);
            fits.then_some(Self::Decimal(scale))
        };
        if let Some(logical) = column.logical_type_ref() {
            return match logical {
                LogicalType::Decimal(decimal_type) => decimal(decimal_type.scale),
                LogicalType::Date => Some(Self::Date),
                LogicalType::Time(time) => Some(Self::Clock(nanoseconds(&time.unit))),
                LogicalType::Timestamp(time) => Some(Self::Moment(nanoseconds(&time.unit))),
                LogicalType::Integer(whole) if !whole.is_signed => Some(Self::Unsigned),
                LogicalType::Float16 => Some(Self::Half),
                LogicalType::Uuid => Some(Self::Uuid),
                LogicalType::String | LogicalType::Enum | LogicalType::Json => Some(Self::Text),
                _ if bytes => None,
                _ => Some(Self::Plain),
            };
        }
        match column.converted_type() {
            ConvertedType::DECIMAL => decimal(column.type_scale()),
            ConvertedType::DATE => Some(Self::Date),
            ConvertedType::TIME_MILLIS => Some(Self::Clock(SECOND / 1000)),
            ConvertedType::TIME_MICROS => Some(Self::Clock(1000)),
            ConvertedType::TIMESTAMP_MILLIS => Some(Self::Moment(SECOND / 1000)),
            ConvertedType::TIMESTAMP_MICROS => Some(Self::Moment(1000)),
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Some(Self::Unsigned),
            // Old writers do not say that bytes are a text.
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Some(Self::Text),
            ConvertedType::NONE if physical == Type::BYTE_ARRAY => Some(Self::Text),
            _ if bytes => None,
            _ => Some(Self::Plain),
        }
    }
}

const fn nanoseconds(unit: &TimeUnit) -> i128 {
    match unit {
        TimeUnit::MILLIS => SECOND / 1000,
        TimeUnit::MICROS => 1000,
        TimeUnit::NANOS => 1,
    }
}

/// Appends what a text holds. Writing to memory cannot fail.
fn put(text: &mut Vec<u8>, cell: impl Display) {
    let _ = write!(text, "{cell}");
}

/// Appends a whole number.
pub(super) fn whole(text: &mut Vec<u8>, form: Form, value: i64, bits: u32) {
    match form {
        Form::Unsigned if bits == 32 => put(text, value as u32),
        Form::Unsigned => put(text, value as u64),
        Form::Decimal(scale) => decimal(text, value.into(), scale),
        Form::Date => date(text, value),
        Form::Clock(unit) => clock(text, i128::from(value) * unit),
        Form::Moment(unit) => moment(text, i128::from(value) * unit),
        _ => put(text, value),
    }
}

/// Appends a number in the fewest digits that are no other number; nothing for NaN.
pub(super) fn number(text: &mut Vec<u8>, value: impl Into<f64> + std::fmt::Debug + Copy) {
    if value.into().is_nan() {
        return;
    }
    let start = text.len();
    let _ = write!(text, "{value:?}");
    if text.ends_with(b".0") {
        text.truncate(text.len() - 2);
    }
    not_grouped(text, start);
}

/// Makes sure that the point of a number is not taken for a mark between thousands, as in 1.234.
fn not_grouped(text: &mut Vec<u8>, start: usize) {
    let cell = text.get(start..).unwrap_or_default();
    if cell.iter().rev().position(|&byte| byte == b'.') == Some(3) {
        text.push(b'0');
    }
}

/// Appends a whole number of hundredths, thousandths, …
fn decimal(text: &mut Vec<u8>, value: i128, scale: usize) {
    let start = text.len();
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (before, after) = digits.split_at(digits.len() - scale);
    put(text, if value < 0 { "-" } else { "" });
    put(text, before);
    if scale > 0 {
        put(text, format_args!(".{after}"));
        not_grouped(text, start);
    }
}

/// Appends a date: how many days passed since 1970.
fn date(text: &mut Vec<u8>, days: i64) {
    // Source: Hinnant (2013), chrono-compatible low-level date algorithms. Years begin in March.
    let shifted = days.saturating_add(719_468);
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    put(text, format_args!("{year:04}-{month:02}-{day:02}"));
}

/// Appends a time of day, with no more digits of the second than it has.
fn clock(text: &mut Vec<u8>, nanoseconds: i128) {
    let (seconds, rest) = (nanoseconds / SECOND, nanoseconds % SECOND);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    put(text, format_args!("{hours:02}:{minutes:02}:{seconds:02}"));
    if rest != 0 {
        let digits = format!("{rest:09}");
        put(text, format_args!(".{}", digits.trim_end_matches('0')));
    }
}

/// Appends a date and its time of day: how many nanoseconds passed since 1970.
fn moment(text: &mut Vec<u8>, nanoseconds: i128) {
    // Nanoseconds of an `i64` of days at most: a quotient that fits.
    date(text, nanoseconds.div_euclid(DAY) as i64);
    text.push(b' ');
    clock(text, nanoseconds.rem_euclid(DAY));
}

/// Appends a time as old writers store it: nanoseconds of the day, low half first, and the Julian
/// day.
pub(super) fn julian(text: &mut Vec<u8>, parts: &[u32]) {
    let [low, high, day] = *parts else { return };
    let of_day = u64::from(low) | u64::from(high) << 32;
    let days = i128::from(i64::from(day) - JULIAN_1970);
    moment(text, days * DAY + i128::from(of_day as i64));
}

/// Appends what bytes are. What is no UTF-8 becomes `U+FFFD`.
pub(super) fn bytes(text: &mut Vec<u8>, form: Form, value: &[u8]) {
    match form {
        Form::Decimal(scale) if value.len() <= DECIMAL => {
            let sign = value.first().map_or(0, |&first| if first < 128 { 0 } else { -1 });
            let value = value.iter().fold(sign, |all: i128, &byte| (all << 8) | i128::from(byte));
            decimal(text, value, scale);
        }
        Form::Half => {
            if let &[low, high] = value {
                number(text, half(u16::from_le_bytes([low, high])));
            }
        }
        Form::Uuid => value.iter().for_each(|byte| put(text, format_args!("{byte:02x}"))),
        _ => quoted(text, &String::from_utf8_lossy(value)),
    }
}

/// Appends a text in quotes.
pub(super) fn quoted(text: &mut Vec<u8>, value: &str) {
    put(text, format_args!("\"{}\"", value.replace('"', "\"\"")));
}

/// The value of a number of 16 bits: IEEE 754 *binary16*.
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1024.0 + fraction) * 2_f32.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut text = Vec::new();
        write(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn numbers_keep_all_their_digits() {
        for (value, expected) in
            [(0.1, "0.1"), (-3.0, "-3"), (1e300, "1e300"), (1.234, "1.2340"), (f64::NAN, "")]
        {
            assert_eq!(said(|text| number(text, value)), expected);
        }
        assert_eq!(said(|text| number(text, 0.1_f32)), "0.1");
        assert_eq!(said(|text| whole(text, Form::Plain, i64::MIN, 64)), i64::MIN.to_string());
        assert_eq!(said(|text| whole(text, Form::Unsigned, -1, 64)), u64::MAX.to_string());
        assert_eq!(said(|text| whole(text, Form::Unsigned, -1, 32)), u32::MAX.to_string());
    }

    #[test]
    fn decimals_have_their_point() {
        for (value, scale, expected) in [
            (12345, 2, "123.45"),
            (-5, 2, "-0.05"),
            (7, 0, "7"),
            (0, 4, "0.0000"),
            (1234, 3, "1.2340"),
        ] {
            assert_eq!(said(|text| whole(text, Form::Decimal(scale), value, 64)), expected);
        }
        let minus_two = [0xff, 0xfe];
        assert_eq!(said(|text| bytes(text, Form::Decimal(1), &minus_two)), "-0.2");
        let most = i128::MAX.to_be_bytes();
        assert_eq!(said(|text| bytes(text, Form::Decimal(0), &most)), i128::MAX.to_string());
    }

    #[test]
    fn times_are_dates_and_times_of_day() {
        // python: datetime.fromtimestamp(…, timezone.utc)
        for (unit, value, expected) in [
            (SECOND / 1000, 1_735_603_200_000, "2024-12-31 00:00:00"),
            (1000, -1, "1969-12-31 23:59:59.999999"),
            (1, 1_709_210_096_000_000_007, "2024-02-29 12:34:56.000000007"),
            (1, i64::MIN, "1677-09-21 00:12:43.145224192"),
        ] {
            assert_eq!(said(|text| whole(text, Form::Moment(unit), value, 64)), expected);
        }
        assert_eq!(said(|text| whole(text, Form::Date, -719_162, 32)), "0001-01-01");
        assert_eq!(said(|text| whole(text, Form::Date, 11_016, 32)), "2000-02-29");
        assert_eq!(said(|text| whole(text, Form::Clock(1000), 86_399_500_000, 64)), "23:59:59.5");
        assert_eq!(said(|text| julian(text, &[0, 0, 2_440_589])), "1970-01-02 00:00:00");
        // Whatever stands there, it is survived.
        for value in [i64::MIN, i64::MAX] {
            for form in [Form::Date, Form::Clock(SECOND / 1000), Form::Moment(SECOND / 1000)] {
                assert!(!said(|text| whole(text, form, value, 64)).is_empty());
            }
        }
    }

    #[test]
    fn halves_are_numbers() {
        for (bits, expected) in
            [(0x3c00, 1.0), (0xc000, -2.0), (0x7bff, 65504.0), (1, 5.960_464_5e-8), (0x8000, -0.0)]
        {
            assert_eq!(half(bits).to_bits(), f32::to_bits(expected), "{bits:x}");
        }
        assert!(half(0x7e00).is_nan() && half(0x7c00).is_infinite());
    }
}
