crate::words! {
    HistoryAwaited(facts, through) => "the history is coming back from head office: {facts} facts up to {through} are still to come; what is shown of those days is incomplete, stock as it stands now is not", "历史流水正从总部取回：截至 {through} 还有 {facts} 笔未到；这些日期的数据尚不完整，当前库存是完整的";
    HistoryLeftOver(n) => "the whole history is here and does not come to the stock that head office told; balances that differ: {n}. Run `store-node verify` and tell head office", "历史流水已全部取回，但与总部告知的库存不符，差异余额 {n} 项；请运行 `store-node verify` 并通知总部";
    HistoryDropped(through) => "receipts up to {through} were dropped here; head office has them", "截至 {through} 的单据已在本机清理，可在总部查询";
    HistoryHere(here, total) => "{here} of {total} facts are here", "已取回 {here} / {total} 笔";
    HistoryLeft(left) => "about {left} left", "约剩 {left}";
    BooksDropped(days, facts, size) => "dropped {days} days with {facts} facts: {size} of the file are free for new ones", "已清理 {days} 天、{facts} 笔流水：文件中 {size} 可供新数据使用";
    BooksDroppedNone => "there is nothing to drop", "没有可清理的账簿";
    BooksDroppedNoneHint => "only closed days are dropped, the oldest first, and only once head office has acknowledged all of them", "只清理已日结且总部已全部确认的日期，从最早的开始";
    NotHereAwaited(subject) => "{subject} is still to come from head office", "{subject} 尚未从总部取回";
    NotHereAwaitedHint => "`store-node status` shows how far the history has come; try again when it is here", "`store-node status` 可查看取回进度；取回后请重试";
    NotHereDropped(subject) => "{subject} is no longer kept here", "{subject} 已不在本机保存";
    NotHereDroppedHint => "it is held at head office since old books were dropped here: `hub` shows it", "本机已清理旧账簿，该数据保存在总部，请用 `hub` 查询";
}
