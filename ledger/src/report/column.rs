//! The columns that reports have.

use std::fmt;
use std::str::FromStr;

use super::flow::{Direction, Flow};
use crate::id::{IdError, StoreId};

/// How a column's cells are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Words.
    Text,
    /// The kind of a fact.
    Kind,
    /// A payment method.
    Method,
    /// A product's name, in both languages.
    Name,
    /// A day.
    Date,
    /// Whole numbers.
    Count,
    /// Thousandths of the unit.
    Quantity,
    /// Ten-thousandths of the currency unit.
    Money,
    /// Hundredths of a per cent.
    Percent,
    /// Hundredths: so many times.
    Times,
    /// Tenths of days.
    Days,
}

impl Form {
    /// How many decimals its integers have; none for what is no number.
    pub const fn decimals(self) -> Option<u32> {
        match self {
            Self::Text | Self::Kind | Self::Method | Self::Name | Self::Date => None,
            Self::Count => Some(0),
            Self::Days => Some(1),
            Self::Percent | Self::Times => Some(2),
            Self::Quantity => Some(3),
            Self::Money => Some(4),
        }
    }
}

/// Whether goods are counted or what they cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// Counted (数量).
    Quantity,
    /// What they cost (金额).
    Value,
}

impl Measured {
    const fn name(self) -> &'static str {
        match self {
            Self::Quantity => "quantity",
            Self::Value => "value",
        }
    }

    const fn form(self) -> Form {
        match self {
            Self::Quantity => Form::Quantity,
            Self::Value => Form::Money,
        }
    }
}

