//! Runs the cases of `tests/cases/`: what the language says, a passage at a time.

mod common;

use owabi_detector::Detector;

#[test]
fn every_case_is_read_as_a_careful_reader_would() {
    let detector = Detector::builtin();
    let (mut seen, mut wrong, mut known) = (0, Vec::new(), 0);
    for (stem, case) in common::cases("cases") {
        let mut differences = String::new();
        for (_, want, got) in common::compared(&detector, &stem, &case) {
            for missed in want.difference(&got) {
                differences += &format!(" -{missed}");
            }
            for spurious in got.difference(&want) {
                differences += &format!(" +{spurious}");
            }
        }
        seen += 1;
        match (&case.known, differences.is_empty()) {
            (None, false) => wrong.push(format!("{stem}/{}:{differences}   ({})", case.name, case.why)),
            (Some(reason), true) => wrong.push(format!("{stem}/{}: is read right now; remove `known = \"{reason}\"`", case.name)),
            (Some(_), false) => known += 1,
            (None, true) => {}
        }
    }
    println!("{seen} cases, {known} of them known not to be managed yet");
    assert!(wrong.is_empty(), "{} of {seen} cases:\n{}", wrong.len(), wrong.join("\n"));
}
