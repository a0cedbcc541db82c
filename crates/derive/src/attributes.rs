//! What the attributes of a type and of a field say: those of serde, our own, and the documentation.

use crate::names::{self, Case};
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Path, Token};

/// What is said of a type.
#[derive(Default)]
pub(crate) struct Container {
    /// Its description.
    pub(crate) summary: String,
    /// How names of fields and variants are spelt.
    pub(crate) case: Case,
    /// Whether every setting may be left out.
    pub(crate) default: bool,
    /// Whether a value of an enum is written without the name of its variant.
    pub(crate) untagged: bool,
    /// The last check.
    pub(crate) also: Option<Path>,
}

impl Container {
    pub(crate) fn read(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut container = Self { summary: summary(attributes), ..Self::default() };
        each(attributes, "serde", |meta| {
            match word(&meta).as_str() {
                "rename_all" => container.case = Case::read(&meta)?,
                "default" => container.default = skip(&meta)?,
                "untagged" => container.untagged = true,
                "from" | "try_from" | "into" | "transparent" => {
                    let message =
                        "it is not written as it is declared: implement `SettingType` by hand";
                    return Err(meta.error(message));
                }
                _ => _ = skip(&meta)?,
            }
            Ok(())
        })?;
        each(attributes, "setting", |meta| {
            container.also = Some(match word(&meta).as_str() {
                "also" => meta.value()?.parse()?,
                _ => return Err(meta.error("expected `also = path`")),
            });
            Ok(())
        })?;
        Ok(container)
    }
}

/// What is said of a field or a variant.
#[derive(Default)]
pub(crate) struct Field {
    /// Its description.
    pub(crate) summary: String,
    /// Another name than its own.
    pub(crate) name: Option<String>,
    /// Further names of a variant.
    pub(crate) aliases: Vec<String>,
    /// Whether it may be left out.
    pub(crate) default: bool,
    /// Whether it is no setting.
    pub(crate) skipped: bool,
    /// A check of its own.
    pub(crate) check: Option<Path>,
    /// A kind of its own.
    pub(crate) kind: Option<Path>,
    bounds: [Option<(bool, Expr)>; 2],
}

impl Field {
    pub(crate) fn read(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut field = Self { summary: summary(attributes), ..Self::default() };
        each(attributes, "serde", |meta| {
            match word(&meta).as_str() {
                "rename" => field.name = Some(meta.value()?.parse::<LitStr>()?.value()),
                "alias" => field.aliases.push(meta.value()?.parse::<LitStr>()?.value()),
                "default" => field.default = skip(&meta)?,
                "skip" => field.skipped = true,
                "flatten" => return Err(meta.error("settings are not flattened")),
                _ => _ = skip(&meta)?,
            }
            Ok(())
        })?;
        each(attributes, "setting", |meta| {
            let (end, included) = match word(&meta).as_str() {
                "from" => (0, true),
                "above" => (0, false),
                "to" => (1, true),
                "below" => (1, false),
                "check" => {
                    field.check = Some(meta.value()?.parse()?);
                    return Ok(());
                }
                "kind" => {
                    field.kind = Some(meta.value()?.parse()?);
                    return Ok(());
                }
                _ => {
                    let expected = "expected `from`, `above`, `to`, `below`, `check` or `kind`";
                    return Err(meta.error(expected));
                }
            };
            let bound = Some((included, meta.value()?.parse()?));
            match field.bounds[end] {
                Some(_) => return Err(meta.error("this end has a bound already")),
                None => field.bounds[end] = bound,
            }
            Ok(())
        })?;
        Ok(field)
    }

    /// The range of its numbers, as an expression.
    pub(crate) fn range(&self) -> Tokens {
        let [low, high] = self.bounds.each_ref().map(|bound| match bound {
            None => quote! { ::core::ops::Bound::Unbounded },
            Some((true, value)) => quote! { ::core::ops::Bound::Included((#value) as f64) },
            Some((false, value)) => quote! { ::core::ops::Bound::Excluded((#value) as f64) },
        });
        quote! { ::tanren_plugin::Range { low: #low, high: #high } }
    }
}

/// Calls `read` for everything in the attributes of this name.
fn each(
    attributes: &[Attribute],
    name: &str,
    mut read: impl FnMut(ParseNestedMeta<'_>) -> syn::Result<()>,
) -> syn::Result<()> {
    let named = attributes.iter().filter(|attribute| attribute.path().is_ident(name));
    named.into_iter().try_for_each(|attribute| attribute.parse_nested_meta(&mut read))
}

/// The name of one thing in an attribute.
fn word(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map(ToString::to_string).unwrap_or_default()
}

/// Passes over the value of one thing in an attribute, if it has one.
fn skip(meta: &ParseNestedMeta<'_>) -> syn::Result<bool> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        let inside;
        syn::parenthesized!(inside in meta.input);
        inside.parse::<Tokens>()?;
    }
    Ok(true)
}

/// The first paragraph of the documentation, in one line and without marks.
fn summary(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let lines = lines.map(|line| line.trim().to_owned()).take_while(|line| !line.is_empty());
    names::plain(&lines.collect::<Vec<_>>().join(" "))
}
