//! Appendix, engine: what those who build networks and those who take steps agree on for speed. Authors
//! of plugins need none of it.
//!
//! [`Products`] decides how matrix products are formed; [`Plain`] forms them of the numbers as they are,
//! and an [`Operand`] is the weight in one of them. The gradient of a weight used by one node only need not
//! be formed in the backward pass: the layer leaves it as an [`Outer`] product among the [`Deferred`] ones,
//! the objective hands the block on as [`Ready`] with that product as its [`Gradient`], and the
//! step forms it piece by piece while the parameters are in the cache.
//!
//! Whoever lists plugins asks for the [`names`] that are registered in a program, and for an [`example`] of
//! each.

mod deferred;
mod products;
mod ready;
mod registered;

pub use deferred::{Deferred, Outer};
pub use products::{Operand, Plain, Products};
pub use ready::{Gradient, Ready};
pub use registered::{example, names};
