//! Categories (商品分类) as a tree: `饮料/碳酸` is a category within `饮料`.

use std::collections::BTreeMap;

/// Between a category and one within it.
const WITHIN: char = '/';

/// The one spelling of a category: no blanks around its parts, and no part that is empty.
pub fn path(text: &str) -> String {
    let parts: Vec<&str> = text.split(WITHIN).map(str::trim).filter(|p| !p.is_empty()).collect();
    parts.join("/")
}

/// Whether a category is another one, or within it.
pub fn is_within(category: &str, tree: &str) -> bool {
    category.strip_prefix(tree).is_some_and(|rest| rest.is_empty() || rest.starts_with(WITHIN))
}

/// What a category is called when a tree that it may be in gets another name or place; none if it isn't
/// in the tree.
pub fn moved(category: &str, from: &str, to: &str) -> Option<String> {
    let rest = category.strip_prefix(from).filter(|_| is_within(category, from))?;
    Some(path(&format!("{to}{rest}")))
}

/// A category and how many there are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The category.
    pub path: String,
    /// How many are in it and in none within it.
    pub own: usize,
    /// How many are in it, or in one within it.
    pub all: usize,
}

/// Every category that something is in, and those that they are within, each before those within it.
pub fn tree<'c>(categories: impl IntoIterator<Item = &'c str>) -> Vec<Branch> {
    let mut counts: BTreeMap<Vec<&str>, (usize, usize)> = BTreeMap::new();
    for category in categories {
        let parts: Vec<&str> = category.split(WITHIN).filter(|part| !part.is_empty()).collect();
        for depth in 1..=parts.len() {
            let (own, all) = counts.entry(parts[..depth].to_vec()).or_default();
            *own += usize::from(depth == parts.len());
            *all += 1;
        }
    }
    let branch = |(parts, (own, all)): (Vec<&str>, _)| Branch { path: parts.join("/"), own, all };
    counts.into_iter().map(branch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_has_one_spelling() {
        for text in ["饮料/碳酸", " 饮料 / 碳酸 ", "/饮料//碳酸/"] {
            assert_eq!(path(text), "饮料/碳酸", "{text}");
        }
        assert_eq!([path(""), path(" / ")], ["", ""]);
    }

    #[test]
    fn a_tree_moves_with_all_that_is_in_it() {
        let moved = |category: &str| moved(category, "饮料/碳酸", "汽水");
        assert_eq!(moved("饮料/碳酸").as_deref(), Some("汽水"));
        assert_eq!(moved("饮料/碳酸/可乐").as_deref(), Some("汽水/可乐"));
        assert_eq!(moved("饮料"), None);
        assert_eq!(moved("饮料/碳酸水"), None, "it only begins alike");
        assert!(is_within("a/b", "a") && is_within("a", "a") && !is_within("ab", "a"));
    }

    #[test]
    fn counts_go_over_all_that_is_within() {
        let found = tree(["饮料/碳酸", "饮料/碳酸", "饮料", "饮料-热", "", "饮料/茶/绿茶"]);
        let told: Vec<_> = found.iter().map(|b| (b.path.as_str(), b.own, b.all)).collect();
        let expected = [
            ("饮料", 1, 4),
            ("饮料/碳酸", 2, 2),
            ("饮料/茶", 0, 1),
            ("饮料/茶/绿茶", 1, 1),
            ("饮料-热", 1, 1),
        ];
        assert_eq!(told, expected);
    }
}
