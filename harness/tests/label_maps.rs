//! The shipped label maps say the same as the scheme's crosswalk.

use owabi_corpora::Category;
use owabi_harness::label_map::{LabelMap, Meaning, SHIPPED};

/// A term of the crosswalk is a label of the map, and means a class with that category in it. The map may know more.
#[test]
fn shipped_maps_agree_with_the_scheme() {
    // What the heads of presidio.toml say: any date, any mention of a country.
    const NOT_TAKEN_OVER: [(&str, &str); 3] = [("date_of_birth", "DATE_TIME"), ("nationality", "NRP"), ("special_care", "NRP")];
    for (name, text) in SHIPPED {
        let map = LabelMap::parse(name, text).unwrap();
        let column = Category::vocabularies().iter().position(|vocabulary| *vocabulary == name).unwrap();
        let mut compared = 0;
        for category in Category::all().filter(|category| category.crosswalk()[column] != "-") {
            let term = category.crosswalk()[column];
            if NOT_TAKEN_OVER.contains(&(category.id(), term)) {
                assert_eq!(map.meaning(term), Meaning::Ignored, "{name}: {term}");
                continue;
            }
            let class = map.class(category).unwrap_or_else(|| panic!("{name}: no label means {category}, which the scheme calls {term}"));
            assert_eq!(map.meaning(term), Meaning::Class(class), "{name}: {term} is {category} in the scheme");
            compared += 1;
        }
        assert!(compared >= 10, "{name}: only {compared} terms");
    }
}
