crate::words! {
    TransfersHeading => "Transfers", "调拨单";
    TransfersNone => "There are no transfers.", "尚无调拨单。";
    TransferHeading(transfer, from, to) => "Transfer {transfer} from {from} to {to}", "调拨单 {transfer}：{from} 至 {to}";
    TransferColumn => "Transfer", "调拨单";
    TransferFrom => "From", "调出门店";
    TransferTo => "To", "调入门店";
    TransferRequested => "Requested", "申请";
    TransferApproved => "Approved", "批准";
    TransferShipped => "Shipped", "调出";
    TransferReceived => "Received", "调入";
    TransferDamaged => "Damaged", "破损";
    TransferLost => "Lost", "丢失";
    TransferReturned => "Returned", "退回";
    TransferInTransit => "In transit", "在途";
    TransferCancelAsked => "Somebody has asked to cancel it.", "已有人要求取消。";
    TransferWaits(what) => "waits for {what}", "等待{what}";
    TransferAnomaly(what) => "look at this: {what}", "请核查：{what}";
    TransferRepeated => "this request was carried out before; nothing was done twice", "该请求此前已执行，没有重复执行";

    StageUnknown => "unknown", "未知";
    StageRequested => "requested", "已申请";
    StageApproved => "approved", "已审核";
    StageRejected => "rejected", "已驳回";
    StageCancelled => "cancelled", "已取消";
    StageShipped => "shipped", "已调出";
    StagePartlyReceived => "partly received", "部分调入";
    StageReceived => "received", "已调入";
    StageSettled => "settled", "已结清";

    WaitsRequest => "the request", "申请";
    WaitsApproval => "head office's approval", "总部审核";
    WaitsShipment => "goods to be shipped", "调出";
    WaitsShipFact(n) => "the source's word about shipment {n}", "调出方关于第 {n} 批的记录";
    WaitsReceipt => "goods on the way", "在途商品";

    AnomalyNotEntitled(by, step) => "{by} has no say in `{step}`", "{by} 无权执行 `{step}`";
    AnomalySaidTwice(by, step) => "{by} said two different things as `{step}`", "{by} 就 `{step}` 说法不一";
    AnomalyRequestedTwice(by) => "{by} made the request once more", "{by} 重复申请";
    AnomalyBothWays => "head office both approved and rejected it", "总部既批准又驳回";
    AnomalyThoughRejected => "goods left though it was rejected", "驳回后仍有商品调出";
    AnomalyBeyond(sku, quantity) => "{sku}: {quantity} more shipped than approved", "{sku}：调出超过批准 {quantity}";
    AnomalyOver(sku, quantity) => "{sku}: {quantity} more received than shipped", "{sku}：多收 {quantity}";
    AnomalyValue(sku, value) => "{sku}: cost of {value} is left on the way", "{sku}：在途成本余额 {value}";
    AnomalyUnread(by, name) => "`{name}` of {by} cannot be read", "无法读取 {by} 的 `{name}`";

    TransferNotKnown(transfer) => "there is no transfer {transfer}", "没有调拨单 {transfer}";
    TransferNotKnownHint => "list them with `transfer list`", "用 `transfer list` 查看调拨单";
    TransferNotApproved(transfer) => "transfer {transfer} is not approved", "调拨单 {transfer} 未经批准";
    TransferNotApprovedHint => "head office approves it with `hub transfer approve`", "由总部用 `hub transfer approve` 批准";
    TransferNothingDue(transfer) => "nothing is due in transfer {transfer}", "调拨单 {transfer} 没有待办商品";
    TransferDecided(transfer) => "transfer {transfer} has been decided otherwise", "调拨单 {transfer} 已有不同决定";
    TransferReused(request) => "the request id {request} was used for something else", "请求号 {request} 已用于其他业务";
    TransferReusedHint => "give each request its own id", "请为每个请求使用不同的请求号";
}
