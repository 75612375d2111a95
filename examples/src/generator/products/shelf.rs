//! The table of what stands on the shelves: plain descriptive names, no brands.

/// A part of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::generator) enum Category {
    Drinks,
    Dairy,
    Snacks,
    Instant,
    Bakery,
    HotFood,
    Fruit,
    Vegetables,
    Pantry,
    Alcohol,
    Household,
    Care,
    Stationery,
    IceCream,
}

impl Category {
    pub(super) const ALL: [Self; 14] = [
        Self::Drinks,
        Self::Dairy,
        Self::Snacks,
        Self::Instant,
        Self::Bakery,
        Self::HotFood,
        Self::Fruit,
        Self::Vegetables,
        Self::Pantry,
        Self::Alcohol,
        Self::Household,
        Self::Care,
        Self::Stationery,
        Self::IceCream,
    ];

    /// Its name in both languages: a product has one category text.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Drinks => "饮料 Drinks",
            Self::Dairy => "乳品 Dairy",
            Self::Snacks => "零食 Snacks",
            Self::Instant => "方便食品 Instant food",
            Self::Bakery => "面包糕点 Bakery",
            Self::HotFood => "熟食 Hot food",
            Self::Fruit => "水果 Fruit",
            Self::Vegetables => "蔬菜 Vegetables",
            Self::Pantry => "粮油调味 Pantry",
            Self::Alcohol => "酒类 Alcohol",
            Self::Household => "日用百货 Household",
            Self::Care => "个人护理 Personal care",
            Self::Stationery => "文具 Stationery",
            Self::IceCream => "冰品 Ice cream",
        }
    }

    /// What goods of this category cost at least, in percent of the price.
    pub(super) const fn cost_percent(self) -> u64 {
        match self {
            Self::Drinks | Self::IceCream => 58,
            Self::Dairy | Self::Pantry => 72,
            Self::Snacks | Self::Instant | Self::Care => 63,
            Self::Bakery => 55,
            Self::HotFood => 45,
            Self::Fruit | Self::Vegetables => 66,
            Self::Alcohol => 70,
            Self::Household | Self::Stationery => 52,
        }
    }

    /// How much its goods are bought every day rather than now and then.
    pub(super) const fn everyday(self) -> u64 {
        match self {
            Self::Drinks | Self::HotFood => 20,
            Self::Bakery | Self::Dairy | Self::Snacks => 14,
            Self::Instant | Self::Fruit | Self::Alcohol => 10,
            Self::IceCream | Self::Vegetables => 8,
            Self::Pantry | Self::Household => 5,
            Self::Care | Self::Stationery => 3,
        }
    }

    /// Whether what is left of it goes at half price in the evening, and away at night.
    pub(in crate::generator) const fn is_fresh(self) -> bool {
        matches!(self, Self::Bakery | Self::HotFood)
    }

    /// Whether it comes with the cold lorry.
    pub(in crate::generator) const fn comes_fresh(self) -> bool {
        self.is_fresh() || matches!(self, Self::Dairy | Self::Fruit | Self::Vegetables)
    }
}

/// Products that differ by flavour and pack only.
pub(super) struct Family {
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    pub(super) unit: &'static str,
    pub(super) tax_basis_points: u16,
    /// Chinese (before the name) and English (after it).
    pub(super) kinds: &'static [(&'static str, &'static str)],
    /// Chinese, English, price in fen.
    pub(super) packs: &'static [(&'static str, &'static str, i64)],
}

/// VAT on most goods.
const GENERAL: u16 = 1_300;

/// VAT on farm products, grain, edible oil and salt.
const FARM: u16 = 900;

/// A family of one kind.
const ONE: &[(&str, &str)] = &[("", "")];

const fn family(
    (zh, en): (&'static str, &'static str),
    unit: &'static str,
    tax_basis_points: u16,
    kinds: &'static [(&'static str, &'static str)],
    packs: &'static [(&'static str, &'static str, i64)],
) -> Family {
    Family { zh, en, unit, tax_basis_points, kinds, packs }
}

