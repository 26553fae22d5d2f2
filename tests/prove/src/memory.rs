//! The memory of a kernel: its operands, each of them a separate region with known cells.
//!
//! An address is a region and an offset, never a number, so a claim holds wherever the operands are.

use crate::finding::{Finding, Result, ensure};
use crate::word::Word;
use std::collections::BTreeMap;

/// A region of memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RegionId(usize);

/// The contents of a general register.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scalar {
    Number(u64),
    Address {
        region: RegionId,
        offset: i64,
    },
    /// The contents of a register when the function was called, or the return address (16).
    Entry(u8),
    /// Depends on data.
    Data,
}

#[derive(Clone, Debug)]
enum Contents {
    /// A vector, or a part of one. None if it is not yet written.
    Word(Option<Word>),
    Scalar(Scalar),
}

#[derive(Clone, Debug)]
struct Cell {
    bytes: u32,
    contents: Contents,
}

#[derive(Clone, Debug)]
struct Region {
    name: &'static str,
    writable: bool,
    /// The address is a multiple of this.
    alignment: u32,
    cells: BTreeMap<i64, Cell>,
    /// The bytes of a static, which has no cells.
    bytes: Vec<u8>,
}

#[derive(Clone, Default)]
pub(crate) struct Memory {
    regions: Vec<Region>,
}

impl Memory {
    /// A region without cells. Regions do not overlap.
    pub(crate) fn region(&mut self, name: &'static str, writable: bool, alignment: u32) -> RegionId {
        self.regions.push(Region { name, writable, alignment, cells: BTreeMap::new(), bytes: Vec::new() });
        RegionId(self.regions.len() - 1)
    }

    /// A static at some address.
    pub(crate) fn constant(&mut self, address: u64, bytes: &[u8]) -> RegionId {
        // A program is loaded at a multiple of a page.
        let region = self.region("a static", false, 1 << address.trailing_zeros().min(12));
        self.regions[region.0].bytes = bytes.to_vec();
        region
    }

    /// Adds a cell for a vector after the last one.
    pub(crate) fn push(&mut self, region: RegionId, bytes: u32, word: Option<Word>) {
        self.push_cell(region, Cell { bytes, contents: Contents::Word(word) });
    }

    /// Adds a cell of eight bytes for a general register.
    pub(crate) fn push_scalar(&mut self, region: RegionId, scalar: Scalar) {
        self.push_cell(region, Cell { bytes: 8, contents: Contents::Scalar(scalar) });
    }

    fn push_cell(&mut self, region: RegionId, cell: Cell) {
        let cells = &mut self.regions[region.0].cells;
        let end = cells.last_key_value().map_or(0, |(offset, last)| offset + i64::from(last.bytes));
        cells.insert(end, cell);
    }

    /// Adds or replaces a slot of the stack.
    pub(crate) fn put_slot(&mut self, region: RegionId, offset: i64, scalar: Scalar) {
        self.regions[region.0].cells.insert(offset, Cell { bytes: 8, contents: Contents::Scalar(scalar) });
    }

    /// The region of an address, and the offset.
    fn at(&mut self, address: Scalar, bytes: u32, aligned: bool) -> Result<(&mut Region, i64)> {
        let Scalar::Address { region, offset } = address else {
            return Err(Finding::new(format!("an access to {address:?}, which is not the address of an operand")));
        };
        let region = &mut self.regions[region.0];
        if aligned {
            ensure(region.alignment.is_multiple_of(bytes) && offset.rem_euclid(i64::from(bytes)) == 0, || {
                format!("an aligned access to {} at {offset} is not aligned to {bytes}", region.name)
            })?;
        }
        Ok((region, offset))
    }

    fn cell(&mut self, address: Scalar, bytes: u32, aligned: bool) -> Result<(&mut Cell, bool, &'static str)> {
        let (region, offset) = self.at(address, bytes, aligned)?;
        let name = region.name;
        let cell = region.cells.get_mut(&offset).filter(|cell| cell.bytes == bytes);
        let cell = cell.ok_or_else(|| Finding::new(format!("{name} has no value of {bytes} bytes at {offset}")))?;
        Ok((cell, region.writable, name))
    }

