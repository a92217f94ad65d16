//! Vectorscan (a fork of Hyperscan) through its C interface: only what a block scan for literals needs.

use std::ffi::{c_char, c_int, c_uint, c_ulonglong, c_void};
use std::ptr;

use crate::Result;

const BLOCK_MODE: c_uint = 1;

#[link(name = "hs")]
unsafe extern "C" {
    fn hs_compile_lit_multi(
        expressions: *const *const c_char,
        flags: *const c_uint,
        ids: *const c_uint,
        lengths: *const usize,
        elements: c_uint,
        mode: c_uint,
        platform: *const c_void,
        database: *mut *mut c_void,
        error: *mut *mut c_void,
    ) -> c_int;
    fn hs_alloc_scratch(database: *const c_void, scratch: *mut *mut c_void) -> c_int;
    fn hs_scan(
        database: *const c_void,
        data: *const c_char,
        length: c_uint,
        flags: c_uint,
        scratch: *mut c_void,
        found: extern "C" fn(c_uint, c_ulonglong, c_ulonglong, c_uint, *mut c_void) -> c_int,
        context: *mut c_void,
    ) -> c_int;
}

/// Compiled words with the scratch space of one thread. It is never freed: there is one, and it lives as long as the process.
pub struct Database {
    database: *mut c_void,
    scratch: *mut c_void,
}

impl Database {
    /// Compiles words, which are taken letter by letter.
    pub fn new(words: &[String]) -> Result<Database> {
        let expressions: Vec<*const c_char> = words.iter().map(|word| word.as_ptr().cast()).collect();
        let lengths: Vec<usize> = words.iter().map(String::len).collect();
        let (flags, ids) = (vec![0; words.len()], (0..words.len() as c_uint).collect::<Vec<_>>());
        let (mut database, mut scratch, mut error) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        // SAFETY: the four arrays have as many elements as is said and outlive the calls; the three pointers may be written to.
        let codes = unsafe {
            let count = words.len() as c_uint;
            let compiled = hs_compile_lit_multi(
                expressions.as_ptr(),
                flags.as_ptr(),
                ids.as_ptr(),
                lengths.as_ptr(),
                count,
                BLOCK_MODE,
                ptr::null(),
                &mut database,
                &mut error,
            );
            (compiled, if compiled == 0 { hs_alloc_scratch(database, &mut scratch) } else { 0 })
        };
        if codes == (0, 0) { Ok(Database { database, scratch }) } else { Err(format!("Vectorscan refuses the words: {codes:?}").into()) }
    }

    /// How many matches there are, overlapping ones included.
    pub fn count(&mut self, text: &str) -> u64 {
        let mut count = 0u64;
        // SAFETY: database and scratch are those of `new`; the text and the counter outlive the call, and the counter is only reached
        // through `add` while it lasts.
        let code = unsafe {
            let context = (&raw mut count).cast();
            hs_scan(self.database, text.as_ptr().cast(), text.len() as c_uint, 0, self.scratch, add, context)
        };
        assert_eq!(code, 0, "Vectorscan did not scan");
        count
    }
}

extern "C" fn add(_: c_uint, _: c_ulonglong, _: c_ulonglong, _: c_uint, context: *mut c_void) -> c_int {
    // SAFETY: the context is the counter of `count`.
    unsafe { *context.cast::<u64>() += 1 };
    0
}
