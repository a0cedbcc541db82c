//! The plugins of this program, as they describe themselves: what `plugins` prints, as words and as a
//! JSON Schema.

pub(crate) mod elsewhere;
pub(crate) mod schema;
mod uses;
pub(crate) mod words;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tanren_plugin::engine::{example, names};
use tanren_plugin::{
    About, Activation, Constraint, Direction, Init, Layer, Loss, Metric, Named, Normalizer, Pace,
    Penalty, Schedule, Search, Setting, Source, Split, Stopping, Updater, WeightNoise,
};

/// All plugins of one family.
pub(crate) struct Family {
    /// Its name.
    pub(crate) name: &'static str,
    /// Where such plugins stand in a recipe, or in another plugin.
    pub(crate) uses: Vec<String>,
    /// The plugins, by name.
    pub(crate) plugins: Vec<Entry>,
}

/// A plugin.
pub(crate) struct Entry {
    /// Its name in a recipe.
    pub(crate) name: &'static str,
    /// What it says about itself, if it says anything.
    pub(crate) about: Option<About>,
    /// Whether a table that says no type means it.
    pub(crate) unsaid: bool,
    /// The values of the settings that may be left out.
    defaults: Map<String, Value>,
}

impl Entry {
    /// What a setting is when it is left out, if it is anything then.
    pub(crate) fn default(&self, setting: &Setting) -> Option<&Value> {
        let value = self.defaults.get(setting.name)?;
        (setting.optional && !value.is_null()).then_some(value)
    }

    /// Whether the name alone is enough, without a table.
    pub(crate) fn bare(&self) -> bool {
        let mut settings = self.about.iter().flat_map(|about| &about.settings);
        settings.all(|setting| setting.optional)
    }
}

/// Every family of which a recipe may hold plugins, in the order in which a recipe has them.
pub(crate) fn families() -> Vec<Family> {
    let mut families = vec![
        family::<dyn Source>(),
        family::<dyn Split>(),
        family::<dyn Normalizer>(),
        family::<dyn Layer>(),
        family::<dyn Activation>(),
        family::<dyn Init>(),
        family::<dyn Loss>(),
        family::<dyn Penalty>(),
        family::<dyn Constraint>(),
        family::<dyn WeightNoise>(),
        family::<dyn Direction>(),
        family::<dyn Updater>(),
        family::<dyn Search>(),
        family::<dyn Schedule>(),
        family::<dyn Pace>(),
        family::<dyn Stopping>(),
        family::<dyn Metric>(),
    ];
    uses::find(&mut families);
    families
}

fn family<P: ?Sized + Named + Serialize>() -> Family
where
    Box<P>: DeserializeOwned,
{
    let plugins = names::<P>().into_iter().filter(|name| !name.starts_with(INTERNAL)).map(|name| {
        let plugin = example::<P>(name);
        let written = plugin.as_ref().and_then(|plugin| serde_json::to_value(plugin).ok());
        let defaults = match written {
            Some(Value::Object(settings)) => settings,
            _ => Map::new(),
        };
        let unsaid = P::DEFAULT == Some(name);
        Entry { name, about: plugin.and_then(|plugin| plugin.about()), unsaid, defaults }
    });
    Family { name: P::FAMILY, uses: Vec::new(), plugins: plugins.collect() }
}

/// What the names of plugins begin with that are for the program itself.
const INTERNAL: &str = "bench/";
