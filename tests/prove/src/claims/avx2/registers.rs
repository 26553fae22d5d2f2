//! The selection from a table, and the wiping of registers.

use super::super::{ENTRIES, Kind, Subject, selected, start, wiped};
use super::shape::{Shape, VECTOR, every_shape, results};
use crate::dyadic::Dyadic;
use crate::finding::Result;
use crate::interval::Interval;
use crate::memory::Scalar;
use crate::word::Word;

pub(super) fn select(subject: &Subject<'_>) -> Result<()> {
    every_shape(|shape| {
        // An index of 16 selects no entry.
        (0..=ENTRIES).try_for_each(|index| {
            select_of(subject, shape, index).map_err(|finding| finding.at(format!("index {index}")))
        })
    })
}

/// Checks the selection for one index of the lane. Vectors with known values do not reach general registers, so no address
/// depends on the index.
fn select_of(subject: &Subject<'_>, shape: &Shape, index: usize) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let vectors = shape.digits + 2;
    let table = machine.memory.region("the table", false, VECTOR);
    let entries = machine.unknowns(ENTRIES * vectors, Interval::around_zero(Dyadic::power_of_two(60)), 0);
    let entries = machine.append(table, VECTOR, Kind::Double, &entries);
    let at_index = machine.memory.region("the index", false, VECTOR);
    machine.memory.push(at_index, VECTOR, Some(Word::Bits(index as u64)));
    let x = results(&mut machine, "x", vectors);
    machine.call(subject.code, &[start(table), start(at_index), start(x), Scalar::Number(vectors as u64)])?;
    selected(Kind::Double, &machine.memory.words(x), &entries, index)
}

pub(super) fn wipe(subject: &Subject<'_>) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    machine.call(subject.code, &[])?;
    wiped(&machine, 16, &[])
}
