//! Whole optimisers on standard functions, beside SciPy: `cargo bench -p tanren-benches --bench minimizing`
//! prints what `docs/optimizers.md` shows.
//!
//! Counted are evaluations of function and gradient, so that the numbers do not depend on the speed of
//! the machine. A run is a function from one of its 21 starts. It is solved if no number of the gradient is larger
//! than 1e-5 within 10,000 evaluations. What SciPy needs stands in `tests/reference/minimizing.json`.
//!
//! The *data profile* is the share of the runs solved within so many evaluations: Moré, Wild (2009),
//! *Benchmarking derivative-free optimization algorithms*, without their division by the number of variables,
//! because a gradient costs about as much as a value here. The *performance profile* is the share solved
//! within so many times the evaluations of the fastest of the five that are compared: Dolan, Moré (2002),
//! *Benchmarking optimization software with performance profiles*.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a program for the terminal

#[path = "../tests/suite/minimizing/runs.rs"]
mod runs;

use rayon::prelude::*;
use runs::{Case, Evaluations, both, count, evaluations, minimizer, reference};
use tanren::optimizers::{
    Backtracking, Beta, ConjugateGradient, HagerZhang, Lbfgs, Minimizer, Steepest, StrongWolfe,
};
use tanren_testkit::functions::{Function, collection, others};

/// SciPy's methods, which follow ours.
const SCIPY: [&str; 2] = ["SciPy L-BFGS-B", "SciPy CG"];
/// What is compared function by function: both of L-BFGS, SciPy's, conjugate gradients, SciPy's.
const COMPARED: [usize; 5] = [0, 1, 8, 2, 9];
const WITHIN: [usize; 10] = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const TIMES: [f64; 8] = [1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0, 100.0];

fn methods() -> Vec<(&'static str, Minimizer)> {
    let conjugate = |beta| minimizer(ConjugateGradient::new(beta), StrongWolfe::default());
    vec![
        ("l-bfgs, strong-wolfe", minimizer(Lbfgs::default(), StrongWolfe::default())),
        ("l-bfgs, hager-zhang", minimizer(Lbfgs::default(), HagerZhang::default())),
        ("cg, polak-ribiere", conjugate(Beta::PolakRibiere)),
        ("cg, fletcher-reeves", conjugate(Beta::FletcherReeves)),
        ("cg, hestenes-stiefel", conjugate(Beta::HestenesStiefel)),
        ("cg, dai-yuan", conjugate(Beta::DaiYuan)),
        ("cg, hager-zhang", conjugate(Beta::HagerZhang)),
        ("steepest, backtracking", minimizer(Steepest {}, Backtracking::default())),
    ]
}

/// A function, and what each method needs for it: ours in order, then SciPy's.
struct Row {
    name: String,
    by: Vec<Evaluations>,
}

fn rows(methods: &[(&str, Minimizer)], functions: &[Function], cases: Vec<Case>) -> Vec<Row> {
    let row = |(function, case): (&Function, Case)| {
        let ours = methods.iter().map(|(_, minimizer)| evaluations(minimizer, function));
        let by = ours.chain([case.l_bfgs_b, case.cg]).collect();
        Row { name: format!("{} ({})", function.name, function.start.len()), by }
    };
    functions.par_iter().zip(cases).map(row).collect()
}

/// All runs of one method.
fn all(rows: &[Row], method: usize) -> Evaluations {
    rows.iter().flat_map(|row| &row.by[method]).copied().collect()
}

/// A percentage.
fn share(part: usize, whole: usize) -> String {
    format!("{:.0} %", 100.0 * part as f64 / whole as f64)
}

/// For every method the runs it solves, its evaluations for them, and how these compare with those of
/// L-BFGS-B for the runs that both solve.
fn sums(names: &[&str], rows: &[Row]) {
    println!("{:>24}{:>10}{:>14}{:>18}", "", "solved", "evaluations", "over L-BFGS-B");
    let scipy = all(rows, names.len() - SCIPY.len());
    for (method, name) in names.iter().enumerate() {
        let found = all(rows, method);
        let sum: usize = found.iter().flatten().sum();
        let (ours, theirs) = both(found.iter().zip(&scipy));
        let ratio = ours as f64 / theirs as f64;
        println!("{name:>24}{:>10}{sum:>14}{ratio:>18.2}", count(&found));
    }
}

/// One line for each function that `shown` accepts.
fn by_function(names: &[&str], rows: &[Row], shown: impl Fn(&Row) -> bool) {
    print!("{:>28}", "");
    COMPARED.iter().for_each(|&method| print!("{:>22}", names[method]));
    println!();
    for row in rows.iter().filter(|row| shown(row)) {
        print!("{:>28}", row.name);
        for method in COMPARED {
            let found = &row.by[method];
            let sum: usize = found.iter().flatten().sum();
            let solved = count(found);
            let few = if solved < found.len() { format!(" ({solved})") } else { String::new() };
            print!("{:>22}", format!("{sum}{few}"));
        }
        println!();
    }
}

fn data_profile(names: &[&str], rows: &[Row]) {
    print!("{:>24}", "within");
    WITHIN.iter().for_each(|within| print!("{within:>8}"));
    println!();
    for (method, name) in names.iter().enumerate() {
        print!("{name:>24}");
        let found = all(rows, method);
        for within in WITHIN {
            let solved = found.iter().flatten().filter(|&&needed| needed <= within).count();
            print!("{:>8}", share(solved, found.len()));
        }
        println!();
    }
}

fn performance_profile(names: &[&str], rows: &[Row]) {
    print!("{:>24}", "times the fastest");
    TIMES.iter().for_each(|times| print!("{times:>8}"));
    println!();
    let compared = COMPARED.map(|method| all(rows, method));
    let runs = compared[0].len();
    let fastest = |run: usize| compared.iter().filter_map(|found| found[run]).min();
    for (method, found) in COMPARED.into_iter().zip(&compared) {
        print!("{:>24}", names[method]);
        for times in TIMES {
            let near = |&run: &usize| {
                let pair = found[run].zip(fastest(run));
                pair.is_some_and(|(needed, least)| needed as f64 <= times * least as f64)
            };
            print!("{:>8}", share((0..runs).filter(near).count(), runs));
        }
        println!();
    }
}

fn main() {
    let methods = methods();
    let names: Vec<&str> = methods.iter().map(|(name, _)| *name).chain(SCIPY).collect();
    let cases = reference::<Case>();
    let collected = rows(&methods, &collection(), cases.collection);
    let further = rows(&methods, &others(), cases.others);
    println!(
        "Common functions: evaluations of the runs solved, in brackets how many, where not all 21\n"
    );
    by_function(&names, &further, |_| true);
    println!();
    sums(&names, &further);
    let runs = 21 * collected.len();
    println!(
        "\nThe collection of Moré, Garbow and Hillstrom, {runs} runs: functions not solved by all\n"
    );
    let solved_by_all = |row: &Row| COMPARED.iter().all(|&method| count(&row.by[method]) == 21);
    by_function(&names, &collected, |row| !solved_by_all(row));
    println!();
    sums(&names, &collected);
    println!(
        "\nData profile of the collection: share of the runs solved within so many evaluations\n"
    );
    data_profile(&names, &collected);
    println!(
        "\nPerformance profile: share solved within so many times the evaluations of the fastest\n"
    );
    performance_profile(&names, &collected);
}
