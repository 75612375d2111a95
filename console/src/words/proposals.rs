crate::words! {
    ProposalsHeading => "Proposed products", "提报的商品";
    ProposalsNone => "No product was proposed.", "没有提报的商品。";
    ProposalOpen => "open", "待审核";
    ProposalAccepted => "accepted", "已采纳";
    ProposalMerged(into) => "merged into {into}", "已并入 {into}";
    ProposalRejected(why) => "rejected: {why}", "已驳回：{why}";
    ProposalMade(sku) => "proposed as {sku}: it can be sold and received under this SKU", "已提报，临时编码 {sku}，可立即收货和销售";
    ProposalNotAStores(field) => "the {field} is head office's to set", "{field}由总部设置";
    ProposalKnown(code, sku) => "the code {code} is on {sku} already", "条码 {code} 已属于商品 {sku}";
    ProposalKnownHint => "sell and receive that one", "请直接使用该商品";
    ProposalNotMerged(sku) => "head office has not merged {sku} into another product", "总部尚未将 {sku} 并入其他商品";
    ProposalNothingLeft(sku) => "nothing of {sku} is on hand", "{sku} 没有库存";
    ProposalWrong => "the product can't be proposed like that", "无法这样提报商品";
    ProposalNoField(field) => "products have no field `{field}`", "商品没有字段 `{field}`";
    ProposalNone(sku) => "no store has proposed {sku}", "没有门店提报 {sku}";
    ProposalIntoItself(sku) => "{sku} can't be merged into itself or another proposal that is no product", "{sku} 不能并入自身或未采纳的提报";
    ProposalSettleHint(sku) => "stores that have some of it move it with `store-node product settle {sku}`", "有库存的门店请执行 `store-node product settle {sku}`";
}
