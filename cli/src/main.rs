//! The `owabi` command.
fn main() {}
