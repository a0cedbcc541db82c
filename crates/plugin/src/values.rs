//! Chapter 1, values: what every plugin is, and the few numbers a run hangs on.
//!
//! A plugin is a plain struct that serde can read and write. `#[typetag::serde(name = "acme/isru")]`
//! on the implementation of its family's trait registers it under a name, so that a recipe can ask for
//! it. Code holds plugins as [`Plugin`], a shared handle that is cheap to clone. It is written as a table,
//! `{ type = "acme/isru", alpha = 2.0 }`, or, without settings, as a bare name.
//!
//! Every family extends [`Checked`]: a plugin says with `check` whether its settings are in range, and
//! names the first that is not in a [`SettingError`]. Nothing is trained with a setting that was
//! refused. What its settings are, it says as a [`Kind`]: a table ([`About`]) of [`Setting`]s, each of a
//! [`SettingType`], with a [`Range`] where it is a number. `#[derive(Checked)]` makes all of it from the
//! declaration. [`Named`] families have a name, under which `tanren plugins` lists them, and may have a type
//! that a table need not say, which a reader of other formats learns from [`unless_said`].
//!
//! Where a plugin works is not its own business. [`Aimed`] puts a choice beside it, by the key `on` of a
//! recipe or by [`On::on`] in a program, for the families that can be aimed at a part of what they work
//! on: [`Aim`] says how the part is chosen.
//!
//! What a plugin computes, it computes in single and in double precision. Families that
//! compute with the numbers of a network have a kernel trait for that, which a plugin implements once for
//! any number type. The family's own trait
//! hands out both versions as [`Kernels`], and the precision of the run, a [`Precision`], takes its own.
//! [`Family`] says which kernel trait belongs to which trait.
//!
//! A run follows from its recipe and two values. The [`Seed`] decides all randomness. The [`Clock`] says
//! where the run stands: its [`Phase`], the epoch, the number of updates, the samples seen. Learning
//! rates and random numbers are functions of these, so a resumed run continues as if it had never
//! stopped.
//!
//! A number that may change over a run is [`Scheduled`]: a constant, or a [`Schedule`], which is a pure
//! function of the clock that counts in some [`Unit`].
//!
//! [`Number`] writes NaN and infinity into formats that have neither, and [`nearest`] finds the valid
//! name that a mistyped one was meant to be.

mod about;
mod aim;
mod checked;
mod clock;
mod counts;
mod kernels;
mod nearest;
mod number;
pub(crate) mod pattern;
mod plugin;
mod range;
mod schedule;
mod scheduled;
mod seed;
mod setting;
mod setting_type;
mod unit;

pub use about::{About, Kind, Setting};
pub use aim::{Aim, Aimed, On};
pub use checked::Checked;
pub use clock::{Clock, Phase};
pub use counts::Counts;
pub use kernels::{Family, Kernels, Precision};
pub use nearest::nearest;
pub use number::Number;
pub use plugin::{Named, Plugin, unless_said};
pub use range::Range;
pub use schedule::Schedule;
pub use scheduled::Scheduled;
pub use seed::Seed;
pub use setting::SettingError;
pub use setting_type::SettingType;
#[doc(no_inline)]
pub use tanren_derive::Checked;
pub use unit::Unit;
