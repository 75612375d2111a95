crate::words! {
    Maximum => "Maximum", "最高库存";
    Season => "Season", "季节";
    SeasonFrom => "First day", "起始月日";
    SeasonUntil => "Last day", "截止月日";
    AllYear => "all year", "全年";
    BoundsHeading => "Minimum and maximum stock", "库存上下限";
    BoundsNone => "Nothing is said of single stores or seasons.", "没有按门店或季节设置的上下限。";
    BoundsChanged(n) => "bounds changed: {n}", "已更改 {n} 条上下限";
    BoundsImported(file, taken, rejected) => "{file}: rows taken: {taken}, rejected: {rejected}", "{file}：接受 {taken} 行，退回 {rejected} 行";
    BoundsRowTwice => "an earlier row is about the same product, stores and season", "与前面的行重复";
    BoundsHalfSeason => "a season has a first and a last day", "季节须同时有起始和截止月日";
    BoundsWrong => "these bounds can't be set", "无法设置这样的上下限";
}
