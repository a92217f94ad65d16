//! HTML to the text that its readers see, with a map back to the source.
//!
//! The detector reads lines, lists and sentences, and knows nothing of tags. So a page becomes such a text: a block is a line of its own,
//! headings and tables stand apart, an item of a list begins with a bullet, a row of a table is one line (`key:value` where the first cell is a head, else
//! `a / b`), white space is one space, character references are the characters they mean. Scripts, styles, comments, readings of
//! ruby and what only shows without scripts are left out; navigation, footers and the title of the page are kept.
//!
//! The tokenizer is [`html5gum`], so that broken pages are read as browsers read them. Nothing here can fail.

mod reader;

use html5gum::Tokenizer;
use owabi_corpora::record::Segment;
use owabi_corpora::{Labels, Page, Span};

use self::reader::Reader;

/// The text of a page.
///
/// ```
/// use owabi_corpora::Span;
/// use owabi_detector::Html;
///
/// let source = "<ul><li>氏名<li>カード<b>番号</b></ul><p>A&amp;B社</p>";
/// let html = Html::new(source);
/// assert_eq!(html.text(), "・氏名\n・カード番号\nA&B社");
/// let start = html.text().find("カード番号").unwrap();
/// let place = html.to_source(Span::new(start, start + "カード番号".len()));
/// assert_eq!(&source[place.range()], "カード<b>番号");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Html {
    text: String,
    pieces: Vec<Piece>,
}

/// A stretch of the text and where it came from. It ends where the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    start: usize,
    /// Never empty.
    source: Span,
    /// Byte for byte the source; otherwise the whole stretch stands for the whole source.
    copied: bool,
}

impl Html {
    /// Reads a page, or a part of one, in time linear in its length.
    pub fn new(source: &str) -> Html {
        let mut writer = Writer::default();
        let reader = Reader::new(source, &mut writer);
        let Ok(()) = Tokenizer::new_with_emitter(source, reader).finish();
        writer.html
    }

    /// Whether a text is a page: it begins with a doctype or a tag.
    pub fn is_likely(text: &str) -> bool {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let Some(tag) = text.strip_prefix('<') else { return false };
        let name = tag.trim_start_matches(['!', '?']);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        let known = [
            "doctype", "xml", "html", "head", "body", "meta", "title", "article", "main", "header", "center", "font", "span", "b", "strong",
        ];
        let name = name.to_ascii_lowercase();
        tag.starts_with("!--") || known.contains(&name.as_str()) || Block::of(&name).is_some()
    }

    /// What a reader of the page sees. Labels that the detector finds in it count bytes of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place in the source of a place in the text, in bytes: from the start of its first character to the end of its last. What
    /// the text has for a tag (a line break, a bullet) is the tag.
    pub fn to_source(&self, span: Span) -> Span {
        let piece = |partition: usize| self.pieces.get(partition.saturating_sub(1)).copied();
        let first = piece(self.pieces.partition_point(|piece| piece.start <= span.start));
        let last = piece(self.pieces.partition_point(|piece| piece.start < span.end));
        let (Some(first), Some(last)) = (first, last) else { return Span::new(0, 0) };
        let start = if first.copied { first.source.start + (span.start - first.start) } else { first.source.start };
        let end = if last.copied { last.source.start + (span.end - last.start) } else { last.source.end };
        Span::new(start, end.max(start))
    }

    /// Moves labels of the text to the source.
    pub fn labels_in_source(&self, mut labels: Labels) -> Labels {
        let _ = labels.visit_spans(|_, mention| {
            let place = self.to_source(mention.span());
            (mention.start, mention.end) = (place.start, place.end);
            Ok::<(), std::convert::Infallible>(())
        });
        labels
    }

