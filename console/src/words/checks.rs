crate::words! {
    VerifyHeading => "Verification", "数据校验";
    VerifyDatabase => "database file", "数据库文件";
    VerifyChanges => "checksums of changes", "变更校验和";
    VerifyChains => "hash chains of facts", "流水哈希链";
    VerifyReadModel => "read model equals the documents", "读模型与文档一致";
    VerifyGood => "Everything agrees, to the last unit.", "全部一致，一件不差。";
    VerifyBad(n) => "problems found: {n}", "发现问题：{n} 项";
    RebuildRunning => "rebuilding the read model", "正在重建读模型";
    RebuildDone(facts) => "read model rebuilt from {facts} facts", "已由 {facts} 条流水重建读模型";
    DoctorHeading => "Findings", "诊断结果";
    DoctorWell => "Nothing is wrong.", "一切正常。";
    DoctorDisk(free) => "free disk space: {free}", "磁盘剩余空间：{free}";
    DoctorClock(skew) => "clock differs from the hub's by {skew}", "与总部时钟相差 {skew}";
    DoctorCertificate(when) => "certificate expires {when}", "证书{when}到期";
    DoctorLock(pid) => "in use by process {pid}", "正由进程 {pid} 使用";
    Check => "Check", "检查项";
    Finding => "Finding", "结果";
    Digest => "Digest", "摘要";
}
