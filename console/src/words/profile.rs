crate::words! {
    ProfileKind => "Kind", "类型";
    ProfileAddress => "Address", "地址";
    ProfileGroups => "Groups", "分组";
    ProfileZone => "Time zone", "时区";
    ProfileCutoff => "Day ends at", "日结时刻";
    KindShop => "shop", "门店";
    KindWarehouse => "warehouse", "仓库";
    KindDistributionCentre => "distribution centre", "配送中心";
    ProfilesHeading => "Store profiles", "门店档案";
    ProfilesNone => "Nothing has been said of any store yet.", "尚无门店档案。";
    ProfileSet(store) => "the profile of {store} is saved", "{store} 的档案已保存";
    ProfileUnchanged(store) => "the profile of {store} was so already", "{store} 的档案未变";
    ProfileNoField(field) => "store profiles have no field `{field}`", "门店档案没有字段 `{field}`";
    ProfileNoFieldHint(fields) => "the fields are: {fields}", "字段有：{fields}";
    ProfileWrong(field, value) => "`{value}` is no value for `{field}`", "`{value}` 不能作为 `{field}` 的值";
    ProfileZoneUnknown(zone) => "there is no time zone `{zone}`", "没有时区 `{zone}`";
    ProfileZoneHint => "give it by its name, e.g. Asia/Shanghai", "请用时区名称，例如 Asia/Shanghai";
    ProfileDiffers(field, here, there) => "{field}: here {here}, head office says {there}", "{field}：本机为 {here}，总部档案为 {there}";
    ProfileDiffersHint => "what is set here counts; correct it in config.toml, or at head office with `hub store set`", "以本机设置为准；请修改 config.toml，或在总部用 `hub store set` 更正档案";
    DoctorCheckProfile => "profile", "门店档案";
    DoctorProfileGood => "head office's profile fits the settings here", "总部档案与本机设置一致";
    DoctorProfileNone => "head office has no profile of this store", "总部尚无本店档案";
}
