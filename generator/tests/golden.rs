//! The bytes of the first records of every split. They change only with `REVISION`.
//!
//! `OWABI_UPDATE_GOLDEN=1 cargo test -p owabi-generator --test golden` writes the files anew; read the difference, bump
//! `REVISION` and list the change in CHANGELOG under its own heading.

use std::path::PathBuf;

use owabi_corpora::jsonl::write_record;
use owabi_corpora::vocabulary::Split;
use owabi_generator::{Config, Generator};

#[test]
fn the_first_sixteen_records_keep_their_bytes() {
    for split in Split::all() {
        let generator = Generator::new(Config { seed: 42, split, ..Config::default() }).unwrap();
        let mut written = Vec::new();
        for index in 0..16 {
            write_record(&mut written, &generator.record(index)).unwrap();
        }
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{}.jsonl", split.id()));
        if std::env::var_os("OWABI_UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &written).unwrap();
        }
        let golden = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let differs = written.split(|byte| *byte == b'\n').zip(golden.split(|byte| *byte == b'\n')).position(|(new, old)| new != old);
        assert!(written == golden, "{}: record {differs:?} has other bytes than before", path.display());
    }
}
