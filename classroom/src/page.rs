//! A student's page.

use crate::exercise::Sheet;

/// One whole HTML page.
pub fn page(sheet: &Sheet) -> String {
    // What stands in a script element must not end it.
    let json = serde_json::to_string(sheet).unwrap_or_default().replace('<', "\\u003c");
    format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>{}</title>\n<script type=\"application/json\" id=\"sheet\">{json}</script>\n",
        sheet.page
    )
}
