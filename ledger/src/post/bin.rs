//! Moves between bins and home bins. They move nothing between accounts.

use super::{PostError, check_count, positive};
use crate::bins::{BinMove, Home};
use crate::fact::Body;

pub(super) fn bring(lines: Vec<BinMove>) -> Result<Body, PostError> {
    check_count(lines.len())?;
    for (line, moved) in (1..).zip(&lines) {
        positive(line, &moved.sku, moved.quantity)?;
        if moved.from == moved.to {
            return Err(PostError::SameBin { line, sku: moved.sku.clone() });
        }
    }
    Ok(Body::BinMove { lines })
}

pub(super) fn settle(lines: Vec<Home>) -> Result<Body, PostError> {
    check_count(lines.len())?;
    Ok(Body::BinHome { lines })
}
