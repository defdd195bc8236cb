//! Rust source as tidy reads it: the tokens of product code, of tests, and the paths they name.
//!
//! Comments, strings and doc examples never count, because a real tokenizer reads the file; macro bodies do count.
//! What is under `#[cfg(test)]`, `#[test]`, or in a file that is only a test module, is test code.

use std::collections::BTreeSet;
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One token of a file, groups opened out into their brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// What a Rust file holds, test code apart.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// The tokens that are not test code, in order.
    pub(crate) product: Vec<Token>,
    /// The names of functions under an attribute that ends in `test`.
    pub(crate) tests: BTreeSet<String>,
    /// The names of `mod NAME;` under `#[cfg(test)]`: those files are test code as a whole.
    pub(crate) test_modules: BTreeSet<String>,
}

impl Source {
    /// Reads a file's text, or says why it is no Rust.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let stream = TokenStream::from_str(text).map_err(|error| error.to_string())?;
        let mut source = Self::default();
        source.read(&stream.into_iter().collect::<Vec<_>>(), false);
        Ok(source)
    }

    /// Reads one level of tokens; `testing` says that all of it is test code already.
    fn read(&mut self, trees: &[TokenTree], testing: bool) {
        let testing = testing || inner_attributes(trees).any(|attribute| is_cfg_test(&attribute));
        let mut at = 0;
        while at < trees.len() {
            let attributes = outer_attributes(&trees[at..]);
            if attributes.is_empty() {
                self.read_one(&trees[at], testing);
                at += 1;
                continue;
            }
            let start = at + 2 * attributes.len();
            let is_test = attributes.iter().any(|attribute| is_test_attribute(attribute));
            let only_tests = testing || is_test || attributes.iter().any(|attribute| is_cfg_test(attribute));
            if !only_tests {
                trees[at..start].iter().for_each(|tree| self.read_one(tree, false));
                at = start;
                continue;
            }
            let end = start + item_length(&trees[start..]);
            self.note_test_item(&trees[start..end], is_test);
            self.read(&trees[start..end], true);
            at = end;
        }
    }

    fn read_one(&mut self, tree: &TokenTree, testing: bool) {
        let TokenTree::Group(group) = tree else {
            self.push(tree.to_string(), tree.span().start().line, testing);
            return;
        };
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => ("", ""),
        };
        self.push(open.to_owned(), group.span_open().start().line, testing);
        self.read(&group.stream().into_iter().collect::<Vec<_>>(), testing);
        self.push(close.to_owned(), group.span_close().start().line, testing);
    }

    fn push(&mut self, text: String, line: usize, testing: bool) {
        if !testing {
            self.product.push(Token { text, line });
        }
    }

    fn note_test_item(&mut self, item: &[TokenTree], is_test: bool) {
        let name_after = |keyword: &str| {
            let at = item.iter().position(|tree| is_ident(tree, keyword))?;
            item.get(at + 1).map(ToString::to_string)
        };
        if is_test {
            self.tests.extend(name_after("fn"));
        } else if item.last().is_some_and(|tree| is_punct(tree, ';')) {
            self.test_modules.extend(name_after("mod"));
        }
    }

    /// Every path product code names, grouped imports opened out: `crate::{fs, plan::Plan}` is two. Single names are
    /// left out.
    pub(crate) fn paths(&self) -> Vec<(Vec<&str>, usize)> {
        let mut paths = Vec::new();
        let mut at = 0;
        while at < self.product.len() {
            at = if is_name(&self.product[at].text) { self.path(at, &[], &mut paths) } else { at + 1 };
        }
        paths.retain(|(path, _)| path.len() > 1);
        paths
    }

    /// Reads the path that starts at `at` behind `prefix`; returns where it ends.
    fn path<'a>(&'a self, mut at: usize, prefix: &[&'a str], paths: &mut Vec<(Vec<&'a str>, usize)>) -> usize {
        let mut path = prefix.to_vec();
        let line = self.product[at].line;
        loop {
            path.push(&self.product[at].text);
            at += 1;
            if !(self.is(at, ":") && self.is(at + 1, ":")) {
                break;
            }
            if self.is(at + 2, "{") {
                return self.group(at + 3, &path, paths);
            }
            if !self.product.get(at + 2).is_some_and(|token| is_name(&token.text)) {
                break;
            }
            at += 2;
        }
        paths.push((path, line));
        if self.is(at, "as") { at + 2 } else { at }
    }

    /// Reads the members of an import group until its brace closes.
    fn group<'a>(&'a self, mut at: usize, prefix: &[&'a str], paths: &mut Vec<(Vec<&'a str>, usize)>) -> usize {
        while at < self.product.len() && !self.is(at, "}") {
            at = if is_name(&self.product[at].text) { self.path(at, prefix, paths) } else { at + 1 };
        }
        at + 1
    }

    fn is(&self, at: usize, text: &str) -> bool {
        self.product.get(at).is_some_and(|token| token.text == text)
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn is_ident(tree: &TokenTree, name: &str) -> bool {
    matches!(tree, TokenTree::Ident(ident) if ident == name)
}

fn is_punct(tree: &TokenTree, punct: char) -> bool {
    matches!(tree, TokenTree::Punct(p) if p.as_char() == punct)
}

/// The insides of the `#[…]` that `trees` starts with.
fn outer_attributes(trees: &[TokenTree]) -> Vec<String> {
    let pairs = trees.chunks_exact(2).map_while(|pair| match (&pair[0], &pair[1]) {
        (TokenTree::Punct(hash), TokenTree::Group(group))
            if hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket =>
        {
            Some(group.stream().to_string())
        }
        _ => None,
    });
    pairs.collect()
}

/// The insides of every `#![…]` of one level.
fn inner_attributes(trees: &[TokenTree]) -> impl Iterator<Item = String> {
    trees.windows(3).filter_map(|three| match &three[2] {
        TokenTree::Group(group) if is_punct(&three[0], '#') && is_punct(&three[1], '!') => {
            Some(group.stream().to_string())
        }
        _ => None,
    })
}

fn is_test_attribute(attribute: &str) -> bool {
    let path = attribute.split(['(', '=']).next().unwrap_or_default();
    path.replace(' ', "").rsplit("::").next() == Some("test")
}

fn is_cfg_test(attribute: &str) -> bool {
    let attribute = attribute.replace(' ', "");
    attribute == "cfg(test)" || attribute.starts_with("cfg(all(test,")
}

const ITEMS: [&str; 12] =
    ["const", "enum", "fn", "impl", "let", "macro_rules", "mod", "static", "struct", "trait", "type", "use"];

/// How many tokens the item at the front takes: to its `;`, to the braces that are its body, or, for a field or a
/// variant, to its comma.
fn item_length(trees: &[TokenTree]) -> usize {
    let is_body = |tree: &TokenTree| matches!(tree, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
    let ends_any = |tree: &TokenTree| is_punct(tree, ';') || is_punct(tree, ',') || is_body(tree);
    let starts_with = |keywords: &[&str]| {
        let mut front = trees.iter().take_while(|tree| !ends_any(tree));
        front.any(|tree| keywords.iter().any(|keyword| is_ident(tree, keyword)))
    };
    let (is_item, is_import) = (starts_with(&ITEMS), starts_with(&["use"]));
    let ends = |tree: &TokenTree| match () {
        // An import ends at its `;`, whatever braces it groups names with.
        () if is_import => is_punct(tree, ';'),
        // Between the angles of a generic item stand commas that end nothing.
        () if is_item => is_punct(tree, ';') || is_body(tree),
        () => ends_any(tree),
    };
    trees.iter().position(ends).map_or(trees.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        Source::parse(text).unwrap().paths().iter().map(|(path, _)| path.join("::")).collect()
    }

    fn product(text: &str) -> String {
        Source::parse(text).unwrap().product.iter().map(|token| token.text.clone()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn grouped_imports_open_out_into_one_path_each() {
        let text = "use crate::{fs, plan::{Plan, journal::Journal as J}}; fn f() { crate::build::key(); }";
        assert_eq!(
            paths(text),
            ["crate::fs", "crate::plan::Plan", "crate::plan::journal::Journal", "crate::build::key"]
        );
    }

    #[test]
    fn comments_strings_and_docs_are_no_code() {
        assert_eq!(paths("/// see [`crate::fs`]\n// crate::build::x\nconst S: &str = \"crate::plan::y\";"), [""; 0]);
    }

    #[test]
    fn code_inside_a_macro_counts() {
        assert_eq!(paths("fn f() { vec![crate::fs::open()]; }"), ["crate::fs::open"]);
    }

    #[test]
    fn test_modules_functions_and_imports_are_left_out_of_product_code() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\n#[cfg(test)]\nuse x::{y, z};\n#[test]\nfn c() {}\nfn d() {}";
        assert_eq!(product(text), "fn a ( ) { } fn d ( ) { }");
    }

    #[test]
    fn a_cfg_that_is_not_only_for_tests_is_product_code() {
        assert!(product("#[cfg(any(test, feature = \"x\"))] fn a() {}").contains("fn a"));
        assert_eq!(product("#[cfg(all(test, unix))] fn a() {}"), "");
    }

    #[test]
    fn a_file_that_opens_with_cfg_test_is_test_code_as_a_whole() {
        assert_eq!(product("#![cfg(test)]\nfn a() { x.unwrap(); }"), "");
    }

    #[test]
    fn tests_are_found_by_name_also_inside_macros_and_under_other_test_attributes() {
        let text =
            "mod t { proptest! { #[test] fn one(x in 0..3) {} } #[tokio::test] async fn two() {} fn three() {} }";
        let tests = Source::parse(text).unwrap().tests;
        assert_eq!(tests.into_iter().collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn a_test_inside_a_test_module_is_found() {
        let tests = Source::parse("#[cfg(test)] mod tests { #[test] fn inner() {} }").unwrap().tests;
        assert!(tests.contains("inner"));
    }

    #[test]
    fn a_test_module_in_a_file_of_its_own_is_named() {
        let source = Source::parse("#[cfg(test)] mod model; mod product;").unwrap();
        assert_eq!(source.test_modules.into_iter().collect::<Vec<_>>(), ["model"]);
    }

    #[test]
    fn an_import_for_tests_takes_nothing_after_it() {
        assert_eq!(product("#[cfg(test)] use a::{b, c}; fn d() {}"), "fn d ( ) { }");
    }

    #[test]
    fn a_generic_item_and_a_field_for_tests_end_where_they_end() {
        assert_eq!(product("#[cfg(test)] fn a<B, C>() {} fn d() {}"), "fn d ( ) { }");
        assert_eq!(product("struct S { #[cfg(test)] a: B, c: D }"), "struct S { c : D }");
    }
}