    pub(crate) fn load(&mut self, address: Scalar, bytes: u32, aligned: bool) -> Result<Word> {
        let (region, offset) = self.at(address, bytes, aligned)?;
        if !region.bytes.is_empty() {
            return lanes(&region.bytes, offset, bytes);
        }
        let (cell, _, name) = self.cell(address, bytes, aligned)?;
        match &cell.contents {
            Contents::Word(Some(word)) => Ok(word.clone()),
            _ => Err(Finding::new(format!("{name} is read before it is written"))),
        }
    }

    pub(crate) fn load_scalar(&mut self, address: Scalar) -> Result<Scalar> {
        let (cell, _, name) = self.cell(address, 8, false)?;
        match cell.contents {
            Contents::Scalar(scalar) => Ok(scalar),
            Contents::Word(_) => Err(Finding::new(format!("a general register reads data from {name}"))),
        }
    }

    pub(crate) fn store(&mut self, address: Scalar, bytes: u32, aligned: bool, word: Word) -> Result<()> {
        let (cell, writable, name) = self.cell(address, bytes, aligned)?;
        ensure(writable && matches!(cell.contents, Contents::Word(_)), || format!("{name} is written to"))?;
        cell.contents = Contents::Word(Some(word));
        Ok(())
    }

    /// The contents of the cells of a region, in order.
    pub(crate) fn words(&self, region: RegionId) -> Vec<Option<Word>> {
        let words = self.regions[region.0].cells.values().map(|cell| match &cell.contents {
            Contents::Word(word) => word.clone(),
            Contents::Scalar(_) => None,
        });
        words.collect()
    }
}

/// The bits of each lane of a vector in a static. They must be the same in all lanes.
fn lanes(bytes: &[u8], offset: i64, length: u32) -> Result<Word> {
    let start = usize::try_from(offset).ok();
    let vector = start.and_then(|start| bytes.get(start..)?.get(..length as usize));
    let (lanes, rest) =
        vector.ok_or_else(|| Finding::new(format!("a static has no {length} bytes at {offset}")))?.as_chunks();
    match lanes {
        [first, others @ ..] if rest.is_empty() && others.iter().all(|lane| lane == first) => {
            Ok(Word::Bits(u64::from_le_bytes(*first)))
        }
        _ => Err(Finding::new(format!("the lanes of a static differ at {offset}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_cells_of_operands_are_accessed() {
        let mut memory = Memory::default();
        let region = memory.region("a", false, 32);
        memory.push(region, 32, Some(Word::Bits(1)));
        memory.push(region, 32, None);
        let at = |offset| Scalar::Address { region, offset };
        assert_eq!(memory.load(at(0), 32, true).unwrap().bits(), Some(1));
        assert!(memory.load(at(32), 32, true).is_err(), "not written");
        assert!(memory.load(at(64), 32, true).is_err(), "beyond the end");
        assert!(memory.load(at(-32), 32, true).is_err(), "before the beginning");
        assert!(memory.load(at(8), 32, false).is_err(), "between cells");
        assert!(memory.load(at(0), 8, false).is_err(), "a part");
        assert!(memory.load(Scalar::Number(0), 32, true).is_err(), "not an address");
        assert!(memory.store(at(0), 32, true, Word::Bits(0)).is_err(), "read only");
        assert!(memory.load_scalar(at(0)).is_err(), "data in a general register");
    }

    #[test]
    fn the_lanes_of_a_static_must_agree() {
        let mut memory = Memory::default();
        let region = memory.constant(0x40, &[7u64, 7, 7, 8].map(u64::to_le_bytes).concat());
        let mut load = |offset, bytes| {
            memory.load(Scalar::Address { region, offset }, bytes, true).ok().and_then(|word| word.bits())
        };
        assert_eq!((load(0, 16), load(16, 16), load(32, 16)), (Some(7), None, None));
    }

    #[test]
    fn alignment_follows_from_the_region_and_the_offset() {
        let mut memory = Memory::default();
        let region = memory.region("a", false, 16);
        memory.push(region, 32, Some(Word::Bits(1)));
        let address = Scalar::Address { region, offset: 0 };
        assert!(memory.load(address, 32, false).is_ok() && memory.load(address, 32, true).is_err());
    }
}
