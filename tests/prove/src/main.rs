//! Proves what the vector kernels of `ssh-keypair` do, from the machine code of a program that contains them.
//!
//!     ssh-keypair-prove PROGRAM
//!     ssh-keypair-prove --mutations PROGRAM
//!
//! `docs/proof.md` says what is proved, what is trusted, and what is not reached.

mod claims;
mod dyadic;
mod finding;
mod float;
mod instruction;
mod integer;
mod interval;
mod machine;
mod memory;
mod polynomial;
mod program;
mod symbols;
mod word;

use claims::{Subject, kernels};
use finding::Result;
use program::Program;
use std::process::ExitCode;
use std::time::Instant;

/// Checks every kernel. Returns how many claims are not shown.
fn prove(program: &Program) -> Result<usize> {
    let mut failures = 0;
    for kernel in kernels() {
        let begin = Instant::now();
        let shown = program
            .function(kernel.name)
            .and_then(|function| (kernel.check)(&Subject { program, code: &function.code, excess: 0 }));
        match shown {
            Ok(()) => println!("{}: {} ({:.1} s)", kernel.name, kernel.values, begin.elapsed().as_secs_f64()),
            Err(finding) => {
                failures += 1;
                println!("{}: NOT SHOWN: {finding}", kernel.name);
            }
        }
    }
    Ok(failures)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let failures = match arguments.as_slice() {
        [path] => Program::read(path).and_then(|program| prove(&program)),
        _ => {
            eprintln!("usage: ssh-keypair-prove [--mutations] PROGRAM");
            return ExitCode::FAILURE;
        }
    };
    match failures {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(finding) => {
            eprintln!("{finding}");
            ExitCode::FAILURE
        }
    }
}
