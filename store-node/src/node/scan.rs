//! Codes that requests bring: what they say of the goods is filled in.

use super::Node;
use super::catalog::{Products, Scanned};
use crate::error::Result;
use crate::request::{GiveBack, Opening, Receive, Request, Sell, Task};

impl Node {
    /// The products that requests name; what the codes on the goods say goes into the lines.
    pub(super) fn scanned(&self, requests: &mut [Request]) -> Result<Products> {
        let items = requests.iter().flat_map(|request| request.task.items());
        let found = self.inner.shelf.products_of(self, items)?;
        for request in requests {
            fill_in(&mut request.task, &found);
        }
        Ok(found)
    }
}

fn fill_in(task: &mut Task, found: &Products) {
    let known = |item: &str| found.get(item)?.as_ref();
    match task {
        Task::Sell(Sell { lines, .. }) | Task::Return(GiveBack { lines, .. }) => {
            for line in lines {
                if let Some(Scanned { product, says }) = known(&line.item) {
                    line.scanned(product, says);
                }
            }
        }
        Task::Receive(Receive { lines, .. }) | Task::Opening(Opening { lines }) => {
            for line in lines {
                if let Some(Scanned { says, .. }) = known(&line.item) {
                    line.scanned(says);
                }
            }
        }
        // These say themselves how much.
        Task::Adjust(_) | Task::Scrap(_) | Task::State(_) | Task::Reverse(_) => {}
    }
}
