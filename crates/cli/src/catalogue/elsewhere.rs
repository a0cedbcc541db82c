//! What PyTorch, Keras and scikit-learn call things that have another name, or another place, here.

/// Where such a name was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum As {
    /// In place of a plugin of this kind; of any kind, where none is given.
    Plugin(&'static str),
    /// As a setting beside the one of this name, or of anything where that is empty.
    Setting(&'static str),
    /// As a value, where this one is possible.
    Value(&'static str),
}

/// A name, and what it is here.
struct Name {
    /// The name with the letters' case and the underscores that it has there.
    theirs: &'static str,
    there: &'static str,
    written: As,
    /// What it is here; names in backquotes.
    here: &'static str,
}

const PYTORCH: &str = "PyTorch";
const KERAS: &str = "Keras";
const SCIKIT: &str = "scikit-learn";

const fn name(theirs: &'static str, there: &'static str, written: As, here: &'static str) -> Name {
    Name { theirs, there, written, here }
}

const fn schedule(theirs: &'static str, here: &'static str) -> Name {
    name(theirs, PYTORCH, As::Plugin("schedule"), here)
}

const fn setting(theirs: &'static str, beside: &'static str, here: &'static str) -> Name {
    name(theirs, PYTORCH, As::Setting(beside), here)
}

/// The table; `docs/schedules.md` shows the same.
const NAMES: [Name; 48] = [
    schedule("CosineAnnealingLR", "`cosine`"),
    schedule("CosineAnnealingWarmRestarts", "`warm-restarts`"),
    schedule("OneCycleLR", "`one-cycle`"),
    schedule("CyclicLR", "`cyclic`"),
    schedule("StepLR", "`step`"),
    schedule("MultiStepLR", "`table`, with the rate from each epoch on"),
    schedule("ExponentialLR", "`exponential`"),
    schedule("PolynomialLR", "`polynomial`"),
    schedule("LinearLR", "`linear`, or `warm-up`"),
    schedule("ConstantLR", "`table`"),
    schedule("LambdaLR", "`table`, with the values of the function"),
    schedule("SequentialLR", "`joined`"),
    schedule("ReduceLROnPlateau", "`plateau` in `training.pace`"),
    schedule("plateau", "`plateau` in `training.pace`"),
    name("ReduceLROnPlateau", PYTORCH, As::Plugin("pace"), "`plateau`"),
    name("CosineDecay", KERAS, As::Plugin("schedule"), "`cosine`"),
    name("CosineDecayRestarts", KERAS, As::Plugin("schedule"), "`warm-restarts`"),
    name("ExponentialDecay", KERAS, As::Plugin("schedule"), "`exponential`"),
    name("InverseTimeDecay", KERAS, As::Plugin("schedule"), "`inverse`"),
    name("PiecewiseConstantDecay", KERAS, As::Plugin("schedule"), "`table`"),
    name("PolynomialDecay", KERAS, As::Plugin("schedule"), "`polynomial`"),
    name("invscaling", SCIKIT, As::Plugin("schedule"), "`inverse`"),
    name("adaptive", SCIKIT, As::Plugin("schedule"), "`plateau` in `training.pace`"),
    name("EarlyStopping", KERAS, As::Plugin("stopping"), "`patience`"),
    name("SGD", PYTORCH, As::Plugin("updater"), "no updater at all, or `momentum`, or `nesterov`"),
    name("AdamW", PYTORCH, As::Plugin("updater"), "`adam`, and `weight-decay` behind it"),
    name("lbfgs", PYTORCH, As::Plugin("updater"), "`direction = \"l-bfgs\"` in `training`"),
    name("adam", PYTORCH, As::Plugin("search"), "one of `training.updaters`"),
    name("SGD", PYTORCH, As::Plugin("search"), "`search = { rate = 0.01 }` without updaters"),
    setting("betas", "beta1", "`beta1` and `beta2`"),
    setting("eps", "epsilon", "`epsilon`"),
    setting("weight_decay", "", "the updater `weight-decay`, behind the others"),
    setting("momentum", "beta1", "`beta1`"),
    setting("nesterov", "momentum", "the updater `nesterov`"),
    setting("lr", "", "`rate` of `training.search`"),
    name("learning_rate", KERAS, As::Setting(""), "`rate` of `training.search`"),
    setting("gamma", "factor", "`factor`"),
    setting("step_size", "every", "`every`"),
    setting("T_max", "over", "`over`"),
    setting("T_0", "over", "`over`"),
    setting("T_mult", "factor", "`factor`"),
    setting("eta_min", "end", "`end`"),
    setting("total_steps", "over", "`over`, with `unit = \"iterations\"`"),
    setting("history_size", "memory", "`memory`"),
    setting("c1", "decrease", "`decrease`"),
    setting("c2", "curvature", "`curvature`"),
    setting("p", "drop", "`drop`"),
    setting("min_lr", "min-factor", "`min-factor`, a share of the rate"),
];

/// Places and values that are called otherwise.
const PLACES: [Name; 6] = [
    setting("optimizer", "updaters", "`updaters`"),
    setting("scheduler", "updaters", "`rate` of `training.search`"),
    setting("lr_scheduler", "updaters", "`rate` of `training.search`"),
    name("steps", PYTORCH, As::Value("iterations"), "`iterations`"),
    name("batches", PYTORCH, As::Value("iterations"), "`iterations`"),
    name("updates", PYTORCH, As::Value("iterations"), "`iterations`"),
];

fn all() -> impl Iterator<Item = &'static Name> {
    NAMES.iter().chain(&PLACES)
}

/// A name without regard to case, underscores and hyphens.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

impl Name {
    fn is(&self, name: &str) -> bool {
        plain(self.theirs) == plain(name)
    }

    /// The hint: `in PyTorch; here …`.
    fn hint(&self) -> String {
        format!("{} is a name of {}; here it is {}", self.theirs, self.there, self.here)
    }
}

/// What a name means that was found where one of those `known` is expected. `what` says what it should be the
/// name of: a kind of plugin, a setting or a value.
pub(crate) fn hint(what: &str, found: &str, known: &[String]) -> Option<String> {
    let beside = |name: &str| name.is_empty() || known.iter().any(|known| known == name);
    let fits = |name: &&Name| match name.written {
        As::Plugin(kind) => what == kind,
        As::Setting(near) => what == "setting" && beside(near),
        As::Value(near) => what == "value" && beside(near),
    };
    all().filter(|name| name.is(found)).find(fits).map(Name::hint)
}

/// What a name of a plugin means, wherever it would stand.
pub(crate) fn anywhere(found: &str) -> Option<String> {
    all().find(|name| name.is(found)).map(Name::hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the documentation is this one.
    #[test]
    fn the_page_shows_the_table() {
        let page = include_str!("../../../../docs/schedules.md");
        let rows = page.lines().filter(|line| {
            [PYTORCH, KERAS, SCIKIT].iter().any(|of| line.contains(&format!("| {of} |")))
        });
        let shown: Vec<&str> = rows.collect();
        let row = |name: &Name| {
            let place = match name.written {
                As::Plugin(kind) => kind.to_owned(),
                As::Setting("") => "a setting".into(),
                As::Setting(near) => format!("a setting beside `{near}`"),
                As::Value(_) => "a unit".into(),
            };
            format!("| `{}` | {} | {place} | {} |", name.theirs, name.there, name.here)
        };
        let expected: Vec<String> = all().map(row).collect();
        assert_eq!(shown, expected, "{}", expected.join("\n"));
    }

    #[test]
    fn names_are_known_by_their_place() {
        let known = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let hint =
            |what, found, names: &[&str]| hint(what, found, &known(names)).unwrap_or_default();
        assert!(
            hint("schedule", "cosine_annealing_warm_restarts", &[]).contains("`warm-restarts`")
        );
        assert!(hint("setting", "momentum", &["beta1"]).contains("`beta1`"));
        assert_eq!(hint("setting", "momentum", &["rate"]), "");
        assert!(hint("value", "steps", &["iterations"]).contains("`iterations`"));
        assert_eq!(hint("updater", "cosine", &[]), "");
        assert!(anywhere("reducelronplateau").unwrap().contains("training.pace"));
    }
}
