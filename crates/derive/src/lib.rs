//! `#[derive(Checked)]`: what a plugin says about its settings, from where they are declared.
//!
//! The doc comments become the descriptions that `tanren plugins` prints, serde's attributes say how
//! settings are spelt and which may be left out, and `#[setting(…)]` gives their ranges:
//!
//! * on a field, `from`, `above`, `to`, `below` bound its numbers, `check = path` calls
//!   `path("name", &self.field)`, and `kind = path` gives by `path()` how it is written, where serde is
//!   told to write it otherwise than its type;
//! * on the type, `also = path` calls `path(&self)` last, for what concerns several settings.
//!
//! A macro, because doc comments do not exist once a program is compiled, and a range that is checked in
//! one place and described in another would sooner or later be two ranges.
#![forbid(unsafe_code)]

mod attributes;
mod enums;
mod fields;
mod names;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Data, DeriveInput, Error, parse_macro_input};

/// Implements `Checked` and `SettingType` of `tanren-plugin`; see the documentation of the crate.
#[proc_macro_derive(Checked, attributes(setting))]
pub fn checked(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput) -> syn::Result<Tokens> {
    let container = attributes::Container::read(&input.attrs)?;
    let name = &input.ident;
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new_spanned(parameter, "a plugin has no type parameters"));
    }
    let (kind, checks) = match &input.data {
        Data::Struct(data) => fields::expand(&container, &data.fields)?,
        Data::Enum(data) => enums::expand(&container, &data.variants)?,
        Data::Union(data) => {
            return Err(Error::new_spanned(data.union_token, "expected a struct or an enum"));
        }
    };
    let also = container.also.map(|path| quote! { #path(self)?; });
    Ok(quote! {
        #[automatically_derived]
        impl ::tanren_plugin::Checked for #name {
            fn check(&self) -> ::core::result::Result<(), ::tanren_plugin::SettingError> {
                #checks
                #also
                Ok(())
            }
            fn about(&self) -> ::core::option::Option<::tanren_plugin::About> {
                <Self as ::tanren_plugin::SettingType>::kind(::tanren_plugin::Range::ANY).table()
            }
        }

        #[automatically_derived]
        impl ::tanren_plugin::SettingType for #name {
            fn kind(_: ::tanren_plugin::Range) -> ::tanren_plugin::Kind {
                #kind
            }
            fn within(
                &self,
                setting: &str,
                _: ::tanren_plugin::Range,
            ) -> ::core::result::Result<(), ::tanren_plugin::SettingError> {
                ::tanren_plugin::Checked::check(self).map_err(|error| error.inside(setting))
            }
        }
    })
}
