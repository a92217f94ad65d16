//! The figures as tables for a terminal.

use crate::Estimate;
use crate::comparison::Comparison;
use comfy_table::{ContentArrangement, LineStyle, Table, presets};

/// The whole comparison.
pub fn terminal(found: &Comparison) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["figure", "synthetic", "real", "direction"]);
    let auc = "0.5 = cannot be told apart; lower is better";
    let two = &found.two_sample;
    let area = |separation: &Option<crate::two_sample::Separation>| estimate(separation.as_ref().map(|found| found.auc));
    table.add_row(["AUC, as many windows".to_owned(), area(&two.even), estimate(two.control), auc.to_owned()]);
    table.add_row(["AUC, all windows".to_owned(), area(&two.all), String::new(), auc.to_owned()]);
    for (name, transfer) in [("exposed categories", &found.categories), ("causes", &found.causes)] {
        table.add_row([
            format!("F1, {name} ({})", transfer.labels.len()),
            estimate(transfer.f1),
            estimate(transfer.baseline),
            "higher is better".to_owned(),
        ]);
    }
    let [synthetic, real] = [&found.synthetic, &found.real];
    let higher = "higher is better";
    table.add_row([
        "distinct sentences, equal counts".to_owned(),
        share(synthetic.distinct_at_equal),
        share(real.distinct_at_equal),
        higher.to_owned(),
    ]);
    table.add_row(["distinct among 1061".to_owned(), share(synthetic.distinct_at_fixed), share(real.distinct_at_fixed), higher.to_owned()]);
    table.add_row([
        "distinct, whole".to_owned(),
        format!("{:.3} of {}", synthetic.whole.share(), synthetic.whole.sentences),
        format!("{:.3} of {}", real.whole.share(), real.whole.sentences),
        higher.to_owned(),
    ]);
    table.add_row([
        "self-similarity, equal".to_owned(),
        share(synthetic.self_similarity_at_equal),
        share(real.self_similarity_at_equal),
        "lower, like real".to_owned(),
    ]);
    table.add_row(["self-similarity, whole".to_owned(), share(synthetic.self_similarity), share(real.self_similarity), "lower".to_owned()]);
    format!("{table}\n")
}

fn share(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.3}"))
}

fn estimate(value: Option<Estimate>) -> String {
    value.map_or("-".to_owned(), |found| format!("{:.3} [{:.3}–{:.3}]", found.value, found.low, found.high))
}