pub(super) const SHELVES: &[(Category, &[Family])] = &[
    (Category::Drinks, DRINKS),
    (Category::Dairy, DAIRY),
    (Category::Snacks, SNACKS),
    (Category::Instant, INSTANT),
    (Category::Bakery, BAKERY),
    (Category::HotFood, HOT_FOOD),
    (Category::Fruit, FRUIT),
    (Category::Vegetables, VEGETABLES),
    (Category::Pantry, PANTRY),
    (Category::Alcohol, ALCOHOL),
    (Category::Household, HOUSEHOLD),
    (Category::Care, CARE),
    (Category::Stationery, STATIONERY),
    (Category::IceCream, ICE_CREAM),
];

#[rustfmt::skip]
const DRINKS: &[Family] = &[
    family(("矿泉水", "Mineral water"), "瓶", GENERAL, ONE, &[("350ml", "350 ml", 150), ("550ml", "550 ml", 200), ("1.5L", "1.5 l", 400)]),
    family(("苏打水", "Soda water"), "瓶", GENERAL, &[("原味", "plain"), ("柠檬", "lemon")], &[("410ml", "410 ml", 450)]),
    family(("可乐", "Cola"), "瓶", GENERAL, &[("", "regular"), ("无糖", "sugar-free")], &[("330ml", "330 ml", 300), ("500ml", "500 ml", 350), ("2L", "2 l", 750)]),
    family(("汽水", "Soft drink"), "瓶", GENERAL, &[("橙味", "orange"), ("柠檬味", "lemon"), ("荔枝味", "lychee")], &[("500ml", "500 ml", 350)]),
    family(("绿茶", "Green tea"), "瓶", GENERAL, &[("", "sweetened"), ("无糖", "unsweetened")], &[("500ml", "500 ml", 350), ("1L", "1 l", 550)]),
    family(("茶", "Tea"), "瓶", GENERAL, &[("冰红", "iced black"), ("茉莉花", "jasmine"), ("无糖乌龙", "unsweetened oolong")], &[("500ml", "500 ml", 400)]),
    family(("奶茶", "Milk tea"), "瓶", GENERAL, &[("原味", "original"), ("玫瑰", "rose")], &[("450ml", "450 ml", 600)]),
    family(("果汁", "Fruit juice"), "瓶", GENERAL, &[("橙", "orange"), ("苹果", "apple"), ("葡萄", "grape"), ("水蜜桃", "peach")], &[("420ml", "420 ml", 500), ("1.25L", "1.25 l", 1_080)]),
    family(("咖啡", "Coffee"), "瓶", GENERAL, &[("拿铁", "latte"), ("美式", "americano"), ("摩卡", "mocha")], &[("280ml", "280 ml", 700)]),
    family(("电解质饮料", "Electrolyte drink"), "瓶", GENERAL, &[("青柠", "lime"), ("西柚", "grapefruit")], &[("600ml", "600 ml", 550)]),
    family(("维生素能量饮料", "Vitamin energy drink"), "罐", GENERAL, ONE, &[("250ml", "250 ml", 600)]),
    family(("凉茶", "Herbal tea"), "罐", GENERAL, ONE, &[("310ml", "310 ml", 400)]),
    family(("椰子水", "Coconut water"), "盒", GENERAL, ONE, &[("330ml", "330 ml", 890)]),
    family(("气泡水", "Sparkling water"), "瓶", GENERAL, &[("白桃", "white peach"), ("葡萄", "grape")], &[("480ml", "480 ml", 500)]),
    family(("酸梅汤", "Sour plum drink"), "瓶", GENERAL, ONE, &[("500ml", "500 ml", 450)]),
    family(("柠檬茶", "Lemon tea"), "盒", GENERAL, ONE, &[("250ml", "250 ml", 250)]),
];

