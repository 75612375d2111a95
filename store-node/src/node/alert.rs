//! Looking for alerts.

use books::Looked;

use super::Node;
use crate::error::Result;

impl Node {
    /// Brings the open alerts up to date with the books and the day.
    pub fn look_for_alerts(&self) -> Result<Looked> {
        Ok(self.books().look_for_alerts(self.today(), self.config().alerts.patience())?)
    }
}
