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
    MinAboveMax(min, max) => "the minimum stock {min} is more than the maximum {max}", "最低库存 {min} 高于最高库存 {max}";
    CodeTwice(code) => "the code {code} stands twice in this product", "条码 {code} 在该商品中重复";
    PriceBelowPurchase(field, price, purchase) => "warning: the {field} {price} is below the purchase price {purchase}", "注意：{field} {price} 低于进价 {purchase}";
    ConflictBy => "By", "修改方";
    CategoriesHeading => "Categories", "商品分类";
    CategoryOwn => "Products", "商品数";
    CategoryAll => "With those within", "含下级";
    CategoryNone(category) => "no product is of the category {category}", "没有 {category} 类的商品";
    CategoryIntoItself(category) => "{category} can't be moved into itself", "{category} 不能移到自己下面";
    CategoryMoved(from, to, n) => "{from} is now {to}; products: {n}", "{from} 已改为 {to}；商品 {n} 种";
}
