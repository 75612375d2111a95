crate::words! {
    Bin => "Bin", "货位";
    HomeBin => "Home bin", "默认货位";
    BinNone => "(no bin)", "（无货位）";
    BinTake => "Take", "拣货";
    BinsHeading(place) => "Bins of {place}", "{place} 的货位";
    BinHeading(bin, place) => "Bin {bin} of {place}", "{place} 的货位 {bin}";
    BinsNone => "No goods are on hand.", "没有在库商品。";
    BinEmpty(bin) => "Nothing lies in {bin}.", "货位 {bin} 为空。";
    BinsView => "What came or left without a bin is counted in the product's home bin.", "未注明货位的进出计入商品的默认货位。";
    BinsBelow(n) => "bins below zero: {n}; goods were brought there, or taken from elsewhere, and nobody said so: book a `bin move`", "负数货位：{n} 个；有商品移位未登记，请用 `bin move` 补记";
    BinPickShort(asked, there) => "asked for: {asked}, lies in bins: {there}", "需要 {asked}，货位中仅有 {there}";
    BinBad => "that is no name of a bin", "货位名称无效";
    BinsShipped => "Take from:", "拣货货位：";
    BinMoved(bill) => "moved: {bill}", "移位已登记：{bill}";
    BinHomeSet(bill) => "home bin noted: {bill}", "默认货位已登记：{bill}";
    BinFrom(bin) => "from {bin}", "自 {bin}";
    BinTo(bin) => "to {bin}", "至 {bin}";
    KindBinMove => "bin move", "移位";
    KindBinHome => "home bin", "默认货位";
    ProfileBins => "Bins", "货位";
    PostSameBin(line, sku) => "line {line}: {sku} is to be brought to the bin where it lies", "第 {line} 行：{sku} 的移出与移入货位相同";
    PostDetailTooLong => "there are too many single pieces and bins for one document: book it in parts", "序列号与货位内容过多，请分单登记";
    NoticeBinOverdrawn(bin, sku, left) => "{sku}: more was taken from {bin} than the books have there; it now shows {left}", "{sku}：货位 {bin} 移出超过账面，现为 {left}";
    NoticeBinsLeftOut => "what was counted in bins is too much for one document: the quantities are booked, the bins are as they were", "货位明细过多未能登记：数量已入账，货位未变";
    NoticeBinUnlisted(bin) => "{bin} is not in head office's list of this store's bins", "货位 {bin} 不在总部登记的本店货位中";
}
