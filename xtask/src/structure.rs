//! `cargo xtask structure`: what it costs to extend the code, counted over the files that git knows.
//!
//! Tests are left out: folders and files named so, and modules under `#[cfg(test)]`. Traits are told apart by their names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path};
use std::process::Command;

use anstream::println;
use syn::visit::{self, Visit};
use syn::{Block, Expr, FnArg, ImplItemFn, ItemFn, ItemImpl, ItemMod, ItemTrait, Pat, Signature, Stmt, Type};

use crate::bench::table::table;
use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::process::capture;

const TESTS: [&str; 7] = ["tests", "tests.rs", "testing.rs", "testkit", "contract", "bench", "benches"];

#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// Where each stands.
    traits: BTreeMap<String, String>,
    /// By trait, the types that have it.
    implementations: BTreeMap<String, BTreeSet<String>>,
    /// `path: name` of each function that hands its arguments on and does nothing else.
    forwarded: Vec<String>,
    file: String,
}

pub(crate) fn show(place: &Place, names: bool) -> Result<()> {
    let mut git = Command::new("git");
    let listed = capture(git.current_dir(&place.root).args(["ls-files", "*.rs"]))?;
    let (mut found, mut lines, mut of_tests) = (Found::default(), 0_usize, 0_usize);
    for name in listed.lines() {
        let text = fs::read_to_string(place.root.join(name)).while_doing(format_args!("reading {name}"))?;
        let counted = if is_test(Path::new(name)) { &mut of_tests } else { &mut lines };
        *counted = counted.saturating_add(text.lines().count());
        found.read(name, &text)?;
    }
    println!("{}", table(&["counted", "number"], rows(&found, lines, of_tests)));
    if names {
        found.lonely().for_each(|(name, at)| println!("trait {name} ({at})"));
        found.forwarded.iter().for_each(|function| println!("forwards {function}"));
    }
    Ok(())
}

fn rows(found: &Found, lines: usize, of_tests: usize) -> Vec<Vec<String>> {
    let counts = [
        ("lines of Rust, without tests", lines),
        ("lines of Rust, tests and what they stand on", of_tests),
        ("traits", found.traits.len()),
        ("traits with fewer than two implementations", found.lonely().count()),
        ("functions whose body is one forwarded call", found.forwarded.len()),
    ];
    counts.into_iter().map(|(what, number)| vec![what.to_owned(), number.to_string()]).collect()
}

fn is_test(path: &Path) -> bool {
    let of_tests = |part: Component<'_>| part.as_os_str().to_str().is_some_and(|part| TESTS.contains(&part));
    path.components().any(of_tests)
}

impl Found {
    /// A trait counts where it is declared outside of tests; an implementation of tests is none.
    fn read(&mut self, name: &str, text: &str) -> Result<()> {
        if is_test(Path::new(name)) {
            return Ok(());
        }
        let file = syn::parse_file(text).map_err(|error| Failure::new(format!("{name}: {error}")))?;
        name.clone_into(&mut self.file);
        self.visit_file(&file);
        Ok(())
    }

    fn lonely(&self) -> impl Iterator<Item = (&String, &String)> {
        let many = |name: &String| self.implementations.get(name).is_some_and(|types| types.len() > 1);
        self.traits.iter().filter(move |(name, _)| !many(name))
    }

    fn function(&mut self, signature: &Signature, body: &Block) {
        if forwards(signature, body) {
            self.forwarded.push(format!("{}: {}", self.file, signature.ident));
        }
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let is_test = module.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
        });
        if !is_test {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        self.traits.insert(item.ident.to_string(), self.file.clone());
        visit::visit_item_trait(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let of = item.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
        if let Some(of) = of {
            self.implementations.entry(of.ident.to_string()).or_default().insert(named(&item.self_ty));
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }
}

fn named(of: &Type) -> String {
    match of {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
        Type::Reference(reference) => named(&reference.elem),
        _ => "another".to_owned(),
    }
}

/// Whether its arguments, and at least one, are all that a single call is given, as they are.
fn forwards(signature: &Signature, body: &Block) -> bool {
    let parameters: Vec<String> = signature.inputs.iter().filter_map(parameter).collect();
    let [Stmt::Expr(only, _)] = body.stmts.as_slice() else { return false };
    let arguments = match peeled(only) {
        Expr::MethodCall(call) => &call.args,
        // What begins with a capital makes a value.
        Expr::Call(call) if word(&call.func).is_some_and(|word| !word.starts_with(char::is_uppercase)) => &call.args,
        _ => return false,
    };
    let given: Option<Vec<String>> = arguments.iter().map(|argument| simple(peeled(argument))).collect();
    given.is_some_and(|given| !parameters.is_empty() && parameters.iter().all(|name| given.contains(name)))
}

fn parameter(argument: &FnArg) -> Option<String> {
    let FnArg::Typed(typed) = argument else { return None };
    let Pat::Ident(name) = &*typed.pat else { return None };
    Some(name.ident.to_string())
}

/// Without what is awaited, asked and referred to around it.
fn peeled(expression: &Expr) -> &Expr {
    match expression {
        Expr::Await(inner) => peeled(&inner.base),
        Expr::Try(inner) => peeled(&inner.expr),
        Expr::Paren(inner) => peeled(&inner.expr),
        Expr::Reference(inner) => peeled(&inner.expr),
        Expr::Unary(inner) => peeled(&inner.expr),
        other => other,
    }
}

/// A name, or a member of one.
fn simple(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Field(field) => simple(peeled(&field.base)),
        other => word(other),
    }
}

fn word(expression: &Expr) -> Option<String> {
    let Expr::Path(path) = expression else { return None };
    path.path.segments.last().map(|last| last.ident.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const CODE: &str = "
        pub trait One { fn one(&self); }
        trait Two {}
        impl One for A { fn one(&self) {} }
        impl Two for A {}
        impl<'a> Two for &'a B {}
        #[cfg(test)]
        mod tests { struct C; impl super::One for C {} trait Within {} fn on(a: u8) { off(a) } }
        impl A {
            async fn ask(&self, a: &str, b: u8) -> R { ask(&*self.0, a, b).await }
            fn len(&self) -> usize { self.0.len() }
            fn make(a: u8) -> Self { Self(a) }
            fn some(a: u8) -> Option<u8> { Some(a) }
            fn half(&self, a: u8, b: u8) -> u8 { self.0.take(a) }
            fn more(&self, a: u8) -> u8 { self.0.take(a.next()) }
        }
    ";

    #[test]
    fn traits_are_counted_with_their_types_and_functions_that_only_hand_on() {
        let mut found = Found::default();
        found.read("shared/a/src/lib.rs", CODE).unwrap();
        assert_eq!(found.traits.keys().collect::<Vec<_>>(), ["One", "Two"]);
        assert_eq!(found.lonely().map(|(name, _)| name).collect::<Vec<_>>(), ["One"]);
        assert_eq!(found.forwarded, ["shared/a/src/lib.rs: ask"]);
    }

    #[test]
    fn tests_and_what_they_stand_on_are_not_counted() {
        for path in ["tests/it/a.rs", "shared/a/src/tests.rs", "shared/testkit/src/lib.rs", "shared/a/src/b/tests/c.rs"]
        {
            let mut found = Found::default();
            found.read(path, CODE).unwrap();
            assert_eq!(found, Found::default(), "{path}");
        }
        assert!(Found::default().read("shared/a/src/lib.rs", "fn {").is_err());
    }
}
