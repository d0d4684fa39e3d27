//! Groups of securities, such as industries, from dated lists.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::{InLanguage, SessionDate, Symbol, Wording};

/// A group of a classification. Prints as `sw1.801080`: the scheme, a dot, the group's code in it.
///
/// A scheme is a lower-case word of three characters or more: letters, digits, `-` and `_`,
/// starting with a letter. It is not the name of an exchange, so no symbol reads as a group.
/// Neither part holds a space, a slash or a dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId {
    pub(crate) scheme: Arc<str>,
    code: Arc<str>,
}

/// What the groups of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKind {
    /// What companies do: a security is in one industry of a level.
    Industry,
    /// What companies have to do with, such as a product, a customer or a policy: a security may be
    /// in many or in none.
    Concept,
    /// What is said of shares rather than of companies, such as a style, a status or an index: a
    /// security may be in many or in none. A review does not take these groups for themes.
    Style,
    /// A segment of an industry chain, resolved from lists for one session: a security may be in
    /// many or in none. No list states it.
    Chain,
}

impl GroupKind {
    /// All kinds.
    pub const ALL: [GroupKind; 4] =
        [GroupKind::Industry, GroupKind::Concept, GroupKind::Style, GroupKind::Chain];

    /// The word for it in tables, recipes and identifiers.
    pub const fn word(self) -> &'static str {
        match self {
            GroupKind::Industry => "industry",
            GroupKind::Concept => "concept",
            GroupKind::Style => "style",
            GroupKind::Chain => "chain",
        }
    }

    /// The kind of list with a word. No list is of chains.
    pub fn named(word: &str) -> Option<GroupKind> {
        let mut listed = GroupKind::ALL.into_iter().filter(|kind| *kind != GroupKind::Chain);
        listed.find(|kind| kind.word() == word)
    }
}

/// Chinese and English names of groups, a pair a line: those of the Shenwan and THS industries, of
/// the concepts of THS and EastMoney, and of the simulated exchange's industries.
const NAMES: &str = include_str!("group_names.tsv");

/// The English name of an industry or a concept; the lists have Chinese names only.
pub fn english_group_name(name: &str) -> Option<&'static str> {
    static NAMED: LazyLock<HashMap<&'static str, &'static str>> =
        LazyLock::new(|| NAMES.lines().filter_map(|line| line.split_once('\t')).collect());
    NAMED.get(name).copied()
}

/// First words of English names that keep their capital within a sentence, each with or without what
/// follows a hyphen or an apostrophe.
const PROPER: [&str; 78] = [
    "Alibaba",
    "Alzheimer",
    "Anhui",
    "Ant",
    "Apple",
    "Baidu",
    "BeiDou",
    "Beijing",
    "Binhai",
    "ByteDance",
    "Changan",
    "ChatGPT",
    "Chengdu",
    "ChiNext",
    "China",
    "Chinese",
    "Chongqing",
    "Covid",
    "DeepSeek",
    "Douyin",
    "East",
    "Foxconn",
    "Fujian",
    "Gansu",
    "Greater",
    "Guangdong",
    "Guangxi",
    "Guizhou",
    "Hainan",
    "HarmonyOS",
    "Hebei",
    "Heilongjiang",
    "Helicobacter",
    "Henan",
    "Hengqin",
    "Honor",
    "Huawei",
    "Hubei",
    "Hunan",
    "Jiangsu",
    "Jiangxi",
    "Jilin",
    "Kimi",
    "Kuaishou",
    "Liaoning",
    "Mao",
    "NearLink",
    "Ning",
    "Ningxia",
    "Northeast",
    "Nvidia",
    "Qilin",
    "Qinghai",
    "Russia",
    "SenseTime",
    "Shaanxi",
    "Shandong",
    "Shanghai",
    "Shanxi",
    "Shenzhen",
    "Sichuan",
    "Tencent",
    "Tesla",
    "Tianjin",
    "Tibet",
    "Wahaha",
    "Wanda",
    "Western",
    "Wi",
    "Xiaohongshu",
    "Xiaomi",
    "Xinjiang",
    "Xiongan",
    "Yangtze",
    "Yarlung",
    "Yunnan",
    "Zhejiang",
    "Zhipu",
];

