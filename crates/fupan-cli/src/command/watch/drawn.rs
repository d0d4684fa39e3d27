//! The board in the terminal.

use std::sync::mpsc;
use std::time::Duration;

use fupan::fetch::{Machine, Outside as _};
use fupan::{AsOf, MarketColours, Phase, Value, WatchTime, fact_table};
use fupan::{Symbol, TRACKED_INDICES, main_board_phase, moment_in_shanghai, watch_time};
use ratatui::Frame;
use ratatui::crossterm::event::{self, Event as Pressed, KeyCode, KeyModifiers};
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style, Stylize as _};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph, Wrap};

use crate::command::watch::board::{EventKind, Led, WatchBoard};
use crate::command::watch::follow::{Plan, Told};
use crate::{place, terminal};

/// Draws the board until the session is over, or the reader leaves: then there is no answer.
pub fn show(
    told: &mpsc::Receiver<Told>,
    plan: &Plan,
    redrawn: Duration,
) -> anyhow::Result<Option<anyhow::Result<()>>> {
    let mut screen = ratatui::try_init()?;
    let mut board = WatchBoard::new(plan.session, plan.every);
    let ended = loop {
        let now = moment_in_shanghai(Machine.now());
        let second = now.map_or(0, |(_, second)| second);
        let moment = Glance { second, phase: main_board_phase(plan.session, second) };
        if let Err(error) = screen.draw(|frame| draw(frame, &board, moment, plan.colours)) {
            break Err(error.into());
        }
        if let Some(ended) = take(told, &mut board) {
            break Ok(Some(ended));
        }
        match leaves(redrawn) {
            Ok(false) => {}
            Ok(true) => break Ok(None),
            Err(error) => break Err(error.into()),
        }
    };
    ratatui::restore();
    ended
}

/// Takes in what has come; how it ended, if it has.
fn take(told: &mpsc::Receiver<Told>, board: &mut WatchBoard) -> Option<anyhow::Result<()>> {
    for one in told.try_iter() {
        match one {
            Told::Round(round) => board.take(&round),
            Told::Alert(alert) => board.alert(&alert),
            Told::Says(words) => board.says(words.in_language(place::interface())),
            Told::Ended(ended) => return Some(ended),
        }
    }
    None
}

/// Whether the reader leaves, within so long.
fn leaves(within: Duration) -> std::io::Result<bool> {
    if !event::poll(within)? {
        return Ok(false);
    }
    let Pressed::Key(key) = event::read()? else { return Ok(false) };
    let ends = key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c');
    Ok(ends || matches!(key.code, KeyCode::Char('q') | KeyCode::Esc))
}

/// The moment at which the board is looked at, in Shanghai.
#[derive(Clone, Copy, Debug)]
pub struct Glance {
    pub second: u32,
    pub phase: Phase,
}

/// Draws the board.
pub fn draw(frame: &mut Frame<'_>, board: &WatchBoard, now: Glance, colours: MarketColours) {
    let ink = Ink(colours);
    let [head, indices, middle, below, foot] = Layout::vertical([
        Constraint::Length(2),
        Constraint::Length(5),
        Constraint::Length(9),
        Constraint::Min(4),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    frame.render_widget(Paragraph::new(heading(board, now)), head);
    draw_indices(frame, indices, board, ink);
    let [left, right] =
        Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)]).areas(middle);
    let market = framed(terminal::word("Market", "市场"));
    frame.render_widget(Paragraph::new(market_lines(board, ink)).block(market), left);
    draw_groups(frame, right, board, ink);
    let [left, right] =
        Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)]).areas(below);
    let events = framed(terminal::word("Seals at limit-up", "涨停封板与开板"));
    let height = usize::from(left.height.saturating_sub(2));
    frame.render_widget(Paragraph::new(event_lines(board, ink, height)).block(events), left);
    let notes = framed(terminal::word("Alerts and notes", "提醒与说明"));
    let text = Paragraph::new(note_lines(board)).wrap(Wrap { trim: true }).block(notes);
    frame.render_widget(text, right);
    let words = terminal::word(
        "q leaves; what came is kept, and the next `fupan watch` goes on · Not investment advice.",
        "按q退出，已取得的行情不会丢失，再次运行`fupan watch`即可继续 · 不构成投资建议",
    );
    frame.render_widget(Paragraph::new(Line::from(words).dim()), foot);
}

