//! A price from a CSV file with gaps and a column of text: read, train, predict new rows that have
//! their columns in another order and no price.
//!
//! `cargo run --release --example csv_regression`

use std::fmt::Write as _;
use std::io::Write as _;
use tanren::plugin::Source as _;
use tanren::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("csv-regression-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (houses, new) = (folder.join("houses.csv"), folder.join("new.csv"));
    std::fs::write(&houses, made_up(600))?;
    std::fs::write(&new, "town,rooms,area\nOslo,,80\nRome,5,120\n")?;

    let data = DataSpec::new(Csv::new(&houses).target("price"), RandomSplit::default())
        .normalize(Impute {}) // the median; for text a level of its own
        .normalize(Standardize {})
        .normalize(OneHot {})
        .normalize_targets(Standardize {});
    let network = NetworkSpec::chain([
        Dense::new(32).activation(Relu {}).init(HeNormal {}).into(),
        Dense::new(1).into(),
    ])
    .loss(Mse {});
    let training = TrainingSpec::new(LearningRate::constant(0.01))
        .updater(Adam::default())
        .stopping(Patience { epochs: 10, ..Patience::default() });
    let setup = Recipe::new(data, network, training).prepare()?;
    let trained = setup.train(&mut (), &Options::default())?;

    // What the model was trained on says how to read the new rows; they have no target.
    let schema = trained.model.spec().schema().without_targets();
    let table = Csv::new(&new).open_for(&schema)?;
    let rows: Vec<usize> = (0..table.rows).collect();
    let prices = trained.model.predict(&table, &rows)?;
    std::fs::remove_dir_all(&folder)?;

    let mut out = std::io::stdout();
    for note in setup.table.notes.iter().chain(&table.notes) {
        writeln!(out, "note: {note}")?;
    }
    if let Some(test) = trained.test {
        writeln!(out, "test: {test}")?;
    }
    for (row, price) in prices[0].values.iter().enumerate() {
        writeln!(out, "new row {row}: {price:.0}")?;
    }
    Ok(())
}

/// Houses whose price follows from area, rooms and town, some of whose cells are empty.
fn made_up(rows: u32) -> String {
    let mut text = String::from("area,rooms,town,price\n");
    for i in 0..rows {
        let (area, rooms, town) = (40 + i * 37 % 121, 1 + i * 7 % 5, i % 3);
        let price = 50_000 + 3_000 * area + 10_000 * rooms + [0, 90_000, 40_000][town as usize];
        let name = ["Rome", "Oslo", "Lima"][town as usize];
        let rooms = if i % 17 == 3 { String::new() } else { rooms.to_string() };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{area},{rooms},{name},{price}");
    }
    text
}