/// An English group name as it reads within a sentence: `co-packaged optics`, but `Huawei Ascend`
/// and `AI phones`.
pub fn group_name_in_sentence(name: &str) -> String {
    let first = name.split([' ', '-', ',', '\'']).next().unwrap_or_default();
    let mut letters = name.chars();
    match letters.next() {
        Some(initial)
            if first.chars().skip(1).all(|c| c.is_ascii_lowercase())
                && first.chars().count() > 1
                && !PROPER.contains(&first) =>
        {
            initial.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

/// The text is not a group.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a group; write its classification and code, such as sw1.801080")]
pub struct GroupIdError(String);

impl InLanguage for GroupIdError {
    fn wording(&self) -> Wording {
        let zh = format!("`{}`不是分组；请写作 分类.代码，例如`sw1.801080`", self.0);
        Wording::new(self.to_string(), zh)
    }
}

impl GroupId {
    /// Levels that a classification may have.
    pub const LEVELS: usize = 3;

    /// The group for a source's code or, if the source states none, for its name, on a level of the
    /// source's classification.
    ///
    /// The scheme is the source's name in lower case, its words joined by hyphens, and then the
    /// level. A name that could not begin a scheme gets the prefix `list-`. A dot in a code and
    /// what follows it are the vendor's mark and are dropped. Spaces and slashes in a code, and
    /// also dots in a name, become hyphens.
    ///
    /// # Errors
    /// If neither code nor name has anything to print.
    pub fn of_level(
        source: &str,
        level: usize,
        code: Option<&str>,
        name: &str,
    ) -> Result<GroupId, GroupIdError> {
        GroupId::of_list(source, &level.to_string(), code, name)
    }

    /// As [`GroupId::of_level`], for a list of one kind without levels: `ths-concept.存储芯片`.
    ///
    /// # Errors
    /// If neither code nor name has anything to print.
    pub fn of_kind(
        source: &str,
        kind: GroupKind,
        code: Option<&str>,
        name: &str,
    ) -> Result<GroupId, GroupIdError> {
        GroupId::of_list(source, &format!("-{}", kind.word()), code, name)
    }

    fn of_list(
        source: &str,
        list: &str,
        code: Option<&str>,
        name: &str,
    ) -> Result<GroupId, GroupIdError> {
        let joined = |text: &str, between: fn(char) -> bool| {
            let parts = text.split(between).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join("-")
        };
        let word = joined(source, |c| !(c.is_alphanumeric() || c == '_')).to_lowercase();
        let begins = word.chars().next().is_some_and(char::is_alphabetic);
        let before = if begins && word.chars().count() > 1 { "" } else { "list-" };
        let blank = |c: char| c.is_whitespace() || c.is_control() || c == '/';
        let code = code.map(|code| joined(code.split('.').next().unwrap_or_default(), blank));
        let code = code.filter(|code| !code.is_empty()).unwrap_or_else(|| {
            joined(name, |c| c.is_whitespace() || c.is_control() || matches!(c, '/' | '.'))
        });
        format!("{before}{word}{list}.{code}").parse()
    }

    /// Whether it is a group of a list of concepts.
    pub fn is_concept(&self) -> bool {
        self.scheme.ends_with("-concept")
    }

    /// Whether it is a segment of an industry chain.
    pub fn is_chain(&self) -> bool {
        self.scheme.ends_with("-chain")
    }

    /// The classification.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The code in it.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.scheme, self.code)
    }
}

impl FromStr for GroupId {
    type Err = GroupIdError;

    fn from_str(text: &str) -> Result<GroupId, GroupIdError> {
        /// Exchange names that vendors write in front of a code.
        const EXCHANGES: [&str; 3] = ["sse", "szse", "bse"];
        let named = text.split_once('.').filter(|(scheme, code)| {
            let of_word = |c: char| c == '-' || c == '_' || c.is_alphanumeric();
            scheme.chars().count() >= 3
                && scheme.starts_with(|c: char| c.is_alphabetic())
                && scheme.chars().all(|c| of_word(c) && !c.is_uppercase())
                && !EXCHANGES.contains(scheme)
                && !code.is_empty()
                && !code.contains(|c: char| {
                    c.is_whitespace() || c.is_control() || matches!(c, '/' | '.')
                })
        });
        let (scheme, code) = named.ok_or_else(|| GroupIdError(text.to_owned()))?;
        Ok(GroupId { scheme: scheme.into(), code: code.into() })
    }
}

impl Serialize for GroupId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GroupId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<GroupId, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A group in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its identifier.
    pub id: GroupId,
    /// Its name in the list.
    pub name: Arc<str>,
}

/// A source's statement that a security is in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    /// The security, under one of the codes it has had.
    pub symbol: Symbol,
    /// The date of the statement.
    pub seen_on: SessionDate,
    /// The first day, if the source states it.
    pub since: Option<SessionDate>,
    /// The first day no longer in the group, if the source states it.
    pub until: Option<SessionDate>,
}

/// A group, and one source's statements of the securities in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// What the groups of its list are.
    pub kind: GroupKind,
    /// The group, with the source's name for it.
    pub group: Group,
    /// The securities, in any order; one may occur several times.
    pub members: Vec<Membership>,
}

