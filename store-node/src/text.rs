//! Values in JSON, as both programs write them, and payment methods.

pub(crate) use console::text::{deserialize, instant, list, option, serialize};

/// Payment methods, which parse by name.
pub(crate) mod method {
    use ledger::fact::PaymentMethod;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(crate) fn serialize<S: Serializer>(
        method: &PaymentMethod,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(method.name())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<PaymentMethod, D::Error> {
        let name = String::deserialize(from)?;
        PaymentMethod::named(&name).ok_or_else(|| {
            D::Error::unknown_variant(
                &name,
                &["cash", "card", "transfer", "mobile", "stored_value"],
            )
        })
    }
}

/// Price levels, by name.
pub(crate) mod level {
    pub(crate) use console::prices::level::{deserialize, serialize};
    use ledger::price::Level;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(crate) fn is_retail(level: &Level) -> bool {
        *level == Level::Retail
    }
}
