//! The registers that a kernel declares as overwritten, with `kernel!` in the source.

use crate::finding::{Finding, Result, ensure};
use std::collections::BTreeMap;
use std::fs;

/// Vector registers and mask registers, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Declared {
    pub(crate) vectors: u32,
    pub(crate) masks: u8,
}

/// What each kernel declares, by backend and name.
pub(crate) fn read(kernels: &str) -> Result<BTreeMap<String, Declared>> {
    let file = |name: &str| {
        let path = format!("{kernels}/{name}");
        fs::read_to_string(&path).map_err(|error| Finding::new(format!("{path}: {error}")))
    };
    let assembly = file("assembly.rs")?;
    let kinds = kinds(&assembly)?;
    let mut all = BTreeMap::new();
    for backend in ["avx2", "ifma"] {
        let source = file(&format!("bignum/{backend}/kernel.rs"))?;
        for (name, kind) in uses(&source) {
            let declared = kinds.get(kind).ok_or_else(|| Finding::new(format!("`kernel!` has no kind `{kind}`")))?;
            ensure(all.insert(format!("{backend} {name}"), *declared).is_none(), || {
                format!("{name} has two blocks of assembly")
            })?;
        }
    }
    Ok(all)
}

/// The registers of each kind of kernel, from the arms of the macro: `(zmm: ...) => { ... out("zmm0") _, ... }`.
fn kinds(source: &str) -> Result<BTreeMap<&str, Declared>> {
    let mut kinds = BTreeMap::new();
    let (_, arms) =
        source.split_once("macro_rules! kernel").ok_or_else(|| Finding::new("there is no macro `kernel!`"))?;
    for arm in arms.split("\n    (").skip(1) {
        let Some((kind, rest)) = arm.split_once(": $lines") else { continue };
        let mut declared = Declared::default();
        for register in rest.split("out(\"").skip(1).filter_map(|text| text.split('"').next()) {
            let index = |prefix| register.strip_prefix(prefix)?.parse::<u32>().ok().filter(|index| *index < 32);
            if let Some(index) = index("zmm").or_else(|| index("ymm")) {
                declared.vectors |= 1 << index;
            } else if let Some(index) = index("k").filter(|index| *index < 8) {
                declared.masks |= 1 << index;
            } else {
                return Err(Finding::new(format!("`kernel!` declares `{register}`")));
            }
        }
        kinds.insert(kind, declared);
    }
    Ok(kinds)
}

/// Each function that is visible in the backend, with the kind of its block of assembly.
fn uses(source: &str) -> Vec<(&str, &str)> {
    let functions = source.split("\npub(super) fn ").skip(1);
    let uses = functions.filter_map(|function| {
        let name = function.split(['(', '<']).next()?;
        // The search ends at the next function, which may be visible elsewhere.
        let body = function.split("\npub").next()?;
        let kind = body.split_once("kernel!(")?.1.split(':').next()?;
        Some((name, kind))
    });
    uses.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_uses_are_found() {
        let text = "macro_rules! kernel {\n    (zmm: $lines:tt) => { out(\"k1\") _, out(\"zmm0\") _, out(\"zmm31\") _ };\n    \
            (operands: $lines:tt) => {};\n    (@ [$($line:expr),*]) => {};\n}";
        let kinds = kinds(text).unwrap();
        assert_eq!(kinds["zmm"], Declared { vectors: 1 << 31 | 1, masks: 2 });
        assert_eq!(kinds["operands"], Declared::default());
        let source = "\npub(super) fn square<const L: usize>() {\n kernel!(ymm:\n}\npub(super) fn none() {}\npub fn other() { kernel!(zmm: }";
        assert_eq!(uses(source), [("square", "ymm")]);
    }

    #[test]
    fn unknown_registers_are_an_error() {
        assert!(kinds("macro_rules! kernel {\n    (zmm: $lines:tt) => { out(\"mm0\") _ };").is_err());
    }
}
