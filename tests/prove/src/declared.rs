//! What a kernel declares to overwrite: registers, and memory. `kernel!` says it in the source.

use crate::finding::{Finding, Result, ensure};
use std::collections::BTreeMap;
use std::fs;

/// Vector registers and mask registers, one bit each, and whether memory may be written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Declared {
    pub(crate) vectors: u32,
    pub(crate) masks: u8,
    pub(crate) memory: bool,
}

/// What each kernel declares, by backend and name.
pub(crate) fn read(kernels: &str) -> Result<BTreeMap<String, Declared>> {
    let file = |name: &str| {
        let path = format!("{kernels}/{name}");
        let text = fs::read_to_string(&path).map_err(|error| Finding::new(format!("{path}: {error}")))?;
        Ok::<_, Finding>(without_comments(&text))
    };
    let assembly = file("assembly.rs")?;
    let kinds = kinds(&assembly)?;
    let mut all = BTreeMap::new();
    for backend in ["avx2", "ifma"] {
        let source = file(&format!("bignum/{backend}/kernel.rs"))?;
        ensure(!source.contains("asm!"), || format!("{backend} has assembly without `kernel!`"))?;
        for (name, kind) in uses(&source)? {
            let declared = kinds.get(kind).ok_or_else(|| Finding::new(format!("`kernel!` has no kind `{kind}`")))?;
            let is_new = all.insert(format!("{backend} {name}"), *declared).is_none();
            ensure(is_new, || format!("there are two functions {name}"))?;
        }
    }
    Ok(all)
}

/// The source without what follows `//` in a line.
fn without_comments(source: &str) -> String {
    source.lines().flat_map(|line| [line.split("//").next().unwrap_or(line), "\n"]).collect()
}

/// The registers of each kind of kernel, from the arms of the macro: `(zmm: ...) => { ... out("zmm0") _, ... }`.
fn kinds(source: &str) -> Result<BTreeMap<&str, Declared>> {
    let mut kinds = BTreeMap::new();
    let (_, arms) =
        source.split_once("macro_rules! kernel").ok_or_else(|| Finding::new("there is no macro `kernel!`"))?;
    for arm in arms.split("\n    (").skip(1) {
        let Some((kind, rest)) = arm.split_once(": $lines") else { continue };
        // The last brackets of an arm: `[nostack]`.
        let options =
            rest.rsplit_once('[').and_then(|(_, options)| options.split_once(']')).map(|(options, _)| options);
        let memory = match options {
            Some("nostack") => true,
            Some("nostack, readonly") => false,
            _ => return Err(Finding::new(format!("`kernel!` has other options for `{kind}`"))),
        };
        let mut declared = Declared { memory, ..Declared::default() };
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

/// Each function that is visible in the backend, with the kind of its block of assembly. A second block could declare others.
fn uses(source: &str) -> Result<Vec<(&str, &str)>> {
    let mut uses = Vec::new();
    for function in source.split("\npub(super) fn ").skip(1) {
        // Not beyond the next function, which may be visible elsewhere.
        let body = function.split("\npub").next().unwrap_or(function);
        let mut blocks = body.split("kernel!(").skip(1);
        let (Some(name), Some(block)) = (function.split(['(', '<']).next(), blocks.next()) else { continue };
        ensure(blocks.next().is_none(), || format!("{name} has two blocks of assembly"))?;
        uses.push((name, block.split(':').next().unwrap_or(block)));
    }
    Ok(uses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_uses_are_found() {
        let text = "macro_rules! kernel {\n    (zmm: $lines:tt) => { [out(\"k1\") _, out(\"zmm0\") _, out(\"zmm31\") _] [nostack] };\n    \
            (operands: $lines:tt) => { [nostack, readonly] };\n    (@ [$($line:expr),*]) => {};\n}";
        let kinds = kinds(text).unwrap();
        assert_eq!(kinds["zmm"], Declared { vectors: 1 << 31 | 1, masks: 2, memory: true });
        assert_eq!(kinds["operands"], Declared::default());
        let source = "\npub(super) fn square<const L: usize>() {\n kernel!(ymm:\n}\npub(super) fn none() {}\npub fn other() { kernel!(zmm: }";
        assert_eq!(uses(source), Ok(vec![("square", "ymm")]));
    }

    #[test]
    fn comments_and_second_blocks_declare_nothing() {
        let text =
            "macro_rules! kernel {\n    (zmm: $lines:tt) => { [out(\"zmm0\") _, // out(\"zmm1\") _\n] [nostack] };\n}";
        assert_eq!(kinds(&without_comments(text)).unwrap()["zmm"].vectors, 1);
        let two = "\npub(super) fn f() {\n kernel!(ymm: x);\n // kernel!(zmm: x);\n kernel!(operands: x);\n}";
        assert!(uses(two).is_err());
        assert_eq!(uses(&without_comments(&two.replace("\n kernel!(op", "// kernel!(op"))), Ok(vec![("f", "ymm")]));
    }

    #[test]
    fn unknown_registers_and_options_are_an_error() {
        let kinds = |text| kinds(text).map(|kinds| kinds["zmm"]);
        assert!(kinds("macro_rules! kernel {\n    (zmm: $lines:tt) => { [out(\"zmm0\") _] [nostack] };").is_ok());
        assert!(kinds("macro_rules! kernel {\n    (zmm: $lines:tt) => { [out(\"mm0\") _] [nostack] };").is_err());
        assert!(kinds("macro_rules! kernel {\n    (zmm: $lines:tt) => { [out(\"zmm0\") _] [nomem] };").is_err());
    }
}
