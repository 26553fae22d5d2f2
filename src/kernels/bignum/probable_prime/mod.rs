//! Euler's test to base 2 of one public number.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod avx2;
mod euler;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod ifma;

pub(crate) use self::euler::is_probable_prime_vartime;
