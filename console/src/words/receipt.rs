crate::words! {
    SlipChange => "Change", "找零";
    SlipTax(rate, gross) => "Tax {rate} of {gross}", "含税 {rate}（{gross}）";
    SlipThanks => "Thank you!", "谢谢惠顾！";
    SlipCopy(n) => "COPY {n}", "副本 {n}";
    SlipMember => "Member", "会员";
    SlipOf => "Goes back to", "原单";
    SlipPromotion(name) => "Promotion {name}", "促销 {name}";
    SlipBasket => "Off the basket", "整单优惠";
    SlipPoints => "Points", "积分抵现";
    SlipByHand => "Discount", "优惠";
    SlipPrinted(bill, n) => "{bill} printed; copies so far: {n}", "{bill} 已打印；此前已打印 {n} 次";
    SlipNoReceipt(which) => "{which} has no receipt", "{which} 没有小票";
    SlipNotWritten(to) => "cannot write the receipt to {to}", "无法将小票写到 {to}";
    SlipNotPrinted(to) => "cannot reach the printer at {to}", "无法连接打印机 {to}";
    SlipNotPrintedHint => "is it on, and on the same network? It takes raw bytes, usually on port 9100", "请检查打印机是否开机联网；一般使用 9100 端口";

    ParkedHeading(store) => "Parked baskets of {store}", "{store} 的挂单";
    ParkedNone => "No basket is parked.", "没有挂单。";
    ParkedName => "Basket", "挂单";
    ParkedAge => "Parked", "挂单时间";
    ParkedDone(name) => "basket {name} is parked", "已挂单：{name}";
    ParkedDropped(name) => "basket {name} is dropped", "已取消挂单：{name}";
    ParkedTaken(name) => "another basket is parked as {name}", "{name} 已有另一挂单";
    ParkedUnknown(name) => "no basket is parked as {name}", "没有名为 {name} 的挂单";
    ParkedTooMany(most) => "{most} baskets are parked already: resume or drop some", "挂单已达 {most} 个，请先取单或取消";
}
