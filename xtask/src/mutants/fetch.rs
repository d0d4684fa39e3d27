//! Mistakes in sending requests and keeping answers.

use super::list::unit;
use super::{Mutant, Test};

const fn stubbed(path: &'static str) -> Test {
    Test { package: "fupan-fetch", target: "fetch", path }
}

const fn fetch(path: &'static str) -> Test {
    unit("fupan-fetch", path)
}

/// In the order of a request's way; one place each.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "an encoded key is found, and not the same in capitals",
        file: "fupan-fetch/src/secrets.rs",
        from: "here.eq_ignore_ascii_case(word)",
        to: "here == word",
        test: fetch("secrets::tests::a_secret_is_taken_out_in_every_form"),
    },
    Mutant {
        name: "a conversation repeats a key in its reason",
        file: "fupan-fetch/src/fetcher.rs",
        from: "let reason = prepared.secrets.scrub_wording(&reason);\n                let (source",
        to: "let (source",
        test: stubbed("secret::a_short_key_is_in_no_message_and_no_refused_answer"),
    },
    Mutant {
        name: "a redirect to another port is followed",
        file: "fupan-fetch/src/redirect.rs",
        from: "to.origin() != from.origin()",
        to: "to.host() != from.host()",
        test: fetch("redirect::tests::nothing_else_is"),
    },
    Mutant {
        name: "deflated data that is cut short is whole",
        file: "fupan-fetch/src/packing.rs",
        from: "Ok(Status::Ok) if before != (state.total_in(), state.total_out()) => {}",
        to: "Ok(Status::Ok) if before != (state.total_in(), state.total_out()) => {}\n            \
             Ok(_) => return Ok(unpacked),",
        test: fetch("packing::tests::what_is_cut_short_at_any_byte_or_goes_on_is_damaged"),
    },
    Mutant {
        name: "what an answer unpacks to has no bound",
        file: "fupan-fetch/src/packing.rs",
        from: ".take(most.saturating_add(1))",
        to: ".take(u64::MAX)",
        test: fetch("packing::tests::no_more_is_read_than_the_bound_and_one_byte"),
    },
    Mutant {
        name: "the budget lets one more request through",
        file: "fupan-fetch/src/source_state.rs",
        from: "let full = self.sent.len() == count(pace);",
        to: "let full = self.sent.len() > count(pace);",
        test: stubbed(
            "pace::no_minute_has_more_requests_than_the_budget_from_four_threads_and_two_fetchers",
        ),
    },
    Mutant {
        name: "a budget that cannot be read is a new one",
        file: "fupan-fetch/src/states.rs",
        from: ".unwrap_or_else(|| SourceState::unreadable(pace, now))",
        to: ".unwrap_or_default()",
        test: fetch("states::tests::a_state_that_cannot_be_read_is_a_budget_used_up"),
    },
    Mutant {
        name: "being offline is held against a source",
        file: "fupan-fetch/src/fetcher.rs",
        from: "Attempt::Bad(fault, ..) if fault.is_of_source() => Outcome::Failed,",
        to: "Attempt::Bad(fault, ..) if fault.is_of_source() || true => Outcome::Failed,",
        test: stubbed("pace::being_offline_is_held_against_nobody"),
    },
    Mutant {
        name: "what the vendor asks to wait is forgotten when we give up",
        file: "fupan-fetch/src/fetcher.rs",
        from: "self.states.change(source, pace, now, |state| state.hold(asked, now))?;",
        to: "",
        test: stubbed(
            "pace::one_that_asks_to_wait_longer_than_we_do_is_left_alone_by_all_for_so_long",
        ),
    },
    Mutant {
        name: "a dataset is still whole while it changes",
        file: "fupan-fetch/src/evidence/shelf.rs",
        from: "if self.manifest.whole || !self.is_written {",
        to: "if !self.is_written {",
        test: fetch("evidence::tests::whatever_write_fails_nobody_reads_a_mixture"),
    },
    Mutant {
        name: "a damaged answer is taken",
        file: "fupan-fetch/src/evidence/shelf.rs",
        from: "Ok(bytes.filter(|bytes| answer.has(bytes)))",
        to: "Ok(bytes)",
        test: stubbed("kept::what_is_damaged_is_asked_for_again_and_nothing_else"),
    },
    Mutant {
        name: "an answer to another request of that name is taken",
        file: "fupan-fetch/src/evidence/mod.rs",
        from: "answer.request == *told && ",
        to: "",
        test: stubbed("kept::an_answer_to_another_request_of_that_name_is_none"),
    },
    Mutant {
        name: "what a refused answer contradicts is taken the next time",
        file: "fupan-fetch/src/evidence/mod.rs",
        from: "if answered.is_err() && conversation.contradicts() {",
        to: "if answered.is_err() && !conversation.contradicts() {",
        test: stubbed("kept::what_a_refused_answer_contradicts_is_asked_for_again"),
    },
];
