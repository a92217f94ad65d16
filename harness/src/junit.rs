//! Gates as JUnit XML, which continuous integration shows beside the tests.

use quick_junit::{NonSuccessKind, Property, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::results::Results;

/// One suite, named by the detector, with a test case for each gate. It holds no time, so the same results give the same bytes.
pub fn junit(results: &Results) -> Result<String, SerializeError> {
    let mut suite = TestSuite::new(results.run.detector.as_str());
    suite.add_property(Property::new("documents", results.documents.gold.to_string()));
    for (key, value) in &results.run.corpus {
        suite.add_property(Property::new(format!("corpus.{key}"), value.as_str()));
    }
    for gate in &results.gates {
        let status = match gate.passed {
            true => TestCaseStatus::success(),
            false => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type("gate").set_message(format!("wanted {}, seen {}", gate.wanted, gate.seen)).set_description(gate.line());
                status
            }
        };
        // Of cases with one name, some tools show only the last.
        let shared = results.gates.iter().filter(|other| other.name == gate.name).count() > 1;
        let name = if shared { format!("{}: {}", gate.name, gate.wanted) } else { gate.name.clone() };
        let mut case = TestCase::new(name, status);
        case.set_classname("owabi.gates");
        suite.add_test_case(case);
    }
    let mut report = Report::new("owabi");
    report.add_test_suite(suite);
    report.to_string()
}
