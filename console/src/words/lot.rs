crate::words! {
    LotsHeading(place) => "Lots at {place}", "{place} 的批次";
    LotsNone => "No lots are on hand.", "没有在库批次。";
    LotExpiry => "Good until", "有效期至";
    LotDaysLeft => "Days left", "剩余天数";
    LotLeft => "Left", "剩余数量";
    LotUnnamed => "(no lot)", "（无批号）";
    LotPick => "Take", "拣货";
    LotsView => "Sales name no lot: what is left assumes that the first to expire went first.", "销售不记批号，剩余数量按先到期先出推算。";
    LotsPickShort(asked, there) => "asked for: {asked}, there is: {there}", "需要 {asked}，仅有 {there}";

    AssemblyBooked(bill, cost) => "assembled: {bill}, at cost {cost}", "组装已入账：{bill}，成本 {cost}";
    DisassemblyBooked(bill, cost) => "taken apart: {bill}, at cost {cost}", "拆卸已入账：{bill}，成本 {cost}";
    OverflowNothing(item, quantity) => "{item}: {quantity} is not more than nothing; what is missing is an adjustment or scrap", "{item}：报溢数量 {quantity} 须大于零；短缺请用调整或报损";

    ReasonDamaged => "damaged", "破损";
    ReasonExpired => "expired", "过期";
    ReasonStolen => "stolen", "被盗";
    ReasonSample => "sample", "样品";
    ReasonOwnUse => "own use", "自用";
    ReasonGift => "given away", "赠送";
    ReasonCountingError => "counting error", "盘点差错";
    ReasonFound => "found again", "寻回";
    ReasonOverDelivered => "over-delivered", "供应商多发";
    ReasonShrinkage => "shrinkage", "自然损耗";
    ReasonUnsaid => "(nobody said)", "（未注明）";

    LossesHeading(place, from, to) => "Losses and overflows of {place}, {from} to {to}", "{place} 的报损报溢，{from} 至 {to}";
    LossesNone => "Nothing was lost or found beyond the books.", "期间没有报损报溢。";
    LossesKind => "Document", "单据";
    LossesTotal(lost, found) => "lost at cost: {lost}, found: {found}", "报损盘亏金额 {lost}，报溢盘盈金额 {found}";
}
