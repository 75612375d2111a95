crate::words! {
    StockHeading(place) => "Stock of {place}", "{place} 的库存";
    StockHeadingAt(place, date) => "Stock of {place} at the end of {date}", "{place} 在 {date} 日终的库存";
    Chain => "the whole chain", "全部门店";
    Sku => "SKU", "商品编码";
    Product => "Product", "商品";
    Barcode => "Barcode", "条码";
    Unit => "Unit", "单位";
    Category => "Category", "类别";
    Quantity => "Quantity", "数量";
    OnHand => "On hand", "现存量";
    Reserved => "Reserved", "占用量";
    Available => "Available", "可用量";
    Incoming => "On the way", "在途";
    Minimum => "Minimum", "最低库存";
    Cost => "Cost", "成本";
    UnitCost => "Unit cost", "单位成本";
    StockValue => "Value at cost", "库存金额";
    Lot => "Lot", "批号";
    LastMovement => "Last movement", "最近变动";
    StockSummary(skus, quantity, value) => "products: {skus}, quantity: {quantity}, value at cost: {value}", "商品 {skus} 种，数量 {quantity}，库存金额 {value}";
    StockEmpty => "No stock is on the books.", "账上没有库存。";
    NegativeStock(n) => "products below zero: {n}", "负库存商品：{n} 种";
    Oversold(sku, on_hand) => "{sku}: more sold than was on the books; stock is now {on_hand}", "{sku}：销售数量超过账面库存，现存量为 {on_hand}";
}
