//! The plugins that are registered, so that none is forgotten in a list of tests.

use crate::failure::{self, Failure, ensure};
use crate::round_trip;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use tanren_plugin::engine::names;
use tanren_plugin::{Named, Plugin};

/// The name under which a plugin is written.
///
/// # Errors
/// When it cannot be written, or has none.
pub fn name<P: ?Sized + Serialize>(plugin: &Plugin<P>) -> Result<String, Failure> {
    let value = serde_json::to_value(plugin).map_err(|error| Failure::new("tag", error))?;
    let name = value.get("type").and_then(|name| name.as_str());
    name.map(String::from).ok_or_else(|| Failure::new("tag", format!("no `type` in {value}")))
}

/// Calls `conforms` with every plugin of a family and what belongs to it, looks whether it survives as
/// text, and asserts that the names in `plugins` are those that are registered: a plugin without a
/// test fails here. Of the registered names only those count for which `ours` holds; it must hold for all
/// in the list, so that a plugin of the crate `acme` that is called `swish` instead of `acme/swish` fails.
///
/// ```no_run
/// # use tanren_plugin::{Metric, Plugin, tensor::Shape};
/// # fn conforms(worst: Plugin<dyn Metric>) {
/// let metrics = [(worst, vec![Shape::vector(2)])];
/// tanren_testkit::family(&metrics, |name| name.starts_with("acme/"), |metric, targets| {
///     tanren_testkit::metric(metric, targets);
/// });
/// # }
/// ```
///
/// # Panics
/// When a plugin does not survive as text, is not in the list, or has a name that is not ours.
#[track_caller]
pub fn family<P, W>(
    plugins: &[(Plugin<P>, W)],
    ours: impl Fn(&str) -> bool,
    mut conforms: impl FnMut(&P, &W),
) where
    P: ?Sized + Named + Serialize,
    Box<P>: DeserializeOwned,
{
    let mut tested = BTreeSet::new();
    for (plugin, with) in plugins {
        conforms(plugin, with);
        round_trip(plugin);
        match name(plugin) {
            Ok(name) => tested.insert(name),
            Err(failure) => panic!("{failure}"),
        };
    }
    failure::assert(complete(&tested, &names::<P>().into_iter().collect(), ours));
}

/// Whether everything of ours that is registered was tested.
fn complete(
    tested: &BTreeSet<String>,
    registered: &BTreeSet<&'static str>,
    ours: impl Fn(&str) -> bool,
) -> Result<(), Failure> {
    let left = registered.iter().filter(|name| ours(name) && !tested.contains(**name));
    let left: Vec<_> = left.collect();
    ensure(left.is_empty(), "registered", || format!("no conformance test for {left:?}"))?;
    let odd: Vec<_> = tested.iter().filter(|name| !registered.contains(name.as_str())).collect();
    ensure(odd.is_empty(), "registered", || format!("tested under names nobody knows: {odd:?}"))?;
    let foreign: Vec<_> = tested.iter().filter(|name| !ours(name)).collect();
    ensure(foreign.is_empty(), "names", || format!("names that are not ours: {foreign:?}"))
}
