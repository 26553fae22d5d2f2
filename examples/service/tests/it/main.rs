//! The service as its clients see it, and under load.

mod faults;
mod interface;
mod load;
mod server;
