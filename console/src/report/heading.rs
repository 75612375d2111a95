//! What reports and their columns are called.

use ledger::report::{Column, Direction, Flow, Measured, Report};

use crate::words::{self, Lang};

/// What a report is called.
pub(super) fn title(lang: Lang, report: &Report) -> String {
    match report {
        Report::Movements { .. } => lang.say(words::ReportMovements),
        Report::Stock => lang.say(words::ReportStock),
        Report::Matrix => lang.say(words::ReportMatrix),
        Report::Ledger { sku } => lang.say(words::ReportLedger { sku }),
        Report::Ageing { .. } => lang.say(words::ReportAgeing),
        Report::Turnover { .. } => lang.say(words::ReportTurnover),
        Report::SellThrough { .. } => lang.say(words::ReportSellThrough),
        Report::Abc { .. } => lang.say(words::ReportAbc),
        Report::Purchases { .. } => lang.say(words::ReportPurchases),
        Report::Takings { .. } => lang.say(words::ReportTakings),
        Report::Suppliers => lang.say(words::ReportSuppliers),
        Report::Cost { .. } => lang.say(words::ReportCost),
        Report::Margin { .. } => lang.say(words::ReportMargins),
        Report::Profit => lang.say(words::ReportProfit),
        Report::Tax => lang.say(words::ReportTax),
        Report::Payables => lang.say(words::ReportPayables),
    }
}

/// What a column is called.
pub fn heading(lang: Lang, column: &Column) -> String {
    match column {
        Column::Store => lang.say(words::Store),
        Column::Sku => lang.say(words::Sku),
        Column::Product => lang.say(words::Product),
        Column::Unit => lang.say(words::Unit),
        Column::Category => lang.say(words::Category),
        Column::Supplier => lang.say(words::Supplier),
        Column::Month => lang.say(words::ReportMonth),
        Column::Date => lang.say(words::Date),
        Column::Bill => lang.say(words::ReportBill),
        Column::Kind => lang.say(words::ReportKind),
        Column::Till => lang.say(words::ReportTill),
        Column::Shift => lang.say(words::ReportShift),
        Column::Operator => lang.say(words::Operator),
        Column::Method => lang.say(words::ReportMethod),
        Column::Receipts => lang.say(words::ReportReceipts),
        Column::Taken => lang.say(words::ReportTaken),
        Column::PaidBack => lang.say(words::ReportPaidBack),
        Column::NetTaken => lang.say(words::ReportNetTaken),
        Column::Class => lang.say(words::ReportClass),
        Column::UnitCost => lang.say(words::UnitCost),
        Column::Sales => lang.say(words::ReportSales),
        Column::NetSales => lang.say(words::ReportNetSales),
        Column::CostOfSales => lang.say(words::ReportCostOfSales),
        Column::Margin => lang.say(words::ReportMargin),
        Column::MarginRate => lang.say(words::ReportMarginRate),
        Column::SoldQuantity => lang.say(words::ReportSold),
        Column::Supply => lang.say(words::ReportSupply),
        Column::SellThrough => lang.say(words::ReportSellThroughRate),
        Column::Stocked => lang.say(words::ReportStocked),
        Column::Active => lang.say(words::ReportActive),
        Column::ActiveRate => lang.say(words::ReportActiveRate),
        Column::AverageStock => lang.say(words::ReportAverageStock),
        Column::TurnoverTimes => lang.say(words::ReportTimes),
        Column::StockDays => lang.say(words::ReportStockDays),
        Column::Share => lang.say(words::ReportShare),
        Column::Through => lang.say(words::ReportThrough),
        Column::Deliveries => lang.say(words::ReportDeliveries),
        Column::Products => lang.say(words::ReportProducts),
        Column::BoughtQuantity => lang.say(words::ReportBought),
        Column::BoughtValue => lang.say(words::ReportBoughtValue),
        Column::Rejected => lang.say(words::ReportRejected),
        Column::RejectedShare => lang.say(words::ReportRejectedShare),
        Column::SentBack => lang.say(words::FlowSentBack),
        Column::PriceTrend => lang.say(words::ReportPriceTrend),
        Column::HoldingCost => lang.say(words::ReportHolding),
        Column::Loss => lang.say(words::ReportLoss),
        Column::Member => lang.say(words::ReportMember),
        Column::CostAdjustments => lang.say(words::ReportCostAdjustments),
        Column::GrossProfit => lang.say(words::ReportGrossProfit),
        Column::Rate => lang.say(words::TaxRate),
        Column::OutputTax => lang.say(words::ReportOutputTax),
        Column::InputTax => lang.say(words::ReportInputTax),
        Column::TaxDue => lang.say(words::ReportTaxDue),
        Column::NotDue => lang.say(words::ReportNotDue),
        Column::PaidAhead => lang.say(words::ReportPaidAhead),
        Column::Owed => lang.say(words::ReportOwed),
        Column::TotalCost => lang.say(words::ReportTotalCost),
        Column::At(store) => store.to_string(),
        Column::Flow(flow, measured) => measure(lang, flow_name(lang, *flow), *measured),
        Column::Sum(Direction::In, measured) => measure(lang, lang.say(words::ReportIn), *measured),
        Column::Sum(Direction::Out, measured) => {
            measure(lang, lang.say(words::ReportOut), *measured)
        }
        Column::Opening(measured) => measure(lang, lang.say(words::ReportOpening), *measured),
        Column::Closing(measured) => measure(lang, lang.say(words::ReportClosing), *measured),
        Column::Age(from, Some(to), measured) => {
            measure(lang, lang.say(words::ReportAge { from, to }), *measured)
        }
        Column::Age(from, None, measured) => {
            measure(lang, lang.say(words::ReportAgeOver { from }), *measured)
        }
    }
}

/// Quantities are called by what they count; values say that they are money.
fn measure(lang: Lang, name: String, measured: Measured) -> String {
    match measured {
        Measured::Quantity => name,
        Measured::Value => lang.say(words::ReportValueOf { name }),
    }
}

fn flow_name(lang: Lang, flow: Flow) -> String {
    match flow {
        Flow::Received => lang.say(words::FlowReceived),
        Flow::TransferredIn => lang.say(words::FlowTransferredIn),
        Flow::Returned => lang.say(words::FlowReturned),
        Flow::Found => lang.say(words::FlowFound),
        Flow::OtherIn => lang.say(words::FlowOtherIn),
        Flow::Sold => lang.say(words::FlowSold),
        Flow::TransferredOut => lang.say(words::FlowTransferredOut),
        Flow::SentBack => lang.say(words::FlowSentBack),
        Flow::Lost => lang.say(words::FlowLost),
        Flow::Scrapped => lang.say(words::FlowScrapped),
        Flow::OtherOut => lang.say(words::FlowOtherOut),
    }
}