/// A security in a group of a classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The security, under one of the codes it has had.
    pub symbol: Symbol,
    /// The date of the source's statement.
    pub seen_on: SessionDate,
    /// The group's index in its list.
    pub group: usize,
    /// The first day, if the source states it.
    pub since: Option<SessionDate>,
    /// The first day no longer in the group, if the source states it.
    pub until: Option<SessionDate>,
}

/// The groups of one classification, and their members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupList {
    /// What its groups are.
    pub kind: GroupKind,
    /// Sorted by identifier.
    pub groups: Vec<Group>,
    /// Sorted by symbol and date; a security may be in several groups.
    pub members: Vec<Member>,
    /// Securities that the list has in no group, by symbol and date of the statement, which ends what
    /// earlier ones say.
    pub nowhere: Vec<(Symbol, SessionDate)>,
}

impl GroupList {
    /// A list without groups.
    pub fn of(kind: GroupKind) -> GroupList {
        GroupList { kind, groups: Vec::new(), members: Vec::new(), nowhere: Vec::new() }
    }

    /// Whether its groups are of a scheme.
    pub fn has_scheme(&self, scheme: &str) -> bool {
        self.groups.first().is_some_and(|group| group.id.scheme() == scheme)
    }

    /// The days on which it may begin to say something else, earliest first.
    pub fn changes(&self) -> Vec<SessionDate> {
        let said = self.members.iter();
        let dates = said.flat_map(|member| [Some(member.seen_on), member.since, member.until]);
        let nowhere = self.nowhere.iter().map(|(_, seen_on)| *seen_on);
        let mut dates: Vec<SessionDate> = dates.flatten().chain(nowhere).collect();
        dates.sort_unstable();
        dates.dedup();
        dates
    }

    /// A security's memberships in a session: those last observed by then, else first afterwards,
    /// if they hold on the day. In a chain, which is resolved for one session, all of them.
    pub fn of_symbol(&self, symbol: Symbol, session: SessionDate) -> impl Iterator<Item = &Member> {
        let own = self.own(symbol);
        let on = self.said_last(own, symbol, session);
        let is_resolved = self.kind == GroupKind::Chain;
        let is_of_session = move |member: &Member| is_resolved || Some(member.seen_on) == on;
        own.iter().filter(move |member| is_of_session(member) && member.holds_on(session))
    }

    /// The date of the statement about a security that counts in a session: the last by then, else the
    /// first afterwards. It may be that the security is in no group.
    pub fn spoken_of(&self, symbol: Symbol, session: SessionDate) -> Option<SessionDate> {
        self.said_last(self.own(symbol), symbol, session)
    }

    /// [`GroupList::spoken_of`] a security with these memberships.
    fn said_last(
        &self,
        own: &[Member],
        symbol: Symbol,
        session: SessionDate,
    ) -> Option<SessionDate> {
        let first = self.nowhere.partition_point(|(own, _)| *own < symbol);
        let nowhere = self.nowhere[first..].iter().take_while(|(own, _)| *own == symbol);
        let dates = own.iter().map(|member| member.seen_on);
        let (mut by_then, mut after) = (None, None);
        for on in dates.chain(nowhere.map(|(_, seen_on)| *seen_on)) {
            match on <= session {
                true => by_then = by_then.max(Some(on)),
                false => after = Some(after.map_or(on, |first| on.min(first))),
            }
        }
        by_then.or(after)
    }

    fn own(&self, symbol: Symbol) -> &[Member] {
        let first = self.members.partition_point(|member| member.symbol < symbol);
        let rest = &self.members[first..];
        let own = rest.iter().take_while(|member| member.symbol == symbol).count();
        &rest[..own]
    }
}

impl Ord for Member {
    /// By symbol, date and group, then by the days between which it holds. Compared as numbers:
    /// there are hundreds of thousands of memberships, and every review sorts them.
    fn cmp(&self, other: &Member) -> Ordering {
        let first = |member: &Member| (member.symbol, member.seen_on);
        let rest = |member: &Member| (member.group, member.since, member.until);
        first(self).cmp(&first(other)).then_with(|| rest(self).cmp(&rest(other)))
    }
}

impl PartialOrd for Member {
    fn partial_cmp(&self, other: &Member) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Member {
    /// Whether the security is in the group in a session.
    fn holds_on(&self, session: SessionDate) -> bool {
        self.since.is_none_or(|since| since <= session)
            && self.until.is_none_or(|until| session < until)
    }

    /// Whether the membership was observed only after a session, so that the security may have been
    /// in another group then.
    pub fn is_of_later(&self, session: SessionDate) -> bool {
        self.seen_on > session
    }
}

#[cfg(test)]
mod tests;
