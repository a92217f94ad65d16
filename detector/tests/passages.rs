//! How well the passages of `tests/passages/` are read: they were written by people who saw neither rules nor word lists, so they
//! measure, where the cases say what must hold.

mod common;

use std::collections::BTreeMap;

use owabi_detector::Detector;

/// By file and field, what was reached when its passages came in, a little less: nothing may fall far behind it.
const REACHED: [(&str, &str, f64); 16] = [
    ("causes", "causes", 0.88),
    ("causes-2", "causes", 0.89),
    ("counts", "counts", 0.85),
    ("counts-2", "counts", 0.865),
    ("data", "data", 0.915),
    ("data-2", "data", 0.875),
    ("dates", "dates", 0.865),
    ("dates-2", "dates", 0.85),
    ("kinds", "genre", 0.89),
    ("kinds", "exposure", 0.86),
    ("kinds", "via_vendor", 0.87),
    ("kinds-2", "genre", 0.88),
    ("kinds-2", "exposure", 0.82),
    ("kinds-2", "via_vendor", 0.88),
    ("parties", "parties", 0.77),
    ("parties-2", "parties", 0.78),
];

/// Those with an even number were read by who wrote the rules, those with an odd one were only counted.
#[test]
fn passages_are_read_as_well_as_they_were() {
    let detector = Detector::builtin();
    // By file and field, and whether their number is odd: right, found, wanted.
    let mut sums: BTreeMap<(String, String), [[usize; 3]; 2]> = BTreeMap::new();
    let mut number: BTreeMap<String, usize> = BTreeMap::new();
    for (stem, case) in common::cases("passages") {
        let number = number.entry(stem.clone()).or_default();
        assert!(case.known.is_none() && !case.why.is_empty(), "{stem}/{}", case.name);
        for (field, want, got) in common::compared(&detector, &stem, &case) {
            let sum = &mut sums.entry((stem.clone(), field)).or_default()[*number % 2];
            *sum = [sum[0] + want.intersection(&got).count(), sum[1] + got.len(), sum[2] + want.len()];
        }
        *number += 1;
    }
    assert_eq!(sums.len(), REACHED.len());
    let f1 = |[right, found, wanted]: [usize; 3]| 2.0 * right as f64 / (found + wanted) as f64;
    for (stem, field, reached) in REACHED {
        let [read, unread] = sums[&(stem.to_owned(), field.to_owned())];
        println!("{stem}, {field}: F1 {:.3} of those read, {:.3} of those unread ({} facts)", f1(read), f1(unread), unread[2]);
        let all = f1([0, 1, 2].map(|at| read[at] + unread[at]));
        assert!(all >= reached, "{stem}, {field}: F1 {all:.3}, {reached} was reached");
    }
}
