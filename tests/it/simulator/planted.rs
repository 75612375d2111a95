//! The checker of the simulator, checked: see [`tests::sim::Planted`].

use tests::sim::{self, Ending, Planted};

/// Worlds that end with something of everything.
const SEEDS: [u64; 6] = [0, 3, 5, 17, 35, 58];

#[test]
fn each_planted_fault_is_found_by_the_check_that_is_there_for_it() {
    let endings: Vec<Ending> =
        SEEDS.into_iter().map(|seed| sim::ending(seed).expect("this seed ends well")).collect();
    let mut missed = Vec::new();
    for Planted { name, found_by, .. } in Planted::all() {
        println!("{name:<45} {found_by}");
    }
    for fault in Planted::all() {
        let (name, found_by) = (fault.name, fault.found_by);
        let Some((findings, subject)) = endings.iter().find_map(|ending| fault.in_a(ending)) else {
            missed.push(format!("{name}: there was nothing to spoil in any of the worlds"));
            continue;
        };
        let named = |what: &str| what.contains(&subject);
        if !findings.iter().any(|found| found.check == found_by && named(&found.what)) {
            missed.push(format!("{name} ({subject}): not found by `{found_by}`: {findings:?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(Planted::all().count() >= 20, "only {} faults are known", Planted::all().count());
}
