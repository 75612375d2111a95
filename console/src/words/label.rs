crate::words! {
    LabelsPrinted(n, size) => "labels of {size} mm: {n}", "{size} 毫米标签：{n} 张";
    LabelNoBarcode(code) => "{code} cannot be printed as a barcode", "{code} 无法印成条码";
    LabelNoBarcodeHint => "give the product a barcode of ASCII letters and digits", "请为该商品设置由字母和数字组成的条码";
    LabelTooNarrow(code, needed) => "the barcode of {code} needs a label {needed} mm wide", "{code} 的条码需要宽 {needed} 毫米的标签";
    LabelTooNarrowHint => "choose a wider label with `--size`", "请用 `--size` 选更宽的标签";
    LabelTooMany(most) => "at most {most} labels are printed at once", "一次最多打印 {most} 张标签";
    LabelNotWritten(path) => "could not write {path}", "无法写入 {path}";
}
