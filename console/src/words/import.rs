crate::words! {
    ImportReading(file) => "reading {file}", "正在读取 {file}";
    ImportPosting(file) => "booking {file}", "正在入账 {file}";
    ImportDryRun => "Dry run: nothing was booked.", "试运行：没有入账。";
    ImportRows => "Rows", "行";
    ImportGood => "Good", "可用";
    ImportRejected => "Rejected", "退回";
    ImportDone(file, booked, known, rejected) => "{file}: booked {booked}, booked before {known}, rejected {rejected}", "{file}：入账 {booked}，此前已入账 {known}，退回 {rejected}";
    ImportRejectFile(path) => "the rejected rows are in {path}, each with its reason", "退回的行及其原因见 {path}";
    ImportUnchanged(file) => "{file} was imported before; nothing changed", "{file} 此前已导入，没有变化";
    ImportRowProblem(row, problem) => "row {row}: {problem}", "第 {row} 行：{problem}";
    ImportEncoding(encoding) => "encoding: {encoding}", "编码：{encoding}";
}
