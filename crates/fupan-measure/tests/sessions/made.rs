//! A small market over almost two years, made by dice: listings and delistings, suspensions with
//! rows and without, sessions that an exchange lacks, rows that an import lost, changes of codes.

use std::sync::Arc;

use fupan_market::{
    Calendar, DailyBar, Exchange, Fen, FormerCode, Group, GroupId, GroupKind, Grouped, Groups,
    GroupsPast, IndexBar, IndexHistory, ListedSpan, Listing, LostRows, MarketHistory, Membership,
    NameOn, Price, SecurityHistory, SessionDate, Shares, Symbol, Traded, Turnover, TurnoverBasis,
};

use crate::{date, fen};

/// A sequence of numbers that look like chance and are always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % n
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// The sessions of the market: the BSE opens among them.
pub fn sessions() -> &'static [SessionDate] {
    Calendar::builtin().between(date("2021-01-04"), date("2022-10-31"))
}

/// Places of sessions that an exchange lacks, the second all of them.
const HOLES: [usize; 3] = [250, 290, 330];

/// The place of the session of which an import lost the row of one share, and of that of which it
/// lost two unnamed rows.
pub const LOST: [usize; 2] = [310, 400];

/// The whole market.
pub fn market() -> MarketHistory {
    let mut dice = Dice(20_211_115);
    let securities: Vec<SecurityHistory> =
        symbols().map(|code| security(&mut dice, code)).collect();
    let lost = |place: usize, symbol: Option<&str>, exchange, rows| LostRows {
        session: Some(sessions()[LOST[place]]),
        exchange: Some(exchange),
        symbol: symbol.map(|symbol| symbol.parse().unwrap()),
        rows,
    };
    MarketHistory {
        session: sessions()[sessions().len() - 1],
        from: sessions()[0],
        listed: spans(&mut dice),
        indices: indices(&mut dice),
        groups: Arc::new(Groups::of([industry("1", 0, 30), industry("2", 1, 300)])),
        index_lists: Arc::default(),
        baskets: Vec::new(),
        groups_past: GroupsPast::Unread,
        own_past: None,
        funds: Vec::new(),
        securities,
        lost: vec![lost(0, Some("600003.SH"), Exchange::Sse, 1), lost(1, None, Exchange::Szse, 2)],
    }
}

fn symbols() -> impl Iterator<Item = Symbol> {
    let some = |range: std::ops::Range<u32>, exchange: &'static str| {
        range.map(move |code| format!("{code:06}.{exchange}").parse().unwrap())
    };
    some(1..6, "SZ")
        .chain(some(300_200..300_202, "SZ"))
        .chain(some(302_132..302_133, "SZ"))
        .chain(some(600_000..600_009, "SH"))
        .chain(some(688_001..688_003, "SH"))
        .chain(some(920_001..920_005, "BJ"))
}

fn security(dice: &mut Dice, symbol: Symbol) -> SecurityHistory {
    let until = date("2022-03-01");
    let former = match symbol.to_string().as_str() {
        "302132.SZ" => vec![FormerCode { symbol: "300114.SZ".parse().unwrap(), until }],
        _ => Vec::new(),
    };
    let first = dice.of(&[0, 0, 0, 0, 40, 180, 260]);
    let last = dice.of(&[sessions().len(), sessions().len(), sessions().len(), 320, 350]);
    let listed_on = match dice.below(3) {
        0 => Some(date("2015-01-05")).filter(|_| first == 0),
        1 => Some(sessions()[first]),
        _ => None,
    };
    let delisted_on = (last < sessions().len() && dice.below(2) == 0).then(|| sessions()[last - 1]);
    let names = [20, 200, 330].map(|place| NameOn {
        on: sessions()[place + dice.below(20) as usize],
        name: dice.of(&["甲", "甲", "甲", "*ST甲"]).to_owned(),
    });
    let named = dice.below(4) as usize;
    let shares = [10, 240].map(|place| {
        let float = 1_000 + dice.below(1_000_000);
        Shares { total: 2 * float, float, on: sessions()[place] }
    });
    SecurityHistory {
        bars: bars(dice, symbol, first..last),
        board: symbol.board().unwrap(),
        shares: shares[..dice.below(3) as usize].to_vec(),
        before: None,
        listing: Listing {
            former,
            listed_on,
            delisted_on,
            names: names[..named].to_vec(),
            ..Listing::unknown(symbol)
        },
    }
}

