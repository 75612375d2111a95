crate::words! {
    AlertNegative => "below zero", "负库存";
    AlertBelowMin => "below minimum", "低于下限";
    AlertAboveMax => "above maximum", "高于上限";
    AlertExpired => "expired", "已过期";
    AlertExpiring => "expires soon", "临期";
    AlertDead => "dead stock", "呆滞";
    AlertSlow => "slow-moving", "滞销";

    AlertsHeading(place) => "Alerts of {place}", "{place} 的预警";
    AlertKindLabel => "Alert", "预警";
    AlertSince => "Since", "起始日期";
    AlertLimit => "Limit", "限额";
    AlertSeen => "Seen", "确认";
    AlertRemark => "Remark", "备注";
    AlertSeenBy(who, date) => "{who} on {date}", "{who} 于 {date}";
    AlertSeenUntil(who, date, until) => "{who} on {date}, until {until}", "{who} 于 {date}，至 {until}";
    AlertsNone => "No alerts.", "没有预警。";
    AlertsOpen(open, seen) => "open: {open}, seen: {seen}", "未确认 {open} 条，已确认 {seen} 条";
    AlertsWaiting(n) => "alerts that nobody has seen: {n} (`alerts`)", "未确认的预警：{n} 条（`alerts`）";
    AlertAcknowledged(bill) => "acknowledged: {bill}", "预警已确认：{bill}";
    AlertNotOpen(alert, sku) => "{sku} has no such alert now: {alert}", "{sku} 当前没有此预警：{alert}";
    AlertNotOpenHint => "`alerts` lists the open ones; one that is about a lot needs --lot", "`alerts` 列出当前预警；涉及批次的须给出 --lot";
}