#[rustfmt::skip]
const DAIRY: &[Family] = &[
    family(("鲜牛奶", "Fresh milk"), "盒", FARM, &[("全脂", "whole"), ("低脂", "low-fat")], &[("250ml", "250 ml", 480), ("950ml", "950 ml", 1_580)]),
    family(("纯牛奶", "Long-life milk"), "盒", FARM, ONE, &[("250ml", "250 ml", 350), ("250ml×12", "12 x 250 ml", 3_980)]),
    family(("酸奶", "Yoghurt"), "杯", GENERAL, &[("原味", "plain"), ("草莓", "strawberry"), ("黄桃", "yellow peach"), ("蓝莓", "blueberry")], &[("200g", "200 g", 650)]),
    family(("乳酸菌饮料", "Lactic drink"), "排", GENERAL, ONE, &[("100ml×5", "5 x 100 ml", 1_150)]),
    family(("豆奶", "Soy milk"), "盒", GENERAL, &[("原味", "plain"), ("黑豆", "black bean")], &[("250ml", "250 ml", 380)]),
    family(("奶酪棒", "Cheese sticks"), "袋", GENERAL, ONE, &[("100g", "100 g", 1_390)]),
    family(("鸡蛋", "Hen eggs"), "盒", FARM, ONE, &[("10枚", "box of 10", 1_280), ("4枚", "box of 4", 580)]),
    family(("炼乳", "Condensed milk"), "罐", GENERAL, ONE, &[("185g", "185 g", 980)]),
];

#[rustfmt::skip]
const SNACKS: &[Family] = &[
    family(("薯片", "Potato crisps"), "袋", GENERAL, &[("原味", "salted"), ("番茄味", "tomato"), ("黄瓜味", "cucumber"), ("烧烤味", "barbecue")], &[("70g", "70 g", 650), ("135g", "135 g", 1_080)]),
    family(("虾条", "Prawn sticks"), "袋", GENERAL, ONE, &[("80g", "80 g", 550)]),
    family(("锅巴", "Rice crust"), "袋", GENERAL, &[("麻辣", "spicy"), ("牛肉味", "beef")], &[("108g", "108 g", 590)]),
    family(("辣条", "Spicy gluten strips"), "袋", GENERAL, ONE, &[("65g", "65 g", 350), ("106g", "106 g", 500)]),
    family(("瓜子", "Sunflower seeds"), "袋", GENERAL, &[("原味", "plain"), ("焦糖", "caramel"), ("五香", "five-spice")], &[("160g", "160 g", 890)]),
    family(("花生", "Peanuts"), "袋", GENERAL, &[("酒鬼", "spicy fried"), ("蒜香", "garlic")], &[("120g", "120 g", 680)]),
    family(("每日坚果", "Daily nuts"), "包", GENERAL, ONE, &[("25g", "25 g", 590)]),
    family(("开心果", "Pistachios"), "袋", GENERAL, ONE, &[("100g", "100 g", 1_980)]),
    family(("牛肉干", "Beef jerky"), "袋", GENERAL, &[("五香", "five-spice"), ("香辣", "hot")], &[("50g", "50 g", 1_690)]),
    family(("豆干", "Dried tofu"), "袋", GENERAL, &[("五香", "five-spice"), ("麻辣", "spicy")], &[("95g", "95 g", 450)]),
    family(("泡椒凤爪", "Pickled chicken feet"), "袋", GENERAL, ONE, &[("100g", "100 g", 780)]),
    family(("鸭脖", "Duck neck"), "袋", GENERAL, ONE, &[("120g", "120 g", 1_280)]),
    family(("巧克力", "Chocolate"), "块", GENERAL, &[("牛奶", "milk"), ("黑", "dark"), ("榛仁", "hazelnut")], &[("43g", "43 g", 890)]),
    family(("夹心饼干", "Sandwich biscuits"), "盒", GENERAL, &[("香草", "vanilla"), ("巧克力味", "chocolate"), ("草莓味", "strawberry")], &[("97g", "97 g", 680)]),
    family(("苏打饼干", "Soda crackers"), "盒", GENERAL, ONE, &[("100g", "100 g", 590)]),
    family(("威化", "Wafers"), "袋", GENERAL, ONE, &[("75g", "75 g", 480)]),
    family(("口香糖", "Chewing gum"), "瓶", GENERAL, &[("薄荷", "mint"), ("西瓜", "watermelon")], &[("40粒", "40 pieces", 1_090)]),
    family(("软糖", "Fruit gums"), "袋", GENERAL, &[("葡萄", "grape"), ("水蜜桃味", "peach")], &[("52g", "52 g", 620)]),
    family(("薄荷糖", "Mints"), "盒", GENERAL, ONE, &[("35g", "35 g", 780)]),
    family(("海苔", "Seaweed snack"), "袋", GENERAL, ONE, &[("4.5g", "4.5 g", 590)]),
    family(("果冻", "Jelly"), "杯", GENERAL, &[("橘子", "mandarin"), ("芒果", "mango")], &[("200g", "200 g", 450)]),
    family(("山楂片", "Haw flakes"), "袋", GENERAL, ONE, &[("90g", "90 g", 450)]),
    family(("话梅", "Dried plums"), "袋", GENERAL, ONE, &[("65g", "65 g", 780)]),
    family(("芒果干", "Dried mango"), "袋", GENERAL, ONE, &[("80g", "80 g", 1_180)]),
    family(("蛋卷", "Egg rolls"), "盒", GENERAL, ONE, &[("100g", "100 g", 890)]),
    family(("爆米花", "Popcorn"), "桶", GENERAL, &[("焦糖", "caramel"), ("奶油", "butter")], &[("110g", "110 g", 1_080)]),
    family(("棒棒糖", "Lollipop"), "支", GENERAL, &[("可乐味", "cola"), ("牛奶味", "milk")], &[("11g", "11 g", 100)]),
];

