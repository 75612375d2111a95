//! The stores: names, neighbourhoods, sizes.

use ledger::id::StoreId;
use ledger::time::BusinessDate;

use super::dice::Dice;
use super::products::label;
use super::rhythm;

/// What a store is near; it sets its hours, its week and its baskets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Neighbourhood {
    /// Flats (社区): mornings, evenings, weekends.
    Residential,
    /// Offices (写字楼): breakfast, lunch, quiet weekends.
    Offices,
    /// A school or university (校园): breaks between lessons.
    Campus,
    /// A railway or bus station (车站): all day, most on Fridays and Sundays.
    Station,
}

/// A store of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// Its id.
    pub id: StoreId,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// What it is near.
    pub neighbourhood: Neighbourhood,
    /// Its sales against a middling store's, in thousandths.
    pub size_permille: u64,
    pub(super) index: u64,
}

impl Store {
    /// Chance of its own, for one purpose on one day.
    pub(super) fn dice(&self, seed: u64, purpose: &str, date: BusinessDate) -> Dice {
        let day = rhythm::day_number(date).cast_unsigned();
        Dice::new(seed, &[self.index, label(purpose), day])
    }
}

/// Streets and squares such as every Chinese town has.
const STREETS: [(&str, &str); 40] = [
    ("人民路", "Renmin Road"),
    ("中山路", "Zhongshan Road"),
    ("解放路", "Jiefang Road"),
    ("建设路", "Jianshe Road"),
    ("和平街", "Heping Street"),
    ("新华路", "Xinhua Road"),
    ("文化路", "Wenhua Road"),
    ("光明街", "Guangming Street"),
    ("胜利路", "Shengli Road"),
    ("青年路", "Qingnian Road"),
    ("公园路", "Gongyuan Road"),
    ("湖滨路", "Hubin Road"),
    ("滨江道", "Binjiang Avenue"),
    ("花园街", "Huayuan Street"),
    ("学府路", "Xuefu Road"),
    ("科技路", "Keji Road"),
    ("创新大道", "Chuangxin Avenue"),
    ("迎宾路", "Yingbin Road"),
    ("朝阳街", "Chaoyang Street"),
    ("东门", "Dongmen"),
    ("西门", "Ximen"),
    ("南门", "Nanmen"),
    ("北门", "Beimen"),
    ("钟楼", "Bell Tower"),
    ("鼓楼", "Drum Tower"),
    ("大桥路", "Daqiao Road"),
    ("梧桐街", "Wutong Street"),
    ("桂花路", "Guihua Road"),
    ("银杏路", "Yinxing Road"),
    ("柳巷", "Willow Lane"),
    ("荷花池", "Lotus Pond"),
    ("望江路", "Wangjiang Road"),
    ("长青路", "Changqing Road"),
    ("锦绣路", "Jinxiu Road"),
    ("康乐街", "Kangle Street"),
    ("幸福路", "Xingfu Road"),
    ("金色广场", "Golden Square"),
    ("世纪广场", "Century Square"),
    ("书院街", "Academy Street"),
    ("老码头", "Old Wharf"),
];

/// Neighbourhoods with their share of the stores.
const NEIGHBOURHOODS: [(Neighbourhood, u64); 4] = [
    (Neighbourhood::Residential, 45),
    (Neighbourhood::Offices, 30),
    (Neighbourhood::Campus, 15),
    (Neighbourhood::Station, 10),
];

pub(super) fn make(seed: u64, count: u16) -> Vec<Store> {
    let digits = if count > 999 { 4 } else { 3 };
    let make = |(index, number): (u64, u16)| {
        let mut dice = Dice::new(seed, &[label("store"), index]);
        let (zh, en) = STREETS[usize::from(number - 1) % STREETS.len()];
        let round = usize::from(number - 1) / STREETS.len() + 1;
        let (name_zh, name_en) = match round {
            1 => (format!("{zh}店"), en.to_owned()),
            _ => (format!("{zh}{round}店"), format!("{en} {round}")),
        };
        let shares = NEIGHBOURHOODS.map(|(_, share)| share);
        let (neighbourhood, _) = NEIGHBOURHOODS[dice.weighted(&shares)];
        Store {
            id: StoreId::new(&format!("S{number:0digits$}")).expect("letters and digits"),
            name_zh,
            name_en,
            neighbourhood,
            // The mean of two draws: most stores are middling, few are very small or large.
            size_permille: (dice.between(500, 1_500) + dice.between(500, 1_500)) / 2,
            index,
        }
    };
    (0..).zip(1..=count).map(make).collect()
}
