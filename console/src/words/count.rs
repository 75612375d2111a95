crate::words! {
    CountHeading(name) => "Stocktake {name}", "盘点 {name}";
    CountStarted => "The stocktake goes on; tills may go on selling.", "盘点已开始，收银照常进行。";
    CountStartedBefore => "This stocktake was started before by the same request.", "该请求此前已开始本次盘点。";
    CountStartedAt => "Started", "开始时间";
    CountTolerance => "Tolerance", "容差";
    CountCounted => "Counted", "实盘数";
    CountBook => "Book", "账面数";
    CountVariance => "Variance", "盈亏数";
    CountMoved => "Uncertain by", "盘点期间变动";
    CountRound => "Round", "盘次";
    CountWhere => "Where, by whom", "货位与盘点人";
    CountTotal => "In this round", "本盘次累计";
    CountEmpty => "Nothing has been counted yet.", "尚未盘点任何商品。";
    CountAddedBefore => "These lines were put down before by the same request; nothing was counted twice.", "该请求此前已登记，没有重复计数。";
    CountLeft(n) => "products that nobody has counted: {n}", "未盘商品：{n} 种";
    CountLeftAlone(n) => "products that nobody has counted are left as they are: {n}", "未盘商品按账面不变：{n} 种";
    CountPostedAs(bill) => "stocktake booked: {bill}", "盘点已入账：{bill}";
    CountPostedSums(counted, equal) => "products counted: {counted}, equal to the books: {equal}", "已盘商品 {counted} 种，其中账实相符 {equal} 种";
    CountGone => "The stocktake was given up; nothing was booked.", "盘点已取消，未入账。";

    CountStateUncounted => "not counted", "未盘";
    CountStateRecount => "count again", "待复盘";
    CountStateCounted => "counted", "已盘";
    CountStateEqual => "equal", "相符";
    CountStateTolerated => "within tolerance", "容差内";
    CountStateSettled => "differs, settled", "差异已确认";
    CountStateBeyond => "beyond tolerance", "超容差";

    CountNone => "no stocktake goes on", "当前没有进行中的盘点";
    CountNoneHint => "start one with `store-node count start`", "请用 `store-node count start` 开始盘点";
    CountGoesOn(name) => "a stocktake goes on already: {name}", "已有盘点正在进行：{name}";
    CountGoesOnHint => "post it (`count post`) or give it up (`count cancel`) first", "请先入账（`count post`）或取消（`count cancel`）";
    CountRestored => "the books were restored since the stocktake began; it may have been booked already", "盘点开始后账簿曾恢复，该盘点可能已经入账";
    CountRestoredHint => "give it up (`count cancel`) and start another", "请取消（`count cancel`）后重新盘点";
    CountBadTolerance(tolerance) => "the tolerance {tolerance} is negative", "容差 {tolerance} 不能为负";
    CountNoCategory(category) => "no product is of the category {category}", "没有类别为 {category} 的商品";
    CountNotOnSheet(item) => "{item} is not part of this stocktake", "{item} 不在本次盘点中";
    CountNotOnSheetHint => "count it first with `count add`", "请先用 `count add` 盘点该商品";
    CountTooMany(products, lines) => "a stocktake has at most {products} products and {lines} lines", "一次盘点最多 {products} 种商品、{lines} 行";
    CountTooManyHint => "count by category, one after the other", "请按类别分次盘点";
    CountUnsettled => "the stocktake cannot be posted yet", "盘点尚不能入账";
    CountBeyond(skus) => "beyond the tolerance: {skus}", "超容差：{skus}";
    CountToRecount(skus) => "to be counted again: {skus}", "待复盘：{skus}";
    CountUnsettledHint => "count them again (`count add --recount`) or say why they differ (`count reason ITEM=CODE`)", "请复盘（`count add --recount`）或注明原因（`count reason 商品=原因代码`）";
    CountRequestReused(request) => "the request id {request} stands for something else", "请求号 {request} 已用于其他请求";
}
