//! `keypair`: creates, imports, converts, fingerprints and audits SSH keys from a shell.
//!
//! Each command has a file with its options and its work: [`create`], [`import`], [`convert`], [`fingerprint`] and
//! [`audit`]. They share [`files`] (reading and writing), [`request`] (the options of a request, and the response),
//! [`public_keys`] (the keys in a file), [`hints`], [`output`] and [`stop`].

mod audit;
mod convert;
mod create;
mod files;
mod fingerprint;
mod hints;
mod import;
mod output;
mod public_keys;
mod request;
mod stop;

use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;
use stop::Stop;

const EXAMPLES: &str = "\
Examples:
  keypair create demo
  keypair create demo --private-key demo.pem
  keypair import laptop ~/.ssh/id_ed25519.pub
  keypair convert --to openssh demo.pem --out id_rsa
  keypair fingerprint ~/.ssh/authorized_keys
  keypair audit /home/*/.ssh/authorized_keys

Exit status:
  0  done
  1  an input was rejected, or an operation failed
  2  called with wrong arguments
  3  audit: a key is broken

A file named - is standard input. Arguments after -- are not options, even if they start with a dash.";

/// Create, import, convert, fingerprint and audit SSH keys
#[derive(Parser)]
#[command(name = "keypair", version, after_help = EXAMPLES, arg_required_else_help = false)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Create(create::Args),
    Import(import::Args),
    Convert(convert::Args),
    Fingerprint(fingerprint::Args),
    Audit(audit::Args),
}

fn main() -> ExitCode {
    let done = Cli::try_parse().map_err(Stop::Usage).and_then(|cli| match cli.command {
        Command::Create(args) => create::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Import(args) => import::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Convert(args) => convert::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Fingerprint(args) => fingerprint::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Audit(args) => audit::run(&args),
    });
    done.unwrap_or_else(|stop| stop.report())
}

/// The error for arguments that are valid one by one, but not together. `command` is the name of the subcommand.
fn misuse(command: &str, reason: &str) -> Stop {
    let mut cli = Cli::command();
    // Gives each subcommand its full name, for the usage line.
    cli.build();
    let named = match cli.find_subcommand_mut(command) {
        Some(subcommand) => subcommand,
        None => &mut cli,
    };
    Stop::Usage(named.error(clap::error::ErrorKind::ArgumentConflict, reason))
}
