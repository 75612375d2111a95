crate::words! {
    TillShiftHeading(till, shift) => "Shift {shift} at till {till}", "{till} 号收银台班次 {shift}";
    TillShiftsHeading(store) => "Shifts of {store}", "{store} 的班次";
    TillShiftsNone => "There are no shifts.", "没有班次。";
    TillOpened => "Opened", "开班时间";
    TillClosedBy => "Closed by", "交班单";
    TillOpen => "open", "未交班";
    TillReceipts => "Receipts", "小票数";
    TillCounted => "Counted", "清点金额";
    TillExpected => "Expected", "应有金额";
    TillDifference => "Difference", "长短款";
    TillShiftOpened(shift, till, float) => "shift {shift} is open at till {till}, float {float}", "{till} 号收银台已开班：{shift}，备用金 {float}";
    TillCashMoved(bill, amount) => "cash moved: {bill}, {amount}", "现金存取已入账：{bill}，{amount}";
    TillShiftClosed(bill, shift) => "shift {shift} is closed: {bill}", "班次 {shift} 已交班：{bill}";
    TillNoShift(till) => "no shift is open at till {till}", "{till} 号收银台没有开班";
    TillNoShiftHint => "open one: `store-node shift open --float AMOUNT`", "请先开班：`store-node shift open --float 金额`";
    TillShiftIsOpen(till, shift) => "shift {shift} is open at till {till}", "{till} 号收银台的班次 {shift} 尚未交班";
    TillShiftIsOpenHint => "close it first: `store-node shift close cash=AMOUNT`", "请先交班：`store-node shift close cash=金额`";
    TillNoSuchShift(till) => "till {till} has no such shift", "{till} 号收银台没有此班次";
    TillShiftsStillOpen(shifts) => "shifts are still open: {shifts}", "尚有未交班的班次：{shifts}";

    PostNoShift => "no shift is open at this till", "此收银台没有开班";
    PostCashNotCounted => "nobody has counted the cash: cash=AMOUNT", "现金未清点：cash=金额";
    PostCountedTwice(method) => "{method} is counted twice", "{method} 清点了两次";
    PostBadCount(amount, method) => "{amount} of {method} cannot be there", "{method} 金额不可能为 {amount}";

    ReturnNoReceipt => "goods are not taken back without a receipt", "无小票不予退货";
    ReturnUnproven => "a return without a receipt is approved by a second person", "无小票退货须另一人批准";
    ReturnLate(days, window) => "the goods were sold {days} days ago; after {window} a second person approves", "商品售出已 {days} 天，超过 {window} 天须另一人批准";
    ReturnMuch(amount, limit) => "{amount} is more than {limit}: a second person approves", "退款 {amount} 超过 {limit}，须另一人批准";
    ReturnOwnApproval(operator) => "{operator} cannot approve their own return", "{operator} 不能批准自己经手的退货";
    ReturnApproveHint => "give the name of whoever approves: --approved NAME", "请给出批准人：--approved 姓名";
    ReturnCondition => "Condition", "商品状况";
    ConditionSellable => "sellable", "可售";
    ConditionDamaged => "damaged, to quarantine", "残损，转待检";
    ConditionWorthless => "worthless, thrown away", "报废";
    ReturnOfStore(store, bill) => "sale of {store}: {bill}", "{store} 的销售单：{bill}";
    ReturnApprovedBy(operator) => "approved by {operator}", "批准人：{operator}";
    ExchangeTaken(bill, total) => "in exchange: {bill}, {total}", "换出：{bill}，{total}";
    ExchangePaid(amount) => "the customer pays: {amount}", "顾客应付差额：{amount}";
    ExchangePaidBack(amount) => "paid back: {amount}", "退还差额：{amount}";
    ExchangeOverpaid(paid, due) => "{paid} is paid without cash, the difference is {due}", "非现金支付 {paid}，差额仅 {due}";

    ReportTakings => "Takings", "收银日报";
    ReportTill => "Till", "收银台";
    ReportShift => "Shift", "班次";
    ReportMethod => "Paid by", "付款方式";
    ReportReceipts => "Receipts", "笔数";
    ReportTaken => "Taken", "收款";
    ReportPaidBack => "Paid back", "退款";
    ReportNetTaken => "Net", "净收款";

    KindShiftOpen => "shift opened", "开班";
    KindCashMove => "cash move", "现金存取";
    KindShiftClose => "shift closed", "交班";
    CheckShiftTakings => "money of a shift = its facts", "交班相符";
    CheckShiftDifference => "counted = expected at the till", "长短款";
    CheckShiftOpen => "shifts are closed", "按时交班";
    CheckReturnsBeyondSale => "no more comes back than was sold", "退货不超售出";
}
