crate::words! {
    ElsewhereHeading => "Stock of other stores, as the hub last told", "其他门店库存（总部最近告知）";
    ElsewhereNone => "Nothing is known of it at other stores.", "未知其他门店有此商品。";
    ElsewhereNothing => "The hub has told nothing of other stores yet.", "总部尚未告知其他门店的库存。";
    Age => "Age", "数据时间";

    SuggestHeading(sku, wanted) => "Who could give {wanted} of {sku}", "可调出 {sku} 共 {wanted} 的门店";
    SuggestGives => "Could give", "可调出";
    SuggestSpare => "Could spare", "富余";
    SuggestKeeps(minimum) => "Each keeps {minimum}.", "各店保留 {minimum}。";
    SuggestNobody(minimum) => "No store is known that could give any and keep {minimum}.", "没有门店可在保留 {minimum} 的前提下调出。";
    SuggestMissing(quantity) => "All of them together lack {quantity}.", "合计仍缺 {quantity}。";
    SuggestOrder => "First whoever can give all, then whoever can spare most, then whoever was heard of last.", "排序：能全部满足者优先，其次富余多者，再次数据新者。";
}
