crate::words! {
    AccountOnHand => "on hand", "现存";
    AccountInTransit(transfer) => "in transit ({transfer})", "在途（{transfer}）";
    AccountSupplier => "supplier", "供应商";
    AccountCustomer => "customer", "客户";
    AccountCountGain => "count gain", "盘盈";
    AccountCountLoss => "count loss", "盘亏";
    AccountScrap => "scrap", "报损";
    AccountTransitLoss => "transit loss", "运输损失";
    AccountQuarantine => "quarantine", "待检";
    AccountOpening => "opening", "期初";
    AccountCostAdjustment => "cost adjustment", "成本调整";

    KindOpening => "opening stock", "期初库存";
    KindGoodsReceipt => "goods receipt", "采购入库";
    KindSale => "sale", "零售";
    KindReturn => "return", "零售退货";
    KindReversal => "reversal", "红冲";
    KindAdjustment => "stock adjustment", "库存调整";
    KindScrap => "scrap", "报损";
    KindStatement => "statement of the day", "日报声明";
    KindStocktake => "stocktake", "盘点";
    KindInvoice => "purchase invoice", "采购发票";
    KindSupplierPayment => "payment to supplier", "付款";
    KindTransferShip => "transfer out", "调拨出库";
    KindTransferReceipt => "transfer in", "调拨入库";
    KindTransferSettlement => "transfer settlement", "调拨差异结清";
    KindDayClose => "day close", "日结";
    KindOfDay(kind, date) => "{kind} of {date}", "{date} 的{kind}";
    KindUnknown(kind) => "{kind} (unknown to this version)", "{kind}（本版本未知）";

    PaidCash => "cash", "现金";
    PaidCard => "card", "银行卡";
    PaidTransfer => "bank transfer", "转账";
    PaidMobile => "mobile", "移动支付";

    MeasureSalesCount => "Sales", "销售单数";
    MeasureSalesGross => "Before discount", "销售原价";
    MeasureSalesDiscount => "Discount", "优惠金额";
    MeasureSalesNet => "Sales amount", "销售金额";
    MeasureTax => "Tax contained", "税额";
    MeasureReturnsCount => "Returns", "退货单数";
    MeasureReturnsNet => "Returned amount", "退货金额";
    MeasurePaid(method) => "Paid: {method}", "实收（{method}）";

    FieldBarcode => "barcode", "条码";
    FieldNameZh => "Chinese name", "中文名";
    FieldNameEn => "English name", "英文名";
    FieldUnit => "unit", "单位";
    FieldCategory => "category", "类别";
    FieldPrice => "price", "零售价";
    FieldFloorPrice => "floor price", "最低售价";
    FieldTaxRate => "tax rate", "税率";
    FieldSoldBy => "sold by", "计量方式";
    FieldStatus => "status", "状态";
    FieldMinStock => "minimum stock", "最低库存";
    FieldMoreBarcodes => "other barcodes", "其他条码";
    FieldPacks => "packs", "包装";
    FieldSpec => "specification", "规格";
    FieldModel => "model", "型号";
    FieldBrand => "brand", "品牌";
    FieldMnemonic => "mnemonic", "助记码";
    FieldPurchasePrice => "purchase price", "进价";
    FieldWholesalePrice => "wholesale price", "批发价";
    FieldMemberPrice => "member price", "会员价";
    FieldShelfLifeDays => "shelf life in days", "保质期";
    FieldMaxStock => "maximum stock", "最高库存";
}