    /// Moves a page of the text to the source, which has `length` bytes: its segments cover that as they covered the text.
    pub fn page_in_source(&self, page: Page, length: usize) -> Page {
        let labels = self.labels_in_source(page.labels);
        let Some(segments) = page.segments else { return Page { labels, segments: None } };
        let last = segments.len() - 1;
        let mut start = 0;
        let moved = segments.into_iter().enumerate().map(|(index, segment)| {
            // The next document begins with its first character.
            let end = if index == last { length } else { self.to_source(Span::new(segment.end, segment.end)).start.clamp(start, length) };
            let begun = std::mem::replace(&mut start, end);
            Segment { start: begun, end, labels: self.labels_in_source(segment.labels), ..segment }
        });
        Page { labels, segments: Some(moved.collect()) }
    }
}

/// What stands between two pieces of text; the stronger one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Space,
    /// Between two cells.
    Cell,
    /// Between a key and its value.
    Key,
    Line,
    Blank,
}

/// How an element stands among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Line,
    /// Apart from what stands before and after.
    Apart,
    Item,
    Cell,
    Key,
    Value,
}

impl Block {
    fn of(name: &str) -> Option<Block> {
        Some(match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "blockquote" | "pre" | "hr" | "title" | "xmp" => Block::Apart,
            "li" => Block::Item,
            "td" | "th" => Block::Cell,
            "dt" => Block::Key,
            "dd" => Block::Value,
            "html" | "head" | "body" | "p" | "div" | "ul" | "ol" | "dl" | "menu" | "tr" | "thead" | "tbody" | "tfoot" | "caption"
            | "section" | "article" | "main" | "header" | "footer" | "nav" | "aside" | "address" | "figure" | "figcaption" | "form"
            | "fieldset" | "legend" | "details" | "summary" | "dialog" | "center" | "dir" | "noframes" | "option" | "optgroup" => {
                Block::Line
            }
            _ => return None,
        })
    }
}

/// Elements whose content nobody reads.
fn is_unread(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "noscript" | "template" | "iframe" | "noembed" | "object" | "svg" | "select" | "datalist" | "textarea"
    )
}

/// Writes the text.
#[derive(Default)]
struct Writer {
    html: Html,
    /// What stands between the text so far and the next character, with the tags and spaces that made it.
    gap: Option<(Gap, Span)>,
    /// White space with a line break in it, and nothing else.
    broken: bool,
    /// The tag of an item that has no text yet.
    item: Option<Span>,
    /// The element that is left out, and how many of its name are open.
    unread: Option<(String, usize)>,
    /// Inside the reading of ruby.
    reading: bool,
    preformatted: bool,
    /// The cell before in this row: whether it is a head.
    cell: Option<bool>,
    /// A `dt` has begun and no `dd`.
    key: bool,
    /// A cell or value that has no text yet: a paragraph in it begins no new line.
    fresh: bool,
}

