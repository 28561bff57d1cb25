//! Whole-system stories, over real HTTP against the real binary.
