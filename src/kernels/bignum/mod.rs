//! Natural numbers: plain arithmetic, and modular arithmetic on several of them side by side.

pub(crate) mod division;
pub(crate) mod fermat;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
pub(crate) mod ifma;
pub(crate) mod limbs;
pub(crate) mod portable;
pub(crate) mod probable_prime;
pub(crate) mod roots;
pub(crate) mod sieve;
#[cfg(test)]
pub(crate) mod suite;
