//! Reports of the store.

use books::BooksError;
use console::report::{Asked, ReportError};
use ledger::report::{Answer, Report};
use serde::{Deserialize, Serialize};

use super::item;
use crate::door::Ask;
use crate::error::{NodeError, Result};
use crate::node::Node;

/// Show a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShowReport(pub Asked);

impl Ask for ShowReport {
    const PATH: &'static str = "/v1/report";
    type Answer = Answer;

    fn answer(self, node: &Node) -> Result<Answer> {
        let mut question = self.0.question(node.today()).map_err(ReportError::from)?;
        let reader = node.books().reader()?;
        if question.scope.stores.is_empty() {
            question.scope.stores.push(node.store().clone());
        }
        if let Report::Ledger { sku } = &mut question.report {
            *sku = item(&reader, sku.as_str())?;
        }
        reader.report(&question).map_err(|error| match error {
            BooksError::UnknownStore { store } => ReportError::NoStore { store }.into(),
            BooksError::ReportTooLong { most } => ReportError::TooLong { most }.into(),
            other => NodeError::from(other),
        })
    }
}