#[rustfmt::skip]
const INSTANT: &[Family] = &[
    family(("方便面", "Instant noodles"), "桶", GENERAL, &[("红烧牛肉", "braised beef"), ("老坛酸菜", "pickled cabbage"), ("鲜虾鱼板", "shrimp"), ("香辣牛肉", "spicy beef")], &[("105g 桶装", "105 g cup", 500)]),
    family(("干拌面", "Dry-mixed noodles"), "盒", GENERAL, &[("葱油", "scallion oil"), ("炸酱", "soybean paste")], &[("115g", "115 g", 690)]),
    family(("自热火锅", "Self-heating hot pot"), "盒", GENERAL, &[("番茄", "tomato"), ("麻辣", "spicy")], &[("350g", "350 g", 2_280)]),
    family(("自热米饭", "Self-heating rice"), "盒", GENERAL, &[("宫保鸡丁", "kung pao chicken"), ("鱼香肉丝", "shredded pork")], &[("280g", "280 g", 1_680)]),
    family(("螺蛳粉", "River snail noodles"), "袋", GENERAL, ONE, &[("300g", "300 g", 1_190)]),
    family(("酸辣粉", "Hot and sour noodles"), "桶", GENERAL, ONE, &[("130g", "130 g", 850)]),
    family(("八宝粥", "Eight-treasure porridge"), "罐", GENERAL, ONE, &[("360g", "360 g", 550)]),
    family(("午餐肉", "Luncheon meat"), "罐", GENERAL, ONE, &[("198g", "198 g", 1_380)]),
    family(("火腿肠", "Ham sausage"), "根", GENERAL, &[("", "plain"), ("玉米", "sweetcorn")], &[("60g", "60 g", 250)]),
    family(("榨菜", "Pickled mustard tuber"), "袋", GENERAL, ONE, &[("70g", "70 g", 250)]),
    family(("燕麦片", "Oat flakes"), "袋", GENERAL, ONE, &[("400g", "400 g", 1_580)]),
    family(("速冻水饺", "Frozen dumplings"), "袋", GENERAL, &[("猪肉白菜", "pork and cabbage"), ("韭菜鸡蛋", "chive and egg")], &[("500g", "500 g", 1_690)]),
    family(("粉丝汤", "Vermicelli soup"), "桶", GENERAL, &[("鸭血", "duck"), ("酸汤", "sour")], &[("80g", "80 g", 890)]),
    family(("速冻汤圆", "Frozen rice balls"), "袋", GENERAL, &[("黑芝麻", "black sesame"), ("花生", "peanut")], &[("400g", "400 g", 1_290)]),
    family(("速冻馄饨", "Frozen wontons"), "袋", GENERAL, ONE, &[("500g", "500 g", 1_490)]),
];

