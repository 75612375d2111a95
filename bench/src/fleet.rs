//! placeholder
use crate::Outcome;
pub(crate) fn run() -> Outcome {
    Ok(vec![])
}
pub(crate) fn hub(_: &[String]) -> crate::work::Result<()> {
    Ok(())
}
