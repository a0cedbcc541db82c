//! `--start`: an automatic recipe that goes on from a model.

use crate::args;
use crate::automatic::Choice;
use crate::failure::{Failure, Kind};
use crate::files::paths;
use crate::output::figures::counted;
use tanren_network::{Head, ModelSpec, NetworkSpec, PortSpec, WithHead};
use tanren_plugin::{Field, Select, Table};
use tanren_trainer::{Recipe, StartSpec, read_as, same_inputs};

/// Names that a choice shows.
const SHOWN: usize = 3;

/// Puts the network of a model, with new ends, in place of the one that was chosen. Gives the table with
/// the columns that the model takes.
pub(super) fn begin(
    subject: &args::Subject,
    table: Table,
    recipe: &mut Recipe,
    choices: &mut Vec<Choice>,
) -> Result<Table, Failure> {
    let given = &subject.transfer;
    let Some(path) = &given.start else { return Ok(table) };
    let (model, from) = (paths::model(path)?, path.display());
    let inputs = &model.spec().inputs;
    let other = |e: &dyn std::fmt::Display| {
        let message = format!("--start {from}: the data lack what the model takes: {e}");
        Failure::new(Kind::Data, message)
    };
    if let Some((name, what)) = no_input(inputs, &table, &subject.data.id) {
        let message = format!(
            "--start {from}: column {name:?} is {what} here and an input of the model, which could not \
             predict without it"
        );
        return Err(Failure::new(Kind::Usage, message));
    }
    let table = read_as(&*recipe.data.source, inputs, table).map_err(|e| other(&e))?;
    same_inputs(inputs, &table.inputs)
        .map_err(|e| other(&format!("expected {}, found {}", e.expected, e.found)))?;
    let unfit = |e| Failure::new(Kind::Model, format!("--start {from}: {e}"));
    let (heads, widths) = heads(&recipe.network, &table);
    let WithHead { mut network, body } = model.spec().with_head(heads).map_err(unfit)?;
    let select = Select::default().nodes(body.iter().map(String::as_str));
    if given.freeze_body {
        network = network.freeze(select.clone());
    }
    recipe.network = network;
    recipe.data.inputs.clear();
    recipe.start = vec![StartSpec::new(path).on(select).with_normalizers()];
    tell(choices, model.spec(), (&from.to_string(), &body, &widths), given.freeze_body);
    Ok(table)
}

/// A column of the model's inputs that is said to be something else in the new data, and what.
fn no_input<'a>(
    inputs: &'a [PortSpec],
    table: &Table,
    ids: &[String],
) -> Option<(&'a str, &'static str)> {
    let columns = |fields: &[Field]| -> Vec<String> {
        let each = fields.iter().flat_map(|field| match field.spec.features.as_slice() {
            [] => vec![field.spec.name.clone()],
            features => features.iter().map(|feature| feature.column().to_owned()).collect(),
        });
        each.collect()
    };
    let others = [
        (columns(&table.targets), "the target"),
        (columns(&table.beside), "the column of the split"),
        (ids.to_vec(), "an id"),
    ];
    let features = inputs.iter().flat_map(|port| &port.field.features);
    let mut names = features.map(|feature| feature.column());
    names.find_map(|name| {
        let (_, what) = others.iter().find(|(columns, _)| columns.iter().any(|c| c == name))?;
        Some((name, *what))
    })
}

/// The ends of an automatic network, and their widths in words.
fn heads(network: &NetworkSpec, table: &Table) -> (Vec<Head>, String) {
    let nodes = network.to_nodes("input");
    let losses = network.to_losses(nodes.last().map_or("", |node| node.name.as_str()));
    let one = losses.len() == 1;
    let heads = losses.into_iter().filter_map(|loss| {
        let node = nodes.iter().find(|node| node.name == loss.output)?;
        let head = Head { name: None, layer: node.layer.clone(), loss: loss.loss };
        Some(if one { head } else { head.named(&node.name) })
    });
    let widths = table.targets.iter().map(|target| target.spec.shape.features.to_string());
    (heads.collect(), widths.collect::<Vec<_>>().join("+"))
}

/// Says what is done, in place of what was chosen before.
fn tell(
    choices: &mut Vec<Choice>,
    model: &ModelSpec,
    (from, body, widths): (&str, &[String], &str),
    frozen: bool,
) {
    let normalized = model.inputs.iter().any(|port| !port.normalizers.is_empty());
    if !normalized {
        choices.retain(|choice| choice.what != "inputs");
    }
    if model.network.penalties.is_empty() {
        choices.retain(|choice| choice.what != "penalty");
    }
    for choice in choices.iter_mut() {
        let (value, why) = match choice.what.as_str() {
            "inputs" => ("as for the model".to_owned(), "its layers expect them so"),
            "network" => (format!("as in the model, new end dense {widths}"), "for the target"),
            "penalty" => ("as in the model".to_owned(), "part of its network"),
            _ => continue,
        };
        (choice.value, choice.why) = (value, why.to_owned());
    }
    let names = match body.len() {
        n if n <= SHOWN => body.join(", "),
        n => counted(n, "node"),
    };
    let why = match frozen {
        true => "frozen: the end alone learns",
        false => "trained, too; or --freeze-body",
    };
    let (value, why) = (format!("{names} of {from}"), why.to_owned());
    let at = choices.iter().position(|choice| choice.what == "network");
    let choice = Choice { what: "start".into(), value, why };
    choices.insert(at.map_or(choices.len(), |at| at + 1), choice);
}