#[rustfmt::skip]
const BAKERY: &[Family] = &[
    family(("吐司", "Toast bread"), "袋", GENERAL, &[("原味", "plain"), ("全麦", "wholemeal")], &[("400g", "400 g", 1_190)]),
    family(("面包", "Bun"), "个", GENERAL, &[("红豆", "red bean"), ("肉松", "pork floss"), ("奶油", "cream"), ("菠萝", "pineapple crust")], &[("90g", "90 g", 590)]),
    family(("三明治", "Sandwich"), "个", GENERAL, &[("火腿鸡蛋", "ham and egg"), ("金枪鱼", "tuna")], &[("", "", 980)]),
    family(("饭团", "Rice ball"), "个", GENERAL, &[("金枪鱼", "tuna"), ("照烧鸡", "teriyaki chicken"), ("梅子", "plum")], &[("", "", 650)]),
    family(("蛋糕", "Cake"), "盒", GENERAL, &[("瑞士卷", "swiss roll"), ("提拉米苏", "tiramisu")], &[("120g", "120 g", 1_480)]),
    family(("蛋挞", "Egg tart"), "个", GENERAL, ONE, &[("", "", 450)]),
    family(("老婆饼", "Winter melon pastry"), "盒", GENERAL, ONE, &[("180g", "180 g", 1_280)]),
    family(("馒头", "Steamed bread"), "袋", GENERAL, ONE, &[("4个", "pack of 4", 480)]),
    family(("甜甜圈", "Doughnut"), "个", GENERAL, &[("糖霜", "sugared"), ("巧克力", "chocolate")], &[("", "", 690)]),
];

#[rustfmt::skip]
const HOT_FOOD: &[Family] = &[
    family(("茶叶蛋", "Tea egg"), "个", GENERAL, ONE, &[("", "", 200)]),
    family(("包子", "Steamed bun"), "个", GENERAL, &[("鲜肉", "pork"), ("香菇青菜", "mushroom"), ("豆沙", "bean paste")], &[("", "", 250)]),
    family(("关东煮", "Oden"), "串", GENERAL, &[("鱼丸", "fish balls"), ("萝卜", "radish"), ("北极翅", "surimi")], &[("", "", 350)]),
    family(("烤肠", "Grilled sausage"), "根", GENERAL, &[("原味", "plain"), ("黑椒", "black pepper")], &[("", "", 500)]),
    family(("玉米", "Sweetcorn on the cob"), "根", GENERAL, ONE, &[("", "", 600)]),
    family(("现磨豆浆", "Fresh soy drink"), "杯", GENERAL, ONE, &[("400ml", "400 ml", 350)]),
    family(("现磨咖啡", "Fresh coffee"), "杯", GENERAL, &[("美式", "americano"), ("拿铁", "latte")], &[("360ml", "360 ml", 1_200)]),
    family(("便当", "Lunch box"), "盒", GENERAL, &[("宫保鸡丁", "kung pao chicken"), ("红烧排骨", "braised ribs"), ("咖喱鸡", "chicken curry"), ("番茄鸡蛋", "tomato and egg")], &[("", "", 1_680)]),
    family(("卤味", "Braised cold cuts"), "kg", GENERAL, &[("牛肉", "beef"), ("鸭翅", "duck wings"), ("藕片", "lotus root"), ("海带", "kelp")], &[("散称", "by weight", 5_980)]),
    family(("凉菜", "Cold dish"), "kg", GENERAL, &[("拍黄瓜", "smashed cucumber"), ("凉拌木耳", "wood ear")], &[("散称", "by weight", 3_580)]),
];

