//! The ways in which an enum is written: a word, or a table of one entry named like the variant.

use crate::attributes::{Container, Field};
use crate::fields::settings;
use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Error, Fields, Ident, Token, Variant};

/// The kind of an enum, and the check of what it holds.
pub(crate) fn expand(
    container: &Container,
    variants: &Punctuated<Variant, Token![,]>,
) -> syn::Result<(Tokens, Tokens)> {
    let (mut kinds, mut arms) = (Tokens::new(), Tokens::new());
    for variant in variants {
        let said = Field::read(&variant.attrs)?;
        if said.skipped {
            continue;
        }
        let (ident, summary) = (&variant.ident, &said.summary);
        let name = said.name.clone().unwrap_or_else(|| container.case.variant(ident));
        let tagged = |kind: Tokens| match container.untagged {
            true => kind,
            false => quote! {
                ::tanren_plugin::Kind::Tagged(#name, #summary, ::std::boxed::Box::new(#kind))
            },
        };
        let (kind, arm) = match &variant.fields {
            Fields::Unit => {
                let names = std::iter::once(&name).chain(&said.aliases);
                let words =
                    names.map(|name| quote! { ::tanren_plugin::Kind::Word(#name, #summary) });
                let kind = quote! { #(#words),* };
                (kind, quote! { Self::#ident => {} })
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let of = &fields.unnamed[0].ty;
                let inside = Field::read(&fields.unnamed[0].attrs)?;
                let range = inside.range();
                let kind = quote! { <#of as ::tanren_plugin::SettingType>::kind(#range) };
                let check = inside.check.map(|check| quote! { #check(#name, value)?; });
                let arm = quote! {
                    Self::#ident(value) => {
                        ::tanren_plugin::SettingType::within(value, #name, #range)?;
                        #check
                    }
                };
                (tagged(kind), arm)
            }
            Fields::Named(fields) => {
                let bound = |field: &Ident| format_ident!("own_{}", field);
                let (kind, checks) = settings(container, summary, &variant.fields, |field| {
                    let bound = bound(field);
                    quote! { #bound }
                })?;
                let names: Vec<&Ident> =
                    fields.named.iter().filter_map(|f| f.ident.as_ref()).collect();
                let values: Vec<Ident> = names.iter().map(|name| bound(name)).collect();
                let arm = quote! { Self::#ident { #(#names: #values),* } => { #checks } };
                (tagged(kind), arm)
            }
            Fields::Unnamed(fields) => {
                return Err(Error::new_spanned(
                    fields,
                    "expected at most one value without a name",
                ));
            }
        };
        kinds.extend(quote! { #kind, });
        arms.extend(arm);
    }
    let kind = quote! { ::tanren_plugin::Kind::Either(::std::vec![#kinds]) };
    Ok((kind, quote! { match self { #arms } }))
}
