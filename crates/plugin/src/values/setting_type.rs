//! `SettingType`: the types that settings have.

use crate::{Kind, Named, Plugin, Range, SettingError};
use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::ops::Bound::{Included, Unbounded};
use std::path::PathBuf;

/// A type that a setting may have: it says how it is written and which of its values are possible.
///
/// `#[derive(Checked)]` implements it for structs and enums that are written as they are declared.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be described as a setting",
    note = "derive `Checked` for it, or implement `SettingType`"
)]
pub trait SettingType {
    /// Whether a setting of this type may be left out, whatever is declared.
    const OPTIONAL: bool = false;

    /// How it is written, with numbers in `range`.
    fn kind(range: Range) -> Kind;

    /// Whether this value is possible. Each is, unless said.
    ///
    /// # Errors
    /// When it is not, for the setting of this name.
    fn within(&self, _setting: &str, _range: Range) -> Result<(), SettingError> {
        Ok(())
    }
}

impl SettingType for f64 {
    fn kind(range: Range) -> Kind {
        Kind::Number(range)
    }
    fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
        match range.holds(*self) {
            true => Ok(()),
            false => Err(SettingError::new(setting, range, format!("{self:?}"))),
        }
    }
}

/// The whole numbers are alike but for their type, and `as` is no function.
macro_rules! whole {
    ($($number:ty),*) => { $(
        impl SettingType for $number {
            fn kind(range: Range) -> Kind {
                Kind::Whole(match range.low {
                    Unbounded if <$number>::MIN == 0 => {
                        Range { low: Included(0.0), ..range }
                    }
                    _ => range,
                })
            }
            fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
                match range.holds(*self as f64) {
                    true => Ok(()),
                    false => Err(SettingError::new(setting, range.whole(), self)),
                }
            }
        }
    )* };
}
whole!(u32, u64, usize, i64);

impl SettingType for NonZeroU64 {
    fn kind(range: Range) -> Kind {
        Kind::Whole(Range { low: Included(1.0), ..range })
    }
    fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
        self.get().within(setting, range)
    }
}

impl SettingType for bool {
    fn kind(_: Range) -> Kind {
        Kind::Truth
    }
}

impl SettingType for String {
    fn kind(_: Range) -> Kind {
        Kind::Text
    }
}

impl SettingType for char {
    fn kind(_: Range) -> Kind {
        Kind::Character
    }
}

impl SettingType for PathBuf {
    fn kind(_: Range) -> Kind {
        Kind::Text
    }
    fn within(&self, setting: &str, _: Range) -> Result<(), SettingError> {
        match self.as_os_str().is_empty() {
            true => Err(SettingError::new(setting, "the path of a file", "nothing")),
            false => Ok(()),
        }
    }
}

impl<T: SettingType> SettingType for Option<T> {
    const OPTIONAL: bool = true;

    fn kind(range: Range) -> Kind {
        T::kind(range)
    }
    fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
        self.as_ref().map_or(Ok(()), |value| value.within(setting, range))
    }
}

impl<T: SettingType> SettingType for Vec<T> {
    fn kind(range: Range) -> Kind {
        Kind::List(Box::new(T::kind(range)))
    }
    fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
        let mut items = self.iter().enumerate();
        items.try_for_each(|(at, item)| item.within(&format!("{setting}[{at}]"), range))
    }
}

impl<A: SettingType, B: SettingType> SettingType for (A, B) {
    fn kind(range: Range) -> Kind {
        let (first, second) = (A::kind(range), B::kind(range));
        let same = first == second;
        Kind::List(Box::new(if same { first } else { Kind::Either(vec![first, second]) }))
    }
    fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
        self.0.within(&format!("{setting}[0]"), range)?;
        self.1.within(&format!("{setting}[1]"), range)
    }
}

impl<T: SettingType> SettingType for BTreeMap<String, T> {
    fn kind(range: Range) -> Kind {
        Kind::Map(Box::new(T::kind(range)))
    }
    fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
        self.iter().try_for_each(|(name, item)| item.within(&format!("{setting}.{name}"), range))
    }
}

impl<T: SettingType> SettingType for Box<T> {
    fn kind(range: Range) -> Kind {
        T::kind(range)
    }
    fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
        T::within(self, setting, range)
    }
}

impl<P: ?Sized + Named> SettingType for Plugin<P> {
    fn kind(_: Range) -> Kind {
        Kind::Plugin(P::FAMILY)
    }
    fn within(&self, setting: &str, _: Range) -> Result<(), SettingError> {
        self.check().map_err(|error| error.inside(setting))
    }
}