#[rustfmt::skip]
const FRUIT: &[Family] = &[
    family(("香蕉", "Bananas"), "kg", FARM, ONE, &[("散称", "by weight", 880)]),
    family(("苹果", "Apples"), "kg", FARM, &[("红富士", "red"), ("青", "green")], &[("散称", "by weight", 1_380)]),
    family(("橙子", "Oranges"), "kg", FARM, ONE, &[("散称", "by weight", 1_180)]),
    family(("橘子", "Mandarins"), "kg", FARM, ONE, &[("散称", "by weight", 980)]),
    family(("葡萄", "Grapes"), "kg", FARM, ONE, &[("散称", "by weight", 2_580)]),
    family(("梨", "Pears"), "kg", FARM, ONE, &[("散称", "by weight", 1_080)]),
    family(("西瓜", "Watermelon"), "kg", FARM, ONE, &[("散称", "by weight", 580)]),
    family(("猕猴桃", "Kiwifruit"), "kg", FARM, ONE, &[("散称", "by weight", 2_180)]),
    family(("火龙果", "Dragon fruit"), "kg", FARM, ONE, &[("散称", "by weight", 1_680)]),
    family(("圣女果", "Cherry tomatoes"), "kg", FARM, ONE, &[("散称", "by weight", 1_580)]),
    family(("鲜切水果", "Cut fruit"), "盒", GENERAL, &[("西瓜", "watermelon"), ("哈密瓜", "melon"), ("什锦", "mixed")], &[("250g", "250 g", 1_280)]),
    family(("柚子", "Pomelo"), "kg", FARM, ONE, &[("散称", "by weight", 780)]),
    family(("柠檬", "Lemons"), "kg", FARM, ONE, &[("散称", "by weight", 1_580)]),
];

#[rustfmt::skip]
const VEGETABLES: &[Family] = &[
    family(("番茄", "Tomatoes"), "kg", FARM, ONE, &[("散称", "by weight", 980)]),
    family(("黄瓜", "Cucumbers"), "kg", FARM, ONE, &[("散称", "by weight", 780)]),
    family(("土豆", "Potatoes"), "kg", FARM, ONE, &[("散称", "by weight", 520)]),
    family(("小白菜", "Pak choi"), "kg", FARM, ONE, &[("散称", "by weight", 680)]),
    family(("胡萝卜", "Carrots"), "kg", FARM, ONE, &[("散称", "by weight", 560)]),
    family(("西兰花", "Broccoli"), "kg", FARM, ONE, &[("散称", "by weight", 1_180)]),
    family(("大葱", "Leeks"), "kg", FARM, ONE, &[("散称", "by weight", 720)]),
    family(("鲜香菇", "Shiitake mushrooms"), "kg", FARM, ONE, &[("散称", "by weight", 2_380)]),
    family(("豆腐", "Tofu"), "盒", GENERAL, &[("嫩", "soft"), ("老", "firm")], &[("350g", "350 g", 380)]),
    family(("洋葱", "Onions"), "kg", FARM, ONE, &[("散称", "by weight", 480)]),
    family(("大蒜", "Garlic"), "kg", FARM, ONE, &[("散称", "by weight", 1_280)]),
    family(("生姜", "Ginger"), "kg", FARM, ONE, &[("散称", "by weight", 1_580)]),
    family(("青椒", "Green peppers"), "kg", FARM, ONE, &[("散称", "by weight", 880)]),
];

#[rustfmt::skip]
const PANTRY: &[Family] = &[
    family(("大米", "Rice"), "袋", FARM, &[("长粒", "long-grain"), ("东北", "short-grain")], &[("2.5kg", "2.5 kg", 2_190), ("5kg", "5 kg", 3_990)]),
    family(("面粉", "Wheat flour"), "袋", FARM, ONE, &[("1kg", "1 kg", 780)]),
    family(("挂面", "Dried noodles"), "袋", FARM, ONE, &[("500g", "500 g", 590)]),
    family(("食用油", "Cooking oil"), "瓶", FARM, &[("花生", "peanut"), ("大豆", "soybean"), ("菜籽", "rapeseed")], &[("900ml", "900 ml", 1_890)]),
    family(("食盐", "Table salt"), "袋", FARM, ONE, &[("400g", "400 g", 250)]),
    family(("白砂糖", "White sugar"), "袋", GENERAL, ONE, &[("400g", "400 g", 580)]),
    family(("酱油", "Soy sauce"), "瓶", GENERAL, &[("生抽", "light"), ("老抽", "dark")], &[("500ml", "500 ml", 990)]),
    family(("香醋", "Black vinegar"), "瓶", GENERAL, ONE, &[("500ml", "500 ml", 850)]),
    family(("蚝油", "Oyster sauce"), "瓶", GENERAL, ONE, &[("260g", "260 g", 890)]),
    family(("辣椒酱", "Chilli sauce"), "瓶", GENERAL, &[("豆豉", "black bean"), ("蒜蓉", "garlic")], &[("210g", "210 g", 980)]),
    family(("料酒", "Cooking wine"), "瓶", GENERAL, ONE, &[("500ml", "500 ml", 780)]),
    family(("鸡精", "Chicken stock powder"), "袋", GENERAL, ONE, &[("100g", "100 g", 650)]),
];

