//! The options that `create` and `import` share: the fields of a request to `POST /os-keypairs`, and its response.

use crate::misuse;
use crate::output::print;
use crate::stop::Stop;
use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ssh_keypair::keypair::{KeyType, NameAlphabet, Profile};
use ssh_keypair::os_keypairs::{ApiVersion, Request, RequestBody, Response};
use zeroize::Zeroizing;

#[derive(clap::Args)]
pub(crate) struct RequestArgs {
    /// Name of the key pair: letters, digits, spaces, '_' and '-'; with --api-version 2.92 also '@' and '.'
    pub(crate) name: String,

    /// Type of the key pair [default: ssh]
    #[arg(long = "type", value_name = "TYPE", value_parser = key_type())]
    pub(crate) key_type: Option<KeyType>,

    /// Id of the owner
    #[arg(long, value_name = "ID")]
    pub(crate) user_id: Option<String>,

    /// Follow the public clouds' documentation, or OpenStack Nova
    #[arg(long, value_enum, default_value_t)]
    profile: ProfileName,

    /// Version of the compute API, from 2.0 to 2.104
    #[arg(long, value_name = "VERSION", default_value_t = ApiVersion::V2_10)]
    pub(crate) api_version: ApiVersion,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum ProfileName {
    #[default]
    Documented,
    Nova,
}

fn key_type() -> impl TypedValueParser<Value = KeyType> {
    let names = KeyType::ALL.iter().map(|key_type| key_type.as_str());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<KeyType>())
}

impl RequestArgs {
    pub(crate) fn is_x509(&self) -> bool {
        self.key_type == Some(KeyType::X509)
    }

    /// The profile, with the names that the API version allows.
    pub(crate) fn profile(&self) -> Profile {
        let profile = match self.profile {
            ProfileName::Documented => Profile::documented(),
            ProfileName::Nova => Profile::nova(),
        };
        if self.api_version >= ApiVersion::V2_92 {
            profile.with_name_alphabet(NameAlphabet::WithAtAndDot)
        } else {
            profile
        }
    }

    /// Checks the fields by the rules of the API version. A request without a `public_key` creates a key pair.
    pub(crate) fn check(&self, public_key: Option<&str>, profile: &Profile) -> Result<Request, Stop> {
        if public_key.is_none() && self.api_version >= ApiVersion::V2_92 {
            let reason = "API version 2.92 only imports key pairs; to create one, use an earlier --api-version";
            return Err(Stop::Failed(reason.to_owned()));
        }
        let members = [
            ("name", Some(self.name.as_str())),
            ("type", self.key_type.map(KeyType::as_str)),
            ("public_key", public_key),
            ("user_id", self.user_id.as_deref()),
        ];
        let body =
            RequestBody::from_members(members.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))));
        Request::new(&body, self.api_version, profile).map_err(|error| Stop::failed(error.message()))
    }

    /// The owner's id, which a certificate needs: it is the name in it.
    pub(crate) fn user_id_of_certificate(&self) -> Result<&str, Stop> {
        let needed = || misuse("create", "--type x509 needs --user-id, which is the name in the certificate");
        self.user_id.as_deref().ok_or_else(needed)
    }
}

/// Prints a response, which may contain a private key.
pub(crate) fn print_response(response: &Response) -> Result<(), Stop> {
    // Larger than any response, because a buffer that grows leaves copies behind.
    let mut json = Zeroizing::new(Vec::with_capacity(64 << 10));
    serde_json::to_writer_pretty(&mut *json, response).map_err(Stop::failed)?;
    print(std::str::from_utf8(&json).map_err(Stop::failed)?)
}
