//! Mistakes in pushes: what is cut off, shown as markup, sent twice or taken for a success.

use super::list::unit;
use super::{Mutant, Test};

const fn push(path: &'static str) -> Test {
    Test { package: "fupan-push", target: "pushes", path }
}

const WHOLE: Test =
    push("briefs::every_brief_arrives_whole_in_order_and_within_the_limit_of_every_channel");
const SHOWN: Test = push("hostile::names_that_look_like_markup_are_shown");
const LAW: Test = unit("fupan-push", "split::tests::parts_hold_all_of_a_text_within_their_budget");
const REFUSED: Test = push("conversations::refusals_are_told_apart");

/// One place each.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "a message of WeCom is a little too long",
        file: "fupan-push/src/channel/wecom.rs",
        from: "const LIMIT: usize = 4_096;",
        to: "const LIMIT: usize = 4_300;",
        test: WHOLE,
    },
    Mutant {
        name: "the signature is not counted in Feishu's limit",
        file: "fupan-push/src/channel/feishu.rs",
        from: "const SIGNATURE: usize = 96;",
        to: "const SIGNATURE: usize = 0;",
        test: WHOLE,
    },
    Mutant {
        name: "Telegram's limit is counted in characters",
        file: "fupan-push/src/channel/telegram.rs",
        from: "text.encode_utf16().count()",
        to: "text.chars().count()",
        test: push(
            "hostile::a_word_longer_than_a_message_is_cut_between_what_a_reader_sees_as_characters",
        ),
    },
    Mutant {
        name: "a line of DingTalk ends with a line feed alone",
        file: "fupan-push/src/channel/dingtalk.rs",
        from: "true => \"  \\n\",",
        to: "true => \"\\n\",",
        test: WHOLE,
    },
    Mutant {
        name: "an ampersand is shown as what it may refer to in Feishu",
        file: "fupan-push/src/channel/feishu.rs",
        from: "'&' | '<' | '>'",
        to: "'<' | '>'",
        test: SHOWN,
    },
    Mutant {
        name: "an ampersand is shown as what it may refer to in WeCom",
        file: "fupan-push/src/dialect.rs",
        from: "'&' => is_entity(rest),",
        to: "'&' => false,",
        test: SHOWN,
    },
    Mutant {
        name: "a heading stays behind at the end of a message",
        file: "fupan-push/src/split.rs",
        from: "if self.size(None, &along) <= self.budget / 2",
        to: "if self.size(None, &along) > self.budget",
        test: LAW,
    },
    Mutant {
        name: "a section begins wherever there is room",
        file: "fupan-push/src/split.rs",
        from: "if packer.used + here > budget && whole <= budget {",
        to: "if packer.used + here > budget && whole > budget {",
        test: LAW,
    },
    Mutant {
        name: "a figure is cut from its unit",
        file: "fupan-push/src/cut.rs",
        from: "joins || signed || inner || sized",
        to: "signed || inner",
        test: unit("fupan-push", "cut::tests::words_keep_signs_units_and_sizes_with_their_figures"),
    },
    Mutant {
        name: "green is up for those who want red up",
        file: "fupan-push/src/dialect.rs",
        from: "MarketColours::RedUp => [red, green],",
        to: "MarketColours::RedUp => [green, red],",
        test: push("briefs::colours_follow_the_habit"),
    },
    Mutant {
        name: "too many messages to Feishu are given up",
        file: "fupan-push/src/judge.rs",
        from: "Some(9499) if often",
        to: "Some(9499) if !often",
        test: REFUSED,
    },
    Mutant {
        name: "Telegram is asked again at once",
        file: "fupan-push/src/judge.rs",
        from: "let wait = wait.unwrap_or(MINUTE).min(WAIT_MAX);",
        to: "let wait = wait.unwrap_or(MINUTE).min(BUSY);",
        test: REFUSED,
    },
    Mutant {
        name: "a part is left out",
        file: "fupan-push/src/push.rs",
        from: "self.accepted = (self.accepted + 1).min",
        to: "self.accepted = (self.accepted + 2).min",
        test: push("conversations::a_part_is_next_once_the_one_before_was_accepted"),
    },
    Mutant {
        name: "an email shows text from data as markup",
        file: "fupan-push/src/email.rs",
        from: "None => (piece.text),",
        to: "None => (maud::PreEscaped(piece.text.clone())),",
        test: push("mails::a_page_shows_what_looks_like_markup"),
    },
    Mutant {
        name: "what hides text is pushed",
        file: "fupan-push/src/alert.rs",
        from: "text: shown(text).into_owned(), tone: None",
        to: "text: text.to_owned(), tone: None",
        test: push("hostile::hidden_characters_are_escaped"),
    },
];
