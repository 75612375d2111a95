//! Products for the catalog.

use console::words::Lang;
use ledger::catalog::{ProductStatus, SoldBy};

use super::*;

const PRODUCTS: &str = r#"
set = "shop"
kind = "products"
[columns]
sku = "编码"
barcode = "条码"
name_zh = "名称"
unit = "单位"
category = "类别"
price = "零售价"
tax_rate = "税率"
status = "状态"
sold_by = "计量"
[defaults]
sold_by = "piece"
[values.status]
"停售" = "withdrawn"
"在售" = "active"
[values.sold_by]
"称重" = "weight"
"#;

fn read(text: &str, rows: &str) -> ProductList {
    let files = Files::csv(format!("编码,条码,名称,单位,类别,零售价,税率,状态,计量\n{rows}"));
    read_products(&mapping(text), &files.file, None, Lang::En, &mut |_| ()).unwrap()
}

#[test]
fn products_with_all_their_fields() {
    let list = read(
        PRODUCTS,
        "1,6901234567892,可口可乐 330ml,罐,饮料,3.50,13%,在售,\n2,,苹果,kg,水果,12.8,9%,停售,称重\n\
         3,,,罐,饮料,3.50,,,\n4,,红茶,罐,饮料,-1,,,\n5,,绿茶,罐,饮料,1,,缺货,\n,,x,,,,,,\n",
    );
    let [cola, apple] = list.products.as_slice() else { panic!("two are good") };
    assert_eq!(cola.barcode.as_deref(), Some("6901234567892"));
    assert_eq!((&*cola.name_zh, &*cola.name_en), ("可口可乐 330ml", "可口可乐 330ml"));
    assert_eq!((cola.price.to_string(), cola.tax_rate.basis_points()), ("3.5".into(), 1_300));
    assert_eq!((apple.sold_by, apple.status), (SoldBy::Weight, ProductStatus::Withdrawn));
    let seen: Vec<_> = list.report.rejects.iter().map(|r| (r.row, r.column.as_str())).collect();
    assert_eq!(seen, [(4, "name"), (5, "零售价"), (6, "状态"), (7, "编码")]);
}

#[test]
fn products_named_twice() {
    let rows = "1,,可乐,,,3,,,\n1,,可乐,,,3,,,\n1,,可乐,,,4,,,\n";
    let price = |list: &ProductList| list.products[0].price.to_string();
    let strict = read(PRODUCTS, rows);
    assert_eq!((price(&strict), strict.report.rejected), ("3".into(), 1));
    assert!(strict.report.rejects[0].reason.to_string().contains("row 2"));
    let first = read(&format!("{PRODUCTS}\n[products]\nduplicates = \"first\"\n"), rows);
    assert_eq!((price(&first), first.report.rejected), ("3".into(), 0));
    let last = read(&format!("{PRODUCTS}\n[products]\nduplicates = \"last\"\n"), rows);
    assert_eq!((price(&last), last.products.len()), ("4".into(), 1));
}

#[test]
fn long_names_are_cut_only_where_the_mapping_says_so() {
    let rows = format!("1,,{},,,3,,,\n", "长".repeat(100));
    assert_eq!(read(PRODUCTS, &rows).report.rejected, 1);
    let cut = read(&format!("{PRODUCTS}\n[products]\nlong_texts = \"cut\"\n"), &rows);
    assert_eq!(cut.products[0].name_zh.chars().count(), 66);
}

#[test]
fn a_minimum_is_read_where_the_file_has_one() {
    let text = PRODUCTS.replace("sold_by = \"计量\"", "min_stock = \"最低\"");
    let rows = "1,,可乐,,,3,,,1.5\n2,,茶,,,3,,,\n3,,奶,,,3,,,-1\n4,,水,,,3,,,x\n";
    let files = Files::csv(format!("编码,条码,名称,单位,类别,零售价,税率,状态,最低\n{rows}"));
    let read = read_products(&mapping(&text), &files.file, None, Lang::En, &mut |_| ());
    let list = read.unwrap();
    let kept: Vec<_> = list.products.iter().map(|p| p.min_stock.map(|m| m.to_string())).collect();
    assert_eq!(kept, [Some("1.5".to_owned()), None]);
    let seen: Vec<_> = list.report.rejects.iter().map(|r| (r.row, r.column.as_str())).collect();
    assert_eq!(seen, [(4, "最低"), (5, "最低")]);
}
