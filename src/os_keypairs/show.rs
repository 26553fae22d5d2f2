//! The answer to a show.

use super::version::ApiVersion;
use crate::keypair::Record;
use alloc::format;
use alloc::string::String;

/// The answer to a show, by version: `type` from 2.2. Its status is 200.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// # use ssh_keypair::keypair::{Profile, Record};
/// use ssh_keypair::os_keypairs::{ApiVersion, ShowResponse};
/// # let line = include_str!("../../tests/data/rsa2048.pub");
/// # let record = Record::import("laptop".parse()?, line, None, &Profile::nova())?;
///
/// let shown = ShowResponse::new(ApiVersion::V2_10, &record, 7, 1_600_000_000_250_000);
/// let json = serde_json::to_value(&shown)?;
/// assert_eq!(json["keypair"]["created_at"], "2020-09-13T12:26:40.250000");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ShowResponse<'a> {
    version: ApiVersion,
    record: &'a Record,
    id: i64,
    created_at_microseconds: u64,
}

impl<'a> ShowResponse<'a> {
    /// The answer for a record, with the number that the store gave it, and the time when it was stored, in microseconds since
    /// 1970-01-01T00:00:00Z.
    pub fn new(version: ApiVersion, record: &'a Record, id: i64, created_at_microseconds: u64) -> Self {
        Self { version, record, id, created_at_microseconds }
    }

    /// The version of the API.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The record.
    pub fn record(&self) -> &'a Record {
        self.record
    }

    /// The number of the record in the store.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The time when the record was stored, in UTC, as Nova writes it: `2020-09-13T12:26:40.250000`.
    pub fn created_at(&self) -> String {
        let (seconds, microseconds) =
            (self.created_at_microseconds / 1_000_000, self.created_at_microseconds % 1_000_000);
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        let (year, month, day) = date(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{microseconds:06}")
    }
}

/// The year, month and day, by the number of days since 1970-01-01. The day is counted from the first of March of the year 0, so
/// that a leap day ends a year: 400 years have 146,097 days, and from March on the months have 153 days in each five.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}
