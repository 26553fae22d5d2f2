//! Counts requests, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

type Total = (u64, Duration);

#[derive(Default)]
pub(crate) struct Metrics {
    /// By action and status: the number of requests, and their time.
    requests: Mutex<BTreeMap<(&'static str, u16), Total>>,
}

impl Metrics {
    pub(crate) fn count(&self, action: &'static str, status: u16, time: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, total) = requests.entry((action, status)).or_default();
        *count += 1;
        *total += time;
    }

    pub(crate) fn to_text(&self) -> String {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut counts, mut times) = (String::new(), String::new());
        for ((action, status), (count, total)) in &*requests {
            let labels = format!("{{action=\"{action}\",status=\"{status}\"}}");
            // Writing to a `String` does not fail.
            let _ = writeln!(counts, "keypairs_requests_total{labels} {count}");
            let _ = writeln!(times, "keypairs_request_seconds_total{labels} {}", total.as_secs_f64());
        }
        format!(
            "# TYPE keypairs_requests_total counter\n{counts}# TYPE keypairs_request_seconds_total counter\n{times}"
        )
    }
}
