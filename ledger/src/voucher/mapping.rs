//! The mapping file: a chart of accounts, and rules that say which of them a role is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::entry::{Entry, Role};
use crate::amount::{Quantity, TaxRate};
use crate::catalog::category;
use crate::fact::PaymentMethod;
use crate::id::{StoreId, SupplierId};

/// The chart and the rules that hold where a chain's own file says nothing else (企业会计准则).
pub const CHART: &str = include_str!("chart.toml");

/// The longest code of an account, in bytes: it stands in every line.
const MAX_CODE_LEN: usize = 32;

/// The most accounts and rules of a file: people must still see through them.
const MAX_ENTRIES: usize = 10_000;

/// A chart of accounts and the rules that lead into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    settings: Settings,
    accounts: Vec<Account>,
    /// The rules of each role with the place of their account, in the order in which they are tried.
    rules: BTreeMap<Role, Vec<(Rule, usize)>>,
}

/// How vouchers are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What a voucher gathers.
    pub by: By,
    /// How what takes something back is written.
    pub corrections: Correction,
    /// The word before a voucher's number (凭证字).
    pub word: String,
    /// The currency, as journals name it.
    pub currency: String,
    /// Whether the shipped accounts and rules hold beneath those of the file.
    pub standard_chart: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            by: By::default(),
            corrections: Correction::default(),
            word: "记".to_owned(),
            currency: "CNY".to_owned(),
            standard_chart: true,
        }
    }
}

/// What a voucher gathers: facts of one store and kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Those of a day.
    #[default]
    Day,
    /// Those of a day and shift.
    Shift,
    /// A single one.
    Fact,
}

/// How what takes something back is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// On the sides of what it takes back, less than nothing (红字).
    #[default]
    Red,
    /// On the other sides.
    Sides,
}

/// An account (会计科目).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its code (科目编码), e.g. `1405`.
    pub code: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// What kind of account it is.
    pub kind: Kind,
    /// What its lines tell apart beside the store (辅助核算).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<Dimension>,
}

/// A kind of account (科目类别).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 资产.
    Asset,
    /// 负债.
    Liability,
    /// 所有者权益.
    Equity,
    /// 收入.
    Revenue,
    /// 费用.
    Expense,
}

/// Something that lines of an account are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// 供应商.
    Supplier,
    /// 商品类别.
    Category,
    /// 税率.
    Rate,
    /// 支付方式.
    Method,
}

/// Which account a role is, under conditions: what a rule leaves open fits anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The role.
    pub role: Role,
    /// The code of the account.
    pub account: String,
    /// At this store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// For goods of this category, or of one below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Paid by this method.
    #[serde(default, with = "super::text::method", skip_serializing_if = "Option::is_none")]
    pub method: Option<PaymentMethod>,
    /// At this tax rate, in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
    /// For this supplier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<SupplierId>,
    /// In facts of this kind, e.g. `scrap`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// Why a text is no mapping.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MappingError {
    /// It is not in the form of such a file.
    #[error("{0}")]
    Form(String),
    /// A rule leads to an account that is not in the chart.
    #[error("a rule for {role} names the account `{account}`, which is not in the chart")]
    NoAccount {
        /// The rule's role.
        role: Role,
        /// The account.
        account: String,
    },
    /// Two accounts of the file have the same code.
    #[error("the account `{0}` is there twice")]
    Twice(String),
    /// A code that files of vouchers can't hold.
    #[error(
        "`{0}` is no code of an account: those are up to {MAX_CODE_LEN} letters, digits, `.` and `-`"
    )]
    Code(String),
    /// A rate that is none.
    #[error("`{0}` is no tax rate in per cent, such as 13")]
    Rate(String),
    /// No account takes what rounding leaves.
    #[error("no rule without conditions says where `rounding` goes")]
    NoRounding,
    /// More than anybody sees through.
    #[error("there are more than {MAX_ENTRIES} accounts or rules")]
    TooMany,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    settings: Settings,
    #[serde(default)]
    account: Vec<Account>,
    #[serde(default)]
    rule: Vec<Rule>,
}

impl Mapping {
    /// The shipped one.
    pub fn standard() -> Self {
        Self::parse("").expect("a test reads the shipped chart")
    }

