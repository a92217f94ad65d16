//! The tokens of a page, each with its place in the source.

use std::ops::Range;

use html5gum::{Emitter, Error, State, naive_next_state};
use owabi_corpora::Span;

use super::Writer;

/// Gives the tokens of the page to the writer, each with its place.
pub(super) struct Reader<'s> {
    source: &'s str,
    writer: &'s mut Writer,
    /// How far the tokenizer has read.
    position: usize,
    /// The end of the last token.
    done: usize,
    /// Text that stands in the source as it is and has not been written yet.
    run: Range<usize>,
    tag_start: usize,
    name: Vec<u8>,
    closes: bool,
    empty: bool,
    last_start: Vec<u8>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s str, writer: &'s mut Writer) -> Reader<'s> {
        Reader {
            source,
            writer,
            position: 0,
            done: 0,
            run: 0..0,
            tag_start: 0,
            name: Vec::new(),
            closes: false,
            empty: false,
            last_start: Vec::new(),
        }
    }

    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        for (at, c) in self.source.get(run.clone()).unwrap_or_default().char_indices() {
            let start = run.start + at;
            self.writer.push(c, Span::new(start, start + c.len_utf8()), true);
        }
    }

    /// The place of the token that ends here, never empty.
    fn place(&self, start: usize) -> Span {
        let end = self.position.min(self.source.len());
        let start = (0..=start.min(end.saturating_sub(1))).rev().find(|&at| self.source.is_char_boundary(at)).unwrap_or(0);
        let end = (end.max(start + 1)..self.source.len()).find(|&at| self.source.is_char_boundary(at)).unwrap_or(self.source.len());
        Span::new(start, end)
    }
}

impl Emitter for Reader<'_> {
    type Token = std::convert::Infallible;

    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }

    fn emit_string(&mut self, text: &[u8]) {
        let end = self.position;
        let start = end.saturating_sub(text.len());
        if start >= self.done && self.source.as_bytes().get(start..end) == Some(text) {
            if self.run.end != start {
                self.flush();
                self.run.start = start;
            }
            self.run.end = end;
        } else {
            // A character reference, or a line break that the tokenizer made of another.
            self.flush();
            let place = self.place(self.done);
            for c in String::from_utf8_lossy(text).chars() {
                self.writer.push(c, place, false);
            }
        }
        self.done = end;
    }

    fn start_open_tag(&mut self) {
        self.tag_start = self.position.saturating_sub(1);
    }

    fn init_start_tag(&mut self) {
        self.name.clear();
        (self.closes, self.empty) = (false, false);
    }

    fn init_end_tag(&mut self) {
        self.name.clear();
        (self.closes, self.empty) = (true, false);
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        self.name.extend(name);
    }

    fn set_self_closing(&mut self) {
        self.empty = true;
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.flush();
        let place = self.place(self.tag_start);
        self.done = self.position;
        let name = String::from_utf8_lossy(&self.name).to_ascii_lowercase();
        if self.closes {
            self.writer.end(&name, place);
            self.last_start.clear();
            return None;
        }
        self.writer.start(&name, place, self.empty);
        self.last_start.clone_from(&self.name);
        naive_next_state(&self.last_start)
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.closes && !self.last_start.is_empty() && self.last_start == self.name
    }

    fn emit_current_comment(&mut self) {
        self.flush();
        self.done = self.position;
    }

    fn emit_current_doctype(&mut self) {
        self.flush();
        self.done = self.position;
    }

    fn emit_eof(&mut self) {
        self.flush();
    }

    fn pop_token(&mut self) -> Option<Self::Token> {
        None
    }

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.last_start = name.unwrap_or_default().to_vec();
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    // Broken pages are read all the same; attributes, comments and doctypes are no text.
    fn emit_error(&mut self, _: Error) {}
    fn init_comment(&mut self) {}
    fn push_comment(&mut self, _: &[u8]) {}
    fn init_doctype(&mut self) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn set_force_quirks(&mut self) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn init_attribute(&mut self) {}
    fn push_attribute_name(&mut self, _: &[u8]) {}
    fn push_attribute_value(&mut self, _: &[u8]) {}
}
