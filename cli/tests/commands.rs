//! The commands as people type them: `tests/cmd/*.md`, each beside a folder `NAME.in` with its files.

#[test]
fn commands_say_what_they_should() {
    trycmd::TestCases::new().case("tests/cmd/*.md");
}
