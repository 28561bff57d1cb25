//! What every engine of the store promises, as one suite that each has to pass: `sqlite`, `postgres` and `memory` give the same answers to the same
//! questions. What only one of them promises (files, accidents, backups) is tested beside it. That the suite sees a difference is tested
//! with engines that have one.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

mod bulks;
mod engines;
mod epochs;
mod finds;
mod given;
mod model;
mod planted;
mod records;

use engines::{Engine, Memory, Postgres, Sqlite};

/// Has each rule tried on each engine, as a test of its own.
macro_rules! suite {
    ($($about:ident: $($rule:ident)+;)+) => {
        /// All rules, those that take long at the end.
        const RULES: &[fn(&dyn Engine)] = &[$($($about::$rule),+),+];

        mod on_sqlite {
            use super::*;
            $($(#[test] fn $rule() { $about::$rule(&Sqlite::new()); })+)+
        }

        mod on_postgres {
            use super::*;
            $($(#[test] fn $rule() { $about::$rule(&Postgres::new()); })+)+
        }

        mod in_memory {
            use super::*;
            $($(#[test] fn $rule() { $about::$rule(&Memory::new()); })+)+
        }
    };
}

suite! {
    bulks:
        rows_are_written_changed_and_deleted_by_integer_and_by_text_keys
        a_row_from_memory_is_written_as_its_form_in_the_journal_is
        a_bulk_counts_wholly_or_not_at_all
        how_far_the_tables_are_is_told_to_writers_and_readers
        what_a_row_sweeps_is_gone
        the_trail_holds_each_pair_once_and_ends_where_it_is_asked_to
        rows_are_loaded_by_key_and_missing_ones_left_out
        the_highest_key_of_each_group_is_found
        whoever_reads_as_of_one_moment_sees_that_moment;
    epochs:
        who_was_taken_over_from_appends_nothing
        who_was_taken_over_from_writes_no_rows;
    finds:
        conditions_hold_or_do_not_hold
        pages_have_every_row_once_in_the_order_of_the_list
        text_is_sorted_by_its_bytes_and_none_comes_before_it
        what_follows_from_columns_is_compared_and_sorted_by
        numbers_have_all_their_bits;
    records:
        what_was_appended_is_read_in_order_also_by_who_comes_later
        of_long_records_fewer_are_read_at_once_and_all_in_the_end
        past_the_end_there_is_nothing
        a_place_is_taken_once
        a_record_that_does_not_follow_the_one_before_is_damage
        a_gap_is_damage_at_the_missing_record;
    model:
        whatever_is_asked_is_answered_as_the_model_does;
}