fn framed(title: &'static str) -> Block<'static> {
    let title = Line::from(format!(" {title} ")).bold();
    Block::bordered().border_type(BorderType::Rounded).border_style(Style::new().dim()).title(title)
}

/// What means up and down.
#[derive(Clone, Copy)]
struct Ink(MarketColours);

impl Ink {
    fn of(self, sign: i64) -> Style {
        let [up, down] = match self.0 {
            MarketColours::RedUp => [Color::Red, Color::Green],
            MarketColours::GreenUp => [Color::Green, Color::Red],
            MarketColours::ColourBlind => [Color::Yellow, Color::Blue],
        };
        match sign {
            0 => Style::new(),
            1.. => Style::new().fg(up),
            _ => Style::new().fg(down),
        }
    }
}

fn worded(value: Option<&Value>) -> String {
    value.map_or_else(|| "—".to_owned(), |value| fact_table::worded(value, place::interface()))
}

/// What is followed, how old it is, and how much of it is there.
fn heading(board: &WatchBoard, now: Glance) -> Vec<Line<'static>> {
    let clock = |second| AsOf::Instant(second).to_string();
    let phase = phase(now.phase);
    let first = format!(" 复盘 fupan · {} · {} · {phase}", board.session, clock(now.second));
    let waits = match watch_time(board.session, now.second) {
        WatchTime::WaitsUntil(second) => terminal::say(
            format!(" · asks again at {}", clock(second)),
            format!(" · {}起继续", clock(second)),
        ),
        WatchTime::Asks | WatchTime::Over => String::new(),
    };
    let Some(second) = board.second else {
        let waiting = match board.failed.first() {
            Some(_) => terminal::word(" no answer yet", " 尚未取得行情"),
            None => terminal::word(" waiting for the first answers", " 等待第一批行情"),
        };
        return vec![Line::from(first + &waits).bold(), Line::from(waiting).dim()];
    };
    let age = now.second.saturating_sub(second);
    let source = board.source.unwrap_or_else(|| terminal::word("incomplete", "不完整"));
    let late = age > board.every.saturating_mul(3) && waits.is_empty();
    let of_data = terminal::say(
        format!(
            " figures of {} ({age} s ago) · {source}: {} of {} securities · a round in {} s",
            clock(second),
            board.answered,
            board.listed,
            board.took / 1000,
        ),
        format!(
            " 数据截至{}（{age}秒前） · {source}：{}/{}只证券 · 每轮用时{}秒",
            clock(second),
            board.answered,
            board.listed,
            board.took / 1000,
        ),
    );
    let style = if late { Style::new().fg(Color::Yellow).bold() } else { Style::new().dim() };
    vec![Line::from(first + &waits).bold(), Line::from(Span::styled(of_data, style))]
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Closed => terminal::word("closed", "休市"),
        Phase::OpeningCallAuction => terminal::word("opening call auction", "开盘集合竞价"),
        Phase::OpeningHold => terminal::word("before the open", "待开盘"),
        Phase::MorningContinuous => terminal::word("morning session", "上午连续竞价"),
        Phase::LunchBreak => terminal::word("lunch break", "午间休市"),
        Phase::AfternoonContinuous => terminal::word("afternoon session", "下午连续竞价"),
        Phase::ClosingCallAuction => terminal::word("closing call auction", "收盘集合竞价"),
        Phase::ClosingHold => terminal::word("after the close", "收盘"),
        Phase::AfterHoursFixedPrice => {
            terminal::word("after-hours trading at the closing price", "盘后固定价格交易")
        }
    }
}

fn draw_indices(frame: &mut Frame<'_>, area: Rect, board: &WatchBoard, ink: Ink) {
    let block = framed(terminal::word("Indices", "指数"));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    if board.indices.is_empty() {
        frame.render_widget(Paragraph::new("—"), inner);
        return;
    }
    // What does not fit is left out, in the order of the brief.
    let fit = usize::from(inner.width / 14).max(1).min(board.indices.len());
    let columns = Layout::horizontal(vec![Constraint::Fill(1); fit]).split(inner);
    for (index, area) in board.indices.iter().zip(columns.iter()) {
        let style = match &index.ret {
            Some(Value::Return { ppb }) => ink.of(ppb.0),
            _ => ink.of(0),
        };
        let level = worded(Some(&index.level));
        let lines = vec![
            Line::from(name(index.symbol)),
            Line::from(Span::styled(level, style.add_modifier(Modifier::BOLD))),
            Line::from(Span::styled(worded(index.ret.as_ref()), style)),
        ];
        frame.render_widget(Paragraph::new(lines).alignment(Alignment::Center), *area);
    }
}

