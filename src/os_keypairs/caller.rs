//! Who calls.

use super::error::RequestError;
use crate::keypair::UserId;
use alloc::borrow::ToOwned;
use alloc::string::String;

/// The caller, as the service identified it: for example, by Keystone's headers `X-User-Id`, `X-Project-Id` and `X-Roles`.
///
/// ```
/// use ssh_keypair::os_keypairs::Caller;
///
/// let caller = Caller::new("6fc0d2cb".parse()?, "a1b2c3", "member, reader");
/// assert!(!caller.is_admin());
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    user_id: UserId,
    project_id: String,
    is_admin: bool,
}

impl Caller {
    /// A caller, by the user's id, the id of the project that the token is for, and the names of roles, separated by commas.
    /// As in Nova, a caller with the role `admin`, in upper or lower case, is an administrator.
    pub fn new(user_id: UserId, project_id: &str, roles: &str) -> Self {
        let is_admin = roles.split(',').any(|role| role.trim().eq_ignore_ascii_case("admin"));
        Self { user_id, project_id: project_id.to_owned(), is_admin }
    }

    /// The user's id.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// The id of the project.
    pub fn project_id(&self) -> &str {
        &self.project_id
    }

    /// Whether the caller may use the key pairs of other users.
    pub fn is_admin(&self) -> bool {
        self.is_admin
    }

    /// The user whose key pairs a request is about: the one that it names, if that is neither absent nor empty, or else the
    /// caller.
    ///
    /// # Errors
    ///
    /// [`RequestError::OtherUser`] if it names another user and the caller is not an administrator.
    pub fn owner<'a>(&'a self, named: Option<&'a UserId>) -> Result<&'a UserId, RequestError> {
        match named.filter(|id| !id.is_empty()) {
            Some(named) if named != &self.user_id && !self.is_admin => Err(RequestError::OtherUser),
            Some(named) => Ok(named),
            None => Ok(&self.user_id),
        }
    }
}
