crate::words! {
    FleetHeading(chain) => "Stores of {chain}", "{chain} 的门店";
    FleetConnection => "Connection", "连接";
    FleetLastSeen => "Last seen", "最后联系";
    FleetLastSeq => "Last seq", "末号";
    FleetNewestFact => "Newest fact", "最新流水";
    FleetUnacked => "Unacked", "未确认";
    FleetQuarantined => "Quarantined", "隔离";
    FleetCertificate => "Certificate until", "证书到期";
    FleetSummary(stores, connected) => "stores: {stores}, connected: {connected}", "门店 {stores} 家，已连接 {connected} 家";
    FleetEmpty => "No store has been enrolled yet.", "尚未登记门店。";
    StoreInvited(store) => "Join code for {store}; it works once and is shown only now:", "{store} 的加入码；仅可使用一次，且只显示这一次：";
    JoinCode => "Join code", "加入码";
    JoinCodeExpires(when) => "it expires {when}", "{when}失效";
    JoinCommand => "On the store's machine, run:", "在门店的机器上运行：";
    StoreEnrolled(store, hub) => "{store} has joined {hub}", "{store} 已加入 {hub}";
    StoreRevoked(store) => "{store} is revoked: it can no longer connect", "{store} 已注销，不能再连接";
    StoreActive => "active", "正常";
    StoreWaiting => "invited", "待加入";
    StoreGone => "revoked", "已注销";
    HubCreated(chain, folder) => "hub of chain {chain} created in {folder}", "已在 {folder} 创建连锁 {chain} 的总部";
    NodeCreated(store, folder) => "books of {store} created in {folder}", "已在 {folder} 创建门店 {store} 的账簿";
    Fingerprint(hash) => "fingerprint {hash}", "指纹 {hash}";
}