#[rustfmt::skip]
const ALCOHOL: &[Family] = &[
    family(("啤酒", "Beer"), "罐", GENERAL, &[("淡爽", "light lager"), ("纯生", "draught"), ("黑", "stout"), ("小麦", "wheat")], &[("330ml", "330 ml", 450), ("500ml", "500 ml", 650)]),
    family(("果味鸡尾酒", "Fruit cocktail"), "罐", GENERAL, &[("白桃", "white peach"), ("青柠", "lime")], &[("330ml", "330 ml", 980)]),
    family(("白酒", "Grain spirit"), "瓶", GENERAL, &[("清香", "light"), ("浓香", "strong")], &[("100ml", "100 ml", 1_480), ("500ml", "500 ml", 5_980)]),
    family(("红葡萄酒", "Red wine"), "瓶", GENERAL, ONE, &[("750ml", "750 ml", 6_800)]),
    family(("米酒", "Rice wine"), "瓶", GENERAL, ONE, &[("480ml", "480 ml", 1_580)]),
];

#[rustfmt::skip]
const HOUSEHOLD: &[Family] = &[
    family(("抽纸", "Facial tissues"), "包", GENERAL, ONE, &[("100抽", "100 sheets", 450), ("100抽×6", "6 x 100 sheets", 2_290)]),
    family(("卷纸", "Toilet paper"), "提", GENERAL, ONE, &[("10卷", "10 rolls", 2_590)]),
    family(("手帕纸", "Pocket tissues"), "包", GENERAL, ONE, &[("10片", "10 sheets", 150)]),
    family(("湿巾", "Wet wipes"), "包", GENERAL, ONE, &[("10片", "10 wipes", 490), ("80片", "80 wipes", 1_280)]),
    family(("洗衣液", "Liquid detergent"), "袋", GENERAL, ONE, &[("500g", "500 g", 1_290)]),
    family(("洗洁精", "Washing-up liquid"), "瓶", GENERAL, ONE, &[("500g", "500 g", 790)]),
    family(("垃圾袋", "Bin bags"), "卷", GENERAL, ONE, &[("30只", "30 bags", 690)]),
    family(("电池", "Batteries"), "卡", GENERAL, &[("5号", "AA"), ("7号", "AAA")], &[("2节", "pack of 2", 790)]),
    family(("打火机", "Lighter"), "个", GENERAL, ONE, &[("", "", 200)]),
    family(("雨伞", "Umbrella"), "把", GENERAL, ONE, &[("", "", 3_900)]),
    family(("数据线", "Charging cable"), "条", GENERAL, ONE, &[("1m", "1 m", 2_590)]),
    family(("一次性纸杯", "Paper cups"), "袋", GENERAL, ONE, &[("30只", "30 cups", 690)]),
    family(("一次性雨衣", "Disposable raincoat"), "件", GENERAL, ONE, &[("", "", 900)]),
    family(("购物袋", "Carrier bag"), "个", GENERAL, &[("小号", "small"), ("大号", "large")], &[("", "", 30)]),
    family(("保鲜膜", "Cling film"), "卷", GENERAL, ONE, &[("30m", "30 m", 1_190)]),
    family(("蚊香", "Mosquito coils"), "盒", GENERAL, ONE, &[("10圈", "10 coils", 890)]),
];

