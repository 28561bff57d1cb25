//! What is said of the trials: a line for each as it ends, and a table of all.

use std::time::Duration;

use super::list::Fault;
use super::trial::Verdict;

/// A fault that was tried.
#[derive(Debug)]
pub struct Tried<'f> {
    pub fault: &'f Fault,
    pub verdict: Verdict,
    pub took: Duration,
}

impl Tried<'_> {
    /// Whether the test failed.
    pub fn is_as_it_should(&self) -> bool {
        matches!(self.verdict, Verdict::Fails(_))
    }
}

/// What came of one fault.
pub fn line(tried: &Tried<'_>) -> String {
    let (came_of_it, how) = match &tried.verdict {
        Verdict::Fails(how) => ("fails with the fault put back, as it should", how.as_str()),
        Verdict::Passes => ("PASSES with the fault put back: it does not notice it", ""),
        Verdict::IsNone(why) => ("was NOT TRIED: the fault in the list is none", why.as_str()),
    };
    let seconds = tried.took.as_secs_f64();
    let head = format!("{} ... {came_of_it} ({seconds:.1} s)\n", tried.fault.test());
    let further = [("the wrong", tried.fault.wrong.as_str()), ("it says", how)];
    let further = further.into_iter().filter(|(_, text)| !text.is_empty());
    further.fold(head, |head, (name, text)| format!("{head}    {name}: {text}\n"))
}

/// All of them, one a line.
pub fn table(tried: &[Tried<'_>]) -> String {
    let width = tried.iter().map(|one| one.fault.test().len()).max().unwrap_or(0);
    let line = |one: &Tried<'_>| {
        let mark = match one.verdict {
            Verdict::Fails(_) => "fails",
            Verdict::Passes => "PASSES",
            Verdict::IsNone(_) => "NOT TRIED",
        };
        let (test, seconds) = (one.fault.test(), one.took.as_secs_f64());
        format!("{test:<width$}  {mark:<9} {seconds:>6.1} s  {}\n", one.fault.wrong)
    };
    tried.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::list;

    const LIST: &str = "[[fault]]\ntest = \"w01_a\"\nwrong = \"nobody looked\"\nedit = []\n";

    fn shown(verdict: Verdict) -> (String, String) {
        let faults = list::parse(LIST).unwrap();
        let tried = Tried { fault: &faults[0], verdict, took: Duration::from_millis(3200) };
        (line(&tried), table(&[tried]))
    }

    #[test]
    fn a_fault_that_is_noticed_is_told_with_how() {
        let (line, table) = shown(Verdict::Fails("left: 3".into()));

        let head = "w01_a ... fails with the fault put back, as it should (3.2 s)";
        assert_eq!(line, format!("{head}\n    the wrong: nobody looked\n    it says: left: 3\n"));
        assert_eq!(table, "w01_a  fails        3.2 s  nobody looked\n");
    }

    #[test]
    fn a_fault_that_is_not_noticed_stands_out() {
        let (line, table) = shown(Verdict::Passes);

        assert!(line.contains("PASSES") && table.contains("PASSES"), "{line}{table}");
    }
}
