//! The tool from a shell: what it prints, writes and rejects, and with which exit status. One module for each command, and
//! one each for exit statuses, for the files that it writes, and for its output.
#![cfg(unix)]

mod audit;
mod convert;
mod create;
mod fingerprint;
mod import;
mod new_files;
mod output;
mod status;
mod tool;
