crate::words! {
    FinanceMappingBad(file, why) => "The mapping file {file} cannot be used: {why}", "科目映射文件 {file} 无法使用：{why}";
    FinanceMappingHint => "See the shipped one with `finance accounts --shipped`.", "可用 `finance accounts --shipped` 查看自带的映射。";
    FinanceClosedBefore(through) => "The days through {through} are closed already.", "{through} 及以前已结账。";
    FinanceNotOver(day) => "{day} is not over: only past days can be closed.", "{day} 尚未结束，只能对过去的日期结账。";
    FinanceNothing(through) => "Nothing is booked up to {through}.", "{through} 及以前没有流水。";
    FinanceNoPlace(place) => "No closed period has the place {place}.", "没有已结账期间包含位置 {place}。";
    FinanceUnmappedOpen(n) => "Facts that are in no voucher: {n}. The period stays open.", "有 {n} 笔流水未生成凭证，期间未结账。";
    FinanceUnmappedHint => "List them with `finance unmapped` and add rules, or close with --leave-unmapped.", "用 `finance unmapped` 查看并补充规则，或加 --leave-unmapped 结账。";
    FinanceLayoutBad(file, why) => "The column layout {file} cannot be used: {why}", "列布局文件 {file} 无法使用：{why}";
    FinanceFileFailed(file) => "Cannot write {file}.", "无法写入 {file}。";
    FinanceWorkbookFailed => "Cannot make a workbook: it has more than a million rows, or memory is short.", "无法生成工作簿：超过一百万行，或内存不足。";

    ReportMargins => "Margin on sales", "销售毛利";
    ReportProfit => "Profit and loss, goods", "商品损益表";
    ReportTax => "Tax summary", "增值税汇总";
    ReportPayables => "Payables by age", "应付账龄";
    ReportMember => "Member", "会员";
    ReportCostAdjustments => "Cost adjustments", "成本调整";
    ReportGrossProfit => "Gross profit", "商品毛利润";
    ReportOutputTax => "Output tax", "销项税额";
    ReportInputTax => "Input tax", "进项税额";
    ReportTaxDue => "Tax due", "应交税额";
    ReportNotDue => "Not due", "未到期";
    ReportPaidAhead => "Paid ahead", "预付";
    ReportOwed => "Owed", "应付余额";
    ReportLeftOut(n) => "facts left out, because what they come to is not known here: {n}", "未计入的流水（金额无法确定）：{n} 笔";

    FinanceAccounts => "Chart of accounts", "会计科目";
    FinanceRules => "Rules", "映射规则";
    FinanceVouchers(from, to) => "Vouchers, {from} to {to}", "记账凭证　{from} 至 {to}";
    FinanceUnmapped => "Facts that are in no voucher", "未生成凭证的流水";
    FinanceAllMapped => "Every fact is in a voucher.", "所有流水均已生成凭证。";
    FinanceSomeUnmapped(n) => "Facts that are in no voucher: {n}; see `finance unmapped`.", "未生成凭证的流水：{n} 笔，见 `finance unmapped`。";
    FinanceExported(n, file) => "Vouchers written to {file}: {n}", "已写入 {file}，凭证 {n} 张";
    FinanceClosed(from, through, n) => "Closed: {from} to {through}, vouchers: {n}", "已结账：{from} 至 {through}，凭证 {n} 张";
    FinancePeriods => "Closed periods", "已结账期间";
    FinanceNoPeriods => "No period is closed.", "尚未结账。";
    FinanceLate(date) => "booked to {date}, which was closed", "补记 {date}（该日已结账）";

    FinanceCode => "Account", "科目编码";
    FinanceName => "Name", "科目名称";
    FinanceKind => "Kind", "类别";
    FinanceRole => "Amount", "业务项目";
    FinanceWhere => "Where", "条件";
    FinanceDebit => "Debit", "借方";
    FinanceCredit => "Credit", "贷方";
    FinanceVoucher => "Voucher", "凭证";
    FinanceFacts => "Facts", "流水笔数";
    FinanceAbout => "About", "辅助核算";
    FinanceWhy => "Why", "原因";
    FinanceFrom => "From", "起";
    FinanceThrough => "Through", "止";
    FinanceCount => "Vouchers", "凭证张数";
    FinanceLeft => "Unmapped", "未生成凭证";

    FinanceAsset => "asset", "资产";
    FinanceLiability => "liability", "负债";
    FinanceEquity => "equity", "权益";
    FinanceRevenue => "revenue", "收入";
    FinanceExpense => "expense", "费用";

    FinanceNoRule(role) => "no rule says to which account `{role}` goes", "没有规则指定 `{role}` 的科目";
    FinanceUnknownKind => "a kind of fact that this version does not know", "本版本不认识的业务类型";
    FinanceNoOriginal(of) => "fact {of}, which it undoes, is not here", "被红冲的流水 {of} 不在本机";
    FinanceUneven => "its payments are not what it comes to", "收款与合计不符";
}
