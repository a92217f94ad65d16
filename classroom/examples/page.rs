//! A sheet as JSON on stdin becomes its page on stdout: for looking at pages whose exercises nobody drew.

use std::io::{Read, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut json = String::new();
    std::io::stdin().read_to_string(&mut json)?;
    std::io::stdout().write_all(owabi_classroom::page::page(&serde_json::from_str(&json)?).as_bytes())?;
    Ok(())
}
