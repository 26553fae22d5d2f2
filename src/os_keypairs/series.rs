//! The two series of the compute API, by their paths.

/// The two series of the compute API: `/v2`, which is 2.0 in compatibility mode, and `/v2.1`, which has all later versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ApiSeries {
    V2_0,
    V2_1,
}

impl ApiSeries {
    pub(super) const ALL: [Self; 2] = [Self::V2_0, Self::V2_1];

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::V2_0 => "v2",
            Self::V2_1 => "v2.1",
        }
    }

    pub(super) fn from_path(part: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|series| series.path() == part)
    }
}
