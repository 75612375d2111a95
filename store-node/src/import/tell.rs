//! What stops an import, in both languages.

use console::words::Phrase;
use console::{Exit, Lang, Tell, Told};

use super::error::ImportError;
use super::field::Field;
use super::limits::{
    MAX_COLUMNS, MAX_JOINED_ROWS, MAX_MAPPING_BYTES, MAX_PRODUCTS, MAX_ROW_BYTES, MAX_ROWS,
    MAX_WINDOW, MAX_WORKBOOK_BYTES,
};
use super::mapping::MappingError;

console::words! {
    FileOpen(path) => "the file {path} cannot be opened", "无法打开文件 {path}";
    FileRead(row) => "the file cannot be read from row {row} on", "从第 {row} 行起无法读取文件";
    FileOldWorkbook => "this is an .xls workbook, which is not read", "这是 .xls 工作簿，不能读取";
    FileOldWorkbookHint => "save it as .xlsx or CSV", "请另存为 .xlsx 或 CSV";
    FileWorkbook => "the workbook cannot be read", "无法读取工作簿";
    FileWorkbookTooLarge(bytes) => "the workbook is larger than {bytes} bytes", "工作簿大于 {bytes} 字节";
    FileWorkbookTooLargeHint => "save the sheet as CSV", "请将工作表另存为 CSV";
    FileNoSheet(wanted, found) => "the workbook has no sheet {wanted}, but: {found}", "工作簿中没有工作表 {wanted}，只有：{found}";
    FileNoHeader => "the file has no header line", "文件没有表头";
    FileNoHeaderHint => "its first line must name the columns; `skip_lines` passes over lines above", "第一行须为列名；上方的行可用 `skip_lines` 跳过";
    FileNoColumn(wanted, found) => "there is no column {wanted}; the columns are: {found}", "没有列 {wanted}；现有的列：{found}";
    FileNoColumnFor(wanted, field, found) => "there is no column {wanted} for `{field}`; the columns are: {found}", "没有 `{field}` 所需的列 {wanted}；现有的列：{found}";
    FileNoColumnHint => "is it the right mapping for this file? [columns] names the headers", "映射文件与该文件相符吗？[columns] 中是列名";
    FileColumnTwice(name) => "the column `{name}` is there more than once", "列 `{name}` 出现多次";
    FileJoin(path) => "the joined file {path} cannot be used", "无法使用关联文件 {path}";
    FileJoinTwice(first, second, key) => "the rows {first} and {second} both have the key `{key}`", "第 {first} 行和第 {second} 行的键同为 `{key}`";
    FileJoinLarge(rows) => "there are more than {rows} rows to join", "关联的行超过 {rows} 行";
    FileRowLong(row, bytes) => "row {row} is longer than {bytes} bytes", "第 {row} 行超过 {bytes} 字节";
    FileQuote(row, bytes) => "a quote opens in row {row} and does not close within {bytes} bytes", "第 {row} 行的引号在 {bytes} 字节内没有结束";
    FileQuoteHint => "double each quote that belongs to a text", "文本中的引号请写两遍";
    FileColumns(row, columns) => "row {row} has more than {columns} columns", "第 {row} 行超过 {columns} 列";
    FileRows(rows) => "the file has more than {rows} rows", "文件超过 {rows} 行";
    FileProducts(products) => "the file has more than {products} products", "文件中的商品超过 {products} 种";
    FileSplitHint => "split it into several files", "请拆分为多个文件";
    FileKind(found, wanted) => "the mapping is for {found}; {wanted} are wanted", "映射文件用于 {found}，此处需要 {wanted}";
    FileChanged => "the file has changed since it was checked", "文件在检查之后发生了变化";
    FileChangedHint => "start the import again", "请重新开始导入";
    FileRejectsOver => "the reject file may not be the imported file itself", "退回文件不能是被导入的文件";
    FileRejects(path) => "the reject file {path} cannot be written", "无法写入退回文件 {path}";
    FileSink(row) => "the documents from row {row} on could not be booked", "从第 {row} 行起的单据无法入账";
    FileSinkHint => "what was booked stays; import the file again and it goes on from there", "已入账的单据保留；重新导入该文件即可继续";

    MappingRead => "the mapping cannot be read", "无法读取映射文件";
    MappingLarge(bytes) => "the mapping is larger than {bytes} bytes", "映射文件大于 {bytes} 字节";
    MappingWrong => "the mapping is wrong", "映射文件有误";
    MappingMissing(kind, fields) => "[columns] of a file of {kind} must name a column for: {fields}", "{kind} 类映射的 [columns] 须指定：{fields}";
    MappingNeedless(kind, field) => "the field `{field}` means nothing in a file of {kind}", "字段 `{field}` 在 {kind} 类文件中没有意义";
    MappingRule(number, problem) => "rule {number} {problem}", "第 {number} 条规则有误：{problem}";
    MappingJoins(name) => "two joins are named `{name}`", "两个关联文件同名 `{name}`";
    MappingWindow(rows) => "document.window is at most {rows}", "document.window 不能超过 {rows}";
}

