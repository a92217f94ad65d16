//! The closed vocabularies that are code: every id here is the same in every file, flag and report.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr)]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant),+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub fn all() -> impl Iterator<Item = $name> {
                <$name as strum::IntoEnumIterator>::iter()
            }

            /// The snake_case id used in files.
            pub fn id(self) -> &'static str {
                self.into()
            }
        }
    };
}

vocabulary! {
    /// How certain a text is that a category leaked. Ordered by strength, weakest first.
    Status {
        /// Said not to have leaked, or not to be held: 含まれておりません.
        Denied,
        /// 可能性, おそれ, 否定できない.
        Possible,
        /// Stated as fact: 漏えいした.
        Confirmed,
    }
}

vocabulary! {
    /// Whether personal data was exposed in a document's main incident.
    Exposure {
        /// Stated as fact.
        Confirmed,
        /// Said to be possible.
        Possible,
        /// Stated that none leaked, or the incident exposes none.
        None,
        /// Under investigation and nothing said.
        Unknown,
        /// The document is about no incident.
        NotApplicable,
    }
}

impl Exposure {
    /// The rank for a page's union: confirmed > possible > unknown > none > not_applicable.
    pub fn rank(self) -> u8 {
        match self {
            Exposure::Confirmed => 4,
            Exposure::Possible => 3,
            Exposure::Unknown => 2,
            Exposure::None => 1,
            Exposure::NotApplicable => 0,
        }
    }
}

vocabulary! {
    /// What kind of document a text is.
    Genre {
        /// The organisation's own announcement.
        Notice,
        /// Its first report, with almost nothing known: 第一報.
        FirstReport,
        /// Its own later report: 続報, 調査報告.
        Followup,
        /// A regulator's publication about an organisation's breach.
        RegulatorAction,
        /// Questions and answers, or a status page.
        Faq,
        /// A third person's blog or column.
        Commentary,
        /// A third person's news report.
        News,
        /// About no breach incident.
        Unrelated,
    }
}

vocabulary! {
    /// What happened on a date.
    DateRole {
        /// The incident, or its first day.
        OccurredStart,
        /// The incident's last day.
        OccurredEnd,
        /// The organisation learned of it.
        Discovered,
        /// Access cut, setting changed, service stopped.
        Contained,
        /// Reported to 個人情報保護委員会 or another authority.
        ReportedRegulator,
        /// Reported to the police.
        ReportedPolice,
        /// The investigation was finished.
        InvestigationDone,
        /// The people concerned were told.
        Notified,
        /// The document's own date.
        Published,
    }
}

vocabulary! {
    /// Which report to the regulator a date speaks of.
    Stage {
        /// 速報.
        Preliminary,
        /// 確報.
        Final,
    }
}

vocabulary! {
    /// What a count counts.
    Unit {
        /// 名, 人, 名分.
        Person,
        /// 件.
        Record,
        /// 社, 事業所.
        Organisation,
        /// 世帯.
        Household,
    }
}

vocabulary! {
    /// How a count bounds the true figure.
    Bound {
        /// The figure itself.
        Exact,
        /// 約, 程度.
        About,
        /// 最大, 以下.
        AtMost,
        /// 以上, 少なくとも.
        AtLeast,
    }
}

vocabulary! {
    /// What a named party has to do with the incident.
    PartyRole {
        /// Whose data leaked, or who was hit.
        Breached,
        /// The contractor at or through whom it happened.
        Vendor,
        /// The authority.
        Regulator,
        /// The police unit.
        Police,
        /// Who investigated.
        Investigator,
        /// The named site or system.
        Service,
    }
}

vocabulary! {
    /// Why a value stands in the text.
    Use {
        /// Leaked data, shown.
        Exhibit,
        /// The help desk's own.
        Contact,
        /// A signatory or addressee.
        Named,
    }
}

vocabulary! {
    /// Why a mention of a category asserts nothing.
    Why {
        /// パスワードの変更をお願いします.
        Advice,
        /// Held, not said to have leaked.
        Held,
        /// Another organisation's incident.
        OtherIncident,
        /// 万一漏えいした場合は.
        Hypothetical,
        /// 「カード情報」とは.
        Definition,
    }
}

vocabulary! {
    /// The part of a corpus a generated document belongs to; skeletons and phrases do not cross.
    Split {
        /// For training.
        Train,
        /// For choosing.
        Validation,
        /// For the last measurement.
        Test,
    }
}

vocabulary! {
    /// How generated values are made.
    ValueMode {
        /// From ranges that no one can hold.
        Reserved,
        /// The right shape with a wrong check digit.
        InvalidCheck,
        /// Such that detectors that validate can find them.
        WellFormed,
    }
}

vocabulary! {
    /// The act that a duty to report rests on.
    Law {
        /// 個人情報保護法.
        Appi,
        /// 番号法, for specific personal information (data with a My Number).
        MyNumberAct,
    }
}

vocabulary! {
    /// What kind of holder the data belong to, as the rules of reporting tell them apart.
    Sector {
        /// A private handler; also national universities and public hospitals, which these rules treat alike since 2022-04-01.
        Private,
        /// A ministry, an agency, an incorporated administrative agency.
        National,
        /// A local government with its boards and bureaus.
        Local,
    }
}

vocabulary! {
    /// Whose law a holder is under.
    Jurisdiction {
        /// Japan's.
        Japan,
        /// Another country's only.
        Other,
        /// Not told. Notices in Japanese are then read as Japan's.
        Unknown,
    }
}

vocabulary! {
    /// Why there is, or is not, a duty to report.
    ReportReason {
        /// At least one situation that must be reported is there: a duty.
        Situation,
        /// None of them: no duty.
        NoSituation,
        /// What the text says does not decide it.
        Undecided,
        /// The text gives no day by which a rule could be chosen.
        Undated,
        /// Nothing leaked: no duty.
        NothingLeaked,
        /// What leaked is about organisations only: no duty.
        NoPersonalData,
        /// On that day there was no statutory duty.
        BeforeDuty,
        /// Another country's holder: Japan's rules do not apply.
        OtherJurisdiction,
        /// No incident: nothing applies.
        NoIncident,
    }
}

impl ReportReason {
    /// Whether a report is required; `None` where the text is silent.
    pub fn required(self) -> Option<bool> {
        match self {
            ReportReason::Situation => Some(true),
            ReportReason::Undecided | ReportReason::Undated => None,
            _ => Some(false),
        }
    }
}
