//! The settings of a struct, or of a variant with fields.

use crate::attributes::{Container, Field};
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Error, Fields, Ident};

/// The kind of a struct, and the checks of its settings. A struct of one value without a name is written as
/// that value.
pub(crate) fn expand(container: &Container, fields: &Fields) -> syn::Result<(Tokens, Tokens)> {
    if let Fields::Unnamed(unnamed) = fields
        && let [inner] = &unnamed.unnamed.iter().collect::<Vec<_>>()[..]
    {
        let (of, summary) = (&inner.ty, &container.summary);
        let any = quote! { ::tanren_plugin::Range::ANY };
        let kind = quote! { <#of as ::tanren_plugin::SettingType>::kind(#any).of(#summary) };
        return Ok((kind, quote! { ::tanren_plugin::Checked::check(&self.0)?; }));
    }
    let (kind, checks) = settings(container, &container.summary, fields, |name| {
        quote! { &self.#name }
    })?;
    Ok((kind, checks))
}

/// The same, where `value` is how a field is reached.
pub(crate) fn settings(
    container: &Container,
    summary: &str,
    fields: &Fields,
    value: impl Fn(&Ident) -> Tokens,
) -> syn::Result<(Tokens, Tokens)> {
    if let Fields::Unnamed(unnamed) = fields {
        return Err(Error::new_spanned(unnamed, "expected fields with names"));
    }
    let (mut facts, mut checks) = (Tokens::new(), Tokens::new());
    for field in fields {
        let said = Field::read(&field.attrs)?;
        let (Some(ident), false) = (&field.ident, said.skipped) else { continue };
        let name = said.name.clone().unwrap_or_else(|| container.case.field(ident));
        let (summary, range, of) = (&said.summary, said.range(), &field.ty);
        let (optional, value) = (container.default || said.default, value(ident));
        let kind = said.kind.map(|kind| quote! { .written(#kind()) });
        facts.extend(quote! {
            ::tanren_plugin::Setting::of::<#of>(#name, #summary, #optional, #range)#kind,
        });
        checks.extend(quote! {
            ::tanren_plugin::SettingType::within(#value, #name, #range)?;
        });
        if let Some(check) = said.check {
            checks.extend(quote! { #check(#name, #value)?; });
        }
    }
    let kind = quote! {
        ::tanren_plugin::Kind::Table(::tanren_plugin::About {
            summary: #summary,
            settings: ::std::vec![#facts],
        })
    };
    Ok((kind, checks))
}