/// Whether the data lack a row.
fn is_lacking(symbol: Symbol, place: usize) -> bool {
    let code = symbol.code() % 10;
    match symbol.exchange() {
        _ if place == HOLES[1] => true,
        Exchange::Szse => place == HOLES[0] || (place == LOST[1] && code < 3),
        Exchange::Sse => (place == HOLES[2] && code > 1) || (place == LOST[0] && code == 3),
        Exchange::Bse => false,
    }
}

fn bars(dice: &mut Dice, symbol: Symbol, places: std::ops::Range<usize>) -> Vec<DailyBar> {
    let mut last = 800 + dice.below(900) as i64;
    let mut bars = Vec::new();
    let (mut idle, mut with_rows) = (0, false);
    for place in places {
        let session = sessions()[place];
        if dice.below(120) == 0 {
            (idle, with_rows) = (1 + dice.below(40), dice.below(2) == 0);
        }
        if idle > 0 {
            idle -= 1;
            if with_rows && !is_lacking(symbol, place) {
                let prev_close = (dice.below(2) == 0).then(|| fen(last));
                bars.push(DailyBar { session, prev_close, traded: None });
            }
            continue;
        }
        let reference = if dice.below(60) == 0 { last * 9 / 10 } else { last };
        let percent = dice.of(&[-10, -6, -3, -2, -1, 0, 1, 2, 3, 6, 10, 10, 10, 20]);
        let percent = if last > 4_000 { -10 } else { percent };
        last = ((reference * (100 + percent) + 50) / 100).max(300);
        if is_lacking(symbol, place) {
            continue;
        }
        let [above, below] = [dice.of(&[0, 0, 4]), dice.of(&[0, 0, 5])];
        let prev_close = (dice.below(6) > 0).then(|| fen(reference));
        let traded = Some(traded(dice, [last, last + above, last - below, last]));
        bars.push(DailyBar { session, prev_close, traded });
    }
    bars
}

fn traded(dice: &mut Dice, [open, high, low, last]: [i64; 4]) -> Traded {
    let volume = 100 * (1 + dice.below(900));
    let basis = match dice.below(40) {
        0 => TurnoverBasis::Estimated,
        _ => TurnoverBasis::Reported,
    };
    let turnover = Turnover { fen: Fen(last * volume as i64), basis };
    let [open, high, low, last] = [open, high, low, last].map(fen);
    Traded { open, high, low, last, volume, turnover }
}

/// Lists of most securities, and of some of which there are no rows.
fn spans(dice: &mut Dice) -> Vec<ListedSpan> {
    let rowless = ["601001.SH", "601002.SH", "601003.SH"].map(|code| code.parse().unwrap());
    let mut spans: Vec<ListedSpan> = symbols()
        .filter(|_| dice.below(3) > 0)
        .map(|symbol| ListedSpan { symbol, from: sessions()[0], to: sessions()[400] })
        .collect();
    let some =
        rowless.map(|symbol| ListedSpan { symbol, from: sessions()[340], to: sessions()[360] });
    spans.extend(some);
    spans.sort_unstable_by_key(|span| span.symbol);
    spans
}

/// Every second security from one on, in a list of a session, and one that joined later.
pub fn industry(code: &str, first: usize, place: usize) -> Grouped {
    let id = GroupId::of_level("sw", 1, Some(code), code).unwrap();
    let member = |symbol: Symbol| Membership {
        symbol,
        seen_on: sessions()[place],
        since: (symbol.code() == 4).then(|| sessions()[350]),
        until: None,
    };
    let members = symbols().skip(first).step_by(2).map(member).collect();
    Grouped { kind: GroupKind::Industry, group: Group { id, name: code.into() }, members }
}

/// Two indices that the brief follows, from a while before the market on, and one that it does
/// not.
fn indices(dice: &mut Dice) -> Vec<IndexHistory> {
    let calendar = Calendar::builtin();
    let first = calendar.number(sessions()[0]).unwrap();
    let last = calendar.number(sessions()[sessions().len() - 1]).unwrap();
    let index = |symbol: &str| {
        let mut bars = Vec::new();
        for number in first - 30..=last {
            let close = Price::from_fen(300_000 + dice.below(30_000) as i64).unwrap();
            let session = calendar.session(number).unwrap();
            let (open, high, low, turnover) = (close, close, close, None);
            // Of both it lacks a session now and then, before the market and in it.
            if dice.below(50) > 0 {
                bars.push(IndexBar { session, open, high, low, close, turnover });
            }
        }
        IndexHistory { symbol: symbol.parse().unwrap(), bars }
    };
    ["000001.SH", "000016.SH", "399001.SZ"].map(index).to_vec()
}
