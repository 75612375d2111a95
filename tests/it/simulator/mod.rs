//! Hundreds of small worlds. See [`tests::sim`] for what they are made of.

mod planted;

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use tests::sim::{self, Outcome};

/// How many seeds a run of the tests covers.
const SEEDS: u64 = 500;

/// Set this variable to cover another number of seeds.
const COUNT: &str = "EVENSTOCK_SEEDS";

/// Set this variable to run one seed alone.
const ONE: &str = "EVENSTOCK_SEED";

/// How many threads share the seeds. Each seed is single-threaded.
const THREADS: u64 = 2;

/// What people do and what befalls them: each in some seed.
const KINDS: [&str; 61] = [
    "sale",
    "return",
    "receipt",
    "scrap",
    "count gain",
    "count loss",
    "shelf counted",
    "shelf counted again",
    "other place counted",
    "stocktake booked",
    "late fact",
    "day closed by hand",
    "day closed by schedule",
    "day closed again",
    "transfer requested",
    "transfer approved",
    "transfer rejected",
    "transfer shipped",
    "transfer received",
    "transfer settled",
    "transfer surplus settled",
    "transfer cancelled",
    "transfer entry withdrawn",
    "papers read",
    "purchase requested",
    "purchase ordered",
    "purchase order revised",
    "purchase submitted",
    "purchase approved",
    "purchase rejected",
    "purchase sent",
    "purchase tracked",
    "purchase received",
    "purchase returned for money",
    "purchase returned for others",
    "purchase closed",
    "purchase cancelled",
    "purchase entry withdrawn",
    "delivery accepted",
    "delivery partly rejected",
    "sent back from the shelf",
    "sent back from quarantine",
    "quarantine released",
    "quarantine scrapped",
    "catalog edited",
    "price set",
    "price set anew",
    "price taken away",
    "connection broken",
    "partition",
    "store crash",
    "hub crash",
    "clock jump",
    "slow disk",
    "store backup",
    "store restore",
    "hub backup",
    "hub restore",
    "word of head office lost",
    "store clone",
    "history begun anew",
];

#[test]
fn every_seed_ends_even() {
    if let Some(seed) = number_in(ONE) {
        let outcome = run(seed);
        println!("seed {seed}: {outcome:?}");
        return;
    }
    let seeds = number_in(COUNT).unwrap_or(SEEDS);
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|first| {
                scope.spawn(move || {
                    (first..seeds).step_by(THREADS as usize).map(run).collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    let done = tally(&outcomes);
    for (what, times) in &done {
        println!("{times:>7} {what}");
    }
    let facts: usize = outcomes.iter().map(|outcome| outcome.facts).sum();
    let aside: usize = outcomes.iter().map(|outcome| outcome.set_aside).sum();
    let slowest = outcomes.iter().map(|outcome| outcome.calm_after).max().unwrap_or(0);
    let transfers: usize = outcomes.iter().map(|outcome| outcome.transfers).sum();
    let purchases: usize = outcomes.iter().map(|outcome| outcome.purchases).sum();
    println!(
        "{seeds} seeds, {facts} facts, {aside} set aside, {transfers} transfers, {purchases} purchases, \
         calm after {slowest} ms at most"
    );
    // A simulator in which nothing happens would pass everything.
    let missing: Vec<_> = KINDS.iter().filter(|kind| !done.contains_key(*kind)).collect();
    assert!(missing.is_empty() || seeds < SEEDS, "never done in any seed: {missing:?}");
    assert!(
        facts > 10_000 && aside > 0 && transfers > 500 && purchases > 500,
        "{facts} facts, {aside} set aside, {transfers} transfers, {purchases} purchases"
    );
}

/// How often each thing was done or befell, over all seeds.
fn tally(outcomes: &[Outcome]) -> BTreeMap<&'static str, u64> {
    let mut all = BTreeMap::new();
    for (what, times) in outcomes.iter().flat_map(|outcome| &outcome.done) {
        *all.entry(*what).or_default() += times;
    }
    all
}

#[test]
fn a_seed_is_one_run() {
    for seed in [3, 17, 58, 99, 141] {
        assert_eq!(run(seed), run(seed), "seed {seed} does not repeat");
    }
}

/// Runs a seed; a failure says how to see it again.
fn run(seed: u64) -> Outcome {
    let wrong = match catch_unwind(AssertUnwindSafe(|| sim::run(seed))) {
        Ok(Ok(outcome)) => return outcome,
        Ok(Err(wrong)) => wrong,
        Err(panic) => text_of(panic.as_ref()),
    };
    panic!(
        "seed {seed}: {wrong}\nto see it again: \
         {ONE}={seed} EVENSTOCK_TRACE=1 cargo test -p tests --test it every_seed -- --nocapture"
    );
}

fn number_in(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
}
