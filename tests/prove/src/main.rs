//! Proves what the vector kernels of `ssh-keypair` compute, from the machine code of a program that contains them.
//!
//!     ssh-keypair-prove PROGRAM SOURCE                    prints each claim, or why it is not shown
//!     ssh-keypair-prove --mutations PROGRAM SOURCE        breaks the kernels: each mutation must be caught
//!     ssh-keypair-prove --exhaustive PROGRAM SOURCE       changes every instruction: prints what is not caught
//!
//! SOURCE is the folder `src/kernels`, whose `kernel!` declares what may be overwritten.
//! `docs/proof.md` says what is proved, what is trusted, and what is not proved.

mod claims;
mod declared;
mod dyadic;
mod finding;
mod float;
mod instruction;
mod integer;
mod interval;
mod machine;
mod memory;
mod mutations;
mod polynomial;
mod program;
mod symbols;
mod word;

use claims::{kernels, statements};
use finding::Result;
use program::Program;
use std::process::ExitCode;
use std::time::Instant;

/// Checks every claim about a kernel and every other statement. Returns how many are not shown.
fn prove(program: &Program) -> usize {
    let mut failures = 0;
    let mut report = |name: &str, values: &str, check: &dyn Fn() -> Result<()>| {
        let begin = Instant::now();
        match check() {
            Ok(()) => println!("{name}: {values} ({:.1} s)", begin.elapsed().as_secs_f64()),
            Err(finding) => {
                failures += 1;
                println!("{name}: NOT SHOWN: {finding}");
            }
        }
    };
    for kernel in kernels() {
        report(kernel.name, kernel.values, &|| (kernel.check)(&program.subject(kernel.name)?));
    }
    for statement in statements() {
        report(statement.name, statement.values, &|| (statement.check)(program));
    }
    failures
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let failures = match arguments.as_slice() {
        ["--mutations", program, source] => {
            Program::read(program, source).and_then(|program| mutations::list(&program))
        }
        ["--exhaustive", program, source] => {
            Program::read(program, source).and_then(|program| mutations::exhaustive(&program))
        }
        [program, source] => Program::read(program, source).map(|program| prove(&program)),
        _ => {
            eprintln!("usage: ssh-keypair-prove [--mutations | --exhaustive] PROGRAM SOURCE");
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
