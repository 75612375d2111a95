//! A purchase plan as a file that a person edits: what stands in its last column is ordered.

use std::collections::BTreeMap;

use ledger::amount::{Money, Quantity};
use ledger::id::SupplierId;

use super::{Plan, PlanRow};
use crate::purchase::{PurchaseLine, PurchaseRefused};

/// The columns, under the names that JSON has. What is read again are the three last.
const COLUMNS: [&str; 14] = [
    "sku", "name_zh", "name_en", "unit", "on_hand", "reserved", "incoming", "on_order", "per_day",
    "min", "max", "supplier", "price", "order",
];

/// The plan as CSV, a row for each product.
pub fn write(plan: &Plan) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut put = |row: Vec<String>| {
        writer.write_record(row).expect("rows of one length are written to memory");
    };
    put(COLUMNS.map(str::to_owned).to_vec());
    plan.rows.iter().map(cells).for_each(&mut put);
    let bytes = writer.into_inner().expect("memory takes what is left");
    String::from_utf8(bytes).expect("text was written")
}

fn cells(row: &PlanRow) -> Vec<String> {
    let blank = |text: Option<String>| text.unwrap_or_default();
    vec![
        row.sku.to_string(),
        row.name_zh.clone(),
        row.name_en.clone(),
        row.unit.clone(),
        row.on_hand.to_string(),
        row.reserved.to_string(),
        row.incoming.to_string(),
        row.on_order.to_string(),
        row.per_day.to_string(),
        row.min.to_string(),
        blank(row.max.map(|max| max.to_string())),
        blank(row.supplier.as_ref().map(ToString::to_string)),
        blank(row.unit_price.map(|price| price.to_string())),
        row.order.to_string(),
    ]
}

/// What the file orders, by supplier. Rows without a quantity order nothing; columns may stand in any
/// order, and others beside them.
pub fn read(text: &str) -> Result<BTreeMap<SupplierId, Vec<PurchaseLine>>, PurchaseRefused> {
    // Spreadsheet programs write a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let unreadable = |line: u64, column: &'static str| PurchaseRefused::PlanRow { line, column };
    let header = reader.headers().map_err(|_| unreadable(1, "sku"))?.clone();
    let place = |column: &'static str| {
        let found = header.iter().position(|name| name.trim() == column);
        found.ok_or(PurchaseRefused::PlanColumn { column })
    };
    let [sku, supplier, price, order] =
        [place("sku")?, place("supplier")?, place("price")?, place("order")?];
    let mut orders: BTreeMap<SupplierId, Vec<PurchaseLine>> = BTreeMap::new();
    for (number, row) in (2..).zip(reader.records()) {
        let row = row.map_err(|_| unreadable(number, "sku"))?;
        let line = row.position().map_or(number, csv::Position::line);
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        let quantity: Quantity = match cell(order) {
            "" => continue,
            text => text.parse().map_err(|_| unreadable(line, "order"))?,
        };
        if quantity.is_zero() {
            continue;
        }
        let price: Option<Money> = match cell(price) {
            "" => None,
            text => Some(text.parse().map_err(|_| unreadable(line, "price"))?),
        };
        if quantity.is_negative() || price.is_some_and(Money::is_negative) {
            return Err(unreadable(line, "order"));
        }
        if cell(sku).is_empty() {
            return Err(unreadable(line, "sku"));
        }
        let supplier = cell(supplier).parse().map_err(|_| unreadable(line, "supplier"))?;
        let item = cell(sku).to_owned();
        let lines = orders.entry(supplier).or_default();
        lines.push(PurchaseLine { store: None, item, quantity, price });
    }
    if orders.is_empty() {
        return Err(PurchaseRefused::NoLines);
    }
    Ok(orders)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "order,sku,price,supplier,remark\n";

    #[test]
    fn what_was_edited_is_ordered_by_supplier() {
        let text = format!("\u{feff}{HEAD}12,milk,2.10,V1,\n0,tea,1,V1,\n,tea,1,,\n3,茶,,V2,新\n");
        let orders = read(&text).unwrap();
        let told: Vec<_> = orders
            .iter()
            .flat_map(|(supplier, lines)| lines.iter().map(move |line| (supplier, line)))
            .map(|(supplier, line)| {
                let price = line.price.map(|price| price.to_string()).unwrap_or_default();
                format!("{supplier} {} {} {price}", line.item, line.quantity)
            })
            .collect();
        assert_eq!(told, ["V1 milk 12 2.1", "V2 茶 3 "]);
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_column() {
        let wrong = |rows: &str| read(&format!("{HEAD}{rows}")).unwrap_err();
        assert_eq!(
            wrong("12,milk,2.10,,\n"),
            PurchaseRefused::PlanRow { line: 2, column: "supplier" }
        );
        assert_eq!(
            wrong("1,a,1,V1,\nmuch,milk,2,V1,\n"),
            PurchaseRefused::PlanRow { line: 3, column: "order" }
        );
        assert_eq!(wrong("-1,milk,2,V1,\n"), PurchaseRefused::PlanRow { line: 2, column: "order" });
        assert_eq!(wrong("0,milk,2,V1,\n"), PurchaseRefused::NoLines);
        assert_eq!(
            read("sku,order\n").unwrap_err(),
            PurchaseRefused::PlanColumn { column: "supplier" }
        );
    }
}
