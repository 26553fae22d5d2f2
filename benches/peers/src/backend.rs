//! The backends of this crate, and the CPU that they run on.

use crate::Result;
use ssh_keypair::internals::{Instructions, MULTIPLY_ADDS, multiply_adds};
use std::time::Instant;

#[derive(Clone, Copy)]
pub struct Backend {
    pub name: &'static str,
    pub instructions: Instructions,
}

const ALL: [Backend; 3] = [
    Backend { name: "portable", instructions: Instructions::Portable },
    Backend { name: "avx2", instructions: Instructions::Avx2 },
    Backend { name: "ifma", instructions: Instructions::Avx512 },
];

impl Backend {
    fn is_there(self) -> bool {
        self.instructions == Instructions::Portable || multiply_adds(self.instructions)
    }
}

/// The backends that this CPU has, the best one last.
pub fn here() -> Vec<Backend> {
    ALL.into_iter().filter(|backend| backend.is_there()).collect()
}

/// The backend that the library chooses.
pub fn best() -> Backend {
    here().pop().unwrap_or(ALL[0])
}

/// The backends of a list of names. One that this CPU does not have is an error.
pub fn named(names: &str) -> Result<Vec<Backend>> {
    let find = |name| {
        let backend =
            ALL.into_iter().find(|backend| backend.name == name).ok_or("the backends are portable, avx2 and ifma")?;
        if backend.is_there() { Ok(backend) } else { Err(format!("this CPU does not have the backend {name}").into()) }
    };
    names.split(',').map(find).collect()
}

/// The name of the CPU.
pub fn cpu() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let value = |key: &str| info.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix(": "));
    [value("model name"), value("cpu family").map(|_| "family"), value("cpu family")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// For each backend with vectors, how many multiply-adds of one register the CPU executes in a nanosecond, at best.
pub fn rates() -> serde_json::Map<String, serde_json::Value> {
    let vectors = ALL.into_iter().filter(|backend| multiply_adds(backend.instructions));
    vectors.map(|backend| (backend.name.to_owned(), rate(backend.instructions).into())).collect()
}

fn rate(instructions: Instructions) -> f64 {
    const TURNS: u32 = 10_000;
    let runs = (0..100).map(|_| {
        let start = Instant::now();
        (0..TURNS).for_each(|_| _ = multiply_adds(instructions));
        f64::from(TURNS * MULTIPLY_ADDS) / (1e9 * start.elapsed().as_secs_f64())
    });
    runs.fold(0.0, f64::max)
}
