//! What a withdrawal does not end, because it never rested on consent: in plain words, for the worker to tell the person. The same words in
//! every answer, so that they tell nothing of anybody.

/// What goes on.
pub const GOES_ON: [&str; 5] = [
    "If the law requires you to come to an assessment, the police are still told whether you came and stayed. They are never told what was \
     said.",
    "Where probation manages an order or a licence, its court worker still tells where you go from court: when, and what the court decided.",
    "Before a service takes somebody on or prescribes, it still asks whether another one does. It is not told which one, nor why.",
    "If somebody\u{2019}s life or a child\u{2019}s safety is at risk, the least that is needed is still told to those who must act.",
    "Each service keeps what it wrote itself and what it received before now, and every look at it stays on record. You can ask for that \
     list.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_in_words_that_can_be_read_out() {
        for line in GOES_ON {
            assert!(line.ends_with('.') && !line.contains("  ") && !line.contains('_'), "{line}");
        }
    }
}
