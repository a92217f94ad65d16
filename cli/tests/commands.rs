//! The commands as people type them: `tests/cmd/*.md`, each beside a folder `NAME.in` with its files.

#[test]
fn commands_say_what_they_should() {
    // Answers of other runs, and those of whoever runs the tests, stay out of it.
    let cache = tempfile::tempdir().unwrap();
    trycmd::TestCases::new().env("XDG_CACHE_HOME", cache.path().display().to_string()).case("tests/cmd/*.md");
}
