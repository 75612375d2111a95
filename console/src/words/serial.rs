crate::words! {
    SerialNo => "Serial number", "序列号";
    SerialWhere => "Where", "所在";
    SerialHeading(serial, sku) => "Serial number {serial} of {sku}", "{sku} 的序列号 {serial}";
    SerialUnknown(serial) => "No fact names a piece {serial}.", "没有单据提到序列号 {serial}。";
    SerialsHeading(sku, place) => "Pieces of {sku} at {place}", "{place} 的 {sku} 序列号";
    SerialsNone => "No piece is known to be on hand.", "没有在库序列号。";
    SerialOnHand(store) => "on hand at {store}", "{store} 在库";
    SerialSold(store) => "sold by {store}", "{store} 已售";
    SerialElsewhere(account, store) => "{account}, as {store} says", "{account}（据 {store}）";
    SerialNamed(store) => "named by {store}", "{store} 提及";
    SerialWay => "Went", "去向";
    SerialIn(account) => "came from: {account}", "来自：{account}";
    SerialOut(account) => "went to: {account}", "去往：{account}";
    SerialDoubt => "cannot be", "异常";
    SerialNotThere(store) => "it left {store} without having come there", "未入库即从 {store} 出库";
    SerialCameTwice(store) => "it came to {store} again without having left", "{store} 重复入库";
    SerialSeveral(stores) => "it is on hand at several stores: {stores}", "同时在多个门店在库：{stores}";
    SerialSoldTwice(stores) => "it was sold twice without having come back: {stores}", "未退回而重复销售：{stores}";
    NoticePiece(sku, serial, doubt) => "{sku}, serial number {serial}: {doubt}", "{sku}，序列号 {serial}：{doubt}";
    NoticePiecesUnnamed(sku, named, quantity) => "{sku} is kept by serial number: {named} of {quantity} named", "{sku} 按序列号管理：{quantity} 件中仅登记 {named} 个序列号";
    PostPieceNotMoved(sku, serial) => "the piece {serial} of {sku} is named, and nothing of that is on the document", "序列号 {serial} 属于 {sku}，单据中没有该商品";
    SerialOfWhich(serial) => "of which product is the piece {serial}?", "序列号 {serial} 属于哪个商品？";
    SerialOfWhichHint => "the document has several products: give it as ITEM=NUMBER", "单据有多个商品，请写作 商品=序列号";
}
