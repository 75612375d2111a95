//! Payments to suppliers. They move no goods.

use super::{PostError, remark};
use crate::amount::Money;
use crate::escrow::EscrowError;
use crate::fact::{Body, PaymentMethod};
use crate::payable::{MAX_INVOICES, PaymentError, SupplierPayment};

/// Books a payment of at most what the invoices that it names have open. One that names none may be
/// more than is owed: it is paid ahead (预付).
pub(super) fn book(payment: SupplierPayment, open: i128) -> Result<Body, PostError> {
    let amount = payment.amount;
    if !amount.is_positive() {
        return Err(PostError::EmptyPayment { method: payment.method, amount });
    }
    if payment.method == PaymentMethod::StoredValue {
        return Err(EscrowError::PaidWithValue.into());
    }
    if payment.invoices.len() > MAX_INVOICES {
        return Err(PaymentError::TooManyInvoices.into());
    }
    if !payment.invoices.is_empty() && i128::from(amount.ten_thousandths()) > open {
        let open = i64::try_from(open).ok().and_then(|open| Money::from_ten_thousandths(open).ok());
        let open = open.unwrap_or_default();
        return Err(PaymentError::TooMuch { amount, open }.into());
    }
    let reference = remark(payment.reference)?;
    Ok(Body::SupplierPayment(Box::new(SupplierPayment { reference, ..payment })))
}
