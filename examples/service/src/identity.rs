//! Who calls.

use axum::http::HeaderMap;
use ssh_keypair::os_keypairs::{Caller, RequestError};
use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub(crate) enum Identity {
    /// By the headers that keystonemiddleware sets.
    Headers,
    /// By the header `X-Auth-Token`.
    Tokens(Vec<(Zeroizing<String>, Caller)>),
}

impl Identity {
    /// `headers`, or `tokens=FILE`. A file that does not exist is written, with one random token.
    pub(crate) fn from_option(option: &str) -> Result<Self, Box<dyn Error>> {
        if option == "headers" {
            return Ok(Self::Headers);
        }
        let file = option.strip_prefix("tokens=").ok_or("--identity is `headers` or `tokens=FILE`")?;
        let text = match fs::read_to_string(file) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == ErrorKind::NotFound => write_first_token(file)?,
            Err(error) => return Err(format!("{file}: {error}").into()),
        };
        let mut tokens = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let parts: Vec<_> = line.split_whitespace().collect();
            let [token, user_id, project_id, roles] = parts[..] else {
                return Err(format!("{file}: a line is not `TOKEN USER PROJECT ROLE[,ROLE...]`").into());
            };
            tokens.push((Zeroizing::new(token.to_owned()), Caller::new(user_id.parse()?, project_id, roles)));
        }
        Ok(Self::Tokens(tokens))
    }

    pub(crate) fn trusts_headers(&self) -> bool {
        matches!(self, Self::Headers)
    }

    /// The caller of a request. The time of comparing tokens does not depend on their digits.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Result<Caller, RequestError> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let caller = match self {
            Self::Headers => {
                let user_id = header("x-user-id").parse().ok().filter(|_| !header("x-user-id").is_empty());
                user_id.map(|user_id| Caller::new(user_id, header("x-project-id"), header("x-roles")))
            }
            Self::Tokens(tokens) => {
                let given = header("x-auth-token").as_bytes();
                tokens.iter().find(|(token, _)| token.as_bytes().ct_eq(given).into()).map(|(_, caller)| caller.clone())
            }
        };
        caller.ok_or(RequestError::Unauthorized)
    }
}

/// Writes a file with one random token, which only the user who runs the service can read.
fn write_first_token(file: &str) -> Result<Zeroizing<String>, Box<dyn Error>> {
    let mut bytes = Zeroizing::new([0; 16]);
    getrandom::fill(bytes.as_mut())?;
    let token: Zeroizing<String> = Zeroizing::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect());
    let line = Zeroizing::new(format!("{} demo demo member\n", *token));
    let mut created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    created.write_all(b"# TOKEN USER PROJECT ROLE[,ROLE...]\n")?;
    created.write_all(line.as_bytes())?;
    tracing::info!(file, "wrote a file with a token for the user demo");
    Ok(line)
}
