crate::words! {
    BookUnknownItem(line, item) => "line {line}: no product has the SKU or barcode {item}", "第 {line} 行：没有编码或条码为 {item} 的商品";
    BookUnknownItemHint => "look at what was scanned; to sell it all the same, give its price: ITEM@PRICE", "请核对扫描内容；若仍要销售，请给出单价：商品@单价";
    BookBadItem(line, item) => "line {line}: {item} cannot be an item", "第 {line} 行：{item} 不能作为商品";
    BookNoPrice(line, item) => "line {line}: the catalog has no price for {item}", "第 {line} 行：商品资料中没有 {item} 的价格";
    BookNoPriceHint => "give one: ITEM@PRICE (ITEM@0 to give it away)", "请给出单价：商品@单价（赠送用 商品@0）";
    BookNoCost(line, item) => "line {line}: nothing is known of what {item} costs", "第 {line} 行：尚不知道 {item} 的成本";
    BookNoCostHint => "say it: ITEM:QUANTITY@UNIT_COST or ITEM:QUANTITY=LINE_COST", "请给出：商品:数量@单位成本 或 商品:数量=本行成本";
    BookNotWhole(line, item, quantity) => "line {line}: {item} is sold by the piece, {quantity} is no whole number", "第 {line} 行：{item} 按件销售，{quantity} 不是整数";
    BookAmount(line) => "line {line}: an amount is out of range", "第 {line} 行：金额或数量超出范围";
    BookOpenPayments => "only one payment may leave its amount open", "只能有一笔付款不写金额";
    BookNoSuchFact(which) => "this store has booked nothing under {which}", "本店没有编号为 {which} 的业务";
    BookNoSuchFactHint => "`history` lists what was booked", "`history` 可列出已入账的业务";
    BookNothingLeft(bill) => "nothing is left to give back of {bill}", "{bill} 已全部退回";
    BookRequestReused(request, bill) => "the request id {request} stands for {bill}, which is something else", "请求号 {request} 对应的 {bill} 是另一笔业务";
    BookRequestReusedHint => "nothing was booked now; give a new request its own id", "本次没有入账；新的请求请使用新的请求号";

    PostNoLines => "there are no lines", "没有明细行";
    PostTooManyLines(found, limit) => "there are {found} lines; at most {limit} go on one document", "共 {found} 行，一张单据最多 {limit} 行";
    PostTooManyPayments(found, limit) => "there are {found} payments; at most {limit} go on one receipt", "共 {found} 笔付款，一张单据最多 {limit} 笔";
    PostRemarkTooLong(limit) => "the remark is longer than {limit} bytes", "备注超过 {limit} 字节";
    PostBadQuantity(line, sku, quantity) => "line {line}: the quantity {quantity} of {sku} is out of place", "第 {line} 行：{sku} 的数量 {quantity} 不合适";
    PostNegativeAmount(line, sku, amount) => "line {line}: the amount {amount} for {sku} is negative", "第 {line} 行：{sku} 的金额 {amount} 为负数";
    PostDiscountTooLarge(line, sku, discount, gross) => "line {line}: the discount {discount} on {sku} is more than its price {gross}", "第 {line} 行：{sku} 的优惠 {discount} 超过原价 {gross}";
    PostBadReductions(line, sku, discount) => "line {line}: the discount {discount} on {sku} is not made of its parts", "第 {line} 行：{sku} 的优惠 {discount} 与其明细不符";
    PostTooManyReductions(found, limit) => "the discounts have {found} named parts; at most {limit} go on one receipt", "优惠明细共 {found} 项，一张单据最多 {limit} 项";
    PostNoWeight(line, sku) => "line {line}: nobody has said what {sku} weighs; set its weight in the catalog, or spread the freight by value", "第 {line} 行：{sku} 没有单重；请在商品资料中填写，或按金额分摊运费";
    PostEmptyPayment(method, amount) => "the payment of {amount} ({method}) is not more than nothing", "付款金额 {amount}（{method}）须大于零";
    PostUnderpaid(paid, due) => "{paid} is paid, {due} is due", "实付 {paid}，应付 {due}";
    PostOverpaid(paid, due) => "{paid} is paid for {due}; only cash can be overpaid", "实付 {paid}，应付 {due}；只有现金可以多付找零";
    PostRefundDiffers(paid, due) => "{paid} is paid back, the goods come to {due}", "退款 {paid}，退货金额为 {due}";
    PostNotASale(id) => "{id} is not a sale", "{id} 不是销售单";
    PostReturnsTooMuch(asked, sku, sold, left) => "{asked} of {sku} is given back; of the {sold} sold, {left} can be", "退回 {sku} {asked}；共售 {sold}，还可退 {left}";
    PostRefundsTooMuch(asked, sku, paid, left) => "{asked} is asked back for {sku}; of the {paid} paid, {left} can be", "{sku} 退款 {asked}；实付 {paid}，还可退 {left}";
    PostAlreadyReversed(id, by) => "{id} was reversed by {by}", "{id} 已由 {by} 红冲";
    PostReversesReversal(id) => "{id} is itself a reversal: book the fact again instead", "{id} 本身是红冲单，请重新入账";
    PostHasReturns(id, returns) => "returns stand against {id}: {returns}; reverse them first", "{id} 有 {returns} 张退货单，请先红冲退货单";
    PostPartOfTransfer(id, transfer) => "{id} is part of transfer {transfer}: settle the transfer instead", "{id} 属于调拨单 {transfer}，请改为结清该调拨单";
    PostNotThisEnd(store, transfer, from, to) => "{store} cannot book this for transfer {transfer} from {from} to {to}", "{store} 不能为 {from} 至 {to} 的调拨单 {transfer} 入账此业务";
    PostSettlesTooMuch(asked, sku, left, transfer) => "{asked} of {sku} is settled, {left} is on the way in transfer {transfer}", "{sku} 结清 {asked}，而调拨单 {transfer} 在途仅 {left}";
    PostNotReversible(id) => "{id} cannot be reversed here", "{id} 不能在此红冲";

    NoticeUnknownCost(sku) => "{sku}: sold at no cost, because none is known yet", "{sku}：成本未知，按零成本出库";
    NoticeUnknownProduct(sku) => "{sku}: not in the catalog; booked under this name", "{sku}：商品资料中没有，按此编码入账";
    NoticeWithdrawn(sku) => "{sku}: withdrawn by head office, sold all the same", "{sku}：总部已停售，本次仍已售出";
}
