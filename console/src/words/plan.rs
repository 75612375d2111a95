crate::words! {
    PlanHeading(store, through) => "What {store} should buy, by its sales through {through}", "{store} 采购计划（销售数据截至 {through}）";
    PlanNothing => "Nothing is due: what there is and is awaited lasts.", "暂无需采购：现有与待到数量足够。";
    PlanNoSales => "Nothing is known of any product for sale here.", "本店尚无在售商品的数据。";
    PlanAwaited => "Awaited", "待到";
    PlanPerDay => "Per day", "日均销量";
    PlanMin => "Min", "下限";
    PlanMax => "Max", "上限";
    PlanOrder => "Order", "建议采购";
    PlanSupplier => "Supplier", "供应商";
    PlanCost => "Cost", "金额";
    PlanNote => "Note", "说明";
    PlanDueNow => "below the minimum", "已低于下限";
    PlanAwaits => "below the minimum, goods are awaited", "已低于下限，货在途中";
    PlanTight => "limits too tight for its sales", "上下限过窄";
    PlanAboveMax => "a pack more than the maximum", "整包装略超上限";
    PlanOverstocked => "more than the maximum", "超过上限";
    PlanBelowOrderMinimum => "under the supplier's minimum order", "未达供应商起订金额";
    PlanDiscounted(list, price) => "{price} each instead of {list}", "单价 {price}（原价 {list}）";
    PlanSummary(lines, cost) => "Products to order: {lines}, at {cost}.", "需采购商品 {lines} 种，金额 {cost}。";
    PlanOwnLimits => "Limits marked * follow from the sales; head office has set none.", "带 * 的上下限由销量推算，总部未设定。";
    PlanHow(days, lead, review) => "By the sales of {days} days; {lead} days to deliver, ordered every {review} days.", "依据 {days} 天销量，到货周期 {lead} 天，订货周期 {review} 天。";
    PlanWritten(file) => "Written to {file}: edit the last column, then order by it.", "已写入 {file}：可修改末列后据此下单。";
}