use phrases::*;

impl Tell for ImportError {
    fn tell(&self, lang: Lang) -> Told {
        let say = |phrase: &dyn Phrase| Told::saying(lang.say(phrase));
        let hint = |told: Told, phrase: &dyn Phrase| told.hint(lang.say(phrase));
        match self {
            Self::Open { path, .. } => say(&FileOpen { path: path.display() }),
            Self::Read { row, .. } => say(&FileRead { row }),
            Self::OldWorkbook => hint(say(&FileOldWorkbook), &FileOldWorkbookHint),
            Self::Workbook { .. } => say(&FileWorkbook),
            Self::WorkbookTooLarge => hint(
                say(&FileWorkbookTooLarge { bytes: MAX_WORKBOOK_BYTES }),
                &FileWorkbookTooLargeHint,
            ),
            Self::NoSuchSheet { wanted, found } => {
                say(&FileNoSheet { wanted, found: found.join(", ") })
            }
            Self::NoHeader => hint(say(&FileNoHeader), &FileNoHeaderHint),
            Self::MissingColumn { field, wanted, found } => {
                let (wanted, found) = (wanted.join(" / "), found.join(", "));
                let told = match field {
                    Some(field) => say(&FileNoColumnFor { wanted, field, found }),
                    None => say(&FileNoColumn { wanted, found }),
                };
                hint(told, &FileNoColumnHint)
            }
            Self::ColumnTwice { name } => say(&FileColumnTwice { name }),
            Self::Join { path, source } => {
                let why = source.tell(lang);
                let told = say(&FileJoin { path: path.display() }).because(why.message);
                Told { hint: why.hint, ..told }
            }
            Self::JoinAmbiguous { key, first, second } => {
                say(&FileJoinTwice { first, second, key })
            }
            Self::JoinTooLarge => say(&FileJoinLarge { rows: MAX_JOINED_ROWS }),
            Self::RowTooLong { row } => say(&FileRowLong { row, bytes: MAX_ROW_BYTES }),
            Self::OpenQuote { row } => {
                hint(say(&FileQuote { row, bytes: MAX_ROW_BYTES }), &FileQuoteHint)
            }
            Self::TooManyColumns { row } => say(&FileColumns { row, columns: MAX_COLUMNS }),
            Self::TooManyRows => hint(say(&FileRows { rows: MAX_ROWS }), &FileSplitHint),
            Self::TooManyProducts => {
                hint(say(&FileProducts { products: MAX_PRODUCTS }), &FileSplitHint)
            }
            Self::WrongKind { found, wanted } => say(&FileKind { found, wanted }),
            Self::Changed => hint(say(&FileChanged), &FileChangedHint),
            Self::RejectsOverInput => say(&FileRejectsOver),
            Self::RejectFile { path, .. } => say(&FileRejects { path: path.display() }),
            Self::Sink { row, .. } => hint(say(&FileSink { row }), &FileSinkHint),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::WrongKind { .. } | Self::RejectsOverInput => Exit::Usage,
            _ => Exit::Failed,
        }
    }
}

impl Tell for MappingError {
    fn tell(&self, lang: Lang) -> Told {
        let say = |phrase: &dyn Phrase| Told::saying(lang.say(phrase));
        match self {
            Self::Read(_) => say(&MappingRead),
            Self::TooLarge => say(&MappingLarge { bytes: MAX_MAPPING_BYTES }),
            Self::Syntax(_) => say(&MappingWrong),
            Self::MissingFields { kind, missing } => {
                let fields = missing.iter().map(Field::name).collect::<Vec<_>>().join(", ");
                say(&MappingMissing { kind, fields })
            }
            Self::NeedlessField { kind, field } => say(&MappingNeedless { kind, field }),
            Self::Rule { number, problem } => say(&MappingRule { number, problem }),
            Self::JoinTwice { name } => say(&MappingJoins { name }),
            Self::Window => say(&MappingWindow { rows: MAX_WINDOW }),
        }
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}
