crate::words! {
    CloseHeading(store, date) => "Day close of {store}, {date}", "{store} 日结，{date}";
    CloseDone(date) => "{date} is closed: what is found out late goes to a later day and names this one", "{date} 已日结：之后补记的业务计入后续日期并注明本日";
    CloseRepeated(date) => "{date} was closed before; nothing was closed twice", "{date} 此前已日结，没有重复";
    CloseEarlier(dates) => "closed with it: {dates}", "同时日结：{dates}";
    CloseLater(dates) => "closed again, for their evenings have changed: {dates}", "期末库存有变，已重新日结：{dates}";
    CloseClosedAt => "Closed at", "日结时间";
    CloseFacts => "Facts covered", "流水笔数";
    CloseSignedLabel => "Signature", "签名";
    CloseSigned => "signed with the store's key", "已用本店密钥签名";
    CloseUnsigned => "none: the books stand alone and have no key", "无：账簿独立使用，没有密钥";
    CloseTotals => "Day totals", "日合计";
    CloseKinds => "Facts by kind", "流水分类";
    CloseStock => "Closing stock", "期末库存";
    CloseStockSkus(skus, value) => "products: {skus}, value {value}", "商品 {skus} 种，金额 {value}";
    ClosedThrough => "Closed through", "已日结至";
    CloseFuture(date, today) => "{date} is not over: today is {today}", "{date} 尚未结束：今天是 {today}";
    CloseEmpty(date) => "nothing was booked on {date}", "{date} 没有业务";
    CloseEmptyHint => "`store-node history` shows the days; without a date, the last day with business is closed", "`store-node history` 可查看日期；不写日期则日结最近有业务的一天";
    CloseNothing => "nothing has been booked yet, so there is no day to close", "尚无业务，没有可日结的日期";
    CloseNotSigned => "the close could not be signed", "无法为日结签名";
    NoticeDayClosed(happened, booked) => "{happened} is closed: booked to {booked}", "{happened} 已日结：计入 {booked}";
    TrueDate => "True date", "发生日期";

    ClosesHeading(chain) => "Closed days of {chain}", "{chain} 的日结";
    ClosesOfStore(store) => "Closed days of {store}", "{store} 的日结";
    ClosesNone => "No day has been closed yet.", "尚无日结。";
    ClosesOpenDays => "Open days", "未日结天数";
    SignatureGood => "signed", "已签名";
    SignatureFormer => "signed by a former machine", "由前一台机器签名";
    SignatureNone => "not signed", "未签名";
    SignatureBad => "signature does not fit", "签名不符";
}