macro_rules! columns {
    ($( $(#[$doc:meta])* $column:ident $name:literal $form:ident; )+) => {
        /// What a column of a report holds.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Column {
            $( $(#[$doc])* $column, )+
            /// What went one way.
            Flow(Flow, Measured),
            /// All that came, or all that went.
            Sum(Direction, Measured),
            /// What there was before.
            Opening(Measured),
            /// What there is, or was afterwards.
            Closing(Measured),
            /// What a store has.
            At(StoreId),
            /// What is so many days old: from, and up to unless it is all that is older.
            Age(u32, Option<u32>, Measured),
        }

        /// The columns without a part of their own.
        const PLAIN: &[(Column, &str, Form)] =
            &[ $( (Column::$column, $name, Form::$form) ),+ ];
    };
}

columns! {
    /// The store.
    Store "store" Text;
    /// The product's code.
    Sku "sku" Text;
    /// The product's name.
    Product "product" Name;
    /// The product's unit.
    Unit "unit" Text;
    /// The product's category.
    Category "category" Text;
    /// The supplier.
    Supplier "supplier" Text;
    /// The month.
    Month "month" Text;
    /// The day.
    Date "date" Date;
    /// The fact's number on paper.
    Bill "bill" Text;
    /// What kind of fact.
    Kind "kind" Kind;
    /// The till.
    Till "till" Text;
    /// The shift: the fact that opened it.
    Shift "shift" Text;
    /// Who did it.
    Operator "operator" Text;
    /// How it was paid.
    Method "method" Method;
    /// How many receipts.
    Receipts "receipts" Count;
    /// What customers paid.
    Taken "taken" Money;
    /// What they were paid back.
    PaidBack "paid_back" Money;
    /// The one less the other.
    NetTaken "net_taken" Money;
    /// A, B or C.
    Class "class" Text;
    /// What one unit costs.
    UnitCost "unit_cost" Money;
    /// What customers paid, less what they were paid back.
    Sales "sales" Money;
    /// That without tax.
    NetSales "net_sales" Money;
    /// What the goods sold cost.
    CostOfSales "cost_of_sales" Money;
    /// Sales without tax, less that.
    Margin "margin" Money;
    /// The margin's share of the sales without tax.
    MarginRate "margin_rate" Percent;
    /// What went to customers, less what came back.
    SoldQuantity "sold" Quantity;
    /// What there was to sell: opening and all that came, returns left out.
    Supply "supply" Quantity;
    /// The part of it that was sold.
    SellThrough "sell_through" Percent;
    /// Products at stores that were there to sell.
    Stocked "stocked" Count;
    /// Those of them that were sold.
    Active "active" Count;
    /// Their share.
    ActiveRate "active_rate" Percent;
    /// The average worth of stock.
    AverageStock "average_stock" Money;
    /// How often stock was sold.
    TurnoverTimes "turnover" Times;
    /// For how many days stock lasts.
    StockDays "stock_days" Days;
    /// A row's share of the whole.
    Share "share" Percent;
    /// The share of the rows up to it.
    Through "share_through" Percent;
    /// How many receipts.
    Deliveries "deliveries" Count;
    /// How many products.
    Products "products" Count;
    /// What was bought.
    BoughtQuantity "bought_quantity" Quantity;
    /// What that cost.
    BoughtValue "bought_value" Money;
    /// What was rejected on arrival.
    Rejected "rejected" Quantity;
    /// Its share of what arrived.
    RejectedShare "rejected_share" Percent;
    /// What went back.
    SentBack "sent_back" Quantity;
    /// How prices went.
    PriceTrend "price_trend" Percent;
    /// What holding the stock cost.
    HoldingCost "holding_cost" Money;
    /// What was lost and thrown away, less what was found.
    Loss "loss" Money;
    /// All that together.
    TotalCost "total_cost" Money;
    /// Which member.
    Member "member" Text;
    /// Corrections of cost that move no goods.
    CostAdjustments "cost_adjustments" Money;
    /// The margin, less corrections of cost and losses.
    GrossProfit "gross_profit" Money;
    /// A tax rate.
    Rate "rate" Percent;
    /// Tax on what was sold.
    OutputTax "output_tax" Money;
    /// Tax on what was bought.
    InputTax "input_tax" Money;
    /// The difference of the two.
    TaxDue "tax_due" Money;
    /// What is owed and not due yet.
    NotDue "not_due" Money;
    /// What was paid beyond what is owed.
    PaidAhead "paid_ahead" Money;
    /// What is owed.
    Owed "owed" Money;
}

impl Column {
    /// How its cells are to be read.
    pub fn form(&self) -> Form {
        match self {
            Self::Flow(_, measured)
            | Self::Sum(_, measured)
            | Self::Opening(measured)
            | Self::Closing(measured)
            | Self::Age(_, _, measured) => measured.form(),
            Self::At(_) => Form::Quantity,
            plain => PLAIN.iter().find(|(column, ..)| column == plain).map_or(Form::Text, |c| c.2),
        }
    }
}

impl fmt::Display for Column {
    /// Its name in machine-readable output.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flow(flow, measured) => write!(f, "{}_{}", flow.name(), measured.name()),
            Self::Sum(Direction::In, measured) => write!(f, "in_{}", measured.name()),
            Self::Sum(Direction::Out, measured) => write!(f, "out_{}", measured.name()),
            Self::Opening(measured) => write!(f, "opening_{}", measured.name()),
            Self::Closing(measured) => write!(f, "closing_{}", measured.name()),
            Self::At(store) => write!(f, "at_{store}"),
            Self::Age(from, Some(to), measured) => {
                write!(f, "age_{from}_to_{to}_{}", measured.name())
            }
            Self::Age(from, None, measured) => write!(f, "age_{from}_{}", measured.name()),
            plain => {
                let known = PLAIN.iter().find(|(column, ..)| column == plain);
                f.write_str(known.map_or("", |(_, name, _)| name))
            }
        }
    }
}

impl FromStr for Column {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Malformed { what: "column", text: text.to_owned() };
        if let Some((column, ..)) = PLAIN.iter().find(|(_, name, _)| *name == text) {
            return Ok(column.clone());
        }
        if let Some(store) = text.strip_prefix("at_") {
            return Ok(Self::At(StoreId::new(store)?));
        }
        let (what, measured) = text.rsplit_once('_').ok_or_else(bad)?;
        let measured = match measured {
            "quantity" => Measured::Quantity,
            "value" => Measured::Value,
            _ => return Err(bad()),
        };
        Ok(match what {
            "in" => Self::Sum(Direction::In, measured),
            "out" => Self::Sum(Direction::Out, measured),
            "opening" => Self::Opening(measured),
            "closing" => Self::Closing(measured),
            _ => match what.strip_prefix("age_") {
                Some(range) => {
                    let day = |text: &str| text.parse().map_err(|_| bad());
                    let (from, to) = match range.split_once("_to_") {
                        Some((from, to)) => (day(from)?, Some(day(to)?)),
                        None => (day(range)?, None),
                    };
                    Self::Age(from, to, measured)
                }
                None => {
                    let known = Flow::ALL.into_iter().find(|flow| flow.name() == what);
                    Self::Flow(known.ok_or_else(bad)?, measured)
                }
            },
        })
    }
}