#[rustfmt::skip]
const CARE: &[Family] = &[
    family(("牙膏", "Toothpaste"), "支", GENERAL, &[("薄荷", "mint"), ("茶清新", "tea")], &[("120g", "120 g", 1_190)]),
    family(("牙刷", "Toothbrush"), "支", GENERAL, &[("软毛", "soft"), ("中毛", "medium")], &[("", "", 890)]),
    family(("洗发水", "Shampoo"), "瓶", GENERAL, ONE, &[("200ml", "200 ml", 1_990)]),
    family(("沐浴露", "Shower gel"), "瓶", GENERAL, ONE, &[("200ml", "200 ml", 1_690)]),
    family(("香皂", "Soap"), "块", GENERAL, ONE, &[("115g", "115 g", 590)]),
    family(("洗手液", "Hand wash"), "瓶", GENERAL, ONE, &[("250ml", "250 ml", 1_290)]),
    family(("卫生巾", "Sanitary towels"), "包", GENERAL, &[("日用", "day"), ("夜用", "night")], &[("10片", "pack of 10", 1_190)]),
    family(("口罩", "Face masks"), "袋", GENERAL, ONE, &[("10只", "pack of 10", 990)]),
    family(("创可贴", "Plasters"), "盒", GENERAL, ONE, &[("20片", "box of 20", 690)]),
    family(("剃须刀", "Razor"), "把", GENERAL, ONE, &[("", "", 1_590)]),
    family(("润唇膏", "Lip balm"), "支", GENERAL, ONE, &[("4g", "4 g", 1_890)]),
    family(("护手霜", "Hand cream"), "支", GENERAL, ONE, &[("50g", "50 g", 1_490)]),
    family(("袜子", "Socks"), "双", GENERAL, &[("男士", "men"), ("女士", "women")], &[("", "", 990)]),
    family(("棉签", "Cotton buds"), "盒", GENERAL, ONE, &[("200支", "200 buds", 590)]),
    family(("漱口水", "Mouthwash"), "瓶", GENERAL, ONE, &[("250ml", "250 ml", 1_990)]),
];

#[rustfmt::skip]
const STATIONERY: &[Family] = &[
    family(("中性笔", "Gel pen"), "支", GENERAL, &[("黑色", "black"), ("蓝色", "blue"), ("红色", "red")], &[("0.5mm", "0.5 mm", 250)]),
    family(("铅笔", "Pencil"), "支", GENERAL, &[("HB", "HB"), ("2B", "2B")], &[("", "", 150)]),
    family(("橡皮", "Eraser"), "块", GENERAL, ONE, &[("", "", 200)]),
    family(("笔记本", "Notebook"), "本", GENERAL, ONE, &[("A5", "A5", 690), ("B5", "B5", 890)]),
    family(("修正带", "Correction tape"), "个", GENERAL, ONE, &[("6m", "6 m", 590)]),
    family(("便利贴", "Sticky notes"), "本", GENERAL, ONE, &[("76mm", "76 mm", 450)]),
    family(("胶带", "Adhesive tape"), "卷", GENERAL, ONE, &[("18mm", "18 mm", 350)]),
    family(("固体胶", "Glue stick"), "支", GENERAL, ONE, &[("15g", "15 g", 390)]),
];

#[rustfmt::skip]
const ICE_CREAM: &[Family] = &[
    family(("雪糕", "Ice cream bar"), "支", GENERAL, &[("绿豆", "mung bean"), ("巧克力脆皮", "chocolate"), ("牛奶", "milk"), ("老冰棍", "plain ice")], &[("70g", "70 g", 350)]),
    family(("甜筒", "Ice cream cone"), "支", GENERAL, &[("香草", "vanilla"), ("草莓", "strawberry")], &[("67g", "67 g", 600)]),
    family(("杯装冰淇淋", "Ice cream cup"), "杯", GENERAL, &[("抹茶", "matcha"), ("芒果", "mango")], &[("90g", "90 g", 1_200)]),
    family(("冰杯", "Cup of ice"), "杯", GENERAL, ONE, &[("160g", "160 g", 350)]),
];
