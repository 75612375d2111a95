crate::words! {
    ScanUnknown(number) => "The catalog has no product {number}.", "商品资料中没有 {number}。";
    ScanCase(case) => "This is case or pallet {case}, no product.", "这是物流箱码 {case}，不是商品。";
    ScanSerial => "Serial number", "序列号";
    ScanProduced => "Made on", "生产日期";
    ScanBestBefore => "Best before", "保质期至";
    ScanExpires => "Use by", "有效期至";
    ScanWeight => "Weight", "重量";
    ScanCount => "Pieces", "件数";
    ScanPrice => "Price on the label", "标签价";
    ScanFailed(code) => "the code {code} cannot be read", "无法识别条码 {code}";
    ScanAgainHint => "scan it again; typed by hand, a digit may be wrong", "请重新扫描；若是手工输入，可能有数字输错";
    ScanDigitHint(expected) => "its last digit should be {expected}: scan it again, or look for a mistyped digit", "末位校验码应为 {expected}：请重新扫描或检查输错的数字";
    ScanArticleHint => "scan the code that carries the article, (01) or (02)", "请扫描带商品编号 (01) 或 (02) 的条码";
    CodeDigit(expected) => "the check digit should be {expected}", "校验码应为 {expected}";
    CodeLength => "article numbers have 8, 12, 13 or 14 digits", "商品条码应为 8、12、13 或 14 位数字";
    BarcodeBad(barcode) => "{barcode} can't be a barcode", "{barcode} 不是有效的条码";
    BarcodeBadHint => "for a number of the chain's own add `--any-codes`, or make it the SKU", "若是企业自编码，请加 `--any-codes`，或用作商品编码";
}
