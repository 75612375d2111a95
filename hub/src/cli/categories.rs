//! `hub category …`

use clap::Subcommand;
use console::{Column, Exit, Out, Table, words};

use crate::ask::categories::{ListCategories, MoveCategory};
use crate::door::Door;
use crate::error::Result;

/// The tree of categories: list, move · 商品分类
///
/// A product's category is a path, e.g. 饮料/碳酸; set it with `hub catalog set SKU category=…`.
#[derive(Debug, Subcommand)]
pub(super) enum Category {
    /// List the tree with the number of products · 列出
    List,
    /// Give a category, with all within it, another name or place · 改名或移动
    Move {
        /// What it is called, e.g. 饮料/碳酸 · 原分类
        from: String,
        /// What it is to be called, e.g. 饮料/汽水 · 新分类
        to: String,
    },
}

pub(super) fn run(door: &impl Door, what: Category, out: &Out) -> Result<Exit> {
    match what {
        Category::List => {
            let rows = door.ask(ListCategories {})?;
            out.show(&rows, |page| {
                let lang = page.lang();
                page.heading(words::CategoriesHeading);
                let mut table = Table::new([
                    Column::flexible(lang.say(words::Category)),
                    Column::number(lang.say(words::CategoryOwn)),
                    Column::number(lang.say(words::CategoryAll)),
                ]);
                for row in &rows {
                    let (own, all) = (row.products.to_string(), row.with_below.to_string());
                    table.row([row.category.as_str(), &own, &all]);
                }
                page.table(&table);
            });
        }
        Category::Move { from, to } => {
            let moved = door.ask(MoveCategory { from, to })?;
            out.show(&moved, |page| {
                let (from, to, n) = (&moved.from, &moved.to, moved.products);
                page.say(words::CategoryMoved { from, to, n });
                if moved.told > 0 {
                    page.say(words::CatalogSent { stores: moved.told });
                }
            });
        }
    }
    Ok(Exit::Done)
}
