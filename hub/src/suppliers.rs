//! Suppliers as they are entered: what is judged before head office writes it.

pub(crate) mod sheet;

use std::collections::BTreeMap;

use console::{Exit, Lang, Tell, Told, supplier, words};
use ledger::id::SupplierId;
use ledger::supplier::{Contradiction, Field, FieldError, OfferField, Supplier};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Whether two suppliers may have one name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameNames {
    /// They may not: receipts name suppliers as people do.
    #[default]
    Refuse,
    /// They may: they are two branches of one firm.
    Take,
}

impl From<bool> for SameNames {
    /// From the flag `--same-name`.
    fn from(take: bool) -> Self {
        if take { Self::Take } else { Self::Refuse }
    }
}

/// Why a supplier or offer is not taken as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SupplierRefused {
    /// Another supplier goes by the name.
    #[error("the supplier {owner} is called `{name}`")]
    NameTaken {
        /// The name.
        name: String,
        /// Who has it.
        owner: SupplierId,
    },
    /// It contradicts itself.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// A text is not a value of its field.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// There is no such field.
    #[error("there is no field `{field}`; the fields are {fields}")]
    NoField {
        /// What was given.
        field: String,
        /// Those that there are.
        fields: String,
    },
}

impl SupplierRefused {
    /// The reason in words.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::NameTaken { name, owner } => lang.say(words::SupplierNameTaken { name, owner }),
            Self::Contradiction(Contradiction::NoDiscount) => lang.say(words::SupplierNoDiscount),
            Self::Field(FieldError { field, text: value, .. }) => {
                let field = field_name(lang, field);
                lang.say(words::FieldValueBad { field, value })
            }
            Self::NoField { field, .. } => lang.say(words::SupplierNoField { field }),
        }
    }
}

impl Tell for SupplierRefused {
    fn tell(&self, lang: Lang) -> Told {
        let told = Told::saying(self.say(lang));
        match self {
            Self::NameTaken { .. } => told.hint(lang.say(words::SupplierNameTakenHint)),
            Self::Contradiction(_) => told,
            Self::Field(error) => told.because(error.why.to_string()),
            Self::NoField { fields, .. } => {
                told.hint(lang.say(words::FieldNotKnownHint { fields }))
            }
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::NameTaken { .. } => Exit::Failed,
            _ => Exit::Usage,
        }
    }
}

/// Who goes by which name.
pub(crate) struct Names {
    owners: BTreeMap<String, SupplierId>,
    same: SameNames,
}

impl Names {
    /// Those of the suppliers that are known.
    pub(crate) fn of<'a>(
        suppliers: impl IntoIterator<Item = &'a Supplier>,
        same: SameNames,
    ) -> Self {
        let mut owners = BTreeMap::new();
        for supplier in suppliers {
            owners.extend(names_of(supplier).map(|name| (name, supplier.id.clone())));
        }
        Self { owners, same }
    }

    /// Lets a supplier become another. What was so before is not judged again.
    pub(crate) fn claim(
        &mut self,
        before: &Supplier,
        after: &Supplier,
    ) -> Result<(), SupplierRefused> {
        let had: Vec<String> = names_of(before).collect();
        for name in names_of(after).filter(|name| !had.contains(name)) {
            let owner = self.owners.get(&name).filter(|owner| **owner != after.id);
            if let Some(owner) = owner.filter(|_| self.same == SameNames::Refuse) {
                return Err(SupplierRefused::NameTaken { name, owner: owner.clone() });
            }
        }
        match after.contradiction() {
            Some(why) if before.contradiction() != Some(why) => return Err(why.into()),
            _ => {}
        }
        self.owners.extend(names_of(after).map(|name| (name, after.id.clone())));
        Ok(())
    }
}

/// What a supplier goes by, whatever its letters' case: a name that is another's id would mislead as well.
fn names_of(supplier: &Supplier) -> impl Iterator<Item = String> {
    let names = [supplier.id.as_str(), &supplier.name_zh, &supplier.name_en];
    names.into_iter().filter(|name| !name.is_empty()).map(str::to_lowercase)
}

/// A field as people call it.
fn field_name(lang: Lang, name: &str) -> String {
    let of_supplier = Field::named(name).map(|field| supplier::field(lang, field));
    let of_offer = || OfferField::named(name).map(|field| supplier::offer_field(lang, field));
    of_supplier.or_else(of_offer).unwrap_or_else(|| name.to_owned())
}

/// The field of a supplier with this name.
pub(crate) fn supplier_field(name: &str) -> Result<Field, SupplierRefused> {
    Field::named(name).ok_or_else(|| SupplierRefused::NoField {
        field: name.to_owned(),
        fields: Field::ALL.map(Field::name).join(", "),
    })
}

/// The field of an offer with this name.
pub(crate) fn offer_field(name: &str) -> Result<OfferField, SupplierRefused> {
    OfferField::named(name).ok_or_else(|| SupplierRefused::NoField {
        field: name.to_owned(),
        fields: OfferField::ALL.map(OfferField::name).join(", "),
    })
}
