crate::words! {
    CatalogHeading => "Products", "商品资料";
    CatalogCount(n) => "products: {n}", "商品：{n} 种";
    CatalogSet(sku, field, value) => "{sku}: {field} is now {value}", "{sku}：{field}已改为 {value}";
    CatalogUnchanged(sku, field) => "{sku}: {field} was so already", "{sku}：{field}未变";
    CatalogEmpty => "There are no products yet.", "尚无商品资料。";
    ConflictsHeading => "Fields that were edited in two places at once", "同时在两处修改的字段";
    ConflictsNone => "No field was edited in two places at once.", "没有同时在两处修改的字段。";
    ConflictField => "Field", "字段";
    ConflictChosen => "In force", "现用值";
    ConflictOther => "Also written", "另一值";
    ConflictBy => "By", "修改方";
}