impl Writer {
    fn start(&mut self, name: &str, place: Span, empty: bool) {
        let block = Block::of(name);
        if let Some((unread, depth)) = &mut self.unread {
            match unread == name && !empty {
                true => *depth += 1,
                // What was never closed ends where browsers end it.
                false if block.is_some() && matches!(unread.as_str(), "svg" | "select" | "datalist") && name != "title" => {
                    self.unread = None
                }
                false => {}
            }
            if self.unread.is_some() {
                return;
            }
        }
        if is_unread(name) && !(empty && name == "svg") {
            self.unread = Some((name.to_owned(), 1));
            return;
        }
        self.reading = matches!(name, "rt" | "rp") || self.reading && block.is_none() && !matches!(name, "rb" | "ruby");
        match (name, block) {
            ("br", _) => {
                let gap = if self.gap.is_some_and(|(gap, _)| gap >= Gap::Line) { Gap::Blank } else { Gap::Line };
                self.widen(gap, place);
            }
            ("img" | "input" | "button", _) => self.widen(Gap::Space, place),
            (_, Some(Block::Cell)) => {
                let between = match (self.cell, name) {
                    (None, _) => Gap::Line,
                    (Some(true), "td") => Gap::Key,
                    _ => Gap::Cell,
                };
                self.set(between, place);
                self.cell = Some(name == "th");
                self.fresh = true;
            }
            (_, Some(Block::Value)) => {
                let between = if self.key { Gap::Key } else { Gap::Line };
                self.set(between, place);
                self.key = false;
                self.fresh = true;
            }
            ("p" | "div", _) if self.fresh => self.widen(Gap::Space, place),
            (_, Some(block)) => {
                self.widen(if block == Block::Apart { Gap::Blank } else { Gap::Line }, place);
                if block == Block::Item {
                    self.item = Some(place);
                }
            }
            (_, None) => {}
        }
        match name {
            "tr" | "table" => self.cell = None,
            // Its end tag may be left out.
            "dt" => self.key = true,
            "dl" => self.key = false,
            "pre" | "xmp" => self.preformatted = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str, place: Span) {
        if let Some((unread, depth)) = &mut self.unread {
            if unread == name {
                *depth -= 1;
                if *depth == 0 {
                    self.unread = None;
                }
            }
            return;
        }
        match Block::of(name) {
            Some(Block::Apart) => self.widen(Gap::Blank, place),
            Some(Block::Line | Block::Item | Block::Key | Block::Value) => self.widen(Gap::Line, place),
            Some(Block::Cell) => self.widen(Gap::Space, place),
            None => {}
        }
        match name {
            "rt" | "rp" | "ruby" => self.reading = false,
            "pre" | "xmp" => self.preformatted = false,
            "tr" | "table" => self.cell = None,
            "li" => self.item = None,
            _ => {}
        }
    }

    /// Makes the gap at least so wide.
    fn widen(&mut self, gap: Gap, place: Span) {
        let wider = self.gap.map_or(gap, |(before, _)| before.max(gap));
        self.set(wider, place);
    }

    fn set(&mut self, gap: Gap, place: Span) {
        let start = self.gap.map_or(place.start, |(_, before)| before.start);
        self.gap = Some((gap, Span::new(start, place.end.max(start + 1))));
        self.broken = false;
    }

    /// One character of the page.
    fn push(&mut self, c: char, source: Span, copied: bool) {
        if self.unread.is_some() || self.reading {
            return;
        }
        if c.is_ascii_whitespace() {
            if self.preformatted && c == '\n' {
                let gap = if self.gap.is_some_and(|(gap, _)| gap >= Gap::Line) { Gap::Blank } else { Gap::Line };
                return self.widen(gap, source);
            }
            let broken = matches!(c, '\n' | '\r') && self.gap.is_none() || self.broken;
            self.widen(Gap::Space, source);
            self.broken = broken;
            return;
        }
        self.fill(c);
        self.fresh = false;
        self.write(c.encode_utf8(&mut [0; 4]), source, copied);
    }

    /// Writes what stands between the text so far and `next`.
    fn fill(&mut self, next: char) {
        let last = self.html.text.chars().next_back();
        let mut begins = last.is_none();
        if let (Some((gap, source)), Some(last)) = (self.gap.take(), last) {
            // A page whose source is broken at some width has no spaces there: Japanese has none.
            let joined = self.broken && !last.is_ascii() && !next.is_ascii();
            match gap {
                Gap::Space if joined => {}
                Gap::Space => self.write(" ", source, false),
                Gap::Cell => self.write(" / ", source, false),
                // No space after it: 「電話:03-…」 is how notices write it.
                Gap::Key if matches!(last, ':' | '：') => {}
                Gap::Key => self.write(":", source, false),
                Gap::Line => self.write("\n", source, false),
                Gap::Blank => self.write("\n\n", source, false),
            }
            begins = gap >= Gap::Line;
        }
        self.broken = false;
        // 「(1)」 and 「■」 are markers already.
        if let Some(tag) = self.item.take().filter(|_| begins && next.is_alphabetic()) {
            self.write("・", tag, false);
        }
    }

    fn write(&mut self, text: &str, source: Span, copied: bool) {
        let start = self.html.text.len();
        self.html.text.push_str(text);
        match self.html.pieces.last_mut() {
            Some(last) if copied && last.copied && last.source.end == source.start => last.source.end = source.end,
            _ => self.html.pieces.push(Piece { start, source, copied }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        Html::new(source).text
    }

    #[test]
    fn blocks_are_lines_and_lists_have_bullets() {
        assert_eq!(
            text("<h2>1. 経緯</h2><p>当社は<br>調査した。</p><div>次の<div>情報</div></div>"),
            "1. 経緯\n\n当社は\n調査した。\n次の\n情報"
        );
        assert_eq!(text("<ul><li>氏名</li>\n <li><p>住所<li>(1) 電話</ul>以上"), "・氏名\n・住所\n(1) 電話\n以上");
        assert_eq!(text("<p>一</p>\n\n<p>二</p><br><br>三"), "一\n二\n\n三");
    }

    #[test]
    fn rows_are_lines_and_heads_are_keys() {
        assert_eq!(
            text("<table><tr><th>項目<th>件数</tr><tr><th>氏名</th><td><p>12件</p></td><td>済</td></table>"),
            "項目 / 件数\n氏名:12件 / 済"
        );
        assert_eq!(
            text("<dl><dt>対象：</dt><dd>会員</dd><dd>職員</dd><dt>項目<dd><ul><li>氏名</ul></dl>"),
            "対象：会員\n職員\n項目\n・氏名"
        );
    }

    #[test]
    fn what_nobody_reads_is_left_out() {
        assert_eq!(
            text(
                "<title>題</title><style>p{}</style><script>'<p>x'</script><noscript>y</noscript><template><p>z</template>本<!-- c -->文<ruby>漏<rt>ろう</rt></ruby>えい<svg><title>t</title></svg>"
            ),
            "題\n\n本文漏えい"
        );
        assert_eq!(text("<svg>never closed<p>本文"), "本文");
    }

    #[test]
    fn spaces_and_references_are_what_they_mean() {
        assert_eq!(
            text("  お客様の\n   氏名が  a\n b &amp; &lt;c&gt; &#27663;&#x540D;&nbsp;&copy &unknown; AT&T"),
            "お客様の氏名が a b & <c> 氏名\u{a0}© &unknown; AT&T"
        );
        assert_eq!(text("<pre>一\n二\r\n\r\n三</pre>"), "一\n二\n\n三");
    }

    #[test]
    fn places_lead_back() {
        let source = "<p>A&amp;B社の&#27663;名と住\r\n所</p><p>&lt</p>";
        let html = Html::new(source);
        assert_eq!(html.text, "A&B社の氏名と住所\n<");
        let cut = |words: &str| {
            let start = html.text.find(words).unwrap();
            &source[html.to_source(Span::new(start, start + words.len())).range()]
        };
        assert_eq!(cut("A&B社"), "A&amp;B社");
        assert_eq!(cut("B社"), "B社");
        assert_eq!(cut("氏名"), "&#27663;名");
        assert_eq!(cut("名"), "名");
        assert_eq!(cut("住所"), "住\r\n所");
        assert_eq!(cut("<"), "&lt");
        assert_eq!(cut("\n"), "</p><p>");
    }

    #[test]
    fn pages_are_known_by_their_first_tag() {
        for page in ["<!DOCTYPE html>", "\n <html lang=ja>", "<p>氏名", "<!-- x --><div>", "<?xml version=\"1.0\"?>"] {
            assert!(Html::is_likely(page), "{page}");
        }
        for text in ["氏名<p>", "<お知らせ>", "<", "< p>", "", "<事件>"] {
            assert!(!Html::is_likely(text), "{text}");
        }
    }
}
