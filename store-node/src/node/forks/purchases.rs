//! Telling the parties of a purchase what became of a fact that was set aside.

use books::{BooksError, Tx};
use ledger::fact::Fact;
use ledger::id::FactId;
use ledger::purchase::{Step, unsaid};

/// Takes back what was told of the fact, and tells of the one that takes its place.
pub(super) fn tell_parties(
    tx: &mut Tx<'_>,
    kept: FactId,
    fact: &Fact,
    adopted: Option<&Fact>,
) -> Result<(), BooksError> {
    let Some((order, _)) = Step::of_fact(fact) else { return Ok(()) };
    let Some(store) = tx.me().store().cloned() else { return Ok(()) };
    // What stands under its name now may be of another order, or of none.
    let of_it = |fact: &&Fact| Step::of_fact(fact).is_some_and(|(of, _)| of == order);
    let standing = tx.fact(kept)?.map(|stored| stored.fact);
    let entries = tx.purchase(order)?;
    for step in unsaid(&store, standing.iter().chain(adopted).filter(of_it), &entries) {
        // Of the order's other facts nothing is known here, and nothing is said.
        let about = match &step {
            Step::Withdraw { of, .. } => of.fact() == Some(kept),
            step => [Some(kept), adopted.map(|fact| fact.id)].contains(&step.fact()),
        };
        if about {
            tx.tell_purchase(order, fact.operator.clone(), step, fact.at)?;
        }
    }
    Ok(())
}
