//! Tests that need more than one crate.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod ancestor; // recurrent networks where DL4J went wrong
mod assembly; // every shape error at once; illegal pairs refused
mod bits; // threads, observers and seeds
mod candidates; // sweeps: each candidate as if alone, the best one found
mod conformance; // every plugin we have: one line each
mod cross_validation; // each fold is the run of its rows
mod dependencies; // what using a single crate brings along
mod descriptions; // what plugins say about themselves
mod documents; // what the documents show is true
mod examples; // every example runs
mod fading; // how far gradients reach back in time
mod families; // the testkit over every plugin
mod full_batch; // directions and searches on all rows, beside SciPy and with every updater
mod gradients; // the whole objective against finite differences, over every legal pair
mod harness;
mod hostile; // model files broken on purpose
mod house; // the invariants of ARCHITECTURE.md
mod levels; // of a category, by name and by value
mod losses; // whole runs with losses of every kind
mod metrics; // the usual scores against scikit-learn
mod minimizing; // whole optimisers on standard functions, beside SciPy
mod model_file; // saved, read in the other precision, read by Python
mod normalizing; // normalisers of some features: chosen by name, told where they miss
mod order; // of rows: batches of about the same length
mod own_workspace; // manifests and programs of the documents, outside this workspace
mod passes; // of one layer over sequences
mod predictor; // rows by name, as numbers and of tables
mod ranges; // every setting out of its range, from text and from a program
mod rare_class; // what weights of classes give
mod reading_order;
mod recipes; // those of the examples can be read and fit their data
mod recurrent; // recurrent layers against PyTorch
mod reference; // one update of a whole network against PyTorch
mod regularization; // noise, constraints, decay and normalisation in whole networks
mod replay; // 10 + 10 steps in two processes are 20 in one
mod robust; // what must be refused, or survived
mod schedules; // numbers that change over a run
mod sequences; // alone, padded and in segments
mod start; // networks that start from the tensors of files
mod streams; // predictions step by step, from a state
mod sweep; // blocks are ready one by one
mod truncation; // sequences in segments: the same where nothing is cut off, refused where it makes no sense
mod weighting; // what weights, masks and ragged sequences may and may not change
