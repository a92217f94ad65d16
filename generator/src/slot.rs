//! The names that phrases may write, each for a piece of the facts (`view` writes them).
//!
//! | name | what |
//! |---|---|
//! | `org`, `short`, `bare`, `me`, `people`, `to`, `desk`, `business` | the organisation: full name, short name, name without mark, self-reference … |
//! | `svc`, `svc_bare`, `vendor`, `subvendor`, `inv`, `police`, `ppc` | other parties |
//! | `d.ROLE`, `iso.ROLE` | dates with their mark; ISO for marks that a phrase writes itself |
//! | `t.ROLE` | dates without a mark, for marks that hold more: 「2024年3月9日午後5時」 |
//! | `d.posted`, `d.stamp` | the day on which somebody else wrote, in full and as in a file's name; no mark |
//! | `n.total`, `n.about`, `n.records`, `n.companies`, `n.households` | counts |
//! | `g1`, `g2`, `g` | groups: `who`, `count`, `whon` (who with the count where it is told), `bullets`, `inline`, `some`, `label`, and `adn`, `fin`, `noun`, `plain`, `st` as below (`g` inside `*slot`) |
//! | `part.count`, `part.inline` | some of the first group, of whom more leaked |
//! | `all.inline`, `all.bullets`, `all.some` | what leaked of anybody, each category once |
//! | `denied.inline`, `denied.bullets` | what did not leak |
//! | `ga`, `gb`, `gc`, `dot` | what stands before the items of an enumeration |
//! | `g1` … in documents without an incident | what is held, with `hyp` for the hypothetical form |
//! | `c.CATEGORY` | how this document names a category, without mark |
//! | `card`, `card_maybe` | the whole card information with the document's status, or as a possibility |
//! | `exhibit` | rows of leaked data |
//! | `signer`, `addressee` | who signs (title and name), the person to whom a letter goes (name with its honorific) |
//! | `item`, `item_n`, `lost` | the medium, with its number, and the noun of the primary cause with its mark |
//! | `staff`, `inside`, `core` | how the organisation calls those who work there, its own walls (「社内」), its main system |
//! | `letter`, `occasion`, `document` | what such an organisation sends out, holds and publishes |
//! | `you` | how a letter calls the one to whom it goes |
//! | `doer` | one of those who work there or at the contractor, wherever it happened, or worked there |
//! | `hack` | 「不正アクセス」, with its mark where it is the primary cause |
//! | `en`, `ac`, `ac_bare` | the name in English and its abbreviation, marked and bare, of organisations that have one |
//! | `it` | the organisation as somebody else takes it up again: 「同社」 |
//! | `lag` | how long from the discovery to the publication: 「41日」 |
//! | `yo`, `ta` | behind a plain sentence, and behind its verb's stem, when somebody else tells it: 「とのことです」, 「ました」 |
//! | `st`, `leak`, `adn`, `fin`, `noun`, `plain`, `to_`, `q`, `b` | status, words of the house style |
//! | `cause_long` | the cause as a noun, drawn before all else |
//! | `number`, `title`, `gist`, `document` | around documents of a page or an archive: number, title, gist, the document itself |

use owabi_corpora::Category;
use strum::EnumString;

/// A name that phrases may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Word(Word),
    Date(Form, Day),
    Count(Count),
    Group(Which, OfGroup),
    Part(OfPart),
    List(Whole, List),
    Name(Category),
}

/// The names without a dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Word {
    Org,
    Short,
    Bare,
    BareShort,
    Me,
    People,
    It,
    To,
    Desk,
    Business,
    Svc,
    SvcBare,
    Vendor,
    Subvendor,
    Inv,
    Police,
    Ppc,
    St,
    Leak,
    Adn,
    Fin,
    Noun,
    Plain,
    #[strum(serialize = "to_")]
    Until,
    Q,
    B,
    Yo,
    Ta,
    En,
    Ac,
    AcBare,
    Ga,
    Gb,
    Gc,
    Dot,
    Phone,
    Fax,
    Email,
    Card,
    CardMaybe,
    Item,
    ItemN,
    Exhibit,
    Signer,
    Addressee,
    Lost,
    Hack,
    Staff,
    Core,
    Inside,
    Letter,
    Occasion,
    Document,
    You,
    Doer,
    Lag,
    CauseLong,
    Number,
    Title,
    Gist,
}

/// `d`, `iso` and `t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Form {
    #[strum(serialize = "d")]
    Marked,
    Iso,
    #[strum(serialize = "t")]
    Bare,
}

/// The days of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Day {
    Start,
    End,
    Discovered,
    Contained,
    Preliminary,
    Reported,
    Final,
    Police,
    Done,
    Notified,
    Published,
    Head,
    Announced,
    Deadline,
    PlainMonth,
    Posted,
    Stamp,
}

/// The days that a timeline can tell, each with its name.
pub(crate) const TIMELINE: [(&str, Day); 9] = [
    ("start", Day::Start),
    ("discovered", Day::Discovered),
    ("contained", Day::Contained),
    ("police", Day::Police),
    ("preliminary", Day::Preliminary),
    ("done", Day::Done),
    ("final", Day::Final),
    ("notified", Day::Notified),
    ("published", Day::Published),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Count {
    Total,
    About,
    Records,
    Companies,
    Households,
}

/// Which group: one by its number from 0, or the one that is spoken of (`g`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Number(u8),
    Current,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum OfGroup {
    Label,
    Who,
    Count,
    Whon,
    Adn,
    Fin,
    Noun,
    Plain,
    St,
    Bullets,
    Inline,
    Some,
    Hyp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum OfPart {
    Count,
    Inline,
}

/// All that leaked, or did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Whole {
    All,
    Denied,
}

/// How a list is written; `Some` are its first three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum List {
    Inline,
    Bullets,
    Some,
}

impl Slot {
    /// Reads a name as phrases write it.
    pub(crate) fn parse(name: &str) -> Result<Slot, String> {
        let unknown = |_| format!("`{name}` stands for nothing");
        let Some((of, part)) = name.split_once('.') else { return name.parse().map(Slot::Word).map_err(unknown) };
        match of {
            "d" | "iso" | "t" => Ok(Slot::Date(of.parse().map_err(unknown)?, part.parse().map_err(unknown)?)),
            "n" => part.parse().map(Slot::Count).map_err(unknown),
            "g" => part.parse().map(|part| Slot::Group(Which::Current, part)).map_err(unknown),
            "g1" | "g2" | "g3" => {
                let number = of.as_bytes()[1] - b'1';
                part.parse().map(|part| Slot::Group(Which::Number(number), part)).map_err(unknown)
            }
            "part" => part.parse().map(Slot::Part).map_err(unknown),
            "c" => Category::from_id(part).map(Slot::Name).map_err(|error| error.to_string()),
            _ => Ok(Slot::List(of.parse().map_err(unknown)?, part.parse().map_err(unknown)?)),
        }
    }
}