/// An index by its name, or its code.
fn name(symbol: Symbol) -> String {
    let tracked = TRACKED_INDICES.iter().find(|index| index.symbol() == symbol);
    tracked.map_or_else(
        || symbol.to_string(),
        |index| index.name().in_language(place::interface()).to_owned(),
    )
}

fn market_lines(board: &WatchBoard, ink: Ink) -> Vec<Line<'static>> {
    let figure = |en, zh, value: Option<&Value>, sign: i64| {
        let label = Span::raw(format!("{} ", terminal::word(en, zh))).dim();
        [label, Span::styled(worded(value), ink.of(sign)), Span::raw("   ")]
    };
    let signed = |value: &Option<Value>| match value {
        Some(Value::Return { ppb }) => ppb.0,
        _ => 0,
    };
    let [up, down, flat] = &board.breadth;
    let [turnover, before, change] = &board.turnover;
    let [limit_up, broken, rate, limit_down] = &board.limits;
    let line = |parts: Vec<[Span<'static>; 3]>| Line::from(parts.concat());
    vec![
        line(vec![
            figure("up", "上涨", up.as_ref(), 1),
            figure("down", "下跌", down.as_ref(), -1),
            figure("flat", "平盘", flat.as_ref(), 0),
        ]),
        line(vec![figure("median", "涨跌幅中位数", board.median.as_ref(), signed(&board.median))]),
        Line::default(),
        line(vec![figure("turnover", "成交额", turnover.as_ref(), 0)]),
        line(vec![
            figure("same moment before", "上一交易日同时刻", before.as_ref(), 0),
            figure("", "", change.as_ref(), 0),
        ]),
        line(vec![
            figure("limit-up", "涨停", limit_up.as_ref(), 1),
            figure("broken", "炸板", broken.as_ref(), 0),
            figure("limit-down", "跌停", limit_down.as_ref(), -1),
        ]),
        line(vec![figure("sealed", "封板率", rate.as_ref(), 0)]),
    ]
}

fn draw_groups(frame: &mut Frame<'_>, area: Rect, board: &WatchBoard, ink: Ink) {
    let block = framed(terminal::word("Groups: mean return of members", "板块：成份股平均涨跌幅"));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let halves =
        Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)]).split(inner);
    for (groups, area) in [&board.led, &board.fell].into_iter().zip(halves.iter()) {
        let line = |group: &Led| {
            let ret = worded(Some(&Value::Return { ppb: group.ret }));
            let name = fupan::shown(&group.name).into_owned();
            Line::from(vec![
                Span::styled(format!("{ret:>8} "), ink.of(group.ret.0)),
                Span::raw(name),
            ])
        };
        let lines: Vec<Line<'_>> = match groups.is_empty() {
            true => vec![Line::from("—")],
            false => groups.iter().map(line).collect(),
        };
        frame.render_widget(Paragraph::new(lines), *area);
    }
}

fn event_lines(board: &WatchBoard, ink: Ink, height: usize) -> Vec<Line<'static>> {
    let line = |event: &crate::command::watch::board::Event| {
        let (words, sign) = match event.kind {
            EventKind::Sealed => (terminal::word("sealed", "封板"), 1),
            EventKind::Opened => (terminal::word("opened", "开板"), -1),
        };
        Line::from(vec![
            Span::raw(format!("{} ", AsOf::Instant(event.second))).dim(),
            Span::styled(format!("{words} "), ink.of(sign)),
            Span::raw(fupan::shown(&event.name).into_owned()),
        ])
    };
    match board.events.is_empty() {
        true => vec![Line::from("—")],
        false => board.events.iter().take(height).map(line).collect(),
    }
}

