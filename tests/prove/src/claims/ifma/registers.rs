//! The selection from a table, zeros, and the wiping of registers.

use super::super::{ENTRIES, Kind, Subject, selected, start, wiped};
use super::{BLOCK, BLOCKS, DIGIT, VECTOR, known, results};
use crate::finding::{Result, ensure};
use crate::interval::Interval;
use crate::memory::Scalar;
use crate::word::Word;

pub(super) fn select(subject: &Subject<'_>) -> Result<()> {
    select_nothing(subject, 0, 2)?;
    select_nothing(subject, 32, 0)?;
    BLOCKS.iter().try_for_each(|blocks| {
        // An index of 16 selects no entry.
        (0..=ENTRIES).try_for_each(|index| {
            select_of(subject, *blocks, index).map_err(|finding| finding.at(format!("{blocks} blocks, index {index}")))
        })
    })
}

/// Checks that nothing is written for an empty choice, or from an empty table.
fn select_nothing(subject: &Subject<'_>, table_blocks: u64, blocks: u64) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let [table, chosen] = ["the table", "chosen"].map(|name| results(&mut machine, name, 0));
    let indices = known(&mut machine, "the indices", 0);
    let [table_blocks, blocks] = [table_blocks, blocks].map(Scalar::Number);
    machine.call(subject.code, &[start(table), table_blocks, indices, start(chosen), blocks])
}

/// Checks the selection for one index of the lane. Vectors with known values do not reach general registers, so no address
/// depends on the index.
fn select_of(subject: &Subject<'_>, blocks: usize, index: usize) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let vectors = BLOCK * blocks;
    let table = machine.memory.region("the table", false, 8);
    let entries = machine.unknowns(ENTRIES * vectors, Interval::unsigned(DIGIT), 0);
    let entries = machine.append(table, VECTOR, Kind::Integer, &entries);
    let indices = known(&mut machine, "the indices", index as u64);
    let chosen = results(&mut machine, "chosen", vectors);
    let [table_blocks, blocks] = [ENTRIES * blocks, blocks].map(|count| Scalar::Number(count as u64));
    machine.call(subject.code, &[start(table), table_blocks, indices, start(chosen), blocks])?;
    selected(Kind::Integer, &machine.memory.words(chosen), &entries, index)
}

pub(super) fn zero(subject: &Subject<'_>) -> Result<()> {
    // No block; and for each size, the columns of a product, and their upper half.
    BLOCKS.iter().flat_map(|blocks| [0, *blocks, 2 * blocks]).try_for_each(|blocks| {
        let mut machine = subject.machine(VECTOR);
        let t = results(&mut machine, "t", BLOCK * blocks);
        machine.call(subject.code, &[start(t), Scalar::Number(blocks as u64)])?;
        let zero = |word: &Option<Word>| word.as_ref().and_then(Word::bits) == Some(0);
        ensure(machine.memory.words(t).iter().all(zero), || format!("{blocks} blocks are not zero"))
    })
}

pub(super) fn wipe(subject: &Subject<'_>) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    machine.call(subject.code, &[])?;
    wiped(&machine, 32, &[1])
}