    /// A chain's own file. Its accounts stand in place of shipped ones with the same code, its rules are
    /// tried before the shipped ones.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let read = |text| {
            toml::from_str::<File>(text).map_err(|error| MappingError::Form(error.to_string()))
        };
        let File { settings, account, rule } = read(text)?;
        if account.len() > MAX_ENTRIES || rule.len() > MAX_ENTRIES {
            return Err(MappingError::TooMany);
        }
        let mut accounts: BTreeMap<String, Account> = BTreeMap::new();
        for account in account {
            check_code(&account.code)?;
            if let Some(twice) = accounts.insert(account.code.clone(), account) {
                return Err(MappingError::Twice(twice.code));
            }
        }
        let mut rules = rule;
        if settings.standard_chart {
            let shipped = read(CHART)?;
            for account in shipped.account {
                accounts.entry(account.code.clone()).or_insert(account);
            }
            rules.extend(shipped.rule);
        }
        let accounts: Vec<Account> = accounts.into_values().collect();
        let mut by_role: BTreeMap<Role, Vec<(Rule, usize)>> = BTreeMap::new();
        for rule in rules {
            if let Some(rate) = &rule.rate {
                rate_of(rate)?;
            }
            let place = accounts.binary_search_by(|account| account.code.cmp(&rule.account));
            let Ok(place) = place else {
                return Err(MappingError::NoAccount { role: rule.role, account: rule.account });
            };
            by_role.entry(rule.role).or_default().push((rule, place));
        }
        let mapping = Self { settings, accounts, rules: by_role };
        mapping.rounding().ok_or(MappingError::NoRounding)?;
        Ok(mapping)
    }

    /// How vouchers are made.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The chart, by code.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The account of a code.
    pub fn account(&self, code: &str) -> Option<&Account> {
        let place = self.accounts.binary_search_by(|account| account.code.as_str().cmp(code));
        place.ok().and_then(|place| self.accounts.get(place))
    }

    /// The rules, by role and in the order in which they are tried.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values().flatten().map(|(rule, _)| rule)
    }

    /// Whether a product's category matters.
    pub fn needs_categories(&self) -> bool {
        self.rules().any(|rule| rule.category.is_some())
            || self.accounts.iter().any(|account| account.about.contains(&Dimension::Category))
    }

    /// The account of an entry in a fact of a kind at a store, by its place in the chart: the first rule
    /// that fits says which.
    pub(super) fn place(
        &self,
        store: &StoreId,
        kind: &str,
        entry: &Entry<'_>,
        category: Option<&str>,
    ) -> Option<usize> {
        let rules = self.rules.get(&entry.role)?;
        let fits = |rule: &Rule| {
            rule.store.as_ref().is_none_or(|wanted| wanted == store)
                && rule.kind.as_ref().is_none_or(|wanted| wanted == kind)
                && rule.method.is_none_or(|wanted| entry.method == Some(wanted))
                && rule
                    .supplier
                    .as_ref()
                    .is_none_or(|wanted| entry.supplier == Some(wanted.as_str()))
                && rule.rate.as_deref().is_none_or(|wanted| rate_of(wanted).ok() == entry.rate)
                && rule.category.as_deref().is_none_or(|wanted| {
                    category.is_some_and(|category| category::is_within(category, wanted))
                })
        };
        rules.iter().find(|(rule, _)| fits(rule)).map(|(_, place)| *place)
    }

    /// The account of what rounding leaves.
    pub(super) fn rounding(&self) -> Option<&Account> {
        let rules = self.rules.get(&Role::Rounding)?;
        let open = |rule: &Rule| {
            rule.store.is_none()
                && rule.kind.is_none()
                && rule.method.is_none()
                && rule.supplier.is_none()
                && rule.rate.is_none()
                && rule.category.is_none()
        };
        rules.iter().find(|(rule, _)| open(rule)).map(|(_, place)| &self.accounts[*place])
    }
}

fn check_code(code: &str) -> Result<(), MappingError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if code.is_empty() || code.len() > MAX_CODE_LEN || !code.chars().all(plain) {
        return Err(MappingError::Code(code.to_owned()));
    }
    Ok(())
}

/// A rate in per cent, of at most two decimals.
fn rate_of(text: &str) -> Result<TaxRate, MappingError> {
    let bad = || MappingError::Rate(text.to_owned());
    let raw = text.parse::<Quantity>().map_err(|_| bad())?.thousandths();
    let points = u16::try_from(raw / 10).map_err(|_| bad())?;
    if raw % 10 != 0 {
        return Err(bad());
    }
    TaxRate::from_basis_points(points).map_err(|_| bad())
}