fn note_lines(board: &WatchBoard) -> Vec<Line<'static>> {
    let shown = |text: &str| fupan::shown(text).into_owned();
    let alert = |(at, title): &(AsOf, String)| {
        Line::from(format!("⚑ {at} {}", shown(title))).fg(Color::Yellow)
    };
    let failed = board.failed.iter().map(|why| Line::from(format!("✗ {}", shown(why))));
    let alerts = board.alerts.iter().take(6).map(alert);
    let says = board.says.iter().take(4).map(|words| Line::from(format!("· {}", shown(words))));
    let notes = board.notes.iter().map(|words| Line::from(format!("· {}", shown(words))).dim());
    let lines: Vec<Line<'static>> = alerts.chain(failed).chain(says).chain(notes).collect();
    if lines.is_empty() { vec![Line::from("—")] } else { lines }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use fupan::{Fen, Return};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;
    use crate::command::watch::board::{Event, IndexSeen};

    fn board() -> WatchBoard {
        let count = |count| Some(Value::Count { count });
        let index = |symbol: &str, units, ppb| IndexSeen {
            symbol: symbol.parse().unwrap(),
            level: Value::Points { units },
            ret: Some(Value::Return { ppb: Return(ppb) }),
        };
        let led = |name: &str, ppb| Led { name: name.to_owned(), ret: Return(ppb) };
        let event = |second, name: &str, kind| Event { second, name: name.to_owned(), kind };
        WatchBoard {
            second: Some(52_323),
            source: Some("tencent"),
            answered: 5_421,
            listed: 5_438,
            took: 2_300,
            indices: vec![
                index("000001.SH", 38_869_100, -3_356_410),
                index("399001.SZ", 131_221_700, 1_692_366),
            ],
            breadth: [count(2_247), count(3_087), count(117)],
            turnover: [
                Some(Value::Money { fen: Fen(133_510_000_000_000) }),
                Some(Value::Money { fen: Fen(120_000_000_000_000) }),
                Some(Value::Return { ppb: Return(112_583_333) }),
            ],
            limits: [count(33), count(12), Some(Value::Share { part: 33, whole: 45 }), count(6)],
            median: Some(Value::Return { ppb: Return(-3_300_000) }),
            led: vec![led("通信设备", 34_500_000), led("半导体", 21_000_000)],
            fell: vec![led("白酒", -18_000_000)],
            events: VecDeque::from([
                event(52_323, "*ST模拟晴具", EventKind::Opened),
                event(52_100, "模拟云码\u{202e}", EventKind::Sealed),
            ]),
            alerts: VecDeque::from([(AsOf::Instant(52_000), "跌停过五十".to_owned())]),
            failed: vec!["sina: no connection".to_owned()],
            ..WatchBoard::new("2026-11-20".parse().unwrap(), 3)
        }
    }

    fn drawn(width: u16, height: u16, second: u32) -> String {
        let mut screen = Terminal::new(TestBackend::new(width, height)).unwrap();
        let moment = Glance { second, phase: Phase::AfternoonContinuous };
        screen.draw(|frame| draw(frame, &board(), moment, MarketColours::RedUp)).unwrap();
        let buffer = screen.backend().buffer().clone();
        let mut text = String::new();
        for y in 0..height {
            let mut skipped = 0;
            for x in 0..width {
                // A wide character covers the next cell.
                if skipped > 0 {
                    skipped -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skipped = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                text.push_str(symbol);
            }
            text.push('\n');
        }
        text
    }

    #[test]
    fn the_board_shows_the_market_and_how_old_it_is() {
        place::speak(fupan::Language::En);
        let text = drawn(120, 30, 52_326);
        for words in [
            "2026-11-20 · 14:32:06",
            "3 s ago",
            "5421 of 5438",
            "3,886.91",
            "-0.34%",
            "2,247",
            "sealed 73.33% (33 of 45)",
            "通信设备",
            "+3.45%",
            "-1.80% 白酒",
            "opened *ST模拟晴具",
            "⚑ 14:26:40 跌停过五十",
            "✗ sina: no connection",
        ] {
            assert!(text.contains(words), "{words}\n{text}");
        }
        assert!(!text.contains('\u{202e}'), "{text}");
    }

    /// Every line of a frame is as wide as the terminal, also where characters are wide.
    #[test]
    fn a_board_fits_terminals_of_any_size() {
        for (width, height) in [(120, 30), (80, 24), (40, 12), (20, 6), (3, 2), (200, 60)] {
            let text = drawn(width, height, 52_400);
            for line in text.lines() {
                let wide = unicode_width::UnicodeWidthStr::width(line);
                assert_eq!(wide, usize::from(width), "{width}×{height}: {line}");
            }
        }
    }
}
